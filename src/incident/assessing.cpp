#include "incident/assessing.h"

namespace convops {

namespace {

Step unchanged(IncidentRecord const& before, std::string because) {
    return { before, {}, false, std::move(because) };
}

bool is_known(IncidentRecord const& record, std::string const& request) {
    return std::find(record.requests.begin(), record.requests.end(), request) != record.requests.end();
}

void remember_request(IncidentRecord& record, std::string request) {
    record.requests.push_back(std::move(request));
    if (record.requests.size() > most_requests)
        record.requests.pop_front();
}

Step answered(Next&& next, VoteCast const& event, VoteAnswer answer, std::string because) {
    WantedMessage message { MessageKind::answer, {}, 0, false, {}, event.reply_to };
    message.vote = answer;
    if (event.answer || answer != VoteAnswer::taken)
        next.answer(event.lane, std::move(message));
    return std::move(next).done(std::move(because));
}

std::string_view channel_of(Vote const& vote) {
    return std::string_view(vote.lane).substr(0, vote.lane.find('/'));
}

// One vote a person, wherever it is said. False: it says nothing new, or there is no room for a further person.
bool put(std::vector<Vote>& votes, Vote vote) {
    for (auto& known : votes) {
        if (known.person != vote.person || channel_of(known) != channel_of(vote))
            continue;
        if (known.opinion == vote.opinion)
            return false;
        known = std::move(vote);
        return true;
    }
    if (votes.size() >= most_votes)
        return false;
    votes.push_back(std::move(vote));
    return true;
}

// Who sees the diagnosis sees who confirmed it. A channel that cannot edit leaves this out; there the answer says it.
void show_votes(Next& next) {
    if (next.record.post_anew) // A new message is due anyway.
        return;
    WantedMessage message { MessageKind::diagnosis, {} };
    message.update = true;
    next.tell(std::move(message), true);
}

} // namespace

Step when(VoteCast const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    Next next(before, now, policy);
    auto& record = next.record;
    if (!record.lanes.contains(event.lane))
        return unchanged(before, "nobody in that conversation was told of this incident");
    auto request = shorten(clean_utf8(event.request), most_request_bytes);
    if (is_known(record, request))
        return unchanged(before, "said before");
    remember_request(record, std::move(request));
    if (before.merged_into) {
        next.answer(event.lane,
            { MessageKind::answer, "This is part of incident " + before.merged_into->text + " now: say it there.", 0,
                false, {}, event.reply_to });
        return std::move(next).done("part of another incident");
    }
    if (!record.gist || !record.gist->names_cause())
        return answered(std::move(next), event, VoteAnswer::no_cause, "no cause was named");
    if (!event.mark.empty() && event.mark != mark_of_cause(*record.gist))
        return answered(
            std::move(next), event, VoteAnswer::other_cause, "said of a cause that is not shown any more");
    auto person = shorten(clean_utf8(event.person), most_person_bytes);
    bool const news = put(record.votes, { event.lane, std::move(person), event.opinion, now });
    if (news)
        show_votes(next);
    return answered(std::move(next), event, VoteAnswer::taken, news ? "a vote" : "a vote that says nothing new");
}

Step when(CameBack const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    if (before.incident.state != IncidentState::resolved || !before.outcome_due || before.merged_into
        || !before.incident.resolved_at || event.at >= *before.incident.resolved_at + policy.outcome_after)
        return unchanged(before, "it says nothing of this incident's cause");
    Next next(before, now, policy);
    note_return(next.record);
    return std::move(next).done("the cause was undone, and the alarm fired again");
}

void note_gist(IncidentRecord& record, Gist gist) {
    if (record.gist && mark_of_cause(*record.gist) != mark_of_cause(gist)) {
        record.votes.clear();
        record.outcome.reset();
        record.outcome_due.reset();
    }
    record.gist = std::move(gist);
}

void note_recovery(Next& next, RecoveryKind recovery, FixKind fix) {
    auto& record = next.record;
    record.recovery = recovery;
    record.fix = fix;
    if (recovery != RecoveryKind::fixed || !record.gist || !record.gist->names_cause())
        return;
    record.outcome.reset();
    record.outcome_due = record.incident.resolved_at.value_or(next.now) + next.policy.outcome_after;
    next.wake_at(*record.outcome_due, WakeReason::outcome_due);
}

void forget_recovery(IncidentRecord& record) {
    record.recovery = RecoveryKind::not_known;
    record.fix = FixKind::none;
    record.outcome_due.reset();
}

void note_return(IncidentRecord& record) {
    if (!record.outcome_due)
        return;
    record.outcome_due.reset();
    record.outcome = Opinion::wrong;
}

void note_quiet(IncidentRecord& record) {
    record.outcome_due.reset();
    record.outcome = Opinion::right;
}

std::optional<CauseVerdict> judgement_of(IncidentRecord const& record) {
    if (!record.gist || !record.gist->names_cause())
        return std::nullopt;
    auto const right = std::count_if(
        record.votes.begin(), record.votes.end(), [](Vote const& vote) { return vote.opinion == Opinion::right; });
    auto const wrong = static_cast<std::ptrdiff_t>(record.votes.size()) - right;
    if (right != wrong)
        return CauseVerdict { right > wrong ? Opinion::right : Opinion::wrong, VerdictBy::people };
    if (right > 0 || !record.outcome)
        return std::nullopt;
    return CauseVerdict { *record.outcome, VerdictBy::environment };
}

std::optional<PastIncident> remembered(IncidentRecord const& record) {
    if (!record.gist || record.merged_into)
        return std::nullopt;
    PastIncident past;
    past.incident = record.incident.id.text;
    past.opened_at = record.incident.opened_at;
    past.resolved_at = record.incident.resolved_at;
    past.gist = *record.gist;
    past.recovery = record.recovery;
    past.fix = record.fix;
    past.judgement = judgement_of(record);
    std::set<std::string> resources;
    for (auto const& [key, alarm] : record.incident.alarms) {
        if (past.alarms.size() < most_past_alarms)
            past.alarms.push_back(shorten(clean_utf8(alarm.latest.name), most_gist_text_bytes));
        for (auto const& resource : alarm.latest.resources())
            if (resources.size() < most_past_resources)
                resources.insert(shorten(clean_utf8(resource.key()), most_gist_text_bytes));
    }
    past.resources.assign(resources.begin(), resources.end());
    return past;
}

} // namespace convops
