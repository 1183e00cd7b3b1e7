// How often something may happen, for each of many keys (an address, a connection): a bucket that fills at a rate and
// from which each event takes one token. Bounded memory: keys beyond the bound share one bucket. Time is given.
#pragma once

#include "base/time.h"

#include <map>
#include <optional>
#include <string>

namespace convops {

struct Rate {
    double per_second = 0; // 0: no limit
    double burst = 1; // tokens of a full bucket
};

class TokenBuckets {
public:
    using Instant = std::chrono::nanoseconds; // monotonic

    explicit TokenBuckets(Rate rate, std::size_t most_keys = 10'000)
        : rate_(rate)
        , most_keys_(most_keys) { }

    // Takes a token; when there is none, how long until there is one, at least a second.
    std::optional<Seconds> take(std::string const& key, Instant now);
    [[nodiscard]] std::size_t size() const { return buckets_.size(); }

private:
    struct Bucket {
        double tokens = 0;
        Instant at {};
    };
    Bucket& bucket_of(std::string const& key, Instant now);
    [[nodiscard]] double tokens_at(Bucket const& bucket, Instant now) const;

    Rate rate_;
    std::size_t most_keys_;
    std::map<std::string, Bucket> buckets_;
    std::optional<Instant> swept_at_;
};

} // namespace convops
