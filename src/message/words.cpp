#include "message/words.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr Catalogue english {
    .title = "{0} · {1}: {2}",
    .title_resolved = "{0} · {1}: resolved",
    .title_flapping = "{0} · {1}: {2} time, batched",
    .composite_subject = "composite alarm",
    .metric_of = "{0} of {1}",
    .cause_headline = "{0} cause ({1} %): {2}",
    .two_causes_headline = "Two likely causes. {0} And: {1}",
    .unknown_with_lead = "Not known; best lead: {0}",
    .unknown_without_lead = "Not known: nothing that we could read explains it.",
    .healthy = "Healthy in everything that we read. {0}",
    .self_healed = "It healed itself. {0}",
    .aws_side = "AWS's side. {0}",
    .partly_blind = "{0} could not be read, see below.",
    .likely = "Likely",
    .possible = "Possible",

    .fired_on_value = "Alarm {0} fired at {1}: {2} was {3}, {4} {5}.",
    .fired = "Alarm {0} fired at {1}.",
    .fired_on_rule = "Composite alarm {0} fired at {1}: {2}",
    .datapoints = "It needs {0} of {1} datapoints of {2}.",
    .also_firing = "Same incident: {0}.",
    .still_breaching = "Still happening: {0} is {1}, {2} {3}, since {4} ({5}).",
    .back_within = "Not happening now: {0} is {1}, no longer {2} {3} since {4}.",
    .metric_unread = "Still happening? Could not look: {0}.",
    .metric_not_yet_read = "Still happening? The metric has not been read yet.",
    .no_threshold = "{0} was {1} at {2}.",
    .change = "Changed: {0}",
    .changes_before = "Changed {1} before: {0}",
    .no_change_so_far = "No change by a person or a pipeline seen so far.",
    .changes_unread = "What changed? Could not look: {0}.",
    .aws_event_open = "AWS's side: {0}",
    .aws_event_none = "AWS's side? AWS Health shows no open event here.",
    .aws_unread = "AWS's side? Could not look: {0}.",

    .onset = "Onset: {0}",
    .moved = "{0}: {1} before, {2} since",
    .alarm_fired = "Alarm {0} fired.",
    .cause_line = "{0} ({1} %): {2}",
    .against = " Against it: {0}.",
    .ruled_out = "{0}: {1}",
    .gap = "{0}: {1}.",
    .gap_with_action = "{0}: {1}. Allow {2} to see it.",
    .gap_would_have_told = " It tells {0}.",
    .and_more = "and {0} more",
    .price = "{0} · {1} tokens · ${2} · {3} s",
    .one_call = "1 AWS call",

    .resolved_after = "Resolved at {0} after {1}.",
    .resolved_at_unknown = "Resolved.",
    .fired_times = "It fired {0} times.",
    .flapping = "It keeps changing state: {0} time in {1}. Batched; the next messages are held and summed up.",

    .what_happened = "What happened",
    .causes = "Cause",
    .other_causes = "Less likely",
    .ruled_out_heading = "Ruled out",
    .not_seen = "Could not see",
    .suggested = "Suggested",
    .evidence = "Evidence",
    .open_incident = "Open incident",
    .resolved_mark = "Resolved",

    .usual = "usual (same hours on earlier days)",
    .threshold = "threshold",
    .no_datapoints = "no datapoints",
    .onset_mark = "onset",
    .now = "now",
    .alt_text = "Chart of {0}: last value {1}, between {2} and {3} since {4}.",
};

} // namespace

Catalogue const& words(std::string_view /*language*/) {
    return english;
}

std::string say(std::string_view words, std::initializer_list<std::string_view> arguments) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        bool const slot = words[i] == '{' && i + 2 < words.size() && words[i + 2] == '}' && words[i + 1] >= '0'
            && words[i + 1] <= '9';
        if (!slot) {
            out += words[i];
            continue;
        }
        auto const index = static_cast<std::size_t>(words[i + 1] - '0');
        if (index < arguments.size())
            out += arguments.begin()[index];
        i += 2;
    }
    return out;
}

std::string_view comparison_words(std::string_view comparison) {
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html ComparisonOperator
    if (comparison == "GreaterThanOrEqualToThreshold")
        return "at or above";
    if (comparison == "LessThanOrEqualToThreshold")
        return "at or below";
    if (comparison == "LessThanThreshold" || comparison == "LessThanLowerThreshold")
        return "below";
    if (comparison == "LessThanLowerOrGreaterThanUpperThreshold")
        return "outside";
    return "above";
}

std::string_view kind_words(CauseKind kind) {
    constexpr std::array<std::string_view, 26> names { "Deploy", "Configuration change", "Scaling change",
        "Permission change", "Traffic surge", "Traffic drop", "Query load", "Processor full", "Memory exhausted",
        "Storage full", "Storage speed limit", "Connections exhausted", "Replication lag", "Failover", "Throttling",
        "Quota", "Time-outs", "Dependency", "Host failure", "Network", "Certificate", "Backlog", "Security event",
        "AWS service event", "Scheduled job", "Unknown" };
    return names[static_cast<std::size_t>(kind)];
}

std::string source_words(std::string_view source) {
    auto text = replace_all(std::string(source), "_", " ");
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    for (auto const& [from, to] :
        { std::pair { "Aws ", "AWS " }, { "Ecs ", "ECS " }, { "Eks ", "EKS " }, { "Ec2 ", "EC2 " },
            { "Ebs ", "EBS " }, { "Rds ", "RDS " }, { "Elb ", "ELB " }, { "Sqs ", "SQS " }, { "Sns ", "SNS " },
            { "Dynamodb ", "DynamoDB " }, { "Cloudtrail ", "CloudTrail " }, { "Guardduty ", "GuardDuty " },
            { "Api ", "API " }, { "Nat ", "NAT " }, { "Acm ", "ACM " }, { "Waf ", "WAF " }, { "Github ", "GitHub " },
            { "Xray ", "X-Ray " }, { "Elasticache ", "ElastiCache " } })
        if (text.starts_with(from))
            text = to + text.substr(std::string_view(from).size());
    return text;
}

std::string ordinal(int number) {
    int const last_two = number % 100;
    char const* end = "th";
    if (last_two < 11 || last_two > 13) {
        if (number % 10 == 1)
            end = "st";
        else if (number % 10 == 2)
            end = "nd";
        else if (number % 10 == 3)
            end = "rd";
    }
    return std::to_string(number) + end;
}

} // namespace convops
