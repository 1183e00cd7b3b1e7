#include "message/preview.h"

#include "base/text.h"
#include "message/deliver.h"
#include "message/escape.h"

#include <cctype>

namespace convops {

namespace {

constexpr std::size_t phone_columns = 56; // about what a phone shows

enum class Look : std::uint8_t { normal, bold, dim };

struct Paragraph {
    std::string text; // with our own *bold* already removed when the whole line is bold
    Look look = Look::normal;
};

// Slack's "<url|label>" -> "label", entities -> characters, `code` -> code. WhatsApp has none of the first two.
std::string without_mrkdwn(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '<') {
            out += text[i];
            continue;
        }
        auto const end = text.find('>', i);
        if (end == std::string_view::npos) {
            out += text[i];
            continue;
        }
        auto const inner = text.substr(i + 1, end - i - 1);
        auto const bar = inner.find('|');
        out += bar == std::string_view::npos ? inner : inner.substr(bar + 1);
        i = end;
    }
    out = replace_all(std::move(out), "&lt;", "<");
    out = replace_all(std::move(out), "&gt;", ">");
    out = replace_all(std::move(out), "`", "");
    return replace_all(std::move(out), "&amp;", "&");
}

// "*Heading*" alone on its line, or "*headline* [F1]": bold as a whole is close enough for a terminal.
Paragraph paragraph_of(std::string_view line, std::string (*unmarked)(std::string_view)) {
    auto const star = line.find('*');
    auto const close = star == std::string_view::npos ? star : line.find('*', star + 1);
    if (close == std::string_view::npos)
        return { unmarked(line), Look::normal };
    return { unmarked(std::string(line.substr(0, star)) + std::string(line.substr(star + 1, close - star - 1))
                 + std::string(line.substr(close + 1))),
        Look::bold };
}

std::string as_it_is(std::string_view text) {
    return std::string(text);
}

void add_lines(std::vector<Paragraph>& out, std::string_view text, std::string (*unmarked)(std::string_view)) {
    for (auto const& line : split(text, '\n'))
        out.push_back(paragraph_of(line, unmarked));
}

std::vector<Paragraph> slack_paragraphs(Json const& body) {
    std::vector<Paragraph> out;
    for (auto const& block : list_at(body, "blocks")) {
        auto const type = text_at(block, "type");
        if (!out.empty())
            out.push_back({});
        if (type == "header")
            out.push_back({ without_mrkdwn(text_at(block, "text.text")), Look::bold });
        else if (type == "section")
            add_lines(out, text_at(block, "text.text"), without_mrkdwn);
        else if (type == "image")
            out.push_back({ "[chart] " + without_mrkdwn(text_at(block, "alt_text")), Look::dim });
        else if (type == "context")
            for (auto const& element : list_at(block, "elements"))
                for (auto const& line : split(text_at(element, "text"), '\n'))
                    out.push_back({ without_mrkdwn(line), Look::dim });
    }
    return out;
}

std::vector<Paragraph> whatsapp_paragraphs(Json const& body) {
    std::vector<Paragraph> out;
    auto const type = text_at(body, "type");
    if (type == "image") {
        out.push_back({ "[chart]", Look::dim });
        add_lines(out, text_at(body, "image.caption"), as_it_is);
    } else if (type == "interactive") {
        if (find(body, "interactive.header.image") != nullptr)
            out.push_back({ "[chart]", Look::dim });
        add_lines(out, text_at(body, "interactive.body.text"), as_it_is);
        std::string buttons;
        for (auto const& button : list_at(body, "interactive.action.buttons"))
            buttons += "[ " + text_at(button, "reply.title") + " ] ";
        out.push_back({ buttons, Look::dim });
    } else if (type == "text") {
        add_lines(out, text_at(body, "text.body"), as_it_is);
    } else if (type == "template") {
        out.push_back({ "[template " + text_at(body, "template.name") + "]", Look::dim });
        for (auto const& component : list_at(body, "template.components"))
            for (auto const& parameter : list_at(component, "parameters"))
                out.push_back({ text_at(parameter, "text"), Look::normal });
    }
    return out;
}

// Emoji are two columns wide; everything else that we print is one.
std::size_t columns_of(std::string_view text) {
    std::size_t wide = 0;
    for (char const c : text)
        wide += (static_cast<unsigned char>(c) & 0xF8U) == 0xF0U ? 1 : 0;
    for (std::string_view const mark : { "✅", "⚪" })
        for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1))
            ++wide;
    return width_of(text) + wide;
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += text;
    return out;
}

// "• text" and "1. text" continue under their text.
std::string hanging_indent(std::string_view text) {
    if (text.starts_with("• "))
        return "  ";
    return text.size() > 3 && std::isdigit(static_cast<unsigned char>(text[0])) != 0 && text.substr(1, 2) == ". "
        ? "   "
        : "";
}

std::string boxed(
    std::string_view title, std::vector<Paragraph> const& paragraphs, PreviewStyle style, std::size_t columns) {
    auto const inner = std::max<std::size_t>(columns, 40) - 4;
    auto const used = width_of(title) + 2;
    std::string out = "╭─ " + std::string(title) + " " + repeated("─", inner - std::min(inner, used) + 1) + "╮\n";
    for (auto const& paragraph : paragraphs) {
        auto lines = split(wrap(clean_utf8(paragraph.text), inner - 1, "", hanging_indent(paragraph.text)), '\n');
        lines.pop_back(); // wrap() ends with a newline
        for (auto const& line : lines) {
            auto const padding = std::string(inner - std::min(inner, columns_of(line)), ' ');
            bool const styled = style == PreviewStyle::ansi && paragraph.look != Look::normal && !line.empty();
            auto const on = !styled ? "" : paragraph.look == Look::bold ? "\x1b[1m" : "\x1b[2m";
            out += "│ " + (on + line) + (styled ? "\x1b[0m" : "") + padding + " │\n";
        }
    }
    return out + "╰" + repeated("─", inner + 2) + "╯\n";
}

} // namespace

Result<std::string> preview_of_body(
    std::string_view channel, std::string_view body, PreviewStyle style, std::size_t columns) {
    auto const json = TRY(parse_json(body).with_context("preview"));
    if (channel == "whatsapp")
        return boxed("WhatsApp", whatsapp_paragraphs(json), style, std::min(columns, phone_columns));
    return boxed("Slack", slack_paragraphs(json), style, columns);
}

Result<std::string> render_preview(
    Delivery const& delivery, ChannelAccess const& access, PreviewStyle style, std::size_t columns) {
    auto const* channel = find_channel(delivery.route.channel);
    if (channel == nullptr)
        return Error { ErrorKind::invalid_input,
            "there is no channel \"" + shorten(delivery.route.channel, 40) + "\"" };
    return preview_of_body(channel->name, channel->render(delivery, access).body, style, columns);
}

} // namespace convops
