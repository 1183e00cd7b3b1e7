// 58: an alarm over plain HTTP can be read and forged on its way.
#include "audit/alarm_nature.h"
#include "audit/fixes.h"
#include "audit/topic_words.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false },
    AuditNeed { .reading = "sns_topics", .whole = false },
    AuditNeed { .reading = "sns_subscriptions", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    for (auto const* topic : topics_of_alarms(estate.in(region)))
        for (auto const* listener : confirmed(*topic)) {
            if (!listener->protocol.starts_with("http"))
                continue;
            if (listener->protocol == "https") {
                all.push_back(weighed(passes(region, listener->arn), topic->arn));
                continue;
            }
            AuditFix fix;
            fix.cli = "# Then remove the old subscription by hand.\n"
                + cli_command("sns", "subscribe", { { "topic-arn", topic->arn }, { "protocol", "https" } }, region)
                + " --notification-endpoint \"$HTTPS_ENDPOINT\"";
            all.push_back(
                weighed(fails(region, listener->arn, "Alarms go to " + shown_endpoint(*listener) + " unencrypted.",
                            { { "sns:ListSubscriptions", "Protocol", Json(listener->protocol) } }, std::move(fix)),
                    topic->arn));
        }
    return all;
}

} // namespace

Registered make_topic_uses_https() {
    return { .name = "topic_uses_https",
        .number = 58,
        .category = AuditCategory::delivery,
        .severity = AuditSeverity::medium,
        .title = "No alarm goes out over plain HTTP",
        .matters
        = "Alarms name systems and their weaknesses; over plain HTTP everybody on the way can read and change them.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
