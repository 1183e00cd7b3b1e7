#include "incident/holding.h"

#include <algorithm>

namespace convops {

namespace {

// The window that mutes everything that fires, and how long that lasts; nothing when one alarm is not muted.
std::optional<Hold> muted(IncidentRecord const& record, Time now, Policy const& policy) {
    if (policy.mutes.empty())
        return std::nullopt;
    std::optional<Hold> hold;
    for (auto const& [key, alarm] : record.incident.alarms) {
        auto const changes = record.changes.find(key);
        if (changes == record.changes.end() || !still_fires(changes->second))
            continue;
        auto const* window = muting(policy.mutes, alarm.latest, now);
        if (window == nullptr || (record.incident.severity == Severity::p1 && !window->also_p1))
            return std::nullopt;
        if (!hold || window->when.to < hold->until) // the first to end lets it go
            hold = Hold { HoldKind::mute, window->id,
                "Muted until " + format_clock(window->when.to) + " UTC"
                    + (window->why.empty() ? "." : ": " + shorten(clean_utf8(window->why), 120)),
                window->when.to };
    }
    return hold;
}

std::optional<Hold> watched(IncidentRecord const& record) {
    if (!only_watched(record))
        return std::nullopt;
    if (!record.decision)
        return Hold { HoldKind::checks, {}, "The checks are not done yet.", std::nullopt };
    if (record.decision->fate == AnomalyFate::told)
        return std::nullopt;
    return Hold { HoldKind::decided, record.decision->check, record.decision->reason, std::nullopt };
}

bool somebody_was_told(IncidentRecord const& record) {
    return std::any_of(
        record.lanes.begin(), record.lanes.end(), [](auto const& lane) { return lane.second.was_told_something(); });
}

} // namespace

bool only_watched(IncidentRecord const& record) {
    return std::all_of(record.incident.alarms.begin(), record.incident.alarms.end(),
        [](auto const& alarm) { return alarm.second.latest.kind == AlarmKind::watch; });
}

void judge_hold(Next& next, Opens opens) {
    auto& record = next.record;
    bool const muted_before = record.hold && record.hold->kind == HoldKind::mute;
    bool const may_mute = opens == Opens::yes || muted_before || !somebody_was_told(record);
    auto hold = may_mute ? muted(record, next.now, next.policy) : std::nullopt;
    bool const fires = std::any_of(
        record.changes.begin(), record.changes.end(), [](auto const& each) { return still_fires(each.second); });
    if (!hold && muted_before && !fires)
        return; // It is over: why nobody heard of it stays on record.
    if (!hold)
        hold = watched(record);
    record.hold = std::move(hold);
    if (record.hold && record.hold->until)
        next.wake_at(*record.hold->until, WakeReason::hold_over);
}

void note_decision(Next& next, AnomalyDecision decision) {
    auto& record = next.record;
    if (!only_watched(record))
        return;
    // Who was told is not untold: a later look at the same incident adds to it.
    if (!somebody_was_told(record))
        record.decision = std::move(decision);
    judge_hold(next, Opens::no);
}

void forget_decision(Next& next) {
    next.record.decision.reset();
    judge_hold(next, Opens::yes);
}

void let_go(Next& next, bool held_before) {
    auto& record = next.record;
    if (!held_before || record.hold || record.merged_into || record.incident.state != IncidentState::open)
        return;
    record.post_anew = true;
    if (record.flapping)
        next.tell({ MessageKind::flapping, {}, std::max(1, record.firings_untold) });
    else if (!record.report.empty())
        next.tell({ MessageKind::diagnosis, {} });
    else
        next.tell({ MessageKind::first_facts, {} });
}

} // namespace convops
