#include "wording/tokens.h"

#include "base/text.h"

#include <array>
#include <cmath>

namespace convops {

namespace {

struct Unit {
    std::string_view text;
    Measure measure;
    double scale;
};

constexpr auto units = std::to_array<Unit>({ { "%", Measure::percent, 1 }, { "percent", Measure::percent, 1 },
    { "per cent", Measure::percent, 1 }, { "prozent", Measure::percent, 1 }, { "por ciento", Measure::percent, 1 },
    { "प्रतिशत", Measure::percent, 1 }, { "ms", Measure::seconds, 0.001 }, { "milliseconds", Measure::seconds, 0.001 },
    { "millisecond", Measure::seconds, 0.001 }, { "millisekunden", Measure::seconds, 0.001 },
    { "milisegundos", Measure::seconds, 0.001 }, { "s", Measure::seconds, 1 }, { "sec", Measure::seconds, 1 },
    { "secs", Measure::seconds, 1 }, { "second", Measure::seconds, 1 }, { "seconds", Measure::seconds, 1 },
    { "sekunde", Measure::seconds, 1 }, { "sekunden", Measure::seconds, 1 }, { "segundos", Measure::seconds, 1 },
    { "सेकंड", Measure::seconds, 1 }, { "min", Measure::seconds, 60 }, { "mins", Measure::seconds, 60 },
    { "minute", Measure::seconds, 60 }, { "minutes", Measure::seconds, 60 }, { "minuten", Measure::seconds, 60 },
    { "minutos", Measure::seconds, 60 }, { "मिनट", Measure::seconds, 60 }, { "h", Measure::seconds, 3600 },
    { "hour", Measure::seconds, 3600 }, { "hours", Measure::seconds, 3600 }, { "stunden", Measure::seconds, 3600 },
    { "horas", Measure::seconds, 3600 }, { "days", Measure::seconds, 86400 }, { "d", Measure::seconds, 86400 },
    { "bytes", Measure::bytes, 1 }, { "byte", Measure::bytes, 1 }, { "kb", Measure::bytes, 1e3 },
    { "mb", Measure::bytes, 1e6 }, { "gb", Measure::bytes, 1e9 }, { "tb", Measure::bytes, 1e12 },
    { "kib", Measure::bytes, 1024 }, { "mib", Measure::bytes, 1048576 }, { "gib", Measure::bytes, 1073741824 },
    { "megabytes", Measure::bytes, 1e6 }, { "gigabytes", Measure::bytes, 1e9 }, { "/s", Measure::per_second, 1 },
    { "per second", Measure::per_second, 1 }, { "a second", Measure::per_second, 1 },
    { "pro sekunde", Measure::per_second, 1 }, { "por segundo", Measure::per_second, 1 },
    { "mb/s", Measure::bytes_per_second, 1e6 }, { "kb/s", Measure::bytes_per_second, 1e3 },
    { "gb/s", Measure::bytes_per_second, 1e9 }, { "bytes/s", Measure::bytes_per_second, 1 },
    { "x", Measure::ratio, 1 }, { "×", Measure::ratio, 1 }, { "-fold", Measure::ratio, 1 },
    { "fold", Measure::ratio, 1 }, { "k", Measure::count, 1e3 }, { "m", Measure::count, 1e6 },
    { "g", Measure::count, 1e9 }, { "thousand", Measure::count, 1e3 }, { "million", Measure::count, 1e6 },
    { "millionen", Measure::count, 1e6 }, { "millones", Measure::count, 1e6 }, { "billion", Measure::count, 1e9 },
    { "mil", Measure::count, 1e3 }, { "tausend", Measure::count, 1e3 }, { "st", Measure::ordinal, 1 },
    { "nd", Measure::ordinal, 1 }, { "rd", Measure::ordinal, 1 }, { "th", Measure::ordinal, 1 },
    { "€", Measure::money, 1 }, { "usd", Measure::money, 1 }, { "dollars", Measure::money, 1 },
    { "cents", Measure::money, 0.01 } });

Unit const* unit_of(std::string_view text) {
    for (auto const& unit : units)
        if (unit.text == text)
            return &unit;
    return nullptr;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Typographic signs and digits as their plain kin; what separates gets spaces around it.
std::string plain(std::string_view sentence) {
    std::string text(sentence);
    static std::vector<std::pair<std::string, std::string>> const kin { { "“", "\"" }, { "”", "\"" }, { "„", "\"" },
        { "«", "\"" }, { "»", "\"" }, { "‘", "'" }, { "’", "'" }, { "\u00A0", " " }, { "\u202F", " " },
        { "\u2009", " " }, { "→", " → " }, { "->", " → " }, { "−", "-" }, { "—", " , " }, { "–", " , " },
        { "।", " . " }, { "…", " … " }, { "≈", " about " }, { "~", " about " }, { "•", " " }, { "\t", " " },
        { "\n", " . " } };
    for (auto const& [from, to] : kin)
        text = replace_all(std::move(text), from, to);
    for (int i = 0; i < 10; ++i) // Devanagari digits
        text = replace_all(std::move(text), std::string("\xE0\xA5") + char(0xA6 + i), std::to_string(i));
    return text;
}

// "2,461.5" and "2.461,5" by the language; nullopt when it is no number.
std::optional<double> parsed(std::string_view digits, std::string_view language, int& decimals) {
    bool const comma_decimal = language == "de" || language == "es";
    std::string kept;
    decimals = 0;
    bool fraction = false;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        char const c = digits[i];
        if (is_digit(c)) {
            kept += c;
            decimals += fraction ? 1 : 0;
            continue;
        }
        if (c != '.' && c != ',')
            return std::nullopt;
        std::size_t run = 0;
        while (i + 1 + run < digits.size() && is_digit(digits[i + 1 + run]))
            ++run;
        if (run == 0 || fraction)
            return std::nullopt;
        // A dot before exactly three digits groups thousands where the comma is the decimal sign, and the reverse.
        bool const thousands = run == 3 && i > 0 && (c == ',') != comma_decimal;
        if (!thousands && c == ',' && !comma_decimal)
            return std::nullopt; // "2,5" in English is two numbers or a slip
        if (!thousands) {
            kept += '.';
            fraction = true;
        }
    }
    if (kept.empty())
        return std::nullopt;
    return std::strtod(kept.c_str(), nullptr);
}

// Half a unit of the last digit that means something: of "250" the 5, of "251" the 1. Two digits always mean
// something.
double half_unit_of(double value, int decimals) {
    double step = std::pow(10.0, -decimals);
    if (decimals == 0 && value >= 100)
        for (; std::fmod(value, step * 10) == 0 && value >= step * 100; step *= 10) { }
    return step / 2;
}

std::optional<SaidToken> number_from(std::string_view chunk, std::string_view language) {
    auto rest = chunk;
    SaidToken token;
    token.kind = SaidToken::Kind::number;
    token.text = std::string(chunk);
    double sign = 1;
    bool money = false;
    while (!rest.empty() && (rest[0] == '+' || rest[0] == '-' || rest[0] == '$')) {
        sign = rest[0] == '-' ? -1 : sign;
        money = money || rest[0] == '$';
        rest.remove_prefix(1);
    }
    std::size_t length = 0;
    while (length < rest.size() && (is_digit(rest[length]) || rest[length] == '.' || rest[length] == ','))
        ++length;
    if (length == 0 || length > 18 || !is_digit(rest[0]))
        return std::nullopt;
    int decimals = 0;
    auto const value = parsed(rest.substr(0, length), language, decimals);
    if (!value)
        return std::nullopt;
    Unit const* unit = nullptr;
    if (length < rest.size()) {
        unit = unit_of(to_lower(rest.substr(length)));
        if (unit == nullptr)
            return std::nullopt;
    }
    double const scale = unit == nullptr ? 1 : unit->scale;
    token.measure = money ? Measure::money : unit == nullptr ? Measure::count : unit->measure;
    token.value = sign * *value * scale;
    token.half_unit = half_unit_of(*value, decimals) * scale;
    return token;
}

std::optional<SaidToken> clock_from(std::string_view chunk) {
    auto rest = chunk;
    SaidToken token;
    token.kind = SaidToken::Kind::clock;
    token.text = std::string(chunk);
    if (rest.ends_with('Z')) {
        token.in_utc = true;
        rest.remove_suffix(1);
    }
    if (auto const t = rest.find('T'); t == 10) // RFC 3339: the date is checked apart
        rest.remove_prefix(11);
    auto const parts = split(rest, ':');
    if (parts.size() < 2 || parts.size() > 3)
        return std::nullopt;
    std::array<int, 3> fields { 0, 0, -1 };
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].empty() || parts[i].size() > 2 || !std::all_of(parts[i].begin(), parts[i].end(), is_digit)
            || (i > 0 && parts[i].size() != 2))
            return std::nullopt;
        fields[i] = std::stoi(parts[i]);
    }
    if (fields[0] > 23 || fields[1] > 59 || fields[2] > 59)
        return std::nullopt;
    token.hour = fields[0];
    token.minute = fields[1];
    token.second = fields[2];
    return token;
}

