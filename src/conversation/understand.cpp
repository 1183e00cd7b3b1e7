// Which words we know, in the languages that we answer in. A word counts only when it is the whole text.
#include "base/text.h"
#include "conversation/tokens.h"
#include "conversation/utterance.h"

#include <array>

namespace convops {

namespace {

constexpr std::size_t most_target_bytes = 200; // of what is muted

constexpr std::array words { Word::hi, Word::yes, Word::no, Word::usage, Word::status, Word::help, Word::stop };

struct Phrase {
    std::string_view text; // folded
    Word word;
};

// en, de, es, hi; compared as whole folded texts.
constexpr std::array phrases { Phrase { "hi", Word::hi }, Phrase { "hello", Word::hi }, Phrase { "hallo", Word::hi },
    Phrase { "hola", Word::hi }, Phrase { "नमस्ते", Word::hi }, Phrase { "start", Word::hi },
    Phrase { "yes", Word::yes }, Phrase { "ja", Word::yes }, Phrase { "si", Word::yes }, Phrase { "हाँ", Word::yes },
    Phrase { "हां", Word::yes }, Phrase { "no", Word::no }, Phrase { "nein", Word::no }, Phrase { "नहीं", Word::no },
    Phrase { "usage", Word::usage }, Phrase { "nutzung", Word::usage }, Phrase { "verbrauch", Word::usage },
    Phrase { "uso", Word::usage }, Phrase { "उपयोग", Word::usage }, Phrase { "status", Word::status },
    Phrase { "estado", Word::status }, Phrase { "स्थिति", Word::status }, Phrase { "help", Word::help },
    Phrase { "hilfe", Word::help }, Phrase { "ayuda", Word::help }, Phrase { "मदद", Word::help },
    Phrase { "stop", Word::stop }, Phrase { "stopp", Word::stop }, Phrase { "parar", Word::stop },
    Phrase { "alto", Word::stop }, Phrase { "रोकें", Word::stop }, Phrase { "रुको", Word::stop },
    Phrase { "unsubscribe", Word::stop }, Phrase { "abmelden", Word::stop } };

constexpr std::array deeper = std::to_array<std::string_view>(
    { "4", "dig deeper", "deeper", "dig", "look deeper", "tiefer graben", "tiefer", "grabe tiefer", "genauer",
        "schau genauer", "profundizar", "investigar mas", "mas a fondo", "गहराई से देखो", "गहराई से देखें", "और गहराई से" });

struct Verdict {
    std::string_view text; // folded
    Opinion opinion;
};

// Said to us only: between colleagues "right" is not for us.
constexpr std::array verdicts { Verdict { "right", Opinion::right }, Verdict { "correct", Opinion::right },
    Verdict { "that is right", Opinion::right }, Verdict { "confirmed", Opinion::right },
    Verdict { "stimmt", Opinion::right }, Verdict { "richtig", Opinion::right },
    Verdict { "das stimmt", Opinion::right }, Verdict { "correcto", Opinion::right },
    Verdict { "es correcto", Opinion::right }, Verdict { "acertado", Opinion::right },
    Verdict { "सही", Opinion::right }, Verdict { "सही है", Opinion::right }, Verdict { "not it", Opinion::wrong },
    Verdict { "wrong", Opinion::wrong }, Verdict { "that is not it", Opinion::wrong },
    Verdict { "not right", Opinion::wrong }, Verdict { "falsch", Opinion::wrong },
    Verdict { "stimmt nicht", Opinion::wrong }, Verdict { "das ist es nicht", Opinion::wrong },
    Verdict { "das stimmt nicht", Opinion::wrong }, Verdict { "no es eso", Opinion::wrong },
    Verdict { "incorrecto", Opinion::wrong }, Verdict { "no es correcto", Opinion::wrong },
    Verdict { "गलत", Opinion::wrong }, Verdict { "गलत है", Opinion::wrong }, Verdict { "यह नहीं", Opinion::wrong },
    Verdict { "सही नहीं", Opinion::wrong } };

// How a question begins that has lost its question mark; only these are answered when people talk to each other.
constexpr std::array question_words = std::to_array<std::string_view>({ "what", "who", "when", "why", "how", "which",
    "where", "is", "was", "were", "did", "does", "do", "could", "can", "are", "wer", "wann", "warum", "wie", "welche",
    "welcher", "welches", "wo", "seit", "ist", "wieso", "que", "quien", "cuando", "cual", "cuales", "como", "cuantos",
    "cuantas", "donde", "क्या", "कब", "कौन", "क्यों", "कैसे", "कितने", "कहाँ", "किसने" });

std::string bare(std::string_view text) { // "4.", "Help!" and "STATUS" alike
    std::string out;
    for (auto const& token : tokens_of(text))
        out += (out.empty() ? "" : " ") + token;
    return out;
}

bool asks(std::string_view text) {
    if (folded(text).find('?') != std::string::npos)
        return true;
    auto const tokens = tokens_of(text);
    return tokens.size() > 1
        && std::find(question_words.begin(), question_words.end(), tokens.front()) != question_words.end();
}

// "2h", "90m", "90min", "1d"; nothing for anything else.
std::optional<Minutes> length_from(std::string_view text) {
    constexpr std::int64_t most_minutes = 60 * 24 * 365;
    std::int64_t number = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 6 && text[digits] >= '0' && text[digits] <= '9')
        number = number * 10 + (text[digits++] - '0');
    auto const unit = text.substr(digits);
    std::int64_t const minutes = unit == "m" || unit == "min" ? 1 : unit == "h" ? 60 : unit == "d" ? 60 * 24 : 0;
    if (digits == 0 || minutes == 0 || number == 0 || number * minutes > most_minutes)
        return std::nullopt;
    return Minutes { number * minutes };
}

// "mute NAME 2h", "mute NAME for 2h", "unmute NAME": the name as it was written, because patterns are.
std::optional<Said> mute_from(std::string_view whole) {
    std::vector<std::string> parts;
    for (auto const& part : split(replace_all(std::string(whole), "\n", " "), ' '))
        if (!part.empty())
            parts.push_back(part);
    if (parts.empty())
        return std::nullopt;
    auto const verb = to_lower(parts[0]);
    if (verb == "unmute" && parts.size() == 2)
        return UnmuteAsked { shorten(parts[1], most_target_bytes) };
    if (verb != "mute" || parts.size() > 4)
        return std::nullopt;
    MuteAsked asked { parts.size() > 1 ? shorten(parts[1], most_target_bytes) : "", Minutes { 0 } };
    if (parts.size() == 4 && to_lower(parts[2]) != "for")
        return std::nullopt;
    if (parts.size() > 2)
        asked.length = length_from(to_lower(parts.back())).value_or(Minutes { 0 });
    return asked;
}

} // namespace

