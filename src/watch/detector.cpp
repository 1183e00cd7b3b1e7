#include "watch/detector.h"

#include "watch/logarithm.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

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
constexpr std::uint32_t watched_norm = 4'000; // points; a shorter watch is not believed more
constexpr float period_norm = 300; // seconds; and so do more points an hour
constexpr float first_day_discount = 1; // before one whole day was seen, most things are new
constexpr float usual_discount = 0.5F; // of a value that is usual at this hour
constexpr float usual_spreads = 2;
constexpr double fired_discount = 0.06; // a series that fires often is believed less
constexpr float fired_counts_from = 0.9F;
constexpr float margin = 0.3F; // a new event must exceed the last peak, as far as it has faded, by so much
constexpr float half_rarity = 0.84F; // where the score is one half
const float peak_fades = std::exp2(-1.F / 100);
const double fired_fades = std::exp2(-1.0 / 2'000);

constexpr std::array<std::uint8_t, 4> version { 'C', 'D', 'T', '2' };

constexpr std::uint32_t points_to_calibrate = 52;
constexpr double points_missed_to_doubt = 8; // after so many, the windows mix before and after
constexpr std::uint32_t points_in_doubt = 24;
constexpr double spreads_in_doubt = 3;
constexpr std::uint32_t points_to_know_kind = 50;
constexpr int rises_of_counter = 45; // of the first 50 steps; none may be a fall
constexpr int least_points_a_reset = 200; // what falls back to zero more often is a saw, not a counter

int rounded(double value) {
    return static_cast<int>(value + (value < 0 ? -0.5 : 0.5));
}

std::uint8_t code(float units) {
    return static_cast<std::uint8_t>(
        std::clamp(rounded(static_cast<double>(units * Detector::steps_per_unit)) + 128, 0, 255));
}

// asinh: near the centre as it is, far from it by its logarithm.
double squeezed(double units) {
    auto const size = std::fabs(units);
    auto const squeezed
        = size > 1e8 ? fast_log(2 * std::min(size, 1e300)) : fast_log(size + std::sqrt(size * size + 1));
    return std::copysign(squeezed, units);
}

float unit(std::int32_t sum, std::uint32_t count) {
    return static_cast<float>(sum) / static_cast<float>(finer * count);
}

} // namespace

void Detector::start_again(Kind kind) {
    *this = {};
    kind_ = kind;
}

// A counter only ever grows until it begins again at zero: what it grows by is judged. Whether a series is one is
// decided by its first points; a gauge that happened to climb through them gives itself away at its first fall.
double Detector::judged_value(Time at, double value) {
    auto const before = std::exchange(previous_, value);
    if (kind_ == Kind::gauge || (kind_ == Kind::not_known && seen_ == 0))
        return value;
    if (kind_ == Kind::not_known) {
        rises_ = static_cast<std::uint16_t>(rises_ + (value > before));
        falls_ = static_cast<std::uint16_t>(falls_ + (value < before));
        if (seen_ < points_to_know_kind)
            return value;
        bool const counts = falls_ == 0 && rises_ >= rises_of_counter;
        if (!counts) {
            kind_ = Kind::gauge;
            return value;
        }
        start_again(Kind::counter);
        previous_ = value;
        return value - before;
    }
    bool const begins_again = value < before;
    if (begins_again) {
        falls_ = static_cast<std::uint16_t>(std::min(falls_ + 1, 255));
        bool const saw = falls_ > 2 && falls_ * std::uint32_t { least_points_a_reset } > seen_;
        if (value > before / 2 || value < 0 || saw) {
            start_again(Kind::gauge);
            previous_ = value;
            return value;
        }
    }
    // By how much it grew before it began again, nobody knows: the last growth stands in.
    return begins_again ? judged_ : growth(at, value - before);
}

// Spread over the periods that passed, so that a missing point is no surge.
double Detector::growth(Time at, double grown) const {
    auto const period = baseline_.period();
    auto const last = baseline_.last();
    if (period <= Seconds { 0 } || !last || at <= *last)
        return grown;
    auto const periods = std::chrono::duration<double>(at - *last) / std::chrono::duration<double>(period);
    return grown / std::max(periods, 1.0);
}

// Centre and spread of the first points, estimated again at 50, 150 and 300 and then kept: a scale that followed the
// series would hide its slow changes. Up to 150 values are kept whole, then every second.
void Detector::fit_scale(double value) {
    if (seen_ > 300)
        return;
    if (seen_ == 0)
        first_value_ = value;
    if (seen_ <= 150 || seen_ % 2 == 0) {
        if (sampled_ == warm_up_sample) {
            for (std::size_t i = 0; i < warm_up_sample / 2; ++i)
                sample_[i] = sample_[2 * i];
            sampled_ = warm_up_sample / 2;
        }
        sample_[sampled_++] = ShortFloat { value - first_value_ };
    }
    if (seen_ == 0 || seen_ == 50 || seen_ == 150 || seen_ == 300)
        estimate_scale();
}

