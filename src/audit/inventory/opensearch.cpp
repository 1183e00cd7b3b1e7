// OpenSearch domains: their metrics carry the number of the account beside the name.
#include "audit/inventory_items.h"

#include <array>

namespace convops::audit_inventory {

namespace {

std::vector<AuditResource> domains(AuditPlace const& place, Json const& item) {
    auto const name = text_at(item, "DomainName");
    if (flag_at(item, "Deleted", false))
        return {};
    return { monitored({ "opensearch:domain", name, text_at(item, "ARN"), "AWS/ES",
                           { { "ClientId", place.account }, { "DomainName", name } } },
        item, "", "") };
}

constexpr std::array readings {
    AuditReading { .name = "opensearch_domain_names",
        .service = "opensearch",
        .operation = "ListDomainNames",
        .iam_action = "es:ListDomainNames",
        .list_path = "DomainNames" },
    // "You can specify up to five domain names".
    // https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomains.html
    AuditReading { .name = "opensearch_domains",
        .service = "opensearch",
        .operation = "DescribeDomains",
        .iam_action = "es:DescribeDomains",
        .list_path = "DomainStatusList",
        .parent = "opensearch_domain_names",
        .batch = 5,
        .params = [](AuditPlace const&, std::span<Json const* const> parents) -> std::optional<JsonObject> {
            JsonArray names;
            for (auto const* parent : parents)
                names.emplace_back(text_at(*parent, "DomainName"));
            return JsonObject { { "DomainNames", std::move(names) } };
        },
        .resources = domains },
};

} // namespace

Registered make_opensearch() {
    return readings;
}

} // namespace convops::audit_inventory
