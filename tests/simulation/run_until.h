// Simulated time that goes by: what is due is done, then the clock jumps to what is due next.
#pragma once

#include "adapters/memory/simulated_clock.h"
#include "app/outbox.h"
#include "base/check.h"

#include <memory>

namespace convops {

// `settle` does everything that is due now; a crash within it makes another worker.
template <class Settle>
void run_until(Time until, SimulatedClock& clock, std::unique_ptr<OutboxWorker> const& outbox, Settle const& settle) {
    constexpr int most_passes = 100'000;
    for (int i = 0; i < most_passes; ++i) {
        settle();
        auto const next = outbox->next_due();
        CHECK(next.has_value());
        if (!*next || **next > until) {
            if (clock.now() < until)
                clock.advance(until - clock.now());
            return;
        }
        if (**next > clock.now())
            clock.advance(**next - clock.now());
    }
    CHECK(false);
}

} // namespace convops
