// What people write, from signed bytes to effects in the outbox; stores in memory, no socket.
#include "adapters/chat/signatures.h"
#include "adapters/memory/memory_store.h"
#include "adapters/memory/simulated_clock.h"
#include "app/chat_routes.h"
#include "app/incident_memory.h"
#include "app/working_set.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

class CountingEntropy final : public Entropy {
public:
    std::uint64_t next() override { return ++value_; }

private:
    std::uint64_t value_ = 0;
};

struct Chat {
    SimulatedClock clock { time_from_seconds(1'795'464'000) };
    MemoryStore store;
    CountingEntropy entropy;
    WorkspaceId workspace { "shop" };
    Policy policy;
    IncidentEngine engine { store, clock, entropy, [this](auto const&, auto const&) { return policy; } };
    ChatIntake intake { store, clock, engine, workspace,
        { { "slack", "C0123456789", "#ops" }, { "whatsapp", "+49 170 0000000", "Ada" } },
        { "slack secret", "meta secret", "verify me" } };
    std::vector<HttpRoute> routes = chat_routes(intake);
    MuteBook mutes { store, clock, workspace, {} };
    IncidentId incident;

    Chat() {
        policy.routes = intake.routes;
        intake.mutes = &mutes;
        Alarm alarm;
        alarm.name = "cpu";
        alarm.arn = "arn:cpu";
        alarm.changed_at = clock.now();
        incident = *engine.accept(workspace, ConnectionId { "prod" }, alarm)->incident;
        told("slack/C0123456789", { "C0123456789", "1795464001.000100" });
        told("whatsapp/+49 170 0000000", { "491700000000", "wamid.000001" });
    }
    // The first message of the lane was delivered.
    void told(std::string const& lane, SentMessage const& sent) {
        if (!engine.load(workspace, incident)->lanes.contains(lane))
            EXPECT_TRUE(engine.report(workspace, incident, FirstFactsReady { "s" }));
        auto const record = *engine.load(workspace, incident);
        EXPECT_TRUE(
            engine.report(workspace, incident, MessageDelivered { record.lanes.at(lane).under_way_key, lane, sent }));
    }
    HttpReply slack(std::string const& path, std::string const& body, std::string const& secret = "slack secret") {
        ServerRequest request;
        request.method = "POST";
        request.path = path;
        request.body = body;
        auto const timestamp = std::to_string(static_cast<std::int64_t>(seconds_since_epoch(clock.now())));
        request.headers = { { "x-slack-request-timestamp", timestamp },
            { "x-slack-signature", "v0=" + hmac_sha256_hex(secret, "v0:" + timestamp + ":" + body) } };
        return answer(routes, request);
    }
    HttpReply whatsapp(std::string const& body, std::string const& secret = "meta secret") {
        ServerRequest request;
        request.method = "POST";
        request.path = "/v1/whatsapp";
        request.body = body;
        request.headers = { { "x-hub-signature-256", "sha256=" + hmac_sha256_hex(secret, body) } };
        return answer(routes, request);
    }
    HttpReply says(std::string const& text, std::string const& more = "", std::string const& id = "wamid.IN1",
        std::string const& from = "491700000000") {
        return whatsapp(
            R"({"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"messages":[{"from":")"
            + from + R"(","id":")" + id + R"(","timestamp":"1795464000","type":"text","text":{"body":")" + text
            + "\"}" + more + "}]}}]}]}");
    }
    HttpReply in_thread(std::string const& text, std::string const& ts = "1795464010.000200",
        std::string const& thread = "1795464001.000100", std::string const& channel = "C0123456789") {
        return slack("/v1/slack/events",
            R"({"type":"event_callback","authorizations":[{"user_id":"UBOT"}],"event":{"type":"message","channel":")"
                + channel + R"(","user":"U7","ts":")" + ts + R"(","thread_ts":")" + thread + R"(","text":")" + text
                + "\"}}");
    }
    // A mention, in the channel itself.
    HttpReply in_channel(
        std::string const& text, std::string const& ts = "1795464010.000200", std::string const& more = "") {
        return slack("/v1/slack/events",
            R"({"type":"event_callback","team_id":"THOME","authorizations":[{"user_id":"UBOT"}],"event":{"type":"app_mention",)"
                + more + R"("channel":"C0123456789","user":"U7","ts":")" + ts + R"(","text":")" + text + "\"}}");
    }
    IncidentRecord record() { return *engine.load(workspace, incident); }
    // Words that replies in the outbox answer.
    std::vector<std::string> replies() {
        std::vector<std::string> words;
        for (auto const& item : *store.query(outbox_workspace, "outbox/deliver", {}, 100, clock.now())) {
            auto const entry = *outbox_entry_of(item);
            if (auto const* reply = std::get_if<Reply>(&entry.effect.what))
                words.push_back(reply->word);
        }
        return words;
    }
};

TEST(ChatIntake, a_question_in_the_thread_becomes_a_question_of_the_incident) {
    Chat chat;
    EXPECT_EQ(chat.in_thread("what changed?").status, 200);
    EXPECT_EQ(chat.record().questions, 1);
    EXPECT_EQ(chat.in_thread("what changed?").status, 200);
    EXPECT_EQ(chat.record().questions, 1) << "Slack sends again when it heard nothing";
    auto const lane = chat.record().lanes.at("slack/C0123456789");
    ASSERT_TRUE(lane.under_way);
    EXPECT_EQ(lane.under_way->question, "what changed?");
    EXPECT_EQ(lane.under_way->reply_to, (SentMessage { "C0123456789", "1795464001.000100" }));
}

TEST(ChatIntake, four_digs_deeper_in_both_chats) {
    Chat chat;
    EXPECT_EQ(chat.in_thread("4").status, 200);
    EXPECT_EQ(chat.says("4").status, 200); // no message answered: the incident told last
    EXPECT_EQ(chat.record().diggers.size(), 2U);
    EXPECT_EQ(chat.says("4", R"(,"context":{"id":"wamid.000001"})", "wamid.IN2").status, 200);
    EXPECT_EQ(chat.record().diggers.size(), 3U);
}

TEST(ChatIntake, a_mute_lasts_as_long_as_was_said_and_is_set_once) {
    Chat chat;
    EXPECT_EQ(chat.says("Mute Orders-DB for 2h").status, 200);
    EXPECT_EQ(chat.says("Mute Orders-DB for 2h").status, 200); // sent again
    auto const rules = *chat.mutes.rules();
    ASSERT_EQ(rules.size(), 1U);
    EXPECT_EQ(rules[0].resource, "Orders-DB");
    EXPECT_EQ(rules[0].once.length(), Hours { 2 });
    ASSERT_EQ(chat.replies().size(), 1U);
    EXPECT_EQ(chat.replies()[0], "muted " + rules[0].id);
    chat.clock.advance(Hours { 2 });
    EXPECT_TRUE(chat.mutes.rules()->empty());
}

TEST(ChatIntake, a_mute_without_an_end_is_refused_with_how_to_say_it) {
    Chat chat;
    chat.says("mute orders-db", "", "wamid.A");
    chat.says("mute orders-db forever", "", "wamid.B");
    chat.says("mute orders-db 90d", "", "wamid.C");
    chat.says("mute", "", "wamid.D");
    EXPECT_TRUE(chat.mutes.rules()->empty());
    EXPECT_EQ(chat.replies(), (std::vector<std::string> { "mute_how", "mute_how", "mute_refused", "mute_how" }));
}

TEST(ChatIntake, unmute_ends_what_a_chat_has_muted_by_its_name) {
    Chat chat;
    chat.says("mute alarm:staging-* 1d", "", "wamid.A");
    chat.says("unmute orders-db", "", "wamid.B");
    EXPECT_EQ(chat.mutes.rules()->size(), 1U);
    chat.clock.advance(Minutes { 1 });
    chat.says("unmute alarm:staging-*", "", "wamid.C");
    EXPECT_TRUE(chat.mutes.rules()->empty());
    auto const replies = chat.replies();
    ASSERT_EQ(replies.size(), 3U);
    EXPECT_EQ(replies[1], "nothing_muted orders-db");
    EXPECT_EQ(replies[2], "unmuted alarm:staging-*");
}

TEST(ChatIntake, a_mention_in_slack_mutes_in_the_channel_and_in_a_thread) {
    Chat chat;
    EXPECT_EQ(chat.in_channel("<@UBOT> mute orders-db 2h").status, 200);
    auto const rules = *chat.mutes.rules();
    ASSERT_EQ(rules.size(), 1U);
    EXPECT_EQ(rules[0].resource, "orders-db");
    EXPECT_EQ(rules[0].once.length(), Hours { 2 });
    chat.in_thread("<@UBOT> mute alarm:staging-* for 30m", "1795464011.000200");
    EXPECT_EQ(chat.mutes.rules()->size(), 2U);
    chat.in_channel("<@UBOT> unmute orders-db", "1795464012.000200");
    ASSERT_EQ(chat.mutes.rules()->size(), 1U);
    EXPECT_EQ(chat.mutes.rules()->front().alarm, "staging-*");
}

// A name that Slack would have made a link or an entity of is the name that was meant.
TEST(ChatIntake, a_mention_in_slack_mutes_the_name_that_was_written) {
    Chat chat;
    chat.in_channel("<@UBOT>  mute  a&amp;b  1d");
    ASSERT_EQ(chat.mutes.rules()->size(), 1U);
    EXPECT_EQ(chat.mutes.rules()->front().resource, "a&b");
}

TEST(ChatIntake, a_guest_of_a_shared_channel_mutes_nothing) {
    Chat chat;
    chat.in_channel("<@UBOT> mute orders-db 2h", "1795464013.000200", R"("user_team":"TGUEST",)");
    EXPECT_TRUE(chat.mutes.rules()->empty());
}

TEST(ChatIntake, colleagues_who_speak_of_muting_mute_nothing) {
    Chat chat;
    chat.in_thread("mute orders-db 2h");
    chat.in_thread("should we mute orders-db for 2h?", "1795464010.000300");
    EXPECT_TRUE(chat.mutes.rules()->empty());
}

TEST(ChatIntake, forged_stale_and_unreadable_requests_change_nothing) {
    Chat chat;
    auto const event = std::string(R"({"type":"event_callback","event":{}})");
    EXPECT_EQ(chat.slack("/v1/slack/events", event, "guess").status, 401);
    EXPECT_EQ(chat.slack("/v1/slack/interactive", "payload=1", "guess").status, 401);
    EXPECT_EQ(chat.slack("/v1/slack/command", "text=1", "guess").status, 401);
    EXPECT_EQ(chat.whatsapp("{}", "guess").status, 401);
    EXPECT_EQ(chat.slack("/v1/slack/events", "not json").status, 400);
    EXPECT_EQ(chat.whatsapp("not json").status, 400);
    ServerRequest stale;
    stale.method = "POST";
    stale.path = "/v1/slack/events";
    stale.body = event;
    stale.headers = { { "x-slack-request-timestamp", "1795460000" },
        { "x-slack-signature", "v0=" + hmac_sha256_hex("slack secret", "v0:1795460000:" + event) } };
    EXPECT_EQ(answer(chat.routes, stale).status, 401);
    EXPECT_TRUE(chat.replies().empty());
}

// A cause that can be judged, and the button of its message pressed by somebody.
struct JudgedChat : Chat {
    Gist const gist { CauseKind::deploy, Resource { "ecs:service", "shop/checkout", {} }, {}, {} };

    JudgedChat() {
        EXPECT_TRUE(engine.report(
            workspace, incident, InvestigationEnded { IncidentVerdict::incident, Severity::p2, "r", {}, gist }));
        for (auto const& [key, lane] : record().lanes)
            EXPECT_TRUE(engine.report(workspace, incident,
                MessageDelivered { lane.under_way_key, key,
                    key.starts_with("slack") ? SentMessage { "C0123456789", "1795464001.000100" }
                                             : SentMessage { "491700000000", "wamid.000002" } }));
    }
    HttpReply presses(std::string const& action, std::string const& user, std::string const& at = "1795464020.1",
        std::string const& team = "T1", std::string const& secret = "slack secret") {
        std::string const payload = R"({"type":"block_actions","team":{"id":"T1"},"user":{"id":")" + user
            + R"(","team_id":")" + team
            + R"("},"container":{"type":"message","message_ts":"1795464001.000100","channel_id":"C0123456789"},
          "message":{"ts":"1795464001.000100"},"actions":[{"type":"button","action_id":")"
            + action + R"(","value":")" + mark_of_cause(gist) + R"(","action_ts":")" + at + R"("}]})";
        std::string encoded = "payload=";
        for (auto const c : payload) {
            char byte[4];
            std::snprintf(byte, sizeof byte, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
            encoded += byte;
        }
        return slack("/v1/slack/interactive", encoded, secret);
    }
    HttpReply replies_with(std::string const& id, std::string const& event) {
        return whatsapp(
            R"({"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"messages":[{"from":"491700000000","id":")"
            + event
            + R"(","timestamp":"1795464000","type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":")"
            + id + R"(","title":"Right"}},"context":{"id":"wamid.000002"}}]}}]}]})");
    }
    TrackRecord track() {
        return *track_record(store, workspace, CauseKind::deploy, IncidentId { "another" }, clock.now());
    }
};

