#include "diagnosis/suspects.h"

#include "diagnosis/usual_changes.h"
#include "stats/robust.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace convops {

namespace {

constexpr std::size_t least_normal_values = 20; // fewer do not tell what is usual
constexpr double least_step = 0.02; // latency is known to a few percent
constexpr double half_a_request = 0.5; // that failed: the smallest step that an availability takes
constexpr double never_seen_deviation = 4; // of what fails and has no normal time to compare with
constexpr double moved = 1.7; // spreads at which a node half counts as moved
constexpr double moved_slope = 3;
constexpr double half_sure = 10; // spreads at which a node has half of its weight
constexpr double most_deviation = 20; // beyond it everybody is equally sure to have moved
constexpr double worth_a_look = 2; // spreads from which a node speaks for a segment
constexpr double kept_share = 0.05; // what is explained by callees still counts so much: it ranks, but low
constexpr double target_share = 1e-3; // that the target suffers is the question
// An incident is what fewer than so many windows of the same normal time look like, asked with the same target.
constexpr double usual_share = 0.03;
constexpr double least_normal_windows = 50; // fewer do not tell such a share
constexpr double unknown_bar = 3.3; // spreads, where there are fewer
constexpr double least_evidence = 2; // spreads: what never moved may move a little
constexpr double target_weight = 0.4; // of the target's own change, beside the worst node's
constexpr double most_target_deviation = 3;

struct Change {
    bool there = false;
    bool seen_before = false; // its normal time is known
    double by = 0; // for the worse, seconds or percent
    double spread = 0; // of such changes in normal times
    double of_mean = 0; // its deviation, in spreads
    double deviation = 0; // the larger of the mean's and of what lasted
    double lasting = 0; // deviation of what at least two points agree on
    double loss = 0; // over all requests in the segment: seconds or requests
    double requests = 0;
};

// A node in one segment, with what it does there on normal days.
struct Compared {
    Change change;
    UsualChanges mean;
    UsualChanges lasting;
};

double requests_at(WatchedNode const& node, std::size_t at) {
    if (at >= node.requests.size())
        return node.requests.empty() ? 1 : 0;
    return std::isnan(node.requests[at]) ? 0 : node.requests[at];
}

double usual_level(WatchedNode const& node) {
    std::vector<double> values;
    for (double const value : node.normal)
        if (!std::isnan(value))
            values.push_back(value);
    return values.size() >= least_normal_values ? median_of(values) : std::nan("");
}

struct Weights {
    std::vector<double> now;
    std::vector<double> normal;
};

Compared compare(WatchedNode const& node, Weights const& weights, Segment segment, LossMeasure measure,
    WindowPlaces const& places) {
    Compared compared;
    auto& change = compared.change;
    bool const latency = measure == LossMeasure::latency;
    double const sign = latency ? 1 : -1;
    Said const window { node.now, weights.now };
    Said const normal { node.normal, weights.normal };
    auto const [inside, outside, weight] = levels_of(window, segment, sign, LevelKind::mean);
    double before = sign * outside;
    if (std::isnan(before))
        before = usual_level(node);
    if (std::isnan(before) && !latency)
        before = 100; // nobody called it before
    if (std::isnan(inside) || std::isnan(before))
        return compared;
    change.there = true;
    change.by = inside - sign * before;
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
        double const requests = requests_at(node, i);
        change.requests += requests;
        if (!std::isnan(node.now[i]))
            change.loss += sign * (node.now[i] - before) * requests / (latency ? 1 : 100);
    }
    double const least = std::max(
        latency ? least_step * std::abs(before) : 100 * half_a_request / std::max(1.0, change.requests), 1e-300);
    compared.mean = UsualChanges(normal, places, segment, sign, LevelKind::mean, least);
    change.seen_before = compared.mean.known();
    change.spread = compared.mean.spread(weight);
    if (!change.seen_before) {
        change.deviation = !latency && change.by > 0 ? std::min(never_seen_deviation, change.by / change.spread) : 0;
        change.of_mean = change.deviation;
        return compared;
    }
    change.of_mean = change.deviation = compared.mean.deviation(change.by, weight);
    if (segment.end - segment.begin < 2)
        return compared;
    compared.lasting = UsualChanges(normal, places, segment, sign, LevelKind::lasting, least);
    double const lasted = levels_of(window, segment, sign, LevelKind::lasting).inside - sign * before;
    if (!std::isnan(lasted) && lasted > 0 && change.by > 0 && compared.lasting.known())
        change.lasting = compared.lasting.deviation(lasted, weight);
    change.deviation = std::max(change.deviation, change.lasting);
    return compared;
}

