// EFS file systems.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> systems(AuditPlace const&, Json const& item) {
    auto const id = text_at(item, "FileSystemId");
    return { monitored(
        { "efs:file_system", id, text_at(item, "FileSystemArn"), "AWS/EFS", { { "FileSystemId", id } } }, item,
        "CreationTime", "Tags") };
}

constexpr std::array readings {
    AuditReading { .name = "efs_file_systems",
        .service = "elasticfilesystem",
        .operation = "DescribeFileSystems",
        .iam_action = "elasticfilesystem:DescribeFileSystems",
        .list_path = "FileSystems",
        .token_in = "Marker",
        .token_out = "NextMarker",
        .resources = systems },
};

} // namespace

Registered make_efs() {
    return readings;
}

} // namespace convops::audit_inventory
