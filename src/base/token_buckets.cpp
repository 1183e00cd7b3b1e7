#include "base/token_buckets.h"

#include <algorithm>
#include <cmath>

namespace convops {

namespace {

constexpr std::chrono::seconds sweep_every { 1 }; // looking through all keys for each event would be an attack itself
std::string const everybody_else;

} // namespace

double TokenBuckets::tokens_at(Bucket const& bucket, Instant now) const {
    auto const seconds = std::chrono::duration<double>(std::max(now - bucket.at, Instant { 0 })).count();
    return std::min(rate_.burst, bucket.tokens + seconds * rate_.per_second);
}

TokenBuckets::Bucket& TokenBuckets::bucket_of(std::string const& key, Instant now) {
    auto const found = buckets_.find(key);
    if (found != buckets_.end())
        return found->second;
    if (buckets_.size() >= most_keys_ && (!swept_at_ || now - *swept_at_ >= sweep_every)) {
        swept_at_ = now;
        // A full bucket says nothing that a new one would not say.
        std::erase_if(buckets_, [&](auto const& each) { return tokens_at(each.second, now) >= rate_.burst; });
    }
    auto const& name = buckets_.size() >= most_keys_ ? everybody_else : key;
    return buckets_.try_emplace(name, Bucket { rate_.burst, now }).first->second;
}

std::optional<Seconds> TokenBuckets::take(std::string const& key, Instant now) {
    if (rate_.per_second <= 0)
        return std::nullopt;
    auto& bucket = bucket_of(key, now);
    bucket = { tokens_at(bucket, now), std::max(now, bucket.at) };
    if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return std::nullopt;
    }
    auto const seconds = std::ceil((1 - bucket.tokens) / rate_.per_second);
    return Seconds { std::max<std::int64_t>(1, static_cast<std::int64_t>(seconds)) };
}

} // namespace convops