bool is_date(std::string_view chunk) {
    return chunk.size() == 10 && chunk[4] == '-' && chunk[7] == '-'
        && std::all_of(chunk.begin(), chunk.end(), [](char c) { return is_digit(c) || c == '-'; });
}

// What must never be sent on, whatever a fact says.
bool is_forbidden(std::string_view chunk) {
    auto const lower = to_lower(chunk);
    return lower.find("://") != std::string::npos || lower.starts_with("www.") || lower.find('@') != std::string::npos
        || lower.starts_with("mailto:") || lower.find("](") != std::string::npos || lower.starts_with("<!")
        || lower.starts_with("<#") || lower.find("&lt;") != std::string::npos || lower.starts_with("tel:");
}

// Letters of any script, apostrophes and hyphens between them: a word. Everything else is a name.
bool is_wordlike(std::string_view chunk) {
    bool inner_capital = false;
    for (std::size_t i = 0; i < chunk.size(); ++i) {
        auto const c = static_cast<unsigned char>(chunk[i]);
        bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80 || c == '\'' || c == '-';
        if (!letter)
            return false;
        inner_capital = inner_capital || (i > 0 && c >= 'A' && c <= 'Z');
    }
    bool const all_capitals = std::all_of(chunk.begin(), chunk.end(), [](char c) { return c < 'a' || c > 'z'; });
    return !inner_capital || all_capitals;
}

