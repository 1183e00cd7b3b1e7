#include "watch/watcher.h"

#include "ports/fake_aws.h"

#include <gmock/gmock.h>
#include <random>

namespace convops {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

Time const monday = *parse_time("2026-11-23T00:00:00Z");

// An account with one queue, whose messages come as noise around 100 a minute and otherwise as a test plants them.
struct QueueAccount {
    FakeAws aws;
    std::vector<Window> off;
    double off_value = 900;
    Seconds step { 60 };

    QueueAccount() {
        aws.on("monitoring:ListMetrics",
            R"({"Metrics": [{"Namespace": "AWS/SQS", "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [{"Name": "QueueName", "Value": "orders"}]}]})");
        aws.on("monitoring:GetMetricData", [this](AwsCall const& call) { return Result<Json>(data(call)); });
    }
    double value_at(Time at) const {
        for (auto const& window : off)
            if (window.contains(at))
                return off_value;
        std::mt19937 random(static_cast<unsigned>(at.time_since_epoch() / Seconds { 60 }));
        return std::normal_distribution<double>(100, 5)(random);
    }
    Json data(AwsCall const& call) const {
        auto const from = *time_at(call.params, "StartTime");
        auto const until = *time_at(call.params, "EndTime");
        JsonArray results;
        for (auto const& query : call.params.at("MetricDataQueries").as_array()) {
            JsonArray at;
            JsonArray values;
            for (auto time = floor_to(from, step); time < until; time += step)
                if (time >= from) {
                    at.emplace_back(format_time(time));
                    values.emplace_back(value_at(time));
                }
            results.push_back(JsonObject {
                { "Id", text_at(query, "Id") }, { "Timestamps", std::move(at) }, { "Values", std::move(values) } });
        }
        return JsonObject { { "MetricDataResults", std::move(results) } };
    }
};

struct Heard {
    std::vector<Anomaly> ripe;
    std::vector<AnomalyOver> healed;
    std::vector<AnomalyOver> over;
    std::size_t requested = 0;
};

Heard run(Watcher& watcher, Aws& aws, Time from, Time until) {
    Heard heard;
    for (auto now = from; now < until; now += Minutes { 1 }) {
        auto const pass = watcher.poll(aws, now);
        heard.ripe.insert(heard.ripe.end(), pass.ripe.begin(), pass.ripe.end());
        heard.healed.insert(heard.healed.end(), pass.healed.begin(), pass.healed.end());
        heard.over.insert(heard.over.end(), pass.over.begin(), pass.over.end());
        heard.requested += pass.metrics_requested;
    }
    return heard;
}

TEST(Watcher, what_lasts_is_told_once_and_once_more_when_it_is_over) {
    QueueAccount account;
    auto const begins = monday + Hours { 1 };
    account.off = { { begins, begins + Hours { 1 } } };
    Watcher watcher(WatcherSettings {});
    watcher.discover(account.aws, monday);
    auto const heard = run(watcher, account.aws, monday, monday + Hours { 4 });
    ASSERT_THAT(heard.ripe, SizeIs(1));
    EXPECT_EQ(heard.ripe[0].since, begins);
    EXPECT_NEAR(heard.ripe[0].usual, 100, 5);
    ASSERT_THAT(heard.over, SizeIs(1));
    EXPECT_THAT(heard.healed, IsEmpty());
}

TEST(Watcher, a_blip_heals_within_the_patience) {
    QueueAccount account;
    auto const begins = monday + Hours { 1 };
    account.off = { { begins, begins + Minutes { 3 } } };
    Watcher watcher(WatcherSettings {});
    watcher.discover(account.aws, monday);
    auto const heard = run(watcher, account.aws, monday, monday + Hours { 4 });
    EXPECT_THAT(heard.ripe, IsEmpty());
    EXPECT_THAT(heard.healed, SizeIs(1));
}

TEST(Watcher, what_its_first_look_finds_in_the_past_is_no_news) {
    QueueAccount account;
    account.off
        = { { monday - Hours { 20 }, monday - Hours { 19 } }, { monday - Hours { 8 }, monday + Hours { 1 } } };
    Watcher watcher(WatcherSettings {});
    watcher.discover(account.aws, monday);
    auto const heard = run(watcher, account.aws, monday, monday + Hours { 3 });
    EXPECT_THAT(heard.ripe, IsEmpty());
    EXPECT_THAT(heard.over, IsEmpty());
    EXPECT_THAT(heard.healed, IsEmpty());
}

