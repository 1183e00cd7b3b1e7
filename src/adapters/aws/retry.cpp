#include "adapters/aws/retry.h"

#include <algorithm>

namespace convops {

namespace {

constexpr Milliseconds transient_base { 50 };
constexpr Milliseconds throttle_base { 500 }; // Most AWS rates refill by the second.
constexpr Milliseconds longest { 20'000 };

} // namespace

std::optional<Milliseconds> back_off(ErrorKind kind, int tries_made, std::uint64_t random) {
    bool const may_pass
        = kind == ErrorKind::throttled || kind == ErrorKind::unavailable || kind == ErrorKind::timeout;
    if (!may_pass || tries_made >= most_tries)
        return std::nullopt;
    auto const base = kind == ErrorKind::throttled ? throttle_base : transient_base;
    auto const ceiling = std::min(longest, base * (1 << std::min(tries_made, 10)));
    auto const share = static_cast<double>(random >> 11) / static_cast<double>(std::uint64_t { 1 } << 53);
    return Milliseconds { static_cast<std::int64_t>(static_cast<double>(ceiling.count()) * share) };
}

std::optional<int> RetryBudget::spend(ErrorKind kind) {
    auto const price = kind == ErrorKind::timeout ? price_of_timeout : price_of_retry;
    std::scoped_lock const lock(mutex_);
    if (left_ < price)
        return std::nullopt;
    left_ -= price;
    return price;
}

void RetryBudget::give_back(int price) {
    std::scoped_lock const lock(mutex_);
    left_ = std::min(full, left_ + std::max(price, reward));
}

int RetryBudget::left() const {
    std::scoped_lock const lock(mutex_);
    return left_;
}

std::optional<std::chrono::nanoseconds> Pace::reserve(
    std::string const& key, double per_second, std::chrono::nanoseconds now, std::chrono::nanoseconds latest) {
    using Nanoseconds = std::chrono::nanoseconds;
    if (per_second <= 0)
        return Nanoseconds { 0 };
    constexpr Nanoseconds burst { 1'000'000'000 }; // One second's worth may go at once.
    Nanoseconds const step { static_cast<std::int64_t>(1e9 / per_second) };
    std::scoped_lock const lock(mutex_);
    if (due_.size() >= most_keys && !due_.contains(key))
        std::erase_if(due_, [&](auto const& entry) { return entry.second <= now; });
    auto const [at, is_new] = due_.try_emplace(key, now);
    auto const due = std::max(at->second, now) + step; // when the bucket is full again, this request taken
    auto const allowed_at = std::max(now, due - std::max(burst, step));
    if (allowed_at > latest)
        return std::nullopt;
    at->second = due;
    return allowed_at - now;
}

} // namespace convops
