// The port Llm by Anthropic's Messages API: structured, streamed, with the instructions cached by the provider.
// https://platform.claude.com/docs/en/api/messages
#pragma once

#include "adapters/llm/tries.h"

namespace convops {

struct AnthropicOptions {
    std::string base_url = "https://api.anthropic.com"; // without "/v1/messages"
    Secret key;
    std::string model;
    std::optional<ModelPrice> price; // in place of the table's
    Milliseconds idle_timeout { 10'000 };
};

class AnthropicLlm final : public Llm {
public:
    AnthropicLlm(AnthropicOptions options, Http& http, Clock& clock, Entropy& entropy);
    LlmOutcome ask(LlmRequest const& request) override;
    [[nodiscard]] double most_usd(LlmRequest const& request) const override;
    [[nodiscard]] std::int64_t most_tokens(LlmRequest const& request) const override;

private:
    ModelEndpoint endpoint_;
    AnthropicDialect dialect_;
    Http& http_;
    Clock& clock_;
    Entropy& entropy_;
};

} // namespace convops
