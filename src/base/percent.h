// Percent-encoding of URLs and forms. https://www.rfc-editor.org/rfc/rfc3986#section-2.1
#pragma once

#include <string>
#include <string_view>

namespace convops {

enum class PlusSign : std::uint8_t { stays, is_a_space }; // in forms it is a space

// "%2F" -> "/". What is no encoding stays as it is.
inline std::string percent_decoded(std::string_view text, PlusSign plus = PlusSign::stays) {
    auto const digit = [](char c) {
        return c >= '0' && c <= '9' ? c - '0'
            : c >= 'A' && c <= 'F'  ? c - 'A' + 10
            : c >= 'a' && c <= 'f'  ? c - 'a' + 10
                                    : -1;
    };
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' && plus == PlusSign::is_a_space ? ' ' : text[i];
        }
    }
    return out;
}

} // namespace convops
