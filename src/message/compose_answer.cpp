// From the parts of an answer to a message, in the reader's language. The first part is the headline; the others
// follow as lines. Statements of facts and causes are worded from their types where the language has words for them.
#include "base/text.h"
#include "message/cause_words.h"

#include <charconv>

namespace convops {

namespace {

// One answer under composition.
class Wording {
public:
    Wording(Incident const& incident, Investigation const* investigation, Reader const& reader)
        : incident_(incident)
        , investigation_(investigation)
        , telling_ { reader, incident.opened_at,
            investigation == nullptr ? std::nullopt : investigation->diagnosis.onset }
        , say_it_(telling_.words()) { }

    [[nodiscard]] std::string words_of(AnswerLine const& line) const {
        auto const& words = say_it_.answers;
        auto const value = [&](std::size_t index) { return value_of(line, index); };
        switch (line.part) {
        case AnswerPart::statement:
        case AnswerPart::action:
        case AnswerPart::note:
            return statement_of(line, 0);
        case AnswerPart::vote_taken:
            return say(say_it_.votes.taken, { value(0), value(1) });
        case AnswerPart::vote_without_cause:
            return say_it_.votes.no_cause.text();
        case AnswerPart::vote_of_another_cause:
            return say_it_.votes.other_cause.text();
        case AnswerPart::at_statement:
            return clock_of(line) + " · " + statement_of(line, 0);
        case AnswerPart::began:
            return say(words.began, { clock_of(line) });
        case AnswerPart::began_unknown:
            return say(words.began_unknown, { clock_of(line) });
        case AnswerPart::over:
            return say(words.over, { clock_of(line) });
        case AnswerPart::alarm_now:
            return alarm_now();
        case AnswerPart::cause:
            return say(words.cause, { value(0), value(1), statement_of(line, 2) });
        case AnswerPart::no_cause:
            return lead_of(line);
        case AnswerPart::speaks_against:
            return say(words.speaks_against, { statement_of(line, 0) });
        case AnswerPart::ruled_out:
            return say(words.ruled_out, { kind_of(line), why_ruled_out(line) });
        case AnswerPart::not_considered:
            return say(words.not_considered, { kind_of(line) });
        case AnswerPart::error_lines:
            return say(words.error_lines, { value(0), value(1) });
        case AnswerPart::not_seen:
            return gap_of(line);
        case AnswerPart::price:
            return say(say_it_.price,
                { value(0) == "1" ? say_it_.one_call.text() : say(say_it_.calls, { value(0) }), value(1), value(2),
                    value(3) });
        case AnswerPart::cause_changed:
            return say(words.cause_changed, { statement_of(line, 0) });
        case AnswerPart::cause_same:
            return say(words.cause_same, { statement_of(line, 0) });
        case AnswerPart::deeper_same:
            return say(words.deeper_same, { back_of(line), value(1) });
        case AnswerPart::deeper_new:
            return say(words.deeper_new, { back_of(line), value(1), value(2) });
        case AnswerPart::nothing_to_compare:
            return say(words.nothing_to_compare, { back_of(line), value(1) });
        case AnswerPart::call_would_tell:
            return say(
                words.call_would_tell, { value(0) + (value(1).empty() ? std::string() : " (" + value(1) + ")") });
        default:
            return fixed_words(line.part);
        }
    }

    [[nodiscard]] std::string link_of(AnswerLine const& line) const {
        auto const* fact = fact_of(line);
        return fact == nullptr ? std::string() : fact->link;
    }

private:
    static std::string value_of(AnswerLine const& line, std::size_t index) {
        return index < line.values.size() ? one_line(line.values[index]) : std::string();
    }

