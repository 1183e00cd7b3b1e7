// Both protocols' answers without a wire: what is read, what is refused, and what is counted.
#include "adapters/llm/openai_answer.h"
#include "adapters/llm/prices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

JsonObject const schema
    = parse_json(R"({"type":"object","required":["said"],"properties":{"said":{"type":"string"}}})")->as_object();

std::string event(std::string_view name, std::string_view data) {
    return "event: " + std::string(name) + "\ndata: " + std::string(data) + "\n\n";
}

// Shaped as https://platform.claude.com/docs/en/build-with-claude/streaming shows it.
std::string const start = event("message_start",
    R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],)"
    R"("model":"claude-sonnet-5-5","stop_reason":null,"usage":{"input_tokens":25,"cache_creation_input_tokens":700,)"
    R"("cache_read_input_tokens":30,"output_tokens":1}}})");
std::string const ping = event("ping", R"({"type": "ping"})");
std::string const block = event(
    "content_block_start", R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})");
std::string const half_one = event("content_block_delta",
    R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{\"said\":"}})");
std::string const half_two = event("content_block_delta",
    R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\"yes\"}"}})");
std::string const block_end = event("content_block_stop", R"({"type":"content_block_stop","index":0})");
std::string ending(std::string_view stop_reason) {
    return event("message_delta",
        R"({"type":"message_delta","delta":{"stop_reason":")" + std::string(stop_reason)
            + R"(","stop_sequence":null},"usage":{"output_tokens":15}})");
}
std::string const stop = event("message_stop", R"({"type":"message_stop"})");
std::string const whole = start + ping + block + half_one + half_two + block_end + ending("end_turn") + stop;

ModelReply read(std::string_view bytes, std::size_t step = 1 << 20) {
    AnthropicStream stream;
    for (std::size_t at = 0; at < bytes.size() && stream.feed(bytes.substr(at, step)); at += step) { }
    return stream.reply(schema);
}

ModelReply read_openai(std::string_view bytes, std::size_t step = 1 << 20) {
    OpenAiAnswer answer;
    for (std::size_t at = 0; at < bytes.size() && answer.feed(bytes.substr(at, step)); at += step) { }
    return answer.reply(schema);
}

std::string chunk(std::string_view choice) {
    return R"(data: {"id":"c1","object":"chat.completion.chunk","model":"qwen3:8b","choices":[)" + std::string(choice)
        + "]}\n\n";
}
std::string const openai_whole
    = chunk(R"({"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null})")
    + chunk(R"({"index":0,"delta":{"content":"{\"said\":"},"finish_reason":null})")
    + chunk(R"({"index":0,"delta":{"content":"\"yes\"}"},"finish_reason":null})")
    + chunk(R"({"index":0,"delta":{},"finish_reason":"stop"})")
    + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":40,\"completion_tokens\":9,"
      "\"prompt_tokens_details\":{\"cached_tokens\":30}}}\n\ndata: [DONE]\n\n";

} // namespace

TEST(AnthropicStream, a_documented_stream_is_read_with_what_it_used) {
    auto const reply = read(whole);
    ASSERT_TRUE(reply.answer) << reply.answer.error().message;
    EXPECT_EQ(text_at(*reply.answer, "said"), "yes");
    EXPECT_EQ(reply.usage.input_tokens, 25);
    EXPECT_EQ(reply.usage.cache_write_tokens, 700);
    EXPECT_EQ(reply.usage.cache_read_tokens, 30);
    EXPECT_EQ(reply.usage.output_tokens, 15);
    EXPECT_EQ(reply.model, "claude-sonnet-5-5");
}

TEST(AnthropicStream, the_pieces_in_which_it_comes_do_not_matter_nor_do_the_line_ends) {
    EXPECT_TRUE(read(whole, 1).answer);
    EXPECT_TRUE(read(whole, 7).answer);
    std::string carriage;
    for (char const c : whole)
        carriage += c == '\n' ? std::string("\r\n") : std::string(1, c);
    EXPECT_TRUE(read(carriage, 1).answer);
}

