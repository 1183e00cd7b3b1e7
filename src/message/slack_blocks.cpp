#include "message/slack_blocks.h"

#include "base/text.h"
#include "message/escape.h"
#include "message/phrases.h"
#include "message/words.h"

#include <charconv>

namespace convops {

namespace {

constexpr std::size_t most_line_text = 700; // escaping may grow a line of 400 bytes
constexpr std::size_t least_useful_text = 80;

std::string_view severity_mark(Message const& message) {
    if (message.kind == MessageKind::resolved || message.over)
        return "✅ ";
    if (message.kind == MessageKind::answer)
        return "💬 ";
    switch (message.severity) {
    case Severity::p1:
        return "🔴 ";
    case Severity::p2:
        return "🟠 ";
    case Severity::p3:
        return "🟡 ";
    case Severity::p4:
        return "⚪ ";
    }
    return "";
}

// verbatim: Slack must not look for links and mentions by itself.
// https://docs.slack.dev/reference/block-kit/composition-objects/text-object
JsonObject mrkdwn(std::string text) {
    return { { "type", "mrkdwn" }, { "text", std::move(text) }, { "verbatim", true } };
}

JsonObject plain(std::string text) {
    return { { "type", "plain_text" }, { "text", std::move(text) }, { "emoji", false } };
}

std::string link_to(std::string_view url, std::string_view label) {
    return "<" + replace_all(std::string(url), "&", "&amp;") + "|" + std::string(label) + ">";
}

std::string citation(std::vector<FactId> const& facts, std::string_view link, std::string_view portal_url) {
    std::string out;
    for (std::size_t i = 0; i < facts.size() && i < 6; ++i) {
        auto const id = slack_plain(facts[i].text, 12);
        if (id.empty())
            continue;
        out += out.empty() ? " [" : ", ";
        // The link is that of the first fact.
        out += i == 0 && may_link(link, portal_url) ? link_to(link, id) : id;
    }
    return out.empty() ? out : out + "]";
}

class Blocks {
public:
    Blocks(std::string_view portal_url, Catalogue const& say_it)
        : portal_url_(portal_url)
        , say_it_(say_it) { }

    void header(std::string text) { add({ { "type", "header" }, { "text", plain(std::move(text)) } }, 0); }

    void section(std::string text) {
        auto const size = text.size();
        add({ { "type", "section" }, { "text", mrkdwn(std::move(text)) } }, size);
    }

    // "*Heading*" and one line for each entry, as many as fit; what did not fit is counted.
    void list(std::string_view heading, std::vector<std::string> const& lines) {
        if (lines.empty())
            return;
        auto const room = std::min(SlackLimits::section_text, left());
        std::string text = heading.empty() ? std::string() : "*" + std::string(heading) + "*";
        if (room < text.size() + least_useful_text)
            return;
        std::size_t shown = 0;
        for (auto const& line : lines) {
            if (text.size() + 1 + line.size() + 24 > room) // 24: room for "and 1000 more"
                break;
            text += (text.empty() ? "" : "\n") + line;
            ++shown;
        }
        if (shown < lines.size())
            text += "\n" + say(say_it_.and_more, { std::to_string(lines.size() - shown) });
        section(std::move(text));
    }

    void image(std::string_view file_id, std::string alt) {
        auto const size = alt.size();
        add({ { "type", "image" }, { "slack_file", JsonObject { { "id", file_id } } },
                { "alt_text", std::move(alt) } },
            size);
    }

    void buttons(JsonArray elements) {
        if (!elements.empty())
            add({ { "type", "actions" }, { "elements", std::move(elements) } }, 0);
    }

    void context(std::string text) {
        auto const size = text.size();
        add({ { "type", "context" }, { "elements", JsonArray { mrkdwn(std::move(text)) } } }, size);
    }

    [[nodiscard]] std::size_t left() const { return SlackLimits::all_text - std::min(used_, SlackLimits::all_text); }
    [[nodiscard]] std::string_view portal_url() const { return portal_url_; }
    JsonArray take() && { return std::move(blocks_); }

private:
    void add(JsonObject block, std::size_t text_bytes) {
        if (blocks_.size() >= SlackLimits::blocks)
            return;
        used_ += text_bytes;
        blocks_.push_back(std::move(block));
    }

