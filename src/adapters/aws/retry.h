// How often, how soon and at what pace: retries, the retry budget and per-operation rates. Clock and randomness come
// in as values.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <map>
#include <mutex>
#include <optional>

namespace convops {

inline constexpr int most_tries = 4; // the first one included

// Full jitter: a uniform share of a ceiling that doubles per try.
// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
// nullopt: this kind of error is not worth another try.
std::optional<Milliseconds> back_off(ErrorKind kind, int tries_made, std::uint64_t random);

// What keeps a struggling service from being buried under retries. The numbers are those of the AWS SDKs' standard
// mode: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
class RetryBudget {
public:
    // The price paid, or nullopt when the budget is spent.
    std::optional<int> spend(ErrorKind kind);
    void give_back(int price); // after a success: what its retry cost, at least one
    [[nodiscard]] int left() const;

private:
    static constexpr int full = 500;
    static constexpr int price_of_retry = 5;
    static constexpr int price_of_timeout = 10;
    static constexpr int reward = 1;

    mutable std::mutex mutex_;
    int left_ = full;
};

// Token buckets by key ("account/region/service:operation"), shared by everything that reads the same account.
class Pace {
public:
    // When a request may go, as a delay from `now`; it is then taken. nullopt when that would be after `latest`, and
    // nothing is taken.
    std::optional<std::chrono::nanoseconds> reserve(
        std::string const& key, double per_second, std::chrono::nanoseconds now, std::chrono::nanoseconds latest);

private:
    static constexpr std::size_t most_keys = 100'000; // 1 000 accounts with every operation

    std::mutex mutex_;
    // The time at which the bucket would be empty of debt: one number says it all (GCRA).
    std::map<std::string, std::chrono::nanoseconds, std::less<>> due_;
};

} // namespace convops