void Detector::estimate_scale() {
    auto const old_centre = centre_;
    auto const old_spread = spread_;
    auto sorted = sample_;
    auto const end = sorted.begin() + sampled_;
    std::sort(sorted.begin(), end);
    auto const at = [&](double share) {
        return static_cast<double>(sorted[static_cast<std::size_t>(sampled_ * share)].value());
    };
    centre_ = first_value_ + at(0.5);
    spread_ = (at(0.95) - at(0.05)) / 3.29; // as of a normal distribution
    if (spread_ <= 0)
        spread_ = std::fabs(centre_) * 0.01 + (static_cast<double>((end - 1)->value() - sorted[0].value())) * 0.05;
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
        known_ = {};
    }
}

std::int32_t Detector::past(std::uint32_t back) const {
    return recent_[(seen_ - back) % history];
}

void Detector::take(double value, std::uint32_t known) {
    auto const units = std::clamp(squeezed((value - centre_) / spread_), -100.0, 100.0);
    auto const now = static_cast<std::int16_t>(rounded(units * finer));
    recent_[seen_ % history] = now;
    auto const leaves = [&](std::uint32_t window) { return known >= window ? past(window) : 0; };
    sum_short_ += now - leaves(window_short);
    sum_middle_ += now - leaves(window_middle);
    sum_long_ += now - leaves(window_long);
    if (known > 0)
        sum_steps_ += std::abs(now - past(1));
    if (known > window_roughness)
        sum_steps_ -= std::abs(past(window_roughness) - past(window_roughness + 1));
    follow_envelope(now, known);
}

// Lowest and highest of the window; looked for again only when one of them leaves it.
void Detector::follow_envelope(std::int16_t now, std::uint32_t known) {
    if (known == 0) {
        lowest_ = highest_ = now;
        return;
    }
    lowest_ = std::min(lowest_, now);
    highest_ = std::max(highest_, now);
    if (known < window_envelope)
        return;
    auto const leaving = recent_[(seen_ - window_envelope) % history];
    if (leaving > lowest_ && leaving < highest_)
        return;
    lowest_ = highest_ = now;
    auto const scan = [&](std::size_t from, std::size_t until) {
        for (auto i = from; i < until; ++i) {
            lowest_ = std::min(lowest_, recent_[i]);
            highest_ = std::max(highest_, recent_[i]);
        }
    };
    auto const end = seen_ % history;
    if (end >= window_envelope - 1)
        return scan(end - (window_envelope - 1), end);
    scan(0, end);
    scan(history + end - (window_envelope - 1), history);
}

Detector::Features Detector::features() const {
    auto const points = seen_ + 1;
    auto const mean = [&](std::int32_t sum, std::uint32_t window) { return unit(sum, std::min(window, points)); };
    auto const rough = static_cast<float>(
        fast_log(static_cast<double>(unit(sum_steps_, std::clamp(seen_, 1U, window_roughness))) + 0.05));
    Features made;
    made.level = { code(unit(past(0), 1)), code(mean(sum_short_, window_short)),
        code(mean(sum_middle_, window_middle)), code(mean(sum_long_, window_long)) };
    made.envelope = { code(unit(lowest_, 1)), code(unit(highest_, 1)) };
    made.roughness = { made.level[1], code(rough) };
    return made;
}

float Detector::judge(Features const& now, DetectorReading& reading) {
    auto const calibrated = seen_ >= points_to_calibrate;
    auto const bit = 1U << (seen_ % delay);
    bool const learns = seen_ >= delay + 50;
    auto const rare = [&](Rarity& rarity, std::uint16_t distance, bool& is_new) {
        auto const how = rarity.of(distance);
        rarity.add(distance);
        is_new = how > 2; // one in a hundred
        return how;
    };
    auto& slot = late_[seen_ % delay];
    // What was new 32 points ago is learned now; the place in `known` is then taken by this point.
    auto const view = [&](auto& prototypes, Rarity& rarity, auto const& point, auto const& late, std::uint32_t& known,
                          bool& is_new) {
        auto const distance = prototypes.distance(point);
        auto const how = calibrated ? rare(rarity, distance, is_new) : 0.F;
        if (learns && (known & bit) == 0 && prototypes.learn(late))
            known = 0;
        known = prototypes.covers(distance) ? known | bit : known & ~bit;
        return how;
    };
    auto sum = view(levels_, level_rarity_, now.level, slot.level, known_.levels, reading.level_is_new);
    sum += view(envelopes_, envelope_rarity_, now.envelope, slot.envelope, known_.envelopes, reading.envelope_is_new);
    sum += roughness_weight
        * view(roughnesses_, roughness_rarity_, now.roughness, slot.roughness, known_.roughnesses,
            reading.roughness_is_new);
    if (calibrated)
        sum += value_weight * rare(value_rarity_, values_.distance(now.level[0]), reading.value_is_new);
    values_.learn(now.level[0]);
    slot = now;
    return sum / all_weights;
}

