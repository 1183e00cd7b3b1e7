#include "labelled_lines.h"

#include <array>
#include <functional>
#include <map>
#include <span>

namespace convops::labelled {

namespace {

using Dice = std::mt19937_64;

constexpr std::string_view digits = "0123456789";
constexpr std::string_view hex = "0123456789abcdef";
constexpr std::string_view upper_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::string_view alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::size_t below(Dice& dice, std::size_t limit) {
    return static_cast<std::size_t>(dice() % limit);
}

std::string some(Dice& dice, std::string_view alphabet, std::size_t length) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i)
        text += alphabet[below(dice, alphabet.size())];
    return text;
}

std::string one_of(Dice& dice, std::span<char const* const> all) {
    return all[below(dice, all.size())];
}

constexpr std::array first_names { "Maria", "Alice", "Jürgen", "Priya", "José", "Siobhan", "Łukasz", "Chen", "Fatima",
    "Oluwaseun", "Dmitri", "Yuki", "Rahul", "Ingrid", "Mateo", "Zoë", "Ahmed", "Thandiwe", "Liam", "Björn", "Ananya",
    "Giulia", "Tomasz", "Nadia", "Kwame", "Sven", "Leila", "Hiroshi", "Carmen", "Vikram", "Heidi", "Pablo", "Amélie",
    "Emeka", "Rosa", "Deepak", "Katarina", "Wei", "Samira", "Patrick" };
constexpr std::array last_names { "Schmidt", "Okafor", "Sharma", "García", "O'Brien", "Kowalski", "Nguyen", "Müller",
    "Iyer", "Rossi", "Johansson", "Tanaka", "Haddad", "Fernández", "Mbeki", "Petrov", "Lindqvist", "Dubois", "Khan",
    "Whitfield", "Yılmaz", "Bianchi", "Adeyemi", "Hoffmann", "Patel", "Moreau", "Kaur", "Castillo", "Novak",
    "Weatherby", "Strobel", "Venkataraman", "de la Cruz", "van Dijk", "MacGregor", "Sörensen" };
constexpr std::array hindi_names { "प्रिया शर्मा", "राहुल वर्मा", "अनन्या", "दीपक कुमार" };
constexpr std::array words { "summer", "dragon", "coffee", "banana", "winter", "tiger", "sunny", "orange" };
constexpr std::array domains { "example.com", "mail.example.org", "acme-shop.de", "correo.example.es", "gmail.com",
    "beispiel.co.uk", "example.in", "studio.photography" };

