#include "diagnosis/recovery.h"
#include "diagnosis/undoing.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time const noon { Milliseconds { 1'795'478'400'000 } };
Resource const checkout { "ecs:service", "shop/checkout", {} };
Resource const orders { "rds:instance", "orders-db", {} };

Fact fact_of(std::string id, Minutes at, FactDetail detail, std::string statement = "") {
    Fact fact;
    fact.id = FactId { std::move(id) };
    fact.at = noon + at;
    fact.statement = statement.empty() ? "statement of " + fact.id.text : std::move(statement);
    fact.detail = std::move(detail);
    return fact;
}

ChangeFact change_of(ChangeKind kind, std::string event, Resource touched, std::string what) {
    return { .kind = kind,
        .event_name = std::move(event),
        .actor = "ana",
        .touched = { std::move(touched) },
        .what = std::move(what) };
}

// Errors of the service: about 1 a minute, 40 from minute 0 up to minute 20, then 1 again.
Fact metric_with_trouble(std::string id) {
    MetricFact metric;
    metric.resource = checkout;
    metric.closeness = Closeness::alarm;
    metric.series.metric = { "Shop", "Errors", {} };
    metric.series.period = Seconds { 60 };
    metric.series.unit = "Count";
    for (int minute = -30; minute < 30; ++minute) {
        metric.series.at.push_back(noon + Minutes { minute });
        metric.series.values.push_back(minute >= 0 && minute < 20 ? (minute == 7 ? 99 : 40) : 1);
    }
    return fact_of(std::move(id), Minutes { 29 }, metric);
}

// The alarm fired at minute 3 and was OK at minute 24; the cause is the deploy of checkout:42 just before.
Investigation incident_after(CauseKind kind, ChangeFact const& cause, Resource resource = checkout) {
    Investigation investigation;
    Alarm alarm;
    alarm.name = "errors";
    alarm.threshold = 10;
    alarm.comparison = "GreaterThanThreshold";
    AlarmMetric metric;
    metric.metric = MetricId { "Shop", "Errors", {} };
    alarm.metrics = { metric };
    auto& incident = investigation.incident;
    incident.alarms["errors"] = { alarm, { noon + Minutes { 3 } } };
    incident.opened_at = noon + Minutes { 3 };
    incident.state = IncidentState::resolved;
    incident.resolved_at = noon + Minutes { 24 };
    investigation.diagnosis.verdict = IncidentVerdict::incident;
    investigation.diagnosis.onset = noon;
    investigation.evidence.facts.push_back(fact_of("F1", Minutes { -1 }, cause, "the cause"));
    investigation.diagnosis.causes.push_back(
        { kind, std::move(resource), "It was the change.", 0.9, { FactId { "F1" } }, {}, {} });
    return investigation;
}

ChangeFact const bad_deploy = change_of(ChangeKind::deploy, "UpdateService", checkout,
    "image shop:41 → shop:42; DB_POOL_SIZE 20 → 2; taskDefinition checkout:42");

Recovery recovery_of(Investigation const& investigation, std::vector<Fact> facts, std::vector<Gap> gaps = {},
    Minutes now = Minutes { 60 }) {
    facts.push_back(metric_with_trouble("R1"));
    Evidence after { std::move(facts), std::move(gaps) };
    return explain_recovery(investigation, &after, noon + now);
}

struct Row {
    std::string name;
    CauseKind cause;
    ChangeFact because;
    Fact fix;
    RecoveryKind kind;
    FixKind fixed_by;
};

