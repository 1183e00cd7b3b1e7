// The adapters of port Llm and the real HTTP client against the model server: what is answered, what every fault
// becomes, how often is tried, and that the key shows nowhere.
#include "adapters/llm/anthropic.h"
#include "adapters/llm/openai_compatible.h"
#include "adapters/memory/simulated_clock.h"
#include "server_child.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {
namespace {

using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view key = "sk-ant-hunter2-hunter2";

enum class Provider : std::uint8_t { anthropic, openai };

class ModelAdapter : public ServerChild {
protected:
    static void SetUpTestSuite() { start("tests/servers/model_server.py"); }

    JsonArray records() {
        auto const records = read_control("records");
        return records.is_array() ? records.as_array() : JsonArray {};
    }

    std::unique_ptr<Llm> model(Provider provider, Milliseconds idle = Milliseconds { 20'000 }) {
        if (provider == Provider::anthropic)
            return std::make_unique<AnthropicLlm>(
                AnthropicOptions { base_, Secret { std::string(key) }, "claude-sonnet-5-5", {}, idle }, http_, clock_,
                entropy_);
        return std::make_unique<OpenAiCompatibleLlm>(
            OpenAiCompatibleOptions { base_ + "/v1", Secret { std::string(key) }, "qwen3:8b", {}, idle }, http_,
            clock_, entropy_);
    }

    static LlmRequest question() {
        LlmRequest request { .instructions = "Rewrite what follows.", .material = "F1: the pool shrank" };
        request.answer_schema = parse_json(
            R"({"type":"object","required":["said"],"properties":{"said":{"type":"string","maxLength":400}}})")
                                    ->as_object();
        request.time_left = Milliseconds { 60'000 };
        return request;
    }

    LlmOutcome ask(Provider provider, Milliseconds idle = Milliseconds { 20'000 }) {
        auto outcome = model(provider, idle)->ask(question());
        if (!outcome.answer)
            EXPECT_THAT(outcome.answer.error().message, Not(HasSubstr("hunter2")));
        return outcome;
    }

    // What a fault becomes, in one try unless it may pass.
    void expect_error(
        Provider provider, JsonObject const& fault, ErrorKind kind, std::size_t calls, std::string const& says) {
        SCOPED_TRACE(to_text(fault));
        control("reset", {});
        control("fault", fault);
        auto const outcome = ask(provider);
        ASSERT_FALSE(outcome.answer);
        EXPECT_EQ(outcome.answer.error().kind, kind) << outcome.answer.error().message;
        EXPECT_THAT(outcome.answer.error().message, HasSubstr(says));
        EXPECT_EQ(records().size(), calls);
        EXPECT_EQ(outcome.usage.calls, static_cast<int>(calls));
    }

    SimulatedClock clock_ { Time { Milliseconds { 1'795'464'000'000 } } };
    SeededEntropy entropy_ { 7 };
};

} // namespace

TEST_F(ModelAdapter, asks_as_documented_and_reads_the_answer_with_its_price) {
    control("answers", { { "answers", JsonArray { JsonObject { { "said", "The pool shrank." } } } } });
    auto const outcome = ask(Provider::anthropic);
    ASSERT_TRUE(outcome.answer) << outcome.answer.error().message;
    EXPECT_EQ(text_at(*outcome.answer, "said"), "The pool shrank.");
    EXPECT_EQ(outcome.model, "claude-sonnet-5-5");
    EXPECT_TRUE(outcome.usage.priced);
    EXPECT_DOUBLE_EQ(outcome.usage.usd,
        static_cast<double>(outcome.usage.input_tokens) * 2e-6
            + static_cast<double>(outcome.usage.output_tokens) * 10e-6);
    EXPECT_LE(outcome.usage.usd, model(Provider::anthropic)->most_usd(question()));
    EXPECT_LE(outcome.usage.tokens(), model(Provider::anthropic)->most_tokens(question()));
    ASSERT_EQ(records().size(), 1U);
    EXPECT_EQ(text_at(records()[0], "version"), "2023-06-01");
    EXPECT_EQ(to_text(records()).find("hunter2"), std::string::npos);
}

TEST_F(ModelAdapter, instructions_come_from_the_cache_the_second_time_and_cost_less) {
    auto request = question();
    for (int i = 0; i < 400; ++i)
        request.instructions += " Say only what the facts say.";
    auto const asked = model(Provider::anthropic);
    auto const first = asked->ask(request);
    auto const second = asked->ask(request);
    EXPECT_GT(first.usage.cache_write_tokens, 0);
    EXPECT_EQ(first.usage.cache_read_tokens, 0);
    EXPECT_EQ(second.usage.cache_read_tokens, first.usage.cache_write_tokens);
    EXPECT_LT(second.usage.usd, first.usage.usd);
    EXPECT_LE(first.usage.usd, asked->most_usd(request));
}

TEST_F(ModelAdapter, an_own_model_answers_with_tokens_and_without_a_price) {
    auto const outcome = ask(Provider::openai);
    ASSERT_TRUE(outcome.answer) << outcome.answer.error().message;
    EXPECT_GT(outcome.usage.input_tokens, 0);
    EXPECT_FALSE(outcome.usage.priced);
    EXPECT_EQ(outcome.usage.usd, 0);
    EXPECT_EQ(model(Provider::openai)->most_usd(question()), 0);
    EXPECT_EQ(outcome.model, "qwen3:8b");
}

TEST_F(ModelAdapter, an_overload_passes_and_is_waited_for_as_told) {
    for (auto const provider : { Provider::anthropic, Provider::openai }) {
        control("reset", {});
        control("fault", { { "status", 529 }, { "retry_after", 7 } });
        control("fault", { { "status", 500 } });
        auto const before = clock_.monotonic();
        auto const outcome = ask(provider);
        ASSERT_TRUE(outcome.answer) << outcome.answer.error().message;
        EXPECT_EQ(outcome.usage.calls, 3);
        EXPECT_GE(clock_.monotonic() - before, Milliseconds { 7'000 });
    }
}

TEST_F(ModelAdapter, a_wait_that_does_not_fit_the_time_left_is_not_begun) {
    control("fault", { { "status", 529 }, { "retry_after", 600 } });
    auto const before = clock_.monotonic();
    auto const outcome = ask(Provider::anthropic);
    ASSERT_FALSE(outcome.answer);
    EXPECT_EQ(outcome.answer.error().kind, ErrorKind::throttled);
    EXPECT_EQ(outcome.usage.calls, 1);
    EXPECT_EQ(clock_.monotonic(), before);
}

TEST_F(ModelAdapter, each_fault_becomes_its_kind_of_error_and_only_what_may_pass_is_tried_again) {
    using enum Provider;
    expect_error(
        anthropic, { { "status", 529 }, { "times", 9 } }, ErrorKind::throttled, 3, "529: Overloaded [req_0123]");
    expect_error(anthropic, { { "status", 429 }, { "times", 9 } }, ErrorKind::throttled, 3, "429");
    expect_error(anthropic, { { "status", 500 }, { "times", 9 } }, ErrorKind::unavailable, 3, "500");
    expect_error(anthropic, { { "status", 429 }, { "spend_limit", true } }, ErrorKind::throttled, 1, "429");
    expect_error(anthropic, { { "status", 401 } }, ErrorKind::access_denied, 1, "401");
    expect_error(anthropic, { { "status", 403 } }, ErrorKind::access_denied, 1, "403");
    expect_error(anthropic, { { "status", 404 } }, ErrorKind::not_found, 1, "404");
    expect_error(anthropic, { { "status", 413 } }, ErrorKind::invalid_input, 1, "413");
    expect_error(anthropic, { { "stop_reason", "refusal" }, { "category", "cyber" } }, ErrorKind::invalid_input, 1,
        "declined to answer (cyber)");
    expect_error(anthropic, { { "stop_reason", "max_tokens" } }, ErrorKind::corrupt, 1, "cut off");
    expect_error(anthropic, { { "stream_error", "overloaded_error" } }, ErrorKind::throttled, 1, "overloaded_error");
    expect_error(
        anthropic, { { "content_type", "text/html" }, { "document", true } }, ErrorKind::corrupt, 1, "cut short");
    expect_error(anthropic, { { "huge", 600'000 } }, ErrorKind::corrupt, 1, "over the limit");
    expect_error(anthropic, { { "duplicate", 3 } }, ErrorKind::corrupt, 1, "not the JSON");
    expect_error(anthropic, { { "duplicate", 2 } }, ErrorKind::corrupt, 1, "out of turn");
    expect_error(anthropic, { { "duplicate", 0 } }, ErrorKind::corrupt, 1, "started twice");
    expect_error(anthropic, { { "cut_at", 600 } }, ErrorKind::corrupt, 1, "cut short");
    expect_error(anthropic, { { "drop", true }, { "times", 9 } }, ErrorKind::unavailable, 3, "the model");
    expect_error(openai, { { "status", 401 } }, ErrorKind::access_denied, 1, "401");
    expect_error(openai, { { "status", 404 } }, ErrorKind::not_found, 1, "404");
    expect_error(openai, { { "stop_reason", "refusal" } }, ErrorKind::invalid_input, 1, "declined");
    expect_error(openai, { { "stop_reason", "max_tokens" } }, ErrorKind::corrupt, 1, "cut off");
    expect_error(openai, { { "stream_error", "x" } }, ErrorKind::unavailable, 1, "out of memory");
    expect_error(openai, { { "huge", 600'000 } }, ErrorKind::corrupt, 1, "over the limit");
    expect_error(openai, { { "cut_at", 300 } }, ErrorKind::corrupt, 1, "cut short");
}

TEST_F(ModelAdapter, cut_at_any_byte_the_answer_is_an_error_and_what_was_read_is_counted) {
    std::vector<int> cuts { -1, -2, -30, -80, -150 }; // from the end
    for (int at = 1; at < 800; at += 61)
        cuts.push_back(at);
    for (int const at : cuts) {
        control("reset", {});
        control("fault", { { "cut_at", at } });
        auto const outcome = ask(Provider::anthropic);
        ASSERT_FALSE(outcome.answer) << at;
        EXPECT_THAT(outcome.answer.error().kind, AnyOf(Eq(ErrorKind::corrupt), Eq(ErrorKind::unavailable))) << at;
        EXPECT_EQ(outcome.usage.calls, 1) << at; // something had begun, so it is not bought again
        EXPECT_GT(outcome.usage.input_tokens, 0) << at;
    }
}

TEST_F(ModelAdapter, a_model_that_never_begins_is_asked_twice_and_counted_as_having_read) {
    control("fault", { { "silent", true }, { "times", 9 } });
    auto const outcome = ask(Provider::anthropic, Milliseconds { 30 });
    ASSERT_FALSE(outcome.answer);
    EXPECT_EQ(outcome.answer.error().kind, ErrorKind::timeout);
    EXPECT_EQ(outcome.usage.calls, 2);
    EXPECT_GT(outcome.usage.input_tokens, 0);
    EXPECT_LE(outcome.usage.usd, model(Provider::anthropic)->most_usd(question()));
}

TEST_F(ModelAdapter, a_model_that_falls_silent_in_the_middle_is_a_timeout_and_not_asked_again) {
    control("fault", { { "stall_at", 600 } });
    auto const outcome = ask(Provider::anthropic, Milliseconds { 200 });
    ASSERT_FALSE(outcome.answer);
    EXPECT_EQ(outcome.answer.error().kind, ErrorKind::timeout);
    EXPECT_EQ(outcome.usage.calls, 1);
    EXPECT_GT(outcome.usage.input_tokens, 0);
}

TEST_F(ModelAdapter, an_answer_that_drips_in_is_read) {
    control("fault", { { "drip", 3 } });
    EXPECT_TRUE(ask(Provider::anthropic).answer);
    control("fault", { { "drip", 3 } });
    EXPECT_TRUE(ask(Provider::openai).answer);
}

TEST_F(ModelAdapter, an_endpoint_that_ignores_the_schema_is_read_politely_but_garbage_is_no_success) {
    control("answers",
        { { "answers",
            JsonArray { "Sure! ```json\n{\"said\": \"yes\"}\n``` Anything else?", "I would rather not say.",
                "{\"other\": 1}" } } });
    auto const wrapped = ask(Provider::openai);
    ASSERT_TRUE(wrapped.answer) << wrapped.answer.error().message;
    EXPECT_EQ(text_at(*wrapped.answer, "said"), "yes");
    EXPECT_EQ(ask(Provider::openai).answer.error().kind, ErrorKind::corrupt);
    EXPECT_EQ(ask(Provider::openai).answer.error().kind, ErrorKind::corrupt);
}

TEST_F(ModelAdapter, an_endpoint_that_refuses_the_schema_is_asked_without_it_from_then_on) {
    control("fault", { { "refuse_format", true }, { "times", 9 } });
    control("answers", { { "answers", JsonArray { "{\"said\": \"yes\"}" } } });
    auto const asked = model(Provider::openai);
    ASSERT_TRUE(asked->ask(question()).answer);
    ASSERT_TRUE(asked->ask(question()).answer);
    ASSERT_EQ(records().size(), 3U);
    EXPECT_NE(find(records()[0], "body.response_format"), nullptr);
    EXPECT_EQ(find(records()[1], "body.response_format"), nullptr);
    EXPECT_EQ(find(records()[2], "body.response_format"), nullptr);
}

TEST_F(ModelAdapter, an_endpoint_that_reports_no_usage_is_counted_by_what_was_sent) {
    control("fault", { { "no_usage", true } });
    auto const outcome = ask(Provider::openai);
    ASSERT_TRUE(outcome.answer);
    EXPECT_GT(outcome.usage.input_tokens, 10);
    EXPECT_GT(outcome.usage.output_tokens, 0);
}

TEST_F(ModelAdapter, a_server_that_does_not_stream_is_read) {
    control("fault", { { "document", true } });
    EXPECT_TRUE(ask(Provider::openai).answer);
}

TEST_F(ModelAdapter, the_key_is_in_no_error_even_when_the_provider_repeats_it) {
    for (auto const provider : { Provider::anthropic, Provider::openai }) {
        control("fault", { { "status", 401 }, { "echo_key", true }, { "message", "bad key" } });
        auto const outcome = ask(provider); // looks for the key itself
        ASSERT_FALSE(outcome.answer);
        EXPECT_THAT(outcome.answer.error().message, HasSubstr("[secret]"));
    }
}

} // namespace convops
