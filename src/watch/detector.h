// Finds what is new in one series, as a stream: one set of parameters for every metric, no look-ahead, constant
// memory.
//
// Four views are compared with all that the series showed before: its level on four scales, its envelope, its
// roughness, and its bare value. Each says how rare its novelty is for this very series; their weighted mean is
// discounted by how long the series was watched and by how often it fired lately. What remains is told once an event.
// Beside them a baseline learns what is usual at this time and when points come.
// The design and what it was measured on: docs/decisions/0046-novelty-detector.md.
#pragma once

#include "watch/baseline.h"
#include "watch/novelty.h"
#include "watch/rarity.h"

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
    Time at {};
    double value = 0; // what was judged: of a counter its growth within a period
    bool of_counter = false;
    bool value_is_new = false; // no such value before, even roughly
    bool level_is_new = false;
    bool envelope_is_new = false;
    bool roughness_is_new = false;

    // Only where the score is above 0.
    Usual usual; // at this time, before this point
    double spreads_from_usual = 0; // signed
    Without without; // a value so far from the usual
    Milliseconds history {}; // how long the series was watched
    std::optional<Silence> silence; // it is the absence of points that is told

    [[nodiscard]] bool opens() const { return score >= anomaly_threshold; }
};

class Detector {
public:
    static constexpr int steps_per_unit
        = 12; // one unit is a robust spread near the centre, a factor of e far from it
    static constexpr std::uint32_t points_to_learn
        = 102; // 52 until the scale stands, 50 until rarity means something

    // invalid_input for what is no number; the state is then unchanged. Points come in order; one that is not later
    // than the last is judged as the next and teaches nothing about time.
    Result<DetectorReading> read(Time at, double value);

    // Everything until `now` was asked for, and nothing came: whether that is unusual. Told once; the next point ends
    // it.
    DetectorReading silent(Time now);

    [[nodiscard]] Baseline const& baseline() const { return baseline_; }

    // Bytes with a version in front; restored() refuses another version or size, and what can not be.
    [[nodiscard]] std::vector<std::uint8_t> saved() const;
    static Result<Detector> restored(std::span<std::uint8_t const> bytes);

private:
    static constexpr std::size_t history = 128; // a power of two above the widest window
    static constexpr std::size_t delay = 32; // an anomaly is learned so many points later, not while it lasts
    static constexpr std::size_t warm_up_sample = 151;

    enum class Kind : std::uint8_t { not_known, gauge, counter };

    struct Features {
        Prototypes<4>::Point level {};
        Prototypes<2>::Point envelope {};
        Prototypes<2>::Point roughness {};
    };

    // Bits of those of the late features that are known already, so that learning them would change nothing.
    struct Known {
        std::uint32_t levels = 0;
        std::uint32_t envelopes = 0;
        std::uint32_t roughnesses = 0;
    };

    void start_again(Kind kind);
    double judged_value(Time at, double value);
    [[nodiscard]] double growth(Time at, double grown) const;
    void fit_scale(double value);
    void estimate_scale();
    void measure_again(double old_centre, double old_spread);
    void take(double value, std::uint32_t known); // with so many points known before it
    void follow_envelope(std::int16_t now, std::uint32_t known);
    [[nodiscard]] std::int32_t past(std::uint32_t back) const;
    [[nodiscard]] Features features() const;
    float judge(Features const& now, DetectorReading& reading);
    void notice_gap(Time at);
    [[nodiscard]] bool only_after_gap(DetectorReading const& reading) const;
    [[nodiscard]] float discount(DetectorReading const& reading) const;
    void describe(DetectorReading& reading) const;
    [[nodiscard]] bool sound() const;

    // No padding between them, so that equal states are equal bytes.
    double centre_ = 0;
    double spread_ = 1;
    double fired_ = 0;
    double first_value_ = 0; // what the sample is relative to
    double previous_ = 0; // as it came
    double judged_ = 0; // the last value that was judged
    Baseline baseline_;
    SeenCodes values_;
    Prototypes<4> levels_;
    Prototypes<2> envelopes_;
    Prototypes<2> roughnesses_;
    Rarity level_rarity_;
    Rarity envelope_rarity_;
    Rarity roughness_rarity_;
    Rarity value_rarity_;
    std::array<Features, delay> late_ {};
    Known known_;
    std::array<std::int16_t, history> recent_ {};
    std::array<ShortFloat, warm_up_sample> sample_ {};
    Kind kind_ = Kind::not_known;
    bool silence_told_ = false;
    std::int32_t sum_short_ = 0;
    std::int32_t sum_middle_ = 0;
    std::int32_t sum_long_ = 0;
    std::int32_t sum_steps_ = 0;
    std::int16_t lowest_ = 0; // of the envelope's window
    std::int16_t highest_ = 0;
    float last_peak_ = -9;
    std::uint32_t seen_ = 0;
    std::uint32_t sampled_ = 0;
    std::uint16_t rises_ = 0; // while the kind is not known
    std::uint16_t falls_ = 0; // of a counter: how often it began again
    std::uint32_t after_gap_ = 0; // points that may still look odd only because others are missing
};

// What one watched series costs, its baseline included.
inline constexpr std::size_t detector_bytes = sizeof(Detector);
static_assert(detector_bytes <= 4096, "the bound that docs/decisions/0046-novelty-detector.md promises");

} // namespace convops