std::string ascii_word(std::string_view name) {
    std::string out;
    for (char const c : name)
        if (std::isalpha(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80)
            out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out.size() < 2 ? "alex" : out;
}

std::string login(Dice& dice) {
    auto const first = ascii_word(one_of(dice, first_names));
    auto const last = ascii_word(one_of(dice, last_names));
    switch (below(dice, 5)) {
    case 0:
        return first + "." + last;
    case 1:
        return first.substr(0, 1) + last;
    case 2:
        return first + "_" + last;
    case 3:
        return first + some(dice, digits, 2);
    default:
        return first;
    }
}

std::string email(Dice& dice) {
    std::string const joins[] { ".", "_", "-", "+" };
    auto local = ascii_word(one_of(dice, first_names));
    if (below(dice, 4) != 0)
        local += joins[below(dice, 4)] + ascii_word(one_of(dice, last_names));
    if (below(dice, 4) == 0)
        local += some(dice, digits, 2);
    return local + "@" + one_of(dice, domains);
}

// A password whose characters survive where no quotes stand.
std::string password(Dice& dice) {
    switch (below(dice, 4)) {
    case 0:
        return std::string(one_of(dice, words)) + some(dice, digits, 2 + below(dice, 3));
    case 1:
        return "P" + some(dice, "@a4", 1) + "ss" + some(dice, "w0rd!$", 4) + some(dice, digits, 2);
    case 2:
        return some(dice, alphanumeric, 8 + below(dice, 20));
    default:
        return some(dice, alphanumeric, 4) + some(dice, "!$#%^*_+.", 2)
            + some(dice, alphanumeric, 4 + below(dice, 8));
    }
}

std::string hex_of(std::string_view text) {
    std::string out;
    for (char const c : text)
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            out += c;
        else {
            auto const byte = static_cast<unsigned char>(c);
            out += '%';
            out += "0123456789ABCDEF"[byte >> 4U];
            out += "0123456789ABCDEF"[byte & 15U];
        }
    return out;
}

std::string jwt(Dice& dice) {
    return "eyJ" + some(dice, base64url, 33) + "." + "eyJ" + some(dice, base64url, 60 + below(dice, 200)) + "."
        + some(dice, base64url, 43);
}

// The digit that makes the number pass Luhn's test is appended.
std::string with_luhn_digit(std::string number) {
    int sum = 0;
    for (std::size_t i = 0; i < number.size(); ++i) {
        int digit = number[number.size() - 1 - i] - '0';
        if (i % 2 == 0)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    number += static_cast<char>('0' + (10 - sum % 10) % 10);
    return number;
}

std::string card(Dice& dice) {
    std::string const starts[] { "4", "51", "55", "34", "37", "6011", "2221", "4000" };
    auto const start = starts[below(dice, 8)];
    std::size_t const length = start[0] == '3' ? 15 : 16;
    return with_luhn_digit(start + some(dice, digits, length - 1 - start.size()));
}

std::string grouped_card(Dice& dice) {
    auto const number = card(dice);
    char const separator = below(dice, 2) == 0 ? ' ' : '-';
    if (number.size() == 15)
        return number.substr(0, 4) + separator + number.substr(4, 6) + separator + number.substr(10);
    std::string out;
    for (std::size_t i = 0; i < number.size(); ++i) {
        if (i > 0 && i % 4 == 0)
            out += separator;
        out += number[i];
    }
    return out;
}

int remainder_97(std::string_view text) {
    int rest = 0;
    for (char const c : text) {
        if (c >= '0' && c <= '9')
            rest = (rest * 10 + (c - '0')) % 97;
        else
            rest = (rest * 100 + (c - 'A' + 10)) % 97;
    }
    return rest;
}

std::string iban(Dice& dice) {
    struct Shape {
        char const* country;
        std::size_t letters;
        std::size_t numbers;
    };
    constexpr std::array shapes { Shape { "DE", 0, 18 }, Shape { "FR", 0, 23 }, Shape { "GB", 4, 14 },
        Shape { "ES", 0, 20 }, Shape { "NL", 4, 10 }, Shape { "AT", 0, 16 }, Shape { "CH", 0, 17 } };
    auto const shape = shapes[below(dice, shapes.size())];
    auto const account = some(dice, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", shape.letters) + some(dice, digits, shape.numbers);
    auto const check = 98 - remainder_97(account + shape.country + "00");
    return shape.country + std::string(check < 10 ? "0" : "") + std::to_string(check) + account;
}

std::string spaced(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i > 0 && i % 4 == 0)
            out += ' ';
        out += text[i];
    }
    return out;
}

std::string public_ip4(Dice& dice) {
    constexpr std::array firsts { 3, 18, 46, 52, 77, 81, 91, 103, 151, 185, 203, 212 };
    return std::to_string(firsts[below(dice, firsts.size())]) + "." + std::to_string(below(dice, 256)) + "."
        + std::to_string(below(dice, 256)) + "." + std::to_string(1 + below(dice, 254));
}

std::string private_ip4(Dice& dice) {
    switch (below(dice, 3)) {
    case 0:
        return "10.0." + std::to_string(below(dice, 256)) + "." + std::to_string(1 + below(dice, 254));
    case 1:
        return "172.31." + std::to_string(below(dice, 256)) + "." + std::to_string(1 + below(dice, 254));
    default:
        return "192.168.1." + std::to_string(1 + below(dice, 254));
    }
}

std::string ip6(Dice& dice) {
    if (below(dice, 2) == 0)
        return "2a02:" + some(dice, "123456789", 1) + some(dice, hex, 3) + ":" + some(dice, "123456789", 2)
            + "::" + some(dice, "123456789", 1);
    std::string out = "2001:" + some(dice, "123456789abcdef", 1) + some(dice, hex, 3);
    for (int i = 0; i < 6; ++i)
        out += ":" + some(dice, "123456789abcdef", 1) + some(dice, hex, 2);
    return out;
}

// Verhoeff's check digit, which India's Aadhaar numbers end with.
std::string aadhaar(Dice& dice) {
    constexpr int d[10][10] { { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }, { 1, 2, 3, 4, 0, 6, 7, 8, 9, 5 },
        { 2, 3, 4, 0, 1, 7, 8, 9, 5, 6 }, { 3, 4, 0, 1, 2, 8, 9, 5, 6, 7 }, { 4, 0, 1, 2, 3, 9, 5, 6, 7, 8 },
        { 5, 9, 8, 7, 6, 0, 4, 3, 2, 1 }, { 6, 5, 9, 8, 7, 1, 0, 4, 3, 2 }, { 7, 6, 5, 9, 8, 2, 1, 0, 4, 3 },
        { 8, 7, 6, 5, 9, 3, 2, 1, 0, 4 }, { 9, 8, 7, 6, 5, 4, 3, 2, 1, 0 } };
    constexpr int p[8][10] { { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 }, { 1, 5, 7, 6, 2, 8, 3, 0, 9, 4 },
        { 5, 8, 0, 3, 7, 9, 6, 1, 4, 2 }, { 8, 9, 1, 6, 0, 4, 3, 5, 2, 7 }, { 9, 4, 5, 3, 1, 2, 6, 8, 7, 0 },
        { 4, 2, 8, 6, 5, 7, 3, 9, 0, 1 }, { 2, 7, 9, 3, 8, 0, 6, 4, 1, 5 }, { 7, 0, 4, 6, 9, 1, 3, 2, 5, 8 } };
    auto const number = some(dice, "23456789", 1) + some(dice, digits, 10);
    for (char last = '0'; last <= '9'; ++last) {
        auto const whole = number + last;
        int check = 0;
        for (std::size_t i = 0; i < whole.size(); ++i)
            check = d[check][p[i % 8][whole[whole.size() - 1 - i] - '0']];
        if (check == 0)
            return spaced(whole);
    }
    return {};
}

std::string cpf(Dice& dice) {
    auto number = some(dice, digits, 9);
    for (int round = 0; round < 2; ++round) {
        int sum = 0;
        for (std::size_t i = 0; i < number.size(); ++i)
            sum += (number[i] - '0') * static_cast<int>(number.size() + 1 - i);
        auto const rest = sum * 10 % 11;
        number += static_cast<char>('0' + (rest == 10 ? 0 : rest));
    }
    return number.substr(0, 3) + "." + number.substr(3, 3) + "." + number.substr(6, 3) + "-" + number.substr(9);
}

std::string dni(Dice& dice) {
    auto const number = some(dice, digits, 8);
    return number + "TRWAGMYFPDXBNJZSQVHLCKE"[std::stoul(number) % 23];
}

std::string us_phone(Dice& dice) {
    auto const area = some(dice, "23456789", 1) + some(dice, digits, 2);
    auto const office = some(dice, "23456789", 1) + some(dice, digits, 2);
    auto const line = some(dice, digits, 4);
    switch (below(dice, 3)) {
    case 0:
        return "(" + area + ") " + office + "-" + line;
    case 1:
        return area + "-" + office + "-" + line;
    default:
        return area + "." + office + "." + line;
    }
}

std::string german_phone(Dice& dice) {
    constexpr std::array areas { "0171", "030", "089", "0221", "0160", "06151" };
    constexpr std::array joins { " ", "/", "-", " / " };
    return one_of(dice, areas) + one_of(dice, joins) + some(dice, "123456789", 1) + some(dice, digits, 6);
}

std::string international_phone(Dice& dice) {
    switch (below(dice, 5)) {
    case 0:
        return "+49 171 " + some(dice, digits, 7);
    case 1:
        return "+1 (415) 555-" + some(dice, digits, 4);
    case 2:
        return "+91 98" + some(dice, digits, 3) + " " + some(dice, digits, 5);
    case 3:
        return "+34 612 34 " + some(dice, digits, 2) + " " + some(dice, digits, 2);
    default:
        return "0044 20 7946 " + some(dice, digits, 4);
    }
}

std::string e164(Dice& dice) {
    constexpr std::array codes { "+49171", "+1415", "+9198", "+34612", "+447700", "+33612" };
    return one_of(dice, codes) + some(dice, digits, 7);
}

std::string national_phone(Dice& dice) {
    switch (below(dice, 4)) {
    case 0:
        return us_phone(dice);
    case 1:
        return german_phone(dice);
    case 2:
        return "0" + some(dice, "6789", 1) + some(dice, digits, 9);
    default:
        return "07700 900" + some(dice, digits, 3);
    }
}

std::string pem(Dice& dice, std::string_view newline) {
    constexpr std::array kinds { "RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY" };
    auto const kind = one_of(dice, kinds);
    std::string out = "-----BEGIN " + kind + "-----" + std::string(newline);
    for (int i = 0; i < 4; ++i)
        out += some(dice, base64, 64) + std::string(newline);
    return out + "-----END " + kind + "-----";
}

std::string base64_of(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        unsigned bits = 0;
        for (std::size_t j = 0; j < 3; ++j)
            bits = bits << 8U | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            out += j <= text.size() - i ? base64[bits >> (18 - 6 * j) & 63U] : '=';
    }
    return out;
}

