#include "incident/severity.h"

#include "base/check.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time minute(int number) {
    return Time { Milliseconds { 1'795'464'000'000 } } + Minutes { number };
}
constexpr int onset = 60;

Resource const balancer { "elb:load_balancer", "app/shop/0123456789abcdef", "" };
Resource const service { "ecs:service", "shop/checkout", "" };
Resource const database { "rds:instance", "orders-db", "" };

struct Case {
    std::string_view says;
    std::string_view alarm_name = "checkout";
    MetricId metric { "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count",
        { { "LoadBalancer", "app/shop/0123456789abcdef" } } };
    Resource resource = balancer;
    double threshold = 50;
    double before = 1;
    double since = 60;
    double last = 60;
    std::string_view comparison = "GreaterThanThreshold";
    std::string_view unit = "Count";
    int callers = 0;
    IncidentVerdict verdict = IncidentVerdict::incident;
    Severity severity = Severity::p3;
};

Investigation investigation_of(Case const& it) {
    Alarm alarm;
    alarm.name = it.alarm_name;
    alarm.threshold = it.threshold;
    alarm.comparison = it.comparison;
    alarm.changed_at = minute(onset + 3);
    AlarmMetric main;
    main.metric = it.metric;
    alarm.metrics = { main };
    Investigation investigation;
    investigation.incident.alarms["a"] = { alarm, { alarm.changed_at } };
    MetricFact metric;
    metric.resource = it.resource;
    metric.closeness = Closeness::alarm;
    metric.series.metric = it.metric;
    metric.series.unit = it.unit;
    for (int at = 0; at < onset + 10; ++at) {
        metric.series.at.push_back(minute(at));
        metric.series.values.push_back(at < onset ? it.before : it.since);
    }
    metric.series.values.back() = it.last;
    Fact fact;
    fact.detail = metric;
    investigation.evidence.facts.push_back(fact);
    for (int i = 0; i < it.callers; ++i) {
        Fact edge;
        edge.detail
            = DependencyFact { { "ecs:service", "shop/caller-" + std::to_string(i), "" }, it.resource, "", true };
        investigation.evidence.facts.push_back(edge);
    }
    investigation.diagnosis.verdict = it.verdict;
    investigation.diagnosis.onset = minute(onset);
    return investigation;
}

MetricId of_service(std::string_view name) {
    return { "AWS/ECS", std::string(name), { { "ClusterName", "shop" }, { "ServiceName", "checkout" } } };
}
MetricId of_database(std::string_view name) {
    return { "AWS/RDS", std::string(name), { { "DBInstanceIdentifier", "orders-db" } } };
}
MetricId of_balancer(std::string_view name) {
    return { "AWS/ApplicationELB", std::string(name), { { "LoadBalancer", "app/shop/0123456789abcdef" } } };
}

TEST(JudgedSeverity, goes_by_distance_hit_and_blast_radius) {
    std::vector<Case> const cases {
        { .says = "errors that users get", .severity = Severity::p2 },
        { .says = "far over, and much depends on it",
            .since = 600,
            .last = 600,
            .callers = 4,
            .severity = Severity::p1 },
        { .says = "far over, but nothing else depends on it", .since = 600, .last = 600, .severity = Severity::p2 },
        { .says = "users wait a little",
            .metric = of_balancer("TargetResponseTime"),
            .threshold = 1,
            .before = 0.1,
            .since = 2,
            .last = 2,
            .unit = "Seconds",
            .severity = Severity::p3 },
        { .says = "users wait very long",
            .metric = of_balancer("TargetResponseTime"),
            .threshold = 1,
            .before = 0.1,
            .since = 15,
            .last = 15,
            .unit = "Seconds",
            .severity = Severity::p2 },
        { .says = "nobody comes any more",
            .metric = of_balancer("RequestCount"),
            .threshold = 100,
            .before = 900,
            .since = 0,
            .last = 0,
            .comparison = "LessThanThreshold",
            .severity = Severity::p2 },
        { .says = "internal, a little over",
            .metric = of_service("CPUUtilization"),
            .resource = service,
            .threshold = 80,
            .before = 70,
            .since = 85,
            .last = 85,
            .unit = "Percent",
            .severity = Severity::p3 },
        { .says = "internal, hardly over, no percentage",
            .metric = of_database("DatabaseConnections"),
            .resource = database,
            .threshold = 100,
            .before = 95,
            .since = 101,
            .last = 101,
            .severity = Severity::p4 },
        { .says = "internal, far from usual, much depends on it",
            .metric = of_database("CPUUtilization"),
            .resource = database,
            .threshold = 80,
            .before = 20,
            .since = 99,
            .last = 99,
            .unit = "Percent",
            .callers = 3,
            .severity = Severity::p2 },
        { .says = "healed by itself", .since = 600, .last = 1, .callers = 4, .severity = Severity::p3 },
        { .says = "healthy after all", .verdict = IncidentVerdict::healthy, .severity = Severity::p4 },
        { .says = "staging",
            .alarm_name = "checkout-staging",
            .since = 600,
            .last = 600,
            .callers = 4,
            .severity = Severity::p3 },
        { .says = "a device is no dev", .alarm_name = "device-5xx", .severity = Severity::p2 },
        { .says = "the owner's word settles it",
            .alarm_name = "P1-nightly-staging",
            .last = 1,
            .severity = Severity::p1 },
    };
    for (auto const& it : cases)
        EXPECT_EQ(judge_severity(investigation_of(it)).severity, it.severity) << it.says;
}

TEST(JudgedSeverity, says_what_it_goes_by) {
    auto const judged = judge_severity(investigation_of({ .since = 600, .last = 600, .callers = 4 }));
    EXPECT_EQ(judged.hit, Hit::user_errors);
    EXPECT_EQ(judged.where, balancer);
    EXPECT_DOUBLE_EQ(judged.times_threshold, 12);
    EXPECT_EQ(judged.dependants, 4);
    EXPECT_EQ(judged.standing, Standing::happening);
    auto const staging = judge_severity(investigation_of({ .alarm_name = "checkout-staging" }));
    EXPECT_EQ(staging.environment, "staging");
}

TEST(JudgedSeverity, sees_that_users_get_errors_behind_an_internal_alarm) {
    auto investigation = investigation_of({ .metric = of_database("CPUUtilization"),
        .resource = database,
        .threshold = 80,
        .before = 70,
        .since = 85,
        .last = 85,
        .unit = "Percent" });
    EXPECT_EQ(judge_severity(investigation).severity, Severity::p3);
    auto const errors = investigation_of({ .since = 200, .last = 200 });
    auto fact = errors.evidence.facts.front();
    auto metric = std::get<MetricFact>(fact.detail);
    metric.closeness = Closeness::neighbour;
    fact.detail = metric;
    investigation.evidence.facts.push_back(fact);
    auto const judged = judge_severity(investigation);
    EXPECT_EQ(judged.hit, Hit::user_errors);
    EXPECT_EQ(judged.severity, Severity::p2);
}

TEST(JudgedSeverity, holds_without_any_evidence) {
    Investigation nothing;
    nothing.incident.alarms["a"] = {};
    EXPECT_EQ(judge_severity(nothing).severity, Severity::p3);
}

} // namespace
} // namespace convops
