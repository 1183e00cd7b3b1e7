#include "model/spend.h"

namespace convops {

std::string_view to_string(Usage usage) {
    switch (usage) {
    case Usage::lambda_requests:
        return "lambda_requests";
    case Usage::lambda_duration:
        return "lambda_duration";
    case Usage::nat_bytes:
        return "nat_bytes";
    case Usage::dynamodb_reads:
        return "dynamodb_reads";
    case Usage::dynamodb_writes:
        return "dynamodb_writes";
    case Usage::sqs_requests:
        return "sqs_requests";
    case Usage::api_requests:
        return "api_requests";
    case Usage::log_bytes:
        return "log_bytes";
    case Usage::load_balancer_units:
        return "load_balancer_units";
    case Usage::instance_hours:
        return "instance_hours";
    case Usage::task_hours:
        return "task_hours";
    }
    return "lambda_requests";
}

} // namespace convops
