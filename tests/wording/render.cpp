#include "base/text.h"
#include "draft.h"

#include <cstdio>
#include <regex>

namespace convops {

Piece words(std::string text) {
    return { .kind = Piece::Kind::words, .text = std::move(text) };
}
Piece number(double value, std::string unit) {
    return { .kind = Piece::Kind::number, .value = value, .unit = std::move(unit) };
}
Piece clock_of(Time at) {
    return { .kind = Piece::Kind::clock, .at = at };
}
Piece name_of(Resource const& resource, bool short_form) {
    return { .kind = Piece::Kind::name,
        .text = short_form ? resource.short_name() : resource.display(),
        .resource_key = resource.key() };
}
Piece metric_named(std::string name) {
    return { .kind = Piece::Kind::metric, .text = std::move(name) };
}
Piece verb(std::string text, int direction) {
    return { .kind = Piece::Kind::verb, .text = std::move(text), .direction = direction };
}
Piece quote(std::string text) {
    return { .kind = Piece::Kind::quote, .text = std::move(text) };
}

namespace {

std::string digits(double value, int significant) {
    if (value == 0)
        return "0";
    int const magnitude = int(std::floor(std::log10(std::abs(value))));
    double const step = std::pow(10.0, magnitude - significant + 1);
    double const rounded = std::round(value / step) * step;
    char buffer[64];
    int const decimals = std::max(0, significant - 1 - magnitude);
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, rounded);
    std::string text(buffer);
    if (text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.ends_with('.'))
            text.pop_back();
    }
    return text;
}

// The same quantity in another unit, where people use one.
std::optional<std::string> in_another_unit(double value, std::string const& unit) {
    if (unit == "Seconds" && value >= 0.01 && value < 1)
        return digits(value, 3) + " s";
    if (unit == "Seconds" && value >= 1 && value < 100)
        return digits(value * 1000, 3) + " ms";
    if (unit == "Milliseconds" && value >= 100)
        return digits(value / 1000, 3) + " seconds";
    if (unit == "Bytes" && value >= 1e9)
        return digits(value / 1e6, 3) + " MB";
    if (unit == "lasting" && value >= 120)
        return digits(value, 6) + " seconds";
    return std::nullopt;
}

std::string lasting_words(double seconds) {
    if (seconds >= 120 && std::fmod(seconds, 60) == 0)
        return digits(seconds / 60, 4) + " minutes";
    return digits(seconds, 6) + " seconds";
}

std::string number_text(Piece const& piece, Style const& style) {
    constexpr std::array<char const*, 13> small { "zero", "one", "two", "three", "four", "five", "six", "seven",
        "eight", "nine", "ten", "eleven", "twelve" };
    auto const plain = piece.unit == "lasting" ? lasting_words(piece.value)
        : piece.unit == "count"                ? digits(piece.value, 9)
                                               : format_value(piece.value, piece.unit);
    if (style.numbers == 1)
        if (auto const other = in_another_unit(piece.value, piece.unit))
            return *other;
    if (style.numbers == 2 && std::abs(piece.value) >= 13 && piece.unit != "lasting" && piece.unit != "Percent") {
        auto const unit_at = plain.find_first_not_of("0123456789.-");
        auto const shown = std::strtod(plain.c_str(), nullptr);
        return style.about + digits(shown, 2) + (unit_at == std::string::npos ? "" : plain.substr(unit_at));
    }
    if (style.numbers == 3 && piece.unit == "count" && piece.value >= 1 && piece.value <= 12
        && std::floor(piece.value) == piece.value)
        return small[std::size_t(piece.value)];
    return plain;
}

std::string clock_text(Piece const& piece, Style const& style) {
    bool const utc = style.clocks == 1;
    auto text = format_clock(piece.at, utc ? Minutes { 0 } : style.utc_offset);
    if (style.clocks == 3)
        text = text.substr(0, 5);
    if (style.clocks == 0 || style.clocks == 3)
        return text + " " + style.zone_label;
    return utc ? text + " UTC" : text;
}

std::string localised(std::string text, Style const& style) {
    if (style.decimal != '.')
        text = replace_all(text, ".", std::string(1, style.decimal));
    if (style.devanagari)
        for (int i = 0; i < 10; ++i)
            text = replace_all(text, std::to_string(i), std::string("\xE0\xA5") + char(0xA6 + i));
    return text;
}

} // namespace

