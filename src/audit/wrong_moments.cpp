#include "audit/wrong_moments.h"

#include "audit/backtest.h"
#include "audit/metric_history.h"
#include "stats/robust.h"

#include <algorithm>
#include <cmath>

namespace convops {

namespace {

constexpr Milliseconds joins_within = Minutes { 30 }; // stretches of one metric that are one moment
constexpr Milliseconds least_length = Minutes { 15 };
constexpr double far_in_spreads = 8;
constexpr double least_change = 0.5; // of the usual
constexpr double still_off_in_spreads = 4;
constexpr std::size_t near_points = 6; // between what the detector says and the excursion
constexpr std::size_t enough_points = 96; // four days by the hour
constexpr double usual_share = 0.1; // what is so for more of the time is usual, however bad
constexpr std::size_t most_days = 4; // on more days than this it is a habit

// Rules of their own: past them nobody argues. `least` is in the unit of the metric, by five minutes for counts.
struct PlainRule {
    AskedMetric metric;
    bool above;
    double limit; // of the value; of the share of another metric
    std::string_view share_of; // empty: the value itself
    double least; // the value must be at least this much, so that one error of ten calls is no incident
    Minutes lasts;
};
constexpr auto plain_rules = std::to_array<PlainRule>({
    { { "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count" }, true, 0.05, "RequestCount", 20, Minutes { 10 } },
    { { "AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count" }, true, 50, "", 50, Minutes { 10 } },
    { { "AWS/ELB", "HTTPCode_ELB_5XX" }, true, 50, "", 50, Minutes { 10 } },
    { { "AWS/ApplicationELB", "UnHealthyHostCount" }, true, 0, "", 1, Minutes { 15 } },
    { { "AWS/NetworkELB", "UnHealthyHostCount" }, true, 0, "", 1, Minutes { 15 } },
    { { "AWS/ELB", "UnHealthyHostCount" }, true, 0, "", 1, Minutes { 15 } },
    { { "AWS/ApplicationELB", "HealthyHostCount" }, false, 1, "", 0, Minutes { 5 } },
    { { "AWS/NetworkELB", "HealthyHostCount" }, false, 1, "", 0, Minutes { 5 } },
    { { "AWS/ApiGateway", "5XXError" }, true, 0.05, "", 0.05, Minutes { 10 } },
    { { "AWS/ApiGateway", "5xx" }, true, 0.05, "", 0.05, Minutes { 10 } },
    { { "AWS/CloudFront", "5xxErrorRate" }, true, 5, "", 5, Minutes { 10 } },
    { { "AWS/Lambda", "Throttles" }, true, 20, "", 20, Minutes { 10 } },
    { { "AWS/DynamoDB", "ReadThrottleEvents" }, true, 50, "", 50, Minutes { 10 } },
    { { "AWS/DynamoDB", "WriteThrottleEvents" }, true, 50, "", 50, Minutes { 10 } },
    { { "AWS/NATGateway", "ErrorPortAllocation" }, true, 0, "", 1, Minutes { 10 } },
    { { "AWS/RDS", "FreeStorageSpace" }, false, 0, "", 0, Minutes { 15 } }, // limit: 10 % of what is allocated
    { { "AWS/EC2", "StatusCheckFailed" }, true, 0, "", 1, Minutes { 10 } },
    { { "ECS/ContainerInsights", "RunningTaskCount" }, false, 1, "", 0, Minutes { 10 } },
    { { "AWS/ES", "ClusterStatus.red" }, true, 0, "", 1, Minutes { 5 } },
    { { "AWS/Kafka", "OfflinePartitionsCount" }, true, 0, "", 1, Minutes { 5 } },
});

PlainRule const* plain_rule(CoverQuestion const& question) {
    AskedMetric const metric { question.alarm->metric_namespace, question.alarm->row->metric };
    auto const found
        = std::find_if(plain_rules.begin(), plain_rules.end(), [&](auto const& one) { return one.metric == metric; });
    return found == plain_rules.end() ? nullptr : &*found;
}

bool is_count(Series const& series) {
    return series.statistic == "Sum" || series.statistic == "SampleCount";
}

struct Stretch {
    std::size_t first = 0, last = 0; // indexes, inclusive
};

// Runs of points for which `off` holds, joined over short gaps.
template <typename Off> std::vector<Stretch> stretches(Series const& series, Off off) {
    std::vector<Stretch> all;
    for (std::size_t i = 0; i < series.at.size(); ++i) {
        if (!off(i))
            continue;
        if (!all.empty() && series.at[i] - series.at[all.back().last] <= joins_within)
            all.back().last = i;
        else
            all.push_back({ i, i });
    }
    return all;
}

WrongMoment moment_of(CoverQuestion const& question, Series const& series, Series const& whole, Stretch stretch) {
    WrongMoment moment;
    moment.question = question;
    moment.series = &series;
    moment.from = whole.at[stretch.first];
    moment.until = whole.at[stretch.last] + whole.period;
    bool const above = fires_above(question.alarm->row->comparison);
    moment.worst = whole.values[stretch.first];
    for (auto i = stretch.first; i <= stretch.last; ++i)
        moment.worst = above ? std::max(moment.worst, whole.values[i]) : std::min(moment.worst, whole.values[i]);
    moment.usual = median_of_copy(whole.values);
    return moment;
}

std::vector<WrongMoment> by_rule(CoverQuestion const& question, Series const& series, Series const& whole,
    Series const* other, double storage_limit) {
    auto const* rule = plain_rule(question);
    if (rule == nullptr)
        return {};
    // A count by the hour is twelve times that of five minutes.
    double const scale = is_count(series) ? static_cast<double>(series.period.count()) / 300.0 : 1;
    std::map<Time, double> others;
    if (other != nullptr)
        for (std::size_t i = 0; i < other->at.size(); ++i)
            others[other->at[i]] = other->values[i];
    auto const off = [&](std::size_t i) {
        auto const value = whole.values[i];
        if (!rule->share_of.empty()) {
            auto const found = others.find(whole.at[i]);
            return value >= rule->least * scale && found != others.end() && value > rule->limit * found->second;
        }
        if (rule->metric.metric == "FreeStorageSpace")
            return value < storage_limit;
        return rule->above ? value > rule->limit * scale && value >= rule->least * scale : value < rule->limit;
    };
    std::vector<WrongMoment> moments;
    for (auto const& stretch : stretches(whole, off)) {
        auto moment = moment_of(question, series, whole, stretch);
        moment.by_rule = true;
        std::int64_t wrong = 0;
        for (auto i = stretch.first; i <= stretch.last; ++i)
            wrong += off(i) ? 1 : 0;
        // Two bad periods half an hour apart do not make half an hour.
        auto const lasted = wrong * whole.period;
        if (lasted >= std::max<Seconds>(rule->lasts, whole.period) && 2 * lasted >= moment.until - moment.from)
            moments.push_back(std::move(moment));
    }
    return moments;
}

// A dead-letter queue hurts when it begins to fill: a message that lies there for weeks is an old story.
std::vector<WrongMoment> dead_letters(CoverQuestion const& question, Series const& series, Series const& whole) {
    std::vector<WrongMoment> moments;
    for (std::size_t i = 1; i < whole.values.size(); ++i) {
        if (whole.values[i] <= whole.values[i - 1] || whole.values[i] <= 0)
            continue;
        auto last = i;
        while (last + 1 < whole.values.size() && whole.at[last + 1] - whole.at[i] < Hours { 1 }
            && whole.values[last + 1] > whole.values[i - 1])
            ++last;
        auto moment = moment_of(question, series, whole, { i, last });
        moment.by_rule = true;
        if (moments.empty() || moment.from > moments.back().until + joins_within)
            moments.push_back(std::move(moment));
        else
            moments.back().until = moment.until;
        i = last;
    }
    return moments;
}

// The usual of each hour of the day, and how far points lie from it.
struct Usual {
    std::array<double, 24> level {};
    double spread = 0; // in the unit of the series
    double relative_spread = 0; // to the level of the hour: what is larger by day is noisier by day
    [[nodiscard]] double spread_at(Time time) const {
        return std::max(spread, relative_spread * std::fabs(at(time)));
    }
    [[nodiscard]] double at(Time time) const {
        auto const hour = std::chrono::duration_cast<Hours>(time.time_since_epoch()).count() % 24;
        return level[static_cast<std::size_t>(hour)];
    }
};

Usual usual_of(Series const& series) {
    Usual usual;
    std::array<std::vector<double>, 24> by_hour;
    for (std::size_t i = 0; i < series.at.size(); ++i)
        by_hour[static_cast<std::size_t>(
                    std::chrono::duration_cast<Hours>(series.at[i].time_since_epoch()).count() % 24)]
            .push_back(series.values[i]);
    auto const middle = median_of_copy(series.values);
    for (std::size_t hour = 0; hour < by_hour.size(); ++hour)
        usual.level[hour] = by_hour[hour].empty() ? middle : median_of(by_hour[hour]);
    std::vector<double> away;
    std::vector<double> relative;
    for (std::size_t i = 0; i < series.at.size(); ++i) {
        auto const level = usual.at(series.at[i]);
        away.push_back(series.values[i] - level);
        if (level != 0)
            relative.push_back(away.back() / std::fabs(level));
    }
    auto const least = std::max(std::fabs(middle) * 0.05, 1e-9);
    usual.spread = robust_level(away, least).spread;
    usual.relative_spread = relative.empty() ? 0 : robust_level(relative, 0.05).spread;
    return usual;
}

std::vector<WrongMoment> by_detector(
    CoverQuestion const& question, Series const& series, Series const& whole, UnusualFinder const& unusual) {
    std::vector<WrongMoment> moments;
    if (!unusual || whole.at.size() < enough_points)
        return moments;
    auto const usual = usual_of(whole);
    double const side = fires_above(question.alarm->row->comparison) ? 1 : -1;
    auto const away = [&](std::size_t i) {
        return side * (whole.values[i] - usual.at(whole.at[i])) / usual.spread_at(whole.at[i]);
    };
    for (auto const& stretch : stretches(whole, [&](std::size_t i) { return away(i) >= still_off_in_spreads; })) {
        auto moment = moment_of(question, series, whole, stretch);
        std::size_t off = 0;
        std::size_t far = 0;
        for (auto i = stretch.first; i <= stretch.last; ++i) {
            off += away(i) >= still_off_in_spreads ? 1 : 0;
            auto const change = std::fabs(whole.values[i] - usual.at(whole.at[i]));
            far += away(i) >= far_in_spreads && change >= least_change * std::fabs(usual.at(whole.at[i])) ? 1 : 0;
        }
        auto const points = stretch.last - stretch.first + 1;
        auto const mostly_off = off * 2 > points && far * 2 >= points;
        // Two slow periods by chance within half an hour are no incident.
        std::size_t const least_far = whole.period < Seconds { 3'600 } ? 3 : 2;
        auto const long_enough = moment.until - moment.from >= std::max<Milliseconds>(least_length, 2 * whole.period);
        if (mostly_off && far >= least_far && long_enough)
            moments.push_back(std::move(moment));
    }
    if (moments.empty())
        return moments;
    // The detector is asked last: it reads every point, and most series have nothing to ask about.
    auto const opened = unusual(whole);
    auto const reach = static_cast<std::int64_t>(near_points) * whole.period;
    std::erase_if(moments, [&](WrongMoment const& moment) {
        return std::none_of(opened.begin(), opened.end(),
            [&](Time at) { return at >= moment.from - reach && at <= moment.until + reach; });
    });
    return moments;
}

// What happens on many days, or most of the time, is how things are here.
void drop_habits(std::vector<WrongMoment>& moments, Window span) {
    std::set<std::int64_t> days;
    Milliseconds total { 0 };
    for (auto const& moment : moments) {
        days.insert(std::chrono::duration_cast<Days>(moment.from.time_since_epoch()).count());
        total += moment.until - moment.from;
    }
    auto const share = static_cast<double>(total.count()) / static_cast<double>(span.length().count());
    if (days.size() > most_days || (!moments.empty() && !moments.front().by_rule && share > usual_share))
        moments.clear();
}

double gravity_of(WrongMoment const& moment) {
    auto const hours = std::chrono::duration<double, std::ratio<3'600>>(moment.until - moment.from).count();
    return weight_of(moment.question.alarm->row->urgency) * weight_of(*moment.question.resource)
        * (moment.by_rule ? 2 : 1) * (1 + std::log1p(hours));
}

} // namespace

Window history_span(Estate const& estate) {
    auto const until = floor_to(estate.now(), Seconds { 3'600 });
    return { until - history_window, until };
}

Series with_zeros(Series const& series, Window window) {
    if (!is_count(series) || series.period <= Seconds { 0 })
        return series;
    auto whole = series;
    whole.at.clear();
    whole.values.clear();
    std::map<Time, double> known;
    for (std::size_t i = 0; i < series.at.size(); ++i)
        known[series.at[i]] = series.values[i];
    for (auto at = floor_to(window.from, series.period); at < window.to; at += series.period) {
        auto const found = known.find(at);
        whole.at.push_back(at);
        whole.values.push_back(found == known.end() ? 0 : found->second);
    }
    return whole;
}

namespace {

std::vector<WrongMoment> moments_in(Estate const& estate, std::string const& region, UnusualFinder const& unusual) {
    std::vector<WrongMoment> all;
    auto const context = context_of(estate, region);
    auto const span = history_span(estate);
    for (auto const& question : cover_questions(estate, region, context)) {
        auto const& row = *question.alarm->row;
        auto const* series = history_of(estate, region, question.metric, row.statistic);
        if (series == nullptr || series->at.empty())
            continue;
        auto const whole = with_zeros(*series, span);
        std::vector<WrongMoment> found;
        if (row.applies == Applies::dead_letter_queue) {
            found = dead_letters(question, *series, whole);
        } else {
            auto other = question.metric;
            other.name = row.threshold.other_metric;
            auto const limit = row.threshold.rule == ThresholdRule::allocated_storage
                ? threshold_for(*question.alarm, *question.resource, context).value.value_or(0)
                : 0;
            found = by_rule(question, *series, whole, history_of(estate, region, other, row.statistic), limit);
            if (found.empty())
                found = by_detector(question, *series, whole, unusual);
        }
        drop_habits(found, span);
        for (auto& moment : found) {
            moment.gravity = gravity_of(moment);
            all.push_back(std::move(moment));
        }
    }
    return all;
}

} // namespace

WrongMoments wrong_moments(Estate const& estate, UnusualFinder const& unusual) {
    WrongMoments all;
    for (auto const& region : estate.account->regions)
        all[region] = moments_in(estate, region, unusual);
    return all;
}

} // namespace convops
