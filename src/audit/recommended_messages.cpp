// Recommended alarms: Queues, streams, events, bills. Facts from AWS's own recommendations and from practice (NOTICE
// names the sources); the words are ours.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
#include "audit/recommended_rows.h"

namespace convops::recommended {

namespace {

using enum Comparison;
using enum ThresholdRule;
using enum Urgency;
using enum Applies;

constexpr std::array rows_0 {
    RecommendedRow { "ApproximateAgeOfOldestMessage", "Maximum", at_least, { history_high, 1.5 }, { 60, 15, 15 },
        "missing", page, not_dead_letter_queue, "messages wait too long" },
    RecommendedRow { "ApproximateNumberOfMessagesNotVisible", "Average", at_least, { history_high, 1.5 },
        { 60, 15, 15 }, "missing", note, not_dead_letter_queue, "readers take messages and do not finish them" },
    RecommendedRow { "ApproximateNumberOfMessagesVisible", "Average", at_least, { history_high, 1.5 }, { 60, 15, 15 },
        "missing", warn, not_dead_letter_queue, "messages pile up" },
    RecommendedRow { "NumberOfMessagesSent", "Sum", at_most, { fixed, 0 }, { 60, 15, 15 }, "breaching", note, seldom,
        "nothing is sent any more" },
    RecommendedRow { "ApproximateNumberOfMessagesVisible", "Maximum", above, { fixed, 0 }, { 300, 1, 1 },
        "notBreaching", page, dead_letter_queue, "messages failed and nobody sees them" },
};

constexpr std::array rows_1 {
    RecommendedRow { "NumberOfMessagesPublished", "Sum", below, { history_low, 1 }, { 60, 5, 5 }, "breaching", note,
        steady_traffic, "nothing is published any more" },
    RecommendedRow { "NumberOfNotificationsDelivered", "Sum", below, { history_low, 1 }, { 60, 5, 5 }, "breaching",
        note, steady_traffic, "nothing is delivered any more" },
    RecommendedRow { "NumberOfNotificationsFailed", "Sum", above, { fixed, 0 }, { 60, 5, 5 }, "notBreaching", warn,
        not_alarm_topic, "messages of the topic do not arrive" },
    RecommendedRow { "NumberOfNotificationsFilteredOut-InvalidAttributes", "Sum", above, { fixed, 0 }, { 60, 5, 5 },
        "notBreaching", note, seldom, "malformed attributes keep messages from subscribers" },
    RecommendedRow { "NumberOfNotificationsFilteredOut-InvalidMessageBody", "Sum", above, { fixed, 0 }, { 60, 5, 5 },
        "notBreaching", note, seldom, "bodies that no filter can read keep messages from subscribers" },
    RecommendedRow { "NumberOfNotificationsRedrivenToDlq", "Sum", above, { fixed, 0 }, { 60, 5, 5 }, "notBreaching",
        note, seldom, "messages end in a dead-letter queue" },
    RecommendedRow { "NumberOfNotificationsFailedToRedriveToDlq", "Sum", above, { fixed, 0 }, { 60, 5, 5 },
        "notBreaching", note, seldom, "messages are lost on the way to the dead-letter queue" },
    RecommendedRow { "SMSMonthToDateSpentUSD", "Maximum", above, { owner, 0 }, { 60, 5, 5 }, "missing", note, seldom,
        "text messages are about to use up their budget" },
    RecommendedRow { "SMSSuccessRate", "Average", below, { owner, 0 }, { 60, 5, 5 }, "notBreaching", note, seldom,
        "text messages do not arrive" },
    RecommendedRow { "NumberOfNotificationsFailed", "Sum", above, { fixed, 0 }, { 60, 1, 1 }, "notBreaching", page,
        alarm_topic, "alarms themselves do not arrive" },
};

constexpr std::array rows_2 {
    RecommendedRow { "GetRecords.IteratorAgeMilliseconds", "Maximum", above, { stream_retention, 0.5 },
        { 60, 15, 15 }, "breaching", page, always, "readers fall behind and will lose records" },
    RecommendedRow { "GetRecords.Success", "Average", below, { owner, 0 }, { 60, 5, 5 }, "missing", warn, always,
        "reading the stream fails" },
    RecommendedRow { "PutRecord.Success", "Average", below, { owner, 0 }, { 60, 5, 5 }, "missing", warn, always,
        "writing to the stream fails" },
    RecommendedRow { "PutRecords.FailedRecords", "Sum", above, { owner, 0 }, { 60, 5, 5 }, "notBreaching", warn,
        always, "records within batches are refused" },
    RecommendedRow { "ReadProvisionedThroughputExceeded", "Average", above, { history_high, 1.5 }, { 60, 5, 5 },
        "notBreaching", warn, always, "readers are throttled" },
    RecommendedRow { "WriteProvisionedThroughputExceeded", "Average", above, { history_high, 1.5 }, { 60, 5, 5 },
        "notBreaching", page, always, "writers are throttled" },
};

constexpr std::array rows_3 {
    RecommendedRow { "SubscribeToShardEvent.MillisBehindLatest", "Average", above, { owner, 0 }, { 60, 5, 5 },
        "missing", warn, seldom, "a consumer with its own pipe falls behind" },
};

constexpr std::array rows_4 {
    RecommendedRow { "DeliveryToS3.DataFreshness", "Maximum", above, { fixed, 900 }, { 300, 3, 3 }, "missing", page,
        always, "records are delivered late" },
};

constexpr std::array rows_5 {
    RecommendedRow { "OfflinePartitionsCount", "Maximum", above, { fixed, 0 }, { 60, 3, 3 }, "missing", page, always,
        "partitions have no leader" },
};

constexpr std::array rows_6 {
    RecommendedRow { "ExecutionsFailed", "Sum", above, { fixed, 0 }, { 300, 1, 1 }, "notBreaching", page, always,
        "workflows fail" },
    RecommendedRow { "ExecutionsTimedOut", "Sum", above, { fixed, 0 }, { 300, 1, 1 }, "notBreaching", warn, always,
        "workflows run out of time" },
};

constexpr std::array rows_7 {
    RecommendedRow { "FailedInvocations", "Sum", above, { fixed, 0 }, { 300, 1, 1 }, "notBreaching", page, always,
        "events do not reach their target" },
};

constexpr std::array rows_8 {
    RecommendedRow { "TargetErrorThrottledCount", "Sum", above, { fixed, 0 }, { 60, 15, 15 }, "notBreaching", note,
        seldom, "targets of schedules refuse for load" },
    RecommendedRow { "InvocationThrottleCount", "Sum", above, { fixed, 0 }, { 60, 15, 15 }, "notBreaching", note,
        seldom, "schedules run late for want of quota" },
    RecommendedRow { "InvocationDroppedCount", "Sum", above, { fixed, 0 }, { 60, 1, 1 }, "notBreaching", note, seldom,
        "a schedule gave up" },
    RecommendedRow { "InvocationsFailedToBeSentToDeadLetterCount", "Sum", above, { fixed, 0 }, { 60, 15, 15 },
        "notBreaching", note, seldom, "failed schedules are lost" },
};

constexpr std::array rows_9 {
    RecommendedRow { "DeliveryErrors", "Sum", above, { fixed, 0 }, { 300, 3, 3 }, "notBreaching", warn, seldom,
        "log lines do not reach their subscriber" },
};

constexpr std::array rows_10 {
    RecommendedRow { "IncomingLogEvents", "Sum", at_most, { fixed, 0 }, { 300, 3, 3 }, "breaching", note, seldom,
        "the application has gone silent" },
};

constexpr std::array rows_11 {
    RecommendedRow { "EstimatedCharges", "Maximum", above, { owner, 0 }, { 21600, 1, 1 }, "missing", note, seldom,
        "the month costs more than planned" },
};

constexpr std::array groups {
    RecommendedGroup { "AWS/SQS", { "QueueName" }, rows_0 },
    RecommendedGroup { "AWS/SNS", { "TopicName" }, rows_1 },
    RecommendedGroup { "AWS/Kinesis", { "StreamName" }, rows_2 },
    RecommendedGroup { "AWS/Kinesis", { "StreamName", "ConsumerName" }, rows_3 },
    RecommendedGroup { "AWS/Firehose", { "DeliveryStreamName" }, rows_4 },
    RecommendedGroup { "AWS/Kafka", { "Cluster Name" }, rows_5 },
    RecommendedGroup { "AWS/States", { "StateMachineArn" }, rows_6 },
    RecommendedGroup { "AWS/Events", { "RuleName" }, rows_7 },
    RecommendedGroup { "AWS/Scheduler", {}, rows_8 },
    RecommendedGroup { "AWS/Logs", { "LogGroupName", "DestinationType", "FilterName" }, rows_9 },
    RecommendedGroup { "AWS/Logs", { "LogGroupName" }, rows_10 },
    RecommendedGroup { "AWS/Billing", { "Currency" }, rows_11 },
};

} // namespace

std::span<RecommendedGroup const> messages() {
    return groups;
}

} // namespace convops::recommended