using Make = std::function<std::string(Dice&)>;

Make fixed(std::string prefix, std::string_view alphabet, std::size_t length, std::string suffix = {}) {
    return [=](Dice& dice) { return prefix + some(dice, alphabet, length) + suffix; };
}

std::string slack(Dice& dice) {
    switch (below(dice, 3)) {
    case 0:
        return "xoxb-" + some(dice, digits, 12) + "-" + some(dice, digits, 13) + "-" + some(dice, alphanumeric, 24);
    case 1:
        return "xoxp-" + some(dice, digits, 11) + "-" + some(dice, digits, 11) + "-" + some(dice, hex, 32);
    default:
        return "xapp-1-A" + some(dice, upper_digits, 10) + "-" + some(dice, digits, 13) + "-" + some(dice, hex, 64);
    }
}

std::string github(Dice& dice) {
    constexpr std::array prefixes { "ghp_", "gho_", "ghs_", "ghu_", "ghr_" };
    if (below(dice, 4) == 0)
        return "github_pat_" + some(dice, alphanumeric, 22) + "_" + some(dice, alphanumeric, 59);
    return one_of(dice, prefixes) + some(dice, alphanumeric, 36);
}

std::string google(Dice& dice) {
    switch (below(dice, 3)) {
    case 0:
        return "AIza" + some(dice, base64url, 35);
    case 1:
        return "ya29." + some(dice, base64url, 120);
    default:
        return "GOCSPX-" + some(dice, base64url, 28);
    }
}

