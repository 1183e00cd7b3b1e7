// Hypotheses: one file for each family of causes. Each looks at the context and proposes candidates, with the weight
// of every fact for and against. Whether a candidate is a cause or only a link of another's chain is decided in
// ranking.
#pragma once

#include "diagnosis/context.h"

namespace convops {

// One piece of evidence, in log-odds: +2.2 makes an even chance 90 %. The fact may be missing: a thought, not a
// datum.
struct Weight {
    double log_odds = 0;
    Fact const* fact = nullptr;
};

struct Candidate {
    CauseKind kind = CauseKind::unknown;
    Resource resource;
    std::string statement; // one sentence, with resource, time and numbers
    double prior = -2; // log-odds before any evidence
    std::vector<Weight> weights;
    std::optional<Time> began_at;
    bool corroborated = false; // its own mechanism was seen, not only that it happened nearby
    bool internal_symptom = false; // a callee in the account is ill, with no word of why

    void weigh(double log_odds, Fact const* fact = nullptr) { weights.push_back({ log_odds, fact }); }
    [[nodiscard]] double log_odds() const {
        double sum = prior;
        for (auto const& weight : weights)
            sum += weight.log_odds;
        return sum;
    }
};

struct Hypothesis {
    std::string_view name; // file name
    std::vector<Candidate> (*propose)(Context const& context) = nullptr;
};

namespace hypotheses {
using Registered = Hypothesis;
std::vector<Registered> all(); // generated from the folder, sorted by name
} // namespace hypotheses

} // namespace convops