TEST(ChatIntake, a_pressed_button_is_one_vote_however_often_it_arrives) {
    JudgedChat chat;
    EXPECT_EQ(chat.presses("convops_right", "U7", "1795464020.1", "T1", "guess").status, 401);
    EXPECT_TRUE(chat.record().votes.empty()) << "forged";
    EXPECT_EQ(chat.presses("convops_right", "U7").status, 200);
    EXPECT_EQ(chat.presses("convops_right", "U7").status, 200);
    ASSERT_EQ(chat.record().votes.size(), 1U);
    EXPECT_EQ(chat.record().votes[0].person, "U7");
    EXPECT_EQ(chat.track().right, 1);
    EXPECT_EQ(chat.presses("convops_not_it", "U7", "1795464030.1").status, 200);
    EXPECT_EQ(chat.record().votes.size(), 1U);
    EXPECT_EQ(chat.track().right, 0);
    EXPECT_EQ(chat.track().judged, 1);
    EXPECT_EQ(chat.presses("convops_right", "U8", "1795464040.1").status, 200);
    EXPECT_EQ(chat.track().judged, 0) << "one against one: not judged";
}

TEST(ChatIntake, a_guest_of_another_organisation_does_not_judge) {
    JudgedChat chat;
    EXPECT_EQ(chat.presses("convops_right", "U9", "1795464020.1", "T2").status, 200);
    EXPECT_TRUE(chat.record().votes.empty());
}