std::string stripe(Dice& dice) {
    constexpr std::array prefixes { "sk_live_", "rk_live_", "sk_test_", "whsec_" };
    return one_of(dice, prefixes) + some(dice, alphanumeric, 24);
}

std::map<std::string, Make, std::less<>> secrets() {
    return {
        { "aws_key",
            [](Dice& dice) {
                return (below(dice, 2) == 0 ? "AKIA" : "ASIA") + some(dice, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16);
            } },
        { "aws_secret", fixed("", base64, 40) },
        { "aws_session",
            [](Dice& dice) { return "IQoJb3JpZ2luX2Vj" + some(dice, base64, 300 + below(dice, 300)) + "=="; } },
        { "jwt", jwt },
        { "opaque", [](Dice& dice) { return some(dice, base64url, 24 + below(dice, 40)); } },
        { "github", github },
        { "gitlab", fixed("glpat-", base64url, 20) },
        { "slack", slack },
        { "slack_hook",
            [](Dice& dice) {
                return "T" + some(dice, upper_digits, 8) + "/B" + some(dice, upper_digits, 10) + "/"
                    + some(dice, alphanumeric, 24);
            } },
        { "discord_hook", [](Dice& dice) { return some(dice, digits, 18) + "/" + some(dice, base64url, 68); } },
        { "stripe", stripe },
        { "google", google },
        { "azure_key", fixed("", base64, 86, "==") },
        { "azure_bus", fixed("", base64, 43, "=") },
        { "azure_secret",
            [](Dice& dice) { return some(dice, alphanumeric, 3) + "8Q~" + some(dice, base64url, 34); } },
        { "azure_sas", fixed("", alphanumeric, 43, "%3D") },
        { "hex32", fixed("", hex, 32) },
        { "hex32u", fixed("", "0123456789ABCDEF", 32) },
        { "hex64", fixed("", hex, 64) },
        { "hex128", fixed("", hex, 128) },
        { "base64_44", fixed("", base64, 43, "=") },
        { "sendgrid",
            [](Dice& dice) { return "SG." + some(dice, base64url, 22) + "." + some(dice, base64url, 43); } },
        { "npm", fixed("npm_", alphanumeric, 36) },
        { "pypi", fixed("pypi-AgEIcHlwaS5vcmc", base64url, 150) },
        { "anthropic", fixed("sk-ant-api03-", base64url, 93, "AA") },
        { "openai", fixed("sk-proj-", base64url, 48) },
        { "vault", fixed("hvs.", base64url, 90) },
        { "huggingface", fixed("hf_", alphanumeric, 34) },
        { "newrelic", fixed("", hex, 36, "NRAL") },
        { "shopify", fixed("shpat_", hex, 32) },
        { "pem", [](Dice& dice) { return pem(dice, "\n"); } },
        { "pem_escaped", [](Dice& dice) { return pem(dice, "\\n"); } },
        { "basic", [](Dice& dice) { return base64_of(login(dice) + ":" + password(dice)); } },
        { "userinfo", [](Dice& dice) { return login(dice) + ":" + hex_of(password(dice)); } },
        { "password", password },
        { "password_any",
            [](Dice& dice) {
                return below(dice, 2) == 0 ? password(dice)
                                           : std::string(one_of(dice, words)) + " " + one_of(dice, words) + ", "
                        + some(dice, digits, 3) + "; &x";
            } },
        { "password_url", [](Dice& dice) { return hex_of(password(dice)); } },
        { "password_hex", [](Dice& dice) { return some(dice, alphanumeric, 12); } },
        { "session26", fixed("", "abcdefghijklmnopqrstuvwxyz0123456789", 26) },
        { "cvv", fixed("", digits, 3) },
    };
}

