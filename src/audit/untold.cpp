#include "audit/untold.h"

#include "audit/metric_history.h"

#include <algorithm>
#include <cmath>

namespace convops {

namespace {

constexpr Milliseconds of_one_incident = Minutes { 30 }; // between the beginnings
constexpr Milliseconds told_before = Minutes { 10 };
constexpr Milliseconds told_after = Minutes { 30 }; // later than this is not in time

struct Incident {
    Time from {};
    std::vector<WrongMoment const*> moments; // gravest first when done
};

std::vector<Incident> incidents_of(std::vector<WrongMoment> const& moments) {
    std::vector<WrongMoment const*> ordered;
    for (auto const& moment : moments)
        ordered.push_back(&moment);
    std::stable_sort(ordered.begin(), ordered.end(), [](auto const* a, auto const* b) { return a->from < b->from; });
    std::vector<Incident> incidents;
    for (auto const* moment : ordered) {
        if (incidents.empty() || moment->from - incidents.back().from > of_one_incident)
            incidents.push_back({ moment->from, {} });
        incidents.back().moments.push_back(moment);
    }
    for (auto& incident : incidents)
        std::stable_sort(incident.moments.begin(), incident.moments.end(),
            [](auto const* a, auto const* b) { return a->gravity > b->gravity; });
    return incidents;
}

class Listener {
public:
    Listener(Estate const& estate, std::string const& region)
        : estate_(estate)
        , region_(region)
        , watchers_(estate, region)
        , log_(alarm_log_of(estate, region)) { }

    struct Answer {
        bool told = false;
        std::string why_untold;
        AuditFix fix; // of the alarm that is there and is not heard
    };

    [[nodiscard]] Answer ask(WrongMoment const& moment) const {
        Answer answer { false, "No alarm watches this metric.", {} };
        auto watchers = watchers_of(moment.question, watchers_);
        auto const own = watchers.size();
        // Another metric of the same thing may have told.
        auto const others = watchers_.of(*moment.question.resource);
        watchers.insert(watchers.end(), others.begin(), others.end());
        for (std::size_t i = 0; i < watchers.size(); ++i) {
            auto const& alarm = *watchers[i].alarm;
            auto const hearing = watchers_.heard(alarm);
            bool const fired = would_have_fired(watchers[i], moment, i < own);
            if (fired && (hearing.heard || !hearing.known))
                return { true, "", {} };
            if (i >= own)
                continue;
            if (!fired)
                answer.why_untold = "Alarm " + alarm.alarm.name + " watches it and would not have fired.";
            else
                answer.why_untold = "Alarm " + alarm.alarm.name + " fired, but " + hearing.why_not + ".";
        }
        return answer;
    }

private:
    [[nodiscard]] bool would_have_fired(MetricWatcher const& watcher, WrongMoment const& moment, bool own) const {
        auto const& alarm = watcher.alarm->alarm;
        Window const in_time { moment.from - told_before,
            std::max(moment.from + told_after, std::min(moment.until, moment.from + Hours { 2 })) };
        auto const logged = log_.fired(alarm.name, in_time);
        if (logged && (*logged || changed_before(*watcher.alarm, moment.from)))
            return *logged;
        if (!watcher.metric->metric)
            return own; // a query over many resources: given the benefit of the doubt
        auto const* series = history_of(estate_, region_, *watcher.metric->metric, watcher.metric->statistic);
        auto const rule = series == nullptr ? std::nullopt : rule_of(alarm, *series);
        if (!rule)
            return own; // math, a band, or too coarse to tell
        for (auto const& stay : backtest(*series, *rule, history_span(estate_)).stays)
            if (stay.from < in_time.to && in_time.from < stay.until)
                return true;
        return false;
    }

    // The log tells of the moment only when the alarm was then what it is now.
    static bool changed_before(EstateAlarm const& alarm, Time moment) {
        return !alarm.configured_at || *alarm.configured_at <= moment;
    }