// The same at a place in the normal time, with the requests of now. Not told, to save time, where it would be below
// `least` deviations.
Change change_at(Compared const& compared, std::size_t place, double unit, double least) {
    auto change = compared.change;
    change.by = compared.mean.at(place);
    change.there = compared.change.there && !std::isnan(change.by)
        && std::max(compared.mean.most_deviation_at(place), compared.lasting.most_deviation_at(place)) >= least;
    if (!change.there)
        return change;
    change.loss = change.by * change.requests / unit;
    change.of_mean = compared.mean.deviation_at(place);
    change.lasting = change.by > 0 ? compared.lasting.deviation_at(place) : 0;
    change.deviation = std::max(change.of_mean, change.lasting);
    return change;
}

double half_moved(double deviation) {
    return deviation <= 0 ? 0 : 1 / (1 + std::exp(-(deviation - moved) * moved_slope));
}

class Ranking {
public:
    explicit Ranking(SuspectQuestion const& question)
        : question_(question)
        , callees_(question.nodes.size())
        , callers_(question.nodes.size())
        , reached_(question.nodes.size())
        , points_(question.nodes[question.target].now.size()) {
        for (auto const& call : question.calls)
            if (call.caller != call.callee) {
                callees_[call.caller].push_back(call.callee);
                callers_[call.callee].push_back(call.caller);
            }
        reach(question.target);
        std::size_t normal_points = 0;
        for (auto const& node : question.nodes)
            normal_points = std::max(normal_points, node.normal.size());
        places_ = window_places(normal_points, points_);
        for (auto const& node : question.nodes)
            weights_.push_back(node.normal_requests.empty() || node.requests.empty()
                    ? Weights()
                    : Weights { said_by(node.requests), said_by(node.normal_requests) });
    }

    std::vector<Suspect> suspects() {
        look_at_segments();
        return is_incident() ? ranked() : std::vector<Suspect> {};
    }

private:
    void reach(std::size_t target) {
        std::vector<std::size_t> open { target };
        reached_[target] = true;
        while (!open.empty()) {
            auto const node = open.back();
            open.pop_back();
            for (auto const callee : callees_[node])
                if (!reached_[callee]) {
                    reached_[callee] = true;
                    open.push_back(callee);
                }
        }
    }

    // The last quiet point may hold the first of the fault, and the fault may come a point late. Long segments grow
    // by half.
    [[nodiscard]] std::vector<Segment> segments() const {
        std::vector<Segment> all;
        std::size_t const first = question_.quiet > 1 ? question_.quiet - 1 : 1;
        for (std::size_t begin = first; begin <= std::min(question_.quiet + 1, points_ - 1); ++begin)
            for (std::size_t length = 1; begin < points_; length += 1 + length / 4) {
                all.push_back({ begin, std::min(points_, begin + length) });
                if (begin + length >= points_)
                    break;
            }
        return all;
    }

    [[nodiscard]] std::vector<Compared> compare_all(Segment segment) const {
        std::vector<Compared> all(question_.nodes.size());
        for (std::size_t i = 0; i < all.size(); ++i)
            if (reached_[i] && question_.nodes[i].now.size() == points_)
                all[i] = compare(question_.nodes[i], weights_[i], segment, question_.measure, places_);
        return all;
    }

    // All nodes are compared over the same points: those in which the most of them, and the target twice, stand out.
    void look_at_segments() {
        double most = -1;
        for (auto const segment : segments()) {
            std::vector<Change> changes;
            double together = 0;
            for (auto const& compared : compare_all(segment)) {
                together += std::clamp(compared.change.deviation - worth_a_look, 0.0, most_deviation)
                    * (changes.size() == question_.target ? 2 : 1);
                changes.push_back(compared.change);
            }
            incident_ = std::max(incident_, evidence_in(changes));
            if (together > most) {
                most = together;
                changes_ = std::move(changes);
            }
        }
    }

    // Whether hardly any window of the normal time, asked in the same way, speaks as loudly for an incident.
    [[nodiscard]] bool is_incident() const {
        if (incident_ < least_evidence)
            return false;
        double const of_others = incident_ - target_weight * most_target_deviation; // less is not as loud
        enum class Voice : unsigned char { unknown, quiet, loud };
        std::vector<Voice> voices(places_.count, Voice::unknown);
        for (auto const segment : segments()) {
            auto const all = compare_all(segment);
            std::vector<Change> changes(all.size());
            for (std::size_t place = 0; place < voices.size(); ++place) {
                if (voices[place] == Voice::loud || std::isnan(all[question_.target].mean.at(place)))
                    continue;
                for (std::size_t i = 0; i < all.size(); ++i)
                    changes[i] = change_at(all[i], place, unit(), i == question_.target ? 0 : of_others);
                voices[place] = evidence_in(changes) >= incident_ ? Voice::loud : Voice::quiet;
            }
        }
        auto const known = double(voices.size()) - double(std::ranges::count(voices, Voice::unknown));
        auto const loud = double(std::ranges::count(voices, Voice::loud));
        return known < least_normal_windows ? incident_ >= unknown_bar : loud + 1 <= usual_share * (known + 1);
    }

