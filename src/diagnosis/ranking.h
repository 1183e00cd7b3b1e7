// From candidates to causes. A candidate that an earlier link of the chain explains becomes evidence for that link:
// the deploy is the cause, the memory that it exhausted is a fact.
#pragma once

#include "diagnosis/hypotheses.h"

namespace convops {

constexpr double belief_bar = 0.5; // below it nothing is called a cause
constexpr std::size_t most_causes = 4;

struct Ranked {
    Candidate candidate;
    double log_odds = 0; // after explaining away
    std::vector<Fact const*> chain; // facts of the candidates that it explains
    bool explained = false; // by an earlier link
    // What the facts alone would make of it, 0..1; bars compare it. What a reader is shown is Cause::score.
    [[nodiscard]] double belief() const;
};

// Best first. Deterministic for any order of the candidates.
std::vector<Ranked> rank(Context const& context, std::vector<Candidate> candidates);

// Whether a cause of the first kind can bring about the second.
bool can_bring_about(CauseKind cause, CauseKind effect);

Cause to_cause(Ranked const& ranked);

} // namespace convops
