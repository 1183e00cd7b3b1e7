// A scripted story, run once for every place at which the process can die: no lost incident, no lost message, and no
// repeated message but the documented one (died between sending and recording), which is marked.
#include "app/incident_memory.h"
#include "simulation/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops::simulation {
namespace {

void story(World& world) {
    world.accept(alarm_of("cpu", "orders-db", AlarmState::alarm, start));
    world.run_for(Seconds { 15 });
    world.accept(alarm_of("latency", "orders-db", AlarmState::alarm, start + Seconds { 10 }));
    world.accept(alarm_of("other", "billing-db", AlarmState::alarm, start + Seconds { 12 }));
    world.accept(alarm_of("cpu", "orders-db", AlarmState::alarm, start)); // a duplicate
    world.run_for(Minutes { 2 });
    world.accept(alarm_of("cpu", "orders-db", AlarmState::ok, start + Minutes { 2 }));
    world.accept(alarm_of("latency", "orders-db", AlarmState::ok, start + Minutes { 2 }));
    auto both = alarm_of("bridge", "orders-db", AlarmState::alarm, start + Minutes { 3 });
    both.metrics.push_back(alarm_of("", "billing-db", AlarmState::alarm, start).metrics.front());
    world.run_for(Minutes { 1 });
    world.accept(both);
    world.run_for(Minutes { 1 });
    both.state = AlarmState::ok;
    both.changed_at = start + Minutes { 4 };
    world.accept(both);
    world.accept(alarm_of("other", "billing-db", AlarmState::ok, start + Minutes { 5 }));
    world.run_for(Days { 9 });
}

struct Outcome {
    std::vector<std::string> alarms_of_incidents;
    std::set<std::pair<std::string, std::string>> told; // lane, kind: which sorts of message each reader has seen
};

Outcome outcome_of(World& world) {
    Outcome outcome;
    for (auto const& record : world.incidents())
        if (!record.merged_into) {
            std::string alarms;
            for (auto const& [key, alarm] : record.incident.alarms)
                alarms += alarm.latest.name + " ";
            outcome.alarms_of_incidents.push_back(alarms);
        }
    for (auto const& message : world.sent)
        outcome.told.emplace(message.lane, to_string(message.kind));
    return outcome;
}

class CrashSweep : public ::testing::TestWithParam<std::pair<CrashPlan::What, CrashMoment>> { };

TEST_P(CrashSweep, dying_anywhere_loses_nothing_and_repeats_nothing_unmarked) {
    World calm(7);
    story(calm);
    ASSERT_THAT(calm.broken_promises(), ::testing::IsEmpty());
    auto const expected = outcome_of(calm);
    auto const [what, moment] = GetParam();
    auto const places = what == CrashPlan::What::commit ? calm.commits : calm.performs;
    ASSERT_GT(places, 10);
    for (int nth = 1; nth <= places; ++nth) {
        World world(7);
        world.plan = { what, nth, moment };
        story(world);
        SCOPED_TRACE("crash at " + std::to_string(nth));
        EXPECT_EQ(world.crashes, 1);
        EXPECT_THAT(world.broken_promises(), ::testing::IsEmpty());
        auto const outcome = outcome_of(world);
        EXPECT_EQ(outcome.alarms_of_incidents, expected.alarms_of_incidents);
        EXPECT_EQ(outcome.told, expected.told);
        std::set<std::string> keys;
        int repeats = 0;
        for (auto const& message : world.sent)
            repeats += keys.insert(message.key).second ? 0 : 1;
        // Only a death after the send and before the record may repeat: after a perform, or before its commit.
        auto const in_the_window = (what == CrashPlan::What::perform && moment == CrashMoment::after)
            || (what == CrashPlan::What::commit && moment == CrashMoment::before);
        EXPECT_LE(repeats, in_the_window ? 1 : 0);
    }
}

INSTANTIATE_TEST_SUITE_P(EveryPlace, CrashSweep,
    ::testing::Values(std::pair { CrashPlan::What::commit, CrashMoment::before },
        std::pair { CrashPlan::What::commit, CrashMoment::after },
        std::pair { CrashPlan::What::perform, CrashMoment::before },
        std::pair { CrashPlan::What::perform, CrashMoment::after }),
    [](auto const& instance) {
        return std::string(instance.param.first == CrashPlan::What::commit ? "commit" : "perform")
            + (instance.param.second == CrashMoment::before ? "_before" : "_after");
    });

// Two people judge the cause while the process dies somewhere: each voice is kept, and counts once.
void judged_story(World& world) {
    world.gist = { CauseKind::deploy, { "ecs:service", "shop/checkout", {} }, {}, {} };
    auto const accepted = world.accept(alarm_of("cpu", "orders-db", AlarmState::alarm, start));
    world.run_for(Minutes { 2 });
    world.vote(*accepted.incident, "slack/C1", "U-ADA", Opinion::wrong);
    world.vote(*accepted.incident, "slack/C1", "U-BOB", Opinion::right);
    world.run_for(Minutes { 1 });
    world.vote(*accepted.incident, "slack/C1", "U-ADA", Opinion::right); // has changed her mind
    world.vote(*accepted.incident, "slack/C1", "U-ADA", Opinion::right); // the same press, delivered again
    world.run_for(Minutes { 1 });
    world.accept(alarm_of("cpu", "orders-db", AlarmState::ok, start + Minutes { 5 }));
    world.run_for(Days { 8 });
}

std::pair<int, int> track_record_of(World& world) {
    auto const record = track_record(world.memory, acme, CauseKind::deploy, IncidentId {}, world.clock.now());
    return record ? std::pair { record->right, record->judged } : std::pair { -1, -1 };
}

TEST_P(CrashSweep, a_vote_that_is_killed_half_way_is_kept_and_counts_once) {
    World calm(7);
    judged_story(calm);
    ASSERT_THAT(calm.broken_promises(), ::testing::IsEmpty());
    ASSERT_EQ(track_record_of(calm), (std::pair { 1, 1 }));
    auto const [what, moment] = GetParam();
    auto const places = what == CrashPlan::What::commit ? calm.commits : calm.performs;
    for (int nth = 1; nth <= places; ++nth) {
        World world(7);
        world.plan = { what, nth, moment };
        judged_story(world);
        SCOPED_TRACE("crash at " + std::to_string(nth));
        EXPECT_EQ(world.crashes, 1);
        EXPECT_THAT(world.broken_promises(), ::testing::IsEmpty());
        auto const incidents = world.incidents();
        ASSERT_EQ(incidents.size(), 1U);
        std::map<std::string, Opinion> voices;
        for (auto const& vote : incidents[0].votes)
            EXPECT_TRUE(voices.emplace(vote.person, vote.opinion).second) << "two voices of one person";
        EXPECT_EQ(
            voices, (std::map<std::string, Opinion> { { "U-ADA", Opinion::right }, { "U-BOB", Opinion::right } }));
        EXPECT_EQ(track_record_of(world), (std::pair { 1, 1 }));
    }
}

} // namespace
} // namespace convops::simulation
