// OpenAI's chat completions as compatible servers speak them (ollama, vLLM, llama.cpp, gateways), without a wire: the
// request's body, streamed and whole answers, errors. Pure. Lenient where servers differ, never where it would make
// an answer of garbage. https://platform.openai.com/docs/api-reference/chat
#pragma once

#include "adapters/llm/anthropic_stream.h"

namespace convops {

// `plain` leaves out what an older server may refuse: response_format, stream_options, temperature. The schema is
// told in words either way, as many servers accept response_format and then do not keep to it.
enum class OpenAiAsk : std::uint8_t { full, plain };
std::string openai_body(LlmRequest const& request, std::string_view model, OpenAiAsk ask);

// Takes the bytes of one answer as they come: events, or one JSON document from a server that does not stream.
class OpenAiAnswer {
public:
    bool feed(std::string_view piece); // false when nothing that could still come would change the reply
    [[nodiscard]] ModelReply reply(JsonObject const& schema) const;

private:
    enum class Form : std::uint8_t { unknown, events, document };
    Result<> take(std::string_view data);
    Result<> take_part(Json const& json);
    [[nodiscard]] ModelReply reply_of_events(JsonObject const& schema) const;

    Form form_ = Form::unknown;
    EventReader events_;
    std::string document_;
    bool over_ = false; // "[DONE]" came
    std::optional<Error> failure_;
    std::string text_;
    bool refused_ = false;
    std::string finish_reason_;
    LlmUsage usage_;
    std::string model_;
};

ModelRefusal openai_refusal(HttpResponse const& response, std::string_view secret);

} // namespace convops
