// Kinesis data streams.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> streams(AuditPlace const&, Json const& item) {
    auto const name = text_at(item, "StreamName");
    return { monitored(
        { "kinesis:stream", name, text_at(item, "StreamARN"), "AWS/Kinesis", { { "StreamName", name } } }, item,
        "StreamCreationTimestamp", "") };
}

constexpr std::array readings {
    AuditReading { .name = "kinesis_streams",
        .service = "kinesis",
        .operation = "ListStreams",
        .iam_action = "kinesis:ListStreams",
        .list_path = "StreamSummaries",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .resources = streams },
    // The list does not tell how long a stream keeps its records.
    AuditReading { .name = "kinesis_stream_summaries",
        .service = "kinesis",
        .operation = "DescribeStreamSummary",
        .iam_action = "kinesis:DescribeStreamSummary",
        .parent = "kinesis_streams",
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            return JsonObject { { "StreamName", text_at(*parents.front(), "StreamName") } };
        } },
};

} // namespace

Registered make_kinesis() {
    return readings;
}

} // namespace convops::audit_inventory
