#include "app/watch_service.h"

#include "adapters/memory/simulated_clock.h"
#include "app/anomaly_store.h"
#include "app/digest.h"
#include "app/refusing_store.h"
#include "message/compose.h"
#include "ports/fake_aws.h"

#include <gmock/gmock.h>
#include <random>

namespace convops {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Time const monday = *parse_time("2026-11-23T06:00:00Z");
WorkspaceId const workspace { "shop" };
ConnectionId const prod { "prod" };

// What every session of the account reads.
struct Account {
    std::vector<Window> off;
    bool denied = false;
    int sessions = 0;
    int calls = 0;
    Time earliest_asked = Time::max();

    [[nodiscard]] double value(Time at) const {
        for (auto const& window : off)
            if (window.contains(at))
                return 900;
        std::mt19937 random(static_cast<unsigned>(at.time_since_epoch() / Seconds { 60 }));
        return std::normal_distribution<double>(100, 5)(random);
    }
    Result<Json> data(AwsCall const& call) {
        ++calls;
        if (denied)
            return Error { ErrorKind::access_denied, "no" };
        auto const from = *time_at(call.params, "StartTime");
        auto const until = *time_at(call.params, "EndTime");
        earliest_asked = std::min(earliest_asked, from);
        JsonArray results;
        for (auto const& query : list_at(call.params, "MetricDataQueries")) {
            JsonArray at;
            JsonArray values;
            for (auto time = from; time < until; time += Seconds { 60 }) {
                at.emplace_back(format_time(time));
                values.emplace_back(value(time));
            }
            results.push_back(JsonObject {
                { "Id", text_at(query, "Id") }, { "Timestamps", std::move(at) }, { "Values", std::move(values) } });
        }
        return Json(JsonObject { { "MetricDataResults", std::move(results) } });
    }
    std::unique_ptr<Aws> open() {
        ++sessions;
        auto aws = std::make_unique<FakeAws>();
        aws->on("monitoring:ListMetrics",
            R"({"Metrics": [{"Namespace": "AWS/SQS", "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [{"Name": "QueueName", "Value": "orders"}]}]})");
        aws->on("monitoring:GetMetricData", [this](AwsCall const& call) { return data(call); });
        aws->on("tagging:GetResources",
            R"({"ResourceTagMappingList": [{"ResourceARN": "arn:aws:sqs:eu-west-1:111122223333:orders",
                "Tags": [{"Key": "Environment", "Value": "staging"}]}]})");
        return aws;
    }
};

struct Server {
    Account account;
    SimulatedClock clock { monday };
    SeededEntropy dice { 7 };
    RefusingStore store;
    MuteBook mutes { store, clock, workspace, {} };
    IncidentEngine engine { store, clock, dice, [this](WorkspaceId const&, ConnectionId const&) {
                               Policy policy;
                               policy.routes = { { "slack", "C1", "#ops" } };
                               policy.mutes = mutes.windows();
                               return policy;
                           } };
    WatchServiceSettings settings;
    std::unique_ptr<WatchService> watch;

    Server() { boot(); }
    void boot() {
        watch = std::make_unique<WatchService>(
            WatchServiceWorld { store, clock, engine, mutes, workspace, { { prod, "111122223333" } },
                [this](ConnectionId const&) -> Result<std::unique_ptr<Aws>> { return account.open(); },
                { { "slack", "C1", "#ops" } } },
            settings);
    }
    void run_for(Milliseconds duration) {
        for (auto const until = clock.now() + duration; clock.now() < until; clock.advance(Minutes { 1 }))
            watch->run_due();
    }
    std::vector<IncidentRecord> incidents() { return *engine.list(workspace, 100); }
    std::vector<AnomalyRecord> anomalies() {
        return *anomalies_since(store, workspace, monday - Days { 1 }, 100, clock.now());
    }
    std::vector<std::string> replies() {
        std::vector<std::string> words;
        for (auto const& item : *store.query(outbox_workspace, "outbox/deliver", {}, 100, clock.now())) {
            auto const entry = *outbox_entry_of(item);
            if (auto const* reply = std::get_if<Reply>(&entry.effect.what))
                words.push_back(reply->word);
        }
        return words;
    }
};

