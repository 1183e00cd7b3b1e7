#include "adapters/llm/openai_compatible.h"

namespace convops {

OpenAiCompatibleLlm::OpenAiCompatibleLlm(OpenAiCompatibleOptions options, Http& http, Clock& clock, Entropy& entropy)
    : http_(http)
    , clock_(clock)
    , entropy_(entropy) {
    endpoint_.url = options.base_url + (options.base_url.ends_with('/') ? "" : "/") + "chat/completions";
    endpoint_.headers = { { "accept", "text/event-stream" } };
    endpoint_.key_header = "authorization";
    endpoint_.key_prefix = "Bearer ";
    endpoint_.key = std::move(options.key);
    endpoint_.model = std::move(options.model);
    endpoint_.price = options.price;
    endpoint_.idle_timeout = options.idle_timeout;
}

LlmOutcome OpenAiCompatibleLlm::ask(LlmRequest const& request, OpenAiAsk ask, int& refused_with) {
    ModelProtocol protocol;
    protocol.body = openai_body(request, endpoint_.model, ask);
    protocol.refusal = [&refused_with](HttpResponse const& response, std::string_view secret) {
        refused_with = response.status;
        return openai_refusal(response, secret);
    };
    protocol.read = [&request] {
        auto answer = std::make_shared<OpenAiAnswer>();
        return ModelProtocol::Reading { [answer](std::string_view piece) { return answer->feed(piece); },
            [answer, &request] { return answer->reply(request.answer_schema); } };
    };
    return ask_with_tries(request, endpoint_, protocol, http_, clock_, entropy_);
}

LlmOutcome OpenAiCompatibleLlm::ask(LlmRequest const& request) {
    auto const started = clock_.monotonic();
    int refused_with = 0;
    auto outcome = ask(request, plain_ ? OpenAiAsk::plain : OpenAiAsk::full, refused_with);
    // A server that knows no response_format says so before anything is read; it is asked once more without. A model
    // that declines is never asked again: its answer has status 200.
    if (outcome.answer || plain_ || (refused_with != 400 && refused_with != 422))
        return outcome;
    auto again = request;
    again.time_left -= std::chrono::duration_cast<Milliseconds>(clock_.monotonic() - started);
    auto second = ask(again, OpenAiAsk::plain, refused_with);
    second.usage.calls += outcome.usage.calls;
    if (second.answer)
        plain_ = true;
    return second;
}

double OpenAiCompatibleLlm::most_usd(LlmRequest const& request) const {
    return endpoint_.price
        ? most_paid_tries * convops::most_usd(most_tokens_of(request), request.most_output_tokens, *endpoint_.price)
        : 0;
}

std::int64_t OpenAiCompatibleLlm::most_tokens(LlmRequest const& request) const {
    return most_paid_tries * (most_tokens_of(request) + request.most_output_tokens);
}

} // namespace convops
