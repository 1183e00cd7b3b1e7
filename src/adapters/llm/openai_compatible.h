// The port Llm by any endpoint that speaks OpenAI's chat completions: an own model on an own machine (ollama, vLLM,
// llama.cpp), or a gateway.
#pragma once

#include "adapters/llm/openai_answer.h"
#include "adapters/llm/tries.h"

#include <atomic>

namespace convops {

struct OpenAiCompatibleOptions {
    std::string base_url; // with the version: "http://127.0.0.1:11434/v1"
    Secret key; // may be empty
    std::string model;
    std::optional<ModelPrice> price; // unknown unless the settings say it
    Milliseconds idle_timeout { 30'000 }; // an own machine reads a prompt before the first word comes
};

class OpenAiCompatibleLlm final : public Llm {
public:
    OpenAiCompatibleLlm(OpenAiCompatibleOptions options, Http& http, Clock& clock, Entropy& entropy);
    LlmOutcome ask(LlmRequest const& request) override;
    [[nodiscard]] double most_usd(LlmRequest const& request) const override;
    [[nodiscard]] std::int64_t most_tokens(LlmRequest const& request) const override;

private:
    // `refused_with` becomes the status of the last answer that was none, 0 without one.
    LlmOutcome ask(LlmRequest const& request, OpenAiAsk ask, int& refused_with);

    ModelEndpoint endpoint_;
    Http& http_;
    Clock& clock_;
    Entropy& entropy_;
    std::atomic<bool> plain_ { false }; // the server has refused the full form before
};

} // namespace convops
