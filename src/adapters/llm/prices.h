// What a model's tokens cost, and how it wants to be asked. Known for Anthropic's models; the settings say it for
// others.
#pragma once

#include "adapters/llm/anthropic_stream.h"

namespace convops {

struct ModelPrice { // dollars per million tokens
    double input = 0;
    double output = 0;
    double cache_read = 0;
    double cache_write = 0; // entries that live for five minutes
    // A prompt longer than this (cached parts included) costs `long_prompt_factor` times as much, answer included.
    std::int64_t long_prompt_tokens = 0; // 0: all prompts cost the same
    double long_prompt_factor = 1;
};

std::optional<ModelPrice> anthropic_price(std::string_view model);
AnthropicDialect anthropic_dialect(std::string_view model);

double cost_usd(LlmUsage const& usage, ModelPrice const& price);
// The most that a prompt and an answer of these sizes can cost, whatever of it is cached.
double most_usd(std::int64_t prompt_tokens, std::int64_t output_tokens, ModelPrice const& price);

} // namespace convops
