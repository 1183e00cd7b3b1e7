// The score of docs/audit.md: per category 100 * sum(weight * pass) / sum(weight) over what could be checked.
#pragma once

#include "audit/checks.h"

namespace convops {

// How much a check counts: H 5, M 3, L 1; information does not count.
double weight_of(AuditSeverity severity);

struct ScoredCheck {
    AuditCheckSummary summary;
    std::optional<double> pass; // 0..1: the share of things that passed, by their weight; nullopt: nothing was judged
    double unknown = 0; // 0..1: the share that could not be checked
};

// By weight, where an unknown judgement weighs what it stands for. A Region of which nothing is said but that its
// list could not be read has an unknown number of things: it counts as a Region of the mean weight of those that were
// read, and where none was read everything is unknown. docs/decisions/ says why.
ScoredCheck scored_check(AuditCheck const& check, std::span<AuditJudgement const> judgements);

// Fills score, grade, cap, categories, share that could not be checked, and the three best fixes.
void score(AuditReport& report, std::span<ScoredCheck const> checks);

char grade_of(double score); // A from 90, B from 80, C from 70, D from 60, E from 50, F below

} // namespace convops