    // How much of its loss the target may have felt: all that it lost itself, and two spreads that nobody sees.
    [[nodiscard]] double felt(std::vector<Change> const& changes, std::size_t node) const {
        auto const& target = changes[question_.target];
        if (node == question_.target || !target.there)
            return 1;
        double const room = (std::max(0.0, target.by) + 2 * target.spread) * target.requests / unit();
        return room > 0 ? std::clamp(room / changes[node].loss, 0.02, 1.0) : 0.02;
    }

    // How far the worst node stands out in what lasted, less where the target could not notice it, or did not; and
    // the target itself, whoever is to blame.
    [[nodiscard]] double evidence_in(std::vector<Change> const& changes) const {
        auto const& target = changes[question_.target];
        double const noise = target.spread * target.requests / unit();
        bool const has_begun = points_ - question_.quiet < 2; // a single point cannot last
        double worst = 0;
        for (std::size_t i = 0; i < changes.size(); ++i) {
            auto const& change = changes[i];
            double const deviation = has_begun ? change.deviation : change.lasting;
            if (!change.there || change.loss <= 0 || deviation <= 0)
                continue;
            double const noticed = noise > 0 ? std::clamp(change.loss / noise, 0.01, 1.0) : 1;
            worst = std::max(worst, deviation * std::sqrt(noticed) * std::pow(felt(changes, i), 0.3));
        }
        return worst + target_weight * std::min(target.of_mean, most_target_deviation);
    }

    // What the callees' losses explain of a node's: each callee's, by the caller's share of those who call it. Who
    // was never called before explains nothing: whoever began to call it has changed.
    [[nodiscard]] double explained(std::size_t node) const {
        double sum = 0;
        for (auto const callee : callees_[node]) {
            auto const& change = changes_[callee];
            if (!change.there || change.loss <= 0 || !change.seen_before)
                continue;
            double of_callers = 0;
            for (auto const caller : callers_[callee])
                of_callers += changes_[caller].requests;
            if (of_callers > 0)
                sum += half_moved(change.deviation) * change.loss * changes_[node].requests / of_callers;
        }
        return sum;
    }

    std::vector<Suspect> ranked() const {
        double most = 0;
        for (auto const& change : changes_)
            if (change.there)
                most = std::max(most, change.loss * half_moved(change.deviation));
        std::vector<Suspect> suspects;
        double all = 0;
        for (std::size_t i = 0; i < changes_.size() && most > 0; ++i) {
            auto const& change = changes_[i];
            if (!change.there || change.deviation <= 0 || change.loss <= 0)
                continue;
            double const own = std::max(0.0, change.loss - explained(i));
            double const share = std::min(1.0, (own + kept_share * change.loss) / most);
            double const deviation = std::min(change.deviation, most_deviation);
            double const score = deviation / (deviation + half_sure) * half_moved(change.deviation) * share
                * std::sqrt(felt(changes_, i)) * (i == question_.target ? target_share : 1);
            suspects.push_back({ i, score, change.deviation, own, change.loss });
            all += score;
        }
        for (auto& suspect : suspects)
            suspect.score /= all > 0 ? all : 1;
        std::ranges::sort(suspects, [](Suspect const& a, Suspect const& b) {
            return std::tuple(-a.score, -a.loss, a.node) < std::tuple(-b.score, -b.loss, b.node);
        });
        return suspects;
    }

    [[nodiscard]] double unit() const { return question_.measure == LossMeasure::latency ? 1 : 100; }

    SuspectQuestion const& question_;
    std::vector<std::vector<std::size_t>> callees_, callers_;
    std::vector<bool> reached_;
    std::size_t points_;
    WindowPlaces places_;
    std::vector<Weights> weights_; // of the nodes' values
    std::vector<Change> changes_; // in the segment that was chosen
    double incident_ = 0;
};

} // namespace

std::vector<Suspect> rank_suspects(SuspectQuestion const& question) {
    if (question.target >= question.nodes.size() || question.quiet == 0
        || question.nodes[question.target].now.size() <= question.quiet
        || question.nodes[question.target].now.size() > most_window_points)
        return {};
    return Ranking(question).suspects();
}

} // namespace convops