std::map<std::string, Make, std::less<>> personal_data() {
    return {
        { "email", email },
        { "email_encoded",
            [](Dice& dice) {
                auto text = email(dice);
                return text.replace(text.find('@'), 1, "%40");
            } },
        { "phone_intl", international_phone },
        { "phone_e164", e164 },
        { "phone_national", national_phone },
        { "phone_de", german_phone },
        { "phone_us", us_phone },
        { "phone_in", [](Dice& dice) { return "98" + some(dice, digits, 3) + " " + some(dice, digits, 5); } },
        { "phone_digits", [](Dice& dice) { return "49171" + some(dice, digits, 7); } },
        { "phone_es",
            [](Dice& dice) {
                return "6" + some(dice, digits, 2) + " " + some(dice, digits, 3) + " " + some(dice, digits, 3);
            } },
        { "card", grouped_card },
        { "card_plain", card },
        { "iban", iban },
        { "iban_spaced", [](Dice& dice) { return spaced(iban(dice)); } },
        { "ssn",
            [](Dice& dice) {
                return "5" + some(dice, digits, 2) + "-" + some(dice, "123456789", 2) + "-"
                    + some(dice, "123456789", 4);
            } },
        { "dni", dni },
        { "aadhaar", aadhaar },
        { "pan",
            [](Dice& dice) {
                return some(dice, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 3) + "P" + some(dice, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1)
                    + some(dice, digits, 4) + some(dice, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1);
            } },
        { "cpf", cpf },
        { "ip4", public_ip4 },
        { "ip6", ip6 },
        { "first", [](Dice& dice) { return one_of(dice, first_names); } },
        { "last", [](Dice& dice) { return one_of(dice, last_names); } },
        { "name",
            [](Dice& dice) {
                std::string const middle[] { " ", " ", " ", " M. ", " Luise " };
                return one_of(dice, first_names) + middle[below(dice, 5)] + one_of(dice, last_names);
            } },
        { "name_login", login },
        { "name_hi", [](Dice& dice) { return one_of(dice, hindi_names); } },
    };
}

