// Firehose delivery streams.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> streams(AuditPlace const& place, Json const& item) {
    auto const name = plain(item);
    return { monitored({ "firehose:stream", name, arn_of(place, "firehose", "deliverystream/" + name), "AWS/Firehose",
                           { { "DeliveryStreamName", name } } },
        item, "", "") };
}

constexpr std::array readings {
    AuditReading { .name = "firehose_streams",
        .service = "firehose",
        .operation = "ListDeliveryStreams",
        .iam_action = "firehose:ListDeliveryStreams",
        .list_path = "DeliveryStreamNames",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "Limit", 1000 } };
        },
        .resources = streams },
};

} // namespace

Registered make_firehose() {
    return readings;
}

} // namespace convops::audit_inventory
