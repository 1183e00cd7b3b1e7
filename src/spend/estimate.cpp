#include "spend/estimate.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr Hours longest_window { 24 }; // what lasts longer is no incident's extra any more
constexpr std::size_t least_periods_before = 12; // fewer do not tell what is usual
constexpr std::size_t most_lines = 30;

// A metric that is billed, with the one dimension that names whose it is: a metric with more is a part of another.
struct Billed {
    Usage usage;
    std::string_view metric_namespace;
    std::string_view metric;
    std::string_view dimension;
    std::string_view statistic;
    double at_least = 1; // a unit of the metric is billed as at least this share of a unit
};

constexpr std::array billed {
    Billed { Usage::lambda_requests, "AWS/Lambda", "Invocations", "FunctionName", "Sum" },
    // Both directions are billed once: what comes in from the source goes out to the destination, and back.
    // https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html
    Billed { Usage::nat_bytes, "AWS/NATGateway", "BytesOutToDestination", "NatGatewayId", "Sum" },
    Billed { Usage::nat_bytes, "AWS/NATGateway", "BytesOutToSource", "NatGatewayId", "Sum" },
    Billed { Usage::dynamodb_reads, "AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", "Sum" },
    Billed { Usage::dynamodb_writes, "AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", "Sum" },
    // The metrics count messages; a request carries up to ten of them.
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html
    Billed { Usage::sqs_requests, "AWS/SQS", "NumberOfMessagesSent", "QueueName", "Sum", 0.1 },
    Billed { Usage::sqs_requests, "AWS/SQS", "NumberOfMessagesReceived", "QueueName", "Sum", 0.1 },
    Billed { Usage::sqs_requests, "AWS/SQS", "NumberOfMessagesDeleted", "QueueName", "Sum", 0.1 },
    // REST; an HTTP API costs $1.00 for a million: https://aws.amazon.com/api-gateway/pricing/
    Billed { Usage::api_requests, "AWS/ApiGateway", "Count", "ApiName", "Sum", 1.0 / 3.5 },
    Billed { Usage::log_bytes, "AWS/Logs", "IncomingBytes", "LogGroupName", "Sum" },
    Billed { Usage::load_balancer_units, "AWS/ApplicationELB", "ConsumedLCUs", "LoadBalancer", "Sum" },
    Billed { Usage::instance_hours, "AWS/AutoScaling", "GroupInServiceInstances", "AutoScalingGroupName", "" },
    Billed { Usage::task_hours, "ECS/ContainerInsights", "RunningTaskCount", "ServiceName", "" },
};

Billed const* billed_as(Series const& series) {
    auto const& metric = series.metric;
    bool const of_cluster = metric.dimensions.size() == 2 && metric.dimensions.contains("ClusterName");
    for (auto const& each : billed)
        if (each.metric_namespace == metric.metric_namespace && each.metric == metric.name
            && metric.dimensions.contains(std::string(each.dimension))
            && (metric.dimensions.size() == 1 || of_cluster)
            && (each.statistic.empty() || each.statistic == series.statistic))
            return &each;
    return nullptr;
}

Price const* price_of(Usage usage) {
    for (auto const& price : price_list())
        if (price.usage == usage)
            return &price;
    return nullptr;
}

// Values a period within the window; a period without a datapoint used nothing (a counter) or is left out (a level).
std::vector<double> values_in(Series const& series, Window window, bool counter) {
    auto const part = series.within(window);
    auto values = part.values;
    if (!counter || series.empty() || series.period.count() <= 0)
        return values;
    auto const from = std::max(window.from, series.at.front());
    auto const to = std::min(window.to, series.at.back() + series.period);
    auto const periods = to > from ? static_cast<std::size_t>((to - from) / Milliseconds(series.period)) : 0;
    constexpr std::size_t most_periods = 100'000;
    while (values.size() < std::min(periods, most_periods))
        values.push_back(0);
    return values;
}

double quantile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    auto const at = share * static_cast<double>(values.size() - 1);
    auto const below = static_cast<std::size_t>(at);
    auto const above = std::min(below + 1, values.size() - 1);
    return values[below] + (values[above] - values[below]) * (at - static_cast<double>(below));
}

double sum_of(std::vector<double> const& values) {
    double sum = 0;
    for (auto const value : values)
        sum += std::isfinite(value) ? std::max(0.0, value) : 0;
    return sum;
}

struct Used { // units in the window, and what is usual in so long a window
    double used = 0;
    double low_usual = 0;
    double usual = 0;
    double high_usual = 0;
};

