// Where credentials come from. Sources are asked before every wave of requests and cache what they hold.
#pragma once

#include "adapters/aws/configuration.h"
#include "adapters/aws/secret.h"
#include "ports/clock.h"
#include "ports/http.h"

#include <memory>
#include <mutex>

namespace convops {

class CredentialSource {
public:
    virtual ~CredentialSource() = default;
    virtual Result<Credentials> get() = 0; // thread-safe
    virtual void forget() { } // AWS said that they have expired
};

class FixedCredentials : public CredentialSource {
public:
    explicit FixedCredentials(Credentials credentials)
        : credentials_(std::move(credentials)) { }
    Result<Credentials> get() override { return credentials_; }

private:
    Credentials credentials_;
};

// Asks `fetch` again when the credentials it gave are about to expire. One thread asks, the others wait for it. A
// failure stands for a few seconds: sixty calls without credentials must not ask sixty times.
class RefreshedCredentials : public CredentialSource {
public:
    using Fetch = std::function<Result<Credentials>()>;
    RefreshedCredentials(Clock& clock, Fetch fetch)
        : clock_(clock)
        , fetch_(std::move(fetch)) { }
    Result<Credentials> get() override;
    void forget() override;

private:
    static constexpr Seconds refreshed_before { 120 }; // A session of 900 s serves 780 s.
    static constexpr Seconds failure_stands { 5 };

    Clock& clock_;
    Fetch fetch_;
    std::mutex mutex_;
    std::optional<Credentials> held_;
    std::optional<Error> failure_;
    std::chrono::nanoseconds failed_at_ { 0 };
};

// {"AccessKeyId","SecretAccessKey","Token","Expiration"}, as the container and instance endpoints write it.
Result<Credentials> credentials_from_json(std::string_view text);

// The container's credentials endpoint, as ECS and EKS set it.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
Result<Credentials> fetch_container_credentials(Http& http, AwsConfiguration const& configuration);

// The instance metadata service, version 2 alone.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
Result<Credentials> fetch_instance_credentials(Http& http, AwsConfiguration const& configuration);

} // namespace convops
