// What was given up can be listed and sent again: atomically, once, and with the key of the tries before.
#include "app/dead_letters.h"

#include "simulation/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops::simulation {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto firing = AlarmState::alarm;

// An incident whose every message was refused.
Accepted refused_incident(World& world) {
    world.odds.delivery_rejected = 100;
    auto accepted = world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Minutes { 5 });
    world.odds.delivery_rejected = 0;
    return accepted;
}

std::vector<std::string> ids(World& world) {
    std::vector<std::string> found;
    for (auto const& letter : *world.engine().dead_letters(acme, 100))
        found.push_back(letter.effect.id);
    return found;
}

TEST(DeadLetters, are_sent_again_and_leave_the_list) {
    World world(1);
    auto const accepted = refused_incident(world);
    auto const letters = ids(world);
    ASSERT_THAT(letters, SizeIs(4));
    EXPECT_THAT(world.sent, IsEmpty());
    for (auto const& id : letters)
        EXPECT_TRUE(resend(world.engine(), world.memory, world.clock, acme, id)) << id;
    EXPECT_THAT(ids(world), IsEmpty());
    world.run_for(Minutes { 5 });
    EXPECT_FALSE(world.sent_for(*accepted.incident).empty());
    EXPECT_FALSE(world.sent_for(*accepted.incident, "whatsapp/491701").empty());
    auto const record = world.incidents().front();
    for (auto const& [key, lane] : record.lanes)
        EXPECT_EQ(lane.failed, 0) << key;
}

TEST(DeadLetters, are_sent_once_however_often_it_is_asked) {
    World world(1);
    refused_incident(world);
    auto const id = ids(world).front();
    EXPECT_TRUE(resend(world.engine(), world.memory, world.clock, acme, id));
    auto const again = resend(world.engine(), world.memory, world.clock, acme, id);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().kind, ErrorKind::not_found);
    world.run_for(Minutes { 5 });
    EXPECT_THAT(world.sent, SizeIs(1));
}

TEST(DeadLetters, keep_the_idempotency_key_of_their_earlier_tries) {
    World world(1);
    refused_incident(world);
    auto const id = ids(world).front();
    std::string key;
    world.channel_answers = [&](PerformRequest const& request) -> std::optional<PerformOutcome> {
        key = std::get<Deliver>(request.effect.what).message.key;
        return std::nullopt;
    };
    EXPECT_TRUE(resend(world.engine(), world.memory, world.clock, acme, id));
    world.run_for(Minutes { 1 });
    EXPECT_EQ(key, id);
}

TEST(DeadLetters, that_are_refused_once_more_come_back_to_the_list) {
    World world(1);
    refused_incident(world);
    world.odds.delivery_rejected = 100;
    EXPECT_TRUE(resend(world.engine(), world.memory, world.clock, acme, ids(world).front()));
    world.run_for(Minutes { 5 });
    EXPECT_THAT(ids(world), SizeIs(4));
}

TEST(DeadLetters, of_an_investigation_run_it_again_and_the_diagnosis_follows) {
    World world(1);
    world.investigator_is_slow = true;
    auto const accepted = world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Minutes { 10 });
    ASSERT_THAT(ids(world), SizeIs(1));
    world.investigator_is_slow = false;
    EXPECT_TRUE(resend(world.engine(), world.memory, world.clock, acme, ids(world).front()));
    world.run_for(Minutes { 5 });
    EXPECT_EQ(world.incidents().front().investigation, InvestigationState::ended);
    EXPECT_EQ(world.sent_for(*accepted.incident).back().kind, MessageKind::diagnosis);
}

TEST(DeadLetters, of_another_workspace_do_not_exist) {
    World world(1);
    refused_incident(world);
    auto const other = resend(world.engine(), world.memory, world.clock, WorkspaceId { "other" }, ids(world).front());
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().kind, ErrorKind::not_found);
    EXPECT_THAT(ids(world), SizeIs(4));
}

TEST(DeadLetters, are_gone_after_their_retention) {
    World world(1);
    refused_incident(world);
    world.clock.advance(*kept(DataClass::diagnosis_summaries));
    EXPECT_THAT(ids(world), IsEmpty());
}

TEST(DeadLetters, name_a_route_and_never_an_address) {
    Effect const effect { "INC-1/000001", acme, prod, IncidentId { "INC-1" },
        Deliver { { "whatsapp", "+4915112345678", "on call" }, { .kind = MessageKind::diagnosis }, {} } };
    EXPECT_EQ(describe(effect), "deliver diagnosis to whatsapp on call");
    auto const json = to_text(to_json(DeadLetter { effect, 30, "away", start }));
    EXPECT_EQ(json.find("4915112345678"), std::string::npos) << json;
    EXPECT_NE(json.find("INC-1/000001"), std::string::npos);
}

} // namespace
} // namespace convops::simulation
