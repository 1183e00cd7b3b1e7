// One question to a model, in as many tries as its time and the provider allow. Both adapters ask through this.
#pragma once

#include "adapters/aws/secret.h"
#include "adapters/llm/prices.h"
#include "ports/clock.h"

namespace convops {

struct ModelEndpoint {
    std::string url;
    HttpHeaders headers; // without the key
    std::string key_header; // "x-api-key"; "" when no key is sent
    std::string key_prefix; // "Bearer "
    Secret key;
    std::string model;
    std::optional<ModelPrice> price;
    Milliseconds idle_timeout { 10'000 }; // silence before and between the bytes of the answer
};

// How one provider's answers are read. A fresh `read` per try.
struct ModelProtocol {
    struct Reading {
        std::function<bool(std::string_view piece)> feed; // false: nothing more is wanted
        std::function<ModelReply()> reply;
    };
    std::string body;
    std::function<Reading()> read;
    std::function<ModelRefusal(HttpResponse const&, std::string_view secret)> refusal;
};

inline constexpr int most_model_tries = 3;
// Tries that can have a price: an overload or a limit is told before anything is read, so at most one silent try and
// its repetition cost anything.
inline constexpr int most_paid_tries = 2;

LlmOutcome ask_with_tries(LlmRequest const& request, ModelEndpoint const& endpoint, ModelProtocol const& protocol,
    Http& http, Clock& clock, Entropy& entropy);

} // namespace convops
