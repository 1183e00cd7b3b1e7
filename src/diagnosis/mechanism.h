// How a change could have done it: read from what it changed, and looked for in what followed.
#pragma once

#include "diagnosis/hypotheses.h"

namespace convops {

enum class Mechanism : std::uint32_t {
    memory = 1U << 0U,
    connections = 1U << 1U,
    timeouts = 1U << 2U,
    throughput = 1U << 3U, // concurrency, capacity units, rate limits
    cpu = 1U << 4U,
    count = 1U << 5U, // tasks, instances, targets
    endpoint = 1U << 6U,
    credentials = 1U << 7U,
    permission = 1U << 8U,
    network = 1U << 9U,
    queue = 1U << 10U,
    code = 1U << 11U, // a new version of the program itself
    storage = 1U << 12U,
};

// From the difference and the name of the call; 0 when neither tells.
std::uint32_t mechanisms_of(ChangeReading const& change);

// One sign, after the change and where it could show, that a mechanism is at work.
struct Corroboration {
    Mechanism mechanism = Mechanism::code;
    Fact const* fact = nullptr;
    double log_odds = 0;
    std::string words; // "errors began", for the statement
    Time at {};
    Resource where;
    bool creeps = false; // a ramp, not a step
};
// Weaker the later it came and the less the change reaches there.
std::vector<Corroboration> corroborations(
    Context const& context, ChangeReading const& change, std::uint32_t mechanisms);

// "5 -> 2", "512 to 256": negative when every number pair in the text falls, positive when every one rises, else 0.
int direction_of_change(std::string_view what);

} // namespace convops
