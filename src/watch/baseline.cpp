#include "watch/baseline.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

namespace convops {
namespace {

constexpr std::int64_t hour_seconds = 3'600;
constexpr int most_days_averaged = 7;
constexpr int most_recent_hours = 24;
constexpr double likely = 4; // spreads; what lies further off teaches no more than that
constexpr double lesson = 3; // spreads; the most that one hour moves what is usual, before the weight
constexpr double shift_gain = 0.02; // an hour: a lasting change is half absorbed in a day and a half, if it is small
constexpr double most_shift = 0.05; // spreads an hour
constexpr double spread_weight = 1.0 / 14;
constexpr std::uint32_t gaps_to_know = 50;
constexpr std::uint32_t most_gaps = 60'000; // then all counts are halved: old habits fade, and 16 bits are enough
constexpr double points_to_miss = 5;
constexpr std::int64_t most_hours_looked_at = 24LL * 31;
constexpr double furthest = 1e38; // a float holds it

constexpr std::array<std::uint8_t, 4> version { 'C', 'B', 'L', '1' };

double bounded(double value) {
    return std::clamp(value, -furthest, furthest);
}

std::int64_t seconds_of(Time at) {
    return std::chrono::floor<Seconds>(at).time_since_epoch().count();
}

std::int64_t floor_divided(std::int64_t value, std::int64_t by) {
    return (value - ((value % by) + by) % by) / by;
}

int in_cycle(std::int64_t value, std::int64_t length) {
    return static_cast<int>(((value % length) + length) % length);
}

// 1970-01-01 was a Thursday; weeks begin on Monday here.
int slot_of(std::int64_t hour) {
    return in_cycle(hour + 72, 168);
}

int gap_bin(double points) {
    return std::clamp(static_cast<int>(std::log2(std::max(points, 0.0) + 1)), 0, 15);
}

// CloudWatch's periods are 1, 5, 10, 30 s and multiples of 60 s.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
std::int64_t to_a_period(std::int64_t seconds) {
    return seconds < 45 ? seconds : (seconds + 30) / 60 * 60;
}

std::uint8_t towards(std::uint8_t share, int target) {
    auto const apart = target - share;
    auto const step = apart / 8;
    return static_cast<std::uint8_t>(share + (step != 0 ? step : (apart > 0) - (apart < 0)));
}

} // namespace

ShortFloat::ShortFloat(double value) {
    auto const bits = std::bit_cast<std::uint32_t>(static_cast<float>(bounded(value)));
    bits_ = static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16U) & 1U)) >> 16U);
}

float ShortFloat::value() const {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits_) << 16U);
}

double Usual::spreads_from(double value) const {
    if (of == Of::nothing || value == level)
        return 0;
    auto const least = std::max(spread, std::fabs(level) * 1e-6);
    return least > 0 ? std::clamp((value - level) / least, -1'000.0, 1'000.0) : (value > level ? 1'000 : -1'000);
}

int Baseline::weeks(int slot) const {
    return (weeks_seen_[static_cast<std::size_t>(slot) / 4] >> (slot % 4 * 2)) & 3;
}

void Baseline::count_week(int slot) {
    if (weeks(slot) < 3)
        weeks_seen_[static_cast<std::size_t>(slot) / 4]
            = static_cast<std::uint8_t>(weeks_seen_[static_cast<std::size_t>(slot) / 4] + (1 << (slot % 4 * 2)));
}

Usual Baseline::usual_in(std::int64_t hour) const {
    auto const slot = static_cast<std::size_t>(slot_of(hour));
    auto const of_day = slot % hours_a_day;
    auto const spread = static_cast<double>(spread_[of_day].value());
    if (weeks(static_cast<int>(slot)) >= 2)
        return { Usual::Of::hour_of_week, origin_ + week_[slot].value() + shift_, spread,
            weeks(static_cast<int>(slot)) };
    if (days_seen_[of_day] >= 2)
        return { Usual::Of::hour_of_day, origin_ + day_[of_day].value() + shift_, spread, days_seen_[of_day] };
    if (hours_ > 0)
        return { Usual::Of::recent, origin_ + recent_, recent_spread_, static_cast<int>(std::min(hours_, 24U)) };
    return {};
}

Usual Baseline::usual(Time at) const {
    return usual_in(floor_divided(seconds_of(at), hour_seconds));
}