TEST(ChatIntake, a_vote_in_whatsapp_by_button_or_by_word_in_every_language) {
    JudgedChat chat;
    EXPECT_EQ(chat.replies_with("convops_right:" + mark_of_cause(chat.gist), "wamid.V1").status, 200);
    ASSERT_EQ(chat.record().votes.size(), 1U);
    EXPECT_EQ(chat.record().votes[0].opinion, Opinion::right);
    EXPECT_EQ(chat.replies_with("convops_right:0123", "wamid.V2").status, 200);
    int n = 0;
    for (auto const* text : { "Not it", "Falsch!", "no es eso", "गलत" }) {
        EXPECT_EQ(chat.says("Right", "", "wamid.R" + std::to_string(n)).status, 200);
        EXPECT_EQ(chat.record().votes.at(0).opinion, Opinion::right) << text;
        EXPECT_EQ(chat.says(text, "", "wamid.W" + std::to_string(n++)).status, 200);
        EXPECT_EQ(chat.record().votes.at(0).opinion, Opinion::wrong) << text;
    }
    EXPECT_EQ(chat.record().votes.size(), 1U);
    EXPECT_EQ(chat.in_thread("right").status, 200);
    EXPECT_EQ(chat.record().votes.size(), 1U) << "between colleagues it is not for us";
    EXPECT_EQ(chat.in_thread("<@UBOT> right", "1795464011.000200").status, 200);
    EXPECT_EQ(chat.record().votes.size(), 2U);
    EXPECT_EQ(chat.in_thread("<@UBOT> right?", "1795464012.000200").status, 200);
    EXPECT_EQ(chat.record().questions, 1) << "a question is no vote";
}

