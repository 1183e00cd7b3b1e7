// A company that deploys all day deployed something within the last half hour, whatever breaks: what a change is
// blamed for, and what for something else. Rules found with scenarios that were written blind; one test each.
#include "diagnosis/diagnose_cases.h"
#include "diagnosis/hypotheses.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Resource const cache { "elasticache:cluster", "shelf-001", {} };

bool names(Diagnosis const& diagnosis, CauseKind kind) {
    return std::any_of(
        diagnosis.causes.begin(), diagnosis.causes.end(), [&](Cause const& cause) { return cause.kind == kind; });
}

void expect_first(Diagnosis const& diagnosis, CauseKind kind, std::string const& resource) {
    ASSERT_FALSE(diagnosis.causes.empty()) << told(diagnosis);
    EXPECT_EQ(to_string(diagnosis.causes[0].kind), to_string(kind)) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].resource.name, resource) << told(diagnosis);
}

// The service begins to fail at minute 116, and says why in its log.
EvidenceBuilder failing_service(std::string line) {
    return EvidenceBuilder()
        .alarm_on(balancer, "HTTPCode_Target_5XX_Count", { 1, 300, 116 }, 20, "Sum", "Count")
        .three_tiers()
        .metric(balancer, "RequestCount", { 4'000, 4'000 }, "Count", "Sum")
        .log(116, service, std::move(line));
}

TEST(InnocentChanges, a_deploy_that_was_followed_at_once_is_blamed) {
    auto const diagnosis = failing_service("ERROR pool exhausted")
                               .change(114.5, ChangeKind::deploy, service, "UpdateService", "image web:1 -> web:2")
                               .diagnose();
    expect_first(diagnosis, deploy, service.name);
}

TEST(InnocentChanges, a_deploy_that_worked_for_twenty_minutes_is_not) {
    auto const diagnosis = failing_service("ERROR too many connections")
                               .change(95, ChangeKind::deploy, service, "UpdateService", "image web:1 -> web:2")
                               .metric(database, "DatabaseConnections", { 50, 400, 116 }, "Count", "Average", 400)
                               .diagnose();
    EXPECT_FALSE(names(diagnosis, deploy)) << told(diagnosis);
    expect_first(diagnosis, connection_exhaustion, database.name);
}

TEST(InnocentChanges, what_fills_up_after_a_deploy_may_take_its_time) {
    auto const diagnosis = failing_service("ERROR java.lang.OutOfMemoryError: Java heap space")
                               .change(80, ChangeKind::deploy, service, "UpdateService", "image web:1 -> web:2")
                               .metric(service, "MemoryUtilization", { 40, 98, 82, 1e9, true }, "Percent")
                               .diagnose();
    expect_first(diagnosis, deploy, service.name);
}

TEST(InnocentChanges, an_image_that_was_only_pushed_reaches_nothing) {
    Resource const repository { "ecr:repository", "docs-site", {} };
    auto const diagnosis
        = failing_service("ERROR pool exhausted").change(112, ChangeKind::deploy, repository, "PutImage").diagnose();
    EXPECT_FALSE(names(diagnosis, deploy)) << told(diagnosis);
}

TEST(InnocentChanges, a_caller_that_was_deployed_is_not_blamed_for_the_memory_of_what_it_calls) {
    Resource const worker { "ecs:service", "main/worker", {} };
    auto const diagnosis
        = failing_service("ERROR upstream reset the connection")
              .calls(service, worker)
              .change(93, ChangeKind::deploy, service, "UpdateService", "image web:1 -> web:2")
              .event(116, worker, ResourceEventKind::out_of_memory, "OutOfMemoryError: killed (137)", "ecs_state")
              .diagnose();
    EXPECT_FALSE(names(diagnosis, deploy)) << told(diagnosis);
    expect_first(diagnosis, memory_exhaustion, worker.name);
}

TEST(InnocentChanges, a_flag_that_was_switched_just_before_the_query_is_the_cause) {
    Resource const flag { "ssm:parameter", "/shop/flags/similar", {} };
    auto const diagnosis = busy_database(116)
                               .load(database, "SELECT similar FROM products", 0.5, 9)
                               .change(114.6, ChangeKind::config, flag, "PutParameter", "type String")
                               .diagnose();
    expect_first(diagnosis, config_change, flag.name);
}