TEST(AnthropicStream, cut_at_any_byte_it_is_corrupt_and_its_cost_is_known) {
    auto const last = whole.size() - 1; // without its last newline the last event never ends
    for (std::size_t length = 0; length <= last; ++length) {
        auto const reply = read(std::string_view(whole).substr(0, length));
        ASSERT_FALSE(reply.answer) << length;
        EXPECT_EQ(reply.answer.error().kind, ErrorKind::corrupt);
        if (length >= start.size())
            EXPECT_EQ(reply.usage.input_tokens, 25);
    }
}

TEST(AnthropicStream, an_answer_that_is_not_what_was_asked_for_says_why) {
    struct Case {
        std::string bytes;
        ErrorKind kind;
        std::string says;
    };
    auto const overloaded
        = event("error", R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})");
    std::vector<Case> const cases {
        { start + ending("refusal") + stop, ErrorKind::invalid_input, "declined" },
        { start
                + event("message_delta",
                    R"({"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":{"type":"refusal","category":"cyber"}},"usage":{"output_tokens":2}})")
                + stop,
            ErrorKind::invalid_input, "(cyber)" },
        { start + block + half_one + half_two + block_end + ending("max_tokens") + stop, ErrorKind::corrupt,
            "cut off (max_tokens)" },
        { start + block + half_one + block_end + ending("end_turn") + stop, ErrorKind::corrupt, "not the JSON" },
        { start + block + half_one + overloaded, ErrorKind::throttled, "overloaded_error" },
        { start + block + half_one + half_two + ending("end_turn") + stop, ErrorKind::corrupt, "within a block" },
        { start + start, ErrorKind::corrupt, "started twice" },
        { start + block + block, ErrorKind::corrupt, "out of turn" },
        { start + block + block_end + half_one, ErrorKind::corrupt, "never started" },
        { start + half_one, ErrorKind::corrupt, "never started" },
        { block, ErrorKind::corrupt, "before message_start" },
        { start + block + half_one + half_one + half_two + block_end + ending("end_turn") + stop, ErrorKind::corrupt,
            "not the JSON" },
        { "event: message_start\ndata: {\n\n", ErrorKind::corrupt, "event of the stream" },
        { "<html>hello</html>\n\n", ErrorKind::corrupt, "cut short" },
        { start + "data: " + std::string(300'000, 'x'), ErrorKind::corrupt, "over the limit" },
    };
    for (auto const& [bytes, kind, says] : cases) {
        auto const reply = read(bytes);
        ASSERT_FALSE(reply.answer) << says;
        EXPECT_EQ(reply.answer.error().kind, kind) << says;
        EXPECT_THAT(reply.answer.error().message, HasSubstr(says));
    }
}

TEST(AnthropicStream, thoughts_and_unknown_events_are_passed_over) {
    auto const thinking
        = event("content_block_start",
              R"({"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}})")
        + event("content_block_delta",
            R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"{\"said\":\"no\"}"}})")
        + block_end + event("new_thing", R"({"type":"new_thing"})");
    auto const text = event("content_block_start",
                          R"({"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}})")
        + event("content_block_delta",
            R"({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"{\"said\":\"yes\"}"}})")
        + event("content_block_stop", R"({"type":"content_block_stop","index":1})");
    auto const reply = read(start + thinking + text + ending("end_turn") + stop);
    ASSERT_TRUE(reply.answer) << reply.answer.error().message;
    EXPECT_EQ(text_at(*reply.answer, "said"), "yes");
}

TEST(AnthropicStream, a_reported_count_is_kept_within_reason) {
    auto const reply = read(event("message_start",
        R"({"type":"message_start","message":{"model":"m","usage":{"input_tokens":9000000000000000,"output_tokens":-5}}})"));
    EXPECT_EQ(reply.usage.input_tokens, 100'000'000);
    EXPECT_EQ(reply.usage.output_tokens, 0);
}

