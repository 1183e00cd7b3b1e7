// How long each class of data is kept (docs: product.md "Data"). Nothing can be stored without naming its class; the
// store never returns an expired item, and the privacy page is generated from this table.
#pragma once

#include "base/time.h"

#include <array>
#include <optional>
#include <string_view>

namespace convops {

enum class DataClass : std::uint8_t {
    metric_datapoints,
    cloudtrail_events,
    security_findings,
    anomaly_records,
    diagnosis_summaries, // incidents, their messages and capsules
    action_log,
    public_audit_results,
    registration_tokens,
    anomaly_baselines,
    access_logs,
    account_metadata, // life of the account
    pending_work, // outbox effects and intake records: transient, gone within a day of being done
};

struct RetentionRow {
    DataClass data_class;
    std::string_view name; // as product.md words it
    std::optional<Hours> kept; // nullopt: for the life of the account
};

inline constexpr std::array<RetentionRow, 12> retention_table { {
    { DataClass::metric_datapoints, "raw metric datapoints", Hours { 24 * 30 } },
    { DataClass::cloudtrail_events, "CloudTrail events, infrastructure state events", Hours { 24 * 7 } },
    { DataClass::security_findings, "security findings (GuardDuty, Security Hub, Inspector)", Hours { 24 * 7 } },
    { DataClass::anomaly_records, "anomaly records", Hours { 24 * 90 } },
    { DataClass::diagnosis_summaries, "diagnosis summaries", Hours { 24 * 90 } },
    { DataClass::action_log, "action log", Hours { 24 * 90 } },
    { DataClass::public_audit_results, "public audit results", Hours { 24 * 30 } },
    { DataClass::registration_tokens, "registration tokens", Hours { 24 } },
    { DataClass::anomaly_baselines, "anomaly baselines", Hours { 24 * 35 } },
    { DataClass::access_logs, "access logs with IP addresses", Hours { 24 * 30 } },
    { DataClass::account_metadata, "account metadata (workspace, users, routes)", std::nullopt },
    { DataClass::pending_work, "work in progress (outbox, intake records)", Hours { 24 * 7 } },
} };

constexpr std::optional<Hours> kept(DataClass data_class) {
    return retention_table[static_cast<std::size_t>(data_class)].kept;
}

} // namespace convops
