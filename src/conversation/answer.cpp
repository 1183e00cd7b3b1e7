#include "conversation/answer.h"

#include "base/text.h"
#include "conversation/readings.h"

namespace convops {

namespace {

// An answer that leaves more than half of the words unexplained is to another question.
constexpr double least_explained = 0.5;
// A search has only words in common with the question, so it must have most of them.
constexpr double least_explained_by_search = 0.51;
constexpr std::size_t most_question_bytes_read = 1'000;

struct Candidate {
    Reading reading;
    double explained = 0; // share of the words that mean something
};

double share_explained(Reading const& reading, QuestionWords const& words) {
    if (words.content.empty())
        return 1; // "why?"
    std::size_t explained = 0;
    for (auto const& word : words.content)
        explained += reading.explained.contains(word) ? 1U : 0U;
    return static_cast<double>(explained) / static_cast<double>(words.content.size());
}

std::vector<AnswerLine> not_in_evidence(QuestionWords const& words) {
    std::vector<AnswerLine> lines { { AnswerPart::not_in_evidence, {}, {}, {} } };
    if (auto const* call = telling_call(words.tokens))
        lines.push_back(
            { AnswerPart::call_would_tell, { std::string(call->command), std::string(call->iam_action) }, {}, {} });
    return lines;
}

} // namespace

ChatAnswer answer(std::string_view question, Investigation const& investigation) {
    ChatAnswer result;
    result.question = shorten(clean_utf8(question), most_question_bytes_read);
    auto const words = words_of_question(result.question);
    Statements const statements(investigation);

    // In order of precedence: of two that explain as much, the first wins.
    std::vector<Reading> readings;
    for (auto const& match : topics_of(words.tokens))
        readings.push_back(read_topic(match, words, investigation, statements));
    readings.push_back(read_metrics(words, investigation));
    readings.push_back(read_resource(words, investigation));
    readings.push_back(read_statements(words, statements));

    Candidate best;
    for (auto& reading : readings) {
        if (reading.lines.empty())
            continue;
        auto const explained = share_explained(reading, words);
        auto const least = &reading == &readings.back() ? least_explained_by_search : least_explained;
        if (explained >= least && explained > best.explained)
            best = { std::move(reading), explained };
    }
    result.lines = best.reading.lines.empty() ? not_in_evidence(words) : std::move(best.reading.lines);
    return result;
}

} // namespace convops