TEST(ChatIntake, what_is_remembered_of_another_workspace_is_not_seen) {
    JudgedChat chat;
    chat.presses("convops_right", "U7");
    WorkspaceId const other { "other" };
    EXPECT_EQ(track_record(chat.store, other, CauseKind::deploy, {}, chat.clock.now())->judged, 0);
    EXPECT_TRUE(past_incidents(chat.store, other, {}, chat.clock.now())->empty());
    EXPECT_EQ(past_incidents(chat.store, chat.workspace, {}, chat.clock.now())->size(), 1U);
    EXPECT_TRUE(past_incidents(chat.store, chat.workspace, chat.incident, chat.clock.now())->empty());
    auto const later = chat.clock.now() + *kept(DataClass::diagnosis_summaries) + Seconds { 1 };
    EXPECT_EQ(track_record(chat.store, chat.workspace, CauseKind::deploy, {}, later)->judged, 0) << "90 days";
}

TEST(ChatIntake, strangers_get_nothing) {
    Chat chat;
    EXPECT_EQ(chat.says("STATUS", "", "wamid.X", "4915555555").status, 200);
    EXPECT_EQ(chat.in_thread("what changed?", "1.2", "1795464001.000100", "C999").status, 200);
    EXPECT_TRUE(chat.replies().empty());
    EXPECT_EQ(chat.record().questions, 0);
    EXPECT_FALSE(*window_is_open(chat.store, chat.workspace, { "whatsapp", "4915555555" }, chat.clock.now()));
}

