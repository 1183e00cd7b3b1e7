// Delivery is at least once and in any order; the incidents that come out do not depend on it.
#include "simulation/world.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace convops::simulation {
namespace {

// What must not depend on the order: which alarms make one incident, when each fired and recovered, how it ended.
std::set<std::string> incidents_as_text(World& world) {
    std::set<std::string> texts;
    for (auto const& record : world.incidents()) {
        if (record.merged_into)
            continue;
        std::string text = format_time(record.incident.opened_at) + " "
            + (record.incident.state == IncidentState::open ? "open" : "resolved");
        for (auto const& [key, changes] : record.changes) {
            text += "\n  " + key + " latest " + std::string(to_string(record.incident.alarms.at(key).latest.state));
            for (auto const& change : changes)
                text += " " + format_time(change.at) + "=" + std::string(to_string(change.state));
        }
        texts.insert(text);
    }
    return texts;
}

std::set<std::string> play(std::vector<Alarm> const& alarms) {
    World world(5);
    for (auto const& alarm : alarms)
        world.accept(alarm);
    world.run_for(Hours { 8 });
    auto const broken = world.broken_promises();
    for (auto const& promise : broken)
        if (!promise.starts_with("never ended") && !promise.starts_with("work left"))
            RC_FAIL(promise);
    return incidents_as_text(world);
}

// Alarms on a few resources within a few minutes, some recovered and fired again.
std::vector<Alarm> some_alarms(std::vector<int> const& numbers) {
    std::vector<Alarm> alarms;
    for (std::size_t i = 0; i + 2 < numbers.size(); i += 3) {
        auto const name = "alarm-" + std::to_string(i / 3);
        auto const resource = "db-" + std::to_string(numbers[i] % 4);
        auto at = start + Seconds { (numbers[i + 1] % 20) * 37 };
        for (int turn = 0; turn <= numbers[i + 2] % 4; ++turn) {
            alarms.push_back(alarm_of(name, resource, turn % 2 == 0 ? AlarmState::alarm : AlarmState::ok, at));
            at += Seconds { 60 + numbers[i] % 60 };
        }
    }
    return alarms;
}

TEST(Order, any_permutation_and_duplication_of_the_same_alarms_gives_the_same_incidents) {
    EXPECT_TRUE(rc::check([] {
        auto const numbers
            = *rc::gen::container<std::vector<int>>(3 * *rc::gen::inRange(1, 7), rc::gen::inRange(0, 1000));
        auto const in_order = [&] {
            auto alarms = some_alarms(numbers);
            std::sort(alarms.begin(), alarms.end(),
                [](Alarm const& a, Alarm const& b) { return a.changed_at < b.changed_at; });
            return alarms;
        }();
        auto shuffled = in_order;
        SeededEntropy dice(*rc::gen::arbitrary<std::uint64_t>());
        for (std::size_t i = 0, count = shuffled.size(); i < count; ++i)
            if (dice.chance(30))
                shuffled.push_back(shuffled[i]);
        for (std::size_t i = shuffled.size(); i > 1; --i)
            std::swap(shuffled[i - 1], shuffled[dice.below(i)]);
        RC_ASSERT(play(shuffled) == play(in_order));
    }));
}

} // namespace
} // namespace convops::simulation
