// The live AWS client behind port Aws. It sends what operations.cpp lists and its access allows, nothing else.
#pragma once

#include "adapters/aws/configuration.h"
#include "adapters/aws/credentials.h"
#include "adapters/aws/operations.h"
#include "adapters/aws/retry.h"
#include "ports/aws.h"
#include "ports/clock.h"
#include "ports/http.h"

#include <atomic>

namespace convops {

struct AwsClientParts {
    Http& http;
    Clock& clock;
    Entropy& entropy;
    std::shared_ptr<AwsConfiguration const> configuration;
    std::shared_ptr<CredentialSource> credentials; // nullptr: unsigned
    std::shared_ptr<Pace> pace;
    Access access = Access::read;
    std::string account; // may be empty
    std::string region;
};

class AwsClient : public Aws {
public:
    explicit AwsClient(AwsClientParts parts)
        : parts_(std::move(parts)) { }

    Result<Json> call(AwsCall const& call) override;
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override;
    [[nodiscard]] int calls_made() const override { return calls_made_; }
    [[nodiscard]] std::string account() const override { return parts_.account; }
    [[nodiscard]] std::string region() const override { return parts_.region; }

private:
    struct Attempt;

    Result<> prepare(Attempt& attempt, AwsCall const& call, std::chrono::nanoseconds now);
    Result<> take_slot(Attempt& attempt, std::chrono::nanoseconds now);
    void send_wave(std::span<Attempt* const> wave);
    Result<HttpRequest> signed_request(Attempt const& attempt, std::optional<Credentials> const& credentials);
    void settle(
        Attempt& attempt, Result<HttpResponse> const& response, std::optional<Credentials> const& credentials);
    void fail(Attempt& attempt, Error const& error);
    bool may_repeat_at_once(Attempt& attempt, HttpResponse const& response);

    AwsClientParts parts_;
    RetryBudget budget_;
    std::atomic<int> calls_made_ = 0;
    std::atomic<std::int64_t> clock_offset_ms_ = 0; // AWS's clock minus ours, once it mattered
};

} // namespace convops
