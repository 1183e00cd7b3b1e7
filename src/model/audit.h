// What an audit of an account says: judgements of its checks, the findings among them, and the score.
// Specification: docs/audit.md. Written by src/audit/, rendered by src/message/.
#pragma once

#include "base/json.h"
#include "model/resource.h"

namespace convops {

enum class AuditCategory : std::uint8_t { coverage, hygiene, delivery, logs, depth, cost };
inline constexpr std::size_t audit_category_count = 6;
enum class AuditSeverity : std::uint8_t { high, medium, low, information };
enum class AuditResult : std::uint8_t { pass, fail, unknown };

std::string_view to_string(AuditCategory category); // "coverage"
std::string_view to_string(AuditSeverity severity); // "H", "M", "L", "i"
std::string_view to_string(AuditResult result); // "pass"
std::optional<AuditCategory> audit_category_from(std::string_view name);
std::optional<AuditSeverity> audit_severity_from(std::string_view letter);
std::optional<AuditResult> audit_result_from(std::string_view name);

// What was read: the API, the field of its answer and the value there.
struct AuditEvidence {
    std::string api; // "cloudwatch:DescribeAlarms"
    std::string field; // "AlarmActions"
    Json value; // hostile text: names that others chose
};

// The same repair in three languages, each ready to be pasted. An empty text: this language can not express it.
// Nothing in it deletes anything.
struct AuditFix {
    std::string cli; // one or more lines for a POSIX shell
    std::string cloudformation; // YAML: entries of `Resources:`, indented by two
    std::string terraform; // HCL blocks
    // Set when the fix changes fields of an alarm that exists: several findings about one alarm become one change.
    std::string alarm; // name
    JsonObject alarm_changes; // keys of PutMetricAlarm
    [[nodiscard]] bool empty() const { return cli.empty() && cloudformation.empty() && terraform.empty(); }
};

// One check's word about one thing.
struct AuditJudgement {
    AuditResult result = AuditResult::pass;
    std::string region; // empty: the whole account
    std::string resource; // ARN or name; empty: the Region or the account itself
    std::vector<AuditEvidence> evidence;
    std::string why; // one sentence about this very thing: "No one hears of it: it has no ALARM action."
    AuditFix fix;
    std::string
        iam_action; // unknown: what was missing, "sns:GetTopicAttributes"; empty when no permission would help
    double weight = 1; // how much this thing counts within its check: production counts more than a sandbox
};

// A judgement that is not `pass`, with the check that made it.
struct AuditFinding {
    std::string check; // "alarm_has_action"
    int number = 0;
    AuditCategory category = AuditCategory::coverage;
    AuditSeverity severity = AuditSeverity::information;
    AuditJudgement judgement;
};

// One check over the whole account.
struct AuditCheckSummary {
    std::string check;
    std::string title; // "Every alarm tells somebody"
    int number = 0;
    AuditCategory category = AuditCategory::coverage;
    AuditSeverity severity = AuditSeverity::information;
    std::size_t passed = 0, failed = 0, unknown = 0; // things judged
    bool looked_at = true; // false: other checks were asked for, and of this one nothing is known
};

struct AuditCategoryScore {
    AuditCategory category = AuditCategory::coverage;
    std::optional<double> score; // 0..100; nullopt: nothing could be checked
    std::size_t passed = 0, failed = 0, unknown = 0; // checks
    std::size_t not_looked_at = 0; // checks, because others were asked for
};

// A moment of the last 14 days when a metric was plainly wrong and nobody would have been notified.
struct UntoldMoment {
    Time from {}, until {};
    std::string region;
    Resource resource;
    MetricId metric;
    std::string statistic;
    std::string unit;
    double worst = 0; // the value that lay farthest from the usual
    double usual = 0;
    std::string why_untold; // "No alarm watches this metric." "Its alarm has no action."
    std::string alarm; // what would have caught it, in words: "Average above 80 % in 3 of 3 periods of 5 min"
    int false_alarms = 0; // how often that alarm would have fired in the same 14 days without such a moment
    AuditFix fix; // that alarm
};

// A noisy or useless alarm and better settings for it, tried on its own history.
struct AlarmTuning {
    std::string region;
    std::string alarm;
    std::string now_says; // "above 80 % in 1 of 1 periods of 1 min"
    std::string would_say;
    int fired_now = 0, real_now = 0; // over the 14 days
    int fired_then = 0, real_then = 0;
    AuditFix fix;
};

struct BestFix {
    std::string statement; // "Subscribe somebody to topic alerts."
    std::vector<std::string> checks; // that it turns to pass
    double gain = 0; // points of the overall score
    AuditFix fix;
};

struct AuditCost { // of the account, a month, by list prices
    std::string item; // "log storage", "standard alarms"
    double usd = 0;
    double wasted_usd = 0;
    std::string basis; // "312 GB x 0.03 USD"
};

struct AuditReport {
    std::string account;
    std::vector<std::string> regions;
    Time at {};
    char grade = 'F'; // A to F
    std::string grade_capped_by; // the check that holds the grade at C; empty: none
    double score = 0; // 0..100
    double unchecked_share = 0; // 0..1, by weight: what could not be checked and what was not looked at
    double unknown_share = 0; // 0..1, by weight: what could not be checked of what was looked at
    std::vector<std::string> only; // the checks that were asked for; empty: all
    std::vector<AuditCategoryScore> categories;
    std::vector<AuditCheckSummary> checks; // every check that exists, in the order of their numbers
    std::vector<AuditFinding> findings; // worst first
    std::vector<BestFix> best_fixes; // at most three
    std::vector<UntoldMoment> untold;
    std::string untold_gap; // why the last 14 days were not, or not wholly, looked at; empty: they were
    std::vector<AlarmTuning> tunings;
    std::vector<AuditCost> costs;
    // Alarms that a fix changes, as DescribeAlarms told them, by Region and name: PutMetricAlarm wants the whole
    // alarm.
    std::map<std::pair<std::string, std::string>, Json> changed_alarms;
    std::size_t resources = 0, alarms = 0; // that were looked at
    int aws_calls = 0;
    double seconds = 0;
};

// What is different from an earlier audit of the same account.
struct AuditComparison {
    Time earlier_at {};
    char earlier_grade = 'F';
    double earlier_score = 0;
    std::vector<AuditFinding> appeared; // failed now and did not then, although it was looked at
    std::vector<AuditFinding> mended; // failed then, and now it was looked at and passes
    std::size_t still = 0; // failed in both
    std::size_t not_looked_at = 0; // failed then, could not be checked now: not mended
    bool same_checks = true; // false: one of the two looked at other checks, so grades and scores are of other things
};
// Was this check among those that were asked for?
bool looked_at(AuditReport const& report, std::string_view check);
// invalid_input: they are of two accounts.
Result<AuditComparison> compare(AuditReport const& earlier, AuditReport const& now);
Json to_json(AuditComparison const& comparison);

// docs/audit.md, the shape of contracts: `audit --format json`.
Json to_json(AuditReport const& report);
// An earlier run's JSON, as far as a comparison needs it. corrupt: it is no such report.
Result<AuditReport> audit_report_from_json(Json const& json);

} // namespace convops
