// Log groups as the checks look at them.
#pragma once

#include "audit/judging.h"

#include <set>

namespace convops {

struct AuditLogGroup {
    std::string name;
    std::string arn; // without the ":*" at its end
    std::optional<std::int64_t> days; // retention; nullopt: kept for ever
    double stored_bytes = 0;
    std::optional<Time> created_at;
    bool is_standard = true; // Infrequent Access and Delivery groups can less
    std::size_t index = 0; // in its reading
    Json const* item = nullptr;
};
std::vector<AuditLogGroup> log_groups_in(Estate const& estate, std::string const& region);
std::set<std::string> log_group_names(Estate const& estate, std::string const& region);

// Trails, flows of networks, firewalls, audit logs: what an investigation of months ago needs.
bool is_audit_log(AuditLogGroup const& group, std::set<std::string> const& trail_groups);

// "arn:aws:logs:...:log-group:NAME:*" -> NAME; empty: it is none.
std::string log_group_of_arn(std::string_view arn);

// The group that a Lambda function writes to.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html
std::string log_group_of_function(Json const& function);

// A retention of a year for a group that has none. It removes what is older, and the reader is told: a year is the
// shortest that no common rule for logs forbids.
AuditFix expiry_fix(AuditLogGroup const& group, std::string const& region);

double gigabytes(double bytes);
// "12 GB, 0.36 USD a month"
std::string storage_words(double bytes);

// List price of us-east-1; Regions differ by some tens of percent. https://aws.amazon.com/cloudwatch/pricing/
inline constexpr double usd_per_stored_gigabyte = 0.03;
inline constexpr double usd_per_ingested_gigabyte = 0.50;

} // namespace convops
