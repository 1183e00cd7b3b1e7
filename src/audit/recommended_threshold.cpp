// Thresholds where AWS gives a rule: from the memory of a class, a time-out, a quota, a size, or 14 days of history.
// What is not known stays not known: a made-up number would wake people for nothing.
#include "audit/instance_classes.h"
#include "audit/metric_history.h"
#include "audit/recommended.h"
#include "base/text.h"

#include <algorithm>
#include <cmath>

namespace convops {

namespace {

constexpr double gibibyte = 1024.0 * 1024 * 1024;
constexpr double mebibyte = 1024.0 * 1024;
// "An Aurora cluster volume can grow to a maximum size of 128 tebibytes (TiB)" on every version that is supported.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/CHAP_Limits.html
constexpr double aurora_volume_bytes = 128.0 * 1024 * gibibyte;
// "default 6 hours": https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
constexpr double default_event_age_seconds = 6.0 * 3'600;
// A DynamoDB stream keeps its records for 24 hours.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
constexpr double dynamodb_stream_hours = 24;
constexpr double aurora_memory_share = 0.05;
constexpr std::size_t enough_history_points = 150; // of hourly points, six days

double number_of(AuditResource const& resource, std::string_view path) {
    return resource.item == nullptr ? 0 : number_at(*resource.item, path).value_or(0);
}

std::string text_of(AuditResource const& resource, std::string_view path) {
    return resource.item == nullptr ? "" : text_at(*resource.item, path);
}

DerivedThreshold known(double value, std::string basis) {
    return { value, std::move(basis), "" };
}

DerivedThreshold needs(std::string what) {
    return { std::nullopt, "", std::move(what) };
}

std::string share_words(double share) {
    return number_words(share * 100) + " % of ";
}

// Rounds to two digits: a learned number is not exact.
double rounded(double value) {
    if (value == 0 || !std::isfinite(value))
        return value;
    auto const scale = std::pow(10, std::floor(std::log10(std::fabs(value))) - 1);
    return std::ceil(value / scale) * scale;
}

std::optional<InstanceClass> class_of(AuditResource const& resource) {
    for (auto const path : { "DBInstanceClass", "CacheNodeType", "instanceType" })
        if (auto const name = text_of(resource, path); !name.empty())
            return instance_class(name);
    return std::nullopt;
}

std::string class_name_of(AuditResource const& resource) {
    for (auto const path : { "DBInstanceClass", "CacheNodeType", "instanceType" })
        if (auto const name = text_of(resource, path); !name.empty())
            return name;
    return "its class";
}

// What the default parameter group of an engine computes.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Performance.html
std::optional<double> default_max_connections(std::string_view engine, double memory) {
    if (engine == "aurora-mysql" || engine == "aurora")
        return std::floor(std::max(std::log2(memory / 805'306'368) * 45, std::log2(memory / 8'187'281'408) * 1'000));
    if (engine == "mysql" || engine == "mariadb")
        return std::floor(memory / 12'582'880);
    if (engine == "postgres" || engine == "aurora-postgresql")
        return std::floor(std::min(memory / 9'531'392, 5'000.0));
    return std::nullopt;
}

DerivedThreshold from_max_connections(AuditResource const& resource, double share) {
    std::string group;
    auto const& groups = resource.item == nullptr ? JsonArray {} : list_at(*resource.item, "DBParameterGroups");
    if (!groups.empty())
        group = text_at(groups.front(), "DBParameterGroupName");
    if (!group.empty() && !group.starts_with("default."))
        return needs("max_connections of parameter group " + group);
    auto const size = class_of(resource);
    auto const most = size ? default_max_connections(text_of(resource, "Engine"), size->memory_bytes) : std::nullopt;
    if (!most)
        return needs("max_connections of " + class_name_of(resource));
    return known(std::floor(share * *most),
        share_words(share) + "the " + number_words(*most) + " connections that " + class_name_of(resource)
            + " allows by default");
}

DerivedThreshold from_memory(AuditResource const& resource, double share) {
    auto const size = class_of(resource);
    if (!size)
        return needs("the memory of " + class_name_of(resource));
    if (text_of(resource, "Engine").starts_with("aurora"))
        share = aurora_memory_share;
    return known(std::floor(share * size->memory_bytes),
        share_words(share) + "the " + number_words(size->memory_bytes / gibibyte) + " GiB of "
            + class_name_of(resource));
}

DerivedThreshold from_vcpus(AuditResource const& resource, RecommendedThreshold const& rule) {
    auto const size = class_of(resource);
    if (!size)
        return needs("the processors of " + class_name_of(resource));
    if (rule.rule == ThresholdRule::vcpus)
        return known(size->vcpus, "the " + std::to_string(size->vcpus) + " processors of " + class_name_of(resource));
    if (text_of(resource, "Engine") == "memcached")
        return known(rule.number, number_words(rule.number) + " %, for memcached uses all processors");
    return known(std::floor(rule.number / size->vcpus),
        number_words(rule.number) + " % of one of " + std::to_string(size->vcpus) + " processors");
}

DerivedThreshold from_retention(AuditResource const& resource, EstateContext const& context, double share) {
    std::optional<double> hours;
    if (auto const name = resource.dimensions.find("StreamName"); name != resource.dimensions.end()) {
        if (auto const found = context.stream_retention.find(name->second); found != context.stream_retention.end())
            hours = found->second;
        if (auto const own = number_of(resource, "RetentionPeriodHours"); own > 0)
            hours = own;
    } else if (auto const function = resource.dimensions.find("FunctionName");
        function != resource.dimensions.end()) {
        auto const source = context.stream_of_function.find(function->second);
        if (source != context.stream_of_function.end() && source->second.find(":dynamodb:") != std::string::npos)
            hours = dynamodb_stream_hours;
        else if (source != context.stream_of_function.end()) {
            auto const stream = source->second.substr(source->second.rfind('/') + 1);
            if (auto const found = context.stream_retention.find(stream); found != context.stream_retention.end())
                hours = found->second;
        }
    }
    if (!hours)
        return needs("the retention of its stream");
    return known(share * *hours * 3'600'000,
        share_words(share) + "the " + number_words(*hours) + " h that the stream keeps records");
}

DerivedThreshold from_origins(AuditResource const& resource, double share) {
    double longest = 0;
    if (resource.item != nullptr) {
        for (auto const path : { "Origins.Items", "Origins" })
            if (auto const* origins = find(*resource.item, path); origins != nullptr && origins->is_array())
                for (auto const& origin : origins->as_array())
                    longest
                        = std::max(longest, number_at(origin, "CustomOriginConfig.OriginReadTimeout").value_or(0));
    }
    if (longest <= 0)
        return needs("the response time-out of its origin");
    return known(share * longest * 1'000,
        share_words(share) + "the time-out of its origin of " + number_words(longest) + " s");
}

DerivedThreshold from_history(
    RecommendedAlarm const& alarm, AuditResource const& resource, EstateContext const& context, bool high) {
    auto const metric = metric_for(alarm, resource);
    auto const* series
        = metric ? history_of(*context.estate, context.region, *metric, alarm.row->statistic) : nullptr;
    if (series == nullptr || series->at.empty())
        return needs("14 days of history");
    bool const counts = alarm.row->statistic == "Sum" || alarm.row->statistic == "SampleCount";
    // A counter of trouble that spoke seldom was zero otherwise.
    std::vector<double> values = series->values;
    auto const expected = static_cast<std::size_t>(history_window / series->period);
    if (counts && values.size() < expected)
        values.resize(expected, 0.0);
    if (values.size() < enough_history_points)
        return needs("14 days of history");
    std::sort(values.begin(), values.end());
    auto const at = [&](double share) {
        return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
    };
    // A sum over an hour is sixty times that of a minute.
    double const scale
        = counts ? static_cast<double>(alarm.row->pace.period) / static_cast<double>(series->period.count()) : 1;
    if (!high) {
        auto const lowest = at(0.01) * scale;
        if (lowest <= 0)
            return needs("a word of its owner: it rests at times");
        return known(rounded(lowest / 2), "half of the lowest percentile of 14 days");
    }
    return known(rounded(std::max(at(0.99) * scale * alarm.row->threshold.number, 0.0)),
        number_words(alarm.row->threshold.number) + " x the 99th percentile of 14 days");
}

} // namespace

DerivedThreshold threshold_for(
    RecommendedAlarm const& alarm, AuditResource const& resource, EstateContext const& context) {
    auto const& rule = alarm.row->threshold;
    auto const from_field = [&](std::string_view path, double unit, std::string_view what) {
        auto const value = number_of(resource, path);
        return value > 0 ? known(rule.number * value * unit,
                               share_words(rule.number) + std::string(what)
                                   + (unit == 1 || unit == 1'000 ? " of " + number_words(value) : ""))
                         : needs(std::string(what));
    };
    switch (rule.rule) {
    case ThresholdRule::fixed:
        return known(rule.number, "the number that is recommended");
    case ThresholdRule::owner:
        return needs("a word of its owner");
    case ThresholdRule::history_high:
        return from_history(alarm, resource, context, true);
    case ThresholdRule::history_low:
        return from_history(alarm, resource, context, false);
    case ThresholdRule::share_of_metric:
        return known(rule.number, number_words(rule.number * 100) + " % of " + std::string(rule.other_metric));
    case ThresholdRule::fewer_than_metric:
        return known(rule.number, "fewer than " + std::string(rule.other_metric));
    case ThresholdRule::max_connections:
        return from_max_connections(resource, rule.number);
    case ThresholdRule::instance_memory:
        return from_memory(resource, rule.number);
    case ThresholdRule::allocated_storage:
        return from_field("AllocatedStorage", gibibyte, "its allocated storage");
    case ThresholdRule::vcpus:
    case ThresholdRule::node_vcpus:
        return from_vcpus(resource, rule);
    case ThresholdRule::function_timeout:
        return from_field("Timeout", 1'000, "its time-out in s");
    case ThresholdRule::account_concurrency:
        return context.account_concurrency
            ? known(std::floor(rule.number * *context.account_concurrency),
                  share_words(rule.number) + "the quota of " + number_words(*context.account_concurrency))
            : needs("the concurrency quota of the account");
    case ThresholdRule::desired_capacity:
        return from_field("DesiredCapacity", 1, "its desired capacity");
    case ThresholdRule::stream_retention:
        return from_retention(resource, context, rule.number);
    case ThresholdRule::origin_timeout:
        return from_origins(resource, rule.number);
    case ThresholdRule::event_age:
        return known(
            rule.number * default_event_age_seconds * 1'000, share_words(rule.number) + "the default of 6 h");
    case ThresholdRule::credit_maximum: {
        auto const most = credit_maximum(text_of(resource, "instanceType"));
        return most ? known(rule.number * *most, share_words(rule.number) + "the " + number_words(*most) + " credits")
                    : needs("the credits of " + class_name_of(resource));
    }
    case ThresholdRule::read_capacity:
        return from_field("Table.ProvisionedThroughput.ReadCapacityUnits", 1, "its provisioned read units by minute");
    case ThresholdRule::largest_capacity:
        return from_field("ServerlessV2ScalingConfiguration.MaxCapacity", 1, "its largest capacity");
    case ThresholdRule::node_storage:
        return from_field("EBSOptions.VolumeSize", gibibyte / mebibyte, "the disk of a node");
    case ThresholdRule::volume_limit:
        return known(rule.number * aurora_volume_bytes, share_words(rule.number) + "128 TiB");
    }
    return needs("a word of its owner");
}

} // namespace convops
