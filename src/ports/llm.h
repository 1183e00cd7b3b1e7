// A language model that rewrites words. It never decides anything: what it says is checked by wording/claims before a
// person reads it. Adapters: the Anthropic Messages API, and any endpoint that speaks OpenAI's chat completions.
#pragma once

#include "base/json.h"

namespace convops {

struct LlmRequest {
    std::string instructions; // the same from call to call, so that a provider can cache it
    std::string material; // this call's data; already redacted
    JsonObject answer_schema; // JSON Schema of the answer
    int most_output_tokens = 2'000;
    Milliseconds time_left { 20'000 }; // for all tries together
};

// What was used, failed tries included: a broken answer costs as much as a good one. The three kinds of input tokens
// are apart, as providers bill them apart; together they are the prompt.
struct LlmUsage {
    std::int64_t input_tokens = 0; // without those below
    std::int64_t cache_read_tokens = 0;
    std::int64_t cache_write_tokens = 0;
    std::int64_t output_tokens = 0;
    double usd = 0; // 0 where no price is known: see `priced`
    bool priced = false; // whether `usd` says anything; an own model has no price
    int calls = 0;

    [[nodiscard]] std::int64_t tokens() const {
        return input_tokens + cache_read_tokens + cache_write_tokens + output_tokens;
    }
};

struct LlmOutcome {
    // A JSON object. Errors: throttled (overload, rate limit), timeout, unavailable, access_denied (key), corrupt
    // (truncated stream, no JSON), invalid_input (refused by the model, or the request itself). An outcome whose call
    // was never made because a budget is used up is `conflict`, with the budget in words: nothing was spent.
    Result<Json> answer;
    LlmUsage usage;
    std::string model; // as the provider names it
};

class Llm {
public:
    virtual ~Llm() = default;
    virtual LlmOutcome ask(LlmRequest const& request) = 0;
    // An upper bound of what `request` may cost in dollars, for budgets: 0 where no price is known.
    [[nodiscard]] virtual double most_usd(LlmRequest const& request) const = 0;
    // An upper bound of the tokens that it may use, prompt and answer, all tries together.
    [[nodiscard]] virtual std::int64_t most_tokens(LlmRequest const& request) const = 0;
};

} // namespace convops
