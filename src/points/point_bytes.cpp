#include "points/point_bytes.h"

#include <bit>
#include <cstring>

namespace convops {

namespace {

// Eight bytes at a time, then one (FNV-1a with a rotation, so that high bits reach low ones).
std::uint64_t checksum_of(std::string_view bytes) {
    constexpr std::uint64_t prime = 0x9E3779B97F4A7C15ULL;
    std::uint64_t sum = 0xCBF29CE484222325ULL ^ bytes.size();
    while (bytes.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), 8);
        sum = std::rotl((sum ^ word) * prime, 29);
        bytes.remove_prefix(8);
    }
    for (char const c : bytes)
        sum = std::rotl((sum ^ static_cast<unsigned char>(c)) * prime, 29);
    return sum ^ (sum >> 32U);
}

constexpr std::size_t checksum_bytes = 4;

std::string checksum_text(std::string_view bytes) {
    auto const sum = checksum_of(bytes);
    std::string text;
    for (std::size_t i = 0; i < checksum_bytes; ++i)
        text += static_cast<char>((sum >> (8 * i)) & 0xFFU);
    return text;
}

} // namespace

void put_number(std::string& out, std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U)
        out += static_cast<char>(0x80U | (value & 0x7FU));
    out += static_cast<char>(value);
}

void put_signed(std::string& out, std::int64_t value) {
    put_number(out, (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63));
}

void put_double(std::string& out, double value) {
    auto const bits = std::bit_cast<std::uint64_t>(value);
    char bytes[8];
    for (std::size_t i = 0; i < 8; ++i)
        bytes[i] = static_cast<char>((bits >> (8 * i)) & 0xFFU);
    out.append(bytes, 8);
}

int ByteReader::byte() {
    if (rest_.empty()) {
        good_ = false;
        return 0;
    }
    auto const value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
}

std::uint64_t ByteReader::number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        auto const next = static_cast<std::uint64_t>(byte());
        value |= (next & 0x7FU) << shift;
        if (next < 0x80U)
            return value;
    }
    good_ = false;
    return 0;
}

std::int64_t ByteReader::signed_number() {
    auto const value = number();
    return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
}

double ByteReader::real() {
    if (rest_.size() < 8) {
        good_ = false;
        rest_ = {};
        return 0;
    }
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 8; ++i)
        bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(rest_[i])) << (8 * i);
    rest_.remove_prefix(8);
    return std::bit_cast<double>(bits);
}

std::string with_checksum(std::string const& bytes) {
    return checksum_text(bytes) + bytes;
}

std::optional<std::string_view> without_checksum(std::string_view bytes) {
    if (bytes.size() < checksum_bytes
        || checksum_text(bytes.substr(checksum_bytes)) != bytes.substr(0, checksum_bytes))
        return std::nullopt;
    return bytes.substr(checksum_bytes);
}

} // namespace convops
