// The diagnosis in a model's words, after code has checked each sentence. What did not hold is gone and counted.
#pragma once

#include "base/ids.h"

#include <cstdint>
#include <map>
#include <vector>

namespace convops {

struct CheckedSentence {
    std::string text;
    std::vector<FactId> facts; // what supports it; at least one, unless it speaks of the alarm itself
};

struct WordedDiagnosis {
    std::string language; // a message in another language uses its template
    std::string model; // as the provider names it
    std::vector<CheckedSentence> headline; // empty: the template's stands
    std::vector<CheckedSentence> lines;
    std::map<std::string, int> dropped; // reason -> sentences
    std::string why_template; // empty when the model's words stand
    std::int64_t input_tokens = 0; // cached ones included
    std::int64_t output_tokens = 0;
    double usd = 0;

    [[nodiscard]] bool stands() const { return why_template.empty() && !headline.empty(); }
    [[nodiscard]] int dropped_sentences() const {
        int all = 0;
        for (auto const& [reason, count] : dropped)
            all += count;
        return all;
    }
};

} // namespace convops
