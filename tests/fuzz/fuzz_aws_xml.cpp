// Bytes of an XML answer -> JSON: never a crash, bounded in depth, and what comes out can be written and read again.
#include "target.h"

#include "adapters/aws/xml.h"
#include "base/check.h"

namespace convops::fuzz {

void one(std::string_view bytes) {
    constexpr NamePair lists[] { { "DBInstances", "DBInstance" }, { "instancesSet", "*" } };
    constexpr XmlLimits limits { .bytes = std::size_t { 64 } * 1024, .depth = 12 };
    auto const json = xml_to_json(bytes, lists, limits);
    if (!json) {
        CHECK(json.error().kind == ErrorKind::corrupt);
        return;
    }
    // A capsule keeps the answer as text.
    auto const again = parse_json(to_text(*json), { .bytes = std::size_t { 8 } << 20, .depth = 64 });
    CHECK(again && *again == *json);
}

} // namespace convops::fuzz