TEST(WatchService, what_lasts_opens_one_incident_that_is_held_back_and_ends_it) {
    Server server;
    server.account.off = { { monday + Hours { 1 }, monday + Hours { 2 } } };
    server.run_for(Hours { 1 } + Minutes { 30 });
    ASSERT_THAT(server.incidents(), SizeIs(1));
    auto const record = server.incidents()[0];
    EXPECT_EQ(record.incident.leading_alarm().kind, AlarmKind::watch);
    EXPECT_EQ(record.hold->kind, HoldKind::checks);
    EXPECT_EQ(record.investigation, InvestigationState::running);
    ASSERT_THAT(server.anomalies(), SizeIs(1));
    EXPECT_EQ(server.anomalies()[0].incident, record.incident.id);
    server.run_for(Hours { 1 });
    EXPECT_FALSE(still_fires(server.incidents()[0].changes.begin()->second));
    EXPECT_TRUE(server.anomalies()[0].over_at);
}

TEST(WatchService, what_lasted_while_the_store_was_full_is_told_when_it_takes_writes_again) {
    Server server;
    server.account.off = { { monday + Hours { 1 }, monday + Hours { 3 } } };
    server.run_for(Hours { 1 } + Minutes { 5 });
    server.store.refuses = true;
    server.run_for(Minutes { 30 }); // it ripens meanwhile
    EXPECT_THAT(server.incidents(), IsEmpty());
    server.store.refuses = false;
    server.run_for(Minutes { 2 });
    EXPECT_THAT(server.incidents(), SizeIs(1));
    EXPECT_THAT(server.anomalies(), SizeIs(1));
}

TEST(WatchService, a_blip_opens_nothing_and_can_be_explained) {
    Server server;
    server.account.off = { { monday + Hours { 1 }, monday + Hours { 1 } + Minutes { 4 } } };
    server.run_for(Hours { 2 });
    EXPECT_THAT(server.incidents(), IsEmpty());
    ASSERT_THAT(server.anomalies(), SizeIs(1));
    auto const text
        = explain_anomaly(server.engine, server.store, workspace, server.anomalies()[0].id, server.clock.now());
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, HasSubstr("suppressed by self_healed"));
    EXPECT_THAT(*text, HasSubstr("course    ")) << "the datapoints are kept";
    EXPECT_THAT(*text, HasSubstr("█"));
    EXPECT_FALSE(explain_anomaly(server.engine, server.store, workspace, "nothing", server.clock.now()));
}

TEST(WatchService, a_restart_while_it_lasts_tells_it_once) {
    Server server;
    server.account.off = { { monday + Hours { 1 }, monday + Hours { 3 } } };
    server.run_for(Hours { 1 } + Minutes { 5 });
    server.watch->save_all();
    server.boot();
    server.run_for(Minutes { 40 });
    EXPECT_THAT(server.incidents(), SizeIs(1));
    server.watch->save_all();
    server.boot();
    server.run_for(Minutes { 40 });
    EXPECT_THAT(server.incidents(), SizeIs(1));
    EXPECT_THAT(server.anomalies(), SizeIs(1));
}

TEST(WatchService, what_is_over_when_the_server_comes_back_ends_its_incident) {
    Server server;
    server.account.off = { { monday + Hours { 1 }, monday + Hours { 2 } } };
    server.run_for(Hours { 1 } + Minutes { 50 });
    ASSERT_THAT(server.incidents(), SizeIs(1));
    server.watch->save_all();
    server.clock.advance(Minutes { 14 }); // it was down, and the last datapoints are usual again
    server.boot();
    server.run_for(Minutes { 30 });
    ASSERT_THAT(server.incidents(), SizeIs(1));
    EXPECT_FALSE(still_fires(server.incidents()[0].changes.begin()->second));
}

TEST(WatchService, a_crash_that_saved_nothing_reads_again_and_tells_it_once) {
    Server server;
    server.account.off = { { monday + Hours { 1 }, monday + Hours { 3 } } };
    server.run_for(Hours { 1 } + Minutes { 30 });
    server.boot();
    server.run_for(Minutes { 30 });
    EXPECT_THAT(server.incidents(), SizeIs(1));
    EXPECT_THAT(server.anomalies(), SizeIs(1));
}

