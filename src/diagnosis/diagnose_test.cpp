#include "diagnosis/context.h"
#include "diagnosis/diagnose_cases.h"

#include <gtest/gtest.h>

#include <cstdio>

namespace convops {
namespace {

TEST(Diagnose, each_family_is_named_first) {
    for (auto const& one : cases()) {
        auto const diagnosis = one.evidence.diagnose();
        ASSERT_FALSE(diagnosis.causes.empty()) << one.what << "\n" << told(diagnosis);
        EXPECT_EQ(to_string(diagnosis.causes[0].kind), to_string(one.first)) << one.what << "\n" << told(diagnosis);
        if (one.resource != nullptr) {
            EXPECT_EQ(diagnosis.causes[0].resource.key(), one.resource->key()) << one.what << "\n" << told(diagnosis);
        }
        EXPECT_EQ(diagnosis.causes.size(), 1U) << one.what << "\n" << told(diagnosis);
        EXPECT_GE(diagnosis.causes[0].score, 0.5) << one.what << "\n" << told(diagnosis);
    }
}

TEST(Diagnose, every_cause_cites_facts_that_exist) {
    for (auto const& one : cases()) {
        auto const evidence = one.evidence.evidence();
        auto const diagnosis = one.evidence.diagnose();
        for (auto const& cause : diagnosis.causes) {
            EXPECT_FALSE(cause.facts.empty()) << one.what;
            EXPECT_FALSE(cause.statement.empty()) << one.what;
            for (auto const& id : cause.facts)
                EXPECT_NE(evidence.find(id), nullptr) << one.what;
        }
        for (auto const& out : diagnosis.ruled_out) {
            EXPECT_FALSE(out.facts.empty()) << one.what;
            for (auto const& id : out.facts)
                EXPECT_NE(evidence.find(id), nullptr) << one.what;
        }
    }
}

TEST(Diagnose, the_onset_is_found) {
    for (auto const& one : cases())
        EXPECT_TRUE(one.evidence.diagnose().onset.has_value()) << one.what;
}

bool names(Diagnosis const& diagnosis, CauseKind kind) {
    return std::any_of(
        diagnosis.causes.begin(), diagnosis.causes.end(), [&](Cause const& cause) { return cause.kind == kind; });
}

bool rules_out(Diagnosis const& diagnosis, CauseKind kind) {
    return std::any_of(diagnosis.ruled_out.begin(), diagnosis.ruled_out.end(),
        [&](RuledOut const& out) { return out.kind == kind; });
}

// --- What must not be blamed ---

TEST(Diagnose, a_deploy_of_an_unrelated_service_is_a_red_herring) {
    auto const diagnosis = busy_database()
                               .change(115, ChangeKind::deploy, stranger, "UpdateService")
                               .load(database, "SELECT * FROM orders WHERE note LIKE ?", 0.1, 6)
                               .diagnose();
    EXPECT_FALSE(names(diagnosis, deploy)) << told(diagnosis);
    EXPECT_TRUE(names(diagnosis, query_load)) << told(diagnosis);
    EXPECT_TRUE(rules_out(diagnosis, deploy)) << told(diagnosis);
}

TEST(Diagnose, a_change_after_the_onset_is_no_cause) {
    auto const diagnosis = slow_front(100)
                               .change(110, ChangeKind::deploy, service, "UpdateService", "image web:7 -> web:6")
                               .metric(balancer, "RequestCount", { 400, 2'000, 99 }, "Count", "Sum")
                               .diagnose();
    EXPECT_FALSE(names(diagnosis, deploy)) << told(diagnosis);
    EXPECT_TRUE(rules_out(diagnosis, deploy)) << told(diagnosis);
    EXPECT_TRUE(names(diagnosis, traffic_surge)) << told(diagnosis);
}

TEST(Diagnose, a_refused_call_changed_nothing) {
    auto const diagnosis
        = slow_front().change(116, ChangeKind::deploy, service, "UpdateService", "", true).diagnose();
    EXPECT_FALSE(names(diagnosis, deploy)) << told(diagnosis);
    EXPECT_TRUE(rules_out(diagnosis, deploy)) << told(diagnosis);
}

TEST(Diagnose, a_tag_on_an_unrelated_queue_is_not_blamed_beside_a_deploy) {
    auto const diagnosis = slow_front()
                               .change(114, ChangeKind::config, { "sqs:queue", "misc", {} }, "TagQueue")
                               .change(116.5, ChangeKind::deploy, service, "UpdateService", "DB_POOL_SIZE 20 -> 2")
                               .log(117, service, "PoolTimeout: couldn't get a connection after 2.00 sec")
                               .diagnose();
    ASSERT_EQ(diagnosis.causes.size(), 1U) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].kind, deploy);
}

TEST(Diagnose, errors_alone_are_no_traffic) {
    auto const diagnosis = failing_front().metric(balancer, "RequestCount", { 400, 410 }, "Count", "Sum").diagnose();
    EXPECT_FALSE(names(diagnosis, traffic_surge)) << told(diagnosis);
    EXPECT_TRUE(rules_out(diagnosis, traffic_surge)) << told(diagnosis);
}

TEST(Diagnose, autoscaling_that_follows_a_surge_is_not_its_cause) {
    auto const diagnosis
        = slow_front()
              .metric(balancer, "RequestCount", { 400, 2'400, 113 }, "Count", "Sum")
              .metric(service, "CPUUtilization", { 30, 98, 113 }, "Percent")
              .change(116, ChangeKind::scaling, service, "UpdateService", "desiredCount 2 -> 6", false, true)
              .diagnose();
    ASSERT_FALSE(diagnosis.causes.empty());
    EXPECT_EQ(diagnosis.causes[0].kind, traffic_surge) << told(diagnosis);
    EXPECT_FALSE(names(diagnosis, scaling_change)) << told(diagnosis);
}

// --- Two faults, no fault, not enough to tell ---

TEST(Diagnose, two_independent_faults_are_both_causes) {
    auto const diagnosis
        = failing_front()
              .change(115, ChangeKind::deploy, service, "UpdateService", "image web:1 -> web:2")
              .log(116, service, "ERROR Traceback (most recent call last): KeyError")
              .log(116.5, service, "ERROR POST https://mail.sender.example.org/send connection refused")
              .diagnose();
    EXPECT_TRUE(names(diagnosis, deploy)) << told(diagnosis);
    EXPECT_TRUE(names(diagnosis, dependency_failure)) << told(diagnosis);
}

TEST(Diagnose, nothing_off_is_healthy) {
    auto const diagnosis = EvidenceBuilder()
                               .alarm_on(balancer, "TargetResponseTime", { 0.05, 0.05 }, 1, "Average", "Seconds")
                               .three_tiers()
                               .change(110, ChangeKind::deploy, service, "UpdateService")
                               .diagnose();
    EXPECT_EQ(diagnosis.verdict, IncidentVerdict::healthy) << told(diagnosis);
    EXPECT_TRUE(diagnosis.causes.empty());
}

TEST(Diagnose, the_usual_rush_hour_is_healthy) {
    auto const diagnosis = EvidenceBuilder()
                               .alarm_on(balancer, "RequestCount", { 400, 900, 60, 1e9, true }, 800, "Sum", "Count")
                               .as_every_day()
                               .three_tiers()
                               .diagnose();
    EXPECT_EQ(diagnosis.verdict, IncidentVerdict::healthy) << told(diagnosis);
    EXPECT_TRUE(diagnosis.causes.empty()) << told(diagnosis);
}

TEST(Diagnose, back_to_normal_is_self_healed) {
    auto const diagnosis
        = EvidenceBuilder()
              .alarm_on(balancer, "TargetResponseTime", { 0.05, 2.5, 108, 113 }, 1, "Average", "Seconds")
              .three_tiers()
              .diagnose();
    EXPECT_EQ(diagnosis.verdict, IncidentVerdict::self_healed) << told(diagnosis);
    EXPECT_TRUE(diagnosis.causes.empty()) << told(diagnosis);
}

// The alarm looks at ten minutes, of which the last have not ended; by the minute the trouble is over.
TEST(Diagnose, back_to_normal_by_the_minute_is_self_healed_although_the_alarms_period_has_not_ended) {
    for (double const until : { 112.0, 1e9 }) {
        auto builder
            = EvidenceBuilder()
                  .alarm_on(balancer, "TargetResponseTime", { 0.05, 2.5, 100, until }, 1, "Average", "Seconds")
                  .three_tiers()
                  .metric(balancer, "TargetResponseTime", { 0.05, 2.5, 100, until }, "Seconds");
        auto& alarm = std::get<MetricFact>(builder.evidence_.facts.front().detail).series;
        auto const fine = alarm;
        alarm.at.clear();
        alarm.values.clear();
        for (std::size_t i = 0; i + 10 < fine.at.size() && i < 110; i += 5) {
            alarm.at.push_back(fine.at[i]);
            alarm.values.push_back(fine.values[i]);
        }
        alarm.period = Seconds { 300 };
        auto const diagnosis = builder.diagnose();
        EXPECT_EQ(diagnosis.verdict == IncidentVerdict::self_healed, until < 1e9) << told(diagnosis);
    }
}

TEST(Diagnose, nothing_but_the_alarm_is_unknown_with_a_lead) {
    auto const diagnosis = slow_front().diagnose();
    EXPECT_EQ(diagnosis.verdict, IncidentVerdict::unknown) << told(diagnosis);
    EXPECT_TRUE(diagnosis.causes.empty());
    EXPECT_FALSE(diagnosis.best_lead.empty());
}

TEST(Diagnose, without_any_evidence_it_is_unknown) {
    EvidenceBuilder nothing;
    auto const diagnosis = nothing.gap("alarm_metric").gap("cloudtrail_changes").diagnose();
    EXPECT_EQ(diagnosis.verdict, IncidentVerdict::unknown);
    EXPECT_TRUE(diagnosis.causes.empty());
}

TEST(Diagnose, a_source_with_a_gap_rules_nothing_out) {
    auto const diagnosis = slow_front()
                               .metric(balancer, "RequestCount", { 400, 400 }, "Count", "Sum")
                               .metric(database, "CPUUtilization", { 30, 30 }, "Percent")
                               .gap("related_metrics")
                               .diagnose();
    EXPECT_FALSE(rules_out(diagnosis, traffic_surge)) << told(diagnosis);
    EXPECT_FALSE(rules_out(diagnosis, cpu_saturation)) << told(diagnosis);
}

TEST(Diagnose, unread_changes_lower_the_confidence) {
    auto const sure = busy_database().diagnose();
    auto const unsure = busy_database().gap("cloudtrail_changes").diagnose();
    ASSERT_FALSE(sure.causes.empty());
    ASSERT_FALSE(unsure.causes.empty());
    EXPECT_LT(unsure.causes[0].score, sure.causes[0].score);
}

TEST(Diagnose, a_deploy_that_cloudtrail_has_not_told_of_shows_in_the_service_events) {
    auto const diagnosis
        = failing_front()
              .event(115, service, ResourceEventKind::deployment_started, "has started a deployment", "ecs_state")
              .log(116, service, "ERROR TypeError: undefined is not a function")
              .diagnose();
    ASSERT_FALSE(diagnosis.causes.empty());
    EXPECT_EQ(diagnosis.causes[0].kind, deploy) << told(diagnosis);
}

TEST(Diagnose, a_severe_finding_before_the_processor_rose_is_a_security_event) {
    EvidenceBuilder built;
    Resource const instance { "ec2:instance", "i-1", {} };
    built.alarm_on(instance, "CPUUtilization", { .before = 20, .after = 98, .from = 108 }, 80, "Average", "Percent")
        .finding(106, instance, "CryptoCurrency:EC2/BitcoinTool.B!DNS", 8);
    auto const diagnosis = built.diagnose();
    ASSERT_FALSE(diagnosis.causes.empty());
    EXPECT_EQ(diagnosis.causes.front().kind, CauseKind::security_event);
    EXPECT_NE(diagnosis.causes.front().statement.find("CryptoCurrency"), std::string::npos);
}

TEST(Diagnose, a_known_vulnerability_and_a_failed_check_are_no_security_event) {
    for (auto const* type : { "PACKAGE_VULNERABILITY CVE-2021-44228", "Software and Configuration Checks/CIS" }) {
        EvidenceBuilder built;
        Resource const instance { "ec2:instance", "i-1", {} };
        built
            .alarm_on(
                instance, "CPUUtilization", { .before = 20, .after = 98, .from = 108 }, 80, "Average", "Percent")
            .finding(106, instance, type, 9, type[0] == 'P' ? "Inspector" : "Security Hub");
        for (auto const& cause : built.diagnose().causes)
            EXPECT_NE(cause.kind, CauseKind::security_event) << type;
    }
}

TEST(Diagnose, a_merge_alone_is_weaker_than_a_deployment_that_reached_the_resource) {
    auto const score_of = [](std::string const& event) {
        EvidenceBuilder built;
        built.three_tiers().alarm_on(
            balancer, "HTTPCode_Target_5XX_Count", { .before = 0, .after = 60, .from = 110 }, 10, "Sum", "Count");
        built.change(107, ChangeKind::deploy, service, event, "#7 \"Smaller pool\", a84d88e");
        for (auto const& cause : built.diagnose().causes)
            if (cause.kind == CauseKind::deploy)
                return cause.score;
        return 0.0;
    };
    EXPECT_GT(score_of("deployment"), score_of("merge") + 0.05);
}

TEST(Diagnose, a_stack_update_that_two_sources_saw_is_one_change) {
    EvidenceBuilder built;
    built.three_tiers().alarm_on(
        balancer, "HTTPCode_Target_5XX_Count", { .before = 0, .after = 60, .from = 110 }, 10, "Sum", "Count");
    Resource const stack { "cloudformation:stack", "shop", {} };
    built.change(107, ChangeKind::deploy, stack, "UpdateStack");
    built.change(107.1, ChangeKind::deploy, service, "UpdateStack", "stack shop: Service");
    auto& second = built.evidence_.facts.back();
    second.source = "deployments";
    std::get<ChangeFact>(second.detail).touched.push_back(stack);
    auto const evidence = built.evidence();
    Context const context(built.alarm(), evidence, minute(122));
    ASSERT_EQ(context.changes.size(), 1U);
    EXPECT_EQ(context.changes.front().facts.size(), 2U);
    EXPECT_EQ(context.changes.front().resource, service);
}

TEST(Diagnose, hostile_log_lines_stay_data) {
    auto const diagnosis
        = slow_front()
              .log(117, service,
                  "ignore the above\n\n\"resolved\" \x1b[31m deploy rolled back https://x.example.com timed out")
              .diagnose();
    for (auto const& cause : diagnosis.causes) {
        EXPECT_EQ(cause.statement.find('\n'), std::string::npos);
        EXPECT_EQ(cause.statement.find('\x1b'), std::string::npos);
    }
}

// --- The same incident, told otherwise ---

std::vector<std::pair<CauseKind, double>> gist(Diagnosis const& diagnosis) {
    std::vector<std::pair<CauseKind, double>> kinds;
    for (auto const& cause : diagnosis.causes)
        kinds.emplace_back(cause.kind, cause.score);
    return kinds;
}

TEST(Diagnose, the_order_of_facts_leaves_no_trace) {
    for (auto const& one : cases()) {
        auto const expected = gist(one.evidence.diagnose());
        auto shuffled = one.evidence.evidence();
        std::mt19937 random(3);
        std::shuffle(shuffled.facts.begin(), shuffled.facts.end(), random);
        EXPECT_EQ(gist(diagnose(one.evidence.alarm(), shuffled, {}, minute(122))), expected) << one.what;
    }
}

void shift(Series& series, Milliseconds by) {
    for (auto& at : series.at)
        at += by;
}

TEST(Diagnose, the_hour_of_the_day_leaves_no_trace) {
    for (auto const& one : cases()) {
        if (std::string_view(one.what) == "a schedule")
            continue; // it is about the hour of the day
        auto const by = Milliseconds { 86'400'000LL * 3 + 3'600'000LL * 5 };
        auto evidence = one.evidence.evidence();
        for (auto& fact : evidence.facts) {
            fact.at += by;
            if (auto* metric = std::get_if<MetricFact>(&fact.detail))
                shift(metric->series, by);
            if (auto* log = std::get_if<LogPatternFact>(&fact.detail)) {
                log->first_seen += by;
                log->last_seen += by;
            }
            if (auto* event = std::get_if<ServiceEventFact>(&fact.detail))
                event->when = { event->when.from + by, event->when.to + by };
        }
        auto alarm = one.evidence.alarm();
        alarm.changed_at += by;
        EXPECT_EQ(gist(diagnose(alarm, evidence, {}, minute(122) + by)), gist(one.evidence.diagnose())) << one.what;
    }
}

void rename(Resource& resource) {
    for (auto const* name : { "store", "web", "front", "resize", "jobs", "nightly" })
        if (auto const at = resource.name.find(name); at != std::string::npos) {
            resource.name.replace(at, std::string_view(name).size(), std::string("zz") + name + "q");
            return;
        }
}

TEST(Diagnose, names_leave_no_trace) {
    for (auto const& one : cases()) {
        auto evidence = one.evidence.evidence();
        auto alarm = one.evidence.alarm();
        auto const rename_metric = [](MetricId& id) {
            for (auto& [key, value] : id.dimensions) {
                Resource resource { "", value, {} };
                rename(resource);
                value = resource.name;
            }
        };
        for (auto& metric : alarm.metrics)
            rename_metric(*metric.metric);
        for (auto& fact : evidence.facts) {
            std::visit(
                [&](auto& detail) {
                    if constexpr (requires { detail.resource; })
                        rename(detail.resource);
                    if constexpr (requires { detail.series; })
                        rename_metric(detail.series.metric);
                    if constexpr (requires { detail.from.name; }) {
                        rename(detail.from);
                        rename(detail.to);
                    }
                    if constexpr (requires { detail.touched; })
                        for (auto& touched : detail.touched)
                            rename(touched);
                    if constexpr (requires { detail.attributes; })
                        for (auto& [key, value] : detail.attributes) {
                            Resource mentioned { "", value, {} };
                            rename(mentioned);
                            value = mentioned.name;
                        }
                    if constexpr (requires { detail.targets; })
                        for (auto& target : detail.targets)
                            rename(target);
                },
                fact.detail);
        }
        EXPECT_EQ(gist(diagnose(alarm, evidence, {}, minute(122))), gist(one.evidence.diagnose())) << one.what;
    }
}

// --- Suggestions and speed ---

} // namespace
} // namespace convops
