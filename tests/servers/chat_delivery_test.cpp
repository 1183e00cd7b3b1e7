// The whole way of a message: composed, drawn, rendered, sent by the real HTTP client to a server that keeps the
// documented limits of Slack and WhatsApp.
#include "base/json.h"
#include "message/chart.h"
#include "message/compose.h"
#include "message/deliver.h"
#include "message/samples_test.h"
#include "server_child.h"

#include <cstdio>
#include <gtest/gtest.h>

namespace convops {
namespace {

constexpr std::string_view channel_id = "C0123456789";

class StillClock : public Clock {
public:
    [[nodiscard]] Time now() const override { return samples::at("20:00"); }
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return {}; }
    void wait(Milliseconds) override { }
};

class ChatDelivery : public ServerChild {
protected:
    static void SetUpTestSuite() { start("tests/servers/chat_server.py"); }

    // What Slack shows in the channel, oldest first.
    JsonArray slack_messages() { return list_at(read_control("state"), "slack." + std::string(channel_id)); }

    void expect_nothing_marked_up() {
        auto const records = read_control("records");
        for (auto const& record : records.as_array()) {
            EXPECT_TRUE(list_at(record, "marked_up.mentions").empty());
            for (auto const& link : list_at(record, "marked_up.links"))
                EXPECT_NE(std::string(link.as_string()).find(".console.aws.amazon.com/"), std::string::npos);
        }
    }

    ChannelAccess access(std::string token = "xoxb-1") {
        return { base_, std::move(token), { { "phone_number_id", "555" } } };
    }

    Delivery delivery(Message message, std::string channel = "slack") {
        Delivery delivery;
        delivery.route = { channel, channel == "whatsapp" ? "+4912345" : std::string(channel_id), "#ops" };
        delivery.message = std::move(message);
        delivery.idempotency_key = "inc-42/1";
        return delivery;
    }

    DeliveryOutcome sent(Delivery const& what, ChannelAccess const& access) {
        auto outcome = deliver(what, access, http_, clock_);
        EXPECT_TRUE(outcome.has_value());
        return outcome ? *outcome : DeliveryOutcome { Rejected { outcome.error().message } };
    }

    static Message diagnosis_with_chart() {
        auto message = compose_diagnosis(samples::pool_shrunk(), Reader {});
        auto const spec = chart_from(samples::pool_shrunk(), Reader {});
        message.chart_png = *render_chart(*spec);
        message.chart_alt = spec->alt_text;
        return message;
    }

