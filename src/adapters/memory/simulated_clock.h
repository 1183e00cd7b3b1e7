// Time and randomness that a test decides: the clock stands still until somebody moves it, the dice start from a
// seed.
#pragma once

#include "ports/clock.h"

#include <mutex>

namespace convops {

class SimulatedClock final : public Clock {
public:
    explicit SimulatedClock(Time start)
        : now_(start) { }

    [[nodiscard]] Time now() const override {
        std::scoped_lock const lock(mutex_);
        return now_;
    }
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override {
        std::scoped_lock const lock(mutex_);
        return monotonic_;
    }
    // Returns at once; only the clock has moved.
    void wait(Milliseconds duration) override { advance(duration); }

    void advance(Milliseconds duration) {
        std::scoped_lock const lock(mutex_);
        now_ += duration;
        monotonic_ += duration;
    }
    // The wall clock is set, as NTP or an operator does; monotonic time goes on undisturbed.
    void set(Time time) {
        std::scoped_lock const lock(mutex_);
        now_ = time;
    }

private:
    mutable std::mutex mutex_;
    Time now_;
    std::chrono::nanoseconds monotonic_ { 0 };
};

// SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every machine, unlike std::uniform_int_distribution.
class SeededEntropy final : public Entropy {
public:
    explicit SeededEntropy(std::uint64_t seed)
        : state_(seed) { }

    std::uint64_t next() override {
        std::scoped_lock const lock(mutex_);
        state_ += 0x9E3779B97F4A7C15ULL;
        auto z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    // 0 .. bound - 1; the tiny bias does not matter to a test.
    std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
    bool chance(int percent) { return below(100) < static_cast<std::uint64_t>(percent); }

private:
    std::mutex mutex_;
    std::uint64_t state_;
};

} // namespace convops
