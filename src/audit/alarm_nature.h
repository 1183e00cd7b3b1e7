// What an alarm is for. A rule that is right for one alarm is a false finding for another: the alarms of Auto Scaling
// are its own, a count of failures is quiet for months, one event of a kind may be one too many.
#pragma once

#include "audit/judging.h"

#include <set>

namespace convops {

// Made and kept by AWS: target tracking makes its alarms itself, and says "do not edit or delete".
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
bool is_managed(EstateAlarm const& alarm);
// Every ALARM action is a scaling policy: it moves capacity up and down all day, as it should.
bool only_scales(EstateAlarm const& alarm);
// It has a fixed threshold on metrics; anomaly bands and composites have none.
bool has_static_threshold(EstateAlarm const& alarm);

// Errors, 5xx, throttles, timeouts, dead letters: things that are counted and should be none.
bool counts_failures(AlarmMetric const& metric);
// Fires when too little arrives: a job that must run, a host that must report.
bool is_heartbeat(EstateAlarm const& alarm);
// A count where a single event is already too much ("root signed in", "a message in the dead-letter queue").
bool one_is_too_many(EstateAlarm const& alarm);
// Published only when there is something to count: no datapoint is good news.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
bool is_sparse(EstateAlarm const& alarm);

// The metric is of another account (cross-account observability): what it names can not be seen from here.
bool watches_other_account(EstateAlarm const& alarm, std::string const& own_account);

bool is_topic(std::string_view arn);
std::vector<std::string> topics_in(std::span<std::string const> actions);
// Topics of any state's actions of any alarm of the Region that exist here.
std::set<std::string> alarm_topics(EstateRegion const& here);

// "above 80 in 3 of 5 periods of 1 min"
std::string condition_words(EstateAlarm const& alarm);

// What an alarm is to the others of its Region.
struct AlarmRoles {
    std::set<std::string> spoken_for; // children of composites that have actions
    std::set<std::string>
        suppressors; // alarms that keep a composite quiet, and deployments' alarms: they tell nobody
};
AlarmRoles roles_in(Estate const& estate, std::string const& region);

// One judgement an alarm, with the weight of production or sandbox.
class AlarmJudgements {
public:
    explicit AlarmJudgements(std::string region)
        : region_(std::move(region)) { }
    void pass(EstateAlarm const& alarm);
    void fail(
        EstateAlarm const& alarm, std::string why, std::initializer_list<std::string_view> fields, AuditFix fix = {});
    void fail(EstateAlarm const& alarm, std::string why, std::vector<AuditEvidence> evidence, AuditFix fix = {});
    void unknown(EstateAlarm const& alarm, std::string why, std::string iam_action);
    [[nodiscard]] std::vector<AuditJudgement> take() { return std::move(all_); }

private:
    void add(EstateAlarm const& alarm, AuditJudgement judgement);
    std::string region_;
    std::vector<AuditJudgement> all_;
};

// A field of the alarm as DescribeAlarms told it.
AuditEvidence alarm_field(EstateAlarm const& alarm, std::string_view field);
// The alarm again with one of its fields left out; PutMetricAlarm replaces the whole alarm.
AuditFix alarm_fix_without(EstateAlarm const& alarm, std::string_view field, std::string_view region);
// `aws cloudwatch disable-alarm-actions`, with a line before it that says what else could be done.
AuditFix silence_fix(EstateAlarm const& alarm, std::string_view region, std::string_view instead);

inline constexpr double sandbox_weight = 0.25; // a finding in a sandbox counts a quarter

} // namespace convops
