#include "points/point_chunk.h"

#include "points/decimal_fit.h"
#include "points/few_values.h"
#include "points/magnitude_coder.h"
#include "points/point_bytes.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace convops {

namespace {

constexpr char version = 1;

// What the next number is thought to be. Whole numbers alone, so that every machine thinks the same.
enum class Guess : std::uint8_t { zero, last, line, quick_mean, slow_mean, day_before };
constexpr std::array guesses { Guess::zero, Guess::last, Guess::line, Guess::quick_mean, Guess::slow_mean,
    Guess::day_before };

class Guesser {
public:
    Guesser(Guess guess, std::size_t points_a_day)
        : guess_(guess)
        , day_(points_a_day) { }

    [[nodiscard]] std::int64_t next() const {
        switch (guess_) {
        case Guess::zero:
            return 0;
        case Guess::last:
            return last_;
        case Guess::line:
            return std::clamp(2 * last_ - before_, -most_decimal, most_decimal);
        case Guess::quick_mean:
            return (quick_ + 32) >> 6;
        case Guess::slow_mean:
            return (slow_ + 32) >> 6;
        case Guess::day_before:
            return day_ > 0 && seen_.size() >= day_ ? seen_[seen_.size() - day_] : last_;
        }
        return 0;
    }
    void follow(std::int64_t number) {
        if (first_) {
            first_ = false;
            before_ = last_ = number;
            quick_ = slow_ = number * 64;
        }
        before_ = last_;
        last_ = number;
        quick_ += (number * 64 - quick_) >> 2;
        slow_ += (number * 64 - slow_) >> 4;
        if (guess_ == Guess::day_before)
            seen_.push_back(number);
    }

private:
    Guess guess_;
    std::size_t day_;
    std::int64_t last_ = 0, before_ = 0;
    std::int64_t quick_ = 0, slow_ = 0; // 64 x the mean
    bool first_ = true;
    std::vector<std::int64_t> seen_;
};

double value_at_place(std::int64_t place) {
    return std::bit_cast<double>(place < 0 ? std::numeric_limits<std::int64_t>::min() - place : place);
}

std::uint64_t size_of(std::int64_t number) {
    return number < 0 ? std::uint64_t { 0 } - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
}

std::int64_t signed_of(std::uint64_t size, bool negative) {
    return static_cast<std::int64_t>(negative ? std::uint64_t { 0 } - size : size);
}

constexpr std::int64_t most_off = 1 << 20; // places from the decimal; beyond, the value is written as it is

// A value as decimal number, and how many places of the order of doubles it lies beside; nullopt: as it is.
struct Numbered {
    std::int64_t number = 0;
    std::int64_t off = 0;
    auto operator<=>(Numbered const&) const = default;
};
std::optional<Numbered> numbered(double value, DecimalRule const& rule) {
    auto const number = decimal_number(value, rule);
    if (!number)
        return std::nullopt;
    auto const made = decimal_value(*number, rule);
    auto const off = static_cast<std::int64_t>(
        static_cast<std::uint64_t>(place_of(value)) - static_cast<std::uint64_t>(place_of(made)));
    if (off > most_off || off < -most_off)
        return std::nullopt;
    // -0 is no decimal: it lies beside 0 in this order, but 0 = -0 in others.
    if (std::bit_cast<std::uint64_t>(value_at_place(place_of(made) + off)) != std::bit_cast<std::uint64_t>(value))
        return std::nullopt;
    return Numbered { *number, off };
}

double value_of(Numbered const& one, DecimalRule const& rule) {
    auto const value = decimal_value(one.number, rule);
    return one.off == 0 ? value : value_at_place(place_of(value) + one.off);
}

// The contexts of a chunk's values; the same for both directions.
struct ValueModel {
    MagnitudeModel sizes, offs;
    AdaptiveBit negative, exact, off_negative, as_it_is;
};

std::size_t points_a_day(std::vector<Time> const& at) {
    if (at.size() < 2)
        return 0;
    auto const step = std::chrono::duration_cast<Milliseconds>(at[1] - at[0]);
    return step.count() <= 0 ? 0 : static_cast<std::size_t>(Milliseconds { Days { 1 } } / step);
}

// About the bits that the residuals would take.
double cost_of(Guess guess, std::vector<std::optional<Numbered>> const& all, std::size_t day) {
    Guesser guesser(guess, day);
    std::uint64_t bits = 0;
    for (auto const& one : all)
        if (one) {
            bits += static_cast<std::uint64_t>(std::bit_width(size_of(one->number - guesser.next())));
            guesser.follow(one->number);
        }
    return static_cast<double>(bits);
}

Guess best_guess(std::vector<std::optional<Numbered>> const& all, std::size_t day) {
    auto best = Guess::last;
    auto least = cost_of(best, all, day);
    for (auto const guess : guesses) {
        if (guess == Guess::day_before && (day == 0 || all.size() < day + day / 4))
            continue;
        // A guess must earn its place: equal costs go to the plain ones.
        if (auto const cost = cost_of(guess, all, day); cost < least * 0.995) {
            least = cost;
            best = guess;
        }
    }
    return best;
}

void encode_decimals(RangeEncoder& out, std::vector<double> const& values,
    std::vector<std::optional<Numbered>> const& all, Guess guess, std::size_t day) {
    ValueModel model;
    Guesser guesser(guess, day);
    for (std::size_t i = 0; i < values.size(); ++i) {
        auto const& one = all[i];
        bool const exact = one && one->off == 0;
        out.bit(model.exact, exact);
        if (!exact) {
            out.bit(model.as_it_is, !one);
            if (!one) {
                out.raw(std::bit_cast<std::uint64_t>(values[i]), 64);
                continue;
            }
            out.bit(model.off_negative, one->off < 0);
            model.offs.encode(out, size_of(one->off) - 1);
        }
        auto const residual = one->number - guesser.next();
        model.sizes.encode(out, size_of(residual));
        if (residual != 0)
            out.bit(model.negative, residual < 0);
        guesser.follow(one->number);
    }
}

bool decode_decimals(RangeDecoder& in, std::vector<double>& values, std::size_t count, DecimalRule const& rule,
    Guess guess, std::size_t day) {
    ValueModel model;
    Guesser guesser(guess, day);
    for (std::size_t i = 0; i < count; ++i) {
        std::int64_t off = 0;
        if (!in.bit(model.exact)) {
            if (in.bit(model.as_it_is)) {
                values.push_back(std::bit_cast<double>(in.raw(64)));
                continue;
            }
            bool const negative = in.bit(model.off_negative);
            off = signed_of(model.offs.decode(in) + 1, negative);
            if (off > most_off || off < -most_off)
                return false;
        }
        auto const size = model.sizes.decode(in);
        bool const negative = size != 0 && in.bit(model.negative);
        auto const number = static_cast<std::int64_t>(
            static_cast<std::uint64_t>(guesser.next()) + static_cast<std::uint64_t>(signed_of(size, negative)));
        if (number > most_decimal / static_cast<std::int64_t>(rule.step)
            || number < -most_decimal / static_cast<std::int64_t>(rule.step))
            return false;
        values.push_back(value_of({ number, off }, rule));
        guesser.follow(number);
    }
    return true;
}

// No decimals: what differs from the value before, bit for bit.
void encode_bits(RangeEncoder& out, std::vector<double> const& values) {
    MagnitudeModel sizes;
    std::uint64_t before = 0;
    for (auto const value : values) {
        auto const bits = std::bit_cast<std::uint64_t>(value);
        sizes.encode(out, bits ^ before);
        before = bits;
    }
}

void decode_bits(RangeDecoder& in, std::vector<double>& values, std::size_t count) {
    MagnitudeModel sizes;
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < count; ++i) {
        before ^= sizes.decode(in);
        values.push_back(std::bit_cast<double>(before));
    }
}

