#include "audit/tuning.h"

#include "audit/metric_history.h"

#include <algorithm>
#include <cmath>

namespace convops {

namespace {

constexpr Milliseconds least_real = Minutes { 15 };
constexpr int least_real_periods = 3;
constexpr double habit_share = 0.1; // an alarm that is on for more of the time than this proves nothing by lasting
constexpr Milliseconds near_wrong = Minutes { 10 };
constexpr Milliseconds near_alarm = Minutes { 5 };
constexpr std::size_t noisy_in_vain = 4; // in 14 days
constexpr std::size_t ring_often = 10;
constexpr std::size_t most_alarms_tried = 500;
// "the evaluation periods multiplied by the period can not exceed one day" for periods under an hour.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
constexpr Seconds longest_range = Days { 1 };

struct Tried {
    EstateAlarm const* alarm = nullptr;
    Series const* series = nullptr;
    AlarmRule rule;
    Backtest run;
};

struct Pace {
    int datapoints, periods;
};
constexpr std::array paces { Pace { 1, 1 }, Pace { 2, 2 }, Pace { 2, 3 }, Pace { 3, 3 }, Pace { 3, 5 }, Pace { 5, 5 },
    Pace { 10, 10 }, Pace { 15, 15 } };

std::vector<Tried> tried_alarms(Estate const& estate, std::string const& region) {
    std::vector<Tried> all;
    for (auto const& alarm : estate.in(region).alarms) {
        if (all.size() == most_alarms_tried)
            break;
        if (alarm.alarm.metrics.size() != 1 || !alarm.alarm.metrics.front().metric)
            continue;
        auto const& metric = alarm.alarm.metrics.front();
        auto const* series = history_of(estate, region, *metric.metric, metric.statistic);
        // Only points as fine as the alarm reads: what is proposed must be what was tried.
        if (series == nullptr || series->period != alarm.alarm.period())
            continue;
        if (auto const rule = rule_of(alarm.alarm, *series))
            all.push_back({ &alarm, series, *rule, backtest(*series, *rule, history_span(estate)) });
    }
    return all;
}

bool near(AlarmStay const& stay, Window window, Milliseconds margin) {
    return stay.from < window.to + margin && window.from - margin < stay.until;
}

std::vector<JudgedStay> judged(
    Tried const& tried, std::vector<Tried> const& others, std::vector<WrongMoment> const& wrong) {
    std::vector<JudgedStay> all;
    auto const& own = *tried.alarm->alarm.metrics.front().metric;
    auto const lasting = std::max<Milliseconds>(least_real, least_real_periods * tried.rule.period);
    bool const habit = tried.run.share_in_alarm > habit_share;
    for (auto const& stay : tried.run.stays) {
        bool real = !habit && stay.until - stay.from >= lasting;
        for (auto const& moment : wrong)
            real = real || (moment.question.metric != own && near(stay, moment.window(), near_wrong));
        for (auto const& other : others)
            if (!real && other.alarm != tried.alarm && other.run.stays.size() < ring_often
                && *other.alarm->alarm.metrics.front().metric != own)
                for (auto const& theirs : other.run.stays)
                    real = real || near(stay, { theirs.from, theirs.from + Minutes { 1 } }, near_alarm);
        all.push_back({ stay, real });
    }
    return all;
}

struct Outcome {
    AlarmRule rule;
    int fired = 0, real = 0;
    double change = 0; // how far from what is set
};

// A real stay is kept when the new rule is in ALARM before half of it is over, or 15 minutes after it began.
Outcome outcome_of(AlarmRule const& rule, Tried const& tried, std::vector<JudgedStay> const& stays, Window span) {
    Outcome outcome { rule };
    auto const run = backtest(*tried.series, rule, span);
    outcome.fired = static_cast<int>(run.stays.size());
    for (auto const& one : stays) {
        if (!one.real)
            continue;
        auto const in_time = one.stay.from + std::max<Milliseconds>(least_real, (one.stay.until - one.stay.from) / 2);
        bool const kept = std::any_of(run.stays.begin(), run.stays.end(),
            [&](AlarmStay const& then) { return then.from <= in_time && then.until > one.stay.from; });
        outcome.real += kept ? 1 : 0;
    }
    auto const scale = std::max(std::fabs(tried.rule.threshold), 1e-9);
    outcome.change = std::fabs(rule.threshold - tried.rule.threshold) / scale
        + 0.1 * std::fabs(rule.datapoints - tried.rule.datapoints);
    return outcome;
}

double three_digits(double value) {
    if (value == 0)
        return 0;
    auto const scale = std::pow(10, std::floor(std::log10(std::fabs(value))) - 2);
    return std::round(value / scale) * scale;
}

// What is set, and steps from it to the peak of the mildest real stay; without a real one to just past everything.
std::vector<double> thresholds(Tried const& tried, std::vector<JudgedStay> const& stays) {
    double const side = tried.rule.comparison.starts_with("Less") ? -1 : 1;
    std::optional<double> mildest;
    double furthest = side * tried.rule.threshold;
    auto const lead = tried.rule.periods * tried.rule.period;
    for (auto const& one : stays) {
        std::optional<double> peak;
        for (std::size_t i = 0; i < tried.series->at.size(); ++i) {
            furthest = std::max(furthest, side * tried.series->values[i]);
            if (one.real && tried.series->at[i] >= one.stay.from - lead && tried.series->at[i] < one.stay.until)
                peak = std::max(peak.value_or(side * tried.series->values[i]), side * tried.series->values[i]);
        }
        if (peak)
            mildest = std::min(mildest.value_or(*peak), *peak);
    }
    auto const set = side * tried.rule.threshold;
    auto const end = mildest.value_or(furthest + 0.1 * std::fabs(furthest));
    std::vector<double> all { tried.rule.threshold };
    for (auto const share : { 0.1, 0.25, 0.5, 0.75, 0.9 })
        if (end > set)
            all.push_back(three_digits(side * (set + share * (end - set))));
    if (!mildest && end > set)
        all.push_back(three_digits(side * end));
    return all;
}

std::optional<Outcome> better(Tried const& tried, std::vector<JudgedStay> const& stays, Window span) {
    auto const now = outcome_of(tried.rule, tried, stays, span);
    std::optional<Outcome> best;
    std::vector<Pace> wanted { { tried.rule.datapoints, tried.rule.periods } };
    for (auto const& pace : paces)
        if (pace.datapoints >= tried.rule.datapoints && pace.periods * tried.rule.period <= longest_range)
            wanted.push_back(pace);
    for (auto const threshold : thresholds(tried, stays))
        for (auto const& pace : wanted) {
            auto rule = tried.rule;
            rule.threshold = threshold;
            rule.datapoints = pace.datapoints;
            rule.periods = pace.periods;
            auto const outcome = outcome_of(rule, tried, stays, span);
            if (outcome.real < now.real)
                continue;
            if (!best || std::pair(outcome.fired, outcome.change) < std::pair(best->fired, best->change))
                best = outcome;
        }
    // Worth a change: at least half of what rang in vain is gone.
    if (!best || (now.fired - now.real) < 2 * (best->fired - best->real) || best->fired >= now.fired)
        return std::nullopt;
    return best;
}

AlarmPlan plan_of(AlarmRule const& rule, std::string const& statistic) {
    AlarmPlan plan;
    plan.statistic = statistic;
    plan.comparison = rule.comparison;
    plan.threshold = rule.threshold;
    plan.datapoints_to_alarm = rule.datapoints;
    plan.evaluation_periods = rule.periods;
    plan.period = rule.period;
    return plan;
}

} // namespace

std::vector<AlarmTuning> alarm_tunings(Estate const& estate, WrongMoments const& moments) {
    std::vector<AlarmTuning> tunings;
    auto const span = history_span(estate);
    std::vector<WrongMoment> const none;
    for (auto const& region : estate.account->regions) {
        auto const all = tried_alarms(estate, region);
        auto const found = moments.find(region);
        auto const& wrong = found == moments.end() ? none : found->second;
        for (auto const& one : all) {
            auto const stays = judged(one, all, wrong);
            auto const real = static_cast<std::size_t>(
                std::count_if(stays.begin(), stays.end(), [](auto const& stay) { return stay.real; }));
            if (stays.size() - real < noisy_in_vain)
                continue;
            auto const best = better(one, stays, span);
            if (!best)
                continue;
            auto const& statistic = one.alarm->alarm.metrics.front().statistic;
            AlarmTuning tuning;
            tuning.region = region;
            tuning.alarm = one.alarm->alarm.name;
            tuning.now_says = words_of(plan_of(one.rule, statistic));
            tuning.would_say = words_of(plan_of(best->rule, statistic));
            tuning.fired_now = static_cast<int>(stays.size());
            tuning.real_now = static_cast<int>(real);
            tuning.fired_then = best->fired;
            tuning.real_then = best->real;
            tuning.fix = changed_alarm_fix(*one.alarm->item,
                { { "Threshold", best->rule.threshold }, { "EvaluationPeriods", best->rule.periods },
                    { "DatapointsToAlarm", best->rule.datapoints } },
                region);
            tunings.push_back(std::move(tuning));
        }
    }
    std::stable_sort(tunings.begin(), tunings.end(),
        [](auto const& a, auto const& b) { return a.fired_now - a.real_now > b.fired_now - b.real_now; });
    if (tunings.size() > most_tunings)
        tunings.resize(most_tunings);
    return tunings;
}

} // namespace convops
