#include "adapters/aws/client.h"

#include "adapters/aws/endpoints.h"
#include "adapters/aws/errors.h"
#include "adapters/aws/protocols.h"
#include "adapters/aws/sigv4.h"
#include "base/text.h"

namespace convops {

namespace {

constexpr std::chrono::milliseconds longest_try { 10'000 };
constexpr std::chrono::milliseconds longest_connect { 3'000 };
constexpr std::size_t most_calls_in_wave = 256; // GetMetricData of a large account is 40 pages; this bounds memory

// A long poll is answered when its wait is over, not before.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
std::chrono::milliseconds longest_try_of(JsonObject const& params) {
    auto const wait = integer_at(Json(params), "WaitTimeSeconds").value_or(0);
    return longest_try + Seconds { std::clamp<std::int64_t>(wait, 0, 20) };
}

std::chrono::milliseconds rounded_up(std::chrono::nanoseconds duration) {
    return std::chrono::ceil<std::chrono::milliseconds>(duration);
}

} // namespace

// One call on its way through its tries.
struct AwsClient::Attempt {
    std::string name; // "ecs:DescribeServices", for errors
    AwsService const* service = nullptr;
    AwsOperation const* operation = nullptr;
    AwsEndpoint endpoint;
    WireRequest wire;
    std::string pace_key;
    std::chrono::nanoseconds deadline { 0 };
    std::chrono::nanoseconds not_before { 0 };
    Milliseconds longest_try { 0 };
    int tries = 0;
    int retry_price = 0;
    bool clock_corrected = false;
    bool credentials_renewed = false;
    std::optional<Result<Json>> answer;
};

Result<> AwsClient::prepare(Attempt& attempt, AwsCall const& call, std::chrono::nanoseconds now) {
    attempt.name = call.name();
    attempt.service = find_aws_service(call.service);
    if (attempt.service != nullptr)
        attempt.operation = find_aws_operation(*attempt.service, call.operation);
    if (attempt.operation == nullptr)
        return Error { ErrorKind::invalid_input, "not in the table of operations (src/adapters/aws/operations.cpp)" };
    if (attempt.operation->access != parts_.access)
        return Error { ErrorKind::invalid_input,
            "this client may only " + std::string(to_string(parts_.access)) + ", and the operation is for "
                + std::string(to_string(attempt.operation->access)) };
    auto const region = call.region.empty() ? parts_.region : call.region;
    attempt.endpoint = TRY(endpoint_of(*attempt.service, region, *parts_.configuration));
    attempt.wire = TRY(write_request(*attempt.service, *attempt.operation, call.params));
    attempt.pace_key = parts_.account + "/" + attempt.endpoint.region + "/" + attempt.name;
    attempt.deadline = now + call.time_left;
    attempt.longest_try = longest_try_of(call.params);
    return take_slot(attempt, now);
}

Result<> AwsClient::take_slot(Attempt& attempt, std::chrono::nanoseconds now) {
    auto const rate = attempt.operation->per_second > 0 ? attempt.operation->per_second : attempt.service->per_second;
    if (attempt.deadline <= now)
        return Error { ErrorKind::timeout, "no time left" };
    auto const earliest = std::max(now, attempt.not_before);
    if (attempt.endpoint.is_loopback) {
        attempt.not_before = earliest;
        return {};
    }
    auto const delay = parts_.pace->reserve(attempt.pace_key, rate, earliest, attempt.deadline);
    if (!delay)
        return Error { ErrorKind::throttled,
            "not sent: AWS allows " + format_number(rate) + " a second, and no slot is free in the time left" };
    attempt.not_before = earliest + *delay;
    return {};
}

Result<Json> AwsClient::call(AwsCall const& call) {
    return std::move(call_all(std::span(&call, 1)).front());
}

std::vector<Result<Json>> AwsClient::call_all(std::span<AwsCall const> calls) {
    std::vector<Attempt> attempts(calls.size());
    auto const start = parts_.clock.monotonic();
    for (std::size_t i = 0; i < calls.size(); ++i)
        if (auto const prepared = prepare(attempts[i], calls[i], start); !prepared)
            fail(attempts[i], prepared.error());
    auto now = start;
    while (true) {
        std::vector<Attempt*> wave;
        for (auto& attempt : attempts)
            if (!attempt.answer)
                wave.push_back(&attempt);
        if (wave.empty())
            break;
        // Those that may go now, or else those that may go first.
        auto const first = std::ranges::min(wave, {}, &Attempt::not_before)->not_before;
        if (first > now)
            parts_.clock.wait(rounded_up(first - now));
        auto const ready = std::max(first, now);
        std::erase_if(wave, [&](Attempt const* attempt) { return attempt->not_before > ready; });
        wave.resize(std::min(wave.size(), most_calls_in_wave));
        send_wave(wave);
        now = std::max(ready, parts_.clock.monotonic());
    }
    std::vector<Result<Json>> answers;
    answers.reserve(attempts.size());
    for (auto& attempt : attempts)
        answers.push_back(std::move(*attempt.answer));
    return answers;
}

void AwsClient::send_wave(std::span<Attempt* const> wave) {
    std::optional<Credentials> credentials;
    if (parts_.credentials != nullptr) {
        auto got = parts_.credentials->get();
        if (!got) {
            for (auto* attempt : wave)
                fail(*attempt, got.error());
            return;
        }
        credentials = *std::move(got);
    }
    std::vector<HttpRequest> requests;
    std::vector<Attempt*> sent;
    for (auto* attempt : wave) {
        auto request = signed_request(*attempt, credentials);
        if (!request) {
            fail(*attempt, request.error());
            continue;
        }
        ++attempt->tries;
        requests.push_back(*std::move(request));
        sent.push_back(attempt);
    }
    if (sent.empty())
        return;
    calls_made_ += static_cast<int>(sent.size());
    auto const responses = parts_.http.send_all(requests);
    for (std::size_t i = 0; i < sent.size(); ++i)
        settle(*sent[i], responses[i], credentials);
}

Result<HttpRequest> AwsClient::signed_request(Attempt const& attempt, std::optional<Credentials> const& credentials) {
    auto const time_left = rounded_up(attempt.deadline - parts_.clock.monotonic());
    if (time_left <= Milliseconds { 0 })
        return Error { ErrorKind::timeout, "no time left" };
    HttpRequest request;
    request.method = attempt.wire.method;
    request.timeout = std::min<Milliseconds>(time_left, attempt.longest_try);
    request.connect_timeout = std::min<Milliseconds>(time_left, longest_connect);
    request.headers = attempt.wire.headers;
    request.body = attempt.wire.body;
    auto const path = attempt.endpoint.base_path + attempt.wire.path;
    request.url = attempt.endpoint.url + path + (attempt.wire.query.empty() ? "" : "?" + attempt.wire.query);
    if (!credentials)
        return request;
    sigv4::Request to_sign { request.method, path, attempt.wire.query, request.headers, request.body };
    to_sign.headers.emplace_back("Host", attempt.endpoint.authority);
    sigv4::Options options;
    options.region = attempt.endpoint.region;
    options.service = attempt.service->signing_name.empty() ? attempt.service->name : attempt.service->signing_name;
    options.at = parts_.clock.now() + Milliseconds { clock_offset_ms_.load() };
    options.path_as_sent = options.content_hash_header = attempt.service->name == "s3";
    auto signature = sigv4::sign(to_sign, *credentials, options);
    for (auto& header : signature.headers)
        request.headers.push_back(std::move(header));
    return request;
}

void AwsClient::settle(
    Attempt& attempt, Result<HttpResponse> const& response, std::optional<Credentials> const& credentials) {
    if (response && response->status >= 200 && response->status < 300) {
        budget_.give_back(attempt.retry_price);
        auto answer = read_answer(*attempt.service, *attempt.operation, *response);
        attempt.answer = answer ? std::move(answer) : Result<Json>(answer.error().with_context(attempt.name));
        return;
    }
    Error error;
    if (response) {
        auto refusal = read_refusal(*response);
        error = std::move(refusal.error);
        if ((refusal.clock_is_off || refusal.session_ended) && may_repeat_at_once(attempt, *response))
            return;
    } else {
        error = response.error();
    }
    if (credentials)
        error.message = without_secrets(std::move(error.message), *credentials);
    auto const wait = back_off(error.kind, attempt.tries, parts_.entropy.next());
    auto const now = parts_.clock.monotonic();
    if (!wait || now + *wait >= attempt.deadline)
        return fail(attempt, std::move(error));
    auto const price = budget_.spend(error.kind);
    if (!price)
        return fail(attempt, std::move(error));
    attempt.retry_price = *price;
    attempt.not_before = now + *wait;
    if (!take_slot(attempt, now))
        fail(attempt, std::move(error)); // What AWS said is worth more than that our own pace leaves no slot.
}

// Two refusals have a cure that needs no waiting, each tried once: sign with AWS's time, or with fresh credentials.
bool AwsClient::may_repeat_at_once(Attempt& attempt, HttpResponse const& response) {
    auto const refusal = read_refusal(response);
    if (refusal.clock_is_off && !attempt.clock_corrected) {
        auto const theirs = parse_http_date(response.header("date"));
        if (!theirs)
            return false;
        clock_offset_ms_ = (*theirs - parts_.clock.now()).count();
        attempt.clock_corrected = true;
        return true;
    }
    if (refusal.session_ended && !attempt.credentials_renewed && parts_.credentials != nullptr) {
        parts_.credentials->forget();
        attempt.credentials_renewed = true;
        return true;
    }
    return false;
}

void AwsClient::fail(Attempt& attempt, Error const& error) {
    auto const suffix = attempt.tries > 1 ? " (after " + std::to_string(attempt.tries) + " tries)" : "";
    attempt.answer = Error { error.kind, attempt.name + ": " + error.message + suffix };
}

} // namespace convops
