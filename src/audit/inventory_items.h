// Short ways to write the tables of inventory/.
#pragma once

#include "audit/inventory.h"

namespace convops {

// An item of a list of plain texts ("QueueUrls"), which the reader keeps as { "value": text }.
std::string plain(Json const& item);

// The part of an ARN or URL behind the last separator.
std::string after_last(std::string_view text, char separator);

// "arn:partition:service:region:account:tail".
std::string arn_of(AuditPlace const& place, std::string_view service, std::string_view tail);

// Tags in the shape of most APIs: a list of { Key, Value } under `path` (EC2: { key, value }).
std::map<std::string, std::string> tags_at(Json const& item, std::string_view path);

struct MonitoredItem {
    std::string_view type; // of Resource
    std::string name;
    std::string arn;
    std::string_view metric_namespace;
    std::map<std::string, std::string> dimensions;
};
AuditResource monitored(MonitoredItem item, Json const& source, std::string_view created_at, std::string_view tags);

} // namespace convops
