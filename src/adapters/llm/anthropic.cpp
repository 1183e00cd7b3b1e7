#include "adapters/llm/anthropic.h"

namespace convops {

AnthropicLlm::AnthropicLlm(AnthropicOptions options, Http& http, Clock& clock, Entropy& entropy)
    : dialect_(anthropic_dialect(options.model))
    , http_(http)
    , clock_(clock)
    , entropy_(entropy) {
    endpoint_.url = options.base_url + "/v1/messages";
    // https://platform.claude.com/docs/en/api/versioning
    endpoint_.headers = { { "anthropic-version", "2023-06-01" }, { "accept", "text/event-stream" } };
    endpoint_.key_header = "x-api-key";
    endpoint_.key = std::move(options.key);
    endpoint_.price = options.price ? options.price : anthropic_price(options.model);
    endpoint_.model = std::move(options.model);
    endpoint_.idle_timeout = options.idle_timeout;
}

LlmOutcome AnthropicLlm::ask(LlmRequest const& request) {
    ModelProtocol protocol;
    protocol.body = anthropic_body(request, endpoint_.model, dialect_);
    protocol.refusal = anthropic_refusal;
    protocol.read = [&request] {
        auto stream = std::make_shared<AnthropicStream>();
        return ModelProtocol::Reading { [stream](std::string_view piece) { return stream->feed(piece); },
            [stream, &request] { return stream->reply(request.answer_schema); } };
    };
    return ask_with_tries(request, endpoint_, protocol, http_, clock_, entropy_);
}

double AnthropicLlm::most_usd(LlmRequest const& request) const {
    return endpoint_.price ? most_paid_tries
            * convops::most_usd(most_tokens_of(request), most_anthropic_output(request, dialect_), *endpoint_.price)
                           : 0;
}

std::int64_t AnthropicLlm::most_tokens(LlmRequest const& request) const {
    return most_paid_tries * (most_tokens_of(request) + most_anthropic_output(request, dialect_));
}

} // namespace convops