TEST(WatchService, what_was_learned_and_lost_is_learned_again_from_the_kept_datapoints) {
    Server server;
    server.account.off = { { monday + Hours { 1 }, monday + Hours { 3 } } };
    server.run_for(Minutes { 30 });
    EXPECT_LT(server.account.earliest_asked, monday - Days { 2 }) << "a first look";
    server.watch.reset();
    for (auto const& item : *server.store.query(workspace, "watch_state/prod", {}, 10, server.clock.now())) {
        Write write;
        write.kind = Write::Kind::remove;
        write.item.key = item.key;
        ASSERT_TRUE(server.store.commit({ write }, server.clock.now()));
    }
    server.account.earliest_asked = Time::max();
    server.boot();
    server.run_for(Hours { 1 });
    EXPECT_GT(server.account.earliest_asked, monday - Hours { 1 }) << "AWS is not asked for weeks again";
    EXPECT_THAT(server.incidents(), SizeIs(1)) << "it knows what is usual";
}

TEST(WatchService, an_outage_of_reading_is_caught_up) {
    Server server;
    server.account.off = { { monday + Hours { 2 }, monday + Hours { 4 } } };
    server.run_for(Hours { 1 } + Minutes { 30 });
    server.account.denied = true;
    server.run_for(Hours { 1 });
    EXPECT_THAT(server.incidents(), IsEmpty());
    server.account.denied = false;
    server.run_for(Minutes { 10 });
    EXPECT_THAT(server.incidents(), SizeIs(1));
}

TEST(WatchService, only_resources_with_the_tag_are_watched) {
    Server server;
    server.settings.only_tags = { "Environment=production" };
    server.boot();
    server.run_for(Minutes { 5 });
    EXPECT_EQ(server.account.calls, 0);
    server.settings.only_tags = { "Environment=staging" };
    server.boot();
    server.run_for(Minutes { 5 });
    EXPECT_GT(server.account.calls, 0);
}

TEST(WatchService, a_mute_by_tag_holds_an_alarm_back) {
    Server server;
    MuteRule rule;
    rule.id = "m1";
    rule.source = MuteSource::chat;
    rule.tag = "Environment=staging";
    rule.once = { monday, monday + Hours { 8 } };
    ASSERT_TRUE(server.mutes.add(rule));
    server.run_for(Minutes { 5 });
    Alarm alarm;
    alarm.name = "age";
    alarm.changed_at = server.clock.now();
    AlarmMetric metric;
    metric.metric = MetricId { "AWS/SQS", "ApproximateAgeOfOldestMessage", { { "QueueName", "orders" } } };
    alarm.metrics.push_back(metric);
    ASSERT_TRUE(server.engine.accept(workspace, prod, alarm));
    ASSERT_THAT(server.incidents(), SizeIs(1));
    ASSERT_TRUE(server.incidents()[0].hold);
    EXPECT_EQ(server.incidents()[0].hold->kind, HoldKind::mute);
    auto const digest = *digest_of(server.engine, server.store, &server.mutes, workspace, server.clock.now());
    ASSERT_THAT(digest.held, SizeIs(1));
    EXPECT_EQ(digest.held[0].because, HeldBecause::muted);
    ASSERT_THAT(digest.mutes, SizeIs(1));
    EXPECT_EQ(digest.mutes[0].name, "tag Environment=staging");
}

TEST(WatchService, the_digest_goes_out_once_a_day_at_its_local_hour) {
    Server server;
    server.settings.digest_time_zone = "Europe/Berlin"; // UTC+1: 09:00 is 08:00 UTC
    server.boot();
    server.run_for(Hours { 1 } + Minutes { 59 });
    EXPECT_THAT(server.replies(), IsEmpty());
    server.run_for(Minutes { 5 });
    EXPECT_THAT(server.replies(), ElementsAre("digest"));
    server.boot();
    server.run_for(Hours { 2 });
    EXPECT_THAT(server.replies(), SizeIs(1));
    server.run_for(Days { 1 });
    EXPECT_THAT(server.replies(), SizeIs(2));
}

TEST(WatchService, the_digest_says_what_was_held_back_in_each_language) {
    Server server;
    server.account.off = { { monday + Hours { 1 }, monday + Hours { 1 } + Minutes { 4 } } };
    server.run_for(Hours { 2 });
    auto const digest = *digest_of(server.engine, server.store, &server.mutes, workspace, server.clock.now());
    ASSERT_THAT(digest.held, SizeIs(1));
    EXPECT_EQ(digest.metrics, 1U);
    EXPECT_GT(digest.requested, 100U);
    Reader reader;
    EXPECT_THAT(to_plain_text(compose_digest(digest, reader)), HasSubstr("Healed by itself (1): watch:"));
    reader.language = "de";
    EXPECT_THAT(to_plain_text(compose_digest(digest, reader)), HasSubstr("Von selbst erholt (1)"));
}

} // namespace
} // namespace convops