    StillClock clock_;
};

TEST_F(ChatDelivery, tells_the_whole_story_in_one_slack_message_and_its_thread) {
    control("files", { { "busy_for", 2 } });
    auto const investigation = samples::pool_shrunk();
    auto const first
        = sent(delivery(compose_first_facts(investigation.incident, investigation.evidence, Reader {})), access());
    ASSERT_TRUE(std::holds_alternative<Delivered>(first));
    auto const reference = std::get<Delivered>(first).reference;

    auto second = delivery(diagnosis_with_chart());
    second.previous = reference;
    auto const edited = sent(second, access());
    ASSERT_TRUE(std::holds_alternative<Delivered>(edited));
    EXPECT_EQ(std::get<Delivered>(edited).reference, reference);
    ASSERT_EQ(slack_messages().size(), 1U);
    EXPECT_NE(to_text(slack_messages()[0]).find("slack_file"), std::string::npos);

    auto over = investigation;
    over.incident.resolved_at = samples::at("20:31");
    auto third = delivery(compose_resolved(over, Recovery {}, Reader {}));
    third.previous = reference;
    third.shown = second.message;
    ASSERT_TRUE(std::holds_alternative<Delivered>(sent(third, access())));
    auto const messages = slack_messages();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(integer_at(messages[0], "edits"), 2);
    EXPECT_NE(text_at(messages[0], "text").find("Resolved"), std::string::npos);
    EXPECT_EQ(text_at(messages[1], "thread_ts"), reference.message_id);
    expect_nothing_marked_up();
}

TEST_F(ChatDelivery, does_not_post_twice_after_a_connection_that_dropped) {
    control("fault", { { "method", "chat.postMessage" }, { "drop", "after" } });
    auto first = delivery(diagnosis_with_chart());
    first.message.chart_png.clear();
    ASSERT_TRUE(std::holds_alternative<RetryAfter>(sent(first, access())));
    first.attempt = Attempt::repeated;
    ASSERT_TRUE(std::holds_alternative<Delivered>(sent(first, access())));
    EXPECT_EQ(slack_messages().size(), 1U);
}

TEST_F(ChatDelivery, posts_once_more_when_the_dropped_try_never_arrived) {
    control("fault", { { "method", "chat.postMessage" }, { "drop", "before" } });
    auto first = delivery(diagnosis_with_chart());
    first.message.chart_png.clear();
    ASSERT_TRUE(std::holds_alternative<RetryAfter>(sent(first, access())));
    first.attempt = Attempt::repeated;
    ASSERT_TRUE(std::holds_alternative<Delivered>(sent(first, access())));
    EXPECT_EQ(slack_messages().size(), 1U);
}

TEST_F(ChatDelivery, hands_faults_back_as_outcomes) {
    auto const message = compose_diagnosis(samples::pool_shrunk(), Reader {});
    control("fault", { { "slack", "ratelimited" }, { "retry_after", 30 } });
    EXPECT_EQ(std::get<RetryAfter>(sent(delivery(message), access())).wait, Milliseconds { 30'000 });
    EXPECT_TRUE(std::holds_alternative<Rejected>(sent(delivery(message), access("xoxb-bad"))));
    control("fault", { { "status", 500 } });
    EXPECT_TRUE(std::holds_alternative<RetryAfter>(sent(delivery(message), access())));
    control("fault", { { "garbage", true } });
    EXPECT_TRUE(std::holds_alternative<RetryAfter>(sent(delivery(message), access())));
    control("fault", { { "whatsapp", 130429 } });
    EXPECT_TRUE(std::holds_alternative<RetryAfter>(sent(delivery(message, "whatsapp"), access("t"))));
    control("fault", { { "whatsapp", 131026 } });
    EXPECT_TRUE(std::holds_alternative<Rejected>(sent(delivery(message, "whatsapp"), access("t"))));
}

TEST_F(ChatDelivery, posts_by_webhook) {
    auto const message = compose_diagnosis(samples::pool_shrunk(), Reader {});
    auto const outcome
        = sent(delivery(message, "slack_webhook"), access(base_ + "/services/T00000000/B00000000/secret"));
    EXPECT_TRUE(std::holds_alternative<Delivered>(outcome));
    EXPECT_EQ(list_at(read_control("state"), "webhook").size(), 1U);
    expect_nothing_marked_up();
}

TEST_F(ChatDelivery, sends_words_under_the_chart_by_whatsapp_as_an_answer_to_the_first_message) {
    auto const investigation = samples::pool_shrunk();
    auto const first
        = sent(delivery(compose_first_facts(investigation.incident, investigation.evidence, Reader {}), "whatsapp"),
            access("t"));
    ASSERT_TRUE(std::holds_alternative<Delivered>(first));
    auto second = delivery(diagnosis_with_chart(), "whatsapp");
    second.previous = std::get<Delivered>(first).reference;
    auto const outcome = sent(second, access("t"));
    ASSERT_TRUE(std::holds_alternative<Delivered>(outcome));
    EXPECT_TRUE(std::get<Delivered>(outcome).notes.empty());
    auto const state = read_control("state");
    auto const& messages = list_at(state, "whatsapp");
    ASSERT_EQ(messages.size(), 2U); // the words stand under the chart
    EXPECT_EQ(text_at(messages[1], "body.context.message_id"), text_at(messages[0], "id"));
    EXPECT_EQ(text_at(messages[1], "type"), "image");

    second.message.what_happened.push_back({ std::string(5'000, 'x'), {}, "" });
    ASSERT_TRUE(std::holds_alternative<Delivered>(sent(second, access("t"))));
    auto const after = read_control("state");
    ASSERT_EQ(
        list_at(after, "whatsapp").size(), 3U); // however much there is to say: one picture, its words shortened
    EXPECT_EQ(text_at(list_at(after, "whatsapp")[2], "type"), "image");
}

TEST_F(ChatDelivery, uses_the_template_when_the_session_is_closed) {
    control("session", { { "to", "4912345" }, { "open", false } });
    auto const outcome = sent(delivery(diagnosis_with_chart(), "whatsapp"), access("t"));
    ASSERT_TRUE(std::holds_alternative<Delivered>(outcome));
    auto const state = read_control("state");
    ASSERT_EQ(list_at(state, "whatsapp").size(), 1U);
    EXPECT_EQ(text_at(list_at(state, "whatsapp")[0], "type"), "template");
}

TEST_F(ChatDelivery, keeps_hostile_and_huge_messages_within_what_the_servers_take) {
    for (auto const& text : { std::string("<!channel> https://evil.example *x* _y_"), std::string(20'000, '&'),
             std::string(20'000, 'x'), std::string("\xff\x1b[31m"), std::string() }) {
        auto investigation = samples::pool_shrunk();
        for (int i = 0; i < 50; ++i)
            investigation.diagnosis.causes.push_back(investigation.diagnosis.causes[0]);
        for (auto& cause : investigation.diagnosis.causes)
            cause.statement = text;
        for (auto& fact : investigation.evidence.facts)
            fact.statement = fact.link = text;
        investigation.incident.alarms.begin()->second.latest.name = text;
        auto const message = compose_diagnosis(investigation, Reader {});
        for (auto const* channel : { "slack", "whatsapp" }) {
            auto const outcome = sent(delivery(message, channel), access());
            ASSERT_TRUE(std::holds_alternative<Delivered>(outcome)) << channel;
            EXPECT_TRUE(std::get<Delivered>(outcome).notes.empty());
        }
        auto const by_webhook = delivery(message, "slack_webhook");
        EXPECT_TRUE(std::holds_alternative<Delivered>(sent(by_webhook, access(base_ + "/services/T/B/x"))));
    }
    expect_nothing_marked_up();
}

} // namespace
} // namespace convops
