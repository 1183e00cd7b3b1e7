#include "diagnosis/evidence_builder.h"

#include <gtest/gtest.h>

#include <cstdio>

namespace convops {
namespace {

using enum CauseKind;

struct Case {
    char const* what;
    EvidenceBuilder evidence;
    CauseKind first;
    Resource const* resource = nullptr; // nullptr: any
};

std::string told(Diagnosis const& diagnosis) {
    std::string text = std::string(to_string(diagnosis.verdict)) + "\n";
    for (auto const& cause : diagnosis.causes)
        text += std::string(to_string(cause.kind)) + " " + std::to_string(cause.score) + " " + cause.statement + "\n";
    for (auto const& out : diagnosis.ruled_out)
        text += "not " + std::string(to_string(out.kind)) + ": " + out.why + "\n";
    return text + diagnosis.best_lead;
}

EvidenceBuilder slow_front(double from = 117) {
    return EvidenceBuilder()
        .alarm_on(balancer, "TargetResponseTime", { 0.05, 2.5, from }, 1, "Average", "Seconds")
        .three_tiers();
}

EvidenceBuilder busy_database(double from = 116) {
    return EvidenceBuilder()
        .alarm_on(database, "CPUUtilization", { 30, 96, from }, 80, "Average", "Percent")
        .three_tiers();
}

EvidenceBuilder failing_front(double from = 117) {
    return EvidenceBuilder()
        .alarm_on(balancer, "HTTPCode_Target_5XX_Count", { 0, 60, from }, 10, "Sum", "Count")
        .three_tiers();
}

Resource const job_rule { "events:rule", "nightly", {} };

std::vector<Case> cases() {
    return {
        { "a deploy that lowers a pool",
            slow_front()
                .change(116.5, ChangeKind::deploy, service, "UpdateService", "DB_POOL_SIZE 20 -> 2")
                .log(117, service, "ERROR connection pool exhausted, waited <*> ms")
                .metric(balancer, "RequestCount", { 400, 400 }, "Count", "Sum")
                .metric(database, "CPUUtilization", { 30, 30 }, "Percent"),
            deploy, &service },
        { "a deploy of bad code",
            failing_front()
                .change(115, ChangeKind::deploy, service, "UpdateService")
                .log(116.5, service, "ERROR TypeError: cannot read properties of undefined"),
            deploy, &service },
        { "a deploy whose tasks run out of memory",
            failing_front()
                .change(80, ChangeKind::deploy, service, "UpdateService", "image web:41 -> web:42")
                .metric(service, "MemoryUtilization", { 40, 99, 82, 1e9, true }, "Percent")
                .event(117, service, ResourceEventKind::out_of_memory, "OutOfMemoryError: Container killed",
                    "ecs_state"),
            deploy, &service },
        { "memory alone",
            failing_front()
                .metric(service, "MemoryUtilization", { 40, 99, 60, 1e9, true }, "Percent")
                .event(117, service, ResourceEventKind::out_of_memory, "OutOfMemoryError: Container killed",
                    "ecs_state"),
            memory_exhaustion, &service },
        { "a surge of traffic",
            slow_front()
                .metric(balancer, "RequestCount", { 400, 2'000, 116 }, "Count", "Sum")
                .metric(service, "CPUUtilization", { 30, 98, 116 }, "Percent"),
            traffic_surge, &balancer },
        { "a query",
            busy_database()
                .load(database, "SELECT * FROM orders WHERE note LIKE ?", 0.1, 6)
                .load(database, "SELECT 1", 0.2, 0.2)
                .metric(balancer, "RequestCount", { 400, 400 }, "Count", "Sum"),
            query_load, &database },
        { "a full disk",
            failing_front(100)
                .metric(database, "FreeStorageSpace", { 40e9, 0, 30, 1e9, true }, "Bytes")
                .log(100, service, "ERROR could not extend file: No space left on device")
                .event(100, database, ResourceEventKind::storage_full, "The free storage capacity is exhausted"),
            storage_exhaustion, &database },
        { "throttling after a reserved concurrency was set",
            EvidenceBuilder()
                .alarm_on(function, "Throttles", { 0, 50, 118 }, 5, "Sum", "Count")
                .calls(queue, function)
                .change(117, ChangeKind::config, function, "PutFunctionConcurrency",
                    "reservedConcurrentExecutions 100 -> 1")
                .metric(queue, "ApproximateAgeOfOldestMessage", { 2, 200, 118, 1e9, true }, "Seconds"),
            config_change, &function },
        { "throttling alone",
            EvidenceBuilder()
                .alarm_on(function, "Throttles", { 0, 50, 118 }, 5, "Sum", "Count")
                .calls(queue, function),
            throttling, &function },
        { "an external host",
            slow_front().log(117, service, "ERROR POST https://api.pay.example.com/charge timed out after 5000 ms"),
            dependency_failure, nullptr },
        { "a failover",
            failing_front()
                .event(116.5, database, ResourceEventKind::failover, "Multi-AZ instance failover started")
                .log(117, service, "ERROR connection reset by peer"),
            failover, &database },
        { "an expired certificate",
            failing_front().log(
                117, service, "ERROR x509: certificate has expired or is not yet valid: hub.partner.example.com"),
            certificate, nullptr },
        { "a permission taken away",
            failing_front()
                .change(115, ChangeKind::permission, { "iam:role", "web-task-role", {} }, "DetachRolePolicy")
                .state(service, StateHealth::healthy, { { "taskRoleArn", "arn:aws:iam::1:role/web-task-role" } })
                .log(116.2, service, "ERROR AccessDeniedException: not authorized to perform s3:GetObject"),
            permission_change, nullptr },
        { "a security group",
            failing_front()
                .change(116, ChangeKind::network, { "ec2:security_group", "sg-0123456789", {} },
                    "RevokeSecurityGroupIngress", "port 5432 from sg-9")
                .state(database, StateHealth::healthy, { { "securityGroups", "sg-0123456789" } })
                .log(117, service, "ERROR could not connect to server: connection timed out"),
            network, nullptr },
        { "a nightly job",
            busy_database()
                .change(115, ChangeKind::other, { "ecs:task_definition", "export:3", {} }, "RunTask", "", false, true)
                .metric(database, "ReadIOPS", { 50, 900, 116 }, "Count/Second"),
            scheduled_job, nullptr },
        { "a schedule",
            busy_database(120)
                .schedule(job_rule, "cron(0 20 * * ? *)", { function })
                .calls(function, database)
                .metric(database, "ReadIOPS", { 50, 900, 120 }, "Count/Second"),
            scheduled_job, nullptr },
        { "a processor with no other cause", busy_database(), cpu_saturation, &database },
        { "burst credits",
            slow_front()
                .metric(database, "BurstBalance", { 90, 0, 40, 1e9, true }, "Percent")
                .metric(database, "DiskQueueDepth", { 0.5, 40, 115 }, "Count")
                .metric(database, "WriteLatency", { 0.002, 0.2, 115 }, "Seconds"),
            io_saturation, &database },
        { "connections at their limit",
            failing_front()
                .metric(database, "DatabaseConnections", { 30, 100, 115 }, "Count", "Average", 100)
                .log(117, service, "FATAL: remaining connection slots are reserved"),
            connection_exhaustion, &database },
        { "a replica behind",
            EvidenceBuilder().alarm_on(
                database, "ReplicaLag", { 0.5, 400, 100, 1e9, true }, 60, "Average", "Seconds"),
            replication_lag, &database },
        { "a host",
            EvidenceBuilder().alarm_on({ "ec2:instance", "i-0abc", {} }, "StatusCheckFailed_System",
                { 0, 1, 117, 1e9, false, 0 }, 0.5, "Maximum", "Count"),
            host_failure, nullptr },
        { "a queue whose consumers stopped",
            EvidenceBuilder()
                .alarm_on(
                    queue, "ApproximateNumberOfMessagesVisible", { 5, 900, 100, 1e9, true }, 100, "Maximum", "Count")
                .metric(queue, "NumberOfMessagesSent", { 60, 60 }, "Count", "Sum")
                .metric(queue, "NumberOfMessagesDeleted", { 60, 0, 100 }, "Count", "Sum"),
            data_backlog, &queue },
        { "AWS itself", failing_front().health_event(110, "RDS"), aws_service_event, &database },
        { "a function that runs into its time limit",
            EvidenceBuilder()
                .alarm_on(function, "Errors", { 0, 30, 117 }, 5, "Sum", "Count")
                .metric(function, "Duration", { 400, 3'000, 117 }, "Milliseconds", "Maximum", 3'000)
                .log(117, function, "Task timed out after 3.00 seconds"),
            timeout, &function },
        { "traffic that stays away",
            EvidenceBuilder()
                .alarm_on(balancer, "RequestCount", { 400, 3, 115 }, 50, "Sum", "Count", false)
                .three_tiers(),
            traffic_drop, &balancer },
        { "fewer tasks",
            slow_front()
                .change(114, ChangeKind::scaling, service, "UpdateService", "desiredCount 6 -> 1")
                .metric(service, "CPUUtilization", { 30, 99, 115 }, "Percent"),
            scaling_change, &service },
    };
}

TEST(Diagnose, each_family_is_named_first) {
    for (auto const& one : cases()) {
        auto const diagnosis = one.evidence.diagnose();
        ASSERT_FALSE(diagnosis.causes.empty()) << one.what << "\n" << told(diagnosis);
        EXPECT_EQ(to_string(diagnosis.causes[0].kind), to_string(one.first)) << one.what << "\n" << told(diagnosis);
        if (one.resource != nullptr) {
            EXPECT_EQ(diagnosis.causes[0].resource.key(), one.resource->key()) << one.what << "\n" << told(diagnosis);
        }
        EXPECT_EQ(diagnosis.causes.size(), 1U) << one.what << "\n" << told(diagnosis);
        EXPECT_GE(diagnosis.causes[0].score, 0.6) << one.what << "\n" << told(diagnosis);
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
