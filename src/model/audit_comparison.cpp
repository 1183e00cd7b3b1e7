#include "model/audit.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace convops {

namespace {

using FindingKey = std::tuple<std::string, std::string, std::string>; // check, Region, resource

FindingKey key_of(AuditFinding const& finding) {
    return { finding.check, finding.judgement.region, finding.judgement.resource };
}

std::set<FindingKey> keys_of(AuditReport const& report, AuditResult result) {
    std::set<FindingKey> keys;
    for (auto const& finding : report.findings)
        if (finding.judgement.result == result)
            keys.insert(key_of(finding));
    return keys;
}

// Could this finding have been made in that report? Not when the check was blind there: for the thing itself, for its
// Region, or as a whole.
bool blind_to(std::set<FindingKey> const& unknown, AuditFinding const& finding) {
    auto const& [check, region, resource] = key_of(finding);
    return unknown.contains({ check, region, resource }) || unknown.contains({ check, region, "" })
        || unknown.contains({ check, "", "" });
}

bool covers_region(AuditReport const& report, std::string const& region) {
    return region.empty() || std::find(report.regions.begin(), report.regions.end(), region) != report.regions.end();
}

Json brief(AuditFinding const& finding) {
    return { { "check", finding.check }, { "number", finding.number }, { "severity", to_string(finding.severity) },
        { "region", finding.judgement.region }, { "resource", finding.judgement.resource },
        { "why", finding.judgement.why } };
}

} // namespace

bool looked_at(AuditReport const& report, std::string_view check) {
    return report.only.empty() || std::find(report.only.begin(), report.only.end(), check) != report.only.end();
}

Result<AuditComparison> compare(AuditReport const& earlier, AuditReport const& now) {
    if (!earlier.account.empty() && !now.account.empty() && earlier.account != now.account)
        return Error { ErrorKind::invalid_input,
            "the earlier audit is of account " + earlier.account + ", this one of " + now.account };
    AuditComparison comparison { earlier.at, earlier.grade, earlier.score };
    comparison.same_checks = std::set<std::string>(earlier.only.begin(), earlier.only.end())
        == std::set<std::string>(now.only.begin(), now.only.end());
    auto const failed_then = keys_of(earlier, AuditResult::fail);
    auto const failed_now = keys_of(now, AuditResult::fail);
    auto const unknown_then = keys_of(earlier, AuditResult::unknown);
    auto const unknown_now = keys_of(now, AuditResult::unknown);
    for (auto const& finding : now.findings) {
        if (finding.judgement.result != AuditResult::fail)
            continue;
        if (failed_then.contains(key_of(finding)))
            ++comparison.still;
        else if (covers_region(earlier, finding.judgement.region) && looked_at(earlier, finding.check)
            && !blind_to(unknown_then, finding))
            comparison.appeared.push_back(finding);
    }
    for (auto const& finding : earlier.findings) {
        if (finding.judgement.result != AuditResult::fail || failed_now.contains(key_of(finding)))
            continue;
        if (!covers_region(now, finding.judgement.region) || !looked_at(now, finding.check)
            || blind_to(unknown_now, finding))
            ++comparison.not_looked_at;
        else
            comparison.mended.push_back(finding);
    }
    return comparison;
}

Json to_json(AuditComparison const& comparison) {
    JsonArray appeared, mended;
    for (auto const& finding : comparison.appeared)
        appeared.push_back(brief(finding));
    for (auto const& finding : comparison.mended)
        mended.push_back(brief(finding));
    return { { "earlier_at", format_time(comparison.earlier_at) },
        { "earlier_grade", std::string(1, comparison.earlier_grade) }, { "earlier_score", comparison.earlier_score },
        { "appeared", std::move(appeared) }, { "mended", std::move(mended) }, { "still", comparison.still },
        { "not_looked_at", comparison.not_looked_at }, { "same_checks", comparison.same_checks } };
}

} // namespace convops