    Estate const& estate_;
    std::string region_;
    Watchers watchers_;
    AlarmLog log_;
};

struct Catch {
    AlarmPlan plan;
    std::string words;
    AuditFix fix;
    bool caught = false;
    int in_vain = 0;
};

bool overlaps_any(AlarmStay const& stay, std::vector<Window> const& windows) {
    return std::any_of(windows.begin(), windows.end(), [&](Window const& window) {
        return stay.from < window.to + told_after && window.from - told_before < stay.until;
    });
}

// Runs a plan over the history. Where its own pace is finer than the points, it is tried and proposed at theirs.
Catch tried(AlarmPlan plan, WrongMoment const& moment, std::vector<Window> const& wrong, Window span) {
    auto rule = rule_of(plan, *moment.series);
    if (!rule && plan.queries.empty()) {
        auto const ratio
            = static_cast<double>(moment.series->period.count()) / static_cast<double>(plan.period.count());
        if (plan.statistic == "Sum" && ratio > 1)
            plan.threshold *= ratio;
        plan.period = moment.series->period;
        plan.datapoints_to_alarm = std::max(1, static_cast<int>(std::lround(plan.datapoints_to_alarm / ratio)));
        plan.evaluation_periods
            = std::max(plan.datapoints_to_alarm, static_cast<int>(std::lround(plan.evaluation_periods / ratio)));
        rule = rule_of(plan, *moment.series);
    }
    Catch result;
    if (!rule)
        return result;
    for (auto const& stay : backtest(*moment.series, *rule, span).stays) {
        if (overlaps_any(stay, { moment.window() }))
            result.caught = true;
        else if (!overlaps_any(stay, wrong))
            ++result.in_vain;
    }
    result.words = words_of(plan);
    result.fix = alarm_fix(plan);
    result.plan = std::move(plan);
    return result;
}

double two_digits(double value) {
    if (value == 0)
        return 0;
    auto const scale = std::pow(10, std::floor(std::log10(std::fabs(value))) - 1);
    return std::round(value / scale) * scale;
}

// Between what is usual there and what it reached: the highest (lowest) value outside of the moments and the third of
// the moment that lies deepest.
AlarmPlan learned_plan(AlarmPlan plan, WrongMoment const& moment, std::vector<Window> const& wrong) {
    bool const above = fires_above(moment.question.alarm->row->comparison);
    double const side = above ? 1 : -1;
    std::vector<double> outside;
    std::vector<double> inside;
    for (std::size_t i = 0; i < moment.series->at.size(); ++i) {
        auto const at = moment.series->at[i];
        bool const is_wrong
            = std::any_of(wrong.begin(), wrong.end(), [&](Window const& one) { return one.contains(at); });
        if (moment.window().contains(at))
            inside.push_back(side * moment.series->values[i]);
        else if (!is_wrong)
            outside.push_back(side * moment.series->values[i]);
    }
    std::sort(inside.begin(), inside.end());
    std::sort(outside.begin(), outside.end());
    auto const low
        = outside.empty() ? 0 : outside[static_cast<std::size_t>(0.999 * static_cast<double>(outside.size() - 1))];
    auto const high = inside.empty() ? low : inside[inside.size() * 2 / 3];
    plan.threshold = two_digits(side * (low + (high - low) / 2));
    plan.comparison = above ? "GreaterThanThreshold" : "LessThanThreshold";
    plan.period = moment.series->period;
    plan.datapoints_to_alarm = plan.evaluation_periods = inside.size() >= 3 ? 2 : 1;
    plan.treat_missing_data = plan.statistic == "Sum" ? "notBreaching" : "missing";
    plan.description += " Learned from 14 days.";
    return plan;
}

UntoldMoment told_of(WrongMoment const& moment, Listener::Answer const& answer, EstateContext const& context,
    std::vector<Window> const& wrong, std::size_t others) {
    UntoldMoment untold;
    untold.from = moment.from;
    untold.until = moment.until;
    untold.region = context.region;
    untold.resource = moment.question.resource->resource;
    untold.metric = moment.question.metric;
    untold.statistic = moment.question.alarm->row->statistic;
    untold.unit = known_unit(untold.metric);
    untold.worst = moment.worst;
    untold.usual = moment.usual;
    untold.why_untold = answer.why_untold;
    if (others > 0)
        untold.why_untold += " " + std::to_string(others)
            + (others == 1 ? " other metric was wrong at the same time."
                           : " other metrics were wrong at the same time.");
    auto const span = history_span(*context.estate);
    auto const ready
        = ready_alarm(*moment.question.alarm, moment.question.metric, *moment.question.resource, context);
    auto best = ready.threshold.value ? tried(ready.plan, moment, wrong, span) : Catch {};
    auto plan = ready.plan;
    plan.queries.clear();
    auto learned = tried(learned_plan(std::move(plan), moment, wrong), moment, wrong, span);
    if (!best.caught || (learned.caught && learned.in_vain < best.in_vain))
        best = std::move(learned);
    untold.alarm = best.words;
    untold.false_alarms = best.in_vain;
    untold.fix = std::move(best.fix);
    return untold;
}

} // namespace

std::vector<UntoldMoment> untold_moments(Estate const& estate, WrongMoments const& all) {
    std::vector<std::pair<double, UntoldMoment>> found;
    for (auto const& [region, moments] : all) {
        if (moments.empty())
            continue;
        Listener const listener(estate, region);
        auto const context = context_of(estate, region);
        for (auto const& incident : incidents_of(moments)) {
            auto const& main = *incident.moments.front();
            auto const first = listener.ask(main);
            bool told = first.told;
            for (auto const* moment : incident.moments)
                told = told || listener.ask(*moment).told;
            if (told)
                continue;
            std::vector<Window> wrong;
            std::set<MetricId> metrics;
            for (auto const& moment : moments)
                if (moment.question.metric == main.question.metric)
                    wrong.push_back(moment.window());
            for (auto const* moment : incident.moments)
                metrics.insert(moment->question.metric);
            found.emplace_back(main.gravity, told_of(main, first, context, wrong, metrics.size() - 1));
        }
    }
    std::stable_sort(found.begin(), found.end(), [](auto const& a, auto const& b) { return a.first > b.first; });
    if (found.size() > most_untold_moments)
        found.resize(most_untold_moments);
    std::vector<UntoldMoment> untold;
    for (auto& one : found)
        untold.push_back(std::move(one.second));
    return untold;
}

} // namespace convops
