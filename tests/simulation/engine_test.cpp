// The engine and the outbox over production code: what readers get to see of one incident.
#include "simulation/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops::simulation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> kinds(std::vector<Sent> const& messages) {
    std::vector<std::string> found;
    for (auto const& message : messages)
        found.emplace_back(to_string(message.kind));
    return found;
}

constexpr auto firing = AlarmState::alarm;
constexpr auto ok = AlarmState::ok;

TEST(Engine, an_alarm_becomes_first_facts_and_then_a_diagnosis_that_edits_them) {
    World world(1);
    auto const accepted = world.accept(alarm_of("cpu", "orders-db", firing, start));
    EXPECT_EQ(accepted.fate, Accepted::Fate::opened);
    world.run_for(Minutes { 1 });
    auto const messages = world.sent_for(*accepted.incident);
    EXPECT_THAT(kinds(messages), ElementsAre("first_facts", "diagnosis"));
    EXPECT_FALSE(messages[0].edits);
    EXPECT_TRUE(messages[1].edits);
    EXPECT_THAT(
        kinds(world.sent_for(*accepted.incident, "whatsapp/491701")), ElementsAre("first_facts", "diagnosis"));
}

TEST(Engine, plain_first_facts_are_sent_when_the_investigation_is_slow) {
    World world(1);
    world.investigator_is_slow = true;
    auto const accepted = world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Seconds { 10 });
    EXPECT_THAT(kinds(world.sent_for(*accepted.incident)), ElementsAre("first_facts"));
    EXPECT_LE(world.sent.front().at - start, Seconds { 10 });
    world.run_for(Minutes { 10 }); // every attempt fails: the investigation gives up
    auto const messages = world.sent_for(*accepted.incident);
    ASSERT_THAT(kinds(messages), ElementsAre("first_facts", "diagnosis"));
    EXPECT_EQ(messages[1].note, "No diagnosis: AWS is throttling");
    EXPECT_THAT(*world.engine().dead_letters(acme, 10), SizeIs(1));
}

TEST(Engine, a_duplicate_stores_and_sends_nothing) {
    World world(1);
    auto const first = world.accept(alarm_of("cpu", "orders-db", firing, start));
    auto const commits = world.commits;
    auto const again = world.accept(alarm_of("cpu", "orders-db", firing, start));
    EXPECT_EQ(again.fate, Accepted::Fate::duplicate);
    EXPECT_EQ(again.incident, first.incident);
    EXPECT_EQ(world.commits, commits);
}

TEST(Engine, ok_resolves_after_the_hold_and_says_so) {
    World world(1);
    auto const accepted = world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Minutes { 2 });
    auto const recovered_at = world.clock.now();
    world.accept(alarm_of("cpu", "orders-db", ok, recovered_at));
    world.run_for(Seconds { 30 });
    EXPECT_EQ(world.incidents().front().incident.state, IncidentState::open) << "still held";
    world.run_for(Seconds { 60 });
    auto const record = world.incidents().front();
    EXPECT_EQ(record.incident.state, IncidentState::resolved);
    EXPECT_EQ(record.incident.resolved_at, recovered_at);
    EXPECT_THAT(kinds(world.sent_for(*accepted.incident)), ElementsAre("first_facts", "diagnosis", "resolved"));
    world.run_for(Days { 8 });
    EXPECT_THAT(world.broken_promises(), IsEmpty());
}

TEST(Engine, an_ok_that_overtakes_its_alarm_resolves_it_all_the_same) {
    World world(1);
    EXPECT_EQ(world.accept(alarm_of("cpu", "orders-db", ok, start + Seconds { 30 })).fate, Accepted::Fate::recorded);
    auto const accepted = world.accept(alarm_of("cpu", "orders-db", firing, start));
    EXPECT_EQ(accepted.fate, Accepted::Fate::opened);
    world.run_for(Minutes { 5 });
    EXPECT_EQ(world.incidents().front().incident.state, IncidentState::resolved);
    EXPECT_EQ(kinds(world.sent_for(*accepted.incident)).front(), "first_facts") << "it is told nevertheless";
}

TEST(Engine, alarm_soon_after_ok_opens_the_same_incident_again_with_a_new_message) {
    World world(1);
    auto const accepted = world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Minutes { 2 });
    world.accept(alarm_of("cpu", "orders-db", ok, world.clock.now()));
    world.run_for(Minutes { 3 });
    auto const again = world.accept(alarm_of("cpu", "orders-db", firing, world.clock.now()));
    EXPECT_EQ(again.incident, accepted.incident);
    world.run_for(Minutes { 2 });
    auto const messages = world.sent_for(*accepted.incident);
    ASSERT_THAT(kinds(messages), ElementsAre("first_facts", "diagnosis", "resolved", "first_facts", "diagnosis"));
    EXPECT_FALSE(messages[3].edits) << "an edit would reach nobody";
    EXPECT_TRUE(messages[4].edits);
    EXPECT_NE(messages[4].edits, messages[1].edits);
}

