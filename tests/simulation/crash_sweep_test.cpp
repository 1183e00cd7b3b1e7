// A scripted story, run once for every place at which the process can die: no lost incident, no lost message, and no
// repeated message but the documented one (died between sending and recording), which is marked.
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

} // namespace
} // namespace convops::simulation
