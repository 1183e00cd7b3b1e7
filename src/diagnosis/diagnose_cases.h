// The cases of the diagnosis tests: evidence and the cause that it must lead to. Test-only.
#pragma once

#include "diagnosis/evidence_builder.h"

#include <string>
#include <vector>

namespace convops {

using enum CauseKind;

struct Case {
    char const* what;
    EvidenceBuilder evidence;
    CauseKind first;
    Resource const* resource = nullptr; // nullptr: any
};

inline std::string told(Diagnosis const& diagnosis) {
    std::string text = std::string(to_string(diagnosis.verdict)) + "\n";
    for (auto const& cause : diagnosis.causes)
        text += std::string(to_string(cause.kind)) + " " + std::to_string(cause.score) + " " + cause.statement + "\n";
    for (auto const& out : diagnosis.ruled_out)
        text += "not " + std::string(to_string(out.kind)) + ": " + out.why + "\n";
    return text + diagnosis.best_lead;
}

inline EvidenceBuilder slow_front(double from = 117) {
    return EvidenceBuilder()
        .alarm_on(balancer, "TargetResponseTime", { 0.05, 2.5, from }, 1, "Average", "Seconds")
        .three_tiers();
}

inline EvidenceBuilder busy_database(double from = 116) {
    return EvidenceBuilder()
        .alarm_on(database, "CPUUtilization", { 30, 96, from }, 80, "Average", "Percent")
        .three_tiers();
}

inline EvidenceBuilder failing_front(double from = 117) {
    return EvidenceBuilder()
        .alarm_on(balancer, "HTTPCode_Target_5XX_Count", { 0, 60, from }, 10, "Sum", "Count")
        .three_tiers();
}

Resource const job_rule { "events:rule", "nightly", {} };

inline std::vector<Case> cases() {
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

} // namespace convops