std::string render(std::vector<Piece> const& pieces, Style const& style) {
    std::string out;
    for (auto const& piece : pieces)
        switch (piece.kind) {
        case Piece::Kind::number:
            out += localised(number_text(piece, style), style);
            break;
        case Piece::Kind::clock:
            out += clock_text(piece, style);
            break;
        case Piece::Kind::quote:
            out += "\"" + piece.text + "\"";
            break;
        default:
            out += piece.text;
        }
    if (!out.empty() && out[0] >= 'a' && out[0] <= 'z' && (pieces[0].kind == Piece::Kind::words))
        out[0] = char(out[0] - 'a' + 'A');
    return out;
}

namespace {

double in_base_unit(double value, std::string const& unit, std::string& cloudwatch_unit) {
    if (unit == " %")
        return cloudwatch_unit = "Percent", value;
    if (unit == " ms")
        return cloudwatch_unit = "Seconds", value / 1000;
    if (unit == " GB")
        return cloudwatch_unit = "Bytes", value * 1e9;
    if (unit == " MB")
        return cloudwatch_unit = "Bytes", value * 1e6;
    if (unit == "/s")
        return cloudwatch_unit = "Count/Second", value;
    if (unit == " min later")
        return cloudwatch_unit = "lasting", value * 60;
    if (unit == " s later")
        return cloudwatch_unit = "lasting", value;
    if (unit == " s")
        return cloudwatch_unit = "Seconds", value;
    return cloudwatch_unit = "", value;
}

Time on_the_day_of(Time near, int hour, int minute, int second) {
    auto const day = std::chrono::floor<Days>(near);
    Time at = day + Hours { hour } + Minutes { minute } + Seconds { second };
    if (at > near + Hours { 12 })
        at -= Days { 1 };
    return at;
}

void add_names(std::vector<Piece>& out, std::string text, Investigation const& investigation) {
    std::size_t best = std::string::npos;
    Resource found;
    for (auto const& fact : investigation.evidence.facts)
        if (auto const* metric = std::get_if<MetricFact>(&fact.detail)) {
            auto const at = text.find(metric->resource.display());
            if (at != std::string::npos
                && (at < best || (at == best && metric->resource.display().size() > found.display().size()))) {
                best = at;
                found = metric->resource;
            }
        }
    if (best == std::string::npos) {
        out.push_back(words(std::move(text)));
        return;
    }
    if (best > 0)
        out.push_back(words(text.substr(0, best)));
    out.push_back(name_of(found));
    if (auto rest = text.substr(best + found.display().size()); !rest.empty())
        out.push_back(words(std::move(rest)));
}

void add_words(std::vector<Piece>& out, std::string text, Investigation const& investigation) {
    if (text.empty())
        return;
    for (auto const& [said, direction] : { std::pair { " rose ", 1 }, std::pair { " fell ", -1 } })
        if (auto const at = text.find(said); at != std::string::npos) {
            add_words(out, text.substr(0, at), investigation);
            out.push_back(verb(said, direction));
            add_words(out, text.substr(at + 6), investigation);
            return;
        }
    add_names(out, std::move(text), investigation);
}

} // namespace

std::vector<Piece> pieces_of(std::string const& statement, Investigation const& investigation) {
    // Quotes and names stay whole; a clock is "14:16" or "14:16:20"; a number stands alone or with its unit.
    static std::regex const cut(
        R"re("[^"]*"|\b([0-2][0-9]):([0-5][0-9])(?::([0-5][0-9]))?(?: UTC)?(?!:?[0-9])|(\d+(?:\.\d+)?)( %| ms| GB| MB|/s| min later| s later| s)?(?![\w:.%/-]))re");
    std::vector<Piece> out;
    auto rest = statement.begin();
    for (std::sregex_iterator it(statement.begin(), statement.end(), cut), end; it != end; ++it) {
        auto const& match = *it;
        bool const inside_a_name = match[0].first != statement.begin()
            && std::string(" (\"").find(*(match[0].first - 1)) == std::string::npos;
        if (inside_a_name)
            continue;
        add_words(out, std::string(rest, match[0].first), investigation);
        auto const whole = match[0].str();
        if (whole.starts_with('"')) {
            out.push_back(quote(whole.substr(1, whole.size() - 2)));
        } else if (match[1].matched) {
            out.push_back(clock_of(on_the_day_of(investigation.as_of, std::stoi(match[1]), std::stoi(match[2]),
                match[3].matched ? std::stoi(match[3]) : 0)));
        } else {
            auto const unit = match[5].str();
            Piece piece = number(std::stod(match[4]), "");
            piece.value = in_base_unit(piece.value, unit, piece.unit);
            out.push_back(piece);
            if (unit.ends_with(" later"))
                out.push_back(words(" later"));
        }
        rest = match[0].second;
    }
    add_words(out, std::string(rest, statement.end()), investigation);
    return out;
}

} // namespace convops
