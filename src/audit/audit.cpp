#include "audit/audit.h"

#include "base/text.h"

#include <algorithm>
#include <set>

namespace convops {

namespace {

// The words for a reading that a check needed and that is not whole.
AuditJudgement unknown_of(AuditShortfall const& shortfall, std::string const& region) {
    AuditJudgement judgement;
    judgement.result = AuditResult::unknown;
    judgement.region = region;
    judgement.why = shortfall.why;
    judgement.iam_action = shortfall.iam_action;
    return judgement;
}

AuditReading const* reading_named(std::string_view name) {
    static auto const readings = all_readings();
    auto const found
        = std::find_if(readings.begin(), readings.end(), [&](auto const& one) { return one.name == name; });
    return found == readings.end() ? nullptr : &*found;
}

enum class Fullness : std::uint8_t { whole, partly, nothing };

struct NeedState {
    Fullness fullness = Fullness::whole;
    AuditShortfall shortfall;
    std::optional<std::size_t> unread {}; // things of a partly read list; nullopt: nobody knows how many
};

// What is missing below a list that was refused is missing for that one's sake.
AuditReading const& cause_of(AuditReading const& reading, AuditAccount const& account, std::string const& place) {
    auto const* cause = &reading;
    for (auto const* above = reading_named(cause->parent);
        above != nullptr && account.listing(above->name, place).shortfall; above = reading_named(cause->parent))
        cause = above;
    return *cause;
}

NeedState state_of(AuditNeed const& need, Estate const& estate, std::string const& region) {
    auto const* reading = reading_named(need.reading);
    if (reading == nullptr)
        return { Fullness::nothing, { ErrorKind::not_found, "nothing reads " + std::string(need.reading), "" } };
    auto const place = reading->place == ReadingPlace::global ? std::string() : region;
    auto const& listing = estate.account->listing(need.reading, place);
    auto const with_name = [&](AuditShortfall shortfall) {
        shortfall.why
            = (shortfall.iam_action.empty() ? std::string(cause_of(*reading, *estate.account, place).iam_action)
                                            : shortfall.iam_action)
            + ": " + shortfall.why;
        return shortfall;
    };
    if (listing.shortfall)
        return { Fullness::nothing, with_name(*listing.shortfall) };
    if (!listing.asked)
        return { Fullness::nothing,
            { ErrorKind::unavailable, std::string(reading->iam_action) + ": was not asked", "" } };
    auto const fullness = need.whole ? Fullness::nothing : Fullness::partly;
    if (!listing.failed_for.empty())
        return { fullness, with_name(listing.failed_for.begin()->second), listing.failed_for.size() };
    if (listing.cut)
        return { fullness,
            { ErrorKind::unavailable, std::string(reading->iam_action) + ": the list is longer than what was read",
                "" } };
    return {};
}

// What could not be read weighs as much as the same number of things that were; of unknown number: as much as all of
// them, for what was cut off is at least as likely the larger part as the smaller.
double weight_of_unread(std::optional<std::size_t> unread, std::span<AuditJudgement const> judged) {
    double all = 0;
    for (auto const& one : judged)
        all += one.weight;
    if (judged.empty() || all <= 0)
        return static_cast<double>(unread.value_or(1));
    return unread ? all / static_cast<double>(judged.size()) * static_cast<double>(*unread) : all;
}

void judge_in(AuditCheck const& check, Estate const& estate, std::string const& region,
    std::vector<std::string> const& need_regions, std::vector<AuditJudgement>& all) {
    std::vector<AuditJudgement> unknown;
    std::vector<std::optional<std::size_t>> unread; // of each of them
    bool blind = false;
    std::set<std::pair<std::string, std::string>> told;
    for (auto const& need : check.needs)
        for (auto const& where : need_regions) {
            auto const state = state_of(need, estate, where);
            if (state.fullness == Fullness::whole)
                continue;
            blind = blind || state.fullness == Fullness::nothing;
            if (!told.emplace(state.shortfall.why, where).second)
                continue;
            unknown.push_back(unknown_of(state.shortfall, where));
            unread.push_back(state.unread);
        }
    if (!blind) {
        auto judged = check.judge(estate, region);
        for (std::size_t i = 0; i < unknown.size(); ++i)
            unknown[i].weight = weight_of_unread(unread[i], judged);
        all.insert(all.end(), std::make_move_iterator(judged.begin()), std::make_move_iterator(judged.end()));
    }
    all.insert(all.end(), std::make_move_iterator(unknown.begin()), std::make_move_iterator(unknown.end()));
}

// Answers of AWS are read without characters that do not show, so that two alarms may have one name here. A fix of
// the one could change the other.
bool is_name_of_two(EstateRegion const& here, std::string const& name) {
    return here.alarms.size() != here.alarm_index.size()
        && std::count_if(here.alarms.begin(), here.alarms.end(),
               [&](EstateAlarm const& alarm) { return alarm.alarm.name == name; })
        > 1;
}

void keep_changed_alarm(AuditReport& report, Estate const& estate, AuditJudgement& judgement) {
    if (judgement.fix.alarm.empty())
        return;
    auto const& here = estate.in(judgement.region);
    if (is_name_of_two(here, judgement.fix.alarm))
        judgement.fix = {};
    else if (auto const* alarm = here.alarm_named(judgement.fix.alarm))
        report.changed_alarms.try_emplace({ judgement.region, judgement.fix.alarm }, *alarm->item);
}

// One line for a Region in which nothing could be read. The score counts every check of it as unknown all the same.
AuditFinding of_unreachable(std::string const& region, std::string const& why) {
    auto judgement
        = unknown_of({ ErrorKind::unavailable, "Nothing could be read in this Region: " + why, "" }, region);
    return { "region_is_readable", 0, AuditCategory::coverage, AuditSeverity::high, std::move(judgement) };
}

} // namespace

std::vector<AuditJudgement> judgements_of(AuditCheck const& check, Estate const& estate) {
    std::vector<AuditJudgement> all;
    if (!check.per_region) {
        judge_in(check, estate, "", estate.account->regions, all);
        return all;
    }
    for (auto const& region : estate.account->regions)
        judge_in(check, estate, region, { region }, all);
    return all;
}

AuditReport audit(Estate const& estate, std::span<AuditCheck const> checks) {
    AuditReport report;
    report.account = estate.account->id;
    report.regions = estate.account->regions;
    report.at = estate.now();
    for (auto const& [region, here] : estate.regions) {
        report.resources += here.resources.size();
        report.alarms += here.alarms.size();
    }
    std::vector<AuditCheck> ordered(checks.begin(), checks.end());
    std::sort(ordered.begin(), ordered.end(), [](auto const& a, auto const& b) { return a.number < b.number; });
    std::vector<ScoredCheck> scored;
    for (auto const& check : ordered) {
        auto judgements = judgements_of(check, estate);
        scored.push_back(scored_check(check, judgements));
        report.checks.push_back(scored.back().summary);
        for (auto& judgement : judgements)
            if (judgement.result != AuditResult::pass && !estate.account->unreachable.contains(judgement.region))
                report.findings.push_back(
                    { std::string(check.name), check.number, check.category, check.severity, std::move(judgement) });
    }
    for (auto const& [region, why] : estate.account->unreachable)
        report.findings.push_back(of_unreachable(region, why));
    std::stable_sort(report.findings.begin(), report.findings.end(), [](auto const& a, auto const& b) {
        return std::tuple(a.judgement.result != AuditResult::fail, a.severity, a.number)
            < std::tuple(b.judgement.result != AuditResult::fail, b.severity, b.number);
    });
    for (auto& finding : report.findings)
        keep_changed_alarm(report, estate, finding.judgement);
    score(report, scored);
    return report;
}

} // namespace convops