// Times: the first, a common unit, and how many units lie between neighbours, less one.
std::uint64_t unit_of(std::vector<Time> const& at) {
    std::uint64_t unit = 0;
    for (std::size_t i = 1; i < at.size(); ++i)
        unit = std::gcd(unit, static_cast<std::uint64_t>((at[i] - at[i - 1]).count()));
    return std::max<std::uint64_t>(1, unit);
}

void encode_times(RangeEncoder& out, std::vector<Time> const& at, std::uint64_t unit) {
    MagnitudeModel gaps;
    for (std::size_t i = 1; i < at.size(); ++i)
        gaps.encode(out, static_cast<std::uint64_t>((at[i] - at[i - 1]).count()) / unit - 1);
}

bool decode_times(RangeDecoder& in, std::vector<Time>& at, std::size_t count, std::uint64_t unit) {
    MagnitudeModel gaps;
    while (at.size() < count) {
        auto const gap = gaps.decode(in);
        if (gap >= longest_span / unit)
            return false;
        auto const step = static_cast<std::int64_t>((gap + 1) * unit);
        if (at.back().time_since_epoch().count() > last_moment - step)
            return false;
        at.push_back(at.back() + Time::duration { step });
    }
    return true;
}

enum class ValueForm : std::uint8_t { bits, decimals, few };

