#include "message/words.h"

#include "base/text.h"
#include "message/languages.h"

namespace convops {

Language const& language_of(std::string_view code) {
    static std::vector<Language> const all = languages::all();
    Language const* english = nullptr;
    for (auto const& language : all) {
        if (language.code == code)
            return language;
        if (language.code == "en")
            english = &language;
    }
    CHECK(english != nullptr);
    return *english;
}

Catalogue const& words(std::string_view language) {
    return language_of(language).words;
}

std::vector<std::string> language_codes() {
    std::vector<std::string> codes;
    for (auto const& language : languages::all())
        codes.emplace_back(language.code);
    return codes;
}

std::string say(std::string_view words, std::initializer_list<std::string_view> arguments) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        bool const slot = words[i] == '{' && i + 2 < words.size() && words[i + 2] == '}' && words[i + 1] >= '0'
            && words[i + 1] <= '9';
        if (!slot) {
            out += words[i];
            continue;
        }
        auto const index = static_cast<std::size_t>(words[i + 1] - '0');
        if (index < arguments.size())
            out += arguments.begin()[index];
        i += 2;
    }
    return out;
}

std::string_view comparison_words(std::string_view comparison, Catalogue const& say_it) {
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html ComparisonOperator
    if (comparison == "GreaterThanOrEqualToThreshold")
        return say_it.at_or_above;
    if (comparison == "LessThanOrEqualToThreshold")
        return say_it.at_or_below;
    if (comparison == "LessThanThreshold" || comparison == "LessThanLowerThreshold")
        return say_it.below;
    if (comparison == "LessThanLowerOrGreaterThanUpperThreshold")
        return say_it.outside;
    return say_it.above;
}

std::string_view kind_words(CauseKind kind, Catalogue const& say_it) {
    return say_it.kinds.at(static_cast<std::size_t>(kind));
}

std::string decimal_words(std::string number, Catalogue const& say_it) {
    // A point counts as the decimal mark only between two digits.
    auto const digit = [&](std::size_t at) { return at < number.size() && number[at] >= '0' && number[at] <= '9'; };
    for (std::size_t i = 1; i + 1 < number.size(); ++i)
        if (number[i] == '.' && digit(i - 1) && digit(i + 1))
            return number.substr(0, i) + say_it.decimal_mark.text() + number.substr(i + 1);
    return number;
}

std::string value_words(double value, std::string_view unit, Catalogue const& say_it) {
    if (!std::isfinite(value))
        return say_it.not_a_number.text();
    auto text = decimal_words(format_value(value, unit), say_it);
    constexpr std::string_view percent = " %";
    constexpr std::string_view bytes = " bytes";
    if (unit == "Percent" && text.ends_with(percent))
        return say(say_it.percent, { text.substr(0, text.size() - percent.size()) });
    if (auto const at = text.find(bytes); at != std::string::npos)
        text.replace(at + 1, bytes.size() - 1, std::string_view(say_it.bytes));
    return text;
}

std::string duration_words(Milliseconds duration, Catalogue const& say_it) {
    // The rounding is format_duration()'s; only its units change: "3 h 20 min".
    auto const parts = split(format_duration(duration), ' ');
    std::string out;
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
        std::string_view const unit = parts[i + 1] == "s" ? say_it.seconds
            : parts[i + 1] == "min"                       ? say_it.minutes
            : parts[i + 1] == "h"                         ? say_it.hours
                                                          : say_it.days;
        out += (out.empty() ? "" : " ") + say(unit, { parts[i] });
    }
    return out;
}

std::string date_words(Time local, Catalogue const& say_it) {
    auto const text = format_time(local);
    return say(say_it.date, { text.substr(0, 4), text.substr(5, 2), text.substr(8, 2) });
}

} // namespace convops
