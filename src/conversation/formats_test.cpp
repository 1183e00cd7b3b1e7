// Payloads in the shapes that docs.slack.dev and Meta's documentation give, with values of our own.
#include "conversation/formats.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

std::string slack_message(std::string_view more, std::string_view type = "message") {
    return R"({"type":"event_callback","team_id":"T1","event_id":"Ev1","event_time":1795464000,
      "authorizations":[{"team_id":"T1","user_id":"UBOT","is_bot":true}],
      "event":{"type":")"
        + std::string(type)
        + R"(","channel":"C0123456789","user":"U777","ts":"1795464010.000200","channel_type":"channel",)"
        + std::string(more) + "}}";
}

std::string slack_thread(std::string_view text, std::string_view more = "") {
    return slack_message(
        R"("thread_ts":"1795464001.000100","text":")" + std::string(text) + "\"" + std::string(more));
}

TEST(SlackEvents, the_challenge_comes_back) {
    auto const inbound = parse_slack_event(R"({"token":"x","challenge":"3eZbrw1aB","type":"url_verification"})");
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->challenge, "3eZbrw1aB");
    EXPECT_TRUE(inbound->utterances.empty());
}

TEST(SlackEvents, a_question_in_a_thread_names_its_conversation) {
    auto const inbound = parse_slack_event(slack_thread("what changed &amp; when?"));
    ASSERT_TRUE(inbound) << inbound.error().message;
    ASSERT_EQ(inbound->utterances.size(), 1U);
    auto const& said = inbound->utterances[0];
    EXPECT_EQ(said.channel, "slack");
    EXPECT_EQ(said.address, "C0123456789");
    EXPECT_EQ(said.answers, "1795464001.000100");
    EXPECT_EQ(said.message_id, "1795464010.000200");
    EXPECT_EQ(said.event_id, "C0123456789/1795464010.000200");
    EXPECT_EQ(std::get<AskedText>(said.said).text, "what changed & when?");
    EXPECT_EQ(said.heard, Address::overheard);
}

TEST(SlackEvents, a_mention_is_taken_out_and_counts_as_said_to_us) {
    auto const inbound = parse_slack_event(slack_thread("<@UBOT> 4"));
    ASSERT_EQ(inbound->utterances.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<DigDeeper>(inbound->utterances[0].said));
    EXPECT_EQ(inbound->utterances[0].heard, Address::to_us);
    auto const mention = parse_slack_event(slack_message(R"("text":"<@UBOT> status")", "app_mention"));
    ASSERT_EQ(mention->utterances.size(), 1U);
    EXPECT_EQ(std::get<Word>(mention->utterances[0].said), Word::status);
}

TEST(SlackEvents, what_is_not_said_to_us_says_nothing) {
    for (auto const& event : { slack_message(R"("text":"what changed?")"), // not in a thread, no mention
             slack_thread("I am looking at it"), // people talking
             slack_thread("yes"), slack_thread("what?", R"(,"bot_id":"B1")"),
             slack_thread("what?", R"(,"subtype":"message_changed")"),
             slack_thread("what?", R"(,"edited":{"user":"U777","ts":"1"})"),
             slack_message(R"("thread_ts":"1.0","text":"what?","bot_profile":{"id":"B1"})"),
             slack_message(R"("reaction":"eyes")", "reaction_added") }) {
        auto const inbound = parse_slack_event(event);
        ASSERT_TRUE(inbound) << event;
        EXPECT_TRUE(inbound->utterances.empty()) << event;
    }
    auto own = slack_thread("what?");
    own.replace(own.find("U777"), 4, "UBOT");
    EXPECT_TRUE(parse_slack_event(own)->utterances.empty());
}

