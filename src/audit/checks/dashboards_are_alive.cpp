// 76: dashboards, and widgets on what is gone.
#include "audit/also.h"
#include "audit/coverage.h"
#include "audit/dashboards.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "cloudwatch_dashboards" },
    AuditNeed { .reading = "cloudwatch_dashboard_bodies", .whole = false },
    AuditNeed { .reading = "ec2_instances", .whole = false },
    AuditNeed { .reading = "rds_instances", .whole = false },
    AuditNeed { .reading = "lambda_functions", .whole = false },
    AuditNeed { .reading = "load_balancers", .whole = false },
    AuditNeed { .reading = "sqs_queues", .whole = false } };

// Dimensions whose value names a resource that a whole list was read of.
struct Named {
    std::string_view metric_namespace, dimension, reading;
};
constexpr auto named = std::to_array<Named>({ { "AWS/EC2", "InstanceId", "ec2_instances" },
    { "AWS/RDS", "DBInstanceIdentifier", "rds_instances" }, { "AWS/Lambda", "FunctionName", "lambda_functions" },
    { "AWS/ApplicationELB", "LoadBalancer", "load_balancers" },
    { "AWS/NetworkELB", "LoadBalancer", "load_balancers" }, { "AWS/SQS", "QueueName", "sqs_queues" } });

bool exists(EstateRegion const& here, std::string_view dimension, std::string const& value) {
    return std::any_of(here.resources.begin(), here.resources.end(), [&](auto const& resource) {
        auto const found = resource.dimensions.find(std::string(dimension));
        return found != resource.dimensions.end() && found->second == value;
    });
}

std::string text_of(Json const& value) {
    return value.is_string() ? std::string(value.as_string().c_str()) : std::string();
}

// "AWS/EC2 InstanceId=i-1" for a row of a widget whose resource is gone; empty: it is there, or nobody knows.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
std::string gone_in(Json const& widget, MetricRow const& words, Estate const& estate, std::string const& region) {
    auto const where = text_at(widget, "properties.region", region);
    if (!estate.regions.contains(where))
        return {};
    for (std::size_t i = 2; i + 1 < words.size(); i += 2)
        for (auto const& one : named)
            if (text_of(words[0]) == one.metric_namespace && text_of(words[i]) == one.dimension
                && estate.account->listing(one.reading, where).whole()
                && !exists(estate.in(where), one.dimension, text_of(words[i + 1])))
                return text_of(words[0]) + " " + text_of(words[i]) + "=" + text_of(words[i + 1]);
    return {};
}

std::string first_gone_in(Json const& body, Estate const& estate, std::string const& region) {
    for (auto const& widget : list_at(body, "widgets"))
        for (auto const& row : list_at(widget, "properties.metrics"))
            if (row.is_array())
                if (auto gone = gone_in(widget, row.as_array(), estate, region); !gone.empty())
                    return gone;
    return {};
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const& region) {
    std::vector<AuditJudgement> all;
    auto const& dashboards = estate.items("cloudwatch_dashboards", region);
    if (dashboards.empty()) {
        if (!estate.in(region).resources.empty())
            all.push_back(fails(region, "", "There is no dashboard.",
                { { "cloudwatch:ListDashboards", "DashboardEntries", JsonArray {} } },
                first_dashboard(estate, region)));
        return all;
    }
    for (auto const& item : estate.items("cloudwatch_dashboard_bodies", region)) {
        auto const name = text_at(item, "DashboardName");
        auto const body = parse_json(text_at(item, "DashboardBody"));
        auto const gone = body ? first_gone_in(*body, estate, region) : std::string();
        if (gone.empty())
            all.push_back(passes(region, name));
        else
            all.push_back(fails(region, name, "It shows " + gone + ", which does not exist.",
                { { "cloudwatch:GetDashboard", "DashboardBody", Json(gone) } },
                dashboard_without(
                    name, *body,
                    [&](Json const& widget, MetricRow const& row) {
                        return !gone_in(widget, row, estate, region).empty();
                    },
                    region)));
    }
    return all;
}

} // namespace

Registered make_dashboards_are_alive() {
    return { .name = "dashboards_are_alive",
        .number = 76,
        .category = AuditCategory::depth,
        .severity = AuditSeverity::medium,
        .title = "There is a dashboard, and what it shows exists",
        .matters = "In an incident people open the dashboard first; a widget on something that is gone looks like an "
                   "outage, or like peace.",
        .needs = needs,
        .also = also::resources,

        .judge = judge };
}

} // namespace convops::audit_checks