TEST(AnthropicBody, instructions_are_cached_the_schema_is_asked_for_and_refused_fields_are_left_out) {
    LlmRequest const request { .instructions = "Rewrite.", .material = "F1", .answer_schema = schema };
    auto const sonnet
        = *parse_json(anthropic_body(request, "claude-sonnet-5-5", anthropic_dialect("claude-sonnet-5-5")));
    EXPECT_EQ(text_at(list_at(sonnet, "system")[0], "cache_control.type"), "ephemeral");
    EXPECT_EQ(text_at(sonnet, "output_config.format.type"), "json_schema");
    EXPECT_EQ(text_at(sonnet, "output_config.effort"), "low");
    EXPECT_EQ(text_at(sonnet, "thinking.type"), "between_tools");
    EXPECT_EQ(integer_at(sonnet, "max_tokens"), 2'000);
    EXPECT_TRUE(flag_at(sonnet, "stream"));
    EXPECT_EQ(text_at(list_at(sonnet, "messages")[0], "content"), "F1");
    for (auto const* absent : { "temperature", "top_p", "tool_choice", "tools" })
        EXPECT_EQ(find(sonnet, absent), nullptr) << absent;
    auto const haiku = *parse_json(
        anthropic_body(request, "claude-haiku-4-5-20251001", anthropic_dialect("claude-haiku-4-5-20251001")));
    EXPECT_EQ(find(haiku, "output_config.effort"), nullptr);
    EXPECT_EQ(find(haiku, "thinking"), nullptr);
}

TEST(ModelPrices, are_those_of_the_table_and_unknown_for_others) {
    EXPECT_EQ(anthropic_price("claude-sonnet-5-5")->output, 10);
    EXPECT_EQ(anthropic_price("claude-haiku-4-5-20251001")->input, 1);
    EXPECT_FALSE(anthropic_price("claude-sonnet-5-50"));
    EXPECT_FALSE(anthropic_price("qwen3:8b"));
    LlmUsage const usage { .input_tokens = 1'000'000, .cache_read_tokens = 1'000'000, .output_tokens = 100'000 };
    EXPECT_DOUBLE_EQ(cost_usd(usage, *anthropic_price("claude-sonnet-5-5")), 2 + 0.1 + 1);
    // Haiku 5.5 has a higher price for prompts over 100,000 tokens.
    EXPECT_DOUBLE_EQ(cost_usd({ .input_tokens = 100'000 }, *anthropic_price("claude-haiku-5-5")), 0.01);
    EXPECT_DOUBLE_EQ(cost_usd({ .input_tokens = 200'000 }, *anthropic_price("claude-haiku-5-5")), 0.1);
}

TEST(OpenAiAnswer, a_documented_stream_is_read_with_what_it_used) {
    for (std::size_t const step : { std::size_t { 1 }, std::size_t { 5 }, openai_whole.size() }) {
        auto const reply = read_openai(openai_whole, step);
        ASSERT_TRUE(reply.answer) << reply.answer.error().message;
        EXPECT_EQ(text_at(*reply.answer, "said"), "yes");
        EXPECT_EQ(reply.usage.input_tokens, 10);
        EXPECT_EQ(reply.usage.cache_read_tokens, 30);
        EXPECT_EQ(reply.usage.output_tokens, 9);
        EXPECT_EQ(reply.model, "qwen3:8b");
    }
}

TEST(OpenAiAnswer, a_server_that_does_not_stream_is_read_too) {
    auto const reply = read_openai(
        R"({"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"```json\n{\"said\":\"yes\"}\n```"},)"
        R"("finish_reason":"stop"}],"usage":{"prompt_tokens":4,"completion_tokens":2}})");
    ASSERT_TRUE(reply.answer) << reply.answer.error().message;
    EXPECT_EQ(reply.usage.input_tokens, 4);
}

TEST(OpenAiAnswer, cut_before_its_finish_reason_it_is_corrupt) {
    auto const finish = openai_whole.find("\"stop\"");
    for (std::size_t length = 0; length < finish; ++length)
        ASSERT_FALSE(read_openai(std::string_view(openai_whole).substr(0, length)).answer) << length;
}

TEST(OpenAiAnswer, garbage_is_no_success) {
    for (std::string const& bytes :
        { std::string("hello\n\n"), std::string("{}"), std::string("[]"), std::string(R"({"choices":[]})"),
            std::string(R"({"choices":[{"message":{"content":"{}"},"finish_reason":"stop"}]})"),
            std::string("data: [DONE]\n\n"), std::string("data: nonsense\n\n"),
            chunk(R"({"index":0,"delta":{"content":"no JSON"},"finish_reason":"stop"})"),
            chunk(R"({"index":0,"delta":{"content":"{\"said\":\"yes\"}"},"finish_reason":"length"})"),
            chunk(R"({"index":0,"delta":{"content":"{\"said\":\"yes\"}"},"finish_reason":"stop"})")
                + chunk(R"({"index":0,"delta":{"content":"more"},"finish_reason":null})") })
        EXPECT_FALSE(read_openai(bytes).answer) << bytes;
    auto const refused = read_openai(chunk(R"({"index":0,"delta":{"refusal":"I can not"},"finish_reason":"stop"})"));
    EXPECT_EQ(refused.answer.error().kind, ErrorKind::invalid_input);
    EXPECT_THAT(refused.answer.error().message, Not(HasSubstr("can not")));
}

TEST(OpenAiBody, tells_the_schema_in_words_and_asks_for_it_unless_plain) {
    LlmRequest const request { .instructions = "Rewrite.", .material = "F1", .answer_schema = schema };
    auto const full = *parse_json(openai_body(request, "qwen3:8b", OpenAiAsk::full));
    EXPECT_EQ(text_at(full, "response_format.type"), "json_schema");
    EXPECT_TRUE(flag_at(full, "stream_options.include_usage"));
    auto const plain = *parse_json(openai_body(request, "qwen3:8b", OpenAiAsk::plain));
    EXPECT_EQ(find(plain, "response_format"), nullptr);
    EXPECT_THAT(text_at(list_at(plain, "messages")[0], "content"), HasSubstr(R"("said")"));
}

TEST(ModelRefusals, have_the_kind_of_their_status_and_the_request_id_but_never_the_key) {
    auto const answer = [](int status, std::string body) {
        return HttpResponse { status, { { "request-id", "req_011" } }, std::move(body) };
    };
    auto const denied = anthropic_refusal(
        answer(401,
            R"({"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key sk-hunter2"}})"),
        "sk-hunter2");
    EXPECT_EQ(denied.error.kind, ErrorKind::access_denied);
    EXPECT_EQ(denied.error.message, "the model answered 401: invalid x-api-key [secret] [req_011]");
    EXPECT_FALSE(denied.may_pass);
    auto const overloaded
        = anthropic_refusal(answer(529, R"({"type":"error","error":{"type":"overloaded_error"}})"), "");
    EXPECT_EQ(overloaded.error.kind, ErrorKind::throttled);
    EXPECT_TRUE(overloaded.may_pass);
    auto const spent = anthropic_refusal(
        answer(
            429, R"({"error":{"type":"rate_limit_error","details":{"error_code":"enforced_spend_limit_reached"}}})"),
        "");
    EXPECT_FALSE(spent.may_pass);
    EXPECT_EQ(anthropic_refusal(answer(400, "<html>"), "").error.kind, ErrorKind::invalid_input);
    EXPECT_EQ(anthropic_refusal(answer(404, ""), "").error.kind, ErrorKind::not_found);
    EXPECT_TRUE(anthropic_refusal(answer(500, ""), "").may_pass);
    EXPECT_FALSE(openai_refusal(answer(429, R"({"error":{"code":"insufficient_quota"}})"), "").may_pass);
}

} // namespace convops
