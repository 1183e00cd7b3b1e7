// Bytes as the saved state of a detector and of a baseline: refused, or a state that takes any point without a crash.
// A state that grew from points, whatever they were, can always be restored; of one with turned bits, which passed
// for true, that is not asked: what can not be restored is rebuilt from points.
#include "target.h"

#include "base/check.h"
#include "watch/explanation.h"

#include <bit>
#include <cstring>

namespace convops::fuzz {

namespace {

// Whatever follows the state, as points: a step in time and a value.
struct Step {
    std::int32_t seconds;
    double value;
};

std::vector<Step> steps_in(std::string_view bytes) {
    std::vector<Step> steps;
    constexpr std::size_t size = sizeof(std::int32_t) + sizeof(double);
    for (; bytes.size() >= size && steps.size() < 500; bytes.remove_prefix(size)) {
        Step step {};
        std::memcpy(&step.seconds, bytes.data(), sizeof step.seconds);
        std::memcpy(&step.value, bytes.data() + sizeof step.seconds, sizeof step.value);
        steps.push_back(step);
    }
    return steps;
}

std::vector<std::uint8_t> patched(std::vector<std::uint8_t> state, std::string_view bytes) {
    for (std::size_t i = 0; i < std::min(bytes.size(), state.size() - 4); ++i)
        state[i + 4] ^= static_cast<std::uint8_t>(bytes[i]);
    return state;
}

void feed(Detector& detector, std::vector<Step> const& steps) {
    auto at = detector.baseline().last().value_or(Time { Days { 20'000 } });
    for (auto const& step : steps) {
        at += Seconds { step.seconds };
        CHECK(detector.silent(at).score >= 0);
        auto const reading = detector.read(at, step.value);
        if (!reading)
            continue;
        CHECK(reading->score >= 0 && reading->score <= 1);
        CHECK(!explain(*reading).empty());
    }
}

} // namespace

void one(std::string_view bytes) {
    std::span const state { reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size() };
    (void)Detector::restored(state);
    (void)Baseline::restored(state);

    // Raw bytes seldom pass for a state; a true one with some bits turned often does.
    Detector grown;
    auto const steps = steps_in(bytes);
    for (std::size_t i = 0; i < 400; ++i)
        (void)grown.read(Time { Days { 20'000 } } + i * Minutes { 5 }, double(i % 17));
    for (auto const& whole : { Detector {}.saved(), grown.saved() })
        if (auto turned = Detector::restored(patched(whole, bytes)))
            feed(*turned, steps);
    feed(grown, steps);
    CHECK(Detector::restored(grown.saved()));
    CHECK(Baseline::restored(grown.baseline().saved()));
    if (auto baseline = Baseline::restored(patched(grown.baseline().saved(), bytes))) {
        auto at = baseline->last().value_or(Time {});
        for (auto const& step : steps) {
            at += Seconds { step.seconds };
            baseline->learn(at, step.value);
            (void)baseline->spreads_beyond(at, step.value);
            (void)baseline->silence(at + Hours { 1 });
        }
    }
}

} // namespace convops::fuzz