TEST(SlackEvents, nonsense_is_refused) {
    for (std::string const& bad :
        { std::string(), std::string("[]"), std::string("{"), std::string(R"({"type":"event_callback"})"),
            std::string(R"({"type":"event_callback","event":{"type":"message","thread_ts":"1","text":"a?"}})"),
            std::string(300'000, 'x') })
        EXPECT_FALSE(parse_slack_event(bad)) << bad.substr(0, 60);
}

TEST(SlackInteraction, our_button_digs_deeper_in_its_thread) {
    std::string const payload = R"({"type":"block_actions","user":{"id":"U777"},"api_app_id":"A1",
      "container":{"type":"message","message_ts":"1795464001.000100","channel_id":"C0123456789"},
      "channel":{"id":"C0123456789"},"message":{"type":"message","ts":"1795464001.000100"},
      "actions":[{"type":"button","action_id":"convops_dig_deeper","block_id":"b","action_ts":"1795464020.123456"}]})";
    std::string encoded = "payload=";
    for (auto const c : payload) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            encoded += c;
        else
            (encoded += '%')
                += { digits[static_cast<unsigned char>(c) >> 4U], digits[static_cast<unsigned char>(c) & 15U] };
    }
    auto const inbound = parse_slack_interaction(encoded);
    ASSERT_TRUE(inbound) << inbound.error().message;
    ASSERT_EQ(inbound->utterances.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<DigDeeper>(inbound->utterances[0].said));
    EXPECT_EQ(inbound->utterances[0].answers, "1795464001.000100");
    EXPECT_EQ(inbound->utterances[0].event_id, "C0123456789/1795464001.000100/1795464020.123456");
    EXPECT_TRUE(parse_slack_interaction("payload=%7B%22type%22%3A%22view_submission%22%7D")->utterances.empty());
    for (auto const* bad : { "", "payload=", "payload=%", "other=1",
             "payload=%7B%22type%22%3A%22block_actions%22%2C%22actions%22%3A%5B%7B%22action_id%22%3A%22convops_dig_"
             "deeper%22%7D%5D%7D" })
        EXPECT_FALSE(parse_slack_interaction(bad)) << bad;
}

TEST(SlackCommand, knows_the_words) {
    auto const inbound
        = parse_slack_command("token=x&team_id=T1&channel_id=C0123456789&channel_name=ops&user_id=U777&command=%"
                              "2Fconvops&text=Status&trigger_id=13345224609.738474920.8088930838d88f008e0");
    ASSERT_TRUE(inbound) << inbound.error().message;
    EXPECT_EQ(std::get<Word>(inbound->utterances.at(0).said), Word::status);
    EXPECT_EQ(inbound->utterances.at(0).address, "C0123456789");
    EXPECT_FALSE(parse_slack_command("text=status"));
}

TEST(SlackEnvelope, holds_the_same_payloads_and_wants_an_acknowledgement) {
    auto const hello = parse_slack_envelope(R"({"type":"hello","num_connections":1})");
    ASSERT_TRUE(hello);
    EXPECT_TRUE(hello->hello);
    EXPECT_TRUE(hello->id.empty());
    auto const disconnect = parse_slack_envelope(R"({"type":"disconnect","reason":"refresh_requested"})");
    EXPECT_TRUE(disconnect->disconnect);
    auto const event
        = parse_slack_envelope(R"({"type":"events_api","envelope_id":"e-1","payload":)" + slack_thread("4") + "}");
    ASSERT_TRUE(event);
    EXPECT_EQ(event->inbound.utterances.size(), 1U);
    EXPECT_EQ(acknowledgement_of(*event), R"({"envelope_id":"e-1"})");
    auto const command = parse_slack_envelope(
        R"({"type":"slash_commands","envelope_id":"e-2","payload":{"channel_id":"C1","user_id":"U1","trigger_id":"1.2","text":"help"}})");
    EXPECT_EQ(std::get<Word>(command->inbound.utterances.at(0).said), Word::help);
    auto const unknown = parse_slack_envelope(R"({"type":"new_thing","envelope_id":"e-3","payload":{}})");
    EXPECT_EQ(unknown->id, "e-3");
    auto const broken = parse_slack_envelope(R"({"type":"events_api","envelope_id":"e-4","payload":{}})");
    ASSERT_TRUE(broken) << "acknowledged: sent again it would be no better";
    EXPECT_TRUE(broken->inbound.utterances.empty());
    EXPECT_FALSE(parse_slack_envelope("nonsense"));
}

std::string whatsapp(std::string_view message) {
    return R"({"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"messaging_product":"whatsapp",
      "metadata":{"display_phone_number":"1555","phone_number_id":"100000000000001"},
      "contacts":[{"profile":{"name":"Ada"},"wa_id":"491700000000"}],"messages":[)"
        + std::string(message) + R"(]},"field":"messages"}]}]})";
}

