// What every channel promises: whatever the names and log lines say, a message never mentions, links or formats by
// their wish; it keeps the channel's limits; every documented fault is told apart; the token stays out of sight.
#include "base/json.h"
#include "base/text.h"
#include "message/compose.h"
#include "message/deliver.h"
#include "message/escape.h"
#include "message/samples_test.h"

#include <gtest/gtest.h>
#include <regex>

namespace convops {
namespace {

constexpr std::string_view token = "xoxb-very-secret-token";

std::vector<std::string> hostile_texts() {
    return {
        "<!channel> <!here> <!everyone> @channel @here @everyone <@U012345> <#C012345|x>",
        "<https://evil.example|click> https://evil.example http://evil.example/a?b=c www.evil.example",
        "*bold* _italic_ ~strike~ `code` ```block``` > quote :rotating_light: :tada:",
        "\x1b[31mred\x07\r\nnew\nlines\ttab \xC2\x9B"
        "1m",
        "\xff\xfe\xC0\x80 \xED\xA0\x80 broken",
        "\u202Eright to left\u202C \u2066x\u2069",
        "&lt;!channel&gt; &amp; &#60;!here&#62;",
        "arn:aws:iam::111122223333:role/`<!channel>`*x*",
        "{{1}} %s %n ${jndi:ldap://evil.example/a} <script>alert(1)</script>",
        std::string(10'000, 'x'),
        std::string(10'000, '&') + "<",
        std::string(5000, '*') + std::string(5000, '_'),
        "@" + std::string(300, ' ') + "\xF0\x9F\x98",
        "",
    };
}

Message message_of(std::string const& text, std::size_t lines, MessageKind kind) {
    Message message;
    message.kind = kind;
    message.incident = IncidentId { text };
    message.severity = Severity::p1;
    message.title = message.headline = message.footer = message.chart_alt = text;
    message.headline_facts = { FactId { text } };
    message.link = text;
    for (std::size_t i = 0; i < lines; ++i) {
        CitedLine const line { text, { FactId { "F1" }, FactId { text } }, text };
        message.what_happened.push_back(line);
        message.causes.push_back(line);
        message.ruled_out.push_back(line);
        message.not_seen.push_back(text);
        message.actions.push_back({ text, text, text, text, i % 2 == 0 });
    }
    return message;
}

Delivery delivery_of(Channel const& channel, Message message) {
    Delivery delivery;
    delivery.route
        = { std::string(channel.name), channel.name == "whatsapp" ? "+49 123 456789" : "C0123456789", "#ops" };
    delivery.message = std::move(message);
    delivery.idempotency_key = "incident-1/diagnosis";
    return delivery;
}

ChannelAccess access_to(Channel const& channel) {
    ChannelAccess access;
    access.base_url = std::string(channel.default_base_url);
    access.token
        = channel.name == "slack_webhook" ? "https://hooks.slack.com/services/T0/B0/secret" : std::string(token);
    access.settings = { { "phone_number_id", "555" }, { "portal_url", "https://ops.example" } };
    return access;
}

// Every text in the body that is shown to people, with whether it is marked up by the channel.
struct ShownText {
    std::string text;
    bool marked_up = false;
    std::size_t most = 0;
};

std::vector<ShownText> shown_by_slack(Json const& body) {
    std::vector<ShownText> out { { text_at(body, "text"), true, 4000 } };
    auto const& blocks = list_at(body, "blocks");
    EXPECT_LE(blocks.size(), 50U);
    EXPECT_GE(blocks.size(), 1U);
    for (auto const& block : blocks) {
        auto const type = text_at(block, "type");
        if (type == "header") {
            out.push_back({ text_at(block, "text.text"), false, 150 });
            EXPECT_EQ(text_at(block, "text.type"), "plain_text");
            EXPECT_FALSE(flag_at(block, "text.emoji", true));
        } else if (type == "section") {
            out.push_back({ text_at(block, "text.text"), true, 3000 });
            EXPECT_TRUE(flag_at(block, "text.verbatim"));
        } else if (type == "image") {
            out.push_back({ text_at(block, "alt_text"), false, 2000 });
        } else {
            EXPECT_EQ(type, "context");
            for (auto const& element : list_at(block, "elements"))
                out.push_back({ text_at(element, "text"), true, 2000 });
        }
    }
    std::size_t total = 0;
    for (std::size_t i = 1; i < out.size(); ++i) {
        EXPECT_FALSE(out[i].text.empty());
        total += out[i].text.size();
    }
    EXPECT_LT(total, 9000U);
    EXPECT_FALSE(flag_at(body, "unfurl_links", true));
    return out;
}

std::vector<ShownText> shown_by_whatsapp(Json const& body) {
    auto const type = text_at(body, "type");
    EXPECT_EQ(text_at(body, "to"), "49123456789");
    if (type == "text") {
        EXPECT_FALSE(flag_at(body, "text.preview_url", true));
        return { { text_at(body, "text.body"), true, 4096 } };
    }
    if (type == "image")
        return { { text_at(body, "image.caption"), true, 1024 } };
    EXPECT_EQ(type, "template");
    std::vector<ShownText> out;
    for (auto const& parameter : list_at(list_at(body, "template.components")[0], "parameters")) {
        out.push_back({ text_at(parameter, "text"), true, 900 });
        EXPECT_FALSE(out.back().text.empty());
        EXPECT_EQ(out.back().text.find_first_of("\n\t"), std::string::npos);
        EXPECT_EQ(out.back().text.find("    "), std::string::npos);
    }
    return out;
}

std::string without_own_links(std::string const& text) {
    static std::regex const own("<https://([a-z0-9-]+\\.)?console\\.aws\\.amazon\\.com/[^|<>]*\\|[^<>]*>"
                                "|<https://ops\\.example/[^|<>]*\\|[^<>]*>|https://ops\\.example/\\S*");
    return std::regex_replace(text, own, "");
}

// "*our heading*" alone at the start of a line is ours, once a line; any other star came from outside.
std::string without_own_bold(std::string const& text) {
    static std::regex const own("(^|\n|🔴 |✅ )\\*([^*\n]+)\\*");
    return std::regex_replace(text, own, "$1$2");
}

void expect_inert(ShownText const& shown, bool slack) {
    auto const& text = shown.text;
    EXPECT_EQ(text, clean_utf8(text)) << "not clean UTF-8";
    // Meta counts characters; of Slack we only know that bytes are safe.
    EXPECT_LE(slack ? text.size() : width_of(text), shown.most);
    if (!shown.marked_up && !slack)
        return;
    auto const rest = without_own_links(text);
    EXPECT_EQ(rest.find("://"), std::string::npos) << rest.substr(0, 300);
    if (slack) {
        EXPECT_EQ(rest.find_first_of("<>"), std::string::npos) << rest.substr(0, 300);
        for (auto const* mention : { "@here", "@channel", "@everyone", ":tada:", ":rotating_light:" })
            EXPECT_EQ(rest.find(mention), std::string::npos) << mention;
        static std::regex const ampersand("&(?!amp;|lt;|gt;)");
        EXPECT_FALSE(std::regex_search(rest, ampersand)) << "a bare or cut entity";
    } else {
        EXPECT_EQ(rest.find("evil.example"), std::string::npos) << "a phone would link it";
    }
    auto const unbold = without_own_bold(rest);
    EXPECT_EQ(unbold.find_first_of("*~"), std::string::npos) << unbold.substr(0, 300);
    static std::regex const edge_underscore("(^|[^A-Za-z0-9])_|_($|[^A-Za-z0-9])");
    EXPECT_FALSE(std::regex_search(unbold, edge_underscore)) << unbold.substr(0, 300);
    static std::regex const arn_code("`arn:aws[A-Za-z0-9:/_.+=,@$-]*`");
    EXPECT_EQ(std::regex_replace(unbold, arn_code, "").find('`'), std::string::npos) << unbold.substr(0, 300);
}

void expect_inert_request(HttpRequest const& request, bool slack) {
    EXPECT_EQ(request.body.find(token), std::string::npos);
    auto const body = parse_json(request.body);
    ASSERT_TRUE(body.has_value());
    for (auto const& shown : slack ? shown_by_slack(*body) : shown_by_whatsapp(*body))
        expect_inert(shown, slack);
}

class EveryChannel : public testing::TestWithParam<Channel> { };

std::vector<Delivery> variants(Channel const& channel, std::string const& text, std::size_t lines) {
    std::vector<Delivery> out;
    for (auto const kind :
        { MessageKind::first_facts, MessageKind::diagnosis, MessageKind::resolved, MessageKind::flapping }) {
        auto delivery = delivery_of(channel, message_of(text, lines, kind));
        out.push_back(delivery);
        delivery.previous = MessageReference { "C0123456789", "1795464000.000100" };
        delivery.shown = message_of(text, lines, MessageKind::diagnosis);
        out.push_back(delivery);
        delivery.chart_reference = "F0123456789";
        out.push_back(delivery);
        delivery.within_session = false;
        out.push_back(delivery);
    }
    return out;
}

TEST_P(EveryChannel, makes_hostile_text_inert_and_keeps_its_limits) {
    auto const& channel = GetParam();
    auto const access = access_to(channel);
    bool const slack = channel.name != "whatsapp";
    for (auto const& text : hostile_texts())
        for (std::size_t const lines : { 0, 1, 60 })
            for (auto const& delivery : variants(channel, text, lines)) {
                SCOPED_TRACE(shorten(clean_utf8(text), 60) + " x " + std::to_string(lines));
                expect_inert_request(channel.render(delivery, access), slack);
                if (channel.follow_ups != nullptr)
                    for (auto const& request : channel.follow_ups(delivery, access, { "C0123456789", "1.2" }))
                        expect_inert_request(request, slack);
            }
}

TEST_P(EveryChannel, says_what_matters_of_an_ordinary_message) {
    auto const& channel = GetParam();
    auto const message = compose_diagnosis(samples::pool_shrunk(), Reader {});
    auto const body = channel.render(delivery_of(channel, message), access_to(channel)).body;
    for (auto const* part : { "checkout-5xx", "DB_POOL_SIZE from 20 to 2", "pi:GetResourceMetrics", "31 AWS calls",
             "Roll checkout back", "19:55:38 UTC" })
        EXPECT_NE(body.find(part), std::string::npos) << part;
}

TEST_P(EveryChannel, renders_equal_bytes_for_equal_deliveries_to_its_own_host) {
    auto const& channel = GetParam();
    auto const delivery = delivery_of(channel, compose_diagnosis(samples::pool_shrunk(), Reader {}));
    auto const first = channel.render(delivery, access_to(channel));
    EXPECT_EQ(first.body, channel.render(delivery, access_to(channel)).body);
    EXPECT_TRUE(first.url.starts_with(std::string(channel.default_base_url) + "/")) << first.url;
    EXPECT_EQ(first.method, "POST");
}

TEST_P(EveryChannel, takes_any_answer_without_breaking) {
    auto const& channel = GetParam();
    auto const delivery = delivery_of(channel, message_of("x", 1, MessageKind::diagnosis));
    for (int const status : { 0, 200, 204, 301, 400, 401, 403, 404, 410, 418, 429, 500, 503, 999 })
        for (auto const* body : { "", "ok", "{}", "[]", "null", "{\"ok\":true}", "{\"ok\":\"yes\",\"ts\":5}",
                 "{\"ok\":false}", "{\"error\":\"x\"}", "{\"error\":{\"code\":\"y\"}}", "{\"messages\":[]}",
                 "{\"messages\":{}}", "<html>", "{\"ok\":false,\"error\":7}" }) {
            HttpResponse const response { status, { { "retry-after", "soon" } }, body };
            auto const outcome = channel.classify(response, delivery);
            if (channel.plainer != nullptr)
                (void)channel.plainer(response, delivery);
            if (status == 429 || status == 503) {
                EXPECT_FALSE(std::holds_alternative<Delivered>(outcome) && channel.name == "slack_webhook");
            }
            if (auto const* retry = std::get_if<RetryAfter>(&outcome)) {
                EXPECT_GT(retry->wait.count(), 0);
                EXPECT_FALSE(retry->why.empty());
            }
            if (auto const* rejected = std::get_if<Rejected>(&outcome)) {
                EXPECT_FALSE(rejected->why.empty());
            }
        }
}

TEST_P(EveryChannel, tries_again_when_nothing_answered) {
    auto const& channel = GetParam();
    auto const delivery = delivery_of(channel, message_of("x", 1, MessageKind::diagnosis));
    for (auto const kind : { ErrorKind::timeout, ErrorKind::unavailable })
        EXPECT_TRUE(std::holds_alternative<RetryAfter>(channel.classify(Error { kind, "no answer" }, delivery)));
    for (int const status : { 429, 500, 502, 503, 504 })
        EXPECT_TRUE(std::holds_alternative<RetryAfter>(
            channel.classify(HttpResponse { status, { { "retry-after", "7" } }, "" }, delivery)))
            << status;
}

TEST_P(EveryChannel, says_how_fast_it_may_be_written_to_and_who_says_so) {
    auto const& channel = GetParam();
    EXPECT_FALSE(channel.limits.empty());
    for (auto const& limit : channel.limits) {
        EXPECT_GT(limit.burst, 0);
        EXPECT_GT(limit.interval.count(), 0);
        EXPECT_TRUE(limit.source.starts_with("https://")) << limit.source;
    }
}

TEST_P(EveryChannel, tells_too_fast_and_may_have_arrived_apart) {
    auto const& channel = GetParam();
    auto const delivery = delivery_of(channel, message_of("x", 1, MessageKind::diagnosis));
    auto const trouble_at = [&](Result<HttpResponse> const& answer) {
        return std::get<RetryAfter>(channel.classify(answer, delivery)).trouble;
    };
    EXPECT_TRUE(is_rate_limit(trouble_at(HttpResponse { 429, {}, "" })));
    EXPECT_TRUE(may_have_arrived(trouble_at(HttpResponse { 500, {}, "" })));
    EXPECT_TRUE(may_have_arrived(trouble_at(Error { ErrorKind::timeout, "no answer" })));
}

TEST_P(EveryChannel, carries_the_idempotency_key) {
    auto const& channel = GetParam();
    auto delivery = delivery_of(channel, message_of("x", 1, MessageKind::diagnosis));
    delivery.idempotency_key = "INC-1/000007";
    auto const request = channel.render(delivery, access_to(channel));
    auto all = request.body;
    for (auto const& [name, value] : request.headers)
        all += value;
    EXPECT_NE(all.find("INC-1/000007"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Channels, EveryChannel, testing::ValuesIn(channels::all()),
    [](auto const& tested) { return std::string(tested.param.name); });

// --- Documented faults, each told apart ---

enum class Expected : std::uint8_t { delivered, retry, rejected };

struct Fault {
    char const* channel;
    int status;
    char const* body;
    Expected expected;
    char const* says;
};

Expected kind_of(DeliveryOutcome const& outcome) {
    return std::holds_alternative<Delivered>(outcome) ? Expected::delivered
        : std::holds_alternative<RetryAfter>(outcome) ? Expected::retry
                                                      : Expected::rejected;
}

std::string words_of(DeliveryOutcome const& outcome) {
    if (auto const* retry = std::get_if<RetryAfter>(&outcome))
        return retry->why;
    if (auto const* rejected = std::get_if<Rejected>(&outcome))
        return rejected->why;
    return std::get<Delivered>(outcome).reference.message_id;
}

TEST(DocumentedFaults, are_told_apart) {
    using enum Expected;
    std::vector<Fault> const faults {
        { "slack", 200, R"({"ok":true,"channel":"C1","ts":"1.5"})", delivered, "1.5" },
        { "slack", 200, R"({"ok":false,"error":"ratelimited"})", retry, "rate limit" },
        { "slack", 200, R"({"ok":false,"error":"internal_error"})", retry, "internal_error" },
        { "slack", 200, R"({"ok":false,"error":"fatal_error"})", retry, "fatal_error" },
        { "slack", 200, R"({"ok":false,"error":"service_unavailable"})", retry, "service_unavailable" },
        { "slack", 200, R"({"ok":false,"error":"request_timeout"})", retry, "request_timeout" },
        { "slack", 200, R"({"ok":false,"error":"invalid_auth"})", rejected, "install the app again" },
        { "slack", 200, R"({"ok":false,"error":"token_revoked"})", rejected, "install the app again" },
        { "slack", 200, R"({"ok":false,"error":"account_inactive"})", rejected, "install the app again" },
        { "slack", 200, R"({"ok":false,"error":"channel_not_found"})", rejected, "invite the app" },
        { "slack", 200, R"({"ok":false,"error":"not_in_channel"})", rejected, "invite the app" },
        { "slack", 200, R"({"ok":false,"error":"is_archived"})", rejected, "archived" },
        { "slack", 200, R"({"ok":false,"error":"msg_too_long"})", rejected, "too long" },
        { "slack", 200, R"({"ok":false,"error":"missing_scope","needed":"chat:write"})", rejected, "chat:write" },
        { "slack", 200, R"({"ok":false,"error":"invalid_blocks"})", rejected, "invalid_blocks" },
        { "slack_webhook", 200, "ok", delivered, "" },
        { "slack_webhook", 400, "invalid_payload", rejected, "invalid_payload" },
        { "slack_webhook", 403, "action_prohibited", rejected, "action_prohibited" },
        { "slack_webhook", 404, "no_service", rejected, "no_service" },
        { "slack_webhook", 410, "channel_is_archived", rejected, "channel_is_archived" },
        { "slack_webhook", 500, "rollup_error", retry, "500" },
        { "whatsapp", 200, R"({"messages":[{"id":"wamid.1"}]})", delivered, "wamid.1" },
        { "whatsapp", 400, R"({"error":{"code":131056}})", retry, "131056" },
        { "whatsapp", 400, R"({"error":{"code":130429}})", retry, "130429" },
        { "whatsapp", 400, R"({"error":{"code":80007}})", retry, "80007" },
        { "whatsapp", 400, R"({"error":{"code":4}})", retry, "4" },
        { "whatsapp", 400, R"({"error":{"code":131048}})", retry, "131048" },
        { "whatsapp", 500, R"({"error":{"code":131000}})", retry, "131000" },
        { "whatsapp", 503, R"({"error":{"code":131016}})", retry, "131016" },
        { "whatsapp", 400, R"({"error":{"code":133004}})", retry, "133004" },
        { "whatsapp", 401, R"({"error":{"code":190}})", rejected, "access token" },
        { "whatsapp", 401, R"({"error":{"code":0}})", rejected, "access token" },
        { "whatsapp", 400, R"({"error":{"code":131026}})", rejected, "undeliverable" },
        { "whatsapp", 400, R"({"error":{"code":131047}})", rejected, "only a template" },
        { "whatsapp", 404, R"({"error":{"code":132001}})", rejected, "not approved" },
        { "whatsapp", 403, R"({"error":{"code":10}})", rejected, "10" },
        { "whatsapp", 403, R"({"error":{"code":368}})", rejected, "368" },
        { "whatsapp", 403, R"({"error":{"code":131031}})", rejected, "131031" },
        { "whatsapp", 400, R"({"error":{"code":100,"message":"bad"}})", rejected, "bad" },
    };
    for (auto const& fault : faults) {
        auto const* channel = find_channel(fault.channel);
        ASSERT_NE(channel, nullptr);
        auto const outcome = channel->classify(HttpResponse { fault.status, {}, fault.body },
            delivery_of(*channel, message_of("x", 1, MessageKind::diagnosis)));
        EXPECT_EQ(kind_of(outcome), fault.expected) << fault.channel << " " << fault.body;
        EXPECT_NE(words_of(outcome).find(fault.says), std::string::npos) << words_of(outcome);
    }
}

TEST(DocumentedFaults, tell_how_long_to_wait) {
    auto const* slack = find_channel("slack");
    auto const outcome = slack->classify(HttpResponse { 429, { { "retry-after", "30" } }, "" },
        delivery_of(*slack, message_of("x", 1, MessageKind::diagnosis)));
    EXPECT_EQ(std::get<RetryAfter>(outcome).wait, Milliseconds { 30'000 });
}

} // namespace
} // namespace convops