TEST(Recovery, is_explained_by_what_undid_the_cause_shortly_before) {
    auto const at17 = [](FactDetail detail) { return fact_of("R7", Minutes { 17 }, std::move(detail)); };
    auto const deployed
        = [](std::string what) { return change_of(ChangeKind::deploy, "UpdateService", checkout, std::move(what)); };
    auto const settings = change_of(ChangeKind::config, "ModifyDBParameterGroup", orders, "max_connections 200 → 20");
    auto const revoked = change_of(ChangeKind::network, "RevokeSecurityGroupIngress", orders, "");
    auto const none = change_of(ChangeKind::other, "Nothing", orders, "");
    using enum CauseKind;
    using enum RecoveryKind;
    for (auto const& row : std::vector<Row> {
             { "an earlier task definition", CauseKind::deploy, bad_deploy,
                 at17(deployed("taskDefinition checkout:41")), fixed, FixKind::rolled_back },
             { "the image before", CauseKind::deploy,
                 change_of(ChangeKind::deploy, "UpdateService", checkout, "image shop:41 → shop:42"),
                 at17(deployed("image shop:42 → shop:41")), fixed, FixKind::rolled_back },
             { "a later task definition", CauseKind::deploy, bad_deploy, at17(deployed("taskDefinition checkout:43")),
                 after_change, FixKind::deployed_again },
             { "the setting before", config_change, settings,
                 at17(change_of(ChangeKind::config, "ModifyDBParameterGroup", orders, "max_connections 200")), fixed,
                 FixKind::reverted },
             { "another value", config_change, settings,
                 at17(change_of(ChangeKind::config, "ModifyDBParameterGroup", orders, "work_mem 4")), after_change,
                 FixKind::other_change },
             { "the opposite call", network, revoked,
                 at17(change_of(ChangeKind::network, "AuthorizeSecurityGroupIngress", orders, "")), fixed,
                 FixKind::reverted },
             { "storage grew", storage_exhaustion, none,
                 at17(change_of(ChangeKind::config, "ModifyDBInstance", orders, "allocatedStorage 200")), fixed,
                 FixKind::storage_raised },
             { "RDS grew it by itself", storage_exhaustion, none,
                 at17(ResourceEventFact { orders, ResourceEventKind::scaled, "",
                     "Finished applying autoscaling to allocated storage", 1 }),
                 fixed, FixKind::storage_raised },
             { "more tasks", cpu_saturation, none,
                 at17(change_of(ChangeKind::scaling, "UpdateService", orders, "desiredCount 2 → 6")), fixed,
                 FixKind::capacity_raised },
             { "some number of tasks", cpu_saturation, none,
                 at17(change_of(ChangeKind::scaling, "UpdateService", orders, "desiredCount 6")), after_change,
                 FixKind::capacity_changed },
             { "a restart", memory_exhaustion, none,
                 at17(change_of(ChangeKind::scaling, "RebootDBInstance", orders, "")), fixed, FixKind::restarted },
             { "a restart of what leaks nothing", timeout, none,
                 at17(change_of(ChangeKind::scaling, "RebootDBInstance", orders, "")), after_change,
                 FixKind::restarted },
             { "a failover that ended", failover, none,
                 at17(ResourceEventFact { orders, ResourceEventKind::failover, "RDS-EVENT-0049",
                     "Multi-AZ instance failover completed", 1 }),
                 fixed, FixKind::failover_finished },
             { "AWS's event", aws_service_event, none,
                 at17(ServiceEventFact {
                     "RDS", "eu-west-1", "X", "closed", "issue", { noon, noon + Minutes { 19 } } }),
                 fixed, FixKind::aws_event_closed },
         }) {
        auto const resource = row.because.touched.front();
        auto const recovery = recovery_of(incident_after(row.cause, row.because, resource), { row.fix });
        EXPECT_EQ(to_string(recovery.kind), to_string(row.kind)) << row.name;
        EXPECT_EQ(to_string(recovery.fix), to_string(row.fixed_by)) << row.name;
        EXPECT_EQ(recovery.facts(), std::vector { FactId { "R7" } }) << row.name;
        ASSERT_TRUE(recovery.told_by) << row.name;
        EXPECT_EQ(recovery.recovered_at, noon + Minutes { 20 }) << row.name;
    }
}

