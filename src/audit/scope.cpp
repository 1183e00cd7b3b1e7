#include "audit/scope.h"

#include "base/text.h"

#include <algorithm>
#include <set>

namespace convops {

namespace {

std::vector<AuditCheck> ordered_checks() {
    auto checks = audit_checks::all();
    std::ranges::sort(checks, {}, &AuditCheck::number);
    return checks;
}

bool is_meant(AuditCheck const& check, std::string_view word) {
    return check.name == word || to_string(check.category) == word || std::to_string(check.number) == word;
}

Error unknown_word(std::string const& word, std::span<AuditCheck const> checks) {
    std::vector<std::string> known;
    for (std::size_t i = 0; i < audit_category_count; ++i)
        known.emplace_back(to_string(static_cast<AuditCategory>(i)));
    for (auto const& check : checks)
        known.emplace_back(check.name);
    auto const near = nearest(word, known);
    return { ErrorKind::invalid_input,
        "--only: \"" + shorten(clean_utf8(word), 100) + "\" is no check, number of a check or category"
            + (near.empty() ? "" : "; did you mean " + near + "?") + " (`convops audit --list-checks` names all)" };
}

bool asks(std::span<AuditCheck const> checks, AuditHistory history) {
    return std::ranges::any_of(checks, [&](auto const& check) { return check.history == history; });
}

HistoryOf history_for(std::span<AuditCheck const> checks) {
    bool const alarms = asks(checks, AuditHistory::alarm_metrics);
    bool const recommended = asks(checks, AuditHistory::recommended_metrics);
    if (alarms && recommended)
        return HistoryOf::everything;
    if (alarms)
        return HistoryOf::alarms;
    return recommended ? HistoryOf::recommendations : HistoryOf::nothing;
}

std::set<std::string_view> actions_of(AuditCheck const& check, std::vector<AuditReading> const& all) {
    AuditCheck needs_alone = check;
    needs_alone.also = {};
    std::set<std::string_view> actions;
    for (auto const& reading : readings_for({ &needs_alone, 1 }, all))
        actions.insert(reading.iam_action);
    return actions;
}

} // namespace

std::vector<AuditReading> readings_for(std::span<AuditCheck const> checks, std::vector<AuditReading> const& all) {
    std::set<std::string_view> wanted;
    for (auto const& check : checks) {
        for (auto const& need : check.needs)
            wanted.insert(need.reading);
        wanted.insert(check.also.begin(), check.also.end());
    }
    // Children stand behind their parents: backwards, each names its own.
    for (auto reading = all.rbegin(); reading != all.rend(); ++reading)
        if (wanted.contains(reading->name) && !reading->parent.empty())
            wanted.insert(reading->parent);
    std::vector<AuditReading> readings;
    for (auto const& reading : all)
        if (wanted.contains(reading.name))
            readings.push_back(reading);
    return readings;
}

AuditScope whole_scope() {
    return { ordered_checks(), all_readings() };
}

Result<AuditScope> audit_scope(std::string_view only) {
    auto scope = whole_scope();
    std::set<std::string_view> chosen;
    for (auto const& part : split(only, ',')) {
        auto const word = trim(part);
        if (word.empty())
            continue;
        auto const before = chosen.size();
        bool known = false;
        for (auto const& check : scope.checks)
            if (is_meant(check, word)) {
                chosen.insert(check.name);
                known = true;
            }
        if (chosen.size() == before && !known)
            return unknown_word(word, scope.checks);
    }
    if (chosen.empty())
        return Error { ErrorKind::invalid_input, "--only names no check; `convops audit --list-checks` names all" };
    if (chosen.size() == scope.checks.size())
        return scope;
    std::erase_if(scope.checks, [&](auto const& check) { return !chosen.contains(check.name); });
    scope.readings = readings_for(scope.checks, scope.readings);
    scope.history = history_for(scope.checks);
    scope.fine_metrics = asks(scope.checks, AuditHistory::fine_metrics);
    scope.whole = false;
    return scope;
}

void say_what_was_left_out(AuditReport& report, AuditScope const& scope) {
    if (scope.whole)
        return;
    double seen = 0, unseen = 0;
    for (auto const& check : ordered_checks()) {
        bool const judged
            = std::ranges::any_of(scope.checks, [&](auto const& one) { return one.name == check.name; });
        if (judged) {
            report.only.emplace_back(check.name);
            seen += weight_of(check.severity);
            continue;
        }
        unseen += weight_of(check.severity);
        AuditCheckSummary summary { std::string(check.name), std::string(check.title), check.number, check.category,
            check.severity };
        summary.looked_at = false;
        report.checks.push_back(std::move(summary));
        for (auto& category : report.categories)
            category.not_looked_at += category.category == check.category ? 1 : 0;
    }
    std::ranges::sort(report.checks, {}, &AuditCheckSummary::number);
    if (seen + unseen > 0)
        report.unchecked_share = (report.unknown_share * seen + unseen) / (seen + unseen);
    report.untold_gap = "only " + std::to_string(report.only.size()) + " of " + std::to_string(report.checks.size())
        + " checks were asked for (--only)";
}

std::string check_list_text() {
    std::string out;
    for (auto const& check : ordered_checks()) {
        auto const number = std::to_string(check.number);
        auto name = std::string(check.name);
        name.resize(std::max<std::size_t>(name.size(), 44), ' ');
        out += std::string(3 - std::min<std::size_t>(3, number.size()), ' ') + number + "  "
            + std::string(to_string(check.severity)) + "  " + name + "  " + std::string(to_string(check.category))
            + "\n";
    }
    return out;
}

Json check_list_json() {
    auto const readings = all_readings();
    JsonArray all;
    for (auto const& check : ordered_checks()) {
        JsonArray actions;
        for (auto const action : actions_of(check, readings))
            actions.emplace_back(action);
        all.push_back({ { "check", check.name }, { "number", check.number }, { "title", check.title },
            { "category", to_string(check.category) }, { "severity", to_string(check.severity) },
            { "iam_actions", std::move(actions) } });
    }
    return all;
}

} // namespace convops
