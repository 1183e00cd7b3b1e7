// What is told from memory, in every language and channel.
#include "message/memory_words.h"

#include "message/channels.h"
#include "message/deliver.h"
#include "message/samples_test.h"
#include "message/slack_blocks.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Reader reader_of(std::string language) {
    Reader reader;
    reader.language = std::move(language);
    return reader;
}

Assessment judged(int right, int judged) {
    Assessment assessment;
    assessment.track_record = TrackRecord { right, judged };
    return assessment;
}

std::string whatsapp_body(Message message) {
    ChannelAccess access;
    access.settings["phone_number_id"] = "1";
    Delivery delivery;
    delivery.route = { "whatsapp", "491700000000", "Ada" };
    delivery.message = std::move(message);
    return find_channel("whatsapp")->render(delivery, access).body;
}

TEST(MemoryWords, tells_the_track_record_from_three_judged_causes_on_in_every_language) {
    EXPECT_EQ(track_record_words(judged(11, 13), "en"), "This kind: right 11 of 13 times here.");
    EXPECT_EQ(track_record_words(judged(11, 13), "de"), "Diese Art: hier 11 von 13 Mal richtig.");
    EXPECT_EQ(track_record_words(judged(11, 13), "es"), "Este tipo: aquí acertó 11 de 13 veces.");
    EXPECT_EQ(track_record_words(judged(11, 13), "hi"), "इस प्रकार का कारण: यहाँ 13 में से 11 बार सही।");
    EXPECT_EQ(track_record_words(judged(2, 2), "en"), "");
}

TEST(MemoryWords, slack_shows_who_confirmed_and_whatsapp_only_the_place) {
    auto message = compose_diagnosis(samples::pool_shrunk(), reader_of("en"));
    auto assessment = judged(11, 13);
    assessment.voters
        = { { Opinion::right, "slack", "U7", "#ops" }, { Opinion::right, "whatsapp", "491700000000", "Ada" },
              { Opinion::wrong, "slack", "U8 <!channel>", "*ops*" } };
    add_assessment(message, assessment, "4f2a", MayVote::yes, reader_of("en"));
    auto const slack = to_text(Json(slack_payload(message, "", "")));
    EXPECT_NE(slack.find("Right: <@U7>, Ada"), std::string::npos) << slack;
    EXPECT_EQ(slack.find("<!channel>"), std::string::npos);
    EXPECT_EQ(slack.find("491700000000"), std::string::npos);
    EXPECT_NE(slack.find(R"("action_id":"convops_right","value":"4f2a")"), std::string::npos);
    auto const whatsapp = whatsapp_body(message);
    EXPECT_NE(whatsapp.find("Right: #ops, Ada"), std::string::npos) << whatsapp;
    EXPECT_EQ(whatsapp.find("U7"), std::string::npos);
    EXPECT_NE(whatsapp.find(R"("id":"convops_not_it:4f2a","title":"Not it")"), std::string::npos);
    EXPECT_NE(whatsapp.find("This kind: right 11 of 13 times here."), std::string::npos);
}

TEST(MemoryWords, nobody_is_asked_where_nobody_hears_the_answer) {
    auto message = compose_diagnosis(samples::pool_shrunk(), reader_of("en"));
    add_assessment(message, judged(11, 13), "4f2a", MayVote::no, reader_of("en"));
    EXPECT_EQ(to_text(Json(slack_payload(message, "", ""))).find("convops_right"), std::string::npos);
    EXPECT_EQ(whatsapp_body(message).find("interactive"), std::string::npos);
}

TEST(MemoryWords, a_runbook_is_text_and_its_link_begins_with_the_address_of_the_settings) {
    auto investigation = samples::pool_shrunk();
    investigation.runbooks = { { "*Pool* <!channel>", "https://wiki.example/a.md", "https://wiki.example",
                                   { "Run `rm -rf /` <https://evil.example|here>" }, { "alarm" } },
        { "Other", "https://evil.example/a.md", "https://wiki.example", {}, { "kind" } } };
    auto const message = compose_diagnosis(investigation, reader_of("en"));
    auto const slack = to_text(Json(slack_payload(message, "", "")));
    EXPECT_NE(slack.find("<https://wiki.example/a.md|"), std::string::npos) << slack;
    EXPECT_EQ(slack.find("<!channel>"), std::string::npos);
    EXPECT_EQ(slack.find("<https://evil.example"), std::string::npos);
    EXPECT_EQ(whatsapp_body(message).find("https://evil.example"), std::string::npos);
    EXPECT_NE(to_plain_text(message).find("Runbook"), std::string::npos);
}

TEST(MemoryWords, the_extra_cost_is_a_line_from_half_a_dollar_on) {
    ExtraSpend spend;
    spend.usd = 4.2;
    spend.low = 3.1;
    spend.high = 5.9;
    spend.lines = { SpendLine { Usage::lambda_requests } };
    EXPECT_EQ(
        spend_line(spend, "en"), "Estimated extra AWS cost: about $4.20 ($3.10 to $5.90), for Lambda requests.");
    EXPECT_EQ(
        spend_line(spend, "de"), "Geschätzte AWS-Mehrkosten: etwa 4,20 $ (3,10 bis 5,90 $), für Lambda-Aufrufe.");
    spend.of_own_region = false;
    spend.priced_region = "us-east-1";
    EXPECT_TRUE(spend_line(spend, "en").ends_with("List price us-east-1."));
    spend.usd = 0.4;
    EXPECT_EQ(spend_line(spend, "en"), "");
}

TEST(MemoryWords, what_ended_a_past_incident_is_told_in_the_readers_language) {
    Resource const service { "ecs:service", "shop/checkout", {} };
    EXPECT_EQ(ending_words(RecoveryKind::fixed, FixKind::rolled_back, service, "en"),
        "fixed by rolling back ECS service checkout");
    EXPECT_EQ(ending_words(RecoveryKind::by_itself, FixKind::none, service, "es"), "terminó por sí solo");
    EXPECT_EQ(ending_words(RecoveryKind::not_known, FixKind::rolled_back, service, "en"), "");
    for (auto const& language : language_codes())
        for (int fix = 1; fix <= static_cast<int>(FixKind::other_change); ++fix)
            EXPECT_FALSE(ending_words(RecoveryKind::fixed, static_cast<FixKind>(fix), service, language).empty());
}

} // namespace
} // namespace convops
