// One step under construction: the record as it will be and the effects that it asks for so far. Only step.cpp uses
// it.
#pragma once

#include "base/text.h"
#include "incident/step.h"

namespace convops {

// These show the incident itself and are edited as it becomes clearer; the others are answers to them.
inline bool shows_incident(MessageKind kind) {
    return kind == MessageKind::first_facts || kind == MessageKind::diagnosis;
}

// One step under construction: what each rule below reads and changes.
class Next {
public:
    Next(IncidentRecord before, Time at, Policy const& numbers)
        : now(at)
        , policy(numbers)
        , record(std::move(before)) { }

    Time const now;
    Policy const& policy;
    IncidentRecord record;

    void ask(decltype(Effect::what) what) {
        auto number = std::to_string(record.next_effect++);
        number.insert(0, number.size() < 6 ? 6 - number.size() : 0, '0');
        effects_.push_back({ record.incident.id.text + "/" + number, record.incident.workspace,
            record.incident.connection, record.incident.id, std::move(what) });
    }

    // One wake-up per reason is awaited at a time. An earlier one that is still to come looks at the due time by
    // itself; one that should have come a day ago is lost (the store was away for longer than it keeps work).
    void wake_at(Time due, WakeReason reason) {
        auto const at = std::min(due, now + longest_sleep);
        if (auto const awaited = record.wakes.find(reason);
            awaited != record.wakes.end() && awaited->second <= at && awaited->second + longest_sleep > now)
            return;
        record.wakes[reason] = at;
        ask(WakeAt { at, reason });
    }

    // Every route gets this message after what it is already to be told.
    void tell(WantedMessage message, bool only_where_told = false) {
        if (record.hold) {
            record.held_messages += only_where_told ? 0 : 1;
            return;
        }
        if (shows_incident(message.kind))
            message.anew = std::exchange(record.post_anew, false);
        for (auto const& route : policy.routes) {
            auto const key = lane_key(route);
            if (!record.lanes.contains(key) && (only_where_told || record.lanes.size() >= most_lanes))
                continue;
            auto& lane = record.lanes[key];
            lane.route = route;
            if (only_where_told && !lane.was_told_something())
                continue;
            queue(lane, message);
            send_next(lane);
        }
    }

    void send_next(RouteLane& lane) {
        if (lane.under_way || lane.waiting.empty())
            return;
        lane.under_way = lane.waiting.front();
        lane.waiting.pop_front();
        auto const& message = *lane.under_way;
        ask(Deliver { lane.route, message,
            message.reply_to   ? message.reply_to
                : message.anew ? std::nullopt
                               : lane.sent });
        lane.under_way_key = effects_.back().id;
    }

    // One route is answered. False: it waits for too many answers already.
    bool answer(std::string const& lane_key, WantedMessage message) {
        auto const known = record.lanes.find(lane_key);
        if (known == record.lanes.end())
            return false;
        auto& waiting = known->second.waiting;
        auto const answers = std::count_if(waiting.begin(), waiting.end(),
            [](WantedMessage const& each) { return each.kind == MessageKind::answer; });
        if (static_cast<std::size_t>(answers) >= most_waiting_answers)
            return false;
        queue(known->second, std::move(message));
        send_next(known->second);
        return true;
    }

    Step done(std::string because) && { return { std::move(record), std::move(effects_), true, std::move(because) }; }

private:
    static void queue(RouteLane& lane, WantedMessage message) {
        message.note = shorten(message.note, most_note_bytes);
        if (!lane.waiting.empty() && makes_needless(message, lane.waiting.back())) {
            join_into(lane.waiting.back(), message);
            return;
        }
        if (lane.waiting.size() >= most_waiting_messages) // The newest says more than the oldest.
            lane.waiting.erase(std::find_if(lane.waiting.begin(), lane.waiting.end(),
                [](WantedMessage const& each) { return each.kind != MessageKind::answer; }));
        lane.waiting.push_back(std::move(message));
    }

    std::vector<Effect> effects_;
};

} // namespace convops
