// A recorded account: what AWS answered around one incident (docs/recorded-account.md), loaded and checked once.
#pragma once

#include "base/json.h"
#include "model/metric.h"

#include <filesystem>

namespace convops {

struct RecordedMetric {
    MetricId metric;
    std::string unit;
    Seconds period { 60 };
    Time start {};
    bool counter = false; // values are sums
    std::vector<std::optional<double>> values;
    std::map<std::string, std::vector<std::optional<double>>> statistics; // "samples", "maximum", "p99", ...
};

struct RecordedLogEvent {
    Time at {};
    std::string stream;
    std::string message;
};

struct RecordedResponse {
    std::string operation; // "ecs:DescribeServices"
    JsonObject when; // a subset of the call's parameters
    Json answer;
    std::optional<Error> error;
};

struct RecordedAccount {
    std::string account;
    std::string region;
    Time now {};
    Json alarm_message; // the CloudWatch alarm as SNS carries it
    Json ok_message; // the same alarm going back to OK, when the recording saw it; else null
    JsonArray alarms; // further DescribeAlarms entries
    std::vector<RecordedMetric> metrics;
    std::map<std::string, std::vector<RecordedLogEvent>> logs; // by group, ascending in time
    JsonArray trail;
    std::vector<RecordedResponse> responses;
};

// invalid_input names what is wrong and where.
Result<RecordedAccount> recorded_account_from(Json const& document);

// Reads `.json` or `.json.zst`, at most 64 MB unpacked.
Result<RecordedAccount> load_recorded_account(std::filesystem::path const& file);

} // namespace convops
