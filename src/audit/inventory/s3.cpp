// S3 buckets and whether their request metrics are on: without them a bucket has no request metric to alarm on.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

constexpr std::array readings {
    AuditReading { .name = "s3_buckets",
        .service = "s3",
        .operation = "ListBuckets",
        .iam_action = "s3:ListAllMyBuckets",
        .list_path = "Buckets",
        .token_in = "ContinuationToken",
        .token_out = "ContinuationToken",
        .params = [](AuditPlace const& place, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxBuckets", 1000 }, { "BucketRegion", place.region } };
        } },
    AuditReading { .name = "s3_request_metrics",
        .service = "s3",
        .operation = "ListBucketMetricsConfigurations",
        .iam_action = "s3:GetMetricsConfiguration",
        .list_path = "MetricsConfigurationList",
        .parent = "s3_buckets",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "Bucket", text_at(*parents.front(), "Name") } };
        } },
};

} // namespace

Registered make_s3() {
    return readings;
}

} // namespace convops::audit_inventory