std::map<std::string, Make, std::less<>> look_alikes() {
    return {
        { "ts",
            [](Dice& dice) {
                constexpr std::array tails { "Z", ".123Z", "+00:00", "+05:30", ".482913Z" };
                return "2026-11-" + std::to_string(10 + below(dice, 19)) + "T" + std::to_string(10 + below(dice, 14))
                    + ":" + std::to_string(10 + below(dice, 50)) + ":05" + one_of(dice, tails);
            } },
        { "uuid",
            [](Dice& dice) {
                return some(dice, hex, 8) + "-" + some(dice, hex, 4) + "-4" + some(dice, hex, 3) + "-a"
                    + some(dice, hex, 3) + "-" + some(dice, hex, 12);
            } },
        { "trace",
            [](Dice& dice) {
                return "Root=1-" + some(dice, hex, 8) + "-" + some(dice, hex, 24) + ";Parent=" + some(dice, hex, 16)
                    + ";Sampled=1";
            } },
        { "aws_request", fixed("", upper_digits, 16) },
        { "aws_request52", fixed("", upper_digits, 52) },
        { "account", fixed("1", digits, 11) },
        { "hex32", fixed("", hex, 32) },
        { "hex64c", fixed("", hex, 64) },
        { "ip_private", private_ip4 },
    };
}

} // namespace

std::string text_of(Line const& line) {
    std::string text;
    for (auto const& piece : line)
        text += piece.text;
    return text;
}

std::string value_of(std::string_view kind, std::mt19937_64& dice) {
    static auto const all = [] {
        auto makes = secrets();
        makes.merge(personal_data());
        return makes;
    }();
    auto const at = all.find(kind);
    return at == all.end() ? std::string() : at->second(dice);
}

Line Lines::fill(std::string_view form) {
    static auto const alike = look_alikes();
    Line line;
    while (!form.empty()) {
        auto at = std::min(form.find("<!"), form.find("<~"));
        if (at == std::string_view::npos) {
            line.push_back({ std::string(form), {} });
            break;
        }
        auto const end = form.find('>', at);
        std::string const kind(form.substr(at + 2, end - at - 2));
        line.push_back({ std::string(form.substr(0, at)), {} });
        if (form[at + 1] == '!')
            line.push_back({ value_of(kind, dice_), kind });
        else
            line.push_back({ alike.at(kind)(dice_), {} });
        form.remove_prefix(end + 1);
    }
    return line;
}

std::vector<Line> Lines::draw(std::size_t count) {
    auto const sensitive = sensitive_forms();
    auto const clean = clean_forms();
    std::vector<Line> lines;
    for (std::size_t i = 0; i < count; ++i)
        lines.push_back(
            i % 3 == 2 ? fill(clean[i / 3 % clean.size()]) : fill(sensitive[(i / 3 * 2 + i % 3) % sensitive.size()]));
    return lines;
}

} // namespace convops::labelled
