// Checks what a model wrote: each claim of a sentence (number, time, name, direction, cause, order, advice) against
// what the sentence itself cites. A sentence with one claim that is not supported, or with one word that is not
// understood, is dropped, and the reason is kept. The model is never asked to be honest; it cannot be otherwise.
#pragma once

#include "model/investigation.h"
#include "wording/tokens.h"

#include <memory>

namespace convops {

class Docket;

struct WordedSentence {
    std::string text;
    std::vector<std::string> cites; // "F3", "C1", "R2", "A1", "G1", "I1"
};

enum class DropReason : std::uint8_t {
    none,
    too_long,
    forbidden, // a mention, a link, an address, markup
    uncited, // cites nothing, or something that does not exist
    words, // a word that no cited fact has and that the checker does not know
    name, // a resource, person or version that no cited fact names
    number,
    time,
    quote, // quotes what was not written
    direction, // rose for fell, above for below
    negation,
    cause, // blames what the diagnosis does not blame, or turns cause and effect round
    order, // before for after
    ruled_out,
    advice, // anything but a suggested action
    code_level, // a cause in somebody's code
    topic, // speaks of something that the cited fact is not about
};
std::string_view to_string(DropReason reason);

struct Judgement {
    DropReason dropped = DropReason::none;
    std::string what; // the words that failed, for the log
    std::vector<FactId> facts; // what supports the sentence
};

// Judges sentences about one investigation, which outlives it.
class Judge {
public:
    Judge(Investigation const& investigation, Readership reader);
    ~Judge();
    Judge(Judge const&) = delete;
    Judge& operator=(Judge const&) = delete;

    [[nodiscard]] Judgement judge(WordedSentence const& sentence) const;

private:
    std::unique_ptr<Docket> docket_;
    Readership reader_;
};

} // namespace convops
