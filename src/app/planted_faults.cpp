#include "app/planted_faults.h"

#include "stats/robust.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

namespace convops {

namespace {

constexpr std::size_t length = 5; // points of an issue
constexpr std::size_t deepest = 8; // calls between the fault and who feels it

using Points = std::array<double, length>;

// The distributions of the standard library differ from one library to another; these do not.
class Dice {
public:
    explicit Dice(std::uint64_t seed)
        : random_(seed) {
        random_.discard(16);
    }
    double between(double least, double most) { return least + (most - least) * double(random_() >> 11) * 0x1p-53; }
    double by_size(double least, double most) { return std::exp(between(std::log(least), std::log(most))); }
    double normal() {
        double sum = 0;
        for (int i = 0; i < 12; ++i)
            sum += between(-0.5, 0.5);
        return sum;
    }
    std::size_t below(std::size_t count) { return std::min(std::size_t(between(0, double(count))), count - 1); }
    bool happens(double share) { return between(0, 1) < share; }
    double count_of(double trials, double share) {
        if (trials * share > 60)
            return std::clamp(
                std::round(trials * share + normal() * std::sqrt(trials * share * (1 - std::min(1.0, share)))), 0.0,
                trials);
        double count = 0;
        for (double i = 0; i < trials; ++i)
            count += happens(share) ? 1 : 0;
        return count;
    }

private:
    std::mt19937_64 random_;
};

class Planting {
public:
    Planting(Edges const& calls, Measured const& normal, PlantedKind kind, PlantedWorld world, std::uint64_t seed)
        : normal_(normal)
        , kind_(kind)
        , rough_(world == PlantedWorld::rough)
        , metric_(measure_of(kind))
        , dice_(seed) {
        for (auto const& [caller, callee] : calls)
            if (caller != callee && normal.contains({ caller, metric_ }) && normal.contains({ callee, metric_ }))
                callers_[callee].push_back(caller);
    }

    std::optional<Planted> plant() {
        if (!choose_place())
            return std::nullopt;
        planted_.now = cut(normal_, planted_.from, length);
        for (auto const& [key, values] : planted_.now)
            if (key.second == "requests")
                for (std::size_t i = 0; i < length; ++i)
                    requests_[key.first][i] = std::isnan(values[i]) ? 0 : values[i];
        shift_bystanders();
        choose_time();
        if (kind_ == PlantedKind::overload)
            add_requests(planted_.node, dice_.between(0.5, 3), 0);
        lose_at_node();
        if (!carry(planted_.node, lost_[planted_.node], 0))
            return std::nullopt;
        choose_target();
        if (planted_.target.empty())
            return std::nullopt;
        apply();
        planted_.evident = leaves_normal(planted_.node, 5) && leaves_normal(planted_.target, 1);
        planted_.like_issues = suffers_like_issues();
        return std::move(planted_);
    }

private:
    std::set<std::string> ancestors_of(std::string const& node) const {
        std::set<std::string> found;
        std::vector<std::string> open { node };
        while (!open.empty()) {
            auto const next = open.back();
            open.pop_back();
            if (auto const callers = callers_.find(next); callers != callers_.end())
                for (auto const& caller : callers->second)
                    if (caller != node && found.insert(caller).second)
                        open.push_back(caller);
        }
        return found;
    }

    bool choose_place() {
        std::vector<std::string> nodes;
        for (auto const& [node, callers] : callers_)
            nodes.push_back(node);
        std::size_t points = 0;
        for (auto const& [key, values] : normal_)
            points = std::max(points, values.size());
        if (nodes.empty() || points <= length)
            return false;
        planted_.node = nodes[dice_.below(nodes.size())];
        planted_.from = dice_.below(points - length);
        return true;
    }

    // Some nodes have moved for good since the normal time, some have a bad moment of their own.
    void shift_bystanders() {
        for (auto& [key, values] : planted_.now) {
            if (key.second != "latency" || !dice_.happens(0.2))
                continue;
            double const factor = dice_.between(0.7, 1.5);
            for (auto& value : values)
                value *= factor;
        }
    }

