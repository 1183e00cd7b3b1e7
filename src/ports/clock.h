// Time and randomness are ports: nothing else reads a clock.
#pragma once

#include "base/time.h"

#include <span>

namespace convops {

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Time now() const = 0; // wall clock
    [[nodiscard]] virtual std::chrono::nanoseconds monotonic() const = 0; // since an arbitrary start; for durations
    virtual void wait(Milliseconds duration) = 0; // returns later, or at once in a simulation
};

class Entropy {
public:
    virtual ~Entropy() = default;
    virtual std::uint64_t next() = 0; // uniform; cryptographic in the real adapter
};

} // namespace convops
