// Finds what is new in one series, as a stream: one set of parameters for every metric, no look-ahead, constant
// memory.
//
// Four views are compared with all that the series showed before: its level on four scales, its envelope, its
// roughness, and its bare value. Each says how rare its novelty is for this very series; their weighted mean is
// discounted by how long the series was watched and by how often it fired lately. What remains is told once an event.
// The design and what it was measured on: docs/decisions/0046-novelty-detector.md.
#pragma once

#include "base/result.h"
#include "watch/novelty.h"
#include "watch/rarity.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace convops {

// Fixed beforehand, for every metric: an anomaly is opened at this score. The only place that says so.
inline constexpr double anomaly_threshold = 0.5;

enum class DetectorState : std::uint8_t {
    learning, // too few points to call anything unusual
    watching,
};

struct DetectorReading {
    double score = 0; // 0..1; above 0 once an event, at the point that tells it
    DetectorState state = DetectorState::learning;
    double spreads_from_centre = 0; // of the value, robust; against the first points of the series
    bool value_is_new = false; // no such value before, even roughly
    bool level_is_new = false;
    bool envelope_is_new = false;
    bool roughness_is_new = false;

    [[nodiscard]] bool opens() const { return score >= anomaly_threshold; }
};

class Detector {
public:
    static constexpr int steps_per_unit
        = 12; // one unit is a robust spread near the centre, a factor of e far from it
    static constexpr std::uint32_t points_to_learn = 52;

    // invalid_input for what is no number; the state is then unchanged.
    Result<DetectorReading> read(double value);

    // Bytes with a version in front; restore() refuses another version or size.
    [[nodiscard]] std::vector<std::uint8_t> saved() const;
    static Result<Detector> restored(std::span<std::uint8_t const> bytes);

private:
    static constexpr std::size_t history = 128; // a power of two above the widest window
    static constexpr std::size_t delay = 32; // an anomaly is learned so many points later, not while it lasts
    static constexpr std::size_t warm_up_sample = 151;

    struct Features {
        Prototypes<4>::Point level {};
        Prototypes<2>::Point envelope {};
        Prototypes<2>::Point roughness {};
    };

    void fit_scale(double value);
    void measure_again(double old_centre, double old_spread);
    void take(double value, std::uint32_t known); // with so many points known before it
    [[nodiscard]] std::int32_t past(std::uint32_t back) const;
    [[nodiscard]] Features features() const;
    float judge(Features const& now, DetectorReading& reading);

    // No padding between them, so that equal states are equal bytes.
    double centre_ = 0;
    double spread_ = 1;
    double fired_ = 0;
    Prototypes<4> levels_;
    Prototypes<2> envelopes_;
    Prototypes<2> roughnesses_;
    Prototypes<1> values_;
    Rarity level_rarity_;
    Rarity envelope_rarity_;
    Rarity roughness_rarity_;
    Rarity value_rarity_;
    std::array<Features, delay> late_ {};
    std::array<std::int16_t, history> recent_ {};
    std::array<float, warm_up_sample> sample_ {};
    std::int32_t sum_short_ = 0;
    std::int32_t sum_middle_ = 0;
    std::int32_t sum_long_ = 0;
    std::int32_t sum_steps_ = 0;
    float last_peak_ = -9;
    std::uint32_t seen_ = 0;
    std::uint32_t sampled_ = 0;
};

std::string explain(DetectorReading const& reading);

// What one watched series costs.
inline constexpr std::size_t detector_bytes = sizeof(Detector);
static_assert(detector_bytes <= 4096, "the bound that docs/decisions/0046-novelty-detector.md promises");

} // namespace convops
