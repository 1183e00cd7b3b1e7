#include "app/intake_doubles.h"
#include "app/intake_settings.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

using namespace doubles;

// A queue that gives what was put until it is deleted.
class FakeQueue : public Aws {
public:
    struct Message {
        std::string id, body;
        int received = 0;
    };
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Message> messages;
    std::vector<AwsCall> calls;
    bool denied = false;
    bool delete_fails = false;

    Result<Json> call(AwsCall const& call) override {
        std::lock_guard const lock(mutex);
        calls.push_back(call);
        changed.notify_all();
        if (denied)
            return Error { ErrorKind::access_denied, "no" };
        if (call.operation == "DeleteMessage") {
            if (delete_fails)
                return Error { ErrorKind::timeout, "slow" };
            auto const handle = text_at(Json(call.params), "ReceiptHandle");
            std::erase_if(messages, [&](Message const& each) { return "r-" + each.id == handle; });
            return Json(JsonObject {});
        }
        JsonArray list;
        for (auto& each : messages)
            list.push_back(JsonObject { { "MessageId", each.id }, { "ReceiptHandle", "r-" + each.id },
                { "Body", each.body },
                { "Attributes", JsonObject { { "ApproximateReceiveCount", std::to_string(++each.received) } } } });
        return Json(list.empty() ? JsonObject {} : JsonObject { { "Messages", list } });
    }
    std::vector<Result<Json>> call_all(std::span<AwsCall const> all) override {
        std::vector<Result<Json>> answers;
        for (auto const& each : all)
            answers.push_back(call(each));
        return answers;
    }
    [[nodiscard]] int calls_made() const override { return static_cast<int>(calls.size()); }
    [[nodiscard]] std::string account() const override { return {}; }
    [[nodiscard]] std::string region() const override { return {}; }
};

SqsQueue const queue { "https://sqs.us-west-2.amazonaws.com/131990247566/alarms", "us-west-2", ConnectionId("main") };

TEST(SqsPolling, what_was_stored_is_deleted_and_what_was_not_stays) {
    Bench bench;
    FakeQueue sqs;
    sqs.messages = { { "1", alarm_message }, { "2", "a text" }, { "3", "{broken" } };
    auto const first = poll_sqs(sqs, queue, bench.intake);
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_EQ(*first, (SqsPolled { .received = 3, .accepted = 1, .no_alarm = 1, .refused = 1 }));
    ASSERT_EQ(sqs.messages.size(), 1U);
    EXPECT_EQ(sqs.messages[0].id, "3");
    auto const& receive = sqs.calls.at(0);
    EXPECT_EQ(receive.region, "us-west-2");
    EXPECT_EQ(receive.params.at("WaitTimeSeconds"), 20);
    EXPECT_GT(receive.time_left, Seconds { 20 });
}

TEST(SqsPolling, an_alarm_that_could_not_be_stored_comes_again) {
    Bench bench;
    FakeQueue sqs;
    sqs.messages = { { "1", alarm_message } };
    bench.sink_fails = true;
    EXPECT_EQ(poll_sqs(sqs, queue, bench.intake)->failed, 1);
    EXPECT_EQ(sqs.messages.size(), 1U);
    bench.sink_fails = false;
    EXPECT_EQ(poll_sqs(sqs, queue, bench.intake)->accepted, 1);
    EXPECT_TRUE(sqs.messages.empty());
}

TEST(SqsPolling, a_message_whose_deletion_failed_is_a_duplicate_the_next_time) {
    Bench bench;
    FakeQueue sqs;
    sqs.messages = { { "1", alarm_message } };
    sqs.delete_fails = true;
    EXPECT_EQ(poll_sqs(sqs, queue, bench.intake)->accepted, 1);
    sqs.delete_fails = false;
    EXPECT_EQ(poll_sqs(sqs, queue, bench.intake)->duplicates, 1);
    EXPECT_TRUE(sqs.messages.empty());
    EXPECT_EQ(bench.stored.size(), 1U);
}

TEST(SqsPolling, a_message_that_can_never_be_read_is_dropped_after_a_few_tries) {
    Bench bench;
    FakeQueue sqs;
    sqs.messages = { { "1", "{broken" } };
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(poll_sqs(sqs, queue, bench.intake)->refused, 1);
    EXPECT_EQ(sqs.messages.size(), 1U);
    EXPECT_EQ(poll_sqs(sqs, queue, bench.intake)->refused, 1);
    EXPECT_TRUE(sqs.messages.empty());
}

TEST(SqsPolling, errors_say_where_they_come_from) {
    Bench bench;
    FakeQueue sqs;
    sqs.denied = true;
    auto const polled = poll_sqs(sqs, queue, bench.intake);
    ASSERT_FALSE(polled);
    EXPECT_EQ(polled.error().message, "sqs ReceiveMessage: no");
    EXPECT_EQ(
        poll_sqs(sqs, { "u", "r", ConnectionId("nobody") }, bench.intake).error().kind, ErrorKind::invalid_input);
}

TEST(SqsPolling, the_poller_runs_until_it_is_stopped_also_when_it_is_denied) {
    Bench bench;
    FakeQueue sqs;
    sqs.denied = true;
    SqsPoller poller(sqs, queue, bench.intake);
    poller.start();
    {
        std::unique_lock lock(sqs.mutex);
        sqs.changed.wait(lock, [&] { return !sqs.calls.empty(); });
    }
    EXPECT_TRUE(poller.running());
    poller.stop();
    EXPECT_FALSE(poller.running());
}

TEST(IntakeSettings, everything_is_built_from_the_settings) {
    Settings settings;
    settings.connections = { { .id = "main", .account = "111122223333", .region = "eu-west-1" } };
    settings.sqs = { { queue.url, "main" }, { "http://127.0.0.1:9324/queue/alarms", "main" } };
    settings.eventbridge.secret_env = "SECRET";
    settings.limits.body_kilobytes = 1;
    auto const connections = intake_connections_from(
        settings, WorkspaceId("w"), [](std::string const&) { return std::optional<std::string>("s"); });
    ASSERT_TRUE(connections);
    EXPECT_EQ(connections->at(0).eventbridge_secret, "s");
    EXPECT_FALSE(intake_connections_from(
        settings, WorkspaceId("w"), [](std::string const&) { return std::optional<std::string>(); }));
    EXPECT_EQ(server_limits_from(settings).request.body_bytes, 1024U);
    EXPECT_EQ(sqs_queues_from(settings).at(0).region, "us-west-2");
    EXPECT_EQ(sqs_queues_from(settings).at(1).region, "eu-west-1");
    EXPECT_FALSE(*test_certificate_from(settings));
    settings.sns = { .test_certificate = "x.pem", .test_certificate_url = "http://127.0.0.1/" };
    EXPECT_EQ(test_certificate_from(settings).error().kind, ErrorKind::not_found);
    settings.server.listen = "0.0.0.0:80";
    EXPECT_EQ(test_certificate_from(settings).error().kind, ErrorKind::invalid_input);
}

} // namespace
} // namespace convops
