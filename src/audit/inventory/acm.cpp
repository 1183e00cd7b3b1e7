// Certificates that serve TLS.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> certificates(AuditPlace const&, Json const& item) {
    auto const arn = text_at(item, "CertificateArn");
    if (text_at(item, "Status") != "ISSUED" || text_at(item, "InUse") == "false")
        return {};
    return { monitored({ "acm:certificate", arn, arn, "AWS/CertificateManager", { { "CertificateArn", arn } } }, item,
        "CreatedAt", "") };
}

constexpr std::array readings {
    // Without the key types only RSA 1024 and 2048 are listed.
    // https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html
    AuditReading { .name = "acm_certificates",
        .service = "acm",
        .operation = "ListCertificates",
        .iam_action = "acm:ListCertificates",
        .list_path = "CertificateSummaryList",
        .token_in = "NextToken",
        .token_out = "NextToken",
        .params = [](AuditPlace const&, std::span<Json const* const>) -> std::optional<JsonObject> {
            return JsonObject { { "MaxItems", 500 },
                { "Includes",
                    JsonObject { { "keyTypes",
                        JsonArray { "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1",
                            "EC_secp521r1" } } } } };
        },
        .resources = certificates },
};

} // namespace

Registered make_acm() {
    return readings;
}

} // namespace convops::audit_inventory