TEST(Engine, a_flapping_alarm_is_batched) {
    World world(1);
    auto const first = world.accept(alarm_of("cpu", "orders-db", firing, start));
    for (int i = 1; i <= 12; ++i) { // every 10 minutes for two hours, 7 minutes of OK in between
        world.run_for(Minutes { 3 });
        world.accept(alarm_of("cpu", "orders-db", ok, world.clock.now()));
        world.run_for(Minutes { 7 });
        world.accept(alarm_of("cpu", "orders-db", firing, world.clock.now()));
    }
    world.run_for(Minutes { 3 });
    world.accept(alarm_of("cpu", "orders-db", ok, world.clock.now()));
    world.run_for(Hours { 5 });
    std::vector<Sent> notices;
    for (auto const& message : world.sent)
        if (message.kind == MessageKind::flapping && message.lane == "slack/C1")
            notices.push_back(message);
    ASSERT_GE(notices.size(), 2U);
    EXPECT_LE(notices.size(), 3U) << "at most one an hour";
    EXPECT_EQ(notices[0].times, 4);
    EXPECT_GT(notices[1].times, 4);
    EXPECT_THAT(world.incidents(), SizeIs(3)) << "the fourth firing shows that it flaps, and stays with the third";
    EXPECT_EQ(world.sent.back().kind, MessageKind::resolved);
    world.run_for(Days { 9 });
    EXPECT_THAT(world.broken_promises(), IsEmpty());
}

TEST(Engine, what_one_investigation_learns_groups_the_next_alarms) {
    World world(1);
    world.dependencies = { { "rds:instance/orders-db", "rds:instance/billing-db" } };
    world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Hours { 1 });
    auto const one = world.accept(alarm_of("cpu2", "orders-db", firing, world.clock.now()));
    auto const two = world.accept(alarm_of("cpu3", "billing-db", firing, world.clock.now()));
    EXPECT_EQ(one.incident, two.incident);
}

TEST(Engine, a_bridging_alarm_joins_two_incidents_into_the_older_one) {
    World world(1);
    auto const one = world.accept(alarm_of("a", "orders-db", firing, start));
    auto const two = world.accept(alarm_of("b", "billing-db", firing, start + Seconds { 5 }));
    EXPECT_NE(one.incident, two.incident);
    world.run_for(Minutes { 1 });
    auto both = alarm_of("both", "orders-db", firing, world.clock.now());
    both.metrics.push_back(alarm_of("", "billing-db", firing, start).metrics.front());
    EXPECT_EQ(world.accept(both).incident, one.incident);
    world.run_for(Minutes { 1 });
    auto const records = world.incidents();
    EXPECT_EQ(records[0].incident.alarms.size(), 3U);
    EXPECT_EQ(records[1].merged_into, one.incident);
    auto const last = world.sent_for(*two.incident).back();
    EXPECT_EQ(last.kind, MessageKind::resolved);
    EXPECT_EQ(last.note, "joined with incident " + one.incident->text);
}

TEST(Engine, an_incident_without_ok_is_closed_after_a_week_with_a_reason) {
    World world(1);
    world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Days { 7 } + Minutes { 1 });
    auto const record = world.incidents().front();
    EXPECT_EQ(record.incident.state, IncidentState::resolved);
    EXPECT_THAT(record.ended_why, ::testing::HasSubstr("no OK arrived within 7 d"));
    world.run_for(Days { 2 });
    EXPECT_THAT(world.broken_promises(), IsEmpty());
}

TEST(Engine, a_channel_that_is_away_for_an_hour_is_told_afterwards_what_is_known_by_then) {
    World world(1);
    world.odds.delivery_fails = 100;
    auto const accepted = world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Hours { 1 });
    EXPECT_THAT(world.sent, IsEmpty());
    world.odds.delivery_fails = 0;
    world.run_for(Hours { 1 });
    EXPECT_THAT(kinds(world.sent_for(*accepted.incident)), ElementsAre("diagnosis"));
}

TEST(Engine, a_rejected_delivery_becomes_a_dead_letter_and_the_other_route_is_told) {
    World world(1);
    world.odds.delivery_rejected = 100;
    world.accept(alarm_of("cpu", "orders-db", firing, start));
    world.run_for(Minutes { 5 });
    auto const letters = world.engine().dead_letters(acme, 100);
    ASSERT_TRUE(letters);
    EXPECT_THAT(*letters, SizeIs(4));
    EXPECT_EQ(letters->front().why, "channel_not_found");
    EXPECT_THAT(*world.engine().dead_letters(WorkspaceId { "other" }, 100), IsEmpty());
}

TEST(Engine, connections_and_tenants_never_share_an_incident) {
    World world(1);
    auto const alarm = alarm_of("cpu", "orders-db", firing, start);
    auto const one = world.engine().accept(acme, prod, alarm);
    auto const two = world.engine().accept(acme, ConnectionId { "staging" }, alarm);
    auto const three = world.engine().accept(WorkspaceId { "other" }, prod, alarm);
    EXPECT_NE(one->incident, two->incident);
    EXPECT_EQ(world.engine().list(WorkspaceId { "other" }, 10)->size(), 1U);
    EXPECT_FALSE(world.engine().load(acme, *three->incident));
}

TEST(Engine, a_nameless_alarm_is_refused) {
    World world(1);
    EXPECT_EQ(world.engine().accept(acme, prod, Alarm {}).error().kind, ErrorKind::invalid_input);
}

} // namespace
} // namespace convops::simulation