TEST(Watcher, a_restart_goes_on_from_what_was_stored_and_tells_what_it_would_have_told) {
    QueueAccount account;
    auto const begins = monday + Hours { 1 };
    account.off = { { begins, begins + Hours { 1 } } };
    Watcher first(WatcherSettings {});
    first.discover(account.aws, monday);
    run(first, account.aws, monday, begins - Minutes { 30 });
    std::map<std::string, std::string> stored { { first.key(0), first.series(0).saved() } };
    Watcher second(WatcherSettings {});
    second.on_restore([&](std::string const& key) { return std::optional(stored.at(key)); });
    second.discover(account.aws, begins + Minutes { 20 });
    auto const calls_before = account.aws.calls().size();
    auto const heard = run(second, account.aws, begins + Minutes { 20 }, begins + Minutes { 30 });
    EXPECT_THAT(heard.ripe, SizeIs(1));
    auto const from = *time_at(account.aws.calls().at(calls_before).params, "StartTime");
    EXPECT_GT(from, begins - Hours { 1 }); // it did not read the whole history again
}

// Half of what AWS has would teach half of what is usual.
TEST(Watcher, kept_datapoints_that_do_not_reach_back_are_no_substitute_for_a_first_look) {
    for (bool const far_enough : { false, true }) {
        QueueAccount account;
        Watcher watcher(WatcherSettings {});
        watcher.on_remember([&](WatchedMetric const&, Seconds period, Window window) {
            PolledSeries kept;
            auto const from = far_enough ? window.from : window.to - Days { 1 };
            for (auto at = from; at < window.to; at += period) {
                kept.at.push_back(at);
                kept.values.push_back(account.value_at(at));
            }
            return kept;
        });
        watcher.discover(account.aws, monday);
        auto const calls_before = account.aws.calls().size();
        watcher.poll(account.aws, monday);
        auto const from = *time_at(account.aws.calls().at(calls_before).params, "StartTime");
        EXPECT_EQ(from > monday - Hours { 1 }, far_enough);
    }
}

TEST(Watcher, throttling_makes_it_wait_longer_each_time_and_costs_no_datapoint) {
    QueueAccount account;
    Watcher watcher(WatcherSettings {});
    watcher.discover(account.aws, monday);
    watcher.poll(account.aws, monday);
    EXPECT_EQ(watcher.next_poll(), monday + Minutes { 1 });
    account.aws.fail("monitoring:GetMetricData", ErrorKind::throttled, "Rate exceeded");
    auto const pass = watcher.poll(account.aws, monday + Minutes { 1 });
    EXPECT_THAT(pass.gaps, SizeIs(1));
    EXPECT_EQ(watcher.next_poll(), monday + Minutes { 3 });
    watcher.poll(account.aws, monday + Minutes { 3 });
    EXPECT_EQ(watcher.next_poll(), monday + Minutes { 7 });
    QueueAccount again;
    auto const before = watcher.series(0).points();
    watcher.poll(again.aws, monday + Minutes { 7 });
    EXPECT_EQ(watcher.series(0).points(), before + 7);
    EXPECT_EQ(watcher.next_poll(), monday + Minutes { 8 });
}

TEST(Watcher, a_metric_of_five_minutes_is_read_by_its_own_rhythm) {
    QueueAccount account;
    account.step = Minutes { 5 };
    Watcher watcher(WatcherSettings {});
    watcher.discover(account.aws, monday);
    watcher.poll(account.aws, monday);
    EXPECT_EQ(watcher.series(0).period(), Minutes { 5 });
    EXPECT_LT(watcher.series(0).points(), 900U); // not one for each minute
}

TEST(Watcher, a_discovery_that_is_denied_is_a_gap_and_keeps_what_was_watched) {
    QueueAccount account;
    Watcher watcher(WatcherSettings {});
    watcher.discover(account.aws, monday);
    account.aws.fail("monitoring:ListMetrics", ErrorKind::access_denied);
    auto const again = watcher.discover(account.aws, monday + Hours { 1 });
    EXPECT_THAT(again.gaps, SizeIs(1));
    EXPECT_EQ(watcher.size(), 1U);
}

TEST(Watcher, a_counter_that_is_silent_stays_watched_for_two_weeks) {
    QueueAccount account;
    Watcher watcher(WatcherSettings {});
    watcher.discover(account.aws, monday);
    account.aws.on("monitoring:ListMetrics", R"({"Metrics": []})");
    watcher.discover(account.aws, monday + Days { 13 });
    EXPECT_EQ(watcher.size(), 1U);
    watcher.discover(account.aws, monday + Days { 15 });
    EXPECT_EQ(watcher.size(), 0U);
}

} // namespace
} // namespace convops
