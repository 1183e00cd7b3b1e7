#include "surface_rules.h"

#include "base/json.h"
#include "base/text.h"

#include <algorithm>
#include <array>

namespace convops {

namespace {

std::string near(std::string_view text, std::size_t at) {
    auto const from = at < 40 ? 0 : at - 40;
    return " at ..." + std::string(text.substr(from, 100));
}

// One code point and its length in bytes; length 0 when the bytes are no UTF-8.
std::pair<char32_t, std::size_t> code_point(std::string_view text) {
    auto const first = static_cast<unsigned char>(text[0]);
    std::size_t const length = first < 0x80 ? 1
        : first < 0xC2                      ? 0
        : first < 0xE0                      ? 2
        : first < 0xF0                      ? 3
        : first < 0xF5                      ? 4
                                            : 0;
    if (length == 0 || text.size() < length)
        return { 0, 0 };
    char32_t value = length == 1 ? first : first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        auto const next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0U) != 0x80U)
            return { 0, 0 };
        value = value << 6U | (next & 0x3FU);
    }
    bool const surrogate = value >= 0xD800 && value < 0xE000;
    return { value, surrogate ? 0 : length };
}

bool is_obeyed_or_unseen(char32_t c) {
    return (c < 0x20 && c != '\n') || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x200B || c == 0x200E
        || c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF
        || (c >= 0xE0000 && c <= 0xE007F);
}

template <typename Look> void each_text(Json const& json, std::string_view key, Look const& look) {
    if (auto const* object = json.if_object())
        for (auto const& pair : *object)
            each_text(pair.value(), std::string_view(pair.key().data(), pair.key().size()), look);
    else if (auto const* array = json.if_array())
        for (auto const& element : *array)
            each_text(element, key, look);
    else if (auto const* text = json.if_string())
        look(key, std::string_view(text->data(), text->size()));
}

// "<https://console...|words>" is the only thing in angle brackets.
std::string wrong_in_mrkdwn(std::string_view text) {
    for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
        auto const end = text.find('>', at);
        if (end == std::string_view::npos)
            return "an open <" + near(text, at);
        auto const inside = text.substr(at + 1, end - at - 1);
        if (auto wrong = wrong_in_link(inside.substr(0, inside.find('|'))); !wrong.empty())
            return wrong + near(text, at);
    }
    for (std::string_view const word : { "@channel", "@here", "@everyone" })
        if (auto const at = to_lower(text).find(word); at != std::string::npos)
            return "a mention" + near(text, at);
    return {};
}

// Every "://" belongs to an address of the console; what a browser or a phone would link beside it is none.
std::string wrong_in_bare_links(std::string_view text) {
    for (auto at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 1)) {
        auto from = at;
        while (from > 0 && std::isalpha(static_cast<unsigned char>(text[from - 1])) != 0)
            --from;
        auto const end = std::min(text.find_first_of(" \n\"'<>|)", at), text.size());
        if (auto wrong = wrong_in_link(text.substr(from, end - from)); !wrong.empty())
            return wrong;
    }
    return {};
}

std::string without_console_links(std::string text) {
    for (auto at = text.find("https://"); at != std::string::npos; at = text.find("https://", at)) {
        auto const end = std::min(text.find_first_of(" \n\"'<>|)", at), text.size());
        if (wrong_in_link(std::string_view(text).substr(at, end - at)).empty())
            text.erase(at, end - at);
        else
            ++at;
    }
    return text;
}

std::string wrong_in_tag(std::string_view tag) {
    constexpr std::array<std::string_view, 51> known { "!doctype", "html", "head", "meta", "title", "style", "body",
        "main", "header", "footer", "section", "article", "h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "dl", "dt",
        "dd", "table", "thead", "tbody", "tr", "th", "td", "a", "span", "strong", "em", "b", "code", "pre", "figure",
        "figcaption", "img", "div", "br", "hr", "small", "time", "caption", "nav", "details", "summary", "svg",
        "aside", "abbr" };
    auto const name = to_lower(tag.substr(0, tag.find_first_of(" \t\n/>")));
    if (std::find(known.begin(), known.end(), name) == known.end())
        return "the tag <" + std::string(tag.substr(0, 40));
    auto const lower = to_lower(tag);
    for (auto at = lower.find(" on"); at != std::string::npos; at = lower.find(" on", at + 1)) {
        auto const end = lower.find_first_not_of("abcdefghijklmnopqrstuvwxyz", at + 1);
        bool const quoted = std::count(lower.begin(), lower.begin() + static_cast<std::ptrdiff_t>(at), '"') % 2 == 1;
        if (!quoted && end != std::string::npos && lower[end] == '=')
            return "an event attribute in <" + std::string(tag.substr(0, 80));
    }
    for (std::string_view const attribute : { "href=\"", "src=\"" }) {
        auto const at = lower.find(attribute);
        if (at == std::string::npos)
            continue;
        auto const value
            = tag.substr(at + attribute.size(), tag.find('"', at + attribute.size()) - at - attribute.size());
        bool const inert = value.starts_with("#") || value.starts_with("data:image/");
        if (!inert && !wrong_in_link(replace_all(std::string(value), "&amp;", "&")).empty())
            return "a link to " + std::string(value.substr(0, 80));
    }
    return {};
}

} // namespace