// The distinct values, ascending; empty when there are too many, or one is no decimal.
std::vector<Numbered> few_numbers(std::vector<std::optional<Numbered>> const& all) {
    std::vector<Numbered> few;
    for (auto const& one : all) {
        if (!one)
            return {};
        auto const place = std::lower_bound(few.begin(), few.end(), *one);
        if (place != few.end() && *place == *one)
            continue;
        if (few.size() == most_few_values)
            return {};
        few.insert(place, *one);
    }
    return few;
}

std::string encode_few(std::vector<Time> const& at, std::uint64_t unit,
    std::vector<std::optional<Numbered>> const& all, std::vector<Numbered> const& few) {
    std::string head;
    put_number(head, few.size());
    std::int64_t before = 0;
    for (auto const& one : few) {
        put_signed(head, one.number - before);
        put_signed(head, one.off);
        before = one.number;
    }
    RangeEncoder out;
    encode_times(out, at, unit);
    FewValuesModel model;
    for (auto const& one : all)
        model.encode(out, static_cast<unsigned>(std::lower_bound(few.begin(), few.end(), *one) - few.begin()));
    return head + out.finish();
}

} // namespace

std::string encode_chunk(PointColumns const& points) {
    auto const unit = unit_of(points.at);
    auto const rule = fit_decimals(points.values);
    std::string head(1, version);
    put_number(head, points.size());
    put_signed(head, points.at.front().time_since_epoch().count());
    put_number(head, unit);
    if (!rule) {
        RangeEncoder out;
        encode_times(out, points.at, unit);
        encode_bits(out, points.values);
        return with_checksum(head + static_cast<char>(ValueForm::bits) + out.finish());
    }
    std::vector<std::optional<Numbered>> all;
    all.reserve(points.size());
    for (auto const value : points.values)
        all.push_back(numbered(value, *rule));
    std::string rule_bytes(1, static_cast<char>(rule->digits * 2 + (rule->in_two_steps ? 1 : 0)));
    put_number(rule_bytes, rule->step);
    auto const day = points_a_day(points.at);
    auto const guess = best_guess(all, day);
    auto body = rule_bytes + static_cast<char>(guess);
    put_number(body, day);
    RangeEncoder out;
    encode_times(out, points.at, unit);
    encode_decimals(out, points.values, all, guess, day);
    body += out.finish();
    auto form = ValueForm::decimals;
    if (auto const few = few_numbers(all); !few.empty())
        if (auto other = rule_bytes + encode_few(points.at, unit, all, few); other.size() < body.size()) {
            body = std::move(other);
            form = ValueForm::few;
        }
    return with_checksum(head + static_cast<char>(form) + body);
}

