// Quotas of the account that are nearly used up: the applied value against the usage that CloudWatch counts, for the
// services of what is near the alarm. Only quotas whose usage AWS publishes can be compared.
#include "evidence/metric_facts.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "servicequotas:ListServiceQuotas", "which quotas are nearly used up" },
    IamAction { "cloudwatch:GetMetricData", "how much of each quota is in use" },
};

constexpr SourceCard the_card {
    .name = "service_quotas",
    .says = "Service quotas near their limit, for the services near the alarm.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
    .looks_back = Minutes { 180 },
};

constexpr std::size_t most_services = 4;
constexpr int most_pages = 2; // of 100 quotas
constexpr std::size_t most_compared = 120;
constexpr double worth_telling = 0.8; // of the quota
constexpr Seconds usage_period { 300 }; // ResourceCount is published every five minutes.

struct ServiceOf {
    std::string_view type;
    std::string_view code; // of Service Quotas
};

// Services that publish usage metrics:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Service-Quota-Integration.html
constexpr auto services = std::to_array<ServiceOf>({
    { "lambda:function", "lambda" },
    { "ec2:instance", "ec2" },
    { "autoscaling:group", "ec2" },
    { "ecs:service", "fargate" },
    { "eks:cluster", "ec2" },
    { "ebs:volume", "ebs" },
    { "elb:load_balancer", "elasticloadbalancing" },
    { "elb:target_group", "elasticloadbalancing" },
    { "dynamodb:table", "dynamodb" },
    { "kinesis:stream", "kinesis" },
    { "sns:topic", "sns" },
    { "sqs:queue", "sqs" },
    { "apigateway:api", "apigateway" },
    { "states:machine", "states" },
});

struct NearService {
    std::string code;
    Resource nearest; // of the resources that the quota holds for
};

std::vector<NearService> services_near(Question const& question) {
    std::vector<NearService> found;
    auto const take = [&](Resource const& resource) {
        auto const* service = std::find_if(
            services.begin(), services.end(), [&](ServiceOf const& row) { return row.type == resource.type; });
        if (service == services.end() || found.size() == reach(question.depth, most_services))
            return;
        if (std::none_of(found.begin(), found.end(), [&](auto const& known) { return known.code == service->code; }))
            found.push_back({ std::string(service->code), resource });
    };
    for (auto const& resource : question.centre)
        take(resource);
    for (auto const& [resource, distance] : question.nearby)
        take(resource);
    return found;
}

} // namespace

// What to compare, from one entry of ListServiceQuotas; nullopt when AWS publishes no usage of it.
// https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ServiceQuota.html
std::optional<MetricAbout> quota_usage_metric(Json const& quota, Resource const& nearest) {
    MetricId metric { text_at(quota, "UsageMetric.MetricNamespace"), text_at(quota, "UsageMetric.MetricName"), {} };
    if (metric.metric_namespace.empty() || metric.name.empty() || !(number_at(quota, "Value").value_or(0) > 0))
        return std::nullopt;
    if (auto const* dimensions = find(quota, "UsageMetric.MetricDimensions"))
        if (auto const* object = dimensions->if_object())
            for (auto const& pair : *object)
                if (auto const* value = pair.value().if_string())
                    metric.dimensions[std::string(pair.key())] = std::string(value->data(), value->size());
    auto const statistic = text_at(quota, "UsageMetric.MetricStatisticRecommendation", "Maximum");
    return MetricAbout { nearest, std::move(metric), statistic == "Sum" ? "Sum" : "Maximum", Closeness::neighbour,
        {} };
}

// Usage and limit in the same measure: a quota of calls a second is compared with calls a period.
std::vector<Fact> quota_facts(
    Json const& quota, MetricAbout const& about, Series const& series, Window window, Question const& question) {
    if (series.empty())
        return {};
    auto limit = number_at(quota, "Value").value_or(0);
    auto const unit = text_at(quota, "Period.PeriodUnit");
    if (about.statistic == "Sum" && !unit.empty()) {
        double const seconds = (unit == "MINUTE"        ? 60
                                       : unit == "HOUR" ? 3'600
                                       : unit == "DAY"  ? 86'400
                                                        : 1)
            * std::max(1.0, number_at(quota, "Period.PeriodValue").value_or(1));
        limit *= double(series.period.count()) / seconds;
    }
    auto const used = *std::max_element(series.values.begin(), series.values.end());
    if (!(limit > 0) || !std::isfinite(limit) || used < worth_telling * limit)
        return {};
    auto const name = shown(text_at(quota, "QuotaName"), 120);
    auto const code = shown(text_at(quota, "ServiceCode"), 40) + "/" + shown(text_at(quota, "QuotaCode"), 40);
    auto const percent = std::round(used / limit * 100);
    Resource const account { "account", question.account, {} };
    std::vector<Fact> facts;
    facts.push_back(fact_about(account, series.at.back(),
        "The account's quota \"" + name + "\" (" + code + ") is used up to " + format_number(used) + " of "
            + format_number(limit) + " (" + format_number(percent) + " %).",
        LimitFact { account, about.metric.name, limit, name },
        { { "quota", code }, { "name", name }, { "used", used }, { "limit", limit }, { "percent", percent },
            { "adjustable", flag_at(quota, "Adjustable") } }));
    MetricFact detail { about.resource, about.closeness, series, {}, limit, name };
    facts.push_back(metric_fact(std::move(detail), window, series.at.front(), question));
    return facts;
}

namespace {

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const near = services_near(question);
    std::vector<PagedRead> reads;
    for (auto const& service : near)
        reads.push_back({ call_of("servicequotas", "ListServiceQuotas",
                              { { "ServiceCode", service.code }, { "MaxResults", 100 } }),
            "Quotas", "NextToken", "NextToken", most_pages });
    auto const lists = answering.read_lists(reads);
    std::vector<MetricAbout> asked;
    std::vector<std::pair<Json, AwsCall>> quotas;
    for (std::size_t i = 0; i < lists.size(); ++i)
        for (auto const& quota : lists[i])
            if (auto about = quota_usage_metric(quota, near[i].nearest); about && asked.size() < most_compared) {
                asked.push_back(*std::move(about));
                quotas.emplace_back(quota, reads[i].call);
            }
    if (asked.empty())
        return answering.take();
    auto const window = whole_periods(
        { question.now - look_back(the_card, question.depth), question.now + usage_period }, usage_period);
    auto const usage = read_series_about(answering, asked, window, usage_period);
    for (std::size_t i = 0; i < usage.size(); ++i)
        answering.add(quota_facts(quotas[i].first, asked[i], usage[i], window, question), quotas[i].second);
    return answering.take();
}

} // namespace

sources::Registered make_service_quotas() {
    return { &the_card, collect };
}

} // namespace convops
