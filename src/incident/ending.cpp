#include "incident/ending.h"

#include "incident/assessing.h"

namespace convops {

namespace {

void mark_resolved(IncidentRecord& record, Time at, std::string why) {
    record.incident.state = IncidentState::resolved;
    record.incident.resolved_at = at;
    record.ended_why = std::move(why);
    record.resolve_due.reset();
    record.close_due.reset();
    record.batch_due.reset();
    record.resolved_notice_due.reset();
    record.flapping = false;
}

Time last_recovery(IncidentRecord const& record, Time otherwise) {
    std::optional<Time> last;
    for (auto const& [key, changes] : record.changes)
        for (auto const& change : changes)
            if (change.state == AlarmState::ok && (!last || change.at > *last))
                last = change.at;
    return last.value_or(otherwise);
}

// Somebody will read the answer, and the budget of this incident allows to ask.
bool wants_aftermath(Next const& next) {
    auto const& record = next.record;
    return record.aftermaths < next.policy.most_aftermaths
        && std::any_of(
            record.lanes.begin(), record.lanes.end(),
            [](auto const& lane) { return lane.second.was_told_something(); });
}

} // namespace

void tell_resolved(Next& next) {
    next.record.resolved_notice_due.reset();
    next.tell({ MessageKind::resolved, next.record.ended_why }, true);
}

void end(Next& next, Time at, std::string why) {
    mark_resolved(next.record, at, std::move(why));
    tell_resolved(next);
}

void recover(Next& next) {
    auto& record = next.record;
    mark_resolved(record, last_recovery(record, next.now), "all alarms are OK");
    record.aftermath.clear();
    forget_recovery(record);
    if (!wants_aftermath(next))
        return tell_resolved(next);
    next.ask(Investigate { ++record.aftermaths, Depth::usual, InvestigationKind::aftermath });
    record.resolved_notice_due = next.now + next.policy.resolved_notice_within;
    next.wake_at(*record.resolved_notice_due, WakeReason::resolved_notice_due);
}

Step aftermath_ended(AftermathEnded const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    auto const unchanged = [&](std::string because) { return Step { before, {}, false, std::move(because) }; };
    if (event.attempt != before.aftermaths || event.attempt <= before.aftermaths_ended)
        return unchanged("a look at an earlier end, or one that is already recorded");
    Next next(before, now, policy);
    auto& record = next.record;
    record.aftermaths_ended = event.attempt;
    if (record.incident.state != IncidentState::resolved || record.merged_into)
        return std::move(next).done("it fires again, or lives on elsewhere: what brought it back is no news");
    record.aftermath = event.report;
    note_recovery(next, event.recovery, event.fix);
    bool const in_time = record.resolved_notice_due.has_value();
    if (in_time || event.fix_known)
        tell_resolved(next);
    return std::move(next).done(in_time ? "the resolved notice, with what is known of the fix"
            : event.fix_known           ? "the resolved notice once more: now it is known what fixed it"
                                        : "what brought it back is not known; the report says so");
}

void remember_told(IncidentRecord& record, ToldMessage message) {
    auto& told = record.told;
    if (told.size() >= most_told_messages)
        told.erase(told.begin() + static_cast<std::ptrdiff_t>(first_told_messages));
    told.push_back(std::move(message));
}

} // namespace convops
