// Numbers of any size as bytes, and a checksum around them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace convops {

void put_number(std::string& out, std::uint64_t value); // seven bits a byte, smallest first
void put_signed(std::string& out, std::int64_t value);
void put_double(std::string& out, double value); // eight bytes, little-endian

// Never reads behind the end: what is missing is 0 and good() is false.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes)
        : rest_(bytes) { }
    int byte();
    std::uint64_t number();
    std::int64_t signed_number();
    double real();
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
    bool good_ = true;
};

// Four bytes in front; a damaged disk is found, an attacker is not kept out.
std::string with_checksum(std::string const& bytes);
std::optional<std::string_view> without_checksum(std::string_view bytes);

// Milliseconds since 1970 that a datapoint can have: until the year 2286.
inline constexpr std::int64_t last_moment = 10'000'000'000'000;
inline constexpr std::uint64_t longest_span = 10'000'000'000'000;

} // namespace convops
