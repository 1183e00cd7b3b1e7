// For this folder's tests: an Http that answers from a script, a clock that jumps, entropy that is a constant.
#pragma once

#include "adapters/aws/client.h"
#include "base/check.h"

#include <deque>
#include <mutex>

namespace convops::testing {

class ScriptedHttp : public Http {
public:
    // Answers in order; the last one answers for ever after.
    std::deque<Result<HttpResponse>> script;
    std::vector<HttpRequest> requests; // as sent
    std::vector<std::size_t> waves; // sizes
    std::function<Result<HttpResponse>(HttpRequest const&)> answer; // instead of the script

    Result<HttpResponse> send(HttpRequest const& request) override {
        return std::move(send_all(std::span(&request, 1)).front());
    }

    std::vector<Result<HttpResponse>> send_all(std::span<HttpRequest const> sent) override {
        std::scoped_lock const lock(mutex_);
        waves.push_back(sent.size());
        std::vector<Result<HttpResponse>> answers;
        for (auto const& request : sent) {
            requests.push_back(request);
            answers.push_back(answer ? answer(request) : next());
        }
        return answers;
    }

private:
    Result<HttpResponse> next() {
        CHECK(!script.empty());
        auto response = script.front();
        if (script.size() > 1)
            script.pop_front();
        return response;
    }

    std::mutex mutex_;
};

class JumpingClock : public Clock {
public:
    Time wall = time_from_seconds(1'795'000'000);
    std::chrono::nanoseconds steady { 0 };
    std::vector<Milliseconds> waits;

    [[nodiscard]] Time now() const override { return wall; }
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return steady; }
    void wait(Milliseconds duration) override {
        waits.push_back(duration);
        steady += duration;
        wall += duration;
    }
};

class ConstantEntropy : public Entropy {
public:
    std::uint64_t value = std::uint64_t { 1 } << 63; // one half
    std::uint64_t next() override { return value; }
};

inline HttpResponse response(int status, std::string body, HttpHeaders headers = {}) {
    return { status, std::move(headers), std::move(body) };
}

inline std::string header_of(HttpRequest const& request, std::string_view name) {
    for (auto const& header : request.headers)
        if (header.first == name)
            return header.second;
    return {};
}

struct Bench {
    ScriptedHttp http;
    JumpingClock clock;
    ConstantEntropy entropy;
    std::shared_ptr<Pace> pace = std::make_shared<Pace>();
    std::shared_ptr<CredentialSource> credentials = std::make_shared<FixedCredentials>(
        Credentials { "AKIDEXAMPLE", Secret("very-secret-access-key"), Secret("very-secret-token"), std::nullopt });

    AwsClient client(Access access = Access::read, Environment environment = {}) {
        auto configuration = AwsConfiguration::load(std::move(environment));
        CHECK(configuration.has_value());
        return AwsClient({ http, clock, entropy, std::make_shared<AwsConfiguration const>(*configuration),
            credentials, pace, access, "111122223333", "eu-west-1" });
    }
};

} // namespace convops::testing
