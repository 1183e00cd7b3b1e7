// Outgoing HTTP. One request at a time, or many at once.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <functional>
#include <span>
#include <vector>

namespace convops {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method = "GET";
    std::string url;
    HttpHeaders headers;
    std::string body;
    Milliseconds timeout { 10'000 }; // of the whole exchange
    Milliseconds connect_timeout { 3'000 };
    std::size_t most_response_bytes = std::size_t { 8 } << 20;
    // A client may send a request again by itself when a kept connection drops before the first byte of the answer.
    // `once`: on the wire at most once, for what must not happen twice and has no idempotency key (a chat message).
    enum class Resend : std::uint8_t { allowed, once };
    Resend resend = Resend::allowed;
    // The longest silence before and between the bytes of the answer, for answers that are streamed; zero: no rule
    // but `timeout`. Its end is the error `timeout`.
    Milliseconds idle_timeout { 0 };
    // Sees the body piece by piece as it comes, within most_response_bytes. `stop` ends the exchange, and what came
    // so far is the answer. Called on the client's own thread, so it must be quick and must not call the client; it
    // is never called again once send() has returned.
    enum class Flow : std::uint8_t { more, stop };
    std::function<Flow(int status, std::string_view piece)> on_bytes;
};

struct HttpResponse {
    int status = 0;
    HttpHeaders headers; // names in lower case
    std::string body;

    [[nodiscard]] std::string header(std::string_view lower_case_name) const; // first value, or ""
};

class Http {
public:
    virtual ~Http() = default;
    // Any status is a value. Errors: timeout, unavailable (no connection), invalid_input (bad URL), corrupt (too
    // large).
    virtual Result<HttpResponse> send(HttpRequest const& request) = 0;
    // All at the same time; answers in the order of the requests.
    virtual std::vector<Result<HttpResponse>> send_all(std::span<HttpRequest const> requests) = 0;
};

} // namespace convops
