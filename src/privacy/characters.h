// Classes of bytes, without a locale. Bytes of 0x80 and above are parts of letters: names are not only English.
#pragma once

#include <string_view>

namespace convops::characters {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
constexpr bool is_foreign(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_letter(char c) {
    return is_lower(c) || is_upper(c);
}
constexpr bool is_alphanumeric(char c) {
    return is_letter(c) || is_digit(c);
}
constexpr bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_word(char c) {
    return is_alphanumeric(c) || c == '_';
}
constexpr bool is_base64url(char c) {
    return is_word(c) || c == '-';
}
constexpr bool is_base64(char c) {
    return is_alphanumeric(c) || c == '+' || c == '/';
}
constexpr bool is_token(char c) {
    return is_base64url(c) || c == '.' || c == '/' || c == '+' || c == '=' || c == '~' || c == '%';
}
// What the name of a field is made of.
constexpr bool is_field(char c) {
    return is_base64url(c) || is_foreign(c);
}

template <typename Belongs> constexpr std::size_t run_length(std::string_view text, Belongs belongs) {
    std::size_t length = 0;
    while (length < text.size() && belongs(text[length]))
        ++length;
    return length;
}

} // namespace convops::characters