namespace {

struct ChunkHead {
    std::uint64_t count = 0;
    Time first {};
    std::uint64_t unit = 1;
    ValueForm form = ValueForm::bits;
    DecimalRule rule;
    Guess guess = Guess::zero;
    std::uint64_t day = 0;
    std::vector<Numbered> few;
};

bool read_rule(ByteReader& in, DecimalRule& rule) {
    auto const digits = in.byte();
    rule = { digits / 2, digits % 2 == 1, in.number() };
    return in.good() && rule.digits <= 9 && (!rule.in_two_steps || rule.digits >= 2) && rule.step != 0
        && rule.step <= static_cast<std::uint64_t>(most_decimal);
}

bool is_in_range(std::int64_t number, DecimalRule const& rule) {
    auto const most = most_decimal / static_cast<std::int64_t>(rule.step);
    return number <= most && number >= -most;
}

std::optional<ChunkHead> read_head(ByteReader& in) {
    ChunkHead head;
    head.count = in.number();
    auto const first = in.signed_number();
    head.unit = in.number();
    auto const form = in.byte();
    if (!in.good() || head.count == 0 || head.count > most_points_in_chunk || head.unit == 0
        || head.unit > longest_span || first > last_moment || first < -last_moment
        || form > static_cast<int>(ValueForm::few))
        return std::nullopt;
    head.first = Time { Time::duration { first } };
    head.form = static_cast<ValueForm>(form);
    if (head.form == ValueForm::bits)
        return head;
    if (!read_rule(in, head.rule))
        return std::nullopt;
    if (head.form == ValueForm::decimals) {
        auto const guess = in.byte();
        head.day = in.number();
        if (!in.good() || guess >= static_cast<int>(guesses.size()) || head.day > std::uint64_t { 1 } << 32U)
            return std::nullopt;
        head.guess = static_cast<Guess>(guess);
        return head;
    }
    auto const count = in.number();
    if (!in.good() || count == 0 || count > most_few_values)
        return std::nullopt;
    std::uint64_t number = 0; // unsigned: damaged differences may go round
    for (std::uint64_t i = 0; i < count; ++i) {
        number += static_cast<std::uint64_t>(in.signed_number());
        auto const off = in.signed_number();
        if (!in.good() || !is_in_range(static_cast<std::int64_t>(number), head.rule) || off > most_off
            || off < -most_off)
            return std::nullopt;
        head.few.push_back({ static_cast<std::int64_t>(number), off });
    }
    return head;
}

bool decode_few(RangeDecoder& in, std::vector<double>& values, ChunkHead const& head) {
    std::vector<double> made;
    for (auto const& one : head.few)
        made.push_back(value_of(one, head.rule));
    FewValuesModel model;
    for (std::uint64_t i = 0; i < head.count; ++i) {
        auto const place = model.decode(in);
        if (place >= made.size())
            return false;
        values.push_back(made[place]);
    }
    return true;
}

} // namespace

Result<PointColumns> decode_chunk(std::string_view bytes) {
    auto const damaged = Error { ErrorKind::corrupt, "a chunk of datapoints is damaged" };
    auto const checked = without_checksum(bytes);
    if (!checked || checked->empty())
        return damaged;
    ByteReader reader(*checked);
    if (reader.byte() != version)
        return Error { ErrorKind::corrupt, "a chunk of datapoints was written by a newer version" };
    auto const head = read_head(reader);
    if (!head)
        return damaged;
    PointColumns points;
    points.at.reserve(head->count);
    points.values.reserve(head->count);
    points.at.push_back(head->first);
    RangeDecoder in(reader.rest());
    if (!decode_times(in, points.at, head->count, head->unit))
        return damaged;
    bool good = true;
    if (head->form == ValueForm::bits)
        decode_bits(in, points.values, head->count);
    else if (head->form == ValueForm::few)
        good = decode_few(in, points.values, *head);
    else
        good = decode_decimals(
            in, points.values, head->count, head->rule, head->guess, static_cast<std::size_t>(head->day));
    return good ? Result<PointColumns>(std::move(points)) : damaged;
}

} // namespace convops
