// For tests: an account of prepared lists. Every reading was asked and found nothing, until a test says otherwise.
#pragma once

#include "audit/audit.h"
#include "audit/metric_history.h"
#include "audit/seen_results.h"

namespace convops {

inline constexpr std::string_view made_region = "eu-west-1";

class MadeAccount {
public:
    MadeAccount() {
        account_.id = "111122223333";
        account_.regions = { std::string(made_region) };
        account_.at = *parse_time("2026-11-20T12:00:00Z");
        AuditListing empty;
        empty.asked = true;
        for (auto const& reading : all_readings())
            account_.keep(reading.name, place_of(reading.name), empty);
        // Somebody is on call.
        list("sns_topics", R"([{"TopicArn":"arn:aws:sns:eu-west-1:111122223333:alerts"}])");
        list("sns_subscriptions",
            R"([{"TopicArn":"arn:aws:sns:eu-west-1:111122223333:alerts","SubscriptionArn":"arn:aws:sns:eu-west-1:111122223333:alerts:1","Protocol":"https","Endpoint":"https://pager.example/1"}])");
    }

    static constexpr std::string_view topic = "arn:aws:sns:eu-west-1:111122223333:alerts";
    [[nodiscard]] Time now() const { return account_.at; }

    MadeAccount& list(std::string_view reading, std::string_view items) {
        auto const parsed = parse_json(items);
        for (auto const& item : parsed ? parsed->as_array() : JsonArray { "the test's JSON is broken" })
            add(reading, item);
        return *this;
    }
    MadeAccount& add(std::string_view reading, Json item) {
        auto listing = account_.listing(reading, place_of(reading));
        listing.items.push_back(std::move(item));
        account_.keep(reading, place_of(reading), std::move(listing));
        return *this;
    }
    MadeAccount& denied(std::string_view reading, std::string_view iam_action) {
        AuditListing listing;
        listing.asked = true;
        listing.shortfall = AuditShortfall { ErrorKind::access_denied, "not authorized", std::string(iam_action) };
        account_.keep(reading, place_of(reading), std::move(listing));
        return *this;
    }
    // A metric alarm that the topic hears; `changes` go over it.
    MadeAccount& alarm(std::string_view name, MetricId const& metric, std::string_view statistic, double threshold,
        JsonObject const& changes = {}) {
        JsonArray dimensions;
        for (auto const& [key, value] : metric.dimensions)
            dimensions.push_back(JsonObject { { "Name", key }, { "Value", value } });
        JsonObject item { { "AlarmName", name }, { "StateValue", "OK" }, { "ActionsEnabled", true },
            { "AlarmActions", JsonArray { topic } }, { "Namespace", metric.metric_namespace },
            { "MetricName", metric.name }, { "Dimensions", std::move(dimensions) },
            { statistic.front() == 'p' ? "ExtendedStatistic" : "Statistic", statistic }, { "Period", 300 },
            { "EvaluationPeriods", 1 }, { "DatapointsToAlarm", 1 }, { "Threshold", threshold },
            { "ComparisonOperator", "GreaterThanThreshold" } };
        for (auto const& [key, value] : changes)
            item[key] = value;
        return add("cloudwatch_alarms", std::move(item));
    }
    // Datapoints of the whole 14 days, by five minutes.
    template <typename Value> MadeAccount& history(MetricId const& metric, std::string_view statistic, Value value) {
        Series series;
        series.metric = metric;
        series.statistic = statistic;
        series.period = Seconds { 300 };
        auto const until = floor_to(account_.at, Seconds { 3'600 });
        for (auto at = until - history_window; at < until; at += series.period)
            if (auto const made = value(at)) {
                series.at.push_back(at);
                series.values.push_back(*made);
            }
        keep_history(history_[std::string(made_region)], std::move(series));
        return *this;
    }

    MadeAccount& fine(MetricId metric) {
        history_[std::string(made_region)].fine.push_back(std::move(metric));
        return *this;
    }

    // Points into this account, which must outlive it.
    [[nodiscard]] Estate estate() const {
        static auto const readings = all_readings();
        auto estate = estate_of(account_, readings);
        estate.history = history_;
        return estate;
    }
    [[nodiscard]] std::vector<AuditJudgement> judged(std::string_view check) const {
        auto const here = estate();
        for (auto const& one : audit_checks::all())
            if (one.name == check)
                return with_note(one, judgements_of(one, here));
        return {};
    }

private:
    static std::string place_of(std::string_view reading) {
        static auto const readings = all_readings();
        for (auto const& one : readings)
            if (one.name == reading)
                return one.place == ReadingPlace::global ? "" : std::string(made_region);
        return std::string(made_region);
    }

    AuditAccount account_;
    std::map<std::string, EstateHistory> history_;
};

} // namespace convops