std::string_view to_string(Word word) {
    switch (word) {
    case Word::hi:
        return "hi";
    case Word::yes:
        return "yes";
    case Word::no:
        return "no";
    case Word::usage:
        return "usage";
    case Word::status:
        return "status";
    case Word::help:
        return "help";
    case Word::stop:
        return "stop";
    }
    return "help";
}

std::optional<Word> word_from(std::string_view name) {
    for (auto const word : words)
        if (to_string(word) == name)
            return word;
    return std::nullopt;
}

std::optional<Said> understand(std::string_view text, Address address) {
    auto const whole = shorten(clean_utf8(text), most_said_bytes);
    auto const said = bare(whole);
    if (address == Address::to_us)
        if (auto asked = mute_from(whole))
            return asked;
    if (std::find(deeper.begin(), deeper.end(), said) != deeper.end())
        return DigDeeper {};
    bool const wonders = folded(whole).find('?') != std::string::npos; // "right?" is a question
    for (auto const& verdict : verdicts)
        if (said == verdict.text && address == Address::to_us && !wonders)
            return Judged { verdict.opinion, {} };
    for (auto const& phrase : phrases) {
        if (said != phrase.text)
            continue;
        // Between colleagues "yes" is not for us.
        if (address == Address::overheard && phrase.word != Word::help && phrase.word != Word::status)
            return std::nullopt;
        return phrase.word;
    }
    if (said.empty())
        return address == Address::to_us ? std::optional<Said>(Word::help) : std::nullopt;
    if (address == Address::overheard && !asks(whole))
        return std::nullopt;
    return AskedText { whole };
}

} // namespace convops
