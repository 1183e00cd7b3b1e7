#include "verification/checks.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time const fired = *parse_time("2026-03-06T20:00:00Z");
Resource const database { "rds:instance", "store", {} };

Alarm an_alarm() {
    Alarm alarm;
    alarm.name = "busy";
    alarm.region = "eu-west-1";
    alarm.changed_at = fired;
    AlarmMetric main;
    main.metric = MetricId { "AWS/RDS", "CPUUtilization", { { "DBInstanceIdentifier", "store" } } };
    main.statistic = "Average";
    main.period = Seconds { 60 };
    alarm.metrics = { main };
    alarm.threshold = 80;
    alarm.comparison = "GreaterThanThreshold";
    return alarm;
}

Fact metric(
    std::string source, Closeness closeness, std::string name, double before, double after, int from, int until) {
    MetricFact detail;
    detail.resource = database;
    detail.closeness = closeness;
    detail.series = { { "AWS/RDS", std::move(name), { { "DBInstanceIdentifier", "store" } } }, "Average", "Percent",
        Seconds { 60 }, {}, {} };
    for (int i = 0; i < 60; ++i) {
        detail.series.at.push_back(fired - Minutes { 55 - i });
        detail.series.values.push_back((i >= from && i < until ? after : before) + (i % 3) * 0.5);
    }
    Fact fact;
    fact.source = std::move(source);
    fact.at = fired;
    fact.detail = std::move(detail);
    return fact;
}

Fact fact_of(std::string source, Time at, FactDetail detail) {
    Fact fact;
    fact.source = std::move(source);
    fact.at = at;
    fact.detail = std::move(detail);
    return fact;
}

Finding judged(std::string_view name, std::vector<Fact> facts, std::vector<std::string> gaps = {}) {
    Evidence evidence;
    evidence.facts = std::move(facts);
    for (auto& source : gaps)
        evidence.gaps.push_back({ source, "x:Y", ErrorKind::access_denied, "access denied", "it" });
    number_facts(evidence);
    for (auto& finding : verify(an_alarm(), evidence, fired + Minutes { 5 }))
        if (finding.check == name)
            return finding;
    ADD_FAILURE() << "no check " << name;
    return {};
}

Fact busy(int until = 60) {
    return metric("alarm_metric", Closeness::alarm, "CPUUtilization", 30, 95, 50, until);
}

Fact change(int minutes_before, bool failed = false) {
    ChangeFact detail;
    detail.event_name = "ModifyDBInstance";
    detail.touched = { database };
    detail.failed = failed;
    return fact_of("cloudtrail_changes", fired - Minutes { 5 } - Minutes { minutes_before }, detail);
}

Fact finding_on(Resource const& resource) {
    return fact_of("guardduty_findings", fired,
        SecurityFindingFact { resource, "GuardDuty", "CryptoCurrency:EC2/BitcoinTool.B!DNS", 8, fired, fired });
}

Fact fired_at(Time at) {
    return fact_of("alarm_history", at, AlarmTransitionFact { "busy", AlarmState::ok, AlarmState::alarm });
}

Fact health(std::string service, std::string status, std::string region = "eu-west-1") {
    return fact_of("aws_health", fired,
        ServiceEventFact {
            std::move(service), std::move(region), "CODE", std::move(status), "issue", { fired, fired } });
}

struct Row {
    char const* check;
    char const* when;
    std::vector<Fact> facts;
    std::vector<std::string> gaps;
    CheckVerdict verdict;
    std::size_t cited;
};

