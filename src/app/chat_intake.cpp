#include "app/chat_intake.h"

#include "adapters/aws/sigv4.h"
#include "adapters/chat/signatures.h"
#include "app/intake.h"
#include "app/log.h"
#include "app/metrics.h"
#include "base/text.h"

namespace convops {

namespace {

// Without a message to answer, what somebody says in WhatsApp is about the incident that they heard of last.
constexpr Hours last_told_counts { 24 };

ItemKey mark_of(ChatIntake const& intake, Utterance const& utterance) {
    return { intake.workspace, "seen/chat/" + utterance.channel, utterance.event_id };
}

Conversation conversation_of(Utterance const& utterance) {
    return { utterance.channel, utterance.address };
}

Route const* route_of(ChatIntake const& intake, Utterance const& utterance) {
    for (auto const& route : intake.routes)
        if (auto const known = conversation_of(route);
            known.channel == utterance.channel && known.address == utterance.address)
            return &route;
    return nullptr;
}

Result<std::optional<Told>> incident_of(ChatIntake& intake, Utterance const& utterance) {
    auto const now = intake.clock.now();
    auto told = TRY(told_by(intake.store, intake.workspace, conversation_of(utterance), utterance.answers, now));
    if (told || utterance.channel != "whatsapp" || !utterance.answers.empty())
        return told;
    told = TRY(told_last(intake.store, intake.workspace, conversation_of(utterance), now));
    return told && told->at + last_told_counts > now ? told : std::nullopt;
}

// Slack answers in the thread; WhatsApp answers the message itself.
std::optional<SentMessage> reply_to(Utterance const& utterance) {
    auto const id
        = utterance.channel == "slack" && !utterance.answers.empty() ? utterance.answers : utterance.message_id;
    return id.empty() ? std::nullopt : std::optional(SentMessage { utterance.address, id });
}

Result<bool> reply(ChatIntake& intake, Utterance const& utterance, Route const& route, Word word) {
    Reply what { route, reply_to(utterance), std::string(to_string(word)) };
    return intake.engine.reply_once(intake.workspace, std::move(what), mark_of(intake, utterance));
}

// Hi and stop change what is delivered from now on, whether or not the confirmation arrives.
Result<bool> take_word(ChatIntake& intake, Utterance const& utterance, Route const& route, Word word) {
    auto const now = intake.clock.now();
    // In Slack a channel belongs to many; nobody there can silence it for the others.
    if (utterance.channel == "whatsapp" && word == Word::stop)
        TRY(opt_out(intake.store, intake.workspace, conversation_of(utterance), now));
    if (utterance.channel == "whatsapp" && word == Word::hi)
        TRY(opt_in(intake.store, intake.workspace, conversation_of(utterance), now));
    return reply(intake, utterance, route, word);
}

// "alarm:x" and "tag:k=v" say so; everything else is a resource.
MuteRule rule_of(std::string const& target) {
    MuteRule rule;
    rule.source = MuteSource::chat;
    std::string_view const text = target;
    if (text.starts_with("alarm:"))
        rule.alarm = text.substr(6);
    else if (text.starts_with("tag:"))
        rule.tag = text.substr(4);
    else
        rule.resource = text;
    return rule;
}

// What is stored first has the id of what was sent, so that sending it again changes nothing; then it is answered.
Result<bool> take_mute(ChatIntake& intake, Utterance const& utterance, Route const& route) {
    auto const now = intake.clock.now();
    std::string word = "mute_refused";
    if (auto const* asked = std::get_if<MuteAsked>(&utterance.said)) {
        auto rule = rule_of(asked->target);
        rule.id = "m" + sigv4::sha256_hex(utterance.channel + utterance.event_id).substr(0, 8);
        rule.once = { now, now + asked->length };
        if (asked->target.empty() || asked->length.count() == 0) {
            word = "mute_how";
        } else if (auto const added = intake.mutes->add(rule); added) {
            word = "muted " + rule.id;
            log_info("muted", { { "mute", rule.id }, { "minutes", std::to_string(asked->length.count()) } });
        } else if (added.error().kind != ErrorKind::invalid_input) {
            return added.error();
        }
    } else {
        auto const& target = std::get<UnmuteAsked>(utterance.said).target;
        auto const ended = TRY(intake.mutes->remove(target_of(rule_of(target)))) + TRY(intake.mutes->remove(target));
        word = (ended > 0 ? "unmuted " : "nothing_muted ") + target;
        log_info("unmuted", { { "mutes", std::to_string(ended) } });
    }
    Reply what { route, reply_to(utterance), std::move(word) };
    return intake.engine.reply_once(intake.workspace, std::move(what), mark_of(intake, utterance));
}

// About an incident, anything but a word.
Event event_of(Utterance const& utterance, std::string const& lane) {
    auto const& id = utterance.event_id;
    if (auto const* text = std::get_if<AskedText>(&utterance.said))
        return QuestionAsked { id, lane, reply_to(utterance), text->text };
    if (auto const* judged = std::get_if<Judged>(&utterance.said)) {
        // Slack edits the message that the button is part of; everywhere else the answer says that it was heard.
        bool const pressed_in_slack = utterance.channel == "slack" && utterance.message_id.empty();
        return VoteCast { id, lane, reply_to(utterance), utterance.author, judged->opinion, judged->mark,
            !pressed_in_slack };
    }
    return DigDeeperAsked { id, lane, reply_to(utterance) };
}

// The fate of one utterance, as counted: never who said it, never what.
Result<std::string_view> take(ChatIntake& intake, Utterance const& utterance) {
    // First of all, so that a STOP that is sent again late does not undo the Hi that came after it.
    if (TRY(intake.engine.was_taken(mark_of(intake, utterance))))
        return std::string_view("duplicate");
    auto const told = TRY(incident_of(intake, utterance));
    auto const* route = route_of(intake, utterance);
    if (route == nullptr && !told)
        return std::string_view("stranger");
    if (utterance.channel == "whatsapp")
        TRY(open_window(
            intake.store, intake.workspace, conversation_of(utterance), utterance.at, intake.clock.now()));
    auto const of_told = told ? Route { utterance.channel, utterance.address, "" } : Route {};
    auto const& where = route != nullptr ? *route : of_told;
    auto const fate = [](bool taken) { return std::string_view(taken ? "taken" : "duplicate"); };
    if (auto const* word = std::get_if<Word>(&utterance.said))
        return fate(TRY(take_word(intake, utterance, where, *word)));
    bool const mutes
        = std::holds_alternative<MuteAsked>(utterance.said) || std::holds_alternative<UnmuteAsked>(utterance.said);
    if (mutes && (utterance.guest || intake.mutes == nullptr))
        return std::string_view("stranger");
    if (mutes)
        return fate(TRY(take_mute(intake, utterance, where)));
    if (!told && utterance.heard == Address::overheard)
        return std::string_view("overheard"); // a thread of theirs
    if (!told)
        return fate(TRY(reply(intake, utterance, where, Word::help)));
    if (utterance.guest && std::holds_alternative<Judged>(utterance.said))
        return std::string_view("stranger");
    auto const event = event_of(utterance, told->lane);
    auto const taken = intake.engine.report_once(intake.workspace, told->incident, event, mark_of(intake, utterance));
    if (!taken && taken.error().kind == ErrorKind::not_found) // past its retention, or erased
        return fate(TRY(reply(intake, utterance, where, Word::help)));
    return fate(TRY(Result<bool>(taken)));
}

} // namespace

Result<> take_utterances(ChatIntake& intake, Inbound const& inbound) {
    for (auto const& utterance : inbound.utterances) {
        auto const fate = TRY(take(intake, utterance).with_context(utterance.channel));
        metrics::count(metrics::Counter::utterances, { utterance.channel, fate });
        log_info("chat", { { "channel", utterance.channel }, { "fate", std::string(fate) } });
    }
    for (auto const& each : inbound.undelivered) {
        metrics::count(metrics::Counter::deliveries, { each.channel, "undelivered" });
        log_warning("undelivered", { { "channel", each.channel }, { "code", each.code } });
    }
    return {};
}

Result<Inbound> take_slack(
    ChatIntake& intake, SlackSignature const& signature, std::string_view body, ParseInbound parse) {
    TRY(check_slack_signature(
        intake.secrets.slack_signing_secret, signature.timestamp, signature.signature, body, intake.clock.now()));
    auto inbound = TRY(parse(body));
    TRY(take_utterances(intake, inbound));
    return inbound;
}

Result<Inbound> take_whatsapp(ChatIntake& intake, std::string_view signature, std::string_view body) {
    TRY(check_whatsapp_signature(intake.secrets.whatsapp_app_secret, signature, body));
    auto inbound = TRY(parse_whatsapp_webhook(body));
    TRY(take_utterances(intake, inbound));
    return inbound;
}

// https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
Result<std::string> answer_whatsapp_verification(ChatIntake const& intake, std::string_view query) {
    auto fields = form_fields(query);
    if (fields["hub.mode"] != "subscribe"
        || !same_secret(fields["hub.verify_token"], intake.secrets.whatsapp_verify_token))
        return Error { ErrorKind::access_denied, "the WhatsApp verify token is wrong or missing" };
    auto const& challenge = fields["hub.challenge"];
    constexpr std::size_t most_challenge_bytes = 256;
    // It is sent back: only what Meta sends, digits, so that nobody can have us serve a page of theirs.
    bool const plain = !challenge.empty() && challenge.size() <= most_challenge_bytes
        && std::all_of(challenge.begin(), challenge.end(),
            [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; });
    if (!plain)
        return Error { ErrorKind::invalid_input, "the WhatsApp challenge is unreadable" };
    return challenge;
}

} // namespace convops
