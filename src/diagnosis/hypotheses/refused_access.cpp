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

// The record of changes may be whole and not have it: the organisation's policies are changed in another account, and
// records come minutes late.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
bool is_refused_by_role(std::string_view text) { // in lower case
    return text.find("identity-based policy allows") != std::string_view::npos;
}

bool has_permission_change(Context const& context) {
    return std::any_of(context.changes.begin(), context.changes.end(), [&](ChangeReading const& change) {
        return change.kind == ChangeKind::permission && !change.failed && change.at <= context.now;
    });
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    // Where the record of changes was read, the change itself speaks (hypotheses/change.cpp).
    bool const trail = context.evidence.read("cloudtrail_changes");
    if (trail && has_permission_change(context))
        return found;
    for (auto const* log : fresh_logs(context, LogTopic::denied)) {
        // Refused since it runs is a permission that never was; refused from a moment on is one that was taken.
        auto const said = to_lower(log->log->pattern + " " + log->log->example);
        if (log->log->usual_count >= 0.5 || !is_refused_by_policy(said) || (trail && !is_refused_by_role(said)))
            continue;
        found.push_back(
            candidate_from_log(context, CauseKind::permission_change, *log, 2.4, "is refused by a policy"));
        break;
    }
    return found;
}

} // namespace

Hypothesis make_refused_access() {
    return { "refused_access", propose };
}

} // namespace convops
