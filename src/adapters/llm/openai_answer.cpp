#include "adapters/llm/openai_answer.h"

#include "base/text.h"

namespace convops {

namespace {

Error corrupt(std::string what) {
    return { ErrorKind::corrupt, std::move(what) };
}

// Cached tokens are part of prompt_tokens there; our three kinds are apart.
LlmUsage usage_from(Json const& usage) {
    LlmUsage out;
    auto const prompt = reported_tokens(usage, "prompt_tokens");
    out.cache_read_tokens = std::min(prompt, reported_tokens(usage, "prompt_tokens_details.cached_tokens"));
    out.input_tokens = prompt - out.cache_read_tokens;
    out.output_tokens = reported_tokens(usage, "completion_tokens");
    return out;
}

// The one choice that we asked for; nullptr in the last part of a stream, which only holds the usage.
Json const* first_choice(Json const& json) {
    auto const& choices = list_at(json, "choices");
    return choices.empty() ? nullptr : choices.data();
}

} // namespace

std::string openai_body(LlmRequest const& request, std::string_view model, OpenAiAsk ask) {
    auto const message = [](std::string_view role, std::string_view content) {
        return JsonObject { { "role", role }, { "content", content } };
    };
    auto const schema = schema_for_provider(request.answer_schema);
    auto const instructions = request.instructions
        + "\n\nAnswer with one JSON object and nothing else. It must fit this JSON Schema: " + to_text(schema);
    // max_tokens is deprecated at OpenAI itself, but it is the name that every compatible server knows.
    JsonObject body { { "model", model }, { "max_tokens", request.most_output_tokens }, { "stream", true },
        { "messages", JsonArray { message("system", instructions), message("user", request.material) } } };
    if (ask == OpenAiAsk::full) {
        body["temperature"] = 0;
        body["stream_options"] = JsonObject { { "include_usage", true } };
        body["response_format"] = JsonObject { { "type", "json_schema" },
            { "json_schema", JsonObject { { "name", "answer" }, { "strict", true }, { "schema", schema } } } };
    }
    return to_text(body);
}

bool OpenAiAnswer::feed(std::string_view piece) {
    if (failure_ || over_)
        return false;
    if (form_ == Form::unknown) {
        auto const first = piece.find_first_not_of(" \t\r\n");
        if (first == std::string_view::npos)
            return true;
        piece.remove_prefix(first); // What came before in pieces of its own is gone as well.
        form_ = piece.front() == '{' ? Form::document : Form::events;
    }
    if (form_ == Form::document) {
        if (document_.size() + piece.size() > 2 * most_answer_bytes)
            failure_ = corrupt("the model's answer is over the limit");
        else
            document_ += piece;
        return !failure_;
    }
    auto taken = events_.feed(piece, [this](ServerSentEvent const& event) { return take(event.data); });
    if (!taken)
        failure_ = taken.error();
    return !failure_ && !over_;
}

Result<> OpenAiAnswer::take(std::string_view data) {
    if (over_)
        return {};
    if (trim(data) == "[DONE]") {
        over_ = true;
        return {};
    }
    auto const json = parse_json(data);
    return json ? take_part(*json) : Result<>(corrupt("a part of the stream is no JSON"));
}

Result<> OpenAiAnswer::take_part(Json const& json) {
    if (auto const* error = find(json, "error")) {
        auto const said = error->is_string() ? std::string(error->as_string()) : text_at(*error, "message");
        return Error { ErrorKind::unavailable, "the model's stream ended: " + words_of_provider(said, {}) };
    }
    if (model_.empty())
        model_ = words_of_provider(text_at(json, "model"), {});
    if (auto const* usage = find(json, "usage"))
        usage_ = usage_from(*usage);
    auto const* choice = first_choice(json);
    if (choice == nullptr || integer_at(*choice, "index").value_or(0) != 0)
        return {};
    auto const piece = text_at(*choice, "delta.content");
    if (!piece.empty() && !finish_reason_.empty())
        return corrupt("the model's stream goes on after its end");
    if (text_.size() + piece.size() > most_answer_bytes)
        return corrupt("the model's answer is over the limit");
    text_ += piece;
    refused_ = refused_ || !text_at(*choice, "delta.refusal").empty();
    finish_reason_ = text_at(*choice, "finish_reason", finish_reason_);
    return {};
}

namespace {

Result<Json> answer_for(
    std::string_view finish_reason, bool refused, std::string_view text, JsonObject const& schema) {
    if (refused || finish_reason == "content_filter")
        return Error { ErrorKind::invalid_input, "the model declined to answer" };
    if (finish_reason == "length")
        return corrupt("the model's answer was cut off (length)");
    if (finish_reason != "stop")
        return corrupt("the model stopped for no reason that we know");
    return answer_from(text, schema, Wrapping::tolerated);
}

} // namespace

ModelReply OpenAiAnswer::reply_of_events(JsonObject const& schema) const {
    ModelReply reply;
    reply.usage = usage_;
    reply.model = model_;
    // "[DONE]" may be missing where a server just closes; the finish reason is what says that the text is whole.
    if (!over_ && finish_reason_.empty())
        reply.answer = corrupt("the model's stream was cut short");
    else
        reply.answer = answer_for(finish_reason_, refused_, text_, schema);
    return reply;
}

ModelReply OpenAiAnswer::reply(JsonObject const& schema) const {
    if (failure_) {
        ModelReply reply { *failure_, usage_, model_ };
        return reply;
    }
    if (form_ != Form::document)
        return reply_of_events(schema);
    ModelReply reply;
    auto const json = parse_json(document_);
    auto const* choice = json ? first_choice(*json) : nullptr;
    if (choice == nullptr) {
        reply.answer = corrupt("the model's answer is no chat completion");
        return reply;
    }
    reply.model = words_of_provider(text_at(*json, "model"), {});
    if (auto const* usage = find(*json, "usage"))
        reply.usage = usage_from(*usage);
    reply.answer = answer_for(text_at(*choice, "finish_reason"), !text_at(*choice, "message.refusal").empty(),
        text_at(*choice, "message.content"), schema);
    return reply;
}

ModelRefusal openai_refusal(HttpResponse const& response, std::string_view secret) {
    auto const json = parse_json(response.body).value_or(Json {});
    ModelRefusal refusal;
    refusal.error.kind = anthropic_error_kind({}, response.status); // the status codes mean the same here
    refusal.error.message = "the model answered " + std::to_string(response.status);
    auto said = text_at(json, "error.message", text_at(json, "error"));
    if (said = words_of_provider(said, secret); !said.empty())
        refusal.error.message += ": " + said;
    // A spent quota is a 429 that does not pass. https://platform.openai.com/docs/guides/error-codes
    refusal.may_pass = (refusal.error.kind == ErrorKind::throttled || refusal.error.kind == ErrorKind::unavailable
                           || refusal.error.kind == ErrorKind::timeout)
        && text_at(json, "error.code") != "insufficient_quota";
    return refusal;
}

} // namespace convops
