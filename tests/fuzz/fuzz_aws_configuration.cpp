// Bytes of ~/.aws/config: sections, or an error that names a line and quotes none of it.
#include "target.h"

#include "adapters/aws/configuration.h"
#include "base/check.h"

namespace convops::fuzz {

void one(std::string_view bytes) {
    auto const sections = parse_shared_file(bytes);
    if (!sections) {
        CHECK(sections.error().kind == ErrorKind::invalid_input && sections.error().message.size() < 80);
        return;
    }
    for (auto const& [header, section] : *sections)
        for (auto const& [name, value] : section)
            CHECK(value.find('\n') == std::string::npos && name.find('\n') == std::string::npos);
}

} // namespace convops::fuzz
