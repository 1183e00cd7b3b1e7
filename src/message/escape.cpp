#include "message/escape.h"

#include "base/text.h"
#include "message/phrases.h"

#include <array>
#include <cctype>

namespace convops {

namespace {

enum class Dialect : std::uint8_t { slack_mrkdwn, slack_plain, whatsapp, markdown };

constexpr std::size_t most_code_span_bytes = 300;

// Appends whole units only, so that a cut never splits an entity, a character or a code span.
class BoundedText {
public:
    explicit BoundedText(std::size_t most_bytes)
        : most_(most_bytes) { }

    void add(std::string_view unit) {
        if (full_)
            return;
        if (text_.size() + unit.size() > most_) {
            full_ = true;
            text_.resize(fits_with_ellipsis_);
            if (most_ >= ellipsis.size())
                text_ += ellipsis;
            return;
        }
        text_ += unit;
        if (text_.size() + ellipsis.size() <= most_)
            fits_with_ellipsis_ = text_.size();
    }
    [[nodiscard]] bool full() const { return full_; }
    std::string take() && { return std::move(text_); }

private:
    static constexpr std::string_view ellipsis = "…";
    std::size_t most_;
    std::size_t fits_with_ellipsis_ = 0;
    bool full_ = false;
    std::string text_;
};

bool is_word(std::string_view text, std::size_t at) {
    return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
}

bool is_broadcast(std::string_view after_at) {
    for (std::string_view const name : { "here", "channel", "everyone" })
        if (to_lower(after_at.substr(0, name.size())) == name)
            return true;
    return false;
}

// ":tada:" at `at`? Only what has a letter: "20:05:12" is a time.
bool is_emoji_code(std::string_view text, std::size_t at) {
    bool letter = false;
    for (auto i = at + 1; i < text.size() && i < at + 64; ++i) {
        char const c = text[i];
        if (c == ':')
            return letter;
        if (std::isalpha(static_cast<unsigned char>(c)) != 0)
            letter = true;
        else if (std::isdigit(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '+' && c != '-' && c != '\'')
            return false;
    }
    return false;
}

// Would a phone take the dot for that of a host name ("evil.example")? Both sides must look like labels.
bool is_host_dot(std::string_view text, std::size_t at) {
    return at > 0 && is_word(text, at - 1) && at + 2 < text.size()
        && std::isalpha(static_cast<unsigned char>(text[at + 1])) != 0
        && std::isalpha(static_cast<unsigned char>(text[at + 2])) != 0;
}

std::string entity(char c) {
    return c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
}

bool follows(std::string_view text, std::size_t at, std::string_view word) {
    return at >= word.size() && to_lower(text.substr(at - word.size(), word.size())) == word;
}

// GitHub looks for mentions, references and links in the finished page, where a backslash is long gone: what it would
// find there gets a look-alike, and what Markdown itself would obey gets a backslash.
// https://github.github.com/gfm/ and https://docs.github.com/en/get-started/writing-on-github
std::string inert_in_markdown(std::string_view text, std::size_t at) {
    char const c = text[at];
    switch (c) {
    case '&':
    case '<':
    case '>':
        return entity(c);
    case '_':
        return at > 0 && is_word(text, at - 1) && is_word(text, at + 1) ? "_" : "\\_";
    case '@':
        return is_word(text, at + 1) ? "＠" : "@";
    case '#':
        return at + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[at + 1])) != 0 ? "＃"
            : at == 0                                                                              ? "\\#"
                                                                                                   : "#";
    case '/':
        return at > 0 && text[at - 1] == ':' && text.substr(at, 2) == "//" ? "∕" : "/";
    case ':':
        return is_emoji_code(text, at) ? "꞉" : ":";
    case '-': // "GH-12" is a reference; a leading one makes a list.
        return follows(text, at, "gh") && is_word(text, at + 1) ? "‑" : at == 0 ? "\\-" : "-";
    case '+':
    case '=':
        return at == 0 ? "\\" + std::string(1, c) : std::string(1, c);
    case '.':
        if (follows(text, at, "www"))
            return "․";
        [[fallthrough]];
    case ')': // "1. " and "1) " begin a list.
        return at > 0 && text.find_first_not_of("0123456789") == at && (at + 1 == text.size() || text[at + 1] == ' ')
            ? "\\" + std::string(1, c)
            : std::string(1, c);
    default:
        return std::string_view("\\*~`|[]{}!$").find(c) != std::string_view::npos ? "\\" + std::string(1, c)
                                                                                  : std::string(1, c);
    }
}

std::string inert(std::string_view text, std::size_t at, Dialect dialect) {
    if (dialect == Dialect::markdown)
        return inert_in_markdown(text, at);
    char const c = text[at];
    bool const slack = dialect != Dialect::whatsapp;
    switch (c) {
    case '&':
    case '<':
    case '>':
        return slack ? entity(c) : c == '>' && at == 0 ? "›" : std::string(1, c);
    case '*':
        return "∗"; // U+2217
    case '~':
        return "∼"; // U+223C
    case '`':
        return "ˋ"; // U+02CB
    case '_': // Inside a word it is literal in both, and DB_POOL_SIZE should stay copyable.
        return at > 0 && is_word(text, at - 1) && is_word(text, at + 1) ? "_" : "ˍ"; // U+02CD
    case '@':
        return slack && is_broadcast(text.substr(at + 1)) ? "＠" : "@";
    case '/':
        // U+2215 for the first slash: "https:∕/" is read, not followed.
        return at > 0 && text[at - 1] == ':' && text.substr(at, 2) == "//" ? "∕" : "/";
    case ':':
        return slack && is_emoji_code(text, at) ? "꞉" : ":"; // U+A789
    case '.':
        return !slack && is_host_dot(text, at) ? "․" : "."; // U+2024
    default:
        return std::string(1, c);
    }
}

// Length of the ARN at `at`, or 0. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
std::size_t arn_length(std::string_view text, std::size_t at) {
    if (text.substr(at, 7) != "arn:aws" || (at > 0 && is_word(text, at - 1)))
        return 0;
    auto end = at;
    while (end < text.size() && end - at < most_code_span_bytes
        && (std::isalnum(static_cast<unsigned char>(text[end])) != 0
            || std::string_view(":/-_.+=,@$").find(text[end]) != std::string_view::npos))
        ++end;
    while (end > at && (text[end - 1] == '.' || text[end - 1] == ',' || text[end - 1] == ':'))
        --end;
    return std::count(text.begin() + std::ptrdiff_t(at), text.begin() + std::ptrdiff_t(end), ':') >= 5 ? end - at : 0;
}

// Pages that our own sentences send a reader to: whole, and nothing behind them, they stay links. A stranger who
// writes one down leads nobody astray.
constexpr std::array<std::string_view, 1> our_pages { "https://health.aws.amazon.com/health/status" };

std::size_t our_page_length(std::string_view text, std::size_t at) {
    auto const ends_word = [&](std::size_t place) {
        return place >= text.size() || std::string_view(" ,;)").find(text[place]) != std::string_view::npos;
    };
    if (at > 0 && text[at - 1] != ' ' && text[at - 1] != '(')
        return 0;
    for (auto const page : our_pages) {
        auto const end = at + page.size();
        if (text.substr(at, page.size()) == page && (ends_word(end) || (text[end] == '.' && ends_word(end + 1))))
            return page.size();
    }
    return 0;
}

std::string made_inert(std::string_view hostile, std::size_t most_bytes, Dialect dialect) {
    auto const text = one_line(hostile, most_bytes);
    BoundedText out(most_bytes);
    for (std::size_t at = 0; at < text.size() && !out.full();) {
        if (auto const length = dialect == Dialect::slack_mrkdwn ? arn_length(text, at) : 0; length > 0) {
            out.add("`" + text.substr(at, length) + "`");
            at += length;
            continue;
        }
        if (auto const length = our_page_length(text, at); length > 0) {
            out.add(std::string_view(text).substr(at, length));
            at += length;
            continue;
        }
        auto length = std::size_t { 1 };
        if (static_cast<unsigned char>(text[at]) >= 0x80) { // one_line() left well-formed UTF-8
            while (at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0U) == 0x80U)
                ++length;
            out.add(std::string_view(text).substr(at, length));
        } else {
            out.add(inert(text, at, dialect));
        }
        at += length;
    }
    return std::move(out).take();
}

