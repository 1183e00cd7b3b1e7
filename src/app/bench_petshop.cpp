#include "app/bench_petshop.h"

#include "app/planted_faults.h"
#include "base/json.h"
#include "diagnosis/suspects.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

namespace convops {

namespace {

constexpr std::size_t most_issues = 10'000;
constexpr std::size_t quiet_points = 2; // an issue holds so many points from before it
constexpr std::size_t issue_points = 5;

struct Asked {
    SuspectQuestion question;
    std::vector<std::string> names;
};

Asked ask(Edges const& calls, Measured const& normal, Measured const& now, std::string const& target,
    std::string const& metric) {
    Asked asked;
    asked.question.measure = metric == "latency" ? LossMeasure::latency : LossMeasure::availability;
    asked.question.quiet = quiet_points;
    asked.question.target = SIZE_MAX;
    std::map<std::string, std::size_t> index;
    for (auto const& [key, values] : now) {
        if (key.second != metric)
            continue;
        index[key.first] = asked.names.size();
        if (key.first == target)
            asked.question.target = asked.names.size();
        asked.names.push_back(key.first);
        auto& node = asked.question.nodes.emplace_back();
        node.now = values;
        if (auto const found = normal.find(key); found != normal.end())
            node.normal = found->second;
        if (auto const found = now.find({ key.first, "requests" }); found != now.end())
            node.requests = found->second;
        if (auto const found = normal.find({ key.first, "requests" }); found != normal.end())
            node.normal_requests = found->second;
    }
    for (auto const& [caller, callee] : calls)
        if (index.contains(caller) && index.contains(callee))
            asked.question.calls.push_back({ index[caller], index[callee] });
    return asked;
}

// Calls others and is called by nobody: where users come in, and from where most can be reached.
bool is_front(Edges const& calls, std::string const& node) {
    return std::ranges::any_of(calls, [&](auto const& call) { return call.first == node; })
        && std::ranges::none_of(calls, [&](auto const& call) { return call.second == node; });
}

void ask_normal(std::string const& traffic, Edges const& calls, Measured const& normal, PetshopBench& bench) {
    std::size_t points = 0;
    for (auto const& [key, values] : normal)
        points = std::max(points, values.size());
    for (std::size_t from = 0; from + issue_points <= points; from += issue_points) {
        auto const rest = without(normal, from, issue_points);
        auto const window = cut(normal, from, issue_points);
        for (auto const& [key, values] : normal) {
            auto const there = std::ranges::count_if(values, [](double value) { return !std::isnan(value); });
            if (key.second == "requests" || std::size_t(there) * 10 < points * 8)
                continue;
            auto const asked = ask(calls, rest, window, key.first, key.second);
            bool const abstained = rank_suspects(asked.question).empty();
            ++bench.normal.windows;
            bench.normal.abstained += abstained ? 1 : 0;
            if (is_front(calls, key.first)) {
                auto& front = bench.normal_at_fronts[traffic + ", " + key.second + ", " + key.first];
                ++front.windows;
                front.abstained += abstained ? 1 : 0;
            }
        }
    }
}

void count(PlantedFigures& figures, std::vector<Suspect> const& suspects, std::size_t place) {
    ++figures.faults;
    figures.first += place == 0 ? 1 : 0;
    figures.among_three += place < 3 && place < suspects.size() ? 1 : 0;
    figures.abstained += suspects.empty() ? 1 : 0;
}

void ask_planted(std::string const& traffic, Edges const& calls, Measured const& normal, PetshopAsked const& asks,
    PetshopBench& bench) {
    for (std::size_t kind = 0; kind < planted_kind_names.size(); ++kind)
        for (std::size_t i = 0; i < asks.planted; ++i) {
            auto const fault = plant_fault(calls, normal, PlantedKind(kind),
                asks.rough ? PlantedWorld::rough : PlantedWorld::plain, asks.seed * 1'000'003 + kind * 7919 + i);
            if (!fault)
                continue;
            auto const metric = std::string(measure_of(PlantedKind(kind)));
            auto const asked
                = ask(calls, without(normal, fault->from, issue_points), fault->now, fault->target, metric);
            auto const suspects = rank_suspects(asked.question);
            auto const found = std::ranges::find_if(
                suspects, [&](Suspect const& one) { return asked.names[one.node] == fault->node; });
            auto const place = suspects.empty() ? SIZE_MAX : std::size_t(found - suspects.begin());
            std::string const sight = fault->evident ? "evident" : "faint";
            std::vector<std::string> groups { sight, sight + ", " + traffic + ", " + metric,
                sight + ", " + std::string(planted_kind_names[kind]) };
            if (fault->like_issues) {
                groups.push_back("as in the issues, " + sight);
                groups.push_back(groups.back() + ", " + traffic + ", " + metric);
            }
            for (auto const& group : groups)
                count(bench.planted[group], suspects, place);
        }
}

Result<void> answer_issue(std::filesystem::path const& folder, std::string const& id, Edges const& calls,
    Measured const& normal, PetshopBench& bench, JsonObject& answers) {
    auto const target_text = TRY(petshop_text(folder / "target.json"));
    auto const target = TRY(parse_json(target_text));
    auto const now = TRY(petshop_metrics(folder / "metrics.csv"));
    auto const asked = ask(calls, normal, now, text_at(target, "target.node"), text_at(target, "target.metric"));
    JsonArray ranked;
    for (auto const& suspect : rank_suspects(asked.question))
        ranked.push_back(JsonObject { { "node", asked.names[suspect.node] }, { "score", suspect.score } });
    ++bench.issues;
    bench.abstained += ranked.empty() ? 1 : 0;
    answers[id] = std::move(ranked);
    return {};
}

std::vector<std::filesystem::path> folders_in(std::filesystem::path const& path) {
    std::vector<std::filesystem::path> found;
    std::error_code error;
    for (auto const& entry : std::filesystem::directory_iterator(path, error))
        if (entry.is_directory() && found.size() < most_issues)
            found.push_back(entry.path());
    std::ranges::sort(found);
    return found;
}

// A scenario without a normal period of its own borrows those of the others.
Measured pooled(std::map<std::string, Measured> const& normals) {
    Measured all;
    for (auto const& [scenario, normal] : normals)
        for (auto const& [key, values] : normal)
            all[key].insert(all[key].end(), values.begin(), values.end());
    return all;
}

} // namespace

Result<PetshopBench> answer_petshop(std::string const& data, std::string const& out, PetshopAsked const& asks) {
    PetshopBench bench;
    std::map<std::string, Measured> normals;
    std::vector<std::filesystem::path> scenarios;
    for (auto const& folder : folders_in(data))
        if (std::filesystem::exists(folder / "graph.csv")) {
            scenarios.push_back(folder);
            if (auto const file = folder / "noissue" / "metrics.csv"; std::filesystem::exists(file))
                normals[folder.filename()] = TRY(petshop_metrics(file));
        }
    if (scenarios.empty())
        return Error { ErrorKind::not_found, data + ": holds no scenario with a graph.csv" };
    auto const borrowed = pooled(normals);
    JsonObject answers;
    for (auto const& scenario : scenarios) {
        auto const name = scenario.filename().string();
        auto const calls = TRY(petshop_calls(scenario / "graph.csv"));
        auto const own = normals.find(name);
        for (std::string const split : { "train", "test" })
            for (auto const& issue : folders_in(scenario / split)) {
                auto const id = name + "/" + split + "/" + issue.filename().string();
                TRY(answer_issue(issue, id, calls, own != normals.end() ? own->second : borrowed, bench, answers));
            }
        if (asks.noissue && own != normals.end())
            ask_normal(name, calls, own->second, bench);
        if (asks.planted > 0 && own != normals.end())
            ask_planted(name, calls, own->second, asks, bench);
    }
    std::ofstream file(out, std::ios::binary);
    file << to_text(answers) << '\n';
    if (!file.flush())
        return Error { ErrorKind::unavailable, out + ": cannot be written" };
    return bench;
}

} // namespace convops
