#include "incident/questions.h"

namespace convops {

namespace {

Step unchanged(IncidentRecord const& before, std::string because) {
    return { before, {}, false, std::move(because) };
}

// False: this request was taken before.
bool take_request(IncidentRecord& record, std::string const& request) {
    auto id = shorten(clean_utf8(request), most_request_bytes);
    if (std::find(record.requests.begin(), record.requests.end(), id) != record.requests.end())
        return false;
    record.requests.push_back(std::move(id));
    if (record.requests.size() > most_requests)
        record.requests.pop_front();
    return true;
}

WantedMessage note_to(std::optional<SentMessage> reply_to, std::string note) {
    return { MessageKind::answer, std::move(note), 0, false, {}, std::move(reply_to) };
}

// Asked for by a person, so flapping is no reason against it.
void dig(Next& next) {
    auto& record = next.record;
    record.investigation = InvestigationState::running;
    record.investigate_again = false;
    record.running = Depth::deep;
    record.report_before = record.report;
    ++record.deeper_looks;
    next.ask(Investigate { ++record.investigations, Depth::deep });
}

} // namespace

bool dig_if_asked(Next& next) {
    if (next.record.diggers.empty())
        return false;
    dig(next);
    return true;
}

void answer_diggers(Next& next, std::string const& note) {
    for (auto const& digger : std::exchange(next.record.diggers, {}))
        next.answer(digger.lane, note_to(digger.reply_to, note));
}

Step dig_deeper(DigDeeperAsked const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    Next next(before, now, policy);
    auto& record = next.record;
    if (!record.lanes.contains(event.lane))
        return unchanged(before, "nobody in that conversation was told of this incident");
    if (!take_request(record, event.request))
        return unchanged(before, "asked before");
    if (before.merged_into) {
        next.answer(event.lane,
            note_to(event.reply_to, "This is part of incident " + before.merged_into->text + " now: ask there."));
        return std::move(next).done("part of another incident");
    }
    auto const runs = before.investigation == InvestigationState::running;
    auto const deep_runs = runs && before.running == Depth::deep;
    if (!deep_runs && record.diggers.empty() && record.deeper_looks >= policy.most_deeper_looks) {
        next.answer(event.lane,
            note_to(event.reply_to,
                "Looked deeper " + std::to_string(record.deeper_looks)
                    + " times already: that is the most for one incident."));
        return std::move(next).done("the budget for deeper looks is used up");
    }
    if (record.diggers.size() < most_diggers)
        record.diggers.push_back({ event.lane, event.reply_to });
    if (!runs)
        dig(next);
    return std::move(next).done(deep_runs ? "a deeper look runs already" : "a deeper look");
}

Step take_question(QuestionAsked const& event, IncidentRecord const& before, Time now, Policy const& policy) {
    Next next(before, now, policy);
    auto& record = next.record;
    if (!record.lanes.contains(event.lane))
        return unchanged(before, "nobody in that conversation was told of this incident");
    if (record.questions > policy.most_questions)
        return unchanged(before, "the budget for questions is used up, which was told");
    if (!take_request(record, event.request))
        return unchanged(before, "asked before");
    auto message = note_to(event.reply_to, {});
    if (record.questions < policy.most_questions)
        message.question = shorten(clean_utf8(event.text), most_question_bytes);
    else
        message.note
            = std::to_string(record.questions) + " questions were answered: that is the most for one incident.";
    if (!next.answer(event.lane, std::move(message)))
        return unchanged(before, "too many questions wait for their answers");
    ++record.questions;
    return std::move(next).done("a question");
}

} // namespace convops