bool is_console_host(std::string_view host) {
    constexpr std::array<std::string_view, 3> consoles { "console.aws.amazon.com", "console.amazonaws.cn",
        "console.amazonaws-us-gov.com" };
    if (host == "health.aws.amazon.com" || host == "phd.aws.amazon.com")
        return true;
    return std::any_of(consoles.begin(), consoles.end(), [&](std::string_view console) {
        return host == console || (host.ends_with(console) && host[host.size() - console.size() - 1] == '.');
    });
}

} // namespace

std::string slack_mrkdwn(std::string_view hostile, std::size_t most_bytes) {
    return made_inert(hostile, most_bytes, Dialect::slack_mrkdwn);
}

std::string slack_plain(std::string_view hostile, std::size_t most_bytes) {
    return made_inert(hostile, most_bytes, Dialect::slack_plain);
}

std::string whatsapp_line(std::string_view hostile, std::size_t most_bytes) {
    return made_inert(hostile, most_bytes, Dialect::whatsapp);
}

std::string markdown_text(std::string_view hostile, std::size_t most_bytes) {
    return made_inert(hostile, most_bytes, Dialect::markdown);
}

std::string markdown_code(std::string_view hostile, std::size_t most_bytes) {
    auto const text = replace_all(one_line(hostile, most_bytes), "|", "\\|"); // a table cell would end there
    std::size_t longest = 0;
    std::size_t run = 0;
    for (char const c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    if (text.empty())
        return {};
    auto const fence = std::string(longest + 1, '`');
    auto const space = longest > 0 ? " " : "";
    return fence + space + text + space + fence;
}

bool may_link(std::string_view url, std::string_view portal_url) {
    constexpr std::size_t most_url_bytes = 2000;
    if (url.empty() || url.size() > most_url_bytes)
        return false;
    for (char const c : url)
        if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7F
            || std::string_view("<>|\"`\\^{}").find(c) != std::string_view::npos)
            return false;
    while (portal_url.ends_with('/'))
        portal_url.remove_suffix(1);
    if (!portal_url.empty() && portal_url.starts_with("http")
        && (url == portal_url || url.starts_with(std::string(portal_url) + "/")))
        return true;
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme))
        return false;
    url.remove_prefix(scheme.size());
    auto const host = url.substr(0, url.find_first_of("/?#"));
    return is_console_host(host); // A user part or a port is no console host, so "a@b" and ":8443" fall out here.
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string wrap(std::string_view text, std::size_t columns, std::string_view first_indent, std::string_view indent) {
    std::string out;
    auto line = std::string(first_indent);
    bool empty = true;
    for (auto const& word : split(text, ' ')) {
        if (!empty && width_of(line) + 1 + width_of(word) > columns) {
            out += line + "\n";
            line = std::string(indent);
            empty = true;
        }
        line += (empty ? "" : " ") + word;
        empty = false;
    }
    return out + line + "\n";
}

} // namespace convops