    void choose_time() {
        double const start = dice_.between(1, 2.6);
        double const end = start + dice_.between(1.2, 4);
        for (std::size_t i = 0; i < length; ++i) {
            double const inside = std::clamp(std::min(end, double(i + 1)) - std::max(start, double(i)), 0.0, 1.0);
            profile_[i] = inside * dice_.between(0.8, 1.2);
            if (kind_ == PlantedKind::ramp)
                profile_[i] = std::max(0.0, (double(i) + 0.5 - start) / 2.5) * dice_.between(0.8, 1.2);
        }
    }

    void add_requests(std::string const& node, double more, std::size_t depth) {
        for (std::size_t i = 0; i < length; ++i)
            requests_[node][i] = std::round(requests_[node][i] * (1 + more * profile_[i]));
        if (auto const callers = callers_.find(node); callers != callers_.end() && depth < 1)
            for (auto const& caller : callers->second)
                add_requests(caller, more * dice_.between(0.1, 0.5), depth + 1);
    }

    void lose_at_node() {
        auto& lost = lost_[planted_.node];
        auto& requests = requests_[planted_.node];
        auto const& usual = normal_.at({ planted_.node, metric_ });
        std::vector<double> there;
        for (double const value : usual)
            if (!std::isnan(value))
                there.push_back(value);
        double const level = median_of(there);
        double const longer = level * dice_.by_size(0.3, 5);
        double const much_longer = level * dice_.by_size(5, 50);
        double const rare = dice_.by_size(0.005, 0.1);
        double share = dice_.by_size(0.005, 0.3);
        if (kind_ == PlantedKind::outage)
            share = dice_.between(0.5, 1);
        for (std::size_t i = 0; i < length; ++i) {
            if (kind_ == PlantedKind::some_slow)
                lost[i] = dice_.count_of(requests[i], rare * profile_[i]) * much_longer * dice_.between(0.7, 1.3);
            else if (kind_ < PlantedKind::errors)
                lost[i] = longer * requests[i] * profile_[i];
            else
                lost[i] = dice_.count_of(requests[i], std::min(1.0, share * profile_[i]));
            if (kind_ == PlantedKind::throttled)
                requests[i] += lost[i];
            lost[i] = std::min(lost[i], most_lost(planted_.node, i));
        }
    }

    // Who fails all day cannot fail more.
    double most_lost(std::string const& node, std::size_t at) {
        if (metric_ == "latency")
            return HUGE_VAL;
        double const well = planted_.now[{ node, metric_ }][at];
        return requests_[node][at] * (std::isnan(well) ? 100 : well) / 100;
    }

    // What the callers feel, and their callers. False when nobody feels anything.
    bool carry(std::string const& node, Points const& lost, std::size_t depth) {
        auto const callers = callers_.find(node);
        if (callers == callers_.end() || depth >= deepest)
            return depth > 0;
        std::map<std::string, double> weight;
        for (auto const& caller : callers->second)
            weight[caller] = std::exp((rough_ ? 1.0 : 0.5) * dice_.normal());
        bool felt = false;
        for (auto const& caller : callers->second) {
            bool const waits = !dice_.happens(rough_ ? 0.3 : 0.1);
            double feels = rough_ ? dice_.between(0.33, 1.5) : dice_.between(0.8, 1.05);
            if (metric_ == "availability")
                feels = dice_.happens(0.5) ? 1 : dice_.between(0.4, 1);
            if (kind_ == PlantedKind::throttled && depth == 0)
                feels *= dice_.between(0.2, 0.8);
            if (!waits)
                continue;
            Points carried {};
            for (std::size_t i = 0; i < length; ++i) {
                double all = 0;
                for (auto const& other : callers->second)
                    all += requests_[other][i] * weight[other];
                double const share = all > 0 ? requests_[caller][i] * weight[caller] / all : 0;
                carried[i] = metric_ == "latency" ? lost[i] * share * feels
                                                  : dice_.count_of(lost[i], std::min(1.0, share * feels));
                carried[i] = std::min(carried[i], std::max(0.0, most_lost(caller, i) - lost_[caller][i]));
                lost_[caller][i] += carried[i];
                felt |= carried[i] > 0;
            }
            carry(caller, carried, depth + 1);
        }
        return felt;
    }

