#include "adapters/llm/anthropic_stream.h"

#include "base/text.h"

namespace convops {

namespace {

constexpr std::size_t most_blocks = 64;
// Models of the newer families think before they answer, and what they think counts as output. A rewrite needs
// little. https://platform.claude.com/docs/en/build-with-claude/thinking
constexpr int room_for_thinking = 2'000;

Error corrupt(std::string what) {
    return { ErrorKind::corrupt, std::move(what) };
}

} // namespace

int most_anthropic_output(LlmRequest const& request, AnthropicDialect const& dialect) {
    return request.most_output_tokens + (dialect.thinking.empty() ? room_for_thinking : 0);
}

std::string anthropic_body(LlmRequest const& request, std::string_view model, AnthropicDialect const& dialect) {
    // Structured output. Forced tool use, the older way, is an error 400 on current models.
    // https://platform.claude.com/docs/en/build-with-claude/structured-outputs
    JsonObject output { { "format",
        JsonObject { { "type", "json_schema" }, { "schema", schema_for_provider(request.answer_schema) } } } };
    if (dialect.effort)
        output["effort"] = "low"; // https://platform.claude.com/docs/en/build-with-claude/effort
    // The instructions are the same from call to call: the prefix up to here is cached for five minutes. Below the
    // model's least length nothing is cached and nothing fails.
    // https://platform.claude.com/docs/en/build-with-claude/prompt-caching
    JsonObject const instructions { { "type", "text" }, { "text", request.instructions },
        { "cache_control", JsonObject { { "type", "ephemeral" } } } };
    JsonObject body { { "model", model }, { "max_tokens", most_anthropic_output(request, dialect) },
        { "stream", true }, { "system", JsonArray { instructions } },
        { "messages", JsonArray { JsonObject { { "role", "user" }, { "content", request.material } } } },
        { "output_config", std::move(output) } };
    if (!dialect.thinking.empty())
        body["thinking"] = JsonObject { { "type", dialect.thinking } };
    return to_text(body);
}

bool AnthropicStream::feed(std::string_view piece) {
    if (failure_ || over_)
        return false;
    if (auto taken = events_.feed(piece, [this](ServerSentEvent const& event) { return take(event); }); !taken)
        failure_ = taken.error();
    return !failure_ && !over_;
}

Result<> AnthropicStream::take(ServerSentEvent const& event) {
    if (over_)
        return {};
    auto const parsed = parse_json(event.data);
    if (!parsed)
        return corrupt("an event of the stream is no JSON");
    auto const& json = *parsed;
    // Both name the event; the data decides. Unknown ones may be added at any time and are passed over.
    // https://platform.claude.com/docs/en/api/versioning
    auto const kind = text_at(json, "type", event.name);
    if (kind == "error") {
        auto const type = text_at(json, "error.type");
        return Error { anthropic_error_kind(type, 0),
            "the model's stream ended with " + words_of_provider(type, {}) };
    }
    if (kind == "message_start") {
        auto const* message = find(json, "message");
        return message == nullptr ? Result<>(corrupt("message_start without a message")) : take_start(*message);
    }
    if (!began_)
        return kind == "ping" || !(kind.starts_with("content_") || kind.starts_with("message_"))
            ? Result<>()
            : Result<>(corrupt(shorten(kind, 40) + " before message_start"));
    if (kind.starts_with("content_block_"))
        return take_block(kind, json);
    if (kind == "message_delta") {
        stop_reason_ = text_at(json, "delta.stop_reason", stop_reason_);
        refusal_category_ = text_at(json, "delta.stop_details.category", refusal_category_);
        if (auto const* usage = find(json, "usage"))
            take_usage(*usage);
    }
    if (kind == "message_stop")
        over_ = true;
    return {};
}

Result<> AnthropicStream::take_start(Json const& message) {
    if (began_)
        return corrupt("the stream started twice");
    began_ = true;
    model_ = words_of_provider(text_at(message, "model"), {});
    if (auto const* usage = find(message, "usage"))
        take_usage(*usage);
    return {};
}

// The protocol has no numbers to tell a repeated event from a new one, but a block that starts, grows or ends out of
// turn gives most repetitions away, and no repeated text survives as JSON of the right shape but by luck.
Result<> AnthropicStream::take_block(std::string_view kind, Json const& event) {
    auto const index = integer_at(event, "index").value_or(-1);
    if (kind == "content_block_start") {
        if (index < 0 || closed_blocks_.contains(index) || open_blocks_.size() + closed_blocks_.size() >= most_blocks
            || !open_blocks_.insert(index).second)
            return corrupt("a block of the stream started out of turn");
        if (text_at(event, "content_block.type") == "text")
            text_ += text_at(event, "content_block.text");
        return {};
    }
    if (!open_blocks_.contains(index))
        return corrupt("a block of the stream goes on that never started");
    if (kind == "content_block_stop") {
        open_blocks_.erase(index);
        closed_blocks_.insert(index);
    } else if (text_at(event, "delta.type") == "text_delta") { // thinking and signatures are not for us
        auto const piece = text_at(event, "delta.text");
        if (text_.size() + piece.size() > most_answer_bytes)
            return corrupt("the model's answer is over the limit");
        text_ += piece;
    }
    return {};
}

// Counts are cumulative: a later report replaces what it names.
void AnthropicStream::take_usage(Json const& usage) {
    auto const take_into = [&](std::int64_t& count, std::string_view name) {
        if (find(usage, name) != nullptr)
            count = std::max(count, reported_tokens(usage, name));
    };
    take_into(usage_.input_tokens, "input_tokens");
    take_into(usage_.cache_read_tokens, "cache_read_input_tokens");
    take_into(usage_.cache_write_tokens, "cache_creation_input_tokens");
    take_into(usage_.output_tokens, "output_tokens");
}

ModelReply AnthropicStream::reply(JsonObject const& schema) const {
    ModelReply reply;
    reply.usage = usage_;
    reply.model = model_;
    if (failure_)
        reply.answer = *failure_;
    else if (!over_)
        reply.answer = corrupt("the model's stream was cut short");
    else if (stop_reason_ == "refusal")
        reply.answer = Error { ErrorKind::invalid_input,
            "the model declined to answer"
                + (refusal_category_.empty() ? "" : " (" + words_of_provider(refusal_category_, {}) + ")") };
    else if (stop_reason_ == "max_tokens" || stop_reason_ == "model_context_window_exceeded")
        reply.answer = corrupt("the model's answer was cut off (" + stop_reason_ + ")");
    else if (stop_reason_ != "end_turn" && stop_reason_ != "stop_sequence")
        reply.answer = corrupt("the model stopped for no reason that we know");
    else if (!open_blocks_.empty())
        reply.answer = corrupt("the model's stream ended within a block");
    else
        reply.answer = answer_from(text_, schema, Wrapping::none);
    return reply;
}

ErrorKind anthropic_error_kind(std::string_view type, int status) {
    if (type == "overloaded_error" || type == "rate_limit_error" || status == 429 || status == 529)
        return ErrorKind::throttled;
    if (type == "authentication_error" || type == "permission_error" || type == "billing_error" || status == 401
        || status == 402 || status == 403)
        return ErrorKind::access_denied;
    if (type == "not_found_error" || status == 404)
        return ErrorKind::not_found;
    if (type == "timeout_error" || status == 408 || status == 504)
        return ErrorKind::timeout;
    if (type == "invalid_request_error" || type == "request_too_large" || (status >= 400 && status < 500))
        return ErrorKind::invalid_input;
    return ErrorKind::unavailable; // api_error, 5xx, and what may be added
}

ModelRefusal anthropic_refusal(HttpResponse const& response, std::string_view secret) {
    auto const json = parse_json(response.body).value_or(Json {});
    auto const type = text_at(json, "error.type");
    ModelRefusal refusal;
    refusal.error.kind = anthropic_error_kind(type, response.status);
    refusal.error.message = "the model answered " + std::to_string(response.status);
    if (auto const said = words_of_provider(text_at(json, "error.message", type), secret); !said.empty())
        refusal.error.message += ": " + said;
    // Their support finds a request by this. https://platform.claude.com/docs/en/api/errors#request-id
    if (auto const id = words_of_provider(response.header("request-id"), secret); !id.empty())
        refusal.error.message += " [" + id + "]";
    refusal.may_pass = refusal.error.kind == ErrorKind::throttled || refusal.error.kind == ErrorKind::unavailable
        || refusal.error.kind == ErrorKind::timeout;
    // A monthly spend limit is a 429 too, and lasts until next month.
    if (text_at(json, "error.details.error_code") == "enforced_spend_limit_reached")
        refusal.may_pass = false;
    return refusal;
}

} // namespace convops