class Cutter {
public:
    explicit Cutter(Readership const& reader)
        : reader_(reader)
        , lexicon_(Lexicon::of(reader.language)) { }

    std::vector<SaidToken> cut(std::string_view sentence);

private:
    void add_stop(char separator) {
        SaidToken token;
        token.kind = SaidToken::Kind::stop;
        token.separator = separator;
        token.text = std::string(1, separator);
        tokens_.push_back(token);
    }
    void add_chunk(std::string_view chunk);
    void add_text(SaidToken::Kind kind, std::string text);
    void join_units();
    void classify();

    Readership const& reader_;
    Lexicon const& lexicon_;
    std::vector<SaidToken> tokens_;
};

void Cutter::add_text(SaidToken::Kind kind, std::string text) {
    SaidToken token;
    token.kind = kind;
    token.lower = to_lower(text);
    token.text = std::move(text);
    tokens_.push_back(std::move(token));
}

void Cutter::add_chunk(std::string_view chunk) {
    while (!chunk.empty() && std::string_view("([{*_'").find(chunk.front()) != std::string_view::npos) {
        if (chunk.front() == '(' || chunk.front() == '[')
            add_stop('(');
        chunk.remove_prefix(1);
    }
    std::string stops;
    while (!chunk.empty() && std::string_view(".,;:!?)]}*'").find(chunk.back()) != std::string_view::npos) {
        char const c = chunk.back();
        if (c != '*' && c != '\'')
            stops.insert(stops.begin(), c == ')' || c == ']' || c == '}' ? ',' : c == '!' || c == '?' ? '.' : c);
        chunk.remove_suffix(1);
    }
    if (!chunk.empty()) {
        auto lower = to_lower(chunk);
        if (is_forbidden(chunk)) {
            add_text(SaidToken::Kind::forbidden, std::string(chunk));
        } else if (chunk == "→") {
            add_text(SaidToken::Kind::arrow, std::string(chunk));
        } else if (!lexicon_.class_of(lower).empty()) {
            add_text(SaidToken::Kind::word, std::string(chunk));
        } else if (auto const* spelled = lexicon_.number_of(lower)) {
            SaidToken token;
            token.kind = SaidToken::Kind::number;
            token.text = token.lower = lower;
            token.value = *spelled;
            token.spelled = true;
            tokens_.push_back(std::move(token));
        } else if (auto number = number_from(chunk, reader_.language)) {
            tokens_.push_back(std::move(*number));
        } else if (auto clock = clock_from(chunk)) {
            tokens_.push_back(std::move(*clock));
        } else if (is_date(chunk)) {
            add_text(SaidToken::Kind::date, std::string(chunk));
        } else {
            if (lower.ends_with("'s")) {
                lower.resize(lower.size() - 2);
                chunk.remove_suffix(2);
            }
            add_text(is_wordlike(chunk) ? SaidToken::Kind::word : SaidToken::Kind::name, std::string(chunk));
        }
    }
    for (char const c : stops)
        add_stop(c);
}

