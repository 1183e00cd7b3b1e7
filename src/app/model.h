// The language model that the settings name, and what the outside must allow for it. Without a provider there is
// none, and words come from templates.
#pragma once

#include "app/settings.h"
#include "ports/clock.h"
#include "ports/http.h"
#include "ports/llm.h"

namespace convops {

// nullptr when no provider is configured. not_found names a secret that is missing.
Result<std::unique_ptr<Llm>> model_from(
    Settings const& settings, Http& http, Clock& clock, Entropy& entropy, EnvironmentLookup const& environment);

// Whether the model's secret is there, without using it. For --check-config.
Result<> check_model_secret(Settings const& settings, EnvironmentLookup const& environment);

// Where the model is asked; "" without a provider. CONVOPS_ANTHROPIC_URL comes first, for tests.
std::string model_url_of(Settings const& settings, EnvironmentLookup const& environment);

// How long one question may take, every try together.
Milliseconds model_time(Settings const& settings);

} // namespace convops
