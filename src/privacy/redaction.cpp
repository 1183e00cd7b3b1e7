#include "privacy/redaction.h"

#include "privacy/addresses.h"
#include "privacy/characters.h"
#include "privacy/person_names.h"
#include "privacy/personal_numbers.h"
#include "privacy/secrets.h"

#include <array>

namespace convops {

using namespace characters;

namespace {

constexpr std::size_t most_stand_ins = 4096; // of one exchange; what is beyond them does not come back
constexpr std::size_t most_field_bytes = 64;
constexpr std::array<std::string_view, 8> kinds { "email", "phone", "card", "iban", "id", "ip", "name", "text" };

struct Found {
    Span span;
    std::string_view kind;
};

// "[email-1]": the length of a stand-in, whether it was ever given out or not.
std::size_t stand_in_length(std::string_view text) {
    constexpr std::size_t most_digits = 6;
    for (auto const kind : kinds) {
        if (!text.substr(1).starts_with(kind))
            continue;
        auto const dash = 1 + kind.size();
        if (dash >= text.size() || text[dash] != '-')
            continue;
        auto const digits = run_length(text.substr(dash + 1, most_digits + 1), is_digit);
        auto const end = dash + 1 + digits;
        return digits >= 1 && digits <= most_digits && end < text.size() && text[end] == ']' ? end + 1 : 0;
    }
    return 0;
}

// What begins at `at`, or is announced by the word there. The texts that look like stand-ins are hidden, too: a log
// line that writes "[email-1]" must not get somebody's address in the answer.
Found found_at(std::string_view text, std::size_t at) {
    if (text[at] == '[')
        return { { at, stand_in_length(text.substr(at)) }, "text" };
    if (auto const length = email_length(text, at); length > 0)
        return { { at, length }, "email" };
    if (is_digit(text[at]))
        if (auto const length = ip_address_length(text, at); length > 0)
            return { { at, length }, "ip" };
    if (auto const number = personal_number(text, at); number.length > 0)
        return { { at, number.length }, number.kind };
    bool const starts_word = (is_letter(text[at]) || is_foreign(text[at])) && (at == 0 || !is_field(text[at - 1]));
    if (!starts_word)
        return {};
    if (auto const name = name_before_address(text, at); name.size > 0)
        return { name, "name" };
    auto const word = run_length(text.substr(at, most_field_bytes), is_field);
    return { name_behind(text, at, word), "name" };
}

} // namespace

std::string Redaction::stand_in(std::string_view kind, std::string_view value) {
    if (auto const known = stand_ins_.find(value); known != stand_ins_.end())
        return known->second;
    if (originals_.size() >= most_stand_ins)
        return "[" + std::string(kind) + "]";
    auto count = counts_.find(kind);
    if (count == counts_.end())
        count = counts_.emplace(kind, 0).first;
    auto name = "[" + std::string(kind) + "-" + std::to_string(++count->second) + "]";
    stand_ins_.emplace(value, name);
    originals_.emplace(name, value);
    return name;
}

std::string Redaction::hide(std::string_view text) {
    auto const clean = without_secrets(text);
    std::string_view const rest = clean;
    std::string out;
    std::size_t copied = 0;
    for (std::size_t at = 0; at < rest.size();) {
        auto const [span, kind] = found_at(rest, at);
        if (span.size == 0) {
            ++at;
            continue;
        }
        out += rest.substr(copied, span.from - copied);
        out += stand_in(kind, rest.substr(span.from, span.size));
        copied = span.from + span.size;
        at = copied;
    }
    out += rest.substr(copied);
    return out;
}

std::string Redaction::restore(std::string_view text) const {
    std::string out;
    std::size_t copied = 0;
    for (auto at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
        auto const length = stand_in_length(text.substr(at));
        auto const original = originals_.find(text.substr(at, length));
        if (length == 0 || original == originals_.end())
            continue;
        out += text.substr(copied, at - copied);
        out += original->second;
        copied = at + length;
    }
    out += text.substr(copied);
    return out;
}

} // namespace convops
