#include "audit/inventory_items.h"

namespace convops {

std::string plain(Json const& item) {
    return text_at(item, "value");
}

std::string after_last(std::string_view text, char separator) {
    auto const at = text.rfind(separator);
    return std::string(at == std::string_view::npos ? text : text.substr(at + 1));
}

std::string arn_of(AuditPlace const& place, std::string_view service, std::string_view tail) {
    std::string_view partition = "aws";
    if (place.region.starts_with("cn-"))
        partition = "aws-cn";
    else if (place.region.starts_with("us-gov-"))
        partition = "aws-us-gov";
    return "arn:" + std::string(partition) + ":" + std::string(service) + ":" + place.region + ":" + place.account
        + ":" + std::string(tail);
}

std::map<std::string, std::string> tags_at(Json const& item, std::string_view path) {
    std::map<std::string, std::string> tags;
    if (path.empty())
        return tags;
    if (auto const* map = find(item, path); map != nullptr && map->is_object()) {
        for (auto const& [key, value] : map->as_object())
            if (value.is_string())
                tags.emplace(key, value.as_string().c_str());
        return tags;
    }
    for (auto const& tag : list_at(item, path)) {
        auto const key = text_at(tag, "Key", text_at(tag, "key"));
        if (!key.empty())
            tags.emplace(key, text_at(tag, "Value", text_at(tag, "value")));
    }
    return tags;
}

AuditResource monitored(MonitoredItem item, Json const& source, std::string_view created_at, std::string_view tags) {
    AuditResource resource;
    resource.resource = { std::string(item.type), std::move(item.name), std::move(item.arn) };
    resource.metric_namespace = item.metric_namespace;
    resource.dimensions = std::move(item.dimensions);
    if (!created_at.empty())
        resource.created_at = time_at(source, created_at);
    resource.tags = tags_at(source, tags);
    return resource;
}

} // namespace convops