double Baseline::spreads_beyond(Time at, double value) const {
    auto const hour = floor_divided(seconds_of(at), hour_seconds);
    auto nearest = usual_in(hour).spreads_from(value);
    for (auto const other : { hour - 1, hour + 1 }) {
        auto const there = usual_in(other);
        if (there.of == Usual::Of::nothing)
            continue;
        auto const spreads = there.spreads_from(value);
        if ((spreads < 0) != (nearest < 0))
            return 0; // between what is usual for two hours that touch
        if (std::fabs(spreads) < std::fabs(nearest))
            nearest = spreads;
    }
    return nearest;
}

Without Baseline::without(double value, double usual) const {
    ShortFloat const here { value - origin_ };
    auto const as_far = [&](ShortFloat low, ShortFloat high) { return value >= usual ? high >= here : low <= here; };
    if (in_day_ > 0 && as_far(ShortFloat { low_ }, ShortFloat { high_ }))
        return { 0, false };
    auto const kept = static_cast<int>(std::min<std::uint32_t>(days_, days_kept));
    for (int back = 0; back < kept; ++back) {
        auto const day = (days_ - 1 - static_cast<std::uint32_t>(back)) % days_kept;
        if (as_far(lows_[day], highs_[day]))
            return { back, false };
    }
    return { kept, true };
}

double Baseline::level() const {
    double sum = 0;
    int known = 0;
    for (std::size_t hour = 0; hour < hours_a_day; ++hour)
        if (days_seen_[hour] > 0) {
            sum += day_[hour].value();
            ++known;
        }
    return known == 0 ? origin_ + recent_ : origin_ + sum / known + shift_;
}

Milliseconds Baseline::history() const {
    return Seconds { last_ - first_ };
}

std::optional<Time> Baseline::last() const {
    if (in_day_ == 0 && days_ == 0)
        return std::nullopt;
    return Time { Seconds { last_ } };
}

void Baseline::begin_hour(std::int64_t hour) {
    hour_ = hour;
    in_hour_ = 0;
    sum_ = squares_ = whole_sum_ = 0;
    auto const usual = usual_in(hour);
    usual_now_ = usual.level;
    auto const trusted = usual.of >= Usual::Of::hour_of_day;
    cut_ = trusted && usual.spread > 0 ? static_cast<float>(bounded(likely * usual.spread)) : 0;
}

// The first two sightings teach without being cut: a quiet Sunday must be learned although no other day is like it.
// If they disagree, one of them was out of the ordinary.
void Baseline::learn_week(int slot, int hour, double mean, double whole_mean, double spread) {
    auto& known = week_[static_cast<std::size_t>(slot)];
    auto const seen = weeks(slot);
    count_week(slot);
    if (seen == 0) {
        known = ShortFloat { whole_mean - shift_ };
        return;
    }
    auto const other = static_cast<double>(day_[static_cast<std::size_t>(hour)].value());
    auto const apart = whole_mean - shift_ - known.value();
    if (seen == 1 && std::fabs(apart) > likely * spread) {
        if (std::fabs(whole_mean - shift_ - other) < std::fabs(known.value() - other))
            known = ShortFloat { whole_mean - shift_ };
        return;
    }
    auto const news = seen == 1 ? apart : mean - shift_ - known.value();
    auto const most = spread > 0 ? lesson * spread : std::fabs(news);
    known = ShortFloat { known.value() + std::clamp(news, -most, most) / (seen + 1) };
}