TEST(Recovery, is_not_explained_by_what_is_far_failed_elsewhere_or_the_cause_itself) {
    auto const investigation = incident_after(CauseKind::deploy, bad_deploy);
    auto rolled_back = change_of(ChangeKind::deploy, "UpdateService", checkout, "taskDefinition checkout:41");
    auto refused = rolled_back;
    refused.failed = true;
    auto const elsewhere = change_of(ChangeKind::deploy, "UpdateService", { "ecs:service", "shop/mail", {} }, "");
    for (auto const& fact : { fact_of("R2", Minutes { 28 }, rolled_back), fact_of("R2", Minutes { -5 }, rolled_back),
             fact_of("R2", Minutes { 17 }, refused), fact_of("R2", Minutes { 17 }, elsewhere),
             fact_of("R2", Minutes { -1 }, bad_deploy, "the cause") }) {
        auto const recovery = recovery_of(investigation, { fact });
        EXPECT_EQ(to_string(recovery.kind), "by_itself") << fact.statement << " " << format_time(fact.at);
        EXPECT_TRUE(recovery.facts().empty());
    }
}

TEST(Recovery, prefers_what_undid_the_cause_to_what_came_later) {
    auto const recovery = recovery_of(incident_after(CauseKind::deploy, bad_deploy),
        { fact_of("R2", Minutes { 15 },
              change_of(ChangeKind::deploy, "UpdateService", checkout, "taskDefinition checkout:41")),
            fact_of("R3", Minutes { 18 }, change_of(ChangeKind::config, "PutScalingPolicy", checkout, "")) });
    EXPECT_EQ(recovery.facts(), std::vector { FactId { "R2" } });
}

TEST(Recovery, tells_the_worst_value_and_when_it_came_back) {
    auto const recovery = recovery_of(incident_after(CauseKind::deploy, bad_deploy), {});
    ASSERT_TRUE(recovery.peak);
    EXPECT_EQ(recovery.peak->value, 99);
    EXPECT_EQ(recovery.peak->at, noon + Minutes { 7 });
    EXPECT_EQ(recovery.peak->fact, FactId { "R1" });
    EXPECT_EQ(recovery.recovered_at, noon + Minutes { 20 });
}

TEST(Recovery, silence_is_an_answer_only_when_the_trail_was_read_and_has_settled) {
    auto const investigation = incident_after(CauseKind::deploy, bad_deploy);
    EXPECT_EQ(to_string(recovery_of(investigation, {}).kind), "by_itself");
    auto const early = recovery_of(investigation, {}, {}, Minutes { 30 });
    EXPECT_EQ(to_string(early.kind), "not_known");
    EXPECT_EQ(early.unknown_why, UnknownWhy::trail_late);
    auto const denied = recovery_of(investigation, {},
        { { "cloudtrail_changes", "cloudtrail:LookupEvents", ErrorKind::access_denied, "access denied", "" } });
    EXPECT_EQ(to_string(denied.kind), "not_known");
    EXPECT_EQ(denied.unknown_why, UnknownWhy::trail_unread);
    ASSERT_TRUE(denied.gap);
    EXPECT_EQ(denied.gap->iam_action, "cloudtrail:LookupEvents");
    auto const without = explain_recovery(investigation, nullptr, noon + Minutes { 60 });
    EXPECT_EQ(without.unknown_why, UnknownWhy::not_looked);
}

TEST(Recovery, of_an_incident_that_is_still_open_tells_the_worst_value_only) {
    auto investigation = incident_after(CauseKind::deploy, bad_deploy);
    investigation.incident.state = IncidentState::open;
    investigation.incident.resolved_at.reset();
    investigation.evidence.facts.push_back(metric_with_trouble("F2"));
    auto const recovery = explain_recovery(investigation, nullptr, noon + Minutes { 10 });
    EXPECT_FALSE(recovery.recovered_at);
    EXPECT_EQ(recovery.peak->value, 99);
}

TEST(Undoing, reads_settings_out_of_words) {
    EXPECT_EQ(settings_in_words("image shop:41 → shop:42; DB_POOL_SIZE 20 → 2, desiredCount 3; X changed"),
        (std::vector<SettingChange> { { "image", "shop:41", "shop:42" }, { "DB_POOL_SIZE", "20", "2" },
            { "desiredCount", "", "3" }, { "X", "", "changed" } }));
    EXPECT_TRUE(settings_in_words("").empty());
}

} // namespace
} // namespace convops