TEST(WhatsAppWebhook, a_text_that_answers_a_message) {
    auto const inbound = parse_whatsapp_webhook(whatsapp(
        R"({"from":"491700000000","id":"wamid.IN1","timestamp":"1795464000","type":"text","text":{"body":"4"},"context":{"from":"1555","id":"wamid.000002"}})"));
    ASSERT_TRUE(inbound) << inbound.error().message;
    auto const& said = inbound->utterances.at(0);
    EXPECT_TRUE(std::holds_alternative<DigDeeper>(said.said));
    EXPECT_EQ(said.address, "491700000000");
    EXPECT_EQ(said.answers, "wamid.000002");
    EXPECT_EQ(said.event_id, "wamid.IN1");
    EXPECT_EQ(said.at, time_from_seconds(1'795'464'000));
}

TEST(WhatsAppWebhook, buttons_words_and_everything_else) {
    auto const said = [](std::string_view type) {
        return parse_whatsapp_webhook(
            whatsapp(R"({"from":"491700000000","id":"wamid.IN1","timestamp":"1","type":)" + std::string(type) + "}"))
            ->utterances.at(0)
            .said;
    };
    EXPECT_EQ(
        said(
            R"("interactive","interactive":{"type":"button_reply","button_reply":{"id":"convops_dig_deeper","title":"Dig"}})"),
        Said(DigDeeper {}));
    EXPECT_EQ(said(R"("interactive","interactive":{"type":"list_reply","list_reply":{"id":"x","title":"Status"}})"),
        Said(Word::status));
    EXPECT_EQ(said(R"("button","button":{"text":"Stop","payload":"stop"})"), Said(Word::stop));
    EXPECT_EQ(said(R"("image","image":{"id":"1"})"), Said(Word::help));
    EXPECT_EQ(said(R"("text","text":{"body":"¡Hola!"})"), Said(Word::hi));
    EXPECT_EQ(
        said(R"("text","text":{"body":"Was hat sich geändert?"})"), Said(AskedText { "Was hat sich geändert?" }));
}

TEST(WhatsAppWebhook, statuses_are_ignored_but_for_failures) {
    auto const inbound
        = parse_whatsapp_webhook(R"({"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages",
      "value":{"statuses":[{"id":"wamid.1","status":"delivered","recipient_id":"49"},
        {"id":"wamid.2","status":"failed","recipient_id":"49","errors":[{"code":131026,"title":"Message undeliverable"}]}]}}]}]})");
    ASSERT_TRUE(inbound);
    EXPECT_TRUE(inbound->utterances.empty());
    ASSERT_EQ(inbound->undelivered.size(), 1U);
    EXPECT_EQ(inbound->undelivered[0].code, "131026");
    EXPECT_FALSE(parse_whatsapp_webhook("{}"));
    EXPECT_FALSE(parse_whatsapp_webhook(R"({"object":"page"})"));
}

TEST(Understand, the_same_wish_in_four_languages) {
    for (auto const* text : { "4", "4.", " dig deeper ", "Dig deeper!", "tiefer graben", "Genauer", "profundizar",
             "más a fondo", "गहराई से देखें" })
        EXPECT_EQ(understand(text, Address::overheard), Said(DigDeeper {})) << text;
    for (auto const* text : { "HELP", "Hilfe", "ayuda", "मदद" })
        EXPECT_EQ(understand(text, Address::to_us), Said(Word::help)) << text;
    for (auto const* text : { "ja", "Sí", "हाँ", "YES" })
        EXPECT_EQ(understand(text, Address::to_us), Said(Word::yes)) << text;
    EXPECT_EQ(understand("ja", Address::overheard), std::nullopt) << "colleagues talking";
    EXPECT_EQ(understand("what changed", Address::overheard), Said(AskedText { "what changed" }));
    EXPECT_EQ(understand("क्या बदला", Address::overheard), Said(AskedText { "क्या बदला" }));
    EXPECT_EQ(understand("on it", Address::overheard), std::nullopt);
    EXPECT_EQ(understand("", Address::to_us), Said(Word::help));
}

} // namespace
} // namespace convops
