#include "audit/log_groups.h"

#include "audit/fixes.h"
#include "base/text.h"

#include <cmath>

namespace convops {

namespace {

std::string usd(double amount) {
    auto const cents = std::llround(amount * 100);
    auto const rest = std::to_string(cents % 100);
    return std::to_string(cents / 100) + "." + (rest.size() == 1 ? "0" + rest : rest) + " USD";
}

} // namespace

std::vector<AuditLogGroup> log_groups_in(Estate const& estate, std::string const& region) {
    std::vector<AuditLogGroup> all;
    auto const& items = estate.items("log_groups", region);
    for (std::size_t i = 0; i < items.size(); ++i) {
        AuditLogGroup group;
        group.name = text_at(items[i], "logGroupName");
        group.arn = text_at(items[i], "logGroupArn", text_at(items[i], "arn"));
        if (group.arn.ends_with(":*"))
            group.arn.resize(group.arn.size() - 2);
        group.days = integer_at(items[i], "retentionInDays");
        group.stored_bytes = number_at(items[i], "storedBytes").value_or(0);
        if (auto const milliseconds = integer_at(items[i], "creationTime"))
            group.created_at = Time { Milliseconds { *milliseconds } };
        group.is_standard = text_at(items[i], "logGroupClass", "STANDARD") == "STANDARD";
        group.index = i;
        group.item = &items[i];
        all.push_back(std::move(group));
    }
    return all;
}

std::set<std::string> log_group_names(Estate const& estate, std::string const& region) {
    std::set<std::string> names;
    for (auto const& item : estate.items("log_groups", region))
        names.insert(text_at(item, "logGroupName"));
    return names;
}

bool is_audit_log(AuditLogGroup const& group, std::set<std::string> const& trail_groups) {
    if (trail_groups.contains(group.name))
        return true;
    auto const name = to_lower(group.name);
    for (std::string_view const word : { "cloudtrail", "audit", "flow-log", "flowlog", "vpc-flow", "vpcflow",
             "aws-waf-logs", "guardduty", "/aws/network-firewall" })
        if (name.find(word) != std::string::npos)
            return true;
    return name.starts_with("/aws/eks/") && name.ends_with("/cluster"); // holds the audit log of Kubernetes
}

std::string log_group_of_arn(std::string_view arn) {
    constexpr std::string_view mark = ":log-group:";
    auto const at = arn.find(mark);
    if (at == std::string_view::npos)
        return "";
    auto const name = arn.substr(at + mark.size());
    return std::string(name.substr(0, name.find(':')));
}

std::string log_group_of_function(Json const& function) {
    return text_at(function, "LoggingConfig.LogGroup", "/aws/lambda/" + text_at(function, "FunctionName"));
}

AuditFix expiry_fix(AuditLogGroup const& group, std::string const& region) {
    constexpr int year = 365; // long enough for audits; whoever needs less sets less
    AuditFix fix;
    fix.cli = "# Log lines older than the retention are removed; export them first if they are needed.\n"
        + cli_command("logs", "put-retention-policy",
            { { "log-group-name", group.name }, { "retention-in-days", year } }, region);
    auto const what = "log group " + group.name;
    fix.cloudformation = cloudformation_resource(identifier_of(what, ""), "AWS::Logs::LogGroup",
        { { "LogGroupName", group.name }, { "RetentionInDays", year } }, true);
    auto const id = identifier_of(what, "_");
    fix.terraform = terraform_import("aws_cloudwatch_log_group", id, group.name)
        + terraform_resource(
            "aws_cloudwatch_log_group", id, { { "name", group.name }, { "retention_in_days", year } });
    return fix;
}

double gigabytes(double bytes) {
    return bytes / (1024.0 * 1024 * 1024);
}

std::string storage_words(double bytes) {
    return format_number(gigabytes(bytes)) + " GB, " + usd(gigabytes(bytes) * usd_per_stored_gigabyte) + " a month";
}

} // namespace convops
