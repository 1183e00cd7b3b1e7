// XML answers as JSON: element names as keys, the root removed, lists as arrays, every scalar a string.
#pragma once

#include "adapters/aws/operations.h"
#include "base/json.h"

namespace convops {

struct XmlLimits {
    std::size_t bytes = std::size_t { 8 } << 20; // as JsonLimits
    int depth = 40; // EC2's deepest answer has about twelve levels
};

// corrupt when it is not XML, too large, too deep, or brings a DOCTYPE (AWS never does; entities could explode).
Result<Json> xml_to_json(std::string_view text, std::span<NamePair const> lists, XmlLimits limits);

} // namespace convops
