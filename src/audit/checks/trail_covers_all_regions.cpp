// 75: a trail of all Regions that records.
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudtrail_trails" },
    AuditNeed { .reading = "cloudtrail_trail_status", .whole = false } };

AuditFix all_regions(Json const& trail) {
    AuditFix fix;
    fix.cli = cli_command("cloudtrail", "update-trail",
        { { "name", text_at(trail, "TrailARN") }, { "is-multi-region-trail", true } }, text_at(trail, "HomeRegion"));
    return fix;
}

AuditFix start(Json const& trail) {
    AuditFix fix;
    fix.cli = cli_command(
        "cloudtrail", "start-logging", { { "name", text_at(trail, "TrailARN") } }, text_at(trail, "HomeRegion"));
    return fix;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const&) {
    Json const* single = nullptr;
    Json const* stopped = nullptr;
    AuditListing const* unread = nullptr;
    for (auto const& region : estate.account->regions) {
        auto const& trails = estate.items("cloudtrail_trails", region);
        for (std::size_t i = 0; i < trails.size(); ++i) {
            if (!flag_at(trails[i], "IsMultiRegionTrail")) {
                single = &trails[i];
                continue;
            }
            auto const states = estate.account->items_of("cloudtrail_trail_status", region, i);
            if (states.empty())
                unread = &estate.account->listing("cloudtrail_trail_status", region);
            else if (flag_at(*states.front(), "IsLogging"))
                return { passes("", text_at(trails[i], "TrailARN")) };
            else
                stopped = &trails[i];
        }
    }
    if (unread != nullptr)
        return { not_known("", "", "There is a trail of all Regions; whether it records could not be read.",
            unread->refused_action()) };
    auto const* const why = stopped != nullptr ? "The trail of all Regions does not record."
        : single != nullptr                    ? "There is a trail, but of one Region only."
                                               : "There is no trail.";
    if (stopped != nullptr)
        return { fails("", text_at(*stopped, "TrailARN"), why,
            { { "cloudtrail:GetTrailStatus", "IsLogging", Json(false) } }, start(*stopped)) };
    return { fails("", single == nullptr ? "" : text_at(*single, "TrailARN"), why,
        { { "cloudtrail:DescribeTrails", "IsMultiRegionTrail", single == nullptr ? Json(nullptr) : Json(false) } },
        single == nullptr ? AuditFix {} : all_regions(*single)) };
}

} // namespace

Registered make_trail_covers_all_regions() {
    return { .name = "trail_covers_all_regions",
        .number = 75,
        .category = AuditCategory::depth,
        .severity = AuditSeverity::high,
        .title = "A trail of all Regions records",
        .matters = "Without a trail nobody can say afterwards who changed what, in which Region.",
        .needs = needs,
        .per_region = false,
        .judge = judge };
}

} // namespace convops::audit_checks
