#include "diagnosis/suspects.h"

#include "stats/robust.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

namespace convops {

namespace {

constexpr std::size_t least_normal_changes = 20; // fewer do not tell what is usual
constexpr std::size_t most_points = 64; // of a window
constexpr std::size_t most_normal_changes = 400; // more tell no more: every second or third is taken
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
// Chosen on the normal periods of PetShop with everything reachable from a front: of 351 windows 98.6 % stay below
// it.
constexpr double incident_bar = 2.8;

// The points of a window in which the fault is held to have been; the others are the comparison.
struct Segment {
    std::size_t begin = 0;
    std::size_t end = 0;
};

struct Change {
    bool there = false;
    bool seen_before = false; // its normal time is known
    double by = 0; // for the worse, seconds or percent
    double spread = 0; // of such changes in normal times
    double deviation = 0; // the larger of the mean's and of what lasted, in spreads
    double lasting = 0; // deviation of what at least two points agree on
    double loss = 0; // over all requests in the segment: seconds or requests
    double requests = 0;
};

double requests_at(WatchedNode const& node, std::size_t at) {
    if (at >= node.requests.size())
        return node.requests.empty() ? 1 : 0;
    return std::isnan(node.requests[at]) ? 0 : node.requests[at];
}

enum class Level : unsigned char {
    mean, // of the segment
    lasting, // the level that half of its points, and at least two, reach
};

// How much worse it is inside the segment than outside. `sign` makes worse larger; NaN where one of them is empty.
struct Levels {
    double inside = std::nan("");
    double outside = std::nan("");
};

Levels levels_of(std::span<double const> window, Segment segment, double sign, Level level) {
    std::array<double, most_points> worse; // only for what lasts
    double in = 0;
    double out = 0;
    std::size_t count_in = 0;
    std::size_t count_out = 0;
    for (std::size_t i = 0; i < window.size(); ++i) {
        if (std::isnan(window[i]))
            continue;
        if (i < segment.begin || i >= segment.end) {
            out += sign * window[i];
            ++count_out;
        } else {
            in += sign * window[i];
            worse[count_in++] = sign * window[i];
        }
    }
    Levels levels;
    if (count_out > 0)
        levels.outside = out / double(count_out);
    if (level == Level::mean && count_in > 0)
        levels.inside = in / double(count_in);
    if (level == Level::lasting && count_in >= 2) {
        auto const middle = worse.begin() + std::ptrdiff_t((count_in - 1) / 2);
        std::nth_element(worse.begin(), middle, worse.begin() + std::ptrdiff_t(count_in));
        levels.inside = *middle;
    }
    return levels;
}

// Upper tail of the normal distribution (Abramowitz and Stegun 26.2.23).
double deviation_of_share(double share) {
    if (share > 0.5)
        return -deviation_of_share(1 - std::min(share, 1 - 1e-9));
    double const t = std::sqrt(-2 * std::log(share));
    return t
        - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
}

struct Usual {
    std::vector<double> changes; // for the worse
    double largest = 0;
    double middle = 0;
    double spread = 0;
};

Usual usual_changes(WatchedNode const& node, Segment segment, double sign, Level level) {
    Usual usual;
    auto const points = node.now.size();
    std::size_t const windows = node.normal.size() >= points ? node.normal.size() - points + 1 : 0;
    std::size_t const stride = windows / most_normal_changes + 1;
    for (std::size_t i = 0; i < windows; i += stride) {
        auto const levels = levels_of(std::span(node.normal).subspan(i, points), segment, sign, level);
        if (double const change = levels.inside - levels.outside; !std::isnan(change))
            usual.changes.push_back(change);
    }
    if (usual.changes.size() < least_normal_changes)
        return usual;
    usual.largest = *std::ranges::max_element(usual.changes);
    auto away = usual.changes;
    auto const at = [&](double share) {
        auto const place = away.begin() + std::ptrdiff_t(double(away.size()) * share);
        std::nth_element(away.begin(), place, away.end());
        return *place;
    };
    usual.middle = at(0.5);
    for (auto& one : away)
        one = std::abs(one - usual.middle);
    // A series of equal values with a few jumps has no median deviation; its jumps are usual all the same.
    usual.spread = std::max(1.4826 * at(0.5), at(0.95) / 1.96);
    return usual;
}

// In spreads, and no more than its rank among normal changes allows: what a node does on normal days is no sign.
double deviation_of(double change, Usual const& usual, double spread) {
    double const deviation = (change - usual.middle) / spread;
    if (deviation <= 0)
        return 0;
    auto const count = double(usual.changes.size());
    auto const as_large = double(std::ranges::count_if(usual.changes, [&](double one) { return one >= change; }));
    double const largest = usual.largest;
    double const by_rank = as_large > 0 ? deviation_of_share((as_large + 1) / (count + 1))
        : largest > 0                   ? deviation_of_share(1 / (count + 1)) * change / largest
                                        : deviation;
    return std::clamp(by_rank, 0.0, deviation);
}

double usual_level(WatchedNode const& node) {
    std::vector<double> values;
    for (double const value : node.normal)
        if (!std::isnan(value))
            values.push_back(value);
    return values.size() >= least_normal_changes ? median_of(values) : std::nan("");
}

Change change_of(WatchedNode const& node, Segment segment, LossMeasure measure) {
    Change change;
    bool const latency = measure == LossMeasure::latency;
    double const sign = latency ? 1 : -1;
    auto const [inside, outside] = levels_of(node.now, segment, sign, Level::mean);
    double before = sign * outside;
    if (std::isnan(before))
        before = usual_level(node);
    if (std::isnan(before) && !latency)
        before = 100; // nobody called it before
    if (std::isnan(inside) || std::isnan(before))
        return change;
    change.there = true;
    change.by = inside - sign * before;
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
        double const requests = requests_at(node, i);
        change.requests += requests;
        if (!std::isnan(node.now[i]))
            change.loss += sign * (node.now[i] - before) * requests / (latency ? 1 : 100);
    }
    double const least
        = latency ? least_step * std::abs(before) : 100 * half_a_request / std::max(1.0, change.requests);
    auto const usual = usual_changes(node, segment, sign, Level::mean);
    change.seen_before = usual.changes.size() >= least_normal_changes;
    change.spread = std::max({ usual.spread, least, 1e-300 });
    if (!change.seen_before) {
        change.deviation = !latency && change.by > 0 ? std::min(never_seen_deviation, change.by / change.spread) : 0;
        return change;
    }
    change.deviation = deviation_of(change.by, usual, change.spread);
    if (segment.end - segment.begin < 2 || change.by <= 0)
        return change;
    auto const lasting = usual_changes(node, segment, sign, Level::lasting);
    double const lasted = levels_of(node.now, segment, sign, Level::lasting).inside - sign * before;
    if (!std::isnan(lasted) && lasted > 0 && lasting.changes.size() >= least_normal_changes)
        change.lasting = deviation_of(lasted, lasting, std::max({ lasting.spread, least, 1e-300 }));
    change.deviation = std::max(change.deviation, change.lasting);
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
    }

