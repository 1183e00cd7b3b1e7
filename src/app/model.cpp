#include "app/model.h"

#include "adapters/llm/anthropic.h"
#include "adapters/llm/openai_compatible.h"

namespace convops {

namespace {

// Quick, careful with what it is given, and good in every language of the catalogue; a rewrite needs no more.
// https://platform.claude.com/docs/en/about-claude/models/overview
constexpr std::string_view default_anthropic_model = "claude-sonnet-5-5";
constexpr std::string_view anthropic_url = "https://api.anthropic.com";

std::optional<ModelPrice> price_from(Settings::Model const& model) {
    ModelPrice const price { .input = model.usd_per_million_input,
        .output = model.usd_per_million_output,
        .cache_read = model.usd_per_million_cache_read,
        .cache_write = model.usd_per_million_cache_write };
    bool const said = price.input + price.output + price.cache_read + price.cache_write > 0;
    return said ? std::optional(price) : std::nullopt;
}

} // namespace

std::string model_url_of(Settings const& settings, EnvironmentLookup const& environment) {
    auto const& model = settings.model;
    if (model.provider.empty())
        return {};
    auto const override = environment("CONVOPS_ANTHROPIC_URL");
    auto url = model.base_url;
    if (model.provider == "anthropic") {
        if (override && !override->empty())
            url = *override;
        else if (url.empty())
            url = anthropic_url;
    }
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

Milliseconds model_time(Settings const& settings) {
    return Milliseconds { 1'000 * settings.model.timeout_seconds };
}

Result<> check_model_secret(Settings const& settings, EnvironmentLookup const& environment) {
    if (!settings.model.provider.empty())
        static_cast<void>(TRY(read_secret(settings.model.api_key_env, settings.model.api_key_file, environment)
                .with_context("the model's key")));
    return {};
}

Result<std::unique_ptr<Llm>> model_from(
    Settings const& settings, Http& http, Clock& clock, Entropy& entropy, EnvironmentLookup const& environment) {
    auto const& model = settings.model;
    if (model.provider.empty())
        return std::unique_ptr<Llm>();
    Secret key { TRY(
        read_secret(model.api_key_env, model.api_key_file, environment).with_context("the model's key")) };
    auto const url = model_url_of(settings, environment);
    if (model.provider == "anthropic") {
        AnthropicOptions options { .base_url = url,
            .key = std::move(key),
            .model = model.model.empty() ? std::string(default_anthropic_model) : model.model,
            .price = price_from(model) };
        return std::unique_ptr<Llm>(std::make_unique<AnthropicLlm>(std::move(options), http, clock, entropy));
    }
    OpenAiCompatibleOptions options {
        .base_url = url, .key = std::move(key), .model = model.model, .price = price_from(model)
    };
    return std::unique_ptr<Llm>(std::make_unique<OpenAiCompatibleLlm>(std::move(options), http, clock, entropy));
}

} // namespace convops
