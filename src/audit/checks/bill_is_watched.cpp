// 21: the bill.
#include "audit/coverage.h"

#include <algorithm>
#include <array>

namespace convops::audit_checks {

namespace {

constexpr std::array needs { AuditNeed { .reading = "budgets" },
    AuditNeed { .reading = "cloudwatch_alarms", .whole = false } };

AuditFix budget(std::string const& account) {
    JsonObject const amount { { "Amount", "100" }, { "Unit", "USD" } };
    JsonObject const plan { { "BudgetName", "monthly-cost" }, { "BudgetType", "COST" }, { "TimeUnit", "MONTHLY" },
        { "BudgetLimit", amount } };
    JsonObject const notice { { "NotificationType", "FORECASTED" }, { "ComparisonOperator", "GREATER_THAN" },
        { "Threshold", 100 } };
    JsonObject const person { { "SubscriptionType", "EMAIL" }, { "Address", on_call_mailbox.text } };
    AuditFix fix;
    fix.cloudformation = cloudformation_resource(identifier_of("monthly budget", ""), "AWS::Budgets::Budget",
        { { "Budget", plan },
            { "NotificationsWithSubscribers",
                JsonArray { JsonObject { { "Notification", notice }, { "Subscribers", JsonArray { person } } } } } });
    fix.terraform = terraform_resource("aws_budgets_budget", identifier_of("monthly budget", "_"),
        { { "name", "monthly-cost" }, { "budget_type", "COST" }, { "limit_amount", "100" }, { "limit_unit", "USD" },
            { "time_unit", "MONTHLY" },
            { "notification{}",
                JsonObject { { "comparison_operator", "GREATER_THAN" }, { "threshold", 100 },
                    { "threshold_type", "PERCENTAGE" }, { "notification_type", "FORECASTED" },
                    { "subscriber_email_addresses", JsonArray { on_call_mailbox.text } } } } });
    fix.cli = cli_command("budgets", "create-budget", { { "account-id", account }, { "budget", plan } }, "");
    return fix;
}

std::vector<AuditJudgement> judge(Estate const& estate, std::string const&) {
    if (!estate.items("budgets", "").empty())
        return { passes("", "") };
    // Billing metrics are in us-east-1 alone.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html
    bool const seen = estate.regions.contains("us-east-1");
    for (auto const& alarm : estate.in("us-east-1").alarms)
        for (auto const& metric : alarm.alarm.metrics)
            if (metric.metric && metric.metric->metric_namespace == "AWS/Billing")
                return { passes("", "") };
    if (!seen)
        return { not_known(
            "", "", "There is no budget; a billing alarm would be in us-east-1, which was not read.") };
    return { fails("", "", "There is no budget and no billing alarm.",
        { { "budgets:DescribeBudgets", "Budgets", JsonArray {} } }, budget(estate.account->id)) };
}

} // namespace

Registered make_bill_is_watched() {
    return { .name = "bill_is_watched",
        .number = 21,
        .category = AuditCategory::coverage,
        .severity = AuditSeverity::medium,
        .title = "A budget or a billing alarm watches the bill",
        .matters = "A loop that calls a paid API costs more in a night than the team in a month.",
        .needs = needs,
        .per_region = false,
        .judge = judge };
}

} // namespace convops::audit_checks
