#include "incident/grouping.h"
#include "incident/record_json.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time const start { Milliseconds { 1'795'464'000'000 } };

Alarm alarm_of(std::string name, std::string resource, Minutes after, AlarmState state = AlarmState::alarm) {
    Alarm alarm;
    alarm.name = name;
    alarm.arn = "arn:" + name;
    alarm.state = state;
    alarm.changed_at = start + after;
    AlarmMetric metric;
    metric.metric = MetricId { "AWS/RDS", "CPUUtilization", { { "DBInstanceIdentifier", std::move(resource) } } };
    alarm.metrics.push_back(metric);
    return alarm;
}

Home home_with(std::string id, std::string name, std::string resource, std::vector<AlarmChange> changes) {
    Home home;
    home.id = IncidentId { std::move(id) };
    home.opened_at = changes.front().at;
    home.state = still_fires(changes) ? IncidentState::open : IncidentState::resolved;
    home.alarms["arn:" + name] = { name, {}, { "rds:instance/" + resource }, std::move(changes) };
    return home;
}

AlarmChange fired(int minute) {
    return { start + Minutes { minute }, AlarmState::alarm };
}
AlarmChange recovered(int minute) {
    return { start + Minutes { minute }, AlarmState::ok };
}

struct Row {
    std::string name;
    std::vector<AlarmChange> known; // of alarm "cpu" on orders-db, in incident A
    Alarm arrives;
    bool joins;
};

TEST(Grouping, an_alarm_finds_its_home) {
    std::vector<Dependency> const dependencies { { "rds:instance/orders-db", "rds:instance/replica" } };
    for (auto const& row : std::vector<Row> {
             { "same resource within 5 min", { fired(0) }, alarm_of("latency", "orders-db", Minutes { 5 }), true },
             { "same resource, earlier, arriving late", { fired(5) }, alarm_of("latency", "orders-db", Minutes { 0 }),
                 true },
             { "same resource after 5 min", { fired(0) }, alarm_of("latency", "orders-db", Minutes { 6 }), false },
             { "another resource", { fired(0) }, alarm_of("latency", "billing-db", Minutes { 1 }), false },
             { "a dependency", { fired(0) }, alarm_of("lag", "replica", Minutes { 1 }), true },
             { "fires again while firing", { fired(0) }, alarm_of("cpu", "orders-db", Minutes { 600 }), true },
             { "soon after ok", { fired(0), recovered(10) }, alarm_of("cpu", "orders-db", Minutes { 15 }), true },
             { "long after ok", { fired(0), recovered(10) }, alarm_of("cpu", "orders-db", Minutes { 16 }), false },
             { "long after ok, but it flaps",
                 { fired(0), recovered(1), fired(20), recovered(21), fired(40), recovered(41) },
                 alarm_of("cpu", "orders-db", Minutes { 60 }), true },
             { "ok of a member", { fired(0) }, alarm_of("cpu", "orders-db", Minutes { 9 }, AlarmState::ok), true },
             { "ok before it fired", { fired(9) }, alarm_of("cpu", "orders-db", Minutes { 1 }, AlarmState::ok),
                 false },
             { "ok of a stranger", { fired(0) }, alarm_of("latency", "orders-db", Minutes { 1 }, AlarmState::ok),
                 false } }) {
        std::vector<Home> const homes { home_with("A", "cpu", "orders-db", row.known) };
        EXPECT_EQ(find_home(homes, row.arrives, dependencies, Policy {}).has_value(), row.joins) << row.name;
    }
}

TEST(Grouping, a_composite_joins_its_children_and_they_join_it) {
    auto composite = alarm_of("checkout", "x", Minutes { 60 });
    composite.metrics.clear();
    composite.kind = AlarmKind::composite;
    composite.children = { "cpu", "latency" };
    EXPECT_TRUE(find_home({ home_with("A", "cpu", "orders-db", { fired(0) }) }, composite, {}, Policy {}))
        << "the child still fires, however long ago it began";
    EXPECT_FALSE(
        find_home({ home_with("A", "cpu", "orders-db", { fired(0), recovered(5) }) }, composite, {}, Policy {}));
    auto home = home_with("A", "checkout", "x", { fired(0) });
    home.alarms.begin()->second.children = { "cpu" };
    EXPECT_TRUE(find_home({ home }, alarm_of("cpu", "orders-db", Minutes { 30 }), {}, Policy {}));
}

TEST(Grouping, a_bridge_finds_both_sides_oldest_first) {
    auto bridge = alarm_of("bridge", "orders-db", Minutes { 3 });
    bridge.metrics.push_back(alarm_of("", "billing-db", Minutes { 0 }).metrics.front());
    std::vector<Home> const homes { home_with("B", "x", "billing-db", { fired(2) }),
        home_with("A", "cpu", "orders-db", { fired(1) }), home_with("C", "y", "other", { fired(1) }) };
    EXPECT_EQ(find_homes(homes, bridge, {}, Policy {}), (std::vector { IncidentId { "A" }, IncidentId { "B" } }));
}

TEST(Grouping, a_late_ok_shows_that_two_episodes_are_one) {
    std::vector<Home> const homes { home_with("A", "cpu", "orders-db", { fired(0) }),
        home_with("B", "cpu", "orders-db", { fired(12) }) };
    EXPECT_EQ(
        find_homes(homes, alarm_of("cpu", "orders-db", Minutes { 9 }, AlarmState::ok), {}, Policy {}).size(), 2U);
    EXPECT_EQ(
        find_homes(homes, alarm_of("cpu", "orders-db", Minutes { 2 }, AlarmState::ok), {}, Policy {}).size(), 1U);
}

TEST(Grouping, a_full_incident_takes_no_further_alarm_but_its_own) {
    auto home = home_with("A", "cpu", "orders-db", { fired(0) });
    for (std::size_t i = 1; i < most_alarms_of_incident; ++i)
        home.alarms["arn:" + std::to_string(i)] = { std::to_string(i), {}, {}, { fired(0) } };
    EXPECT_FALSE(find_home({ home }, alarm_of("latency", "orders-db", Minutes { 1 }), {}, Policy {}));
    EXPECT_TRUE(find_home({ home }, alarm_of("cpu", "orders-db", Minutes { 1 }), {}, Policy {}));
}

TEST(Grouping, a_home_survives_the_round_trip) {
    auto home = home_with("A", "cpu", "orders-db", { fired(0), recovered(3) });
    home.resolved_at = start + Minutes { 3 };
    auto const text = to_text(to_json(home));
    EXPECT_EQ(to_text(to_json(*home_from_json(*parse_json(text)))), text);
}

} // namespace
} // namespace convops
