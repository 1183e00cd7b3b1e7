#include "adapters/llm/prices.h"

namespace convops {

namespace {

constexpr double million = 1e6;

struct KnownModel {
    std::string_view name; // dated versions ("claude-haiku-4-5-20251001") begin with it
    ModelPrice price;
    bool effort = true;
    std::string_view thinking = {};
};

// As of 2026-11-28, from https://platform.claude.com/docs/en/about-claude/pricing; who takes `effort` from
// https://platform.claude.com/docs/en/build-with-claude/effort; "between_tools" is how Sonnet 5.5 is told not to
// think first: https://platform.claude.com/docs/en/models/sonnet-5-5/migration-guide Sonnet 5's prices are as listed
// on https://platform.claude.com/docs/en/about-claude/models/overview
constexpr std::array known_models {
    KnownModel { "claude-fable-5-1", { 10, 50, 0.25, 12.5 } },
    KnownModel { "claude-mythos-5-1", { 10, 50, 0.25, 12.5 } },
    KnownModel { "claude-fable-5", { 10, 50, 1, 12.5 } },
    KnownModel { "claude-mythos-5", { 10, 50, 1, 12.5 } },
    KnownModel { "claude-opus-5-5", { 4, 20, 0.2, 5 } },
    KnownModel { "claude-opus-5", { 5, 25, 0.5, 6.25 } },
    KnownModel { "claude-opus-4-8", { 5, 25, 0.5, 6.25 } },
    KnownModel { "claude-opus-4-7", { 5, 25, 0.5, 6.25 } },
    KnownModel { "claude-opus-4-6", { 5, 25, 0.5, 6.25 } },
    KnownModel { "claude-opus-4-5", { 5, 25, 0.5, 6.25 } },
    KnownModel { "claude-sonnet-5-5", { 2, 10, 0.1, 2.5 }, true, "between_tools" },
    KnownModel { "claude-sonnet-5", { 2, 10, 0.2, 2.5 } },
    KnownModel { "claude-sonnet-4-6", { 3, 15, 0.3, 3.75 } },
    KnownModel { "claude-sonnet-4-5", { 3, 15, 0.3, 3.75 }, false },
    KnownModel { "claude-haiku-5-5", { 0.1, 0.5, 0.01, 0.125, 100'000, 5 } },
    KnownModel { "claude-haiku-4-5", { 1, 5, 0.1, 1.25 }, false },
};

// The name itself, or the name and a date.
bool is_named(std::string_view model, std::string_view name) {
    if (!model.starts_with(name))
        return false;
    auto const rest = model.substr(name.size());
    return rest.empty()
        || (rest.size() == 9 && rest[0] == '-' && rest.find_first_not_of("0123456789", 1) == rest.npos);
}

KnownModel const* find_model(std::string_view model) {
    auto const found
        = std::ranges::find_if(known_models, [&](KnownModel const& known) { return is_named(model, known.name); });
    return found == known_models.end() ? nullptr : found;
}

} // namespace

std::optional<ModelPrice> anthropic_price(std::string_view model) {
    auto const* known = find_model(model);
    return known == nullptr ? std::nullopt : std::optional(known->price);
}

AnthropicDialect anthropic_dialect(std::string_view model) {
    auto const* known = find_model(model);
    return known == nullptr ? AnthropicDialect {} : AnthropicDialect { known->effort, std::string(known->thinking) };
}

double cost_usd(LlmUsage const& usage, ModelPrice const& price) {
    auto const prompt = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens;
    auto const factor
        = price.long_prompt_tokens > 0 && prompt > price.long_prompt_tokens ? price.long_prompt_factor : 1.0;
    return factor / million
        * (static_cast<double>(usage.input_tokens) * price.input
            + static_cast<double>(usage.cache_read_tokens) * price.cache_read
            + static_cast<double>(usage.cache_write_tokens) * price.cache_write
            + static_cast<double>(usage.output_tokens) * price.output);
}

double most_usd(std::int64_t prompt_tokens, std::int64_t output_tokens, ModelPrice const& price) {
    auto dearest = price;
    dearest.input = std::max({ price.input, price.cache_read, price.cache_write });
    return cost_usd({ .input_tokens = prompt_tokens, .output_tokens = output_tokens }, dearest);
}

} // namespace convops