    std::vector<Suspect> suspects() {
        look_at_segments();
        return incident_ < incident_bar ? std::vector<Suspect> {} : ranked();
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

    // All nodes are compared over the same points: those in which the most of them, and the target twice, stand out.
    void look_at_segments() {
        double most = -1;
        for (auto const segment : segments()) {
            std::vector<Change> changes(question_.nodes.size());
            double together = 0;
            for (std::size_t i = 0; i < changes.size(); ++i)
                if (reached_[i] && question_.nodes[i].now.size() == points_) {
                    changes[i] = change_of(question_.nodes[i], segment, question_.measure);
                    together += std::clamp(changes[i].deviation - worth_a_look, 0.0, most_deviation)
                        * (i == question_.target ? 2 : 1);
                }
            incident_ = std::max(incident_, incident_in(changes));
            if (together > most) {
                most = together;
                changes_ = std::move(changes);
            }
        }
    }

    // How much of its loss the target may have felt: all that it lost itself, and two spreads that nobody sees.
    [[nodiscard]] double felt(std::vector<Change> const& changes, std::size_t node) const {
        auto const& target = changes[question_.target];
        if (node == question_.target || !target.there)
            return 1;
        double const room = (std::max(0.0, target.by) + 2 * target.spread) * target.requests / unit();
        return room > 0 ? std::clamp(room / changes[node].loss, 0.02, 1.0) : 0.02;
    }

    // How far the worst node stands out in what lasted, less where the target could not notice it, or did not.
    [[nodiscard]] double incident_in(std::vector<Change> const& changes) const {
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
        return worst;
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
    std::vector<Change> changes_; // in the segment that was chosen
    double incident_ = 0;
};

} // namespace

std::vector<Suspect> rank_suspects(SuspectQuestion const& question) {
    if (question.target >= question.nodes.size() || question.quiet == 0
        || question.nodes[question.target].now.size() <= question.quiet
        || question.nodes[question.target].now.size() > most_points)
        return {};
    return Ranking(question).suspects();
}

} // namespace convops
