// A permission was taken away, and the change itself was not seen: AWS's own words in a log say which policy refuses.
#include "base/text.h"
#include "diagnosis/weighing.h"

namespace convops {

namespace {

// "...is not authorized to perform: s3:GetObject on resource: ... with an explicit deny in a resource-based policy":
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
bool is_refused_by_policy(std::string_view text) { // in lower case
    auto const has = [&](std::string_view words) { return text.find(words) != std::string_view::npos; };
    return has("is not authorized to perform")
        && (has("explicit deny") || has("policy allows the") || has("with an explicit"));
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    // Where the record of changes was read, the change itself speaks (hypotheses/change.cpp).
    if (context.evidence.read("cloudtrail_changes"))
        return found;
    for (auto const* log : fresh_logs(context, LogTopic::denied)) {
        // Refused since it runs is a permission that never was; refused from a moment on is one that was taken.
        if (log->log->usual_count >= 0.5
            || !is_refused_by_policy(to_lower(log->log->pattern + " " + log->log->example)))
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::permission_change;
        candidate.resource = log->log->resource;
        candidate.prior = -2.2;
        candidate.weigh(2.4, log->fact);
        candidate.weigh(fault_place_weight(log->position));
        candidate.weigh(timing_weight(context, log->log->first_seen, context.onset_width));
        candidate.began_at = log->log->first_seen;
        candidate.corroborated = true;
        candidate.statement = log->log->resource.display() + " is refused by a policy since "
            + format_clock(log->log->first_seen) + ": " + tell(*log) + ".";
        found.push_back(std::move(candidate));
        break;
    }
    return found;
}

} // namespace

Hypothesis make_refused_access() {
    return { "refused_access", propose };
}

} // namespace convops
