#include "watch/detector.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <type_traits>

namespace convops {
namespace {

constexpr std::uint32_t window_short = 8;
constexpr std::uint32_t window_middle = 24;
constexpr std::uint32_t window_long = 96;
constexpr std::uint32_t window_envelope = 48;
constexpr std::uint32_t window_roughness = 16;

constexpr int finer = 256; // steps of the kept history per unit
constexpr float value_weight = 0.5F;
constexpr float roughness_weight = 0.5F;
constexpr float all_weights = 2 + value_weight + roughness_weight;

constexpr float watched_discount = 0.55F; // a longer watch sees rarer things by chance
constexpr float watched_norm = 4'000;
constexpr double fired_discount = 0.06; // a series that fires often is believed less
constexpr float fired_counts_from = 0.9F;
constexpr float margin = 0.3F; // a new event must exceed the last peak, as far as it has faded, by so much
constexpr float half_rarity = 0.84F; // where the score is one half
const float peak_fades = std::exp2(-1.F / 100);
const double fired_fades = std::exp2(-1.0 / 2'000);

constexpr std::array<std::uint8_t, 4> version { 'C', 'D', 'T', '1' };

std::uint8_t code(float units) {
    return static_cast<std::uint8_t>(std::clamp(std::lround(units * Detector::steps_per_unit) + 128L, 0L, 255L));
}

float unit(std::int32_t sum, std::uint32_t count) {
    return static_cast<float>(sum) / static_cast<float>(finer * count);
}

} // namespace

// Centre and spread of the first points, estimated again at 50, 150 and 300 and then kept: a scale that followed the
// series would hide its slow changes. Up to 150 values are kept whole, then every second.
void Detector::fit_scale(double value) {
    if (seen_ <= 150 || (seen_ <= 300 && seen_ % 2 == 0)) {
        if (sampled_ == warm_up_sample) {
            for (std::size_t i = 0; i < warm_up_sample / 2; ++i)
                sample_[i] = sample_[2 * i];
            sampled_ = warm_up_sample / 2;
        }
        sample_[sampled_++] = static_cast<float>(value);
    }
    if (seen_ != 0 && seen_ != 50 && seen_ != 150 && seen_ != 300)
        return;
    auto const old_centre = centre_;
    auto const old_spread = spread_;
    auto sorted = sample_;
    auto const end = sorted.begin() + sampled_;
    std::sort(sorted.begin(), end);
    auto const at
        = [&](double share) { return static_cast<double>(sorted[static_cast<std::size_t>(sampled_ * share)]); };
    centre_ = at(0.5);
    spread_ = (at(0.95) - at(0.05)) / 3.29; // as of a normal distribution
    if (spread_ <= 0)
        spread_
            = std::fabs(centre_) * 0.01 + (static_cast<double>(*(end - 1)) - static_cast<double>(sorted[0])) * 0.05;
    if (spread_ <= 0)
        spread_ = 1; // nothing but zeros
    measure_again(old_centre, old_spread);
}

// What is kept of the recent points follows the new scale. What was learned of the first points is forgotten at the
// first estimate: the scale of a single point says nothing.
void Detector::measure_again(double old_centre, double old_spread) {
    auto const points = std::min<std::uint32_t>(seen_, history);
    auto const before = recent_;
    auto const end = seen_;
    sum_short_ = sum_middle_ = sum_long_ = sum_steps_ = 0;
    for (seen_ = end - points; seen_ < end; ++seen_) {
        auto const units = static_cast<double>(before[seen_ % history]) / finer;
        take(std::sinh(units) * old_spread + old_centre, seen_ - (end - points));
    }
    if (end == 50) {
        levels_ = {};
        envelopes_ = {};
        roughnesses_ = {};
        values_ = {};
        late_ = {};
    }
}

std::int32_t Detector::past(std::uint32_t back) const {
    return recent_[(seen_ - std::min(back, seen_)) % history];
}

void Detector::take(double value, std::uint32_t known) {
    auto const units = std::clamp(std::asinh((value - centre_) / spread_), -100.0, 100.0);
    auto const now = static_cast<std::int32_t>(std::lround(units * finer));
    recent_[seen_ % history] = static_cast<std::int16_t>(now);
    auto const leaves = [&](std::uint32_t window) { return known >= window ? past(window) : 0; };
    sum_short_ += now - leaves(window_short);
    sum_middle_ += now - leaves(window_middle);
    sum_long_ += now - leaves(window_long);
    if (known > 0)
        sum_steps_ += std::abs(now - past(1));
    if (known > window_roughness)
        sum_steps_ -= std::abs(past(window_roughness) - past(window_roughness + 1));
}

Detector::Features Detector::features() const {
    auto const points = seen_ + 1;
    std::int32_t lowest = past(0);
    std::int32_t highest = lowest;
    for (std::uint32_t i = 1; i < std::min(window_envelope, points); ++i) {
        lowest = std::min(lowest, past(i));
        highest = std::max(highest, past(i));
    }
    auto const mean = [&](std::int32_t sum, std::uint32_t window) { return unit(sum, std::min(window, points)); };
    auto const rough = std::log(unit(sum_steps_, std::clamp(seen_, 1U, window_roughness)) + 0.05F);
    Features made;
    made.level = { code(unit(past(0), 1)), code(mean(sum_short_, window_short)),
        code(mean(sum_middle_, window_middle)), code(mean(sum_long_, window_long)) };
    made.envelope = { code(unit(lowest, 1)), code(unit(highest, 1)) };
    made.roughness = { made.level[1], code(rough) };
    return made;
}

float Detector::judge(Features const& now, DetectorReading& reading) {
    auto const calibrated = seen_ >= points_to_learn;
    auto const view = [&](auto const& prototypes, Rarity& rarity, auto const& point, bool& is_new) {
        if (!calibrated)
            return 0.F;
        auto const distance = prototypes.distance(point);
        auto const rare = rarity.of(distance);
        rarity.add(distance);
        is_new = rare > 2; // one in a hundred
        return rare;
    };
    Prototypes<1>::Point const value { now.level[0] };
    auto sum = view(levels_, level_rarity_, now.level, reading.level_is_new);
    sum += view(envelopes_, envelope_rarity_, now.envelope, reading.envelope_is_new);
    sum += roughness_weight * view(roughnesses_, roughness_rarity_, now.roughness, reading.roughness_is_new);
    sum += value_weight * view(values_, value_rarity_, value, reading.value_is_new);
    values_.learn(value);
    auto& slot = late_[seen_ % delay];
    if (seen_ >= delay + 50) {
        levels_.learn(slot.level);
        envelopes_.learn(slot.envelope);
        roughnesses_.learn(slot.roughness);
    }
    slot = now;
    return sum / all_weights;
}

Result<DetectorReading> Detector::read(double value) {
    if (!std::isfinite(value))
        return Error { ErrorKind::invalid_input, "a datapoint that is no number" };
    fit_scale(value);
    take(value, seen_);
    DetectorReading reading;
    auto const rarity = judge(features(), reading);
    ++seen_;
    last_peak_ *= peak_fades;
    fired_ *= fired_fades;
    if (seen_ <= points_to_learn)
        return reading;
    reading.state = DetectorState::watching;
    reading.spreads_from_centre = (value - centre_) / spread_;
    auto const left = rarity - watched_discount * std::log10(static_cast<float>(seen_) / watched_norm)
        - static_cast<float>(fired_discount * fired_);
    if (left <= last_peak_ + margin)
        return reading;
    last_peak_ = left;
    if (left > fired_counts_from)
        fired_ += 1;
    if (left > 0)
        reading.score = static_cast<double>(left / (left + half_rarity));
    return reading;
}

std::vector<std::uint8_t> Detector::saved() const {
    static_assert(std::is_trivially_copyable_v<Detector> && std::endian::native == std::endian::little);
    std::vector<std::uint8_t> bytes(version.size() + sizeof(Detector));
    std::ranges::copy(version, bytes.begin());
    std::memcpy(bytes.data() + version.size(), this, sizeof(Detector));
    return bytes;
}

Result<Detector> Detector::restored(std::span<std::uint8_t const> bytes) {
    if (bytes.size() != version.size() + sizeof(Detector)
        || !std::ranges::equal(bytes.first(version.size()), version))
        return Error { ErrorKind::corrupt, "the state of a detector has another version or size" };
    Detector detector;
    std::memcpy(static_cast<void*>(&detector), bytes.data() + version.size(), sizeof(Detector));
    if (detector.sampled_ > warm_up_sample || !std::isfinite(detector.spread_) || detector.spread_ <= 0
        || !detector.levels_.sound() || !detector.envelopes_.sound() || !detector.roughnesses_.sound()
        || !detector.values_.sound())
        return Error { ErrorKind::corrupt, "the state of a detector does not hold together" };
    return detector;
}

std::string explain(DetectorReading const& reading) {
    if (reading.state == DetectorState::learning)
        return "still learning what is usual";
    std::array<char, 64> size {};
    std::snprintf(size.data(), size.size(), "%.1f σ from the usual", reading.spreads_from_centre);
    std::string text = size.data();
    if (reading.value_is_new)
        text += "; no such value before";
    if (reading.level_is_new)
        text += "; no such level over the last points before";
    if (reading.envelope_is_new)
        text += "; no such range between lowest and highest before";
    if (reading.roughness_is_new)
        text += "; it never moved like this before";
    return text;
}

} // namespace convops
