#include "incident/step.h"

#include "base/text.h"
#include "incident/assessing.h"
#include "incident/delivering.h"
#include "incident/ending.h"
#include "incident/holding.h"
#include "incident/questions.h"
#include "incident/severity.h"

#include <algorithm>

namespace convops {

namespace {

Step unchanged(std::optional<IncidentRecord> const& before, std::string because) {
    return { before.value_or(IncidentRecord {}), {}, false, std::move(because) };
}

// --- Alarms ---

void keep_latest(std::vector<Time>& times, std::size_t most) {
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    if (times.size() > most)
        times.erase(times.begin(), times.end() - static_cast<std::ptrdiff_t>(most));
}

// Adds the change where its own time puts it. False: it is known, or too old to matter.
bool record_change(std::vector<AlarmChange>& changes, AlarmChange change) {
    auto const at = std::lower_bound(changes.begin(), changes.end(), change);
    if (at != changes.end() && *at == change)
        return false;
    if (changes.size() >= most_changes_of_alarm) {
        if (at == changes.begin())
            return false;
        changes.insert(at, change);
        changes.erase(changes.begin());
        return true;
    }
    changes.insert(at, change);
    return true;
}

bool newer(Alarm const& a, Alarm const& b) {
    return std::tie(a.changed_at, a.state) > std::tie(b.changed_at, b.state);
}

void record_alarm(IncidentRecord& record, Alarm const& alarm, std::vector<Time> const& earlier_firings) {
    if (alarm.state == AlarmState::insufficient_data)
        return; // in `changes` only: it says nothing about whether the alarm still fires
    auto const key = alarm_key(alarm);
    auto const [at, fresh] = record.incident.alarms.try_emplace(key, IncidentAlarm { bounded(alarm), {} });
    if (!fresh && newer(alarm, at->second.latest))
        at->second.latest = bounded(alarm);
    auto& fired_at = at->second.fired_at;
    fired_at.insert(fired_at.end(), earlier_firings.begin(), earlier_firings.end());
    if (alarm.state == AlarmState::alarm) {
        fired_at.push_back(alarm.changed_at);
        record.incident.opened_at = std::min(record.incident.opened_at, alarm.changed_at);
    }
    keep_latest(fired_at, most_firings_of_alarm);
}

bool anything_fires(IncidentRecord const& record) {
    return std::any_of(
        record.changes.begin(), record.changes.end(), [](auto const& entry) { return still_fires(entry.second); });
}

void judge_severity(IncidentRecord& record) {
    record.incident.severity = record.judged_severity.value_or(severity_from_alarms(record.incident));
}

// --- What follows from a changed set of alarms ---

// Once a person has asked for a deeper look, later ones of the incident are as deep: a shallower one would take back
// what they have read.
bool investigate(Next& next) {
    auto& record = next.record;
    if (record.investigations >= next.policy.most_investigations + record.deeper_looks || record.flapping)
        return false;
    record.investigation = InvestigationState::running;
    record.investigate_again = false;
    record.running = record.deeper_looks > 0 ? Depth::deep : Depth::usual;
    next.ask(Investigate { ++record.investigations, record.running });
    return true;
}

void expect_first_facts(Next& next) {
    next.record.first_facts_wanted = false;
    next.record.first_facts_due = next.now + next.policy.first_facts_within;
    next.wake_at(*next.record.first_facts_due, WakeReason::first_facts_due);
}

void tell_first_facts(Next& next) {
    // Once they were told, more of them are worth an edit, but no further message.
    bool const told = std::exchange(next.record.first_facts_wanted, true);
    next.record.first_facts_due.reset();
    WantedMessage message { MessageKind::first_facts, {} };
    message.update = told;
    next.tell(std::move(message));
}

void expect_close(Next& next) {
    next.record.close_due = next.now + next.policy.close_after;
    next.wake_at(*next.record.close_due, WakeReason::close_due);
}

int firings_in_window(IncidentRecord const& record, std::string const& key, Policy const& policy) {
    auto const alarm = record.incident.alarms.find(key);
    if (alarm == record.incident.alarms.end() || alarm->second.fired_at.empty())
        return 0;
    auto const& fired_at = alarm->second.fired_at;
    return static_cast<int>(std::count_if(fired_at.begin(), fired_at.end(),
        [&](Time time) { return fired_at.back() - time < policy.flapping_window; }));
}

int most_firings(IncidentRecord const& record, Policy const& policy) {
    int most = 0;
    for (auto const& [key, alarm] : record.incident.alarms)
        most = std::max(most, firings_in_window(record, key, policy));
    return most;
}

// The first time it is too much, the reader learns that from now on it is batched.
void batch(Next& next, int firings) {
    auto& record = next.record;
    record.flapping = true;
    record.firings_untold = 0;
    record.first_facts_wanted = true; // this notice is the news
    record.first_facts_due.reset();
    record.batch_due = next.now + next.policy.batch_every;
    note_decision(next,
        { AnomalyFate::digest, "is_chronic",
            "It was found " + std::to_string(firings) + " times within "
                + format_duration(next.policy.flapping_window) + "." });
    next.tell({ MessageKind::flapping, {}, firings });
    next.wake_at(*record.batch_due, WakeReason::batch_due);
}

void reopen(Next& next) {
    auto& record = next.record;
    record.incident.state = IncidentState::open;
    record.incident.resolved_at.reset();
    record.ended_why.clear();
    record.resolved_notice_due.reset(); // Nobody needs to read that it was over.
    record.aftermath.clear();
    note_return(record);
    expect_close(next);
    if (record.flapping)
        return;
    record.post_anew = true;
    expect_first_facts(next);
    // Whatever runs or waits for budget, the alarm itself is told when first facts are due.
    if (record.investigation == InvestigationState::running)
        record.investigate_again = true;
    else if (investigate(next))
        forget_decision(next);
}

// A further alarm of an incident whose readers know the first ones.
void joined(Next& next, Alarm const& alarm) {
    auto& record = next.record;
    if (record.investigation == InvestigationState::running)
        record.investigate_again = true;
    else if (!investigate(next))
        next.tell({ MessageKind::diagnosis, "Also firing: " + alarm.name + "." });
}

// When an incident that flaps may be called over: long enough without ALARM, and so few firings in the window that
// the next one would not be batched. Otherwise an alarm that fires every half hour would announce each of its ends.
Time calm_at(Next const& next) {
    auto calm = next.now + next.policy.flapping_calm;
    auto const most = static_cast<std::size_t>(next.policy.flapping_firings);
    for (auto const& [key, alarm] : next.record.incident.alarms)
        if (alarm.fired_at.size() >= most)
            calm = std::max(calm, alarm.fired_at[alarm.fired_at.size() - most] + next.policy.flapping_window);
    return std::min(calm, next.now + next.policy.flapping_window); // whatever the alarm's own clock says
}

// All OK, or firing again: decides what the record waits for.
void settle(Next& next) {
    auto& record = next.record;
    if (anything_fires(record)) {
        record.resolve_due.reset();
        return;
    }
    if (record.incident.state == IncidentState::open && !record.resolve_due) {
        record.resolve_due = record.flapping ? calm_at(next) : next.now + next.policy.resolve_hold;
        next.wake_at(*record.resolve_due, WakeReason::resolve_hold_over);
    }
}

// --- One function per event ---

Step open(AlarmArrived const& event, Time now, Policy const& policy) {
    if (event.alarm.state != AlarmState::alarm)
        return unchanged(std::nullopt, "only an ALARM opens an incident");
    IncidentRecord record;
    auto& incident = record.incident;
    incident.id = event.incident;
    incident.workspace = event.workspace;
    incident.connection = event.connection;
    incident.account = event.alarm.account;
    incident.region = event.alarm.region;
    incident.opened_at = event.alarm.changed_at;
    auto const key = alarm_key(event.alarm);
    record.changes[key].push_back({ event.alarm.changed_at, event.alarm.state });
    record_alarm(record, event.alarm, event.earlier_firings);
    judge_severity(record);
    Next next(std::move(record), now, policy);
    expect_close(next);
    judge_hold(next, Opens::yes);
    if (auto const firings = firings_in_window(next.record, key, policy); firings >= policy.flapping_firings)
        batch(next, firings);
    else {
        expect_first_facts(next);
        investigate(next);
    }
    return std::move(next).done("a new incident");
}

Step when(AlarmArrived const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    Next next(before, now, policy);
    auto& record = next.record;
    auto const& alarm = event.alarm;
    auto const key = alarm_key(alarm);
    auto const is_new_alarm = !record.incident.alarms.contains(key);
    if (is_new_alarm && alarm.state != AlarmState::alarm)
        return unchanged(before, "it recovered without having fired here");
    auto const fired_before = !is_new_alarm && still_fires(record.changes[key]);
    if (!record_change(record.changes[key], { alarm.changed_at, alarm.state }))
        return unchanged(before, "a duplicate");
    record_alarm(record, alarm, event.earlier_firings);
    judge_severity(record);
    if (record.merged_into)
        return std::move(next).done("recorded; the incident is part of " + record.merged_into->text);
    auto const fires = still_fires(record.changes[key]);
    auto const starts = alarm.state == AlarmState::alarm && fires && !fired_before;
    auto const was_resolved = record.incident.state == IncidentState::resolved;
    if (alarm.state == AlarmState::alarm && !was_resolved)
        expect_close(next);
    auto const held = record.hold.has_value();
    judge_hold(next, starts && was_resolved ? Opens::yes : Opens::no);
    auto const firings = firings_in_window(record, key, policy);
    // A late ALARM of an incident that is over is no news, however many there were.
    if (alarm.state == AlarmState::alarm && (starts || !was_resolved)) {
        if (record.flapping)
            ++record.firings_untold;
        else if (firings >= policy.flapping_firings)
            batch(next, firings);
    }
    if (starts && was_resolved)
        reopen(next);
    else if (is_new_alarm)
        joined(next, alarm);
    settle(next);
    let_go(next, held);
    return std::move(next).done(starts && was_resolved ? "it fires again"
            : is_new_alarm                             ? "a further alarm of the same incident"
                                                       : "a further state change of a known alarm");
}

Step when(FirstFactsReady const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    if (before.investigation != InvestigationState::running || before.summary == event.summary)
        return unchanged(before, "first facts that are known or late");
    if (!before.report.empty() && !before.post_anew)
        return unchanged(before, "the diagnosis that is shown says more than first facts");
    Next next(before, now, policy);
    next.record.summary = event.summary;
    if (!before.merged_into && !before.flapping)
        tell_first_facts(next);
    return std::move(next).done("first facts");
}

Step when(InvestigationEnded const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    if (before.investigation != InvestigationState::running)
        return unchanged(before, "no investigation is running");
    Next next(before, now, policy);
    auto& record = next.record;
    record.investigation = InvestigationState::ended;
    record.report = event.report;
    record.verdict = event.verdict;
    record.judged_severity = event.severity;
    note_gist(record, event.gist);
    record.trouble.clear();
    record.first_facts_wanted = true;
    record.first_facts_due.reset();
    judge_severity(record);
    if (before.merged_into)
        return std::move(next).done("recorded; the incident is part of " + before.merged_into->text);
    note_decision(next, event.decision);
    judge_hold(next, Opens::no); // It may be a P1 now.
    // Of an incident that is over, a deeper look is news only to those who asked.
    if (before.running == Depth::usual || record.incident.state == IncidentState::open)
        next.tell({ MessageKind::diagnosis, {} });
    if (before.running == Depth::deep)
        answer_diggers(next, {});
    if (!dig_if_asked(next) && before.investigate_again && record.incident.state == IncidentState::open)
        investigate(next);
    return std::move(next).done("a diagnosis");
}

Step when(InvestigationFailed const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    if (before.investigation != InvestigationState::running)
        return unchanged(before, "no investigation is running");
    Next next(before, now, policy);
    auto& record = next.record;
    record.investigation = InvestigationState::failed;
    record.trouble = shorten(clean_utf8(event.why), most_note_bytes);
    record.first_facts_wanted = true;
    record.first_facts_due.reset();
    if (before.merged_into)
        return std::move(next).done("the investigation gave up");
    note_decision(next, { AnomalyFate::told, {}, "The checks could not look: " + record.trouble });
    if (before.running == Depth::usual || before.diggers.empty())
        next.tell({ MessageKind::diagnosis, "No diagnosis: " + record.trouble });
    else // What was told before stands; only the deeper look is missing.
        answer_diggers(next, "The deeper look failed: " + record.trouble);
    dig_if_asked(next);
    return std::move(next).done("the investigation gave up; the alarm itself is told");
}

Step when(AftermathEnded const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    return aftermath_ended(event, before, now, policy);
}

Step when(InvestigationAskedAgain const&, IncidentRecord const& before, Time now, Policy const& policy) {
    Next next(before, now, policy);
    next.record.investigation = InvestigationState::running; // whatever the budget says: a person asked
    next.record.running = Depth::usual;
    next.ask(Investigate { ++next.record.investigations });
    return std::move(next).done("an investigation is tried again");
}

std::optional<Time>* due_of(IncidentRecord& record, WakeReason reason) {
    switch (reason) {
    case WakeReason::first_facts_due:
        return &record.first_facts_due;
    case WakeReason::resolve_hold_over:
        return &record.resolve_due;
    case WakeReason::batch_due:
        return &record.batch_due;
    case WakeReason::close_due:
        return &record.close_due;
    case WakeReason::resolved_notice_due:
        return &record.resolved_notice_due;
    case WakeReason::outcome_due:
        return &record.outcome_due;
    case WakeReason::hold_over:
        return record.hold ? &record.hold->until : nullptr;
    }
    return nullptr;
}

void update_batch(Next& next) {
    auto& record = next.record;
    if (record.firings_untold > 0) {
        record.firings_untold = 0;
        next.tell({ MessageKind::flapping, {}, most_firings(record, next.policy) });
    }
    record.batch_due = next.now + next.policy.batch_every;
    next.wake_at(*record.batch_due, WakeReason::batch_due);
}

Step when(WakeUp const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    Next next(before, now, policy);
    auto& record = next.record;
    auto const awaited = record.wakes.find(event.reason);
    if (awaited == record.wakes.end() || awaited->second != event.at)
        return unchanged(before, "another wake-up is awaited");
    record.wakes.erase(awaited);
    auto* const found = due_of(record, event.reason);
    if (found == nullptr || !*found || before.merged_into)
        return std::move(next).done("woken for something that is over");
    auto const& due = *found;
    if (now < *due) { // A long sleep is slept in parts; and the due time may have moved.
        next.wake_at(*due, event.reason);
        return std::move(next).done("woken early");
    }
    switch (event.reason) {
    case WakeReason::first_facts_due:
        tell_first_facts(next);
        return std::move(next).done("plain first facts: the investigation has not brought any yet");
    case WakeReason::resolve_hold_over:
        recover(next);
        return std::move(next).done("resolved");
    case WakeReason::batch_due:
        update_batch(next);
        return std::move(next).done("the hourly update while flapping");
    case WakeReason::close_due:
        end(next, now, "closed: no OK arrived within " + format_duration(policy.close_after) + " of the last ALARM");
        return std::move(next).done("closed without OK");
    case WakeReason::hold_over:
        judge_hold(next, Opens::no);
        let_go(next, true);
        return std::move(next).done("the mute window is over");
    case WakeReason::outcome_due:
        note_quiet(record);
        return std::move(next).done("it stayed over: what followed is told by now");
    case WakeReason::resolved_notice_due:
        tell_resolved(next);
        return std::move(next).done("the resolved notice does not wait for what fixed it");
    }
    return unchanged(before, "unknown reason");
}

Step when(Absorb const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    Next next(before, now, policy);
    auto& record = next.record;
    auto const was_resolved = record.incident.state == IncidentState::resolved;
    bool news = false;
    for (auto const& [key, alarm] : event.other.incident.alarms) {
        news = news || !record.incident.alarms.contains(key);
        if (auto const changes = event.other.changes.find(key); changes != event.other.changes.end())
            for (auto const& change : changes->second)
                record_change(record.changes[key], change);
        record_alarm(record, alarm.latest, alarm.fired_at);
    }
    record.incident.opened_at = std::min(record.incident.opened_at, event.other.incident.opened_at);
    judge_severity(record);
    auto const held = record.hold.has_value();
    judge_hold(next, Opens::no);
    if (was_resolved && anything_fires(record))
        reopen(next);
    else if (news && anything_fires(record))
        joined(next, event.other.incident.leading_alarm());
    settle(next);
    let_go(next, held);
    return std::move(next).done("took over the alarms of " + event.other.incident.id.text);
}

Step when(Absorbed const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    if (before.merged_into)
        return unchanged(before, "already part of another incident");
    Next next(before, now, policy);
    auto& record = next.record;
    record.merged_into = event.into;
    record.first_facts_due.reset();
    for (auto& [key, lane] : record.lanes) // What nobody has seen yet is told by the other incident.
        std::erase_if(lane.waiting, [](WantedMessage const& each) { return each.kind != MessageKind::answer; });
    answer_diggers(next, "This is part of incident " + event.into.text + " now.");
    end(next, before.incident.resolved_at.value_or(now), "joined with incident " + event.into.text);
    return std::move(next).done("joined with " + event.into.text);
}

Step when(DigDeeperAsked const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    return dig_deeper(event, before, now, policy);
}

Step when(QuestionAsked const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    return take_question(event, before, now, policy);
}

} // namespace

Step step(std::optional<IncidentRecord> const& before, Event const& event, Time now, Policy const& policy) {
    if (!before) {
        if (auto const* arrived = std::get_if<AlarmArrived>(&event))
            return open(*arrived, now, policy);
        return unchanged(before, "no such incident");
    }
    return std::visit([&](auto const& what) { return when(what, *before, now, policy); }, event);
}

} // namespace convops
