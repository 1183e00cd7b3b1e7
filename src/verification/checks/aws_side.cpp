#include "base/text.h"
#include "model/aws_health_names.h"
#include "verification/judging.h"

namespace convops {

namespace {

bool concerns(std::string_view service, std::vector<Resource> const& involved) {
    return std::any_of(involved.begin(), involved.end(),
        [&](Resource const& resource) { return health_service_concerns(service, resource); });
}

Finding judge(Alarm const& alarm, Evidence const& evidence, Time) {
    std::vector<Resource> involved;
    for (auto const& [resource, distance] : neighbourhood(evidence, alarm.resources()))
        involved.push_back(resource);
    for (auto const& [fact, event] : evidence.all<ServiceEventFact>()) {
        bool const here = event->region == alarm.region || event->region == "global";
        if (here && event->status == "open" && event->category == "issue" && concerns(event->service, involved))
            return found(CheckVerdict::supports,
                "AWS reports an open issue of " + event->service + " in " + event->region + " since "
                    + format_clock(event->when.from) + ".",
                { fact->id });
    }
    if (auto finding = cannot_tell(evidence, { "aws_health" }))
        return *finding;
    return found(CheckVerdict::refutes, "AWS reports no open issue of the services involved.");
}

} // namespace

Check make_aws_side() {
    return { "aws_side", "Is it AWS's side?", CheckEffect::suppress, judge };
}

} // namespace convops
