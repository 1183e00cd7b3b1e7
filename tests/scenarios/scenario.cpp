#include "scenario.h"

#include "adapters/files/files.h"
#include "base/text.h"

#include <charconv>

namespace convops {

namespace {

constexpr std::size_t most_bytes = std::size_t { 4 } << 20;

// splitmix64: the same noise on every machine. https://prng.di.unimi.it/splitmix64.c (public domain algorithm)
struct Noise {
    std::uint64_t state;
    double uniform() { // -1..1
        state += 0x9E3779B97F4A7C15ULL;
        auto z = state;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        z ^= z >> 31U;
        return double(z >> 11U) / double(1ULL << 52U) - 1.0;
    }
};

std::uint64_t seed_of(std::string_view text) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return hash;
}

// "-12m30s", "0s", "-1d", "+5m" -> milliseconds.
Result<Milliseconds> offset_from(std::string_view text) {
    auto const bad = Error { ErrorKind::invalid_input, "not a relative time: \"" + std::string(text) + "\"" };
    bool const negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    Milliseconds total { 0 };
    while (!text.empty()) {
        long long count = 0;
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (error != std::errc {} || end == text.data() + text.size())
            return bad;
        std::size_t unit = 1;
        switch (*end) {
        case 's':
            total += Seconds { count };
            break;
        case 'm':
            if (end + 1 != text.data() + text.size() && end[1] == 's') {
                total += Milliseconds { count };
                unit = 2;
            } else {
                total += Minutes { count };
            }
            break;
        case 'h':
            total += Hours { count };
            break;
        case 'd':
            total += Days { count };
            break;
        default:
            return bad;
        }
        text.remove_prefix(static_cast<std::size_t>(end - text.data()) + unit);
    }
    return negative ? -total : total;
}

Result<Milliseconds> offset_at(Json const& json, std::string_view key, std::string_view otherwise) {
    return offset_from(text_at(json, key, otherwise));
}

// "@-12m" anywhere becomes RFC 3339 text, "@e-12m" epoch seconds.
Result<> resolve_times(Json& json, Time now) {
    if (auto* object = json.if_object()) {
        for (auto& pair : *object)
            TRY(resolve_times(pair.value(), now));
    } else if (auto* array = json.if_array()) {
        for (auto& element : *array)
            TRY(resolve_times(element, now));
    } else if (auto const* text = json.if_string(); text != nullptr && text->starts_with("@") && text->size() <= 16) {
        std::string_view offset(text->data() + 1, text->size() - 1);
        bool const epoch = offset.starts_with('e');
        auto const at = now + TRY(offset_from(epoch ? offset.substr(1) : offset));
        json = epoch ? Json(seconds_since_epoch(at)) : Json(format_time(at));
    }
    return {};
}

struct Shape {
    double level = 0;
    double noise = 0.03; // share of the level
    double daily = 0; // amplitude of the day's wave, share of the level
    std::optional<double> floor, ceiling;
    bool whole = false; // counts
    std::int64_t every = 1; // a sparse counter: a value each n-th period, nothing between
};

// What a shape is at one moment: the level, moved by each change that has begun.
Result<double> level_at(Json const& description, Shape const& shape, Milliseconds offset) {
    double level = shape.level;
    for (auto const& change : list_at(description, "changes")) {
        auto const at = TRY(offset_at(change, "at", "0s"));
        auto const over = TRY(offset_at(change, "over", "0s"));
        auto const until = find(change, "until") == nullptr ? Milliseconds { Days { 365 } }
                                                            : TRY(offset_at(change, "until", "0s"));
        auto const each_day = flag_at(change, "each_day");
        auto moment = offset;
        if (each_day) // A habit: the same change at the same time on earlier days.
            while (moment < at && moment < Milliseconds { -Hours { 12 } })
                moment += Milliseconds { Days { 1 } };
        if (moment < at || moment >= until)
            continue;
        double const target = number_at(change, "to").value_or(level);
        double const share
            = over.count() <= 0 ? 1.0 : std::min(1.0, double((moment - at).count()) / double(over.count()));
        level += (target - level) * share;
    }
    return level;
}

Result<JsonArray> stretch_of(
    Json const& metric, Shape const& shape, Milliseconds from, Milliseconds to, Seconds period, std::uint64_t seed) {
    Noise noise { seed };
    JsonArray values;
    std::int64_t index = 0;
    for (auto offset = from; offset < to; offset += period, ++index) {
        double const wave
            = std::sin(2 * 3.14159265358979 * double(offset.count()) / double(Milliseconds { Days { 1 } }.count()));
        double value = TRY(level_at(*find(metric, "shape"), shape, offset)) * (1 + shape.daily * wave);
        value += value * shape.noise * noise.uniform();
        value = std::clamp(value, shape.floor.value_or(0), shape.ceiling.value_or(1e18));
        if (shape.whole)
            value = std::round(value);
        if (shape.every > 1 && index % shape.every != 0)
            values.push_back(nullptr);
        else
            values.push_back(std::round(value * 10000) / 10000);
    }
    return values;
}

std::string identity(Json const& metric) {
    auto const* dimensions = find(metric, "dimensions");
    return text_at(metric, "namespace") + " " + text_at(metric, "name") + " "
        + (dimensions == nullptr ? "" : to_canonical_text(*dimensions));
}

// Grows a shape into the stretches that an investigation looks at: today's hours, and the same hours yesterday and
// last week.
Result<> grow_metric(Json const& metric, Time now, std::uint64_t seed, JsonArray& out) {
    auto const* description = find(metric, "shape");
    if (description == nullptr)
        return Error { ErrorKind::invalid_input, "metric " + identity(metric) + " has no shape" };
    Shape shape;
    shape.level = number_at(*description, "level").value_or(0);
    shape.noise = number_at(*description, "noise").value_or(0.03);
    shape.daily = number_at(*description, "daily").value_or(0);
    shape.floor = number_at(*description, "floor");
    shape.ceiling = number_at(*description, "ceiling");
    shape.whole = flag_at(*description, "whole");
    shape.every = integer_at(*description, "every").value_or(1);
    Seconds const period { integer_at(metric, "period").value_or(60) };
    auto const base = floor_to(now, period);
    Milliseconds const ends = Minutes { 5 };
    for (auto const day : { Days { 0 }, Days { 1 }, Days { 7 } }) {
        auto const from = -Milliseconds { day } - Milliseconds { Hours { 7 } };
        auto const to = -Milliseconds { day } + (day.count() == 0 ? ends : Milliseconds { Minutes { 30 } });
        JsonObject stretch = metric.get_object();
        stretch.erase("shape");
        stretch["period"] = period.count();
        stretch["start"] = format_time(base + from);
        stretch["values"]
            = TRY(stretch_of(metric, shape, from, to, period, seed + static_cast<std::uint64_t>(day.count())));
        out.push_back(std::move(stretch));
    }
    return {};
}

// {"every": "2s", "from": "-10m", "to": "0s", "text": "timeout after {n} ms"}: {n} and {hex} differ from line to
// line.
Result<> grow_lines(Json const& lines, Time now, Noise& noise, JsonArray& events) {
    auto const every = std::max(TRY(offset_at(lines, "every", "10s")), Milliseconds { 100 });
    auto const from = TRY(offset_at(lines, "from", "-7h"));
    auto const to = TRY(offset_at(lines, "to", "3m"));
    for (auto offset = from; offset < to; offset += every) {
        auto text = text_at(lines, "text");
        text = replace_all(text, "{n}", std::to_string(1000 + static_cast<int>(noise.uniform() * 900)));
        text = replace_all(text, "{hex}", std::to_string(std::abs(static_cast<long long>(noise.uniform() * 1e12))));
        text = replace_all(text, "{time}", format_time(now + offset));
        events.push_back(JsonArray { (now + offset).time_since_epoch().count(), text });
    }
    return {};
}

Result<JsonArray> grow_logs(Json const& description, Time now) {
    std::map<std::string, JsonObject> groups;
    std::uint64_t logs_seen = 1;
    for (auto const& log : list_at(description, "logs")) {
        auto const group = text_at(log, "group");
        Noise noise { logs_seen++ };
        auto& grown = groups[group + "\n" + text_at(log, "stream", "main")];
        grown["group"] = group;
        grown["stream"] = text_at(log, "stream", "main");
        if (!grown.contains("events"))
            grown["events"] = JsonArray {};
        for (auto const& lines : list_at(log, "lines"))
            TRY(grow_lines(lines, now, noise, grown["events"].get_array()));
    }
    JsonArray logs;
    for (auto& [key, log] : groups)
        logs.push_back(std::move(log));
    return logs;
}

// Lists of the heir come first, so that its responses win and its metrics replace those of the same identity.
Json inherit(Json const& parent, Json const& heir) {
    JsonObject merged = parent.get_object();
    for (auto const& [key, value] : heir.get_object()) {
        auto* existing = merged.if_contains(key);
        if (existing == nullptr || !existing->is_array() || !value.is_array()) {
            merged[key] = value;
            continue;
        }
        JsonArray list = value.get_array();
        std::set<std::string> mine;
        for (auto const& element : list)
            mine.insert(identity(element));
        for (auto const& element : existing->get_array())
            if (key != "metrics" || !mine.contains(identity(element)))
                list.push_back(element);
        *existing = std::move(list);
    }
    return merged;
}

std::vector<std::string> texts_at(Json const& json, std::string_view key) {
    std::vector<std::string> texts;
    for (auto const& value : list_at(json, key))
        if (value.is_string())
            texts.emplace_back(value.get_string());
    return texts;
}

ScenarioRules rules_from(Json const& json) {
    ScenarioRules rules;
    rules.verdict = text_at(json, "verdict");
    for (auto const& named : list_at(json, "must_name"))
        rules.must_name.emplace_back(text_at(named, "kind"), text_at(named, "resource"));
    rules.must_not_name = texts_at(json, "must_not_name");
    rules.must_cite = texts_at(json, "must_cite");
    rules.must_rule_out = texts_at(json, "must_rule_out");
    rules.must_admit = texts_at(json, "must_admit_unknown");
    rules.must_abstain = flag_at(json, "must_abstain");
    return rules;
}

Result<Json> read_description(std::filesystem::path const& folder, int depth) {
    if (depth > 4)
        return Error { ErrorKind::invalid_input, folder.string() + ": scenarios inherit in a circle" };
    auto const text = TRY(read_file(folder / "scenario.json", most_bytes));
    auto const own = TRY(parse_json(text).with_context(folder.string()));
    auto const parent = text_at(own, "inherits");
    if (parent.empty())
        return own;
    return inherit(TRY(read_description(folder.parent_path() / parent, depth + 1)), own);
}

} // namespace

