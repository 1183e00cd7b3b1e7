#include "audit/score.h"

#include <algorithm>
#include <map>

namespace convops {

namespace {

constexpr std::size_t most_best_fixes = 3;
constexpr double capped_at = 79.9; // A report with an alarm that reaches nobody is at most a C.

struct Sum {
    double weight = 0, passed = 0;
    [[nodiscard]] std::optional<double> score() const {
        return weight > 0 ? std::optional(100 * passed / weight) : std::nullopt;
    }
};

double weight_checked(ScoredCheck const& check) {
    return check.pass ? weight_of(check.summary.severity) * (1 - check.unknown) : 0;
}

Sum sum_of(std::span<ScoredCheck const> checks, std::optional<AuditCategory> category) {
    Sum sum;
    for (auto const& check : checks)
        if (!category || check.summary.category == *category) {
            sum.weight += weight_checked(check);
            sum.passed += weight_checked(check) * check.pass.value_or(0);
        }
    return sum;
}

AuditCategoryScore category_score(AuditCategory category, std::span<ScoredCheck const> checks) {
    AuditCategoryScore all { category, sum_of(checks, category).score() };
    for (auto const& check : checks) {
        if (check.summary.category != category)
            continue;
        if (check.summary.failed > 0)
            ++all.failed;
        else if (check.summary.unknown > 0)
            ++all.unknown;
        else if (check.summary.passed > 0) // A check without anything to look at has neither passed nor failed.
            ++all.passed;
    }
    return all;
}

void add_best_fixes(AuditReport& report, std::span<ScoredCheck const> checks) {
    auto const total = sum_of(checks, std::nullopt).weight;
    for (auto const& check : checks) {
        if (total <= 0 || check.summary.failed == 0 || !check.pass)
            continue;
        auto const gain = 100 * weight_checked(check) * (1 - *check.pass) / total;
        if (gain <= 0)
            continue;
        BestFix fix;
        fix.checks = { check.summary.check };
        fix.gain = gain;
        fix.statement = check.summary.title;
        for (auto const& finding : report.findings)
            if (finding.check == check.summary.check && finding.judgement.result == AuditResult::fail
                && !finding.judgement.fix.empty()) {
                fix.fix = finding.judgement.fix;
                break;
            }
        report.best_fixes.push_back(std::move(fix));
    }
    std::stable_sort(report.best_fixes.begin(), report.best_fixes.end(),
        [](auto const& a, auto const& b) { return a.gain > b.gain; });
    if (report.best_fixes.size() > most_best_fixes)
        report.best_fixes.resize(most_best_fixes);
}

} // namespace

double weight_of(AuditSeverity severity) {
    switch (severity) {
    case AuditSeverity::high:
        return 5;
    case AuditSeverity::medium:
        return 3;
    case AuditSeverity::low:
        return 1;
    case AuditSeverity::information:
        return 0;
    }
    return 0;
}

namespace {

// What a check looked at in one Region, or in the account when it is judged once.
struct LookedAt {
    double passed = 0, failed = 0, unknown = 0; // weights
    bool names_something = false; // otherwise it is not known how much there is
    [[nodiscard]] double all() const { return passed + failed + unknown; }
};

double unknown_share(std::map<std::string, LookedAt> const& places) {
    double unknown = 0, all = 0, seen = 0, blind = 0;
    for (auto const& [region, place] : places) {
        if (!place.names_something) {
            blind += 1;
            continue;
        }
        seen += 1;
        unknown += place.unknown;
        all += place.all();
    }
    if (all <= 0)
        return places.empty() ? 0 : 1;
    auto const of_blind = blind * all / seen;
    return (unknown + of_blind) / (all + of_blind);
}

} // namespace

ScoredCheck scored_check(AuditCheck const& check, std::span<AuditJudgement const> judgements) {
    ScoredCheck scored;
    scored.summary
        = { std::string(check.name), std::string(check.title), check.number, check.category, check.severity };
    std::map<std::string, LookedAt> places;
    double passed = 0, judged = 0;
    for (auto const& judgement : judgements) {
        auto& place = places[check.per_region ? judgement.region : std::string()];
        if (judgement.result == AuditResult::unknown) {
            ++scored.summary.unknown;
            place.unknown += judgement.weight;
            place.names_something = place.names_something || !judgement.resource.empty();
            continue;
        }
        place.names_something = true;
        judged += judgement.weight;
        if (judgement.result == AuditResult::pass) {
            passed += judgement.weight;
            place.passed += judgement.weight;
            ++scored.summary.passed;
        } else {
            place.failed += judgement.weight;
            ++scored.summary.failed;
        }
    }
    if (judged > 0)
        scored.pass = passed / judged;
    scored.unknown = unknown_share(places);
    return scored;
}

void score(AuditReport& report, std::span<ScoredCheck const> checks) {
    auto const all = sum_of(checks, std::nullopt);
    report.score = all.score().value_or(0);
    double unknown = 0, weight = 0;
    for (auto const& check : checks) {
        auto const own = weight_of(check.summary.severity);
        bool const looked_at = check.pass || check.summary.unknown > 0;
        weight += looked_at ? own : 0;
        unknown += looked_at ? own * (check.pass ? check.unknown : 1) : 0;
        if (check.summary.category == AuditCategory::delivery && check.summary.severity == AuditSeverity::high
            && check.summary.failed > 0 && report.score > capped_at && report.grade_capped_by.empty())
            report.grade_capped_by = check.summary.check;
    }
    report.unknown_share = report.unchecked_share = weight > 0 ? unknown / weight : 0;
    report.grade = grade_of(report.grade_capped_by.empty() ? report.score : std::min(report.score, capped_at));
    for (std::size_t i = 0; i < audit_category_count; ++i)
        report.categories.push_back(category_score(static_cast<AuditCategory>(i), checks));
    add_best_fixes(report, checks);
}

char grade_of(double score) {
    constexpr std::array<double, 5> least { 90, 80, 70, 60, 50 };
    for (std::size_t i = 0; i < least.size(); ++i)
        if (score >= least[i])
            return static_cast<char>('A' + i);
    return 'F';
}

} // namespace convops
