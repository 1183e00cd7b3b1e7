#include "privacy/personal_numbers.h"

#include "base/text.h"
#include "privacy/characters.h"

#include <algorithm>
#include <array>
#include <vector>

namespace convops {

using namespace characters;

namespace {

constexpr std::size_t most_number_bytes = 48;
constexpr std::size_t most_groups = 10;

// "+49 (171) 123-4567": groups of digits and what stands between them.
struct Groups {
    std::string digits;
    std::array<std::size_t, most_groups> sizes {};
    std::array<std::size_t, most_groups> ends {}; // in the text, behind the group
    std::array<std::string_view, most_groups> before {}; // separators
    std::size_t count = 0;
    bool is_international = false; // begins with "+"
};

std::size_t separator_length(std::string_view text) {
    for (std::string_view const one : { ") ", " / ", " (", ") -", " - ", ")-", "(", ")", " ", "-", ".", "/" })
        if (text.starts_with(one) && text.size() > one.size() && is_digit(text[one.size()]))
            return one.size();
    // "+1 (415)", ") 555"
    return 0;
}

Groups read_groups(std::string_view text) {
    text = text.substr(0, most_number_bytes);
    Groups groups;
    std::size_t at = 0;
    if (text.starts_with("+")) {
        groups.is_international = true;
        at = 1;
    }
    std::size_t separator = text.substr(at).starts_with("(") ? 1 : 0;
    while (groups.count < most_groups) {
        auto const length = run_length(text.substr(at + separator), is_digit);
        if (length == 0)
            break;
        auto const index = groups.count++;
        groups.before[index] = text.substr(at, separator);
        groups.digits += text.substr(at + separator, length);
        groups.sizes[index] = length;
        at += separator + length;
        groups.ends[index] = at;
        separator = separator_length(text.substr(at));
        if (separator == 0)
            break;
    }
    return groups;
}

// Whether the groups begin with groups of these sizes, all behind one of `separators`.
bool has_shape(Groups const& groups, std::initializer_list<std::size_t> sizes, std::string_view separators) {
    if (groups.count < sizes.size() || groups.is_international)
        return false;
    std::size_t index = 0;
    for (auto const size : sizes) {
        if (groups.sizes[index] != size)
            return false;
        if (index > 0
            && (groups.before[index].size() != 1 || separators.find(groups.before[index]) == std::string_view::npos
                || groups.before[index] != groups.before[1]))
            return false;
        ++index;
    }
    return true;
}

bool ends_there(std::string_view text, std::size_t end) {
    if (end >= text.size())
        return true;
    if (is_word(text[end]))
        return false;
    auto const next = end + 1 < text.size() ? text[end + 1] : ' ';
    // What goes on behind a hyphen is an id: "07392658-4113-f6df-...".
    bool const goes_on = (text[end] == '.' && is_digit(next)) || (text[end] == '-' && is_alphanumeric(next));
    return !goes_on;
}

bool passes_luhn(std::string_view number) {
    int sum = 0;
    for (std::size_t i = 0; i < number.size(); ++i) {
        int digit = number[number.size() - 1 - i] - '0';
        if (i % 2 == 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

// The ranges that issuers use, ISO/IEC 7812: without them one number in ten would pass.
bool is_card(std::string_view number) {
    auto const first = [&](std::size_t digits) {
        int value = 0;
        for (char const c : number.substr(0, digits))
            value = value * 10 + (c - '0');
        return value;
    };
    auto const in = [](int value, int from, int to) { return value >= from && value <= to; };
    bool issued = false;
    if (number.size() == 16)
        issued = first(1) == 4 || in(first(2), 51, 55) || in(first(4), 2221, 2720) || first(4) == 6011
            || in(first(3), 644, 649) || first(2) == 65 || first(2) == 62 || in(first(4), 3528, 3589)
            || first(2) == 60 || in(first(2), 50, 50) || in(first(2), 56, 58);
    else if (number.size() == 15)
        issued = first(2) == 34 || first(2) == 37;
    else if (number.size() == 14)
        issued = in(first(3), 300, 305) || first(2) == 36 || first(2) == 38;
    else if (number.size() == 19)
        issued = first(1) == 4 || first(2) == 62;
    return issued && passes_luhn(number);
}

std::size_t card_length(std::string_view text, std::size_t at, Groups const& groups) {
    std::size_t count = 0;
    if (groups.sizes[0] >= 14)
        count = 1;
    else if (has_shape(groups, { 4, 4, 4, 4 }, " -"))
        count = 4;
    else if (has_shape(groups, { 4, 6, 5 }, " -") || has_shape(groups, { 4, 6, 4 }, " -"))
        count = 3;
    if (count == 0 || groups.is_international)
        return 0;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < count; ++i)
        digits += groups.sizes[i];
    auto const length = groups.ends[count - 1];
    return is_card(std::string_view(groups.digits).substr(0, digits)) && ends_there(text, at + length) ? length : 0;
}

int remainder_97(std::string_view text) {
    int rest = 0;
    for (char const c : text)
        rest = is_digit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
    return rest;
}

// ISO 13616: country, two check digits, up to 30 more, with or without a space after each four.
std::size_t iban_length(std::string_view text, std::size_t at) {
    auto const rest = text.substr(at, most_number_bytes);
    if (rest.size() < 15 || !is_upper(rest[0]) || !is_upper(rest[1]) || !is_digit(rest[2]) || !is_digit(rest[3]))
        return 0;
    std::string compact;
    std::size_t end = 0;
    std::size_t whole = 0;
    bool const is_spaced = rest[4] == ' ';
    while (end < rest.size() && compact.size() < 34) {
        if (is_spaced && rest[end] == ' ' && compact.size() % 4 == 0) {
            ++end;
            continue;
        }
        if (!is_upper(rest[end]) && !is_digit(rest[end]))
            break;
        compact += rest[end++];
        bool const may_end = compact.size() >= 15 && ends_there(text, at + end);
        if (may_end && remainder_97(compact.substr(4) + compact.substr(0, 4)) == 1)
            whole = end;
    }
    return whole;
}

// The check digit of India's Aadhaar numbers: https://en.wikipedia.org/wiki/Verhoeff_algorithm
bool passes_verhoeff(std::string_view number) {
    constexpr std::array<std::string_view, 10> product { "0123456789", "1234067895", "2340178956", "3401289567",
        "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210" };
    constexpr std::array<std::string_view, 8> permutation { "0123456789", "1576283094", "5803796142", "8916043527",
        "9453126870", "4286573901", "2793806415", "7046913258" };
    std::size_t check = 0;
    for (std::size_t i = 0; i < number.size(); ++i) {
        auto const digit = static_cast<std::size_t>(number[number.size() - 1 - i] - '0');
        check = static_cast<std::size_t>(
            product[check][static_cast<std::size_t>(permutation[i % 8][digit] - '0')] - '0');
    }
    return check == 0;
}

bool passes_cpf(std::string_view number) {
    for (std::size_t length = 9; length < 11; ++length) {
        int sum = 0;
        for (std::size_t i = 0; i < length; ++i)
            sum += (number[i] - '0') * static_cast<int>(length + 1 - i);
        if (sum * 10 % 11 % 10 != number[length] - '0')
            return false;
    }
    return true;
}

bool is_social_security(std::string_view number) {
    return number.substr(0, 3) != "000" && number.substr(0, 3) != "666" && number[0] != '9'
        && number.substr(3, 2) != "00" && number.substr(5, 4) != "0000";
}

std::size_t national_id_length(std::string_view text, std::size_t at, Groups const& groups) {
    auto const ends = [&](std::size_t count) { return ends_there(text, at + groups.ends[count - 1]); };
    if (has_shape(groups, { 3, 2, 4 }, "-") && ends(3) && is_social_security(groups.digits))
        return groups.ends[2];
    if (has_shape(groups, { 4, 4, 4 }, " -") && ends(3) && groups.digits[0] >= '2'
        && passes_verhoeff(std::string_view(groups.digits).substr(0, 12)))
        return groups.ends[2];
    if (groups.count >= 4 && groups.sizes[0] == 3 && groups.sizes[1] == 3 && groups.sizes[2] == 3
        && groups.sizes[3] == 2 && groups.before[1] == "." && groups.before[2] == "." && groups.before[3] == "-"
        && passes_cpf(groups.digits))
        return groups.ends[3];
    // Spain: eight digits and the letter that they demand.
    auto const end = at + groups.ends[0];
    if (groups.sizes[0] == 8 && end < text.size() && ends_there(text, end + 1)) {
        int value = 0;
        for (std::size_t i = 0; i < 8; ++i)
            value = value * 10 + (groups.digits[i] - '0');
        if (std::string_view("TRWAGMYFPDXBNJZSQVHLCKE")[static_cast<std::size_t>(value % 23)] == text[end])
            return 9;
    }
    return 0;
}

// India's tax number ABCPE1234F, Britain's AB123456C.
std::size_t lettered_id_length(std::string_view text, std::size_t at) {
    auto const rest = text.substr(at, 11);
    auto const all = [&](std::size_t from, std::size_t count, bool (*belongs)(char)) {
        return from + count <= rest.size() && run_length(rest.substr(from, count), belongs) == count;
    };
    if (all(0, 5, is_upper) && all(5, 4, is_digit) && all(9, 1, is_upper) && ends_there(text, at + 10)
        && std::string_view("PCHFATBLJG").find(rest[3]) != std::string_view::npos)
        return 10;
    if (all(0, 2, is_upper) && all(2, 6, is_digit) && rest.size() > 8 && rest[8] >= 'A' && rest[8] <= 'D'
        && ends_there(text, at + 9))
        return 9;
    return 0;
}

// Whether a word shortly before `at` says that a telephone number follows.
bool is_announced(std::string_view text, std::size_t at) {
    constexpr std::size_t looks_back = 32;
    auto const size = std::min(at, looks_back);
    auto before = text.substr(at - size, size);
    before.remove_prefix(std::min(before.find_last_of(";&{}\n|") + 1, before.size()));
    auto const lower = to_lower(before);
    for (std::string_view const word : { "phone", "mobile", "telefon", "teléfono", "telefono", "téléphone", "msisdn",
             "whatsapp", "callback", "rufnummer", "móvil", "movil", "celular", "फ़ोन", "मोबाइल", "contact number" })
        if (lower.find(word) != std::string::npos)
            return true;
    for (std::string_view const word : { "tel", "sms", "fax", "handy", "cell", "call", "caller", "wa_id" }) {
        auto const found = lower.rfind(word);
        if (found == std::string::npos)
            continue;
        auto const end = found + word.size();
        bool const begins = found == 0 || !is_letter(before[found - 1]) || is_upper(before[found]);
        if (begins && (end >= lower.size() || !is_lower(before[end])))
            return true;
    }
    return false;
}

// How many groups, from the first, make at most `most` digits.
std::size_t groups_within(Groups const& groups, std::size_t most, std::size_t& digits) {
    digits = 0;
    std::size_t count = 0;
    while (count < groups.count && digits + groups.sizes[count] <= most)
        digits += groups.sizes[count++];
    return count;
}

// North America: area and exchange begin with 2 to 9.
bool is_north_american(Groups const& groups) {
    bool const bracketed = groups.count >= 3 && groups.before[0] == "(" && groups.sizes[0] == 3
        && groups.sizes[1] == 3 && groups.sizes[2] == 4;
    return (bracketed || has_shape(groups, { 3, 3, 4 }, "-") || has_shape(groups, { 3, 3, 4 }, "."))
        && groups.digits[0] >= '2' && groups.digits[3] >= '2';
}

// "0171 1234567", "030/1234567", "06 12 34 56 78", "020 7946 0958": an area that begins with 0, then the line.
bool is_national(Groups const& groups, std::size_t digits) {
    if (groups.count < 2 || groups.digits[0] != '0' || groups.digits[1] == '0' || groups.before[1] == ".")
        return false;
    if (has_shape(groups, { 2, 2, 2, 2, 2 }, " ."))
        return true;
    return groups.sizes[0] >= 3 && groups.sizes[0] <= 5 && digits >= 9 && digits <= 12
        && groups.before[1].find('(') == std::string_view::npos;
}

std::size_t phone_length(std::string_view text, std::size_t at, Groups const& groups) {
    // E.164: at most 15 digits. https://www.itu.int/rec/T-REC-E.164
    constexpr std::size_t most_digits = 15;
    std::size_t digits = 0;
    auto count = groups_within(groups, most_digits + 2, digits);
    // A decimal point is no separator but in 415.555.0123.
    if (!is_north_american(groups))
        for (std::size_t i = 1; i < count; ++i)
            if (groups.before[i] == "." && !groups.is_international) {
                count = i;
                digits = 0;
                for (std::size_t j = 0; j < i; ++j)
                    digits += groups.sizes[j];
            }
    if (count == 0 || !ends_there(text, at + groups.ends[count - 1]))
        return 0;
    bool const international
        = (groups.is_international && digits >= 8 && digits <= most_digits && groups.digits[0] != '0')
        || (count >= 2 && groups.digits.starts_with("00") && digits >= 10 && groups.digits[2] != '0');
    if (international || (digits >= 7 && digits <= most_digits && is_announced(text, at)))
        return groups.ends[count - 1];
    if (is_north_american(groups))
        return ends_there(text, at + groups.ends[2]) ? groups.ends[2] : 0;
    return is_national(groups, digits) ? groups.ends[count - 1] : 0;
}

} // namespace

PersonalNumber personal_number(std::string_view text, std::size_t at) {
    char const c = text[at];
    char const before = at == 0 ? ' ' : text[at - 1];
    if (is_word(before) || before == '.' || before == '+')
        return {};
    if (is_upper(c)) {
        if (auto const length = iban_length(text, at); length > 0)
            return { length, "iban" };
        auto const length = lettered_id_length(text, at);
        return { length, "id" };
    }
    if (!is_digit(c) && c != '+' && c != '(')
        return {};
    auto const groups = read_groups(text.substr(at));
    if (groups.count == 0)
        return {};
    if (auto const length = card_length(text, at, groups); length > 0)
        return { length, "card" };
    bool const is_part = (before == '-' || before == '/') && at >= 2 && is_alphanumeric(text[at - 2]);
    if (is_part)
        return {};
    if (auto const length = national_id_length(text, at, groups); length > 0)
        return { length, "id" };
    return { phone_length(text, at, groups), "phone" };
}

} // namespace convops
