// What is usual for one series: level, trend, hour of day, hour of week, spread, and when its points come. Learned
// point by point in constant memory; the same points give the same baseline, so it can be rebuilt from the store.
//
// Past incidents do not become normal: once an hour is known, what it teaches is cut to a few spreads, and of two
// first sightings that disagree the one nearer to the other days counts. A lasting change becomes usual within weeks.
// Hours are UTC. Where clocks change twice a year the rhythm moves by one hour, so spreads_beyond() forgives a
// value that would be usual an hour earlier or later. Design: docs/decisions/0053-baselines.md.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace convops {

// A number in two bytes, to 0.4 %: enough for a deviation, not for the value itself.
class ShortFloat {
public:
    ShortFloat() = default;
    explicit ShortFloat(double value);
    [[nodiscard]] float value() const;
    auto operator<=>(ShortFloat const& other) const { return value() <=> other.value(); }
    bool operator==(ShortFloat const&) const = default;

private:
    std::uint16_t bits_ = 0;
};

struct Usual {
    enum class Of : std::uint8_t { nothing, recent, hour_of_day, hour_of_week };
    Of of = Of::nothing;
    double level = 0;
    double spread = 0; // one standard deviation, robust; 0: it was always the same
    int seen = 0; // hours, days or weeks that say so; counted to 3 for weeks

    [[nodiscard]] double spreads_from(double value) const; // signed, between -1000 and 1000
};

// How long a series did without a value as extreme as this one.
struct Without {
    int days = 0; // whole days before this one that had none; 31 at most
    bool ever = false; // none in all the days that are kept
};

struct Silence {
    Milliseconds lasts {};
    double points_missed = 0; // that its habits made expect
    int as_long_before = 0;
};

class Baseline {
public:
    static constexpr int days_kept = 31;

    // A point that is not later than the last one is no news about when points come; of an earlier hour it is left
    // out.
    void learn(Time at, double value);
    static Baseline rebuilt(std::span<Time const> at, std::span<double const> values);

    [[nodiscard]] Usual usual(Time at) const;
    // Signed spreads beyond what is usual for this hour, the one before and the one after; 0 within, or when unknown.
    [[nodiscard]] double spreads_beyond(Time at, double value) const;
    [[nodiscard]] Without without(double value, double usual) const;
    [[nodiscard]] double level() const; // over a whole day
    [[nodiscard]] double trend_a_day() const { return trend_; }
    [[nodiscard]] Seconds period() const { return Seconds { period_ }; } // 0: not known yet
    [[nodiscard]] Milliseconds history() const; // from the first point to the last
    [[nodiscard]] std::optional<Time> last() const;

    // Nothing came until `now` although points were due. Nothing when that is within its habits, or they are not
    // known.
    [[nodiscard]] std::optional<Silence> silence(Time now) const;

    // Bytes with a version in front; restored() refuses another version or size, and what can not be.
    [[nodiscard]] std::vector<std::uint8_t> saved() const;
    static Result<Baseline> restored(std::span<std::uint8_t const> bytes);
    [[nodiscard]] bool sound() const;

private:
    static constexpr int hours_a_day = 24;
    static constexpr int hours_a_week = 168;
    static constexpr int gap_bins = 16;

    void learn_gap(std::int64_t seconds);
    void begin_hour(std::int64_t hour);
    void end_hour();
    void learn_week(int slot, int hour, double mean, double whole_mean, double spread);
    void end_day();
    [[nodiscard]] int weeks(int slot) const;
    void count_week(int slot);
    [[nodiscard]] Usual usual_in(std::int64_t hour) const;
    [[nodiscard]] double points_due(std::int64_t from, std::int64_t to) const;

    double origin_ = 0; // what short numbers are relative to
    std::int64_t first_ = 0; // seconds since the epoch
    std::int64_t last_ = 0;
    std::int64_t hour_ = 0; // the running one, since the epoch
    double usual_now_ = 0; // of the running hour
    double sum_ = 0; // of the running hour, cut to what is likely
    double squares_ = 0;
    double whole_sum_ = 0; // not cut
    double day_sum_ = 0;
    float cut_ = 0; // 0: nothing is cut yet
    float shift_ = 0; // by which the hours of the week all are higher than they were
    float recent_ = 0; // relative to origin_
    float recent_spread_ = 0;
    float trend_ = 0;
    float low_ = 0; // of the running day, relative to origin_
    float high_ = 0;
    std::uint32_t in_hour_ = 0;
    std::uint32_t in_day_ = 0;
    std::uint32_t hours_ = 0;
    std::uint32_t days_ = 0;
    std::uint32_t gaps_ = 0;
    std::int32_t period_ = 0;
    std::int32_t candidate_ = 0; // for the period
    std::uint32_t votes_ = 0;
    std::array<ShortFloat, hours_a_week> week_ {};
    std::array<ShortFloat, hours_a_day> day_ {};
    std::array<ShortFloat, hours_a_day> spread_ {};
    std::array<ShortFloat, 7> weekday_means_ {};
    std::array<ShortFloat, days_kept> lows_ {};
    std::array<ShortFloat, days_kept> highs_ {};
    std::array<std::uint16_t, gap_bins> gap_counts_ {};
    std::array<std::uint8_t, hours_a_week / 4> weeks_seen_ {}; // two bits a slot
    std::array<std::uint8_t, hours_a_day> days_seen_ {};
    std::array<std::uint8_t, hours_a_day> presence_ {}; // share of points that come in this hour, of 255
};

} // namespace convops
