#include "app/bench_petshop.h"

#include "base/json.h"
#include "diagnosis/suspects.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

namespace convops {

namespace {

constexpr std::size_t most_csv_bytes = std::size_t { 64 } << 20;
constexpr std::size_t most_issues = 10'000;
constexpr std::size_t quiet_points = 2; // an issue holds so many points from before it

using Table = std::vector<std::vector<std::string>>;

Result<std::string> text_of(std::filesystem::path const& path) {
    std::error_code error;
    auto const size = std::filesystem::file_size(path, error);
    if (error || size > most_csv_bytes)
        return Error { ErrorKind::not_found, path.string() + ": cannot be read" };
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

// No name in this data set holds a comma or a quote.
Result<Table> table_of(std::filesystem::path const& path) {
    auto const text = TRY(text_of(path));
    Table rows(1);
    rows[0].emplace_back();
    for (char const c : text)
        if (c == ',')
            rows.back().emplace_back();
        else if (c == '\n')
            rows.push_back({ std::string() });
        else if (c != '\r')
            rows.back().back() += c;
    std::erase_if(rows, [](auto const& row) { return row.size() < 2; });
    return rows;
}

double number_of(std::string const& text) {
    double value = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc() && !text.empty() ? value : std::nan("");
}

// By node, "latency", "availability" or "requests".
using Measured = std::map<std::pair<std::string, std::string>, std::vector<double>>;

Result<Measured> metrics_of(std::filesystem::path const& path) {
    auto const table = TRY(table_of(path));
    Measured all;
    if (table.size() < 3)
        return all;
    for (std::size_t column = 1; column < table[0].size(); ++column) {
        auto const& metric = column < table[1].size() ? table[1][column] : std::string();
        auto const statistic = column < table[2].size() ? table[2][column] : std::string();
        if (statistic != (metric == "requests" ? "Sum" : "Average"))
            continue;
        auto& values = all[{ table[0][column], metric }];
        for (std::size_t row = 3; row < table.size(); ++row)
            if (!table[row][0].empty() && table[row][0] != "unix_timestamp")
                values.push_back(column < table[row].size() ? number_of(table[row][column]) : std::nan(""));
    }
    return all;
}

using Edges = std::vector<std::pair<std::string, std::string>>;

Result<Edges> calls_of(std::filesystem::path const& path) {
    auto const table = TRY(table_of(path));
    Edges calls;
    for (std::size_t row = 1; row < table.size(); ++row)
        for (std::size_t column = 1; column < table[row].size() && column < table[0].size(); ++column)
            if (number_of(table[row][column]) > 0)
                calls.emplace_back(table[row][0], table[0][column]);
    return calls;
}

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
    }
    for (auto const& [caller, callee] : calls)
        if (index.contains(caller) && index.contains(callee))
            asked.question.calls.push_back({ index[caller], index[callee] });
    return asked;
}

Measured cut(Measured const& all, std::size_t from, std::size_t count) {
    Measured window;
    for (auto const& [key, values] : all)
        if (from + count <= values.size())
            window[key].assign(values.begin() + std::ptrdiff_t(from), values.begin() + std::ptrdiff_t(from + count));
    return window;
}

Measured without(Measured all, std::size_t from, std::size_t count) {
    for (auto& [key, values] : all)
        for (std::size_t i = from >= count ? from - count : 0; i < std::min(values.size(), from + 2 * count); ++i)
            values[i] = std::nan("");
    return all;
}

void ask_normal(Edges const& calls, Measured const& normal, PetshopBench& bench) {
    constexpr std::size_t length = 5; // points of an issue
    std::size_t points = 0;
    for (auto const& [key, values] : normal)
        points = std::max(points, values.size());
    for (std::size_t from = 0; from + length <= points; from += length) {
        auto const rest = without(normal, from, length);
        auto const window = cut(normal, from, length);
        for (auto const& [key, values] : normal) {
            auto const there = std::ranges::count_if(values, [](double value) { return !std::isnan(value); });
            if (key.second == "requests" || std::size_t(there) * 10 < points * 8)
                continue;
            auto const asked = ask(calls, rest, window, key.first, key.second);
            ++bench.normal_windows;
            bench.normal_abstained += rank_suspects(asked.question).empty() ? 1 : 0;
        }
    }
}

Result<void> answer_issue(std::filesystem::path const& folder, std::string const& id, Edges const& calls,
    Measured const& normal, PetshopBench& bench, JsonObject& answers) {
    auto const target_text = TRY(text_of(folder / "target.json"));
    auto const target = TRY(parse_json(target_text));
    auto const now = TRY(metrics_of(folder / "metrics.csv"));
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

Result<PetshopBench> answer_petshop(std::string const& data, std::string const& out, bool noissue) {
    PetshopBench bench;
    std::map<std::string, Measured> normals;
    std::vector<std::filesystem::path> scenarios;
    for (auto const& folder : folders_in(data))
        if (std::filesystem::exists(folder / "graph.csv")) {
            scenarios.push_back(folder);
            if (auto const file = folder / "noissue" / "metrics.csv"; std::filesystem::exists(file))
                normals[folder.filename()] = TRY(metrics_of(file));
        }
    if (scenarios.empty())
        return Error { ErrorKind::not_found, data + ": holds no scenario with a graph.csv" };
    auto const borrowed = pooled(normals);
    JsonObject answers;
    for (auto const& scenario : scenarios) {
        auto const name = scenario.filename().string();
        auto const calls = TRY(calls_of(scenario / "graph.csv"));
        auto const own = normals.find(name);
        for (std::string const split : { "train", "test" })
            for (auto const& issue : folders_in(scenario / split)) {
                auto const id = name + "/" + split + "/" + issue.filename().string();
                TRY(answer_issue(issue, id, calls, own != normals.end() ? own->second : borrowed, bench, answers));
            }
        if (noissue && own != normals.end())
            ask_normal(calls, own->second, bench);
    }
    std::ofstream file(out, std::ios::binary);
    file << to_text(answers) << '\n';
    if (!file.flush())
        return Error { ErrorKind::unavailable, out + ": cannot be written" };
    return bench;
}

} // namespace convops
