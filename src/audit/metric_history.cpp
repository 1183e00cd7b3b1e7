#include "audit/metric_history.h"

#include "audit/costs.h"
#include "audit/recommended.h"
#include "base/text.h"

#include <algorithm>

namespace convops {

namespace {

constexpr std::array ladder { Seconds { 3'600 }, Seconds { 300 }, Seconds { 60 } };
// What fits into so many calls is asked as finely as wanted at once: looking by the hour first would save nothing.
constexpr std::size_t few_calls = 2;
constexpr std::size_t calls_at_once = 4; // Their answers are in memory together.
constexpr int most_pages_of_a_call = 20;
constexpr double alarm_priority = 10;
constexpr double hard_evidence_priority = 8;
constexpr double sandbox_share = 0.2;

std::size_t points_at(Seconds period) {
    return static_cast<std::size_t>(history_window / period) + 1;
}

// The period that a wish has on a step of the ladder: never finer than its alarm looks, and CloudWatch wants a
// multiple of 60.
Seconds period_on(HistoryWish const& wish, Seconds step) {
    auto const finest = std::max<Seconds>(Seconds { (wish.finest.count() + 59) / 60 * 60 }, Seconds { 60 });
    return std::max(step, finest);
}

double priority_of(RecommendedRow const& row, AuditResource const& resource) {
    auto const base = row.urgency == Urgency::page ? hard_evidence_priority
        : row.urgency == Urgency::warn             ? 4.0
                                                   : 2.0;
    return base * (is_production(resource) ? 1 : sandbox_share);
}

void add_wish(std::vector<HistoryWish>& wishes, std::map<std::string, std::size_t>& seen, HistoryWish wish) {
    auto const [at, is_new] = seen.emplace(history_key(wish.metric, wish.statistic), wishes.size());
    if (is_new) {
        wishes.push_back(std::move(wish));
        return;
    }
    auto& known = wishes[at->second];
    known.finest = std::min(known.finest, wish.finest);
    known.priority = std::max(known.priority, wish.priority);
}

} // namespace

std::string history_key(MetricId const& metric, std::string_view statistic) {
    return resource_key(metric.metric_namespace + "\n" + metric.name, metric.dimensions) + "\n\n"
        + std::string(statistic);
}

Series const* history_of(
    Estate const& estate, std::string const& region, MetricId const& metric, std::string_view statistic) {
    auto const history = estate.history.find(region);
    if (history == estate.history.end())
        return nullptr;
    auto const found = history->second.index.find(history_key(metric, statistic));
    return found == history->second.index.end() ? nullptr : &history->second.series[found->second];
}

void keep_history(EstateHistory& history, Series series) {
    auto const [at, is_new]
        = history.index.emplace(history_key(series.metric, series.statistic), history.series.size());
    if (is_new)
        history.series.push_back(std::move(series));
    else
        history.series[at->second] = std::move(series);
}

namespace {

void add_wishes_of_alarms(std::vector<HistoryWish>& wishes, std::map<std::string, std::size_t>& seen,
    Estate const& estate, std::string const& region) {
    for (auto const& alarm : estate.in(region).alarms)
        for (auto const& metric : alarm.alarm.metrics)
            if (metric.metric)
                add_wish(wishes, seen,
                    { *metric.metric, metric.statistic, metric.period.count() > 0 ? metric.period : Seconds { 60 },
                        alarm_priority });
}

void add_wishes_of_recommendations(std::vector<HistoryWish>& wishes, std::map<std::string, std::size_t>& seen,
    Estate const& estate, std::string const& region) {
    auto const context = context_of(estate, region);
    for (auto const* resource : resources_alarmed_in(estate, region))
        for (auto const* alarm : recommended_for(*resource)) {
            auto const& row = *alarm->row;
            auto const metric = metric_for(*alarm, *resource);
            if (!metric || (row.applies != Applies::steady_traffic && !applies(*alarm, *resource, context)))
                continue;
            Seconds const finest { std::max(300, row.pace.period) };
            add_wish(wishes, seen, { *metric, std::string(row.statistic), finest, priority_of(row, *resource) });
            if (row.threshold.other_metric.empty())
                continue;
            auto other = *metric;
            other.name = row.threshold.other_metric;
            add_wish(wishes, seen, { other, std::string(row.statistic), finest, priority_of(row, *resource) });
        }
}

// By the hour, as many as fit.
std::vector<Seconds> hourly_periods(
    std::span<HistoryWish const> wishes, std::size_t most_calls, std::size_t& points) {
    std::vector<Seconds> periods;
    for (auto const& wish : wishes) {
        auto const period = period_on(wish, ladder.front());
        if (points + points_at(period) > most_calls * most_datapoints
            || periods.size() == most_calls * most_metric_queries)
            break;
        points += points_at(period);
        periods.push_back(period);
    }
    return periods;
}

MetricRead read_of(HistoryWish& wish, Seconds period, std::size_t number) {
    MetricRead read;
    read.id = "m" + std::to_string(number);
    read.metric = std::move(wish.metric);
    read.statistic = std::move(wish.statistic);
    read.period = period;
    return read;
}

// Alike periods together: calls are filled to the brim.
void sort_by_period(std::vector<MetricRead>& reads) {
    std::stable_sort(reads.begin(), reads.end(), [](auto const& a, auto const& b) { return a.period < b.period; });
}

} // namespace

std::vector<HistoryWish> history_wishes(Estate const& estate, std::string const& region, HistoryOf of) {
    std::vector<HistoryWish> wishes;
    std::map<std::string, std::size_t> seen;
    if (of == HistoryOf::alarms || of == HistoryOf::everything)
        add_wishes_of_alarms(wishes, seen, estate, region);
    if (of == HistoryOf::recommendations || of == HistoryOf::everything)
        add_wishes_of_recommendations(wishes, seen, estate, region);
    std::stable_sort(
        wishes.begin(), wishes.end(), [](auto const& a, auto const& b) { return a.priority > b.priority; });
    return wishes;
}

HistoryPlan plan_history(std::vector<HistoryWish> wishes, std::size_t most_calls) {
    HistoryPlan plan;
    auto const budget = most_calls * most_datapoints;
    std::size_t points = 0;
    auto periods = hourly_periods(wishes, most_calls, points);
    plan.left_out = wishes.size() - periods.size();
    for (auto const step : ladder)
        for (std::size_t i = 0; i < periods.size(); ++i) {
            auto const finer = period_on(wishes[i], step);
            if (finer >= periods[i])
                continue;
            auto const more = points_at(finer) - points_at(periods[i]);
            if (points + more > budget)
                break; // The order of the wishes is the order of need.
            points += more;
            periods[i] = finer;
        }
    for (std::size_t i = 0; i < periods.size(); ++i)
        plan.reads.push_back(read_of(wishes[i], periods[i], i));
    sort_by_period(plan.reads);
    return plan;
}

HistoryPlan plan_by_the_hour(std::vector<HistoryWish> wishes, std::size_t most_calls) {
    HistoryPlan plan;
    std::size_t points = 0;
    auto const periods = hourly_periods(wishes, most_calls, points);
    plan.left_out = wishes.size() - periods.size();
    for (std::size_t i = 0; i < periods.size(); ++i)
        plan.reads.push_back(read_of(wishes[i], periods[i], i));
    sort_by_period(plan.reads);
    return plan;
}

HistoryPlan plan_finer(std::vector<HistoryWish> wishes, std::size_t most_calls) {
    auto const budget = most_calls * most_datapoints;
    std::size_t points = 0;
    std::vector<std::optional<Seconds>> periods(wishes.size());
    for (auto const step : std::span(ladder).subspan(1))
        for (std::size_t i = 0; i < wishes.size(); ++i) {
            auto const finer = period_on(wishes[i], step);
            if (finer >= periods[i].value_or(period_on(wishes[i], ladder.front())))
                continue;
            auto const more = points_at(finer) - (periods[i] ? points_at(*periods[i]) : 0);
            if (points + more > budget)
                break;
            points += more;
            periods[i] = finer;
        }
    HistoryPlan plan;
    for (std::size_t i = 0; i < wishes.size(); ++i)
        if (periods[i])
            plan.reads.push_back(read_of(wishes[i], *periods[i], i));
    sort_by_period(plan.reads);
    return plan;
}

namespace {

void take_answer(Json const& answer, std::vector<MetricResult>& results, std::set<std::string>& forbidden) {
    merge_results(results, metric_results_from(answer));
    for (auto const& entry : list_at(answer, "MetricDataResults"))
        if (text_at(entry, "StatusCode") == "Forbidden")
            forbidden.insert(text_at(entry, "Id"));
}

// One call with all its pages. False: it failed.
bool read_pages(Aws& aws, AwsCall call, Result<Json> answer, EstateHistory& history,
    std::vector<MetricResult>& results, std::set<std::string>& forbidden) {
    for (int page = 0; page < most_pages_of_a_call; ++page) {
        if (!answer) {
            AuditShortfall shortfall { answer.error().kind, shorten(clean_utf8(answer.error().message), 300), "" };
            if (shortfall.kind == ErrorKind::access_denied)
                shortfall.iam_action = "cloudwatch:GetMetricData";
            history.shortfall = shortfall;
            return false;
        }
        take_answer(*answer, results, forbidden);
        auto const token = text_at(*answer, "NextToken");
        if (token.empty())
            return true;
        call.params["NextToken"] = token;
        answer = aws.call(call);
    }
    return true;
}

void read_region(Aws& aws, Estate& estate, std::string const& region, HistoryPlan const& plan) {
    auto& history = estate.history[region];
    history.left_out += plan.left_out;
    std::map<std::string, MetricRead const*> by_id;
    for (auto const& read : plan.reads)
        by_id[read.id] = &read;
    auto const until = floor_to(estate.now(), Seconds { 3'600 });
    auto calls = metric_data_calls(plan.reads, { until - history_window, until });
    for (auto& call : calls)
        call.region = region;
    for (std::size_t first = 0; first < calls.size(); first += calls_at_once) {
        auto const some = std::span(calls).subspan(first, std::min(calls_at_once, calls.size() - first));
        auto answers = aws.call_all(some);
        for (std::size_t i = 0; i < some.size(); ++i) {
            std::vector<MetricResult> results;
            std::set<std::string> forbidden;
            bool const whole = read_pages(aws, some[i], std::move(answers[i]), history, results, forbidden);
            if (!whole)
                for (auto const& query : list_at(Json(some[i].params), "MetricDataQueries"))
                    forbidden.insert(text_at(query, "Id"));
            for (auto const& id : forbidden)
                if (auto const read = by_id.find(id); read != by_id.end() && read->second->metric)
                    history.denied.push_back(*read->second->metric);
            for (auto& result : results)
                if (auto const read = by_id.find(result.id);
                    read != by_id.end() && !forbidden.contains(result.id) && !result.at.empty())
                    keep_history(
                        history, series_of(*read->second, std::move(result), known_unit(*read->second->metric)));
        }
    }
}

std::size_t calls_for(HistoryPlan const& plan) {
    std::size_t points = 0;
    for (auto const& read : plan.reads)
        points += points_at(read.period);
    return (points + most_datapoints - 1) / most_datapoints;
}

// How many calls it took, of those that were allowed.
std::size_t read_in_steps(
    Aws& aws, Estate& estate, std::string const& region, std::vector<HistoryWish> wishes, std::size_t most_calls) {
    auto const at_once = plan_history(wishes, most_calls);
    if (calls_for(at_once) <= few_calls) {
        read_region(aws, estate, region, at_once);
        return calls_for(at_once);
    }
    auto const hourly = plan_by_the_hour(wishes, most_calls);
    read_region(aws, estate, region, hourly);
    auto const used = std::min(most_calls, calls_for(hourly));
    std::erase_if(
        wishes, [&](auto const& wish) { return history_of(estate, region, wish.metric, wish.statistic) == nullptr; });
    auto const finer = plan_finer(std::move(wishes), most_calls - used);
    read_region(aws, estate, region, finer);
    return used + calls_for(finer);
}

} // namespace

void read_history(Aws& aws, Estate& estate, HistoryOf of, std::size_t most_calls) {
    auto const regions = estate.account->regions;
    std::size_t calls_left = most_calls;
    for (std::size_t i = 0; i < regions.size() && of != HistoryOf::nothing; ++i) {
        // Regions that need less leave their share to those after them.
        auto const used = read_in_steps(
            aws, estate, regions[i], history_wishes(estate, regions[i], of), calls_left / (regions.size() - i));
        calls_left -= std::min(calls_left, used);
    }
}

void read_fine_metrics(Aws& aws, Estate& estate) {
    constexpr Seconds fine_period { 10 };
    constexpr Minutes fine_window { 10 };
    for (auto const& region : estate.account->regions) {
        std::vector<MetricRead> reads;
        for (auto& metric : custom_metrics_in(estate, region)) {
            if (reads.size() == most_metric_queries)
                break;
            MetricRead read;
            read.id = "m" + std::to_string(reads.size());
            read.metric = std::move(metric);
            read.statistic = "SampleCount";
            read.period = fine_period;
            reads.push_back(std::move(read));
        }
        auto& history = estate.history[region];
        auto const until = floor_to(estate.now(), Seconds { 60 });
        for (auto& call : metric_data_calls(reads, { until - fine_window, until })) {
            call.region = region;
            std::vector<MetricResult> results;
            std::set<std::string> forbidden;
            read_pages(aws, call, aws.call(call), history, results, forbidden);
            for (auto const& result : results) {
                std::set<Time> minutes;
                for (auto const at : result.at)
                    minutes.insert(floor_to(at, Seconds { 60 }));
                auto const read
                    = std::find_if(reads.begin(), reads.end(), [&](auto const& one) { return one.id == result.id; });
                if (result.at.size() > 2 * minutes.size() && read != reads.end())
                    history.fine.push_back(*read->metric);
            }
        }
    }
}

} // namespace convops
