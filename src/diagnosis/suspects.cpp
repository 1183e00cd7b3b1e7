#include "diagnosis/suspects.h"

#include "stats/robust.h"

#include <algorithm>
#include <cmath>

namespace convops {

namespace {

constexpr std::size_t least_normal_changes = 20; // fewer do not tell what is usual
constexpr double least_deviation = 2.5; // in spreads
constexpr double rare = 0.03; // share of normal changes that are as large
constexpr double alarming_deviation = 4; // somebody must stand out as far as this, or nothing happened
constexpr double most_deviation = 20; // beyond it everybody is equally sure to have moved
constexpr double explained_share = 0.05; // what is explained by callees still counts so much: it ranks, but low

struct Loss {
    double deviation = 0;
    double usual = 1; // share of normal changes at least as large
    double total = 0; // over all requests since the fault
    double requests = 0;
    [[nodiscard]] bool unusual() const { return deviation >= least_deviation && usual <= rare && total > 0; }
};

// Mean of the values that are there; NaN for none.
double mean_of(std::span<double const> values) {
    double sum = 0;
    std::size_t count = 0;
    for (double const value : values)
        if (!std::isnan(value)) {
            sum += value;
            ++count;
        }
    return count > 0 ? sum / double(count) : std::nan("");
}

// The level before: the best of the quiet points. The last of them may hold the first of the fault already.
double level_before(std::span<double const> quiet, LossMeasure measure) {
    double best = std::nan("");
    for (double const value : quiet)
        if (!std::isnan(value) && (std::isnan(best) || (measure == LossMeasure::latency) == (value < best)))
            best = value;
    return best;
}

// How much worse the points after the first quiet one are than the level before. That choosing the best makes it
// positive does no harm: normal changes are taken in the same way.
double change_in(std::span<double const> window, std::size_t quiet, LossMeasure measure) {
    double const change = mean_of(window.subspan(1)) - level_before(window.first(quiet), measure);
    return measure == LossMeasure::latency ? change : -change;
}

double requests_at(WatchedNode const& node, std::size_t at) {
    if (at >= node.requests.size())
        return node.requests.empty() ? 1 : 0;
    return std::isnan(node.requests[at]) ? 0 : node.requests[at];
}

Loss loss_of(WatchedNode const& node, std::size_t quiet, LossMeasure measure) {
    Loss loss;
    auto const points = node.now.size();
    if (points <= quiet || quiet == 0)
        return loss;
    double const before = level_before(std::span(node.now).first(quiet), measure);
    for (std::size_t i = 1; i < points; ++i) {
        loss.requests += requests_at(node, i);
        if (!std::isnan(node.now[i]) && !std::isnan(before)) {
            double const worse = measure == LossMeasure::latency ? node.now[i] - before : before - node.now[i];
            loss.total += worse * requests_at(node, i) / (measure == LossMeasure::latency ? 1 : 100);
        }
    }
    double const change = change_in(node.now, quiet, measure);
    std::vector<double> changes;
    for (std::size_t i = 0; i + points <= node.normal.size(); ++i)
        if (double const one = change_in(std::span(node.normal).subspan(i, points), quiet, measure); !std::isnan(one))
            changes.push_back(one);
    if (std::isnan(change) || change <= 0 || changes.size() < least_normal_changes)
        return loss;
    auto const as_large = std::ranges::count_if(changes, [&](double one) { return one >= change; });
    loss.usual = double(as_large + 1) / double(changes.size() + 1);
    double const middle = median_of_copy(changes);
    for (auto& one : changes)
        one = std::abs(one - middle);
    // A failed request is the smallest step that an availability can take; latency is known to a few percent.
    double const least
        = measure == LossMeasure::latency ? 0.02 * std::abs(before) : 100 / std::max(1.0, loss.requests);
    loss.deviation = (change - middle) / std::max({ 1.4826 * median_of(changes), least, 1e-300 });
    return loss;
}

std::vector<bool> reachable_from(SuspectQuestion const& question) {
    std::vector<std::vector<std::size_t>> callees(question.nodes.size());
    for (auto const& call : question.calls)
        callees[call.caller].push_back(call.callee);
    std::vector<bool> reached(question.nodes.size());
    std::vector<std::size_t> open { question.target };
    reached[question.target] = true;
    while (!open.empty()) {
        auto const node = open.back();
        open.pop_back();
        for (auto const callee : callees[node])
            if (!reached[callee]) {
                reached[callee] = true;
                open.push_back(callee);
            }
    }
    return reached;
}

// What the callees' losses explain of each node's: each callee's, by the caller's share of those who call it.
std::vector<double> explained_losses(SuspectQuestion const& question, std::vector<Loss> const& losses) {
    std::vector<double> of_callers(losses.size());
    for (auto const& call : question.calls)
        if (call.caller != call.callee)
            of_callers[call.callee] += losses[call.caller].requests;
    std::vector<double> explained(losses.size());
    for (auto const& call : question.calls) {
        auto const& callee = losses[call.callee];
        if (call.caller != call.callee && callee.unusual() && of_callers[call.callee] > 0)
            explained[call.caller] += callee.total * losses[call.caller].requests / of_callers[call.callee];
    }
    return explained;
}

} // namespace

std::vector<Suspect> rank_suspects(SuspectQuestion const& question) {
    if (question.target >= question.nodes.size())
        return {};
    std::vector<Loss> losses;
    for (auto const& node : question.nodes)
        losses.push_back(loss_of(node, question.quiet, question.measure));
    auto const reached = reachable_from(question);
    auto const explained = explained_losses(question, losses);
    std::vector<Suspect> suspects;
    double all = 0;
    bool alarming = false;
    for (std::size_t i = 0; i < losses.size(); ++i) {
        auto const& loss = losses[i];
        if (!reached[i] || !loss.unusual())
            continue;
        double const own = std::max(0.0, loss.total - explained[i]) + explained_share * loss.total;
        double const score = own * std::min(loss.deviation, most_deviation);
        suspects.push_back({ i, score, loss.deviation, own, loss.total });
        all += score;
        alarming |= loss.deviation >= alarming_deviation;
    }
    if (!alarming)
        return {};
    for (auto& suspect : suspects)
        suspect.score *= 1 / all * (suspect.node == question.target ? 1e-3 : 1);
    std::ranges::stable_sort(suspects, [](Suspect const& a, Suspect const& b) { return a.score > b.score; });
    return suspects;
}

} // namespace convops