// The middle of the hours before; an earlier day that was otherwise at this time widens the range, and its level
// counts where it was higher: what rises every evening is not the incident's.
std::optional<Used> usage_in(Series const& series, std::vector<Series> const& history, Window window, bool counter) {
    auto const now = values_in(series, window, counter);
    auto const before = values_in(series, { Time {}, window.from }, counter);
    if (now.empty() || before.size() < least_periods_before)
        return std::nullopt;
    auto const periods = static_cast<double>(now.size());
    Used used { sum_of(now), periods * quantile(before, 0.1), periods * quantile(before, 0.5),
        periods * quantile(before, 0.9) };
    for (auto const& day : history) {
        auto const then = values_in(day, window, counter);
        if (then.size() < now.size() / 2 || then.empty())
            continue;
        auto const level = sum_of(then) * periods / static_cast<double>(then.size());
        used.low_usual = std::min(used.low_usual, level);
        used.usual = std::max(used.usual, level);
        used.high_usual = std::max(used.high_usual, level);
    }
    return used;
}

class Estimate {
public:
    Estimate(Investigation const& investigation, Window window)
        : evidence_(investigation.evidence)
        , window_(window) { }

    ExtraSpend of_all() {
        for (auto const& [fact, metric] : evidence_.all<MetricFact>()) {
            auto const* as = billed_as(metric->series);
            auto const key = std::tuple(to_text(metric->series.metric), metric->series.statistic);
            if (as == nullptr || !seen_.insert(key).second)
                continue;
            any_ = true;
            add(*fact, *metric, *as);
            if (as->usage == Usage::lambda_requests)
                add_running_time(*fact, *metric);
        }
        return finished();
    }
    [[nodiscard]] bool any() const { return any_; }

private:
    // Dollars and units of one unit of the metric in one period, and whether the metric is a counter.
    struct Rate {
        double usd = 0; // for `per` units
        double per = 1;
        std::string_view unit;
        std::string_view source;
        double units = 1; // of what is billed, in a unit of the metric
        bool counter = true;
    };

    std::optional<Rate> rate_of(Billed const& as, MetricFact const& metric) const {
        auto const hours = static_cast<double>(metric.series.period.count()) / 3600;
        if (as.usage == Usage::instance_hours) {
            auto const usd = instance_hour(type_of_instances());
            return usd ? std::optional(Rate { *usd, 1, "instance-hours",
                             "https://aws.amazon.com/ec2/pricing/on-demand/", hours, false })
                       : std::nullopt;
        }
        if (as.usage == Usage::task_hours)
            return task_rate(metric.resource, hours);
        bool const reads_or_writes = as.usage == Usage::dynamodb_reads || as.usage == Usage::dynamodb_writes;
        if (reads_or_writes && is_provisioned(metric.resource))
            return std::nullopt; // What is provisioned is paid, used or not.
        auto const* price = price_of(as.usage);
        return Rate { price->usd, price->per, price->unit, price->source, 1, true };
    }

    // https://aws.amazon.com/fargate/pricing/, Linux on x86: $0.04048 for a vCPU and $0.004445 for a GB, an hour.
    std::optional<Rate> task_rate(Resource const& service, double hours) const {
        std::optional<double> cpu;
        std::optional<double> memory;
        bool fargate = false;
        for (auto const& [fact, limit] : evidence_.all<LimitFact>())
            if (limit->resource == service)
                (limit->metric_name == "CpuUtilized" ? cpu : memory) = limit->limit;
        for (auto const& [fact, state] : evidence_.all<StateFact>())
            if (state->resource == service)
                if (auto const type = state->attributes.find("launchType"); type != state->attributes.end())
                    fargate = type->second == "FARGATE";
        if (!fargate || !cpu || !memory)
            return std::nullopt;
        auto const usd = *cpu / 1024 * 0.04048 + *memory / 1024 * 0.004445;
        return Rate { usd, 1, "task-hours", "https://aws.amazon.com/fargate/pricing/", hours, false };
    }

    // The one type that every instance has that was read; empty: there are several, or none.
    std::string type_of_instances() const {
        std::set<std::string> types;
        for (auto const& [fact, state] : evidence_.all<StateFact>())
            if (state->resource.type == "ec2:instance")
                if (auto const type = state->attributes.find("type"); type != state->attributes.end())
                    types.insert(type->second);
        return types.size() == 1 ? *types.begin() : std::string();
    }

    bool is_provisioned(Resource const& table) const {
        return std::any_of(evidence_.facts.begin(), evidence_.facts.end(), [&](Fact const& fact) {
            auto const* limit = std::get_if<LimitFact>(&fact.detail);
            return limit != nullptr && limit->resource == table && limit->metric_name.starts_with("Consumed");
        });
    }