    // Where the trouble shows: mostly at the front, which nobody calls; sometimes at a caller on the way.
    void choose_target() {
        std::vector<std::string> fronts, others;
        for (auto const& node : ancestors_of(planted_.node)) {
            auto const lost = lost_.find(node);
            if (lost == lost_.end() || std::ranges::all_of(lost->second, [](double one) { return one <= 0; }))
                continue;
            double failed = 0;
            for (double const one : lost->second)
                failed += one;
            if (metric_ == "availability" && failed < 2)
                continue;
            (callers_.contains(node) ? others : fronts).push_back(node);
        }
        auto const& chosen = fronts.empty() || (!others.empty() && dice_.happens(0.2)) ? others : fronts;
        if (!chosen.empty())
            planted_.target = chosen[dice_.below(chosen.size())];
    }

    void apply() {
        for (auto const& [node, lost] : lost_) {
            auto const found = planted_.now.find({ node, metric_ });
            if (found == planted_.now.end())
                continue;
            for (std::size_t i = 0; i < length; ++i) {
                double const requests = requests_[node][i];
                auto& value = found->second[i];
                if (requests <= 0 || lost[i] <= 0)
                    continue;
                if (metric_ == "latency")
                    value += lost[i] / requests * dice_.between(0.9, 1.1);
                else
                    value = std::max(0.0, (std::isnan(value) ? 100 : value) - 100 * lost[i] / requests);
            }
        }
        for (auto& [key, values] : planted_.now)
            if (key.second == "requests")
                for (std::size_t i = 0; i < length; ++i)
                    values[i] = requests_[key.first][i];
    }

    // What is there of the node's normal time, in any order.
    std::vector<double> usual_values(std::string const& node) const {
        std::vector<double> there;
        for (double const value : normal_.at({ node, metric_ }))
            if (!std::isnan(value))
                there.push_back(value);
        return there.size() < 20 ? std::vector<double>() : there;
    }

    // Seconds a request, or percent of the requests.
    double worst_loss(std::string const& node) {
        double most = 0;
        for (std::size_t i = 0; i < length; ++i)
            if (double const requests = requests_[node][i]; requests > 0)
                most = std::max(most, lost_[node][i] / requests * (metric_ == "latency" ? 1 : 100));
        return most;
    }

    bool leaves_normal(std::string const& node, double spreads) {
        auto there = usual_values(node);
        if (there.empty())
            return false;
        double const level = median_of_copy(there);
        for (auto& value : there)
            value = std::abs(value - level);
        double const most = worst_loss(node);
        return most > 0 && most >= spreads * 1.4826 * median_of(there);
    }

    bool suffers_like_issues() {
        auto there = usual_values(planted_.target);
        if (there.empty() || callers_.contains(planted_.target))
            return false;
        double const most = worst_loss(planted_.target);
        double const level = median_of(there);
        return metric_ == "latency" ? most >= 0.15 * level && most <= level : most >= 2 && most <= 9;
    }

    Measured const& normal_;
    PlantedKind kind_;
    bool rough_;
    std::string metric_;
    Dice dice_;
    std::map<std::string, std::vector<std::string>> callers_;
    Planted planted_;
    std::map<std::string, Points> requests_;
    std::map<std::string, Points> lost_; // seconds or requests
    Points profile_ {};
};

} // namespace

std::optional<Planted> plant_fault(
    Edges const& calls, Measured const& normal, PlantedKind kind, PlantedWorld world, std::uint64_t seed) {
    return Planting(calls, normal, kind, world, seed).plant();
}

} // namespace convops
