// From the parts of an answer to a message. The first part is the headline; the others follow as lines.
#include "base/text.h"
#include "message/cause_words.h"

namespace convops {

namespace {

std::string value_of(AnswerLine const& line, std::size_t index, std::size_t most = most_line_bytes) {
    return index < line.values.size() ? one_line(line.values[index], most) : std::string();
}

std::string price_words(AnswerLine const& line) {
    return value_of(line, 0) + " AWS calls, " + value_of(line, 1) + " tokens, $" + value_of(line, 2) + ", "
        + value_of(line, 3) + " s.";
}

std::string gap_words(AnswerLine const& line, std::string_view language) {
    auto text = "Not seen: " + source_words(value_of(line, 0, 60), language) + ": " + value_of(line, 1, 160);
    if (auto const action = value_of(line, 2, most_name_bytes); !action.empty())
        text += ". " + action + " would have told " + value_of(line, 3, 160);
    return text + ".";
}

// What the alarm's own metric said when it was read last.
std::string alarm_now(Investigation const& investigation, Reader const& reader) {
    auto const facts = compose_first_facts(investigation.incident, investigation.evidence, reader);
    return facts.headline;
}

std::string_view fixed_words(AnswerPart part) {
    switch (part) {
    case AnswerPart::no_change:
        return "No change was recorded in the time that was read.";
    case AnswerPart::no_error_lines:
        return "No error line was found in the logs that were read.";
    case AnswerPart::no_aws_event:
        return "AWS Health has no open event for this.";
    case AnswerPart::all_read:
        return "Everything that was asked for could be read.";
    case AnswerPart::no_action:
        return "Nothing to suggest: no cause is known well enough.";
    case AnswerPart::healthy:
        return "Nothing is wrong by what was read.";
    case AnswerPart::not_in_evidence:
        return "That is not in the evidence of this incident.";
    default:
        return "";
    }
}

std::string words_of(AnswerLine const& line, Investigation const* investigation, Reader const& reader) {
    auto const value = [&](std::size_t index) { return value_of(line, index); };
    auto const clock = [&] { return line.at ? clock_words(*line.at, *line.at, reader) : std::string("?"); };
    switch (line.part) {
    case AnswerPart::statement:
    case AnswerPart::note:
    case AnswerPart::action:
        return value(0);
    case AnswerPart::at_statement:
        return clock() + " · " + value(0);
    case AnswerPart::began:
        return "It began at " + clock() + ".";
    case AnswerPart::began_unknown:
        return "When it began is not known; the alarm fired at " + clock() + ".";
    case AnswerPart::alarm_now:
        return investigation == nullptr ? std::string() : alarm_now(*investigation, reader);
    case AnswerPart::over:
        return "It is over: every alarm is OK since " + clock() + ".";
    case AnswerPart::cause:
        return value(0) + ". " + value(1) + " %: " + value(2);
    case AnswerPart::no_cause:
        return value(0).empty() ? "The cause is not known." : "The cause is not known; best lead: " + value(0);
    case AnswerPart::speaks_against:
        return "Against it: " + value(0);
    case AnswerPart::ruled_out:
        return "Ruled out (" + value(0) + "): " + value(1);
    case AnswerPart::not_considered:
        return "Nothing that was read points to " + value(0) + "; it was not ruled out either.";
    case AnswerPart::error_lines:
        return value(0) + " error lines in " + value(1) + " patterns.";
    case AnswerPart::not_seen:
        return gap_words(line, reader.language);
    case AnswerPart::price:
        return price_words(line);
    case AnswerPart::deeper_same:
        return "Looked " + value(0) + " back, " + value(1) + " neighbours: nothing new.";
    case AnswerPart::deeper_new:
        return "Looked " + value(0) + " back, " + value(1) + " neighbours: " + value(2) + " new facts.";
    case AnswerPart::cause_changed:
        return "The first cause is now: " + value(0);
    case AnswerPart::cause_same:
        return "The first cause stays: " + value(0);
    case AnswerPart::nothing_to_compare:
        return "Looked " + value(0) + " back, " + value(1) + " neighbours; there was no diagnosis before.";
    case AnswerPart::call_would_tell:
        return "This call would tell: " + value(0) + (value(1).empty() ? "" : " (" + value(1) + ")");
    default:
        return std::string(fixed_words(line.part));
    }
}

std::string link_of(AnswerLine const& line, Investigation const* investigation) {
    auto const* fact
        = investigation == nullptr || line.facts.empty() ? nullptr : investigation->evidence.find(line.facts.front());
    return fact == nullptr ? std::string() : fact->link;
}

} // namespace

Message compose_answer(
    Incident const& incident, ChatAnswer const& answer, Investigation const* investigation, Reader const& reader) {
    Message message;
    message.kind = MessageKind::answer;
    message.incident = incident.id;
    message.language = reader.language;
    message.severity = incident.severity;
    message.link = incident_link(incident.id, reader);
    message.title = answer.question.empty() ? one_line(incident.leading_alarm().name, most_name_bytes)
                                            : one_line(answer.question, 140);
    for (auto const& line : answer.lines) {
        auto text = words_of(line, investigation, reader);
        if (text.empty())
            continue;
        if (message.headline.empty()) {
            message.headline = std::move(text);
            message.headline_facts = line.facts;
        } else {
            message.what_happened.push_back({ std::move(text), line.facts, link_of(line, investigation) });
        }
    }
    return message;
}

} // namespace convops
