// Route 53 health checks; their metrics are in us-east-1 alone.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> health_checks(AuditPlace const&, Json const& item) {
    auto const id = text_at(item, "Id");
    return { monitored({ "route53:health_check", id, "arn:aws:route53:::healthcheck/" + id, "AWS/Route53",
                           { { "HealthCheckId", id } } },
        item, "", "") };
}

constexpr std::array readings {
    AuditReading { .name = "route53_health_checks",
        .service = "route53",
        .operation = "ListHealthChecks",
        .iam_action = "route53:ListHealthChecks",
        .list_path = "HealthChecks",
        .token_in = "Marker",
        .token_out = "NextMarker",
        .place = ReadingPlace::global,
        .resources = health_checks },
};

} // namespace

Registered make_route53() {
    return readings;
}

} // namespace convops::audit_inventory
