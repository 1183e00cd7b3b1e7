// 56: without delivery status logging nobody can say why a notification failed. SNS has it for programs, not for
// mail. https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/topic_words.h"

#include <array>
#include <set>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "sns_topics", .whole = false },
    AuditNeed { .reading = "sns_topic_attributes", .whole = false },
    AuditNeed { .reading = "sns_subscriptions", .whole = false } };

struct Kind {
    std::string_view protocol, prefix;
};
constexpr std::array kinds { Kind { "http", "HTTP" }, Kind { "https", "HTTP" }, Kind { "lambda", "Lambda" },
    Kind { "sqs", "SQS" }, Kind { "firehose", "Firehose" }, Kind { "application", "Application" } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    for (auto const* topic : topics_of_alarms(estate.in(region))) {
        if (topic->attributes == nullptr)
            continue; // its call failed, and the runner says so
        std::set<std::string> wanted;
        for (auto const* listener : confirmed(*topic))
            for (auto const& kind : kinds)
                if (listener->protocol == kind.protocol)
                    wanted.insert(std::string(kind.prefix) + "FailureFeedbackRoleArn");
        if (wanted.empty())
            continue;
        std::string missing;
        for (auto const& attribute : wanted)
            if (text_at(*topic->attributes, "Attributes." + attribute).empty())
                missing = attribute;
        if (missing.empty()) {
            all.push_back(weighed(passes(region, topic->arn), topic->arn));
            continue;
        }
        AuditFix fix;
        fix.cli = cli_command("sns", "set-topic-attributes",
            { { "topic-arn", topic->arn }, { "attribute-name", missing },
                { "attribute-value", delivery_log_role.text } },
            region);
        all.push_back(weighed(
            fails(region, topic->arn, "When one of its deliveries fails, no log says why.",
                { field_of("sns:GetTopicAttributes", *topic->attributes, "Attributes." + missing) }, std::move(fix)),
            topic->arn));
    }
    return all;
}

} // namespace

Registered make_topic_logs_failed_deliveries() {
    return { .name = "topic_logs_failed_deliveries",
        .number = 56,
        .category = AuditCategory::delivery,
        .severity = AuditSeverity::low,
        .title = "Every alarm topic that tells programs logs failed deliveries",
        .matters = "When an alarm did not arrive, the log is the only place that says why.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