    [[nodiscard]] std::string fixed_words(AnswerPart part) const {
        auto const& words = say_it_.answers;
        switch (part) {
        case AnswerPart::no_change:
            return words.no_change.text();
        case AnswerPart::no_error_lines:
            return words.no_error_lines.text();
        case AnswerPart::no_aws_event:
            return words.no_aws_event.text();
        case AnswerPart::all_read:
            return words.all_read.text();
        case AnswerPart::no_action:
            return words.no_action.text();
        case AnswerPart::healthy:
            return words.healthy.text();
        case AnswerPart::not_in_evidence:
            return words.not_in_evidence.text();
        case AnswerPart::no_diagnosis_yet:
            return words.no_diagnosis_yet.text();
        case AnswerPart::still_running:
            return words.still_running.text();
        default:
            return {};
        }
    }

    [[nodiscard]] std::string clock_of(AnswerLine const& line) const {
        return line.at ? clock_words(*line.at, telling_.near, telling_.reader) : std::string("?");
    }

    [[nodiscard]] Fact const* fact_of(AnswerLine const& line) const {
        return investigation_ == nullptr || line.facts.empty() ? nullptr
                                                               : investigation_->evidence.find(line.facts.front());
    }

    // The sentence as the evidence has it, worded for the reader when it is that of a fact, a cause or a fix.
    [[nodiscard]] std::string statement_of(AnswerLine const& line, std::size_t index) const {
        if (index >= line.values.size() || investigation_ == nullptr)
            return value_of(line, index);
        auto const& statement = line.values[index];
        if (auto const* fact = fact_of(line); fact != nullptr && fact->statement == statement)
            return fact_words(*fact, telling_);
        auto const& diagnosis = investigation_->diagnosis;
        for (auto const& cause : diagnosis.causes)
            if (cause.statement == statement)
                return one_line(cause_words(cause, investigation_->evidence, telling_));
        for (auto const& action : investigation_->actions)
            if (action.statement == statement)
                return one_line(action_words(action, diagnosis.causes, telling_.reader.language));
        return value_of(line, index);
    }

    [[nodiscard]] std::string lead_of(AnswerLine const& line) const {
        auto lead = investigation_ == nullptr
            ? value_of(line, 0)
            : one_line(lead_words(investigation_->diagnosis, investigation_->evidence, telling_));
        return lead.empty() ? say_it_.answers.no_cause.text() : say(say_it_.answers.best_lead, { lead });
    }

    [[nodiscard]] std::string kind_of(AnswerLine const& line) const {
        auto const kind = line.values.empty() ? std::nullopt : cause_kind_from(line.values[0]);
        return std::string(kind_words(kind.value_or(CauseKind::unknown), say_it_));
    }

    [[nodiscard]] std::string why_ruled_out(AnswerLine const& line) const {
        if (investigation_ != nullptr && line.values.size() > 1)
            for (auto const& each : investigation_->diagnosis.ruled_out)
                if (each.why == line.values[1])
                    return one_line(ruled_out_words(each, investigation_->evidence, telling_));
        return value_of(line, 1);
    }

    [[nodiscard]] std::string gap_of(AnswerLine const& line) const {
        auto const language = std::string_view(telling_.reader.language);
        Gap const* gap = nullptr;
        if (investigation_ != nullptr && line.values.size() > 1)
            for (auto const& each : investigation_->evidence.gaps)
                if (each.source == line.values[0] && each.why == line.values[1])
                    gap = &each;
        auto text = say(say_it_.answers.not_seen,
            { source_words(value_of(line, 0), language),
                gap == nullptr ? value_of(line, 1) : one_line(gap_why_words(*gap, language), 160) });
        if (gap != nullptr && !gap->iam_action.empty())
            text += " "
                + say(say_it_.answers.action_would_tell,
                    { one_line(gap->iam_action, most_name_bytes), one_line(gap_tells_words(*gap, language), 160) });
        return text;
    }

    // What the alarm's own metric said when it was read last.
    [[nodiscard]] std::string alarm_now() const {
        if (investigation_ == nullptr)
            return {};
        return compose_first_facts(incident_, investigation_->evidence, telling_.reader).headline;
    }

    [[nodiscard]] std::string back_of(AnswerLine const& line) const {
        auto const text = value_of(line, 0);
        int minutes = 0;
        std::from_chars(text.data(), text.data() + text.size(), minutes);
        return duration_words(Minutes { minutes }, say_it_);
    }

