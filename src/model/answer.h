// An answer to what somebody asked about an incident, before it is worded: parts with their values and the facts that
// they cite. conversation/ decides the parts, message/ words them in the reader's language.
#pragma once

#include "model/message.h"

namespace convops {

enum class AnswerPart : std::uint8_t {
    statement, // values: a statement of a fact, a cause or a check, as the diagnosis has it
    at_statement, // at, values: the statement
    began, // at
    began_unknown, // at: when the alarm fired
    alarm_now, // the alarm's metric as it was read last: still past the threshold, or back
    over, // at: since when all alarms are OK
    cause, // values: rank, score in per cent, statement
    no_cause, // values: the best lead, or ""
    speaks_against, // values: statement
    ruled_out, // values: name of the kind of cause, why
    not_considered, // values: name of the kind of cause
    no_change, // none was recorded, and the trail could be read
    no_error_lines, // none was found, and the logs could be read
    error_lines, // values: number of lines, number of patterns
    no_aws_event, // AWS Health was read and has none
    not_seen, // values: source, why, IAM action or "", what it would have told
    all_read, // nothing that was asked for failed
    action, // values: statement
    no_action, // nothing to suggest
    price, // values: AWS calls, tokens, dollars, seconds
    healthy, // the verdict is healthy or self-healed
    deeper_same, // values: minutes back, number of neighbours: nothing new
    deeper_new, // values: minutes back, number of neighbours, number of new facts
    cause_changed, // values: statement of the first cause now
    cause_same, // values: statement of the first cause, before and now
    nothing_to_compare, // values: minutes back, number of neighbours: there was no diagnosis before
    not_in_evidence,
    call_would_tell, // values: "aws ...", IAM action or ""
    no_diagnosis_yet,
    still_running, // the investigation: what is said now may change
    note, // values: a sentence from the lifecycle
    vote_taken, // values: how many people say right, how many say not it
    vote_without_cause, // no cause was named
    vote_of_another_cause, // than the one that is shown
};

struct AnswerLine {
    AnswerPart part = AnswerPart::statement;
    std::vector<std::string> values; // plain, hostile text among them
    std::optional<Time> at;
    std::vector<FactId> facts; // what it cites; facts of the incident's own evidence
};

struct ChatAnswer {
    std::string question; // as it came; empty for what a deeper look added
    std::vector<AnswerLine> lines; // at least one

    // False: the evidence does not say, and a line tells so.
    [[nodiscard]] bool in_evidence() const {
        return std::none_of(lines.begin(), lines.end(),
            [](AnswerLine const& line) { return line.part == AnswerPart::not_in_evidence; });
    }
};

} // namespace convops
