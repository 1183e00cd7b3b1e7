#include "verification/checks.h"

namespace convops {

std::vector<Finding> verify(Alarm const& alarm, Evidence const& evidence, Time now) {
    std::vector<Finding> findings;
    for (auto const& check : checks::all()) {
        auto finding = check.judge(alarm, evidence, now);
        finding.check = check.name;
        finding.effect = check.effect;
        findings.push_back(std::move(finding));
    }
    return findings;
}

} // namespace convops
