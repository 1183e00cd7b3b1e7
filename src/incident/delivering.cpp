#include "incident/delivering.h"

#include "incident/ending.h"

namespace convops {

namespace {

Step unchanged(IncidentRecord const& before, std::string because) {
    return { before, {}, false, std::move(because) };
}

} // namespace

Step when(MessageDelivered const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    auto const known = before.lanes.find(event.lane);
    if (known == before.lanes.end() || !known->second.under_way || known->second.under_way_key != event.effect)
        return unchanged(before, "a delivery that is already recorded");
    Next next(before, now, policy);
    auto& lane = next.record.lanes.at(event.lane);
    if (!event.sent.message_id.empty() && shows_incident(lane.under_way->kind))
        lane.sent = event.sent;
    remember_told(next.record, { now, lane.under_way->kind, event.lane });
    ++lane.delivered;
    lane.under_way.reset();
    lane.under_way_key.clear();
    next.send_next(lane);
    return std::move(next).done("delivered");
}

Step when(DeliveryFailed const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    auto const known = before.lanes.find(event.lane);
    if (known == before.lanes.end() || !known->second.under_way || known->second.under_way_key != event.effect)
        return unchanged(before, "a delivery that is already recorded");
    Next next(before, now, policy);
    auto& lane = next.record.lanes.at(event.lane);
    ++lane.failed;
    lane.under_way.reset();
    lane.under_way_key.clear();
    next.send_next(lane);
    return std::move(next).done("a delivery was given up; it is listed as a dead letter");
}

Step when(DeliveryCatchesUp const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    auto const known = before.lanes.find(event.lane);
    if (known == before.lanes.end() || !known->second.under_way || known->second.under_way_key != event.effect)
        return unchanged(before, "a delivery that is already recorded");
    Next next(before, now, policy);
    auto& lane = next.record.lanes.at(event.lane);
    int joined = 0;
    for (; !lane.waiting.empty() && makes_needless(lane.waiting.front(), *lane.under_way); ++joined) {
        join_into(*lane.under_way, lane.waiting.front());
        lane.waiting.pop_front();
    }
    return joined == 0 ? unchanged(before, "nothing newer waits") : std::move(next).done("says what is known by now");
}

Step when(ResendAsked const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    Next next(before, now, policy);
    auto& lane = next.record.lanes[lane_key(event.route)];
    lane.route = event.route;
    lane.failed = std::max(0, lane.failed - 1);
    lane.waiting.push_front(event.message);
    next.send_next(lane);
    return std::move(next).done("a dead letter is sent again");
}

} // namespace convops