Result<DetectorReading> Detector::read(Time at, double came) {
    if (!std::isfinite(came))
        return Error { ErrorKind::invalid_input, "a datapoint that is no number" };
    constexpr double furthest = 1e300; // a difference of two such numbers is still one
    auto const value = std::clamp(judged_value(at, std::clamp(came, -furthest, furthest)), -furthest, furthest);
    judged_ = value;
    notice_gap(at);
    fit_scale(value);
    take(value, seen_);
    DetectorReading reading;
    reading.at = at;
    reading.value = value;
    reading.of_counter = kind_ == Kind::counter;
    auto const rarity = judge(features(), reading);
    ++seen_;
    last_peak_ *= peak_fades;
    fired_ *= fired_fades;
    silence_told_ = false;
    if (seen_ > points_to_learn) {
        reading.state = DetectorState::watching;
        // The discount is worth its time only where something is left without it.
        auto const left = rarity > last_peak_ + margin ? rarity - discount(reading) : rarity;
        if (left > last_peak_ + margin && !only_after_gap(reading)) {
            last_peak_ = left;
            if (left > fired_counts_from)
                fired_ += 1;
            if (left > 0) {
                reading.score = static_cast<double>(left / (left + half_rarity));
                describe(reading);
            }
        }
    }
    baseline_.learn(at, value);
    return reading;
}

// A series that was away comes back at another time of the day: that its windows then look like none before is no
// news.
void Detector::notice_gap(Time at) {
    if (after_gap_ > 0)
        --after_gap_;
    auto const last = baseline_.last();
    auto const period = std::chrono::duration<double>(baseline_.period()).count();
    if (last && period > 0 && std::chrono::duration<double>(at - *last).count() > points_missed_to_doubt * period)
        after_gap_ = points_in_doubt;
}

bool Detector::only_after_gap(DetectorReading const& reading) const {
    if (after_gap_ == 0)
        return false;
    if (baseline_.usual(reading.at).of < Usual::Of::hour_of_day)
        return !reading.value_is_new;
    return std::fabs(baseline_.spreads_beyond(reading.at, reading.value)) < spreads_in_doubt;
}

// What the rarity of a point has to exceed before it is news.
float Detector::discount(DetectorReading const& reading) const {
    auto sum = static_cast<float>(fired_discount * fired_);
    if (seen_ > watched_norm)
        sum += watched_discount * fast_log10(static_cast<float>(seen_) / watched_norm);
    auto const period = static_cast<float>(baseline_.period().count());
    if (period > 0 && period < period_norm)
        sum += watched_discount * fast_log10(period_norm / period);
    if (baseline_.history() < Days { 1 })
        return sum + first_day_discount;
    // Where the value is what this hour always has, the other views have found little.
    if (baseline_.usual(reading.at).of < Usual::Of::hour_of_day)
        return sum;
    auto const spreads = static_cast<float>(std::fabs(baseline_.spreads_beyond(reading.at, reading.value)));
    return sum + usual_discount * std::max(0.F, 1 - spreads / usual_spreads);
}

void Detector::describe(DetectorReading& reading) const {
    reading.usual = baseline_.usual(reading.at);
    if (reading.usual.of == Usual::Of::nothing) // the first hour: by the first points
        reading.usual = { Usual::Of::recent, centre_, spread_, 0 };
    reading.spreads_from_usual = reading.usual.spreads_from(reading.value);
    reading.without = baseline_.without(reading.value, reading.usual.level);
    reading.history = baseline_.history();
}

DetectorReading Detector::silent(Time now) {
    DetectorReading reading;
    reading.at = now;
    reading.value = previous_;
    reading.of_counter = kind_ == Kind::counter;
    if (seen_ <= points_to_learn)
        return reading;
    reading.state = DetectorState::watching;
    auto const silence = baseline_.silence(now);
    if (!silence || silence_told_)
        return reading;
    reading.score = 2.0 / (3 + silence->as_long_before);
    reading.silence = silence;
    reading.usual = baseline_.usual(now);
    reading.history = baseline_.history();
    silence_told_ = reading.opens();
    return reading;
}

bool Detector::sound() const {
    constexpr std::int32_t most_sum = 1 << 24;
    auto const sums = { sum_short_, sum_middle_, sum_long_, sum_steps_ };
    auto const finite = { centre_, spread_, fired_, first_value_, previous_, judged_, double { last_peak_ } };
    return sampled_ <= warm_up_sample && spread_ > 0 && fired_ >= 0 && kind_ <= Kind::counter && baseline_.sound()
        && levels_.sound() && envelopes_.sound() && roughnesses_.sound() && level_rarity_.sound()
        && envelope_rarity_.sound() && roughness_rarity_.sound() && value_rarity_.sound()
        && std::ranges::all_of(finite, [](double number) { return std::isfinite(number); })
        && std::ranges::all_of(sums, [](std::int32_t sum) { return sum > -most_sum && sum < most_sum; });
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
    auto const state = bytes.subspan(version.size());
    if (state[offsetof(Detector, silence_told_)] > 1) // anything else would be no bool
        return Error { ErrorKind::corrupt, "the state of a detector does not hold together" };
    std::memcpy(static_cast<void*>(&detector), state.data(), sizeof(Detector));
    if (!detector.sound())
        return Error { ErrorKind::corrupt, "the state of a detector does not hold together" };
    return detector;
}

} // namespace convops