void Baseline::end_hour() {
    if (in_hour_ == 0)
        return;
    auto const slot = slot_of(hour_);
    auto const hour = slot % hours_a_day;
    auto const at = static_cast<std::size_t>(hour);
    auto const points = static_cast<double>(in_hour_);
    auto const before = usual_in(hour_);
    auto const whole_mean = bounded(whole_sum_ / points + usual_now_ - origin_);
    auto const mean = bounded(sum_ / points + usual_now_ - origin_);
    auto const within = std::max(0.0, squares_ / points - (sum_ / points) * (sum_ / points));
    auto const seen = days_seen_[at];
    auto const old_spread = static_cast<double>(seen > 0 ? spread_[at].value() : recent_spread_);

    auto const off = before.of == Usual::Of::nothing ? 0 : mean - (before.level - origin_);
    auto const between = seen < 2 ? 0 : std::clamp(off, -2 * old_spread, 2 * old_spread);
    auto const here = std::sqrt(within + between * between);
    if (seen == 0)
        spread_[at] = ShortFloat { std::sqrt(within) };
    else
        spread_[at] = ShortFloat { old_spread
            + std::max(spread_weight, 1.0 / (seen + 1))
                * ((old_spread > 0 ? std::min(here, 3 * old_spread) : here) - old_spread) };

    if (before.of == Usual::Of::hour_of_week)
        shift_ = static_cast<float>(
            bounded(shift_ + std::clamp(shift_gain * off, -most_shift * old_spread, most_shift * old_spread)));
    auto const apart = mean - shift_ - day_[at].value();
    auto const most = seen > 1 && old_spread > 0 ? lesson * std::max(old_spread, 0.0) : std::fabs(apart);
    day_[at]
        = ShortFloat { day_[at].value() + std::clamp(apart, -most, most) / std::min(seen + 1, most_days_averaged) };
    learn_week(slot, hour, mean, whole_mean, old_spread);
    days_seen_[at] = static_cast<std::uint8_t>(std::min(seen + 1, 255));

    auto const weight = 1.0 / std::min(static_cast<int>(hours_) + 1, most_recent_hours);
    auto const from_recent = hours_ == 0 ? 0 : mean - recent_;
    recent_ = static_cast<float>(bounded(recent_ + (hours_ == 0 ? mean : weight * from_recent)));
    recent_spread_ = static_cast<float>(std::max(
        0.0, bounded(recent_spread_ + weight * (std::sqrt(within + from_recent * from_recent) - recent_spread_))));
    ++hours_;
    if (period_ > 0)
        presence_[at]
            = towards(presence_[at], static_cast<int>(std::clamp(255 * points * period_ / hour_seconds, 0.0, 255.0)));
}

void Baseline::end_day() {
    auto const day = days_ % days_kept;
    lows_[day] = ShortFloat { low_ };
    highs_[day] = ShortFloat { high_ };
    auto const mean = bounded(day_sum_ / in_day_);
    // Against the same day of the week before, so that a quiet Sunday is no trend.
    auto& week_before = weekday_means_[static_cast<std::size_t>(slot_of(hour_)) / hours_a_day];
    if (days_ >= 7) {
        auto const a_day = (mean - week_before.value()) / 7;
        auto const most = recent_spread_ > 0 ? static_cast<double>(recent_spread_) : std::fabs(a_day);
        trend_ = static_cast<float>(
            trend_ + (std::clamp(a_day, -most, most) - trend_) / std::min(static_cast<double>(days_) - 6, 7.0));
    }
    week_before = ShortFloat { mean };
    ++days_;
    in_day_ = 0;
    day_sum_ = 0;
}

double Baseline::points_due(std::int64_t from, std::int64_t to) const {
    if (period_ <= 0 || to <= from)
        return 0;
    from = std::max(from, to - most_hours_looked_at * hour_seconds);
    double due = 0;
    while (from < to) {
        auto const hour = floor_divided(from, hour_seconds);
        auto const until = std::min(to, (hour + 1) * hour_seconds);
        due += static_cast<double>(until - from) / period_
            * presence_[static_cast<std::size_t>(in_cycle(hour, hours_a_day))] / 255.0;
        from = until;
    }
    return due;
}

