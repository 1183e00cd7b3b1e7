#include "incident/record.h"

#include "base/text.h"
#include "incident/policy.h"

namespace convops {

std::string_view to_string(InvestigationState state) {
    switch (state) {
    case InvestigationState::none:
        return "none";
    case InvestigationState::running:
        return "running";
    case InvestigationState::ended:
        return "ended";
    case InvestigationState::failed:
        return "failed";
    }
    return "none";
}

std::string_view to_string(WakeReason reason) {
    switch (reason) {
    case WakeReason::first_facts_due:
        return "first_facts_due";
    case WakeReason::resolve_hold_over:
        return "resolve_hold_over";
    case WakeReason::batch_due:
        return "batch_due";
    case WakeReason::close_due:
        return "close_due";
    case WakeReason::resolved_notice_due:
        return "resolved_notice_due";
    case WakeReason::outcome_due:
        return "outcome_due";
    case WakeReason::hold_over:
        return "hold_over";
    }
    return "first_facts_due";
}

std::optional<WakeReason> wake_reason_from(std::string_view name) {
    for (auto const reason : { WakeReason::first_facts_due, WakeReason::resolve_hold_over, WakeReason::batch_due,
             WakeReason::close_due, WakeReason::resolved_notice_due, WakeReason::outcome_due, WakeReason::hold_over })
        if (to_string(reason) == name)
            return reason;
    return std::nullopt;
}

std::string_view to_string(HoldKind kind) {
    switch (kind) {
    case HoldKind::checks:
        return "checks";
    case HoldKind::decided:
        return "decided";
    case HoldKind::mute:
        return "mute";
    }
    return "checks";
}

std::string_view to_string(VoteAnswer answer) {
    switch (answer) {
    case VoteAnswer::none:
        return "none";
    case VoteAnswer::taken:
        return "taken";
    case VoteAnswer::no_cause:
        return "no_cause";
    case VoteAnswer::other_cause:
        return "other_cause";
    }
    return "none";
}

VoteAnswer vote_answer_from(std::string_view name) {
    for (auto const answer : { VoteAnswer::taken, VoteAnswer::no_cause, VoteAnswer::other_cause })
        if (to_string(answer) == name)
            return answer;
    return VoteAnswer::none;
}

bool makes_needless(WantedMessage const& newer, WantedMessage const& older) {
    if (older.kind == MessageKind::answer || newer.kind == MessageKind::answer) // each answers something else
        return false;
    return older.kind == newer.kind
        || (older.kind == MessageKind::first_facts && newer.kind == MessageKind::diagnosis);
}

void join_into(WantedMessage& older, WantedMessage const& newer) {
    older.kind = newer.kind;
    older.times = std::max(older.times, newer.times);
    older.anew = older.anew || newer.anew;
    older.update = older.update && newer.update;
    if (older.note.find(newer.note) == std::string::npos)
        older.note = shorten(older.note.empty() ? newer.note : older.note + " " + newer.note, most_note_bytes);
}

std::string lane_key(Route const& route) {
    return route.channel + "/" + route.address;
}

std::string alarm_key(Alarm const& alarm) {
    return alarm.arn.empty() ? alarm.account + "/" + alarm.region + "/" + alarm.name : alarm.arn;
}

bool still_fires(std::vector<AlarmChange> const& changes) {
    for (auto at = changes.rbegin(); at != changes.rend(); ++at)
        if (at->state != AlarmState::insufficient_data)
            return at->state == AlarmState::alarm;
    return false;
}

std::optional<Time> last_firing(IncidentRecord const& record) {
    std::optional<Time> last;
    for (auto const& [key, alarm] : record.incident.alarms)
        if (!alarm.fired_at.empty() && (!last || alarm.fired_at.back() > *last))
            last = alarm.fired_at.back();
    return last;
}

} // namespace convops
