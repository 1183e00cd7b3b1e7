#include "adapters/clock/system_clock.h"

#include "base/check.h"

#include <openssl/rand.h>

#include <thread>

namespace convops {

Time SystemClock::now() const {
    return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

std::chrono::nanoseconds SystemClock::monotonic() const {
    return std::chrono::steady_clock::now().time_since_epoch();
}

void SystemClock::wait(Milliseconds duration) {
    if (duration > Milliseconds { 0 })
        std::this_thread::sleep_for(duration);
}

std::uint64_t SystemEntropy::next() {
    std::uint64_t value = 0;
    // A generator without entropy must not be replaced by a guessable number.
    CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(&value), sizeof value) == 1);
    return value;
}

} // namespace convops