TEST(InnocentChanges, a_full_cache_accounts_for_the_queries_of_the_store_behind_it) {
    auto const diagnosis = busy_database(116)
                               .calls(service, cache)
                               .load(database, "SELECT * FROM pages WHERE id = ?", 0.5, 9)
                               .metric(cache, "DatabaseMemoryUsagePercentage", { 70, 100, 112 }, "Percent")
                               .metric(cache, "Evictions", { 0, 900, 114 }, "Count", "Sum")
                               .diagnose();
    expect_first(diagnosis, memory_exhaustion, cache.name);
}

TEST(InnocentChanges, a_job_accounts_for_the_statement_that_began_in_its_minute) {
    Resource const rule { "events:rule", "month-close", {} };
    auto const job = [&](double at) {
        return busy_database(116)
            .load(database, "INSERT INTO months SELECT * FROM days", 0.5, 9)
            .event(at, rule, ResourceEventKind::scheduled_run, "ran by its schedule", "deployments")
            .diagnose();
    };
    expect_first(job(115.5), scheduled_job, rule.name);
    expect_first(job(95), query_load, database.name);
}

TEST(InnocentChanges, whoever_writes_to_a_reader_tells_of_a_failover_that_could_not_be_read) {
    auto const line = "ERROR: cannot execute UPDATE in a read-only transaction";
    expect_first(failing_service(line).gap("rds_events").diagnose(), failover, database.name);
    EXPECT_FALSE(names(failing_service(line).diagnose(), failover)) << "RDS was read, and told of none";
}

TEST(InnocentChanges, what_a_reported_identity_did_is_the_work_of_the_intruder) {
    Resource const host { "ec2:instance", "i-0batch", {} };
    Resource const bucket { "s3:bucket", "originals", {} };
    auto const stolen = [&](std::string const& role) {
        auto builder = failing_service("ERROR NoSuchKey: the key does not exist").calls(service, bucket);
        builder.change(114, ChangeKind::config, bucket, "PutBucketVersioning", "Status Suspended");
        std::get<ChangeFact>(builder.evidence_.facts.back().detail).actor = "photo-batch";
        builder.finding(110, host, "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS", 8);
        builder.evidence_.facts.back().statement = "Credentials of the role " + role + " were used from elsewhere.";
        return builder.diagnose();
    };
    expect_first(stolen("photo-batch"), security_event, host.name);
    EXPECT_FALSE(names(stolen("somebody-else"), security_event));
}

TEST(InnocentChanges, a_role_may_be_refused_although_nobody_in_this_account_changed_it) {
    auto const line = "AccessDeniedException: User: arn:aws:sts::1:assumed-role/web is not authorized to perform: "
                      "dynamodb:PutItem because no identity-based policy allows the dynamodb:PutItem action";
    expect_first(failing_service(line).diagnose(), permission_change, service.name);
}

TEST(InnocentChanges, a_group_that_was_made_smaller_is_to_blame_when_the_load_comes_an_hour_later) {
    Resource const hosts { "autoscaling:group", "web", {} };
    Resource const host { "ec2:instance", "i-0one", {} };
    auto const smaller = [&](std::string const& activity) {
        return EvidenceBuilder()
            .alarm_on(balancer, "TargetResponseTime", { 0.2, 4, 116 }, 1, "Average", "Seconds")
            .calls(balancer, host)
            .calls(hosts, host)
            .change(55, ChangeKind::scaling, hosts, "UpdateAutoScalingGroup", "minSize 2, maxSize 4")
            .event(56, hosts, ResourceEventKind::scaled, activity, "autoscaling_activity")
            .metric(host, "CPUUtilization", { 40, 100, 115 }, "Percent")
            .diagnose();
    };
    expect_first(smaller("Terminating EC2 instance: i-0two"), scaling_change, hosts.name);
    expect_first(smaller("Launching a new EC2 instance: i-0two"), cpu_saturation, host.name);
}

TEST(InnocentChanges, a_parameter_that_waited_is_to_blame_and_not_the_restart_that_made_it_true) {
    Resource const parameters { "rds:parameter_group", "store-pg16", {} };
    auto const restarted = [&](Resource const& group) {
        auto builder = failing_service("ERROR remaining connection slots are reserved");
        builder.change(58, ChangeKind::config, group, "ModifyDBParameterGroup", "max_connections 80");
        builder.event(115, database, ResourceEventKind::restart, "DB instance restarted");
        builder.state(database, StateHealth::healthy, { { "parameter_group", "store-pg16" } });
        return builder.diagnose();
    };
    expect_first(restarted(parameters), config_change, database.name);
    expect_first(restarted({ "rds:parameter_group", "another-pg16", {} }), failover, database.name);
}

