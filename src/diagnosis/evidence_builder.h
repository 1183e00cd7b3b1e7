// For tests only: evidence in a few lines. Times are minutes from the start of the record; the alarm fires at minute
// 120 and the asker looks two minutes later, unless a test says otherwise.
#pragma once

#include "diagnosis/diagnose.h"

#include <random>

namespace convops {

inline Time const record_start = *parse_time("2026-03-06T18:00:00Z");

inline Time minute(double m) {
    return record_start + Milliseconds { static_cast<std::int64_t>(m * 60'000) };
}

inline Resource const balancer { "elb:load_balancer", "app/front/0a1b", {} };
inline Resource const service { "ecs:service", "main/web", {} };
inline Resource const database { "rds:instance", "store", {} };
inline Resource const function { "lambda:function", "resize", {} };
inline Resource const queue { "sqs:queue", "jobs", {} };
inline Resource const stranger { "ecs:service", "main/reports", {} };

// The metric of a resource by name, with AWS's dimensions.
inline MetricId metric_of(Resource const& resource, std::string name) {
    auto const families = metric_families(resource);
    MetricId id = families.empty() ? MetricId { "Custom", "", { { "Name", resource.name } } } : families.front();
    id.name = std::move(name);
    return id;
}

// before until `from`, then after; with a little noise.
struct Curve {
    double before = 0;
    double after = 0;
    double from = 1e9;
    double until = 1e9;
    bool ramp = false;
    double noise_share = 0.03;

    [[nodiscard]] double at(double m) const {
        if (m < from || m >= until)
            return before;
        return ramp ? before + (after - before) * std::min(1.0, (m - from) / std::max(1.0, 122 - from)) : after;
    }
};

class EvidenceBuilder {
public:
    EvidenceBuilder() {
        alarm_.account = "111122223333";
        alarm_.region = "eu-west-1";
        alarm_.name = "the alarm";
        alarm_.changed_at = minute(120);
    }

    EvidenceBuilder& alarm_on(Resource const& resource, std::string metric, Curve curve, double threshold,
        std::string statistic = "Average", std::string unit = "", bool above = true) {
        AlarmMetric main;
        main.metric = metric_of(resource, metric);
        main.statistic = statistic;
        main.period = Seconds { 60 };
        alarm_.metrics = { main };
        alarm_.threshold = threshold;
        alarm_.comparison = above ? "GreaterThanThreshold" : "LessThanThreshold";
        return add_metric("alarm_metric", Closeness::alarm, resource, metric, curve, statistic, unit);
    }
    EvidenceBuilder& metric(Resource const& resource, std::string const& name, Curve curve,
        std::string const& unit = "", std::string const& statistic = "Average", std::optional<double> limit = {}) {
        return add_metric("related_metrics", Closeness::resource, resource, name, curve, statistic, unit, limit);
    }
    // The last metric had the same shape yesterday and last week.
    EvidenceBuilder& as_every_day() {
        auto& metric = std::get<MetricFact>(evidence_.facts.back().detail);
        metric.history = { metric.series, metric.series };
        return *this;
    }
    EvidenceBuilder& calls(Resource const& from, Resource const& to) {
        return add(
            "ecs_state", 0, to, from.display() + " calls " + to.display(), DependencyFact { from, to, "", true });
    }
    EvidenceBuilder& change(double m, ChangeKind kind, Resource const& touched, std::string event,
        std::string what = "", bool failed = false, bool automatic = false) {
        ChangeFact detail { kind, event, "", "somebody", { touched }, what, failed, automatic };
        return add("cloudtrail_changes", m, touched, event, std::move(detail));
    }
    EvidenceBuilder& log(double m, Resource const& resource, std::string pattern, std::int64_t count = 40,
        double usual = 0, LogSeverity severity = LogSeverity::error) {
        LogPatternFact detail { resource, "/logs", pattern, pattern, severity, count, usual, minute(m), minute(121),
            {} };
        return add("log_patterns", m, resource, pattern, std::move(detail));
    }
    EvidenceBuilder& event(double m, Resource const& resource, ResourceEventKind kind, std::string message,
        std::string source = "rds_events") {
        return add(std::move(source), m, resource, message, ResourceEventFact { resource, kind, "", message, 1 });
    }
    EvidenceBuilder& state(Resource const& resource, StateHealth health,
        std::map<std::string, std::string> attributes, std::string source = "rds_state") {
        return add(std::move(source), 121, resource, "state of " + resource.display(),
            StateFact { resource, health, std::move(attributes) });
    }
    EvidenceBuilder& load(Resource const& resource, std::string sql, double before, double now) {
        return add("rds_performance_insights", 121, resource, sql, LoadFact { resource, "sql", sql, now, before });
    }
    EvidenceBuilder& health_event(double from, std::string service_name, std::string status = "open") {
        return add("aws_health", from, {}, service_name + " issue",
            ServiceEventFact { service_name, "eu-west-1", "AWS_" + service_name + "_OPERATIONAL_ISSUE", status,
                "issue", { minute(from), minute(200) } });
    }
    EvidenceBuilder& finding(double m, Resource const& resource, std::string type, double severity,
        std::string service_name = "GuardDuty") {
        return add("guardduty_findings", m, resource, type,
            SecurityFindingFact { resource, std::move(service_name), type, severity, minute(m), minute(m) });
    }
    EvidenceBuilder& schedule(Resource const& rule, std::string expression, std::vector<Resource> targets) {
        return add("deployments", 0, rule, expression, ScheduleFact { rule, expression, std::move(targets) });
    }
    EvidenceBuilder& gap(std::string source) {
        evidence_.gaps.push_back(
            { std::move(source), "service:Action", ErrorKind::access_denied, "access denied", "it" });
        return *this;
    }
    // A front end, a service and its database, with an account's usual calm.
    EvidenceBuilder& three_tiers() { return calls(balancer, service).calls(service, database); }

    [[nodiscard]] Evidence evidence() const {
        auto copy = evidence_;
        number_facts(copy);
        return copy;
    }
    [[nodiscard]] Alarm const& alarm() const { return alarm_; }
    [[nodiscard]] Diagnosis diagnose() const { return convops::diagnose(alarm_, evidence(), {}, minute(122)); }

    Alarm alarm_;
    Evidence evidence_;

private:
    EvidenceBuilder& add(
        std::string source, double m, Resource const& resource, std::string statement, FactDetail detail) {
        Fact fact;
        fact.source = std::move(source);
        fact.at = minute(m);
        fact.resource = resource.name;
        fact.statement = std::move(statement);
        fact.detail = std::move(detail);
        evidence_.facts.push_back(std::move(fact));
        return *this;
    }
    EvidenceBuilder& add_metric(std::string source, Closeness closeness, Resource const& resource,
        std::string const& name, Curve curve, std::string const& statistic, std::string const& unit,
        std::optional<double> limit = {}) {
        MetricFact detail;
        detail.resource = resource;
        detail.closeness = closeness;
        detail.limit = limit;
        detail.series = { metric_of(resource, name), statistic, unit, Seconds { 60 }, {}, {} };
        std::mt19937 random(static_cast<unsigned>(evidence_.facts.size()) + 1);
        std::normal_distribution<double> wobble(0, 1);
        for (int m = 0; m < 122; ++m) {
            detail.series.at.push_back(minute(m));
            double const value = curve.at(m);
            detail.series.values.push_back(std::max(0.0, value * (1 + curve.noise_share * wobble(random))));
        }
        return add(std::move(source), 121, resource, name + " of " + resource.display(), std::move(detail));
    }
};

} // namespace convops