TEST(ChatIntake, a_thread_of_others_is_left_alone) {
    Chat chat;
    EXPECT_EQ(chat.in_thread("what is for lunch?", "5.1", "5.0").status, 200);
    EXPECT_TRUE(chat.replies().empty());
    EXPECT_EQ(chat.in_thread("<@UBOT> what is for lunch?", "5.2", "5.0").status, 200);
    EXPECT_EQ(chat.replies(), std::vector<std::string> { "help" });
}

TEST(ChatIntake, what_somebody_writes_opens_whatsapps_24_hours) {
    Chat chat;
    Conversation const ada { "whatsapp", "491700000000" };
    EXPECT_FALSE(*window_is_open(chat.store, chat.workspace, ada, chat.clock.now()));
    chat.says("Hi");
    EXPECT_TRUE(*window_is_open(chat.store, chat.workspace, ada, chat.clock.now()));
    EXPECT_FALSE(*window_is_open(chat.store, chat.workspace, ada, chat.clock.now() + Hours { 24 }));
    EXPECT_EQ(chat.replies(), std::vector<std::string> { "hi" });
}

TEST(ChatIntake, a_day_later_a_message_that_answers_nothing_is_about_nothing) {
    Chat chat;
    chat.clock.advance(Hours { 25 });
    EXPECT_EQ(chat.says("what changed?").status, 200);
    EXPECT_EQ(chat.record().questions, 0);
    EXPECT_EQ(chat.replies(), std::vector<std::string> { "help" });
    EXPECT_EQ(chat.says("what changed?", R"(,"context":{"id":"wamid.000001"})", "wamid.IN2").status, 200);
    EXPECT_EQ(chat.record().questions, 1) << "a reply to a message is about its incident, however old";
}

TEST(ChatIntake, stop_and_hi_are_remembered_and_late_repeats_undo_nothing) {
    Chat chat;
    Conversation const ada { "whatsapp", "491700000000" };
    chat.says("STOP", "", "wamid.S");
    EXPECT_TRUE(*is_opted_out(chat.store, chat.workspace, ada, chat.clock.now()));
    chat.says("Hi", "", "wamid.H");
    EXPECT_FALSE(*is_opted_out(chat.store, chat.workspace, ada, chat.clock.now()));
    chat.says("STOP", "", "wamid.S");
    EXPECT_FALSE(*is_opted_out(chat.store, chat.workspace, ada, chat.clock.now()));
    EXPECT_EQ(chat.replies().size(), 2U);
}

TEST(ChatIntake, metas_verification_is_answered_to_who_knows_the_token) {
    Chat chat;
    ServerRequest request;
    request.method = "GET";
    request.path = "/v1/whatsapp";
    request.query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=verify%20me";
    auto const reply = answer(chat.routes, request);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "1158201444");
    request.query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=guess";
    EXPECT_EQ(answer(chat.routes, request).status, 401);
    request.query = "hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=verify%20me";
    EXPECT_EQ(answer(chat.routes, request).status, 400);
}

TEST(ChatIntake, without_secrets_there_is_nothing_to_reach) {
    Chat chat;
    chat.intake.secrets = {};
    EXPECT_TRUE(chat_routes(chat.intake).empty());
}

TEST(ChatIntake, the_slash_command_and_the_challenge) {
    Chat chat;
    EXPECT_EQ(
        chat.slack("/v1/slack/command", "channel_id=C0123456789&user_id=U7&text=usage&trigger_id=1.2.3").status, 200);
    EXPECT_EQ(chat.replies(), std::vector<std::string> { "usage" });
    EXPECT_EQ(chat.slack("/v1/slack/events", R"({"type":"url_verification","challenge":"abc"})").body, "abc");
}

} // namespace
} // namespace convops