    std::string_view portal_url_;
    Catalogue const& say_it_;
    std::size_t used_ = 0;
    JsonArray blocks_;
};

std::vector<std::string> cited(std::vector<CitedLine> const& lines, std::string_view portal_url) {
    constexpr std::size_t most_lines = 20;
    std::vector<std::string> out;
    for (auto const& line : lines) {
        // Past the bound the lines are only counted by list(), so their text does not matter.
        out.push_back(out.size() < most_lines
                ? "• " + slack_mrkdwn(line.text, most_line_text) + citation(line.facts, line.link, portal_url)
                : std::string(SlackLimits::section_text, ' '));
        if (out.size() > 4 * most_lines)
            break;
    }
    return out;
}

std::vector<std::string> ranked(Message const& message, std::string_view portal_url) {
    constexpr std::size_t most_causes = 10;
    std::vector<std::string> out;
    for (auto const& [rank, cause] : causes_to_list(message))
        if (out.size() < most_causes)
            out.push_back(std::to_string(rank) + ". " + slack_mrkdwn(cause->text, most_line_text)
                + citation(cause->facts, cause->link, portal_url));
    return out;
}

std::vector<std::string> action_lines(Message const& message) {
    std::vector<std::string> out;
    for (auto const& action : message.actions) {
        auto statement = slack_mrkdwn(action.statement, most_line_text);
        out.push_back("• " + statement);
        if (out.size() == 10)
            break;
    }
    return out;
}

std::vector<std::string> gap_lines(Message const& message) {
    std::vector<std::string> out;
    for (auto const& gap : message.not_seen)
        if (out.size() < 20)
            out.push_back("• " + slack_mrkdwn(gap, most_line_text));
    return out;
}

// Slack shows the person's name to those who may see it; people who said it elsewhere are told by their place.
// https://docs.slack.dev/messaging/formatting-message-text#mentioning-users
std::string name_in_slack(Voter const& voter) {
    constexpr std::size_t most_id = 20;
    auto const& id = voter.person;
    bool const mentions = voter.channel == "slack" && !id.empty() && id.size() <= most_id
        && std::all_of(id.begin(), id.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
    return mentions ? "<@" + id + ">" : slack_mrkdwn(voter.place, 80);
}

std::string votes_of(MessageVote const& vote) {
    std::vector<std::string> said;
    for (auto const& [opinion, words, mark] : { std::tuple { Opinion::right, &vote.said_right, "✅ " },
             std::tuple { Opinion::wrong, &vote.said_not_it, "❌ " } }) {
        if (words->empty())
            continue;
        auto const names = voter_names(vote, opinion, name_in_slack);
        said.push_back(mark + say(slack_mrkdwn(*words, 200), { names }));
    }
    return join(said, " · ");
}

// https://docs.slack.dev/reference/block-kit/block-elements/button-element
JsonArray buttons_of(Message const& message) {
    JsonArray buttons;
    auto const add = [&](std::string const& label, std::string_view action, std::string_view value) {
        if (label.empty())
            return;
        JsonObject button { { "type", "button" }, { "text", plain(slack_plain(label, SlackLimits::button_text)) },
            { "action_id", action } };
        if (!value.empty())
            button["value"] = value;
        buttons.push_back(std::move(button));
    };
    add(message.vote.label_right, right_action, message.vote.mark);
    add(message.vote.label_not_it, not_it_action, message.vote.mark);
    add(message.deeper, dig_deeper_action, "");
    return buttons;
}

std::vector<std::string> runbook_lines(Message const& message) {
    std::vector<std::string> out;
    for (auto const& runbook : message.runbooks) {
        auto const title = slack_mrkdwn(runbook.title, 200);
        auto const named = !runbook.address.empty() && may_link(runbook.place, runbook.address)
            ? link_to(runbook.place, title)
            : title + " (" + slack_mrkdwn(runbook.place, 200) + ")";
        out.push_back("• " + named);
        for (auto const& step : runbook.steps)
            out.push_back("    ◦ " + slack_mrkdwn(step, 300));
    }
    return out;
}

// What is known from before, and what it costs.
std::vector<std::string> memory_lines(Message const& message, std::string_view portal_url) {
    std::vector<std::string> out;
    if (!message.vote.track_record.empty())
        out.push_back(slack_mrkdwn(message.vote.track_record, most_line_text));
    if (!message.seen_before.text.empty())
        out.push_back(slack_mrkdwn(message.seen_before.text, most_line_text)
            + citation(message.seen_before.facts, message.seen_before.link, portal_url));
    if (!message.spend.empty())
        out.push_back(slack_mrkdwn(message.spend, most_line_text));
    return out;
}

std::string footer_of(Message const& message, std::string_view portal_url) {
    auto text = slack_mrkdwn(message.severity_why, 400);
    if (!message.footer.empty())
        text += (text.empty() ? "" : "\n") + slack_mrkdwn(message.footer, 400);
    if (may_link(message.link, portal_url))
        text += (text.empty() ? "" : " · ") + link_to(message.link, words(message.language).open_incident);
    return text;
}

// Notifications and screen readers see only this. Plain words, no markup.
std::string fallback_of(Message const& message) {
    auto text = std::string(severity_mark(message)) + slack_plain(message.title, 400) + "\n"
        + slack_plain(message.headline, 1200);
    return text.size() > SlackLimits::fallback_text ? shorten(text, SlackLimits::fallback_text) : text;
}

} // namespace

JsonObject slack_payload(Message const& message, std::string_view portal_url, std::string_view chart_file_id) {
    auto const& say_it = words(message.language);
    Blocks blocks(portal_url, say_it);
    auto const mark = severity_mark(message);
    auto const title = slack_plain(message.title, SlackLimits::header_text - mark.size());
    blocks.header(std::string(mark) + (title.empty() ? "ConvOps" : title));
    if (auto const headline = slack_mrkdwn(message.headline, 1200); !headline.empty())
        blocks.section("*" + headline + "*" + citation(message.headline_facts, "", portal_url));
    blocks.list("", cited(message.explained, portal_url));
    auto const causes = ranked(message, portal_url);
    blocks.list(causes.size() == message.causes.size() ? say_it.causes : say_it.other_causes, causes);
    if (!chart_file_id.empty()) {
        auto alt = slack_plain(message.chart_alt, SlackLimits::alt_text);
        blocks.image(chart_file_id, alt.empty() ? say_it.evidence.text() : std::move(alt));
    }
    blocks.list("", memory_lines(message, portal_url));
    blocks.list(say_it.what_happened, cited(message.what_happened, portal_url));
    blocks.list(say_it.suggested, action_lines(message));
    blocks.list(say_it.runbooks.heading, runbook_lines(message));
    blocks.list(say_it.not_seen, gap_lines(message));
    blocks.list(say_it.ruled_out_heading, cited(message.ruled_out, portal_url));
    if (auto said = votes_of(message.vote); !said.empty())
        blocks.section(std::move(said));
    else if (!message.vote.outcome.empty())
        blocks.section(slack_mrkdwn(message.vote.outcome, most_line_text));
    blocks.buttons(buttons_of(message));
    if (auto const footer = footer_of(message, portal_url); !footer.empty())
        blocks.context(footer);
    return { { "text", fallback_of(message) }, { "blocks", std::move(blocks).take() }, { "unfurl_links", false },
        { "unfurl_media", false } };
}

Milliseconds asked_wait(HttpResponse const& response, Milliseconds otherwise) {
    auto const text = response.header("retry-after");
    int seconds = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    return error == std::errc {} && seconds > 0 && seconds <= 3600 ? Milliseconds { seconds * 1000 } : otherwise;
}

std::string slack_refusal(std::string_view error, Json const& answer) {
    static std::map<std::string, std::string, std::less<>> const advice {
        { "invalid_auth", "the token is not valid: install the app again" },
        { "not_authed", "no token was given" },
        { "account_inactive", "the token's user or workspace is gone: install the app again" },
        { "token_revoked", "the token was revoked: install the app again" },
        { "token_expired", "the token has expired: install the app again" },
        { "channel_not_found", "there is no such channel, or the app can not see it: invite the app to it" },
        { "not_in_channel", "invite the app to the channel" },
        { "is_archived", "the channel is archived: choose another one" },
        { "msg_too_long", "the message is too long" },
        { "msg_blocks_too_long", "the blocks are too long" },
        { "restricted_action", "a workspace setting forbids posting there" },
        { "no_permission", "the app may not post there" },
        { "ekm_access_denied", "the workspace's key administrator suspended posting" },
    };
    auto text = "Slack refused: " + one_line(error, 60);
    if (auto const found = advice.find(error); found != advice.end())
        text += ": " + found->second;
    if (error == "missing_scope")
        text += ": the app needs the scope " + one_line(text_at(answer, "needed"), 60);
    if (auto const& details = list_at(answer, "response_metadata.messages");
        !details.empty() && details[0].is_string())
        text += " (" + one_line(std::string_view(details[0].get_string()), 160) + ")";
    return text;
}

} // namespace convops
