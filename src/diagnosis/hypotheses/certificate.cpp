// A certificate expired, or is not accepted.
#include "base/text.h"
#include "diagnosis/weighing.h"

namespace convops {

namespace {

constexpr Days soon { 45 }; // before the end, when an alarm on the certificate itself is about this

// What ACM says. An expired certificate counts where it is used; one that ends soon only where the alarm asks about
// it.
void look_at_certificates(Context const& context, std::vector<Candidate>& found) {
    for (auto const& [fact, certificate] : context.evidence.all<CertificateFact>()) {
        auto const position = context.topology.position(certificate->certificate);
        bool const expired = certificate->status == "EXPIRED"
            || (certificate->expires_at && *certificate->expires_at <= context.now);
        bool const asked = position.relation == Relation::same && certificate->expires_at
            && *certificate->expires_at <= context.now + soon;
        bool const used_here = position.relation == Relation::same || position.relation == Relation::callee;
        if (!(expired && used_here) && !asked)
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::certificate;
        candidate.resource = certificate->certificate;
        candidate.prior = -1.6;
        candidate.weigh(expired ? 2.6 : 2.2, fact);
        candidate.weigh(fault_place_weight(position));
        if (expired && certificate->expires_at) {
            candidate.weigh(timing_weight(context, *certificate->expires_at, context.onset_width));
            candidate.began_at = certificate->expires_at;
        }
        candidate.corroborated = true;
        for (auto const& reading : context.metrics)
            if (reading.signal == Signal::tls_failures && reading.rose())
                candidate.weigh(0.8, reading.fact);
        candidate.statement = "The certificate for " + certificate->domain
            + (expired ? std::string(" has expired") : std::string(" is about to expire"))
            + (certificate->expires_at ? " (" + format_time(*certificate->expires_at) + ")" : "")
            + (certificate->used_by.empty() ? "" : "; " + certificate->used_by.front().display() + " uses it") + ".";
        found.push_back(std::move(candidate));
    }
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    for (auto const* log : fresh_logs(context, LogTopic::certificate)) {
        bool const expired = log->topics.has(LogTopic::certificate_expired);
        Candidate candidate;
        candidate.kind = CauseKind::certificate;
        candidate.resource
            = log->hosts.empty() ? log->log->resource : Resource { "external:host", log->hosts.front(), {} };
        candidate.prior = -1.9;
        candidate.weigh(expired ? 3.2 : 1.9, log->fact);
        candidate.weigh(fault_place_weight(log->position) * 0.7);
        candidate.weigh(timing_weight(context, log->log->first_seen, context.onset_width));
        candidate.began_at = log->log->first_seen;
        candidate.corroborated = true;
        for (auto const& reading : context.metrics)
            if (reading.signal == Signal::tls_failures && reading.rose())
                candidate.weigh(0.5, reading.fact);
        candidate.statement = std::string(expired ? "A certificate has expired" : "A certificate is not accepted")
            + (log->hosts.empty() ? "" : " at " + log->hosts.front()) + ": " + log->log->resource.display()
            + " reports since " + format_clock(log->log->first_seen) + " " + tell(*log) + ".";
        found.push_back(std::move(candidate));
    }
    for (auto const& reading : context.metrics) {
        if (reading.signal != Signal::certificate_days || reading.series.points == 0 || reading.series.last > 0)
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::certificate;
        candidate.resource = reading.resource();
        candidate.prior = -1.5;
        candidate.weigh(2.6, reading.fact);
        candidate.weigh(fault_place_weight(reading.position));
        candidate.corroborated = true;
        candidate.statement = "The " + reading.resource().display() + " has expired.";
        found.push_back(std::move(candidate));
    }
    look_at_certificates(context, found);
    for (auto const& [fact, state] : context.evidence.all<StateFact>()) {
        bool const expired = state->resource.type == "acm:certificate"
            && std::any_of(state->attributes.begin(), state->attributes.end(),
                [](auto const& attribute) { return to_lower(attribute.second) == "expired"; });
        auto const position = context.topology.position(state->resource);
        if (!expired || position.relation == Relation::unrelated)
            continue;
        Candidate candidate;
        candidate.kind = CauseKind::certificate;
        candidate.resource = state->resource;
        candidate.prior = -1.6;
        candidate.weigh(2.2, fact);
        candidate.weigh(fault_place_weight(position));
        candidate.corroborated = true;
        candidate.statement = "The " + state->resource.display() + " has expired.";
        found.push_back(std::move(candidate));
    }
    return found;
}

} // namespace

Hypothesis make_certificate() {
    return { "certificate", propose };
}

} // namespace convops
