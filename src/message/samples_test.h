// An investigation for the unit tests of this folder: a deploy shrank the connection pool, requests fail.
#pragma once

#include "base/check.h"
#include "model/investigation.h"

namespace convops::samples {

inline Time at(std::string_view clock) {
    auto time = parse_time("2026-11-23T" + std::string(clock) + (clock.size() == 5 ? ":00Z" : "Z"));
    CHECK(time.has_value());
    return *time;
}

inline Alarm alarm_5xx() {
    Alarm alarm;
    alarm.account = "111122223333";
    alarm.region = "eu-west-1";
    alarm.name = "checkout-5xx";
    alarm.arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:checkout-5xx";
    alarm.state = AlarmState::alarm;
    alarm.changed_at = at("20:01:12");
    alarm.threshold = 5;
    alarm.comparison = "GreaterThanThreshold";
    alarm.evaluation_periods = 3;
    alarm.datapoints_to_alarm = 3;
    alarm.recent_datapoints = { 42, 39, 30 };
    AlarmMetric metric;
    metric.metric = MetricId { "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count",
        { { "LoadBalancer", "app/shop/0123456789abcdef" } } };
    metric.statistic = "Sum";
    metric.period = Seconds { 60 };
    alarm.metrics = { metric };
    return alarm;
}

inline Incident plain_incident() {
    Incident incident;
    incident.id = IncidentId { "inc-42" };
    incident.workspace = WorkspaceId { "home" };
    incident.account = "111122223333";
    incident.region = "eu-west-1";
    incident.severity = Severity::p2;
    incident.opened_at = at("20:01:12");
    auto const alarm = alarm_5xx();
    incident.alarms[alarm.arn] = { alarm, { alarm.changed_at } };
    return incident;
}

// Errors a minute from 18:30 to 20:08: about 1 until 19:58, then about 40.
inline Fact metric_fact() {
    MetricFact metric;
    metric.resource = { "elb:load_balancer", "app/shop/0123456789abcdef", "" };
    metric.closeness = Closeness::alarm;
    metric.series.metric = *alarm_5xx().metrics.front().metric;
    metric.series.statistic = "Sum";
    metric.series.unit = "Count";
    auto yesterday = metric.series;
    auto last_week = metric.series;
    for (int minute = 0; minute < 98; ++minute) {
        auto const time = at("18:30") + Minutes { minute };
        auto const wave = double((minute * 7) % 5);
        metric.series.at.push_back(time);
        metric.series.values.push_back(minute < 88 ? wave * 0.5 : 32 + wave * 3);
        yesterday.at.push_back(time);
        yesterday.values.push_back(double((minute * 3) % 4) * 0.6);
        last_week.at.push_back(time);
        last_week.values.push_back(double((minute * 5) % 3) * 0.8);
    }
    metric.history = { yesterday, last_week };
    Fact fact;
    fact.source = "alarm_metric";
    fact.at = at("19:58");
    fact.resource = "app/shop/0123456789abcdef";
    fact.statement = "5XX answers of load balancer shop rose from 1 to 38 a minute.";
    fact.value = 38;
    fact.link = "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#metricsV2:graph=~()";
    fact.cli = "aws cloudwatch get-metric-data ...";
    fact.detail = metric;
    return fact;
}

inline Fact change_fact() {
    ChangeFact change;
    change.kind = ChangeKind::deploy;
    change.event_name = "UpdateService";
    change.event_source = "ecs.amazonaws.com";
    change.actor = "ci-deployer";
    change.touched = { { "ecs:service", "shop/checkout", "" } };
    change.what = "DB_POOL_SIZE 20 -> 2";
    Fact fact;
    fact.source = "cloudtrail_changes";
    fact.at = at("19:55:38");
    fact.resource = "arn:aws:ecs:eu-west-1:111122223333:service/shop/checkout";
    fact.statement = "ci-deployer deployed checkout:43: DB_POOL_SIZE 20 -> 2.";
    fact.value = JsonObject { { "eventName", "UpdateService" } };
    fact.link = "https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/1";
    fact.detail = change;
    return fact;
}

inline Fact log_fact() {
    LogPatternFact logs;
    logs.resource = { "ecs:service", "shop/checkout", "" };
    logs.group = "/ecs/shop";
    logs.pattern = "ERROR could not get a connection within <*> ms";
    logs.count = 311;
    logs.first_seen = at("19:57:41");
    Fact fact;
    fact.source = "log_patterns";
    fact.at = at("19:57:41");
    fact.resource = "/ecs/shop";
    fact.statement = "New: \"ERROR could not get a connection within <*> ms\", 311 times.";
    fact.value = 311;
    fact.detail = logs;
    return fact;
}

inline Investigation pool_shrunk() {
    Investigation investigation;
    investigation.incident = plain_incident();
    investigation.evidence.facts = { metric_fact(), change_fact(), log_fact() };
    investigation.evidence.gaps = {
        { "rds_performance_insights", "pi:GetResourceMetrics", ErrorKind::access_denied, "access denied",
            "which queries the database worked on" },
        { "aws_health", "", ErrorKind::unavailable, "needs a Support plan", "whether AWS has an open event" },
    };
    number_facts(investigation.evidence);
    auto const id = [&](std::string_view source) {
        for (auto const& fact : investigation.evidence.facts)
            if (fact.source == source)
                return fact.id;
        return FactId {};
    };
    auto& diagnosis = investigation.diagnosis;
    diagnosis.verdict = IncidentVerdict::incident;
    diagnosis.onset = at("19:58");
    Cause cause;
    cause.kind = CauseKind::deploy;
    cause.resource = { "ecs:service", "shop/checkout", "arn:aws:ecs:eu-west-1:111122223333:service/shop/checkout" };
    cause.statement
        = "The deploy of checkout at 19:55 UTC set DB_POOL_SIZE from 20 to 2; requests wait for connections.";
    cause.score = 0.86;
    cause.facts = { id("cloudtrail_changes"), id("log_patterns") };
    Cause second;
    second.kind = CauseKind::traffic_surge;
    second.resource = { "elb:load_balancer", "app/shop/0123456789abcdef", "" };
    second.statement = "Requests rose by 12 % in the same minutes.";
    second.score = 0.21;
    second.facts = { id("alarm_metric") };
    second.against = { id("cloudtrail_changes") };
    diagnosis.causes = { cause, second };
    diagnosis.ruled_out
        = { { CauseKind::cpu_saturation, "The processors of checkout stayed at 31 %.", { id("alarm_metric") } } };
    investigation.findings = { { "change_precedes_onset", CheckVerdict::supports, CheckEffect::context,
        "A change landed 2 min before onset.", { id("cloudtrail_changes") } } };
    investigation.actions
        = { { "A1", "ecs_roll_back", "shop/checkout", "Roll checkout back to task definition checkout:42.", true } };
    investigation.cost = { 31, 0, 0, 0.0, 2.4 };
    investigation.as_of = at("20:08:30");
    return investigation;
}

} // namespace convops::samples
