// The Slack Events API: what people write in channels that the app is in.
#include "base/text.h"
#include "conversation/formats.h"

namespace convops {

namespace {

constexpr JsonLimits limits { .bytes = most_inbound_bytes, .depth = 64 };

// "1700000000.000100": seconds and a counter that makes it unique in its channel.
Time time_of(std::string const& ts) {
    return time_from_seconds(std::clamp(std::strtod(ts.c_str(), nullptr), 0.0, 4e9));
}

bool is_ts(std::string const& ts) {
    return !ts.empty() && ts.size() <= 32
        && std::all_of(ts.begin(), ts.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

bool is_id(std::string const& id) {
    return !id.empty() && id.size() <= 64
        && std::all_of(id.begin(), id.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

// The app's own user in this workspace: authorizations names "an installation of your app".
// https://docs.slack.dev/apis/events-api/#authorizations
std::string own_user(Json const& event) {
    auto const& authorizations = list_at(event, "authorizations");
    return authorizations.empty() ? std::string() : text_at(authorizations[0], "user_id");
}

// Slack writes & < > as entities and mentions as <@U123>; only those who speak to us are taken out.
std::string spoken(std::string text, std::string const& own) {
    if (!own.empty())
        text = replace_all(std::move(text), "<@" + own + ">", " ");
    text = replace_all(replace_all(std::move(text), "&lt;", "<"), "&gt;", ">");
    return trim(replace_all(std::move(text), "&amp;", "&"));
}

// Of a mention whose own user we do not know: everything up to the first mention's end.
std::string after_mention(std::string const& text) {
    auto const from = text.find("<@");
    auto const to = text.find('>', from == std::string::npos ? 0 : from);
    return from == std::string::npos || to == std::string::npos ? text : text.substr(0, from) + text.substr(to + 1);
}

// Edits, joins, bots and our own words say nothing to us. Sent to the channel as well is still what a person said.
bool is_of_a_person(Json const& message, std::string const& own) {
    auto const subtype = text_at(message, "subtype");
    return (subtype.empty() || subtype == "thread_broadcast") && find(message, "bot_id") == nullptr
        && find(message, "bot_profile") == nullptr && (own.empty() || text_at(message, "user") != own)
        && find(message, "edited") == nullptr;
}

// Somebody of another organisation in a shared channel: Slack names the team of such a user.
// https://docs.slack.dev/apis/slack-connect/
bool is_guest(Json const& event, Json const& message) {
    auto const home = text_at(event, "team_id");
    auto const theirs = text_at(message, "user_team");
    return !home.empty() && !theirs.empty() && home != theirs;
}

} // namespace

Result<Inbound> slack_event_from(Json const& event) {
    Inbound inbound;
    auto const type = text_at(event, "type");
    if (type == "url_verification") {
        inbound.challenge = shorten(clean_utf8(text_at(event, "challenge")), 1'000);
        return inbound;
    }
    auto const* inner = find(event, "event");
    if (type != "event_callback" || inner == nullptr)
        return Error { ErrorKind::invalid_input, "not an event of the Slack Events API" };
    auto const kind = text_at(*inner, "type");
    auto const own = own_user(event);
    if ((kind != "message" && kind != "app_mention") || !is_of_a_person(*inner, own))
        return inbound;
    Utterance utterance { "slack", text_at(*inner, "channel"), text_at(*inner, "thread_ts"), text_at(*inner, "ts"),
        text_at(*inner, "user"), {}, {}, {} };
    if (!is_id(utterance.address) || !is_ts(utterance.message_id) || !is_id(utterance.author)
        || (!utterance.answers.empty() && !is_ts(utterance.answers)))
        return Error { ErrorKind::invalid_input, "a Slack message without channel, ts or user" };
    auto const raw = text_at(*inner, "text");
    auto const mentioned = kind == "app_mention" || (!own.empty() && raw.find("<@" + own + ">") != std::string::npos)
        || text_at(*inner, "channel_type") == "im";
    if (!mentioned && utterance.answers.empty())
        return inbound; // people talking in a channel
    auto const text = own.empty() && kind == "app_mention" ? spoken(after_mention(raw), own) : spoken(raw, own);
    auto said = understand(text, mentioned ? Address::to_us : Address::overheard);
    if (!said)
        return inbound;
    utterance.said = std::move(*said);
    utterance.guest = is_guest(event, *inner);
    utterance.heard = mentioned ? Address::to_us : Address::overheard;
    utterance.at = time_of(utterance.message_id);
    // A mention in a thread arrives twice, as message and as app_mention, with an event_id each: the message is what
    // is said once.
    utterance.event_id = utterance.address + "/" + utterance.message_id;
    inbound.utterances.push_back(std::move(utterance));
    return inbound;
}

Result<Inbound> parse_slack_event(std::string_view body) {
    return slack_event_from(TRY(parse_json(body, limits)));
}

} // namespace convops