TEST(Verify, each_check_answers_from_what_was_read) {
    using enum CheckVerdict;
    LogPatternFact fresh { database, "g", "ERROR x", "ERROR x", LogSeverity::error, 9, 0, fired, fired, {} };
    LogPatternFact usual { database, "g", "ERROR y", "ERROR y", LogSeverity::error, 9, 8, fired, fired, {} };
    ResourceEventFact full { database, ResourceEventKind::storage_full, "", "full", 1 };
    std::vector<Fact> often;
    for (int i = 0; i < 6; ++i)
        often.push_back(fired_at(fired - Minutes { 15 * i }));
    auto not_watched = fact_of(
        "guardduty_findings", fired, StateFact { { "account", "111122223333", {} }, StateHealth::unknown, {} });
    not_watched.statement = "GuardDuty is not enabled in this Region.";
    std::vector<Row> const rows {
        { "self_healed", "still off", { busy() }, {}, refutes, 1 },
        { "self_healed", "back to normal", { busy(54) }, {}, supports, 1 },
        { "self_healed", "never off", { busy(50) }, {}, supports, 1 },
        { "self_healed", "not read", {}, { "alarm_metric" }, cannot_tell, 0 },
        { "self_healed", "empty", {}, {}, cannot_tell, 0 },
        { "aws_side", "an open issue", { health("RDS", "open") }, {}, supports, 1 },
        { "aws_side", "a closed one", { health("RDS", "closed") }, {}, refutes, 0 },
        { "aws_side", "another service", { health("LAMBDA", "open") }, {}, refutes, 0 },
        { "aws_side", "another Region", { health("RDS", "open", "us-east-1") }, {}, refutes, 0 },
        { "aws_side", "not read", {}, { "aws_health" }, cannot_tell, 0 },
        { "change_precedes_onset", "a change", { busy(), change(10) }, {}, supports, 1 },
        { "change_precedes_onset", "a change in spite of a gap", { busy(), change(10) }, { "cloudtrail_changes" },
            supports, 1 },
        { "change_precedes_onset", "too old", { busy(), change(120) }, {}, refutes, 0 },
        { "change_precedes_onset", "after the onset", { busy(), change(-4) }, {}, refutes, 0 },
        { "change_precedes_onset", "refused", { busy(), change(10, true) }, {}, refutes, 0 },
        { "change_precedes_onset", "not read", { busy() }, { "cloudtrail_changes" }, cannot_tell, 0 },
        { "other_metrics_moved", "one moved",
            { busy(), metric("related_metrics", Closeness::resource, "ReadIOPS", 10, 90, 49, 60) }, {}, supports, 1 },
        { "other_metrics_moved", "none moved",
            { busy(), metric("related_metrics", Closeness::resource, "ReadIOPS", 10, 10, 49, 60) }, {}, refutes, 0 },
        { "other_metrics_moved", "not read", { busy() }, { "related_metrics" }, cannot_tell, 0 },
        { "new_log_patterns", "new", { fact_of("log_patterns", fired, fresh) }, {}, supports, 1 },
        { "new_log_patterns", "usual", { fact_of("log_patterns", fired, usual) }, {}, refutes, 0 },
        { "new_log_patterns", "not read", {}, { "log_patterns" }, cannot_tell, 0 },
        { "resource_state_explains", "a full disk", { busy(), fact_of("rds_events", fired, full) }, {}, supports, 1 },
        { "resource_state_explains", "not read", { busy() }, { "rds_events" }, cannot_tell, 0 },
        { "security_events", "a finding", { finding_on(database) }, {}, supports, 1 },
        { "security_events", "a finding elsewhere", { finding_on({ "s3:bucket", "photos", {} }) }, {}, supports, 1 },
        { "security_events", "a finding, the rest not read", { finding_on(database) }, { "security_hub_findings" },
            supports, 1 },
        { "security_events", "nobody watches", { not_watched }, {}, cannot_tell, 1 },
        { "security_events", "none", {}, {}, refutes, 0 },
        { "security_events", "not read", {}, { "guardduty_findings" }, cannot_tell, 0 },
        { "seen_before", "yesterday", { fired_at(fired - Hours { 24 }) }, {}, supports, 1 },
        { "seen_before", "only now", { fired_at(fired) }, {}, refutes, 0 },
        { "seen_before", "not read", {}, { "alarm_history" }, cannot_tell, 0 },
        { "is_chronic", "six times", often, {}, supports, 6 },
        { "is_chronic", "once", { fired_at(fired) }, {}, refutes, 1 },
        { "is_chronic", "not read", {}, { "alarm_history" }, cannot_tell, 0 },
    };
    for (auto const& row : rows) {
        auto const finding = judged(row.check, row.facts, row.gaps);
        EXPECT_EQ(to_string(finding.verdict), to_string(row.verdict))
            << row.check << ": " << row.when << ": " << finding.why;
        EXPECT_EQ(finding.facts.size(), row.cited) << row.check << ": " << row.when;
        EXPECT_FALSE(finding.why.empty()) << row.check << ": " << row.when;
    }
}

TEST(Verify, only_two_checks_suppress_and_one_goes_to_the_digest) {
    int suppress = 0;
    int digest = 0;
    auto const all = checks::all();
    for (auto const& check : all) {
        suppress += check.effect == CheckEffect::suppress ? 1 : 0;
        digest += check.effect == CheckEffect::digest ? 1 : 0;
    }
    EXPECT_EQ(all.size(), 9U);
    EXPECT_EQ(suppress, 2);
    EXPECT_EQ(digest, 1);
}

} // namespace
} // namespace convops