    Incident const& incident_;
    Investigation const* investigation_;
    Telling telling_;
    Catalogue const& say_it_;
};

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
    Wording const wording(incident, investigation, reader);
    for (auto const& line : answer.lines) {
        auto text = wording.words_of(line);
        if (text.empty())
            continue;
        if (message.headline.empty()) {
            message.headline = std::move(text);
            message.headline_facts = line.facts;
        } else {
            message.what_happened.push_back({ std::move(text), line.facts, wording.link_of(line) });
        }
    }
    return message;
}

void offer_deeper_look(Message& message, Reader const& reader) {
    auto const& say_it = words(reader.language).answers;
    message.deeper = say_it.dig_deeper.text();
    message.deeper_hint = say_it.dig_hint.text();
}

namespace {

void add_open_incidents(Message& message, ReplyMaterial const& material, Reader const& reader) {
    constexpr std::size_t most_named = 10;
    auto const& say_it = words(reader.language).answers;
    message.headline = material.open.empty() ? say_it.none_open.text()
                                             : say(say_it.open_incidents, { std::to_string(material.open.size()) });
    for (auto incident = material.open.rbegin(); incident != material.open.rend(); ++incident) {
        if (message.what_happened.size() == most_named)
            break;
        message.what_happened.push_back({ std::string(to_string(incident->severity)) + " · "
                + one_line(incident->leading_alarm().name, most_name_bytes) + " · "
                + clock_words(incident->opened_at, material.now, reader),
            {}, incident_link(incident->id, reader) });
    }
}

// What became of "mute orders-db 2h": the word carries what follows its first blank.
std::string mute_words(std::string_view word, ReplyMaterial const& material, Reader const& reader) {
    auto const& say_it = words(reader.language).digest;
    auto const about
        = word.substr(std::min(word.size(), word.find(' ') == word.npos ? word.size() : word.find(' ') + 1));
    auto const name = one_line(about, most_name_bytes);
    if (word.starts_with("muted "))
        return material.muted_until ? say(say_it.muted,
                                          { one_line(material.muted, most_name_bytes),
                                              clock_words(*material.muted_until, material.now, reader) })
                                    : say_it.mute_refused.text();
    if (word == "mute_how")
        return say_it.mute_how.text();
    if (word == "mute_refused")
        return say_it.mute_refused.text();
    if (word.starts_with("unmuted "))
        return say(say_it.unmuted, { name });
    if (word.starts_with("nothing_muted "))
        return say(say_it.nothing_muted, { name });
    return {};
}

} // namespace

Message compose_reply(std::string_view word, ReplyMaterial const& material, Reader const& reader) {
    auto const& say_it = words(reader.language).answers;
    Message message;
    if (word == "digest" && material.digest)
        return compose_digest(*material.digest, reader);
    if (auto answer = mute_words(word, material, reader); !answer.empty()) {
        message.headline = std::move(answer);
    } else if (word == "status") {
        add_open_incidents(message, material, reader);
    } else if (word == "usage") {
        message.headline = say(say_it.usage,
            { std::to_string(material.incidents), std::to_string(material.investigations),
                std::to_string(material.questions) });
    } else if (word == "hi") {
        message.headline = say_it.hello.text();
    } else if (word == "stop") {
        message.headline = material.of_a_number ? say_it.stopped.text() : say_it.stop_is_for_numbers.text();
    } else if (word == "yes" || word == "no") {
        message.headline = say_it.nothing_to_confirm.text();
    } else {
        message.headline = say_it.help.text();
        for (auto const& line :
            { say_it.help_status, say_it.help_usage, say_it.help_stop, words(reader.language).digest.help_mute })
            message.what_happened.push_back({ line.text(), {}, {} });
    }
    message.kind = MessageKind::answer;
    message.language = reader.language;
    message.title = "ConvOps";
    return message;
}

} // namespace convops
