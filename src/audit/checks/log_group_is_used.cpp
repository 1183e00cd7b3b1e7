// 70: empty groups of things that are gone hide those that matter.
#include "audit/alarm_nature.h"
#include "audit/log_groups.h"
#include "audit/metric_sums.h"
#include "audit/topic_words.h"

#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "log_groups", .whole = false },
    AuditNeed { .reading = "log_incoming_bytes", .whole = false } };

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const fed = metric_sums(estate, "log_incoming_bytes", region);
    for (auto const& group : log_groups_in(estate, region)) {
        auto const found = fed.find(group.index);
        bool const takes_in = found != fed.end() && found->second.sum > 0;
        bool const is_old = group.created_at && estate.now() - *group.created_at > summed_days;
        if (group.stored_bytes > 0 || takes_in || !is_old) {
            all.push_back(weighed(passes(region, group.name), group.name));
            continue;
        }
        all.push_back(weighed(fails(region, group.name, "It is empty and took in nothing in the last 30 days.",
                                  { field_of("logs:DescribeLogGroups", *group.item, "storedBytes") }),
            group.name));
    }
    return all;
}

} // namespace

Registered make_log_group_is_used() {
    return { .name = "log_group_is_used",
        .number = 70,
        .category = AuditCategory::logs,
        .severity = AuditSeverity::low,
        .title = "No log group has been empty for a month",
        .matters = "A list full of empty groups is a list in which nobody finds anything.",
        .needs = needs,
        .judge = judge };
}

} // namespace convops::audit_checks
