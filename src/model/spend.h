// What an incident adds to the AWS bill: an estimate from usage metrics and list prices, with its basis and a range.
#pragma once

#include "base/ids.h"
#include "base/time.h"
#include "model/resource.h"

namespace convops {

enum class Usage : std::uint8_t {
    lambda_requests,
    lambda_duration,
    nat_bytes,
    dynamodb_reads,
    dynamodb_writes,
    sqs_requests,
    api_requests,
    log_bytes,
    load_balancer_units,
    instance_hours,
    task_hours,
};
std::string_view to_string(Usage usage);

struct SpendLine {
    Usage usage = Usage::lambda_requests;
    Resource resource;
    double usual = 0; // units in a window as long as this one
    double used = 0; // units in the window
    double low = 0; // dollars above usual; 0 <= low <= usd <= high
    double usd = 0;
    double high = 0;
    double price = 0; // dollars for `per` units
    double per = 1;
    std::string_view unit; // "requests", "GB-seconds", "GB"
    std::string_view source; // URL of the price list
    std::vector<FactId> facts;
};

struct ExtraSpend {
    Window window; // from the onset on
    std::vector<SpendLine> lines; // dearest first; only what costs more than usual
    double low = 0;
    double usd = 0;
    double high = 0;
    std::string priced_region; // whose list price was taken: "us-east-1"
    bool of_own_region = true; // false: the Region of the incident has no price in the table
    std::vector<std::string> not_known; // metrics of usage without a price or without a usual level
};
inline constexpr double least_spend_told = 0.5; // dollars; less is no line in a message

} // namespace convops
