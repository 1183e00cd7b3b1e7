// AWS has an open event for a service of the incident.
#include "base/text.h"
#include "diagnosis/weighing.h"
#include "model/aws_health_names.h"

namespace convops {

namespace {

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    for (auto const& [fact, event] : context.evidence.all<ServiceEventFact>()) {
        bool const here = event->region == context.alarm.region || event->region == "global" || event->region.empty();
        if (!here || event->status != "open" || event->category != "issue")
            continue;
        std::optional<Position> best;
        Resource concerned;
        auto const consider = [&](Resource const& resource) {
            auto const position = context.topology.position(resource);
            if (!health_service_concerns(event->service, resource) || !is_near(position))
                return;
            if (!best || position.relation < best->relation) {
                best = position;
                concerned = resource;
            }
        };
        for (auto const& resource : context.topology.centre())
            consider(resource);
        for (auto const& [other, edge] : context.evidence.all<DependencyFact>()) {
            consider(edge->from);
            consider(edge->to);
        }
        if (!best)
            continue;
        auto const onset = context.onset_or_alarm();
        Candidate candidate;
        candidate.kind = CauseKind::aws_service_event;
        candidate.resource = concerned;
        candidate.prior = -1.8;
        candidate.began_at = event->when.from;
        candidate.weigh(2.6, fact);
        candidate.weigh(fault_place_weight(*best));
        candidate.weigh(event->when.from > onset + Minutes { 20 } ? -1.5
                : onset - event->when.from > Hours { 24 }         ? -1.0
                                                                  : 0.8);
        candidate.corroborated = true;
        candidate.statement = "AWS reports an open issue of " + event->service + " in "
            + (event->region.empty() ? context.alarm.region : event->region) + " since "
            + format_clock(event->when.from).substr(0, 5) + " (" + quoted(event->code, 60) + ").";
        found.push_back(std::move(candidate));
    }
    return found;
}

} // namespace

Hypothesis make_aws_service_event() {
    return { "aws_service_event", propose };
}

} // namespace convops
