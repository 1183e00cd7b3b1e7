// What recommended alarms need to know of the rest of the account.
#include "audit/recommended.h"

namespace convops {

namespace {

std::string last_part(std::string_view text, char separator) {
    return std::string(text.substr(text.rfind(separator) + 1));
}

void add_functions(EstateContext& context, Estate const& estate, std::string const& region) {
    for (auto const& settings : estate.items("lambda_account_settings", region))
        if (auto const most = number_at(settings, "AccountLimit.ConcurrentExecutions"))
            context.account_concurrency = most;
    for (auto const& mapping : estate.items("lambda_event_source_mappings", region)) {
        auto const source = text_at(mapping, "EventSourceArn");
        auto const function = resource_from_arn(text_at(mapping, "FunctionArn"));
        bool const stream
            = source.find(":kinesis:") != std::string::npos || source.find(":dynamodb:") != std::string::npos;
        if (function && stream)
            context.stream_of_function[function->name] = source;
    }
}

void add_queues(EstateContext& context, Estate const& estate, std::string const& region) {
    for (auto const& queue : estate.items("sqs_queues", region))
        if (auto const target = dead_letter_target(queue); !target.empty()) {
            auto source = text_at(queue, "Attributes.QueueArn");
            context.dead_letter_sources[target].insert(source.empty() ? text_at(queue, "QueueArn") : source);
        }
    // Functions and subscriptions have dead-letter queues as well.
    for (auto const& function : estate.items("lambda_functions", region))
        if (auto const target = text_at(function, "DeadLetterConfig.TargetArn");
            target.find(":sqs:") != std::string::npos)
            context.dead_letter_sources[target].insert(text_at(function, "FunctionArn"));
}

void add_topics(EstateContext& context, Estate const& estate, std::string const& region) {
    for (auto const& alarm : estate.in(region).alarms)
        for (auto const& action : alarm.alarm_actions)
            if (action.find(":sns:") != std::string::npos)
                context.alarm_topics.insert(last_part(action, ':'));
}

// Container Insights is on when the add-on is there, and as well when whatever else sends its metrics: the agent may
// come by Helm or by hand.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/deploy-container-insights-EKS.html
void add_observed_clusters(EstateContext& context, Estate const& estate, std::string const& region) {
    auto const& clusters = estate.items("eks_cluster_names", region);
    if (clusters.empty())
        return;
    context.observers_known = estate.account->listing("cloudwatch_recent_metrics", region).whole();
    for (auto const& addon : estate.items("eks_addon_names", region))
        if (auto const of = integer_at(addon, "@of");
            of && text_at(addon, "value") == "amazon-cloudwatch-observability")
            context.observed_clusters.insert(text_at(clusters[static_cast<std::size_t>(*of)], "value"));
    for (auto const& metric : estate.items("cloudwatch_recent_metrics", region))
        if (text_at(metric, "Namespace") == "ContainerInsights")
            for (auto const& dimension : list_at(metric, "Dimensions"))
                if (text_at(dimension, "Name") == "ClusterName")
                    context.observed_clusters.insert(text_at(dimension, "Value"));
}

} // namespace

EstateContext context_of(Estate const& estate, std::string const& region) {
    EstateContext context;
    context.estate = &estate;
    context.region = region;
    add_functions(context, estate, region);
    add_queues(context, estate, region);
    add_topics(context, estate, region);
    for (auto const& stream : estate.items("kinesis_stream_summaries", region))
        if (auto const hours = number_at(stream, "StreamDescriptionSummary.RetentionPeriodHours"))
            context.stream_retention[text_at(stream, "StreamDescriptionSummary.StreamName")] = *hours;
    for (auto const& cluster : estate.items("ecs_clusters", region))
        for (auto const& setting : list_at(cluster, "settings"))
            if (text_at(setting, "name") == "containerInsights" && text_at(setting, "value") != "disabled")
                context.insight_clusters.insert(text_at(cluster, "clusterName"));
    add_observed_clusters(context, estate, region);
    return context;
}

} // namespace convops