    void add(Fact const& fact, MetricFact const& metric, Billed const& as) {
        auto const rate = rate_of(as, metric);
        if (!rate)
            return not_known(metric);
        auto const used = usage_in(metric.series, metric.history, window_, rate->counter);
        if (!used)
            return not_known(metric);
        add_line(as.usage, metric.resource, *used, *rate, as.at_least, { fact.id });
    }

    // Lambda is paid by GB-seconds: invocations times their mean duration times the memory of the function.
    void add_running_time(Fact const& fact, MetricFact const& invocations) {
        auto const memory = memory_of(invocations.resource);
        for (auto const& [other, duration] : evidence_.all<MetricFact>()) {
            auto const& series = duration->series;
            if (series.metric.name != "Duration" || series.statistic != "Average"
                || series.metric.dimensions != invocations.series.metric.dimensions)
                continue;
            if (!memory)
                return not_known(*duration);
            auto gb_seconds = invocations.series;
            for (std::size_t i = 0; i < gb_seconds.at.size(); ++i) {
                auto const at = std::lower_bound(series.at.begin(), series.at.end(), gb_seconds.at[i]);
                bool const there = at != series.at.end() && *at == gb_seconds.at[i];
                auto const ms = there ? series.values[static_cast<std::size_t>(at - series.at.begin())] : 0;
                gb_seconds.values[i] *= ms / 1000 * *memory / 1024;
            }
            if (auto const used = usage_in(gb_seconds, {}, window_, true)) {
                auto const* price = price_of(Usage::lambda_duration);
                add_line(Usage::lambda_duration, invocations.resource, *used,
                    { price->usd, price->per, price->unit, price->source, 1, true }, 1, { fact.id, other->id });
            }
            return;
        }
    }

    std::optional<double> memory_of(Resource const& function) const {
        for (auto const& [fact, state] : evidence_.all<StateFact>())
            if (state->resource == function)
                if (auto const found = state->attributes.find("MemorySize"); found != state->attributes.end())
                    return std::strtod(found->second.c_str(), nullptr);
        return std::nullopt;
    }

    void add_line(Usage usage, Resource const& resource, Used const& used, Rate const& rate, double at_least,
        std::vector<FactId> facts) {
        auto const usd
            = [&](double usual) { return std::max(0.0, used.used - usual) * rate.units / rate.per * rate.usd; };
        SpendLine line { usage, resource, used.usual * rate.units, used.used * rate.units,
            usd(used.high_usual) * at_least, usd(used.usual), usd(used.low_usual), rate.usd, rate.per, rate.unit,
            rate.source, std::move(facts) };
        if (line.usd > 0)
            spend_.lines.push_back(std::move(line));
    }

    void not_known(MetricFact const& metric) {
        auto text = shorten(clean_utf8(metric.series.metric.name + " of " + metric.resource.display()), 160);
        if (spend_.not_known.size() < most_lines
            && std::find(spend_.not_known.begin(), spend_.not_known.end(), text) == spend_.not_known.end())
            spend_.not_known.push_back(std::move(text));
    }

    ExtraSpend finished() {
        std::stable_sort(spend_.lines.begin(), spend_.lines.end(),
            [](SpendLine const& a, SpendLine const& b) { return a.usd > b.usd; });
        for (auto const& line : spend_.lines) {
            spend_.low += line.low;
            spend_.usd += line.usd;
            spend_.high += line.high;
        }
        if (spend_.lines.size() > most_lines)
            spend_.lines.resize(most_lines);
        return std::move(spend_);
    }

    Evidence const& evidence_;
    Window window_;
    ExtraSpend spend_;
    std::set<std::tuple<std::string, std::string>> seen_;
    bool any_ = false;
};

} // namespace

std::optional<ExtraSpend> estimate_spend(Investigation const& investigation) {
    auto const& alarm = investigation.incident.leading_alarm();
    auto const from = investigation.diagnosis.onset.value_or(alarm.changed_at);
    Window const window { std::max(from, investigation.as_of - longest_window), investigation.as_of };
    if (window.to <= window.from)
        return std::nullopt;
    Estimate estimate(investigation, window);
    auto spend = estimate.of_all();
    if (!estimate.any() || (spend.lines.empty() && spend.not_known.empty()))
        return std::nullopt;
    spend.window = window;
    spend.priced_region = std::string(priced_region);
    spend.of_own_region = investigation.incident.region == priced_region;
    return spend;
}

} // namespace convops
