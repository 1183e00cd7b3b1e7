// The real clock and real randomness. The only place that reads either.
#pragma once

#include "ports/clock.h"

namespace convops {

class SystemClock : public Clock {
public:
    [[nodiscard]] Time now() const override;
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override;
    void wait(Milliseconds duration) override;
};

// OpenSSL's generator: fit for session ids and tokens. Thread-safe.
class SystemEntropy : public Entropy {
public:
    std::uint64_t next() override;
};

} // namespace convops