std::string wrong_in_terminal(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        auto const [value, length] = code_point(text.substr(at));
        if (length == 0)
            return "no UTF-8" + near(text, at);
        if (is_obeyed_or_unseen(value)) {
            std::array<char, 16> hex {};
            std::snprintf(hex.data(), hex.size(), "U+%04X", static_cast<unsigned>(value));
            return std::string(hex.data()) + near(text, at);
        }
        at += length;
    }
    return {};
}

std::string wrong_in_link(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme))
        return "a link that is not https: " + std::string(url.substr(0, 100));
    for (char const c : url)
        if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7F
            || std::string_view("<>|\"`\\^{}").find(c) != std::string_view::npos)
            return "a link with a byte that ends it: " + std::string(url.substr(0, 200));
    auto const host = url.substr(scheme.size(), url.find_first_of("/?#", scheme.size()) - scheme.size());
    bool const ours = host == "console.aws.amazon.com" || host.ends_with(".console.aws.amazon.com")
        || host == "health.aws.amazon.com";
    // A deployment of GitHub leads to its repository: the one that the recorded settings name, and no other.
    bool const repository = url.starts_with("https://github.com/acme/quotes/");
    return ours || repository ? std::string() : "a link to " + std::string(host.substr(0, 100));
}

std::string wrong_in_slack(std::string_view body) {
    auto const json = parse_json(body);
    if (!json)
        return "no JSON: " + json.error().message;
    // Our own key comes back to us as metadata, which nobody is shown.
    // https://docs.slack.dev/messaging/message-metadata/
    auto shown = *json;
    if (auto* request = shown.if_object())
        request->erase("metadata");
    std::string wrong;
    each_text(shown, "", [&](std::string_view key, std::string_view text) {
        if (wrong.empty() && ((key == "parse" && text != "none") || key == "link_names"))
            wrong = std::string(key) + " is set";
        if (wrong.empty() && (key == "url" || key == "image_url"))
            wrong = wrong_in_link(text);
        else if (wrong.empty())
            wrong = wrong_in_mrkdwn(text);
        if (wrong.empty())
            wrong = wrong_in_bare_links(text);
        if (wrong.empty())
            wrong = wrong_in_terminal(text);
    });
    return wrong;
}

std::string wrong_in_whatsapp(std::string_view body) {
    auto const json = parse_json(body);
    if (!json)
        return "no JSON: " + json.error().message;
    auto shown = *json; // The same here: https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks
    if (auto* request = shown.if_object())
        request->erase("biz_opaque_callback_data");
    std::string wrong;
    each_text(shown, "", [&](std::string_view key, std::string_view text) {
        if (wrong.empty())
            wrong = wrong_in_bare_links(text);
        if (wrong.empty())
            wrong = wrong_in_terminal(text);
        if (!wrong.empty())
            wrong += " in " + std::string(key);
        for (std::string_view const bare : { "evil.example", "www.evil", "```" })
            if (auto const rest = without_console_links(std::string(text));
                wrong.empty() && rest.find(bare) != std::string::npos)
                wrong = std::string(bare) + near(rest, rest.find(bare));
    });
    return wrong;
}

std::string wrong_in_html(std::string_view page) {
    if (auto wrong = wrong_in_terminal(page); !wrong.empty())
        return wrong;
    for (auto at = page.find('<'); at != std::string_view::npos; at = page.find('<', at + 1)) {
        auto const end = page.find('>', at);
        if (end == std::string_view::npos)
            return "an open tag" + near(page, at);
        auto const inside = page.substr(at + 1, end - at - 1);
        bool const closes = inside.starts_with("/");
        if (auto wrong = wrong_in_tag(closes ? inside.substr(1) : inside); !wrong.empty())
            return wrong;
    }
    return {};
}

std::string wrong_in_markdown(std::string_view text) {
    if (auto wrong = wrong_in_terminal(text); !wrong.empty())
        return wrong;
    auto const letter_behind = [&](std::size_t at) {
        return at + 1 < text.size()
            && (std::isalpha(static_cast<unsigned char>(text[at + 1])) != 0 || text[at + 1] == '!'
                || text[at + 1] == '/');
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        bool const escaped = at > 0 && text[at - 1] == '\\' && (at < 2 || text[at - 2] != '\\');
        if (escaped)
            continue;
        if (text[at] == '<' && letter_behind(at) && text.substr(at, 4) != "<br>") // our own
            return "HTML" + near(text, at);
        if (text.substr(at, 2) == "![")
            return "an image" + near(text, at);
        if (text.substr(at, 2) == "](") {
            bool const bracketed = text.substr(at + 2, 1) == "<";
            auto const from = at + (bracketed ? 3 : 2);
            auto const url = text.substr(from, text.find(bracketed ? '>' : ')', from) - from);
            if (auto wrong = wrong_in_link(url); !wrong.empty() && !url.starts_with("#"))
                return wrong;
            at = from + url.size();
            continue;
        }
        bool const is_name = text[at] == '@' && letter_behind(at)
            && (at == 0 || !std::isalnum(static_cast<unsigned char>(text[at - 1])));
        if (is_name)
            return "a mention" + near(text, at);
    }
    return wrong_in_bare_links(text);
}

} // namespace convops
