#include "conversation/tokens.h"

#include "base/text.h"

#include <array>
#include <cctype>
#include <utility>

namespace convops {

namespace {

// Latin letters with marks, as UTF-8, and what people type who have no such key.
using Fold = std::pair<std::string_view, std::string_view>;
constexpr auto folds = std::to_array<Fold>({ { "ä", "a" }, { "ö", "o" }, { "ü", "u" }, { "Ä", "a" }, { "Ö", "o" },
    { "Ü", "u" }, { "ß", "ss" }, { "á", "a" }, { "é", "e" }, { "í", "i" }, { "ó", "o" }, { "ú", "u" }, { "ñ", "n" },
    { "Á", "a" }, { "É", "e" }, { "Í", "i" }, { "Ó", "o" }, { "Ú", "u" }, { "Ñ", "n" }, { "à", "a" }, { "è", "e" },
    { "ç", "c" }, { "’", "'" }, { "“", "\"" }, { "”", "\"" }, { "¿", " " }, { "¡", " " }, { "।", " " }, { "？", "?" },
    { "…", " " }, { "–", "-" }, { "\u00A0", " " }, { "ï", "i" } });

bool is_letter(char c) { // bytes of other scripts count as letters
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80 || c == '_';
}

} // namespace

std::string folded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        std::string_view replaced;
        std::size_t length = 1;
        if (static_cast<unsigned char>(text[i]) >= 0x80)
            for (auto const& [from, to] : folds)
                if (text.substr(i).starts_with(from)) {
                    replaced = to;
                    length = from.size();
                    break;
                }
        if (length > 1)
            out += replaced;
        else
            out += static_cast<unsigned char>(text[i]) < 0x80
                ? static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])))
                : text[i];
        i += length;
    }
    return out;
}

std::vector<std::string> tokens_of(std::string_view text) {
    auto const plain = folded(text);
    std::vector<std::string> tokens;
    std::string token;
    auto const flush = [&] {
        while (token.ends_with('-') || token.ends_with('.') || token.ends_with(':'))
            token.pop_back();
        if (!token.empty() && tokens.size() < most_tokens)
            tokens.push_back(token);
        token.clear();
    };
    for (auto const c : plain) {
        // Inside a word these belong to names: orders-db, t3.micro, checkout:42.
        auto const joins = (c == '-' || c == '.' || c == ':') && !token.empty();
        if (is_letter(c) || joins)
            token += c;
        else
            flush();
    }
    flush();
    return tokens;
}

std::vector<std::string> parts_of(std::string_view name) {
    std::string spaced;
    for (std::size_t i = 0; i < name.size(); ++i) {
        auto const upper = [&](std::size_t at) {
            return at < name.size() && std::isupper(static_cast<unsigned char>(name[at])) != 0;
        };
        // "CPUUtilization" -> CPU Utilization, "ReadIOPS" -> Read IOPS
        if (i > 0 && upper(i)
            && (!upper(i - 1)
                || (i + 1 < name.size() && !upper(i + 1)
                    && std::isalpha(static_cast<unsigned char>(name[i + 1])) != 0)))
            spaced += ' ';
        spaced
            += std::isalnum(static_cast<unsigned char>(name[i])) != 0 || static_cast<unsigned char>(name[i]) >= 0x80
            ? name[i]
            : ' ';
    }
    return tokens_of(spaced);
}

} // namespace convops
