// 27: grey for days: the metric stopped, was never there, or is written wrongly. Grey is not green.
#include "audit/alarm_nature.h"
#include "audit/also.h"
#include "audit/fixes.h"
#include "base/text.h"

#include <array>
#include <set>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };
constexpr auto beside = also::both(also::existence_and_deployments, also::resources);

struct Misspelling {
    std::string words;
    JsonObject changes; // of PutMetricAlarm
};

// What CloudWatch knows by its own names.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
constexpr std::array<std::string_view, 42> aws_namespaces { "AWS/ApplicationELB", "AWS/NetworkELB", "AWS/ELB",
    "AWS/ECS", "AWS/RDS", "AWS/DocDB", "AWS/Neptune", "AWS/Lambda", "AWS/EC2", "AWS/AutoScaling", "AWS/EBS",
    "AWS/EFS", "AWS/FSx", "AWS/SQS", "AWS/SNS", "AWS/DynamoDB", "AWS/DAX", "AWS/ElastiCache", "AWS/ApiGateway",
    "AWS/S3", "AWS/NATGateway", "AWS/Kinesis", "AWS/Firehose", "AWS/States", "AWS/Events", "AWS/EKS", "AWS/WAFV2",
    "AWS/CloudFront", "AWS/Logs", "AWS/CertificateManager", "AWS/Billing", "AWS/Usage", "AWS/Kafka", "AWS/ES",
    "AWS/AOSS", "AWS/Redshift", "AWS/Route53", "AWS/TransitGateway", "AWS/VPN", "AWS/Backup", "AWS/SES", "AWS/DMS" };

std::optional<Misspelling> wrong_namespace(std::string const& space) {
    // Only another way to write a known name is a misspelling; a namespace that this list lacks is not.
    for (auto const known : aws_namespaces)
        if (to_lower(space) == to_lower(known) && space != known)
            return Misspelling { "the namespace is written " + space + " instead of " + std::string(known) + ".",
                { { "Namespace", std::string(known) } } };
    return std::nullopt;
}

std::optional<Misspelling> wrong_dimension(EstateRegion const& here, Json const& item, MetricId const& metric) {
    std::set<std::string> known;
    for (auto const& resource : here.resources)
        if (resource.metric_namespace == metric.metric_namespace)
            for (auto const& [name, value] : resource.dimensions)
                known.insert(name);
    for (auto const& [name, value] : metric.dimensions)
        for (auto const& right : known) {
            if (name == right || to_lower(name) != to_lower(right))
                continue;
            JsonArray dimensions;
            for (auto const& entry : list_at(item, "Dimensions"))
                dimensions.push_back({ { "Name", text_at(entry, "Name") == name ? right : text_at(entry, "Name") },
                    { "Value", text_at(entry, "Value") } });
            return Misspelling { "the dimension is written " + name + " instead of " + right + ".",
                { { "Dimensions", std::move(dimensions) } } };
        }
    return std::nullopt;
}

std::optional<Misspelling> misspelling_of(EstateRegion const& here, EstateAlarm const& alarm) {
    auto const* main = alarm.alarm.main_metric();
    if (alarm.alarm.kind != AlarmKind::metric || main == nullptr || !main->metric
        || !alarm.item->as_object().contains("MetricName"))
        return std::nullopt;
    if (auto space = wrong_namespace(main->metric->metric_namespace))
        return space;
    return wrong_dimension(here, *alarm.item, *main->metric);
}

std::string reason_of(EstateAlarm const& alarm, std::optional<Misspelling> const& misspelt) {
    if (misspelt)
        return misspelt->words;
    // "Unchecked: Initial alarm creation" stays until the first evaluation that finds data.
    if (alarm.alarm.reason.starts_with("Unchecked"))
        return "its metric never had a datapoint since it was created.";
    return "its metric is no longer published.";
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    AlarmJudgements judged(region);
    auto const roles = roles_in(estate, region);
    for (auto const& alarm : estate.in(region).alarms) {
        // What watches a deleted resource is said by alarm_resource_exists; a composite has no data of its own. A
        // count that is published only when there is something to count lacks data while all is well.
        if (alarm.composite() || is_managed(alarm) || only_scales(alarm) || alarm.gone
            || roles.suppressors.contains(alarm.alarm.name))
            continue;
        auto const since = alarm.state_since;
        if (alarm.alarm.state != AlarmState::insufficient_data || !since || estate.now() - *since <= Hours { 24 }
            || (is_sparse(alarm) && !misspelling_of(estate.in(region), alarm))) {
            judged.pass(alarm);
            continue;
        }
        auto const misspelt = misspelling_of(estate.in(region), alarm);
        judged.fail(alarm,
            "It has had no data for " + format_duration(estate.now() - *since) + ": " + reason_of(alarm, misspelt),
            { "StateValue", "StateUpdatedTimestamp", "StateReason" },
            misspelt ? changed_alarm_fix(*alarm.item, misspelt->changes, region) : AuditFix {});
    }
    return judged.take();
}

} // namespace

Registered make_alarm_has_data() {
    return { .name = "alarm_has_data",
        .number = 27,
        .category = AuditCategory::hygiene,
        .severity = AuditSeverity::high,
        .title = "No alarm lacks data for more than a day",
        .matters = "An alarm without data judges nothing: whatever it was set up for goes unseen.",
        .needs = needs,
        .also = beside,
        .judge = judge };
}

} // namespace convops::audit_checks