void Baseline::learn_gap(std::int64_t seconds) {
    auto const gap = static_cast<std::int32_t>(std::min<std::int64_t>(to_a_period(seconds), 86'400));
    if (gap == candidate_)
        votes_ = std::min(votes_ + 1, 255U);
    else if (votes_ > 0)
        --votes_;
    else
        candidate_ = gap;
    if (candidate_ != period_ && candidate_ > 0 && votes_ >= 4) {
        period_ = candidate_;
        presence_.fill(255);
    }
    if (period_ == 0)
        return;
    // One gap is the ordinary step; what exceeds it is counted in points that were due.
    auto const missed = seconds <= period_ * 3 / 2 ? 0 : points_due(last_ + period_, last_ + seconds);
    ++gap_counts_[static_cast<std::size_t>(gap_bin(missed))];
    if (++gaps_ < most_gaps)
        return;
    gaps_ = 0;
    for (auto& count : gap_counts_) {
        count /= 2;
        gaps_ += count;
    }
}

std::optional<Silence> Baseline::silence(Time now) const {
    auto const until = seconds_of(now);
    if (gaps_ < gaps_to_know || until <= last_ + 3LL * period_)
        return std::nullopt;
    auto const missed = points_due(last_ + period_, until);
    if (missed < points_to_miss)
        return std::nullopt;
    int before = 0;
    for (auto bin = static_cast<std::size_t>(gap_bin(missed)); bin < gap_bins; ++bin)
        before += gap_counts_[bin];
    return Silence { Seconds { until - last_ }, missed, before };
}

void Baseline::learn(Time at, double value) {
    if (!std::isfinite(value))
        return;
    auto const now = seconds_of(at);
    auto const hour = now >= hour_ * hour_seconds && now < (hour_ + 1) * hour_seconds && last()
        ? hour_
        : floor_divided(now, hour_seconds);
    if (!last()) {
        first_ = last_ = now;
        origin_ = value;
        begin_hour(hour);
    } else {
        if (hour < hour_)
            return;
        if (now > last_)
            learn_gap(now - last_);
        if (hour > hour_) {
            auto const before = hour_;
            end_hour();
            if (floor_divided(hour, hours_a_day) != floor_divided(before, hours_a_day))
                end_day();
            for (auto skipped = std::max(before + 1, hour - hours_a_week); period_ > 0 && skipped < hour; ++skipped) {
                auto& share = presence_[static_cast<std::size_t>(in_cycle(skipped, hours_a_day))];
                share = towards(share, 0);
            }
            begin_hour(hour);
        }
        last_ = std::max(last_, now);
    }
    auto const off = bounded(value - usual_now_);
    auto const cut = cut_ > 0 ? std::clamp<double>(off, -cut_, cut_) : off;
    ++in_hour_;
    sum_ += cut;
    squares_ += cut * cut;
    whole_sum_ += off;
    auto const relative = bounded(value - origin_);
    auto const shortened = static_cast<float>(relative);
    low_ = in_day_ == 0 ? shortened : std::min(low_, shortened);
    high_ = in_day_ == 0 ? shortened : std::max(high_, shortened);
    day_sum_ += relative;
    ++in_day_;
}

Baseline Baseline::rebuilt(std::span<Time const> at, std::span<double const> values) {
    Baseline baseline;
    for (std::size_t i = 0; i < std::min(at.size(), values.size()); ++i)
        baseline.learn(at[i], values[i]);
    return baseline;
}

std::vector<std::uint8_t> Baseline::saved() const {
    static_assert(std::is_trivially_copyable_v<Baseline> && std::endian::native == std::endian::little);
    std::vector<std::uint8_t> bytes(version.size() + sizeof(Baseline));
    std::ranges::copy(version, bytes.begin());
    std::memcpy(bytes.data() + version.size(), this, sizeof(Baseline));
    return bytes;
}

// What a store gives back may be anything: the numbers must be finite, and the times such that no sum overflows.
bool Baseline::sound() const {
    constexpr std::int64_t furthest_time = 400'000'000'000;
    auto const near = [](std::int64_t number, std::int64_t most) { return number > -most && number < most; };
    auto const finite = [](auto const& numbers, float least) {
        return std::ranges::all_of(numbers, [&](ShortFloat number) {
            return number.value() >= least && number.value() <= static_cast<float>(2 * furthest);
        });
    };
    auto const any = static_cast<float>(-2 * furthest);
    auto const plain = { origin_, usual_now_, sum_, squares_, whole_sum_, day_sum_, double { shift_ },
        double { recent_ }, double { trend_ }, double { low_ }, double { high_ } };
    bool const numbers = std::ranges::all_of(plain, [](double number) { return std::isfinite(number); })
        && std::isfinite(cut_) && cut_ >= 0 && std::isfinite(recent_spread_) && recent_spread_ >= 0;
    bool const times = near(first_, furthest_time) && near(last_, furthest_time)
        && near(hour_, furthest_time / hour_seconds) && period_ >= 0 && period_ <= 86'400;
    return numbers && times && finite(week_, any) && finite(day_, any) && finite(spread_, 0)
        && finite(weekday_means_, any) && finite(lows_, any) && finite(highs_, any) && (last() || in_hour_ == 0);
}

Result<Baseline> Baseline::restored(std::span<std::uint8_t const> bytes) {
    if (bytes.size() != version.size() + sizeof(Baseline)
        || !std::ranges::equal(bytes.first(version.size()), version))
        return Error { ErrorKind::corrupt, "the state of a baseline has another version or size" };
    Baseline baseline;
    std::memcpy(static_cast<void*>(&baseline), bytes.data() + version.size(), sizeof(Baseline));
    if (!baseline.sound())
        return Error { ErrorKind::corrupt, "the state of a baseline does not hold together" };
    return baseline;
}

} // namespace convops