Result<Json> description_of(std::filesystem::path const& folder) {
    return read_description(folder, 0);
}

Result<Scenario> load_scenario(std::filesystem::path const& folder) {
    Scenario scenario;
    scenario.name = folder.filename().string();
    scenario.description = TRY(read_description(folder, 0));
    auto const rules = TRY(read_file(folder / "expected.json", most_bytes));
    auto const expected = TRY(parse_json(rules).with_context(folder.string()));
    scenario.rules = rules_from(expected);
    scenario.difficulty = static_cast<int>(integer_at(expected, "difficulty").value_or(1));
    return scenario;
}

std::vector<std::filesystem::path> scenario_folders(std::filesystem::path const& root) {
    std::vector<std::filesystem::path> folders;
    for (auto const& entry : std::filesystem::directory_iterator(root))
        if (std::filesystem::exists(entry.path() / "scenario.json"))
            folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    return folders;
}

Result<RecordedAccount> grow(Scenario const& scenario, ScenarioTwist const& twist) {
    auto text = to_text(scenario.description);
    for (auto const& [from, to] : twist.rename)
        text = replace_all(text, from, to);
    auto description = TRY(parse_json(text));
    auto const written = time_at(description, "now");
    if (!written)
        return Error { ErrorKind::invalid_input, scenario.name + ": needs \"now\"" };
    auto const now = *written + twist.shift;
    description.get_object()["now"] = format_time(now);
    TRY(resolve_times(description, now));

    JsonArray metrics;
    std::uint64_t place
        = 0; // Noise hangs on the place in the list, not on names: a renamed account has the same noise.
    for (auto const& metric : list_at(description, "metrics"))
        TRY(grow_metric(metric, now, seed_of(text_at(metric, "name")) + 100 * ++place, metrics)
                .with_context(scenario.name));
    JsonObject document = description.get_object();
    document["metrics"] = std::move(metrics);
    document["logs"] = TRY(grow_logs(description, now).with_context(scenario.name));
    document["format"] = "convops-account/1";
    return recorded_account_from(Json(std::move(document))).with_context(scenario.name);
}

} // namespace convops
