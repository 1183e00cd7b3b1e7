#include "adapters/llm/tries.h"

#include "adapters/aws/retry.h"
#include "base/text.h"

#include <charconv>

namespace convops {

namespace {

constexpr std::size_t most_stream_bytes = std::size_t { 4 } << 20; // Each token comes in some 150 bytes of event.
constexpr Milliseconds least_time_for_a_try { 1'000 };
constexpr Milliseconds longest_connect { 3'000 };
constexpr std::int64_t most_seconds_to_wait = 3'600;

struct Try {
    ModelReply reply;
    bool may_pass = false; // another try may succeed
    bool silent = false; // no answer began: whether it was billed is not known
    std::optional<Milliseconds> wait; // as the provider wished
};

// Whole seconds only. The other form, a date, would need the provider's clock to be ours.
std::optional<Milliseconds> wished_wait(HttpResponse const& response) {
    auto const text = response.header("retry-after");
    std::int64_t seconds = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (text.empty() || error != std::errc {} || end != text.data() + text.size() || seconds < 0)
        return std::nullopt;
    return Milliseconds { 1'000 * std::min(seconds, most_seconds_to_wait) };
}

HttpRequest http_request(ModelEndpoint const& endpoint, ModelProtocol const& protocol, Milliseconds time) {
    HttpRequest out { .method = "POST", .url = endpoint.url, .headers = endpoint.headers, .body = protocol.body };
    out.headers.emplace_back("content-type", "application/json");
    if (!endpoint.key_header.empty() && !endpoint.key.empty())
        out.headers.emplace_back(endpoint.key_header, endpoint.key_prefix + endpoint.key.reveal());
    out.timeout = time;
    out.connect_timeout = std::min(time, longest_connect);
    out.idle_timeout = std::min(time, endpoint.idle_timeout);
    out.most_response_bytes = most_stream_bytes;
    out.resend = HttpRequest::Resend::once; // Each copy would be billed.
    return out;
}

Try one_try(LlmRequest const& request, ModelEndpoint const& endpoint, ModelProtocol const& protocol, Http& http,
    Milliseconds time) {
    auto reading = protocol.read();
    auto sending = http_request(endpoint, protocol, time);
    bool fed = false;
    sending.on_bytes = [&](int status, std::string_view piece) {
        if (status != 200)
            return HttpRequest::Flow::more; // an error; read as a whole below
        fed = true;
        return reading.feed(piece) ? HttpRequest::Flow::more : HttpRequest::Flow::stop;
    };
    auto const response = http.send(sending);
    Try out;
    if (response && response->status != 200) {
        auto refusal = protocol.refusal(*response, endpoint.key.reveal());
        out.reply.answer = std::move(refusal.error);
        out.may_pass = refusal.may_pass;
        out.wait = wished_wait(*response);
        return out;
    }
    if (response && !fed)
        reading.feed(response->body); // a client that does not show bytes as they come
    out.reply = reading.reply();
    if (!response && !fed) { // nothing of an answer came
        out.reply.answer = response.error().with_context("the model");
        out.silent = response.error().kind == ErrorKind::timeout;
        out.may_pass = out.silent || response.error().kind == ErrorKind::unavailable;
    } else if (!response && response.error().kind == ErrorKind::timeout && !out.reply.answer) {
        out.reply.answer = Error { ErrorKind::timeout, "the model fell silent in the middle of its answer" };
    }
    // Billed without a report, as far as we can tell: better counted too high than not at all.
    if ((response || fed || out.silent) && out.reply.usage.tokens() == 0) {
        out.reply.usage.input_tokens = likely_tokens_of(request);
        if (out.reply.answer)
            out.reply.usage.output_tokens = likely_tokens_of(to_text(*out.reply.answer).size());
    }
    return out;
}

void add(LlmUsage& sum, LlmUsage const& one, std::optional<ModelPrice> const& price) {
    sum.input_tokens += one.input_tokens;
    sum.cache_read_tokens += one.cache_read_tokens;
    sum.cache_write_tokens += one.cache_write_tokens;
    sum.output_tokens += one.output_tokens;
    sum.usd += price ? cost_usd(one, *price) : 0;
    sum.priced = price.has_value();
    ++sum.calls;
}

} // namespace

LlmOutcome ask_with_tries(LlmRequest const& request, ModelEndpoint const& endpoint, ModelProtocol const& protocol,
    Http& http, Clock& clock, Entropy& entropy) {
    auto const deadline = clock.monotonic() + request.time_left;
    auto const left = [&] { return std::chrono::duration_cast<Milliseconds>(deadline - clock.monotonic()); };
    LlmOutcome outcome { Error { ErrorKind::timeout, "no time is left to ask the model" }, {}, endpoint.model };
    int silent_tries = 0;
    for (int tries = 1; tries <= most_model_tries && left().count() > 0; ++tries) {
        auto tried = one_try(request, endpoint, protocol, http, left());
        add(outcome.usage, tried.reply.usage, endpoint.price);
        outcome.answer = std::move(tried.reply.answer);
        if (!tried.reply.model.empty())
            outcome.model = tried.reply.model;
        silent_tries += tried.silent ? 1 : 0;
        if (outcome.answer || !tried.may_pass || silent_tries >= most_paid_tries)
            break;
        auto const own = back_off(outcome.answer.error().kind, tries, entropy.next());
        auto const wait = tried.wait ? std::max(*tried.wait, own.value_or(Milliseconds { 0 })) : own;
        if (!wait || tries == most_model_tries || *wait + least_time_for_a_try > left())
            break;
        clock.wait(*wait);
    }
    return outcome;
}

} // namespace convops