TEST(InnocentChanges, what_ails_a_reader_stays_behind_the_queue_that_it_reads) {
    Resource const worker { "ecs:service", "main/worker", {} };
    auto const diagnosis
        = failing_service("ERROR pool exhausted")
              .calls(service, queue)
              .calls(queue, worker)
              .change(114.5, ChangeKind::deploy, worker, "UpdateService", "image worker:1 -> worker:2")
              .diagnose();
    EXPECT_FALSE(names(diagnosis, deploy)) << told(diagnosis);
}

TEST(InnocentChanges, an_intruders_machines_use_up_the_quota_that_our_own_are_refused_by) {
    Resource const machine { "ec2:instance", "i-0bad", {} };
    Resource const hosts { "autoscaling:group", "web", {} };
    auto builder = failing_service("ERROR pool exhausted").calls(hosts, service);
    builder.change(108, ChangeKind::scaling, machine, "RunInstances", "instanceType c6i.16xlarge");
    std::get<ChangeFact>(builder.evidence_.facts.back().detail).actor = "ci-artifacts";
    builder.event(115.5, hosts, ResourceEventKind::placement_failed,
        "You have requested more vCPU capacity than your current vCPU limit", "autoscaling_activity");
    builder.finding(117, machine, "CryptoCurrency:EC2/BitcoinTool.B!DNS", 8);
    expect_first(builder.diagnose(), security_event, machine.name);
}

TEST(InnocentChanges, what_has_a_private_address_is_ours_and_fails_over) {
    auto const diagnosis = failing_service("ERROR connect ECONNREFUSED 10.4.7.31:5432")
                               .event(115.6, database, ResourceEventKind::failover, "Multi-AZ failover started")
                               .diagnose();
    expect_first(diagnosis, failover, database.name);
}

TEST(InnocentChanges, where_the_map_ends_at_the_alarm_nobody_is_unrelated) {
    Resource const api { "apigateway:api", "tally", {} };
    auto const bounded = [&](bool mapped) {
        auto builder = EvidenceBuilder()
                           .alarm_on(api, "5XXError", { 2, 900, 116 }, 80, "Sum", "Count")
                           .calls(queue, function)
                           .change(115.5, ChangeKind::scaling, function, "PutFunctionConcurrency",
                               "reservedConcurrentExecutions 2");
        if (mapped)
            builder.calls(api, service);
        return builder.diagnose();
    };
    expect_first(bounded(false), scaling_change, function.name);
    EXPECT_FALSE(names(bounded(true), scaling_change)) << "the API calls something else";
}

TEST(InnocentChanges, hosts_behind_one_balancer_that_are_all_full_are_told_once) {
    Resource const targets { "elb:target_group", "web", {} };
    auto builder
        = EvidenceBuilder().alarm_on(targets, "TargetResponseTime", { 0.2, 4, 116 }, 1, "Average", "Seconds");
    for (auto const* name : { "i-0one", "i-0two", "i-0three" }) {
        Resource const host { "ec2:instance", name, {} };
        builder.calls(targets, host).metric(host, "CPUUtilization", { 40, 100, 115 }, "Percent");
    }
    auto const diagnosis = builder.diagnose();
    ASSERT_EQ(diagnosis.causes.size(), 1U) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].kind, cpu_saturation);
}

TEST(InnocentChanges, instances_that_fail_while_aws_reports_trouble_of_their_service_are_its_victims) {
    Resource const host { "ec2:instance", "i-0one", {} };
    Resource const targets { "elb:target_group", "web", {} };
    auto const diagnosis = EvidenceBuilder()
                               .alarm_on(targets, "UnHealthyHostCount", { 0, 2, 116 }, 0, "Maximum", "Count")
                               .calls(targets, host)
                               .metric(host, "StatusCheckFailed_System", { 0, 1, 116 }, "Count", "Maximum")
                               .health_event(114, "EC2")
                               .diagnose();
    ASSERT_FALSE(diagnosis.causes.empty()) << told(diagnosis);
    EXPECT_EQ(diagnosis.causes[0].kind, aws_service_event) << told(diagnosis);
}

} // namespace
} // namespace convops
