#include "message/deliver.h"

#include "base/text.h"
#include "message/compose.h"
#include "message/escape.h"
#include "message/samples_test.h"
#include "message/words.h"

#include <deque>
#include <gtest/gtest.h>

namespace convops {
namespace {

// Answers from a list, in order, and keeps what it was asked.
class ScriptedHttp : public Http {
public:
    explicit ScriptedHttp(std::deque<Result<HttpResponse>> answers)
        : answers_(std::move(answers)) { }

    Result<HttpResponse> send(HttpRequest const& request) override {
        requests.push_back(request);
        if (answers_.empty())
            return Error { ErrorKind::unavailable, "the script has ended" };
        auto answer = answers_.front();
        answers_.pop_front();
        return answer;
    }
    std::vector<Result<HttpResponse>> send_all(std::span<HttpRequest const> all) override {
        std::vector<Result<HttpResponse>> out;
        for (auto const& request : all)
            out.push_back(send(request));
        return out;
    }

    std::vector<HttpRequest> requests;

private:
    std::deque<Result<HttpResponse>> answers_;
};

class StoppedClock : public Clock {
public:
    [[nodiscard]] Time now() const override { return time; }
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return time.time_since_epoch(); }
    void wait(Milliseconds duration) override {
        time += duration;
        waited += duration;
    }
    Time time = samples::at("20:00");
    Milliseconds waited { 0 };
};

HttpResponse ok(std::string body) {
    return { 200, {}, std::move(body) };
}

ChannelAccess slack_access() {
    return { "https://slack.com", "xoxb-secret-1234", {} };
}

Delivery slack_delivery() {
    Delivery delivery;
    delivery.route = { "slack", "C0123456789", "#ops" };
    delivery.message = compose_diagnosis(samples::pool_shrunk(), Reader {});
    delivery.idempotency_key = "inc-42/diagnosis";
    return delivery;
}

std::vector<std::string> paths(ScriptedHttp const& http) {
    std::vector<std::string> out;
    for (auto const& request : http.requests)
        out.push_back(request.url.substr(request.url.find('/', 8)));
    return out;
}

TEST(Deliver, posts_and_tells_where_the_message_is) {
    ScriptedHttp http({ ok(R"({"ok":true,"channel":"C0123456789","ts":"1.5"})") });
    StoppedClock clock;
    auto const outcome = deliver(slack_delivery(), slack_access(), http, clock);
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(std::get<Delivered>(*outcome).reference, (MessageReference { "C0123456789", "1.5" }));
}

TEST(Deliver, uploads_the_chart_and_waits_until_slack_has_looked_at_it) {
    auto const busy
        = R"({"ok":false,"error":"invalid_blocks","errors":["invalid slack file [json-pointer:/blocks/2/slack_file]"]})";
    ScriptedHttp http(
        { ok(R"({"ok":true,"upload_url":"https://files.slack.com/upload/v1/x","file_id":"F012345678"})"),
            ok("OK - 3"), ok(R"({"ok":true})"), ok(busy), ok(busy), ok(R"({"ok":true,"ts":"1.5"})") });
    StoppedClock clock;
    auto delivery = slack_delivery();
    delivery.message.chart_png = "png";
    auto const outcome = deliver(delivery, slack_access(), http, clock);
    ASSERT_TRUE(std::holds_alternative<Delivered>(*outcome));
    EXPECT_EQ(paths(http),
        (std::vector<std::string> { "/api/files.getUploadURLExternal", "/upload/v1/x",
            "/api/files.completeUploadExternal", "/api/chat.postMessage", "/api/chat.postMessage",
            "/api/chat.postMessage" }));
    EXPECT_NE(http.requests.back().body.find("F012345678"), std::string::npos);
    EXPECT_GT(clock.waited.count(), 0);
}

TEST(Deliver, sends_the_words_when_the_chart_fails) {
    ScriptedHttp http(
        { ok(R"({"ok":false,"error":"missing_scope","needed":"files:write"})"), ok(R"({"ok":true,"ts":"1.5"})") });
    StoppedClock clock;
    auto delivery = slack_delivery();
    delivery.message.chart_png = "png";
    auto const outcome = deliver(delivery, slack_access(), http, clock);
    ASSERT_TRUE(std::holds_alternative<Delivered>(*outcome));
    ASSERT_EQ(std::get<Delivered>(*outcome).notes.size(), 1U);
    EXPECT_NE(std::get<Delivered>(*outcome).notes[0].find("files:write"), std::string::npos);
    EXPECT_EQ(http.requests.back().body.find("slack_file"), std::string::npos);
}

TEST(Deliver, sends_no_bytes_to_another_host) {
    ScriptedHttp http({ ok(R"({"ok":true,"upload_url":"https://evil.example/upload","file_id":"F012345678"})"),
        ok(R"({"ok":true,"ts":"1.5"})") });
    StoppedClock clock;
    auto delivery = slack_delivery();
    delivery.message.chart_png = "png";
    ASSERT_TRUE(deliver(delivery, slack_access(), http, clock).has_value());
    for (auto const& request : http.requests)
        EXPECT_EQ(request.url.find("evil"), std::string::npos);
}

TEST(Deliver, posts_anew_when_the_message_to_edit_is_gone) {
    ScriptedHttp http({ ok(R"({"ok":false,"error":"message_not_found"})"), ok(R"({"ok":true,"ts":"2.5"})") });
    StoppedClock clock;
    auto delivery = slack_delivery();
    delivery.previous = MessageReference { "C0123456789", "1.5" };
    auto const outcome = deliver(delivery, slack_access(), http, clock);
    EXPECT_EQ(std::get<Delivered>(*outcome).reference.message_id, "2.5");
    EXPECT_EQ(paths(http), (std::vector<std::string> { "/api/chat.update", "/api/chat.postMessage" }));
}

TEST(Deliver, answers_in_the_thread_and_marks_the_headline_when_resolved) {
    ScriptedHttp http({ ok(R"({"ok":true,"ts":"3.5"})"), ok(R"({"ok":true,"ts":"1.5"})") });
    StoppedClock clock;
    auto delivery = slack_delivery();
    delivery.previous = MessageReference { "C0123456789", "1.5" };
    delivery.shown = delivery.message;
    delivery.message = compose_resolved({ .incident = samples::plain_incident() }, Recovery {}, Reader {});
    auto const outcome = deliver(delivery, slack_access(), http, clock);
    EXPECT_EQ(std::get<Delivered>(*outcome).reference.message_id, "1.5");
    EXPECT_EQ(paths(http), (std::vector<std::string> { "/api/chat.postMessage", "/api/chat.update" }));
    EXPECT_NE(http.requests[0].body.find(R"("thread_ts":"1.5")"), std::string::npos);
    EXPECT_NE(http.requests[1].body.find("Resolved"), std::string::npos);
    EXPECT_NE(http.requests[1].body.find("DB_POOL_SIZE"), std::string::npos);
}

TEST(Deliver, recognises_an_earlier_try_by_its_key) {
    ScriptedHttp http({ ok(
        R"({"ok":true,"messages":[{"ts":"9.1","metadata":{"event_type":"other","event_payload":{"key":"inc-42/diagnosis"}}},
            {"ts":"9.2","metadata":{"event_type":"convops_incident","event_payload":{"key":"inc-42/diagnosis"}}}]})") });
    StoppedClock clock;
    auto delivery = slack_delivery();
    delivery.attempt = Attempt::repeated;
    auto const outcome = deliver(delivery, slack_access(), http, clock);
    EXPECT_EQ(std::get<Delivered>(*outcome).reference.message_id, "9.2");
    EXPECT_EQ(http.requests.size(), 1U);
}

TEST(Deliver, sends_again_when_the_earlier_try_can_not_be_looked_up) {
    ScriptedHttp http({ ok(R"({"ok":false,"error":"missing_scope","needed":"channels:history"})"),
        ok(R"({"ok":true,"ts":"1.5"})") });
    StoppedClock clock;
    auto delivery = slack_delivery();
    delivery.attempt = Attempt::repeated;
    auto const outcome = deliver(delivery, slack_access(), http, clock);
    EXPECT_NE(std::get<Delivered>(*outcome).notes.at(0).find("may be a repeat"), std::string::npos);
}

TEST(Deliver, never_sends_twice_by_itself_after_a_time_out) {
    ScriptedHttp http({ Error { ErrorKind::timeout, "no answer" } });
    StoppedClock clock;
    auto const outcome = deliver(slack_delivery(), slack_access(), http, clock);
    EXPECT_TRUE(std::holds_alternative<RetryAfter>(*outcome));
    EXPECT_EQ(http.requests.size(), 1U);
}

TEST(Deliver, hands_a_long_wait_back_to_the_queue) {
    ScriptedHttp http({ HttpResponse { 429, { { "retry-after", "30" } }, "" } });
    StoppedClock clock;
    auto const outcome = deliver(slack_delivery(), slack_access(), http, clock);
    EXPECT_EQ(std::get<RetryAfter>(*outcome).wait, Milliseconds { 30'000 });
    EXPECT_EQ(clock.waited.count(), 0);
}

TEST(Deliver, ends_though_every_answer_asks_to_wait_a_little) {
    std::deque<Result<HttpResponse>> answers(50, HttpResponse { 429, { { "retry-after", "1" } }, "" });
    ScriptedHttp http(std::move(answers));
    StoppedClock clock;
    auto const outcome = deliver(slack_delivery(), slack_access(), http, clock);
    EXPECT_TRUE(std::holds_alternative<RetryAfter>(*outcome));
    EXPECT_LE(http.requests.size(), 6U);
}

TEST(Deliver, sends_the_headline_alone_when_the_blocks_are_too_long) {
    ScriptedHttp http({ ok(R"({"ok":false,"error":"msg_blocks_too_long"})"), ok(R"({"ok":true,"ts":"1.5"})") });
    StoppedClock clock;
    auto const outcome = deliver(slack_delivery(), slack_access(), http, clock);
    EXPECT_TRUE(std::holds_alternative<Delivered>(*outcome));
    EXPECT_NE(http.requests[1].body.find("Likely cause"), std::string::npos);
    EXPECT_LT(http.requests[1].body.size(), http.requests[0].body.size());
}

TEST(Deliver, keeps_the_token_out_of_every_error) {
    StoppedClock clock;
    ScriptedHttp broken({ Error { ErrorKind::unavailable, "refused: Bearer xoxb-secret-1234" } });
    auto const retry = deliver(slack_delivery(), slack_access(), broken, clock);
    EXPECT_EQ(std::get<RetryAfter>(*retry).why.find("secret"), std::string::npos);
    ScriptedHttp echo({ ok(R"({"ok":false,"error":"xoxb-secret-1234"})") });
    auto const rejected = deliver(slack_delivery(), slack_access(), echo, clock);
    EXPECT_EQ(std::get<Rejected>(*rejected).why.find("secret"), std::string::npos);
    auto delivery = slack_delivery();
    delivery.route.channel = "slack_webhook";
    ScriptedHttp none({ Error { ErrorKind::unavailable, "https://hooks.slack.com/services/T/B/secret: refused" } });
    auto const webhook = deliver(delivery, { "", "https://hooks.slack.com/services/T/B/secret", {} }, none, clock);
    EXPECT_EQ(std::get<RetryAfter>(*webhook).why.find("secret"), std::string::npos);
}

TEST(Deliver, refuses_hosts_that_are_not_safe) {
    StoppedClock clock;
    for (auto const* url :
        { "http://slack.com", "ftp://slack.com", "slack.com", "https://", "https://a@evil.example" }) {
        ScriptedHttp http({ ok(R"({"ok":true,"ts":"1.5"})") });
        EXPECT_FALSE(deliver(slack_delivery(), { url, "xoxb-secret-1234", {} }, http, clock).has_value()) << url;
        EXPECT_TRUE(http.requests.empty());
    }
    auto delivery = slack_delivery();
    delivery.route.channel = "slack_webhook"; // a webhook URL at another host than the channel's
    ScriptedHttp http({ ok("ok") });
    auto const outcome = deliver(delivery, { "", "https://evil.example/services/T/B/x", {} }, http, clock);
    EXPECT_TRUE(std::holds_alternative<Rejected>(*outcome));
    EXPECT_TRUE(http.requests.empty());
    delivery.route.channel = "pager";
    EXPECT_FALSE(deliver(delivery, slack_access(), http, clock).has_value());
}

TEST(Deliver, falls_back_to_the_template_outside_whatsapps_session) {
    ScriptedHttp http(
        { HttpResponse { 400, {}, R"({"error":{"code":131047}})" }, ok(R"({"messages":[{"id":"wamid.9"}]})") });
    StoppedClock clock;
    auto delivery = slack_delivery();
    delivery.route = { "whatsapp", "+4912345", "Ana" };
    auto const outcome = deliver(delivery, { "", "token", { { "phone_number_id", "555" } } }, http, clock);
    EXPECT_EQ(std::get<Delivered>(*outcome).reference.message_id, "wamid.9");
    EXPECT_NE(http.requests[1].body.find(R"("type":"template")"), std::string::npos);
}

TEST(Deliver, whatsapp_gets_one_message_that_a_phone_shows_whole_with_the_chart_above_it) {
    for (auto const& language : language_codes()) {
        ScriptedHttp http({ ok(R"({"id":"1001"})"), ok(R"({"messages":[{"id":"wamid.1"}]})") });
        StoppedClock clock;
        auto delivery = slack_delivery();
        delivery.route = { "whatsapp", "+4912345", "Ana" };
        delivery.message = compose_diagnosis(samples::pool_shrunk(), Reader { .language = language });
        delivery.message.chart_png = "png";
        delivery.message.what_happened.insert(
            delivery.message.what_happened.begin(), 4, { std::string(480, 'x'), {}, "" });
        auto const outcome = deliver(delivery, { "", "token", { { "phone_number_id", "555" } } }, http, clock);
        EXPECT_EQ(std::get<Delivered>(*outcome).reference.message_id, "wamid.1");
        ASSERT_EQ(http.requests.size(), 2U);
        auto const body = parse_json(http.requests[1].body);
        ASSERT_TRUE(body);
        EXPECT_EQ(text_at(*body, "type"), "image");
        auto const caption = text_at(*body, "image.caption");
        EXPECT_LE(width_of(caption), 1000U) << language;
        // What to do is never what was cut.
        EXPECT_NE(caption.find(delivery.message.actions.front().statement), std::string::npos) << caption;
    }
}

TEST(Deliver, leaves_the_whole_token_alone_after_a_429) {
    ScriptedHttp http({ HttpResponse { 429, { { "retry-after", "30" } }, "" } });
    StoppedClock clock;
    DeliveryRates rates;
    auto delivery = slack_delivery();
    auto const limited = deliver(delivery, slack_access(), http, clock, &rates);
    EXPECT_EQ(std::get<RetryAfter>(*limited).trouble, Trouble::rate_limited);
    delivery.route.address = "C9999999999";
    delivery.idempotency_key = "inc-43/first";
    auto const other = deliver(delivery, slack_access(), http, clock, &rates);
    EXPECT_EQ(std::get<RetryAfter>(*other).wait, Milliseconds { 30'000 });
    EXPECT_EQ(std::get<RetryAfter>(*other).trouble, Trouble::not_our_turn);
    EXPECT_EQ(http.requests.size(), 1U) << "the second one was not even tried";
}

TEST(Deliver, leaves_only_the_one_person_alone_when_whatsapp_says_so) {
    ScriptedHttp http(
        { HttpResponse { 400, {}, R"({"error":{"code":131056}})" }, ok(R"({"messages":[{"id":"wamid.9"}]})") });
    StoppedClock clock;
    DeliveryRates rates;
    ChannelAccess const access { "", "token", { { "phone_number_id", "555" } } };
    auto delivery = slack_delivery();
    delivery.route = { "whatsapp", "+4912345", "Ana" };
    EXPECT_EQ(
        std::get<RetryAfter>(*deliver(delivery, access, http, clock, &rates)).trouble, Trouble::address_limited);
    delivery.idempotency_key = "second";
    EXPECT_EQ(std::get<RetryAfter>(*deliver(delivery, access, http, clock, &rates)).trouble, Trouble::not_our_turn);
    delivery.route.address = "+4912346";
    delivery.idempotency_key = "third";
    auto const other = deliver(delivery, access, http, clock, &rates);
    EXPECT_TRUE(std::holds_alternative<Delivered>(*other)) << std::get<RetryAfter>(*other).why;
}

TEST(Deliver, never_sends_twice_by_itself_after_a_server_error_with_a_short_wait) {
    ScriptedHttp http({ HttpResponse { 500, { { "retry-after", "1" } }, "" }, ok(R"({"ok":true,"ts":"1.5"})") });
    StoppedClock clock;
    auto const outcome = deliver(slack_delivery(), slack_access(), http, clock);
    EXPECT_EQ(std::get<RetryAfter>(*outcome).trouble, Trouble::theirs) << "it may have been posted: look first";
    EXPECT_EQ(http.requests.size(), 1U);
}

TEST(Deliver, asks_again_later_when_the_channel_can_not_say_now_whether_it_has_the_message) {
    for (auto const status : { 429, 503 }) {
        ScriptedHttp http({ HttpResponse { status, {}, "" }, ok(R"({"ok":true,"ts":"1.5"})") });
        StoppedClock clock;
        auto delivery = slack_delivery();
        delivery.attempt = Attempt::repeated;
        auto const outcome = deliver(delivery, slack_access(), http, clock);
        EXPECT_TRUE(std::holds_alternative<RetryAfter>(*outcome)) << status;
        EXPECT_EQ(http.requests.size(), 1U) << "not sent blindly";
    }
}

TEST(Deliver, counts_edits_and_new_messages_by_their_own_limits) {
    ScriptedHttp http({ ok(R"({"ok":true,"ts":"1.5"})"), ok(R"({"ok":true,"ts":"1.5"})") });
    StoppedClock clock;
    DeliveryRates rates;
    auto delivery = slack_delivery();
    ASSERT_TRUE(std::holds_alternative<Delivered>(*deliver(delivery, slack_access(), http, clock, &rates)));
    delivery.idempotency_key = "edit";
    delivery.previous = MessageReference { "C0123456789", "1.5" };
    EXPECT_TRUE(std::holds_alternative<Delivered>(*deliver(delivery, slack_access(), http, clock, &rates)))
        << "an edit is not a second post within the second";
    delivery.idempotency_key = "post";
    delivery.previous.reset();
    EXPECT_TRUE(std::holds_alternative<RetryAfter>(*deliver(delivery, slack_access(), http, clock, &rates)));
}

} // namespace
} // namespace convops