// "250 ms", "5 per cent", "20:11 UTC": the unit or label belongs to what stands before it.
void Cutter::join_units() {
    std::vector<SaidToken> joined;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        auto const& token = tokens_[i];
        bool const follows = !joined.empty() && !token.lower.empty();
        if (follows && joined.back().kind == SaidToken::Kind::number && joined.back().measure == Measure::count) {
            auto const two = i + 1 < tokens_.size() ? token.lower + " " + tokens_[i + 1].lower : std::string();
            auto const* pair = unit_of(two);
            auto const* unit = pair != nullptr
                ? pair
                : unit_of(token.text == "M" || token.text == "G" || token.text == "K" ? token.lower
                          : token.lower == "m" || token.lower == "g"                  ? ""
                                                                                      : token.lower);
            if (unit != nullptr && unit->measure != Measure::ordinal) {
                joined.back().measure = unit->measure;
                joined.back().value *= unit->scale;
                joined.back().half_unit *= unit->scale;
                i += pair != nullptr ? 1 : 0;
                continue;
            }
        }
        if (follows && joined.back().kind == SaidToken::Kind::clock) {
            if (token.lower == to_lower(reader_.zone_label) && token.lower != "utc")
                continue;
            if (token.lower == "utc" || token.lower == "gmt") {
                joined.back().in_utc = true;
                continue;
            }
        }
        joined.push_back(token);
    }
    tokens_ = std::move(joined);
}

// Words get their class; the words of a phrase become one token. A hyphenated word that is not known whole is known
// by its parts.
void Cutter::classify() {
    std::vector<SaidToken> classified;
    for (std::size_t i = 0; i < tokens_.size();) {
        if (tokens_[i].kind != SaidToken::Kind::word) {
            classified.push_back(std::move(tokens_[i++]));
            continue;
        }
        std::vector<std::string> run;
        for (std::size_t j = i; j < tokens_.size() && tokens_[j].kind == SaidToken::Kind::word && run.size() < 8; ++j)
            run.push_back(tokens_[j].lower);
        auto const [the_class, length] = lexicon_.class_at(run, 0);
        auto token = std::move(tokens_[i]);
        token.word_class = std::string(the_class);
        for (std::size_t k = 1; k < length; ++k) {
            token.text += " " + tokens_[i + k].text;
            token.lower += " " + tokens_[i + k].lower;
        }
        classified.push_back(std::move(token));
        i += std::max<std::size_t>(length, 1);
    }
    tokens_ = std::move(classified);
}

std::vector<SaidToken> Cutter::cut(std::string_view sentence) {
    auto const text = plain(sentence.substr(0, most_sentence_bytes));
    std::size_t i = 0;
    while (i < text.size() && tokens_.size() < most_sentence_tokens) {
        char const c = text[i];
        if (c == ' ') {
            ++i;
        } else if (c == '"' || c == '`') {
            auto const end = text.find(c, i + 1);
            auto const inside = text.substr(i + 1, end == std::string::npos ? end : end - i - 1);
            add_text(is_forbidden(inside) ? SaidToken::Kind::forbidden : SaidToken::Kind::quote, inside);
            i = end == std::string::npos ? text.size() : end + 1;
        } else {
            auto const end = std::min(text.find_first_of(" \"`", i), text.size());
            add_chunk(std::string_view(text).substr(i, end - i));
            i = end;
        }
    }
    join_units();
    classify();
    return std::move(tokens_);
}

} // namespace

std::vector<SaidToken> tokens_of(std::string_view sentence, Readership const& reader) {
    return Cutter(reader).cut(sentence);
}

} // namespace convops
