// A binary range coder with adaptive probabilities: each decision costs -log2 of the probability that it had, learned
// from the decisions before it in the same context. The carry scheme is the one of LZMA (Pavlov).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace convops {

// The probability of a 1 in one context: learns fast at first, then with a fixed rate, so that it follows changes.
class AdaptiveBit {
public:
    static constexpr int precision = 15;
    [[nodiscard]] std::uint32_t one() const { return probability_; }
    [[nodiscard]] unsigned seen() const { return count_; } // decisions, up to a bound
    void learn(bool bit) {
        auto const rate = rates[count_];
        count_ = static_cast<std::uint16_t>(count_ + (count_ + 1U < rates.size() ? 1 : 0));
        if (bit)
            probability_ = static_cast<std::uint16_t>(probability_ + (((most - probability_) * rate) >> 16U));
        else
            probability_ = static_cast<std::uint16_t>(probability_ - (((probability_ - least) * rate) >> 16U));
    }

private:
    static constexpr std::uint32_t least = 24, most = (1U << precision) - 24;
    // 65,536 / (n + 1.6) for the n-th decision, down to 1/64.
    static constexpr auto rates = [] {
        std::array<std::uint32_t, 64> all {};
        for (std::size_t n = 0; n < all.size(); ++n)
            all[n] = static_cast<std::uint32_t>(655'360 / (10 * n + 16));
        return all;
    }();
    std::uint16_t probability_ = 1U << (precision - 1);
    std::uint16_t count_ = 0;
};

class RangeEncoder {
public:
    void bit(AdaptiveBit& context, bool value) {
        decide(context.one(), value);
        context.learn(value);
    }
    // `one`: the probability of a 1, of 2^precision.
    void decide(std::uint32_t one, bool value) {
        auto const bound = (range_ >> AdaptiveBit::precision) * one;
        if (value) {
            range_ = bound;
        } else {
            low_ += bound;
            range_ -= bound;
        }
        while (range_ < lowest_range) {
            range_ <<= 8U;
            shift();
        }
    }
    // `count` bits that no context knows anything about.
    void raw(std::uint64_t value, unsigned count) {
        while (count > 0) {
            unsigned const piece = count > 16 ? 16 : count;
            count -= piece;
            range_ >>= piece;
            low_ += static_cast<std::uint64_t>(range_) * ((value >> count) & ((1U << piece) - 1U));
            while (range_ < lowest_range) {
                range_ <<= 8U;
                shift();
            }
        }
    }
    std::string finish() {
        for (int i = 0; i < 5; ++i)
            shift();
        // A decoder reads zeros behind the end.
        while (!bytes_.empty() && bytes_.back() == '\0')
            bytes_.pop_back();
        return std::move(bytes_);
    }

private:
    static constexpr std::uint32_t lowest_range = 1U << 24U;
    void shift() {
        if (low_ < 0xFF000000U || low_ > 0xFFFFFFFFU) {
            auto const carry = static_cast<std::uint8_t>(low_ >> 32U);
            if (started_)
                bytes_ += static_cast<char>(static_cast<std::uint8_t>(held_ + carry));
            started_ = true;
            for (; waiting_ > 0; --waiting_)
                bytes_ += static_cast<char>(static_cast<std::uint8_t>(0xFFU + carry));
            held_ = static_cast<std::uint8_t>(low_ >> 24U);
        } else {
            ++waiting_;
        }
        low_ = (low_ << 8U) & 0xFFFFFFFFU;
    }

    std::string bytes_;
    std::uint64_t low_ = 0;
    std::uint32_t range_ = 0xFFFFFFFFU;
    std::uint8_t held_ = 0;
    std::size_t waiting_ = 0; // bytes 0xFF that a carry may still turn over
    bool started_ = false;
};

// Never reads behind its bytes and never fails: damaged bytes give wrong decisions, which a checksum has to find.
class RangeDecoder {
public:
    explicit RangeDecoder(std::string_view bytes)
        : at_(reinterpret_cast<std::uint8_t const*>(bytes.data()))
        , end_(at_ + bytes.size()) {
        for (int i = 0; i < 4; ++i)
            code_ = (code_ << 8U) | next();
    }
    bool bit(AdaptiveBit& context) {
        bool const value = decide(context.one());
        context.learn(value);
        return value;
    }
    bool decide(std::uint32_t one) {
        auto const bound = (range_ >> AdaptiveBit::precision) * one;
        bool const value = code_ < bound;
        if (value) {
            range_ = bound;
        } else {
            code_ -= bound;
            range_ -= bound;
        }
        while (range_ < lowest_range) {
            range_ <<= 8U;
            code_ = (code_ << 8U) | next();
        }
        return value;
    }
    std::uint64_t raw(unsigned count) {
        std::uint64_t value = 0;
        while (count > 0) {
            unsigned const piece = count > 16 ? 16 : count;
            count -= piece;
            range_ >>= piece;
            auto part = code_ / range_;
            auto const most = (1U << piece) - 1U;
            if (part > most) // only damaged bytes get here
                part = most;
            code_ -= part * range_;
            value = (value << piece) | part;
            while (range_ < lowest_range) {
                range_ <<= 8U;
                code_ = (code_ << 8U) | next();
            }
        }
        return value;
    }

private:
    static constexpr std::uint32_t lowest_range = 1U << 24U;
    std::uint32_t next() { return at_ == end_ ? 0U : *at_++; }

    std::uint8_t const* at_;
    std::uint8_t const* end_;
    std::uint32_t code_ = 0;
    std::uint32_t range_ = 0xFFFFFFFFU;
};

} // namespace convops
