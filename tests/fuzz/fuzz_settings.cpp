// A configuration file of any bytes: read without a crash, problems in one line each and bounded in number.
#include "target.h"

#include "app/settings.h"
#include "base/check.h"

namespace convops::fuzz {

void one(std::string_view bytes) {
    auto const reading = read_settings(bytes);
    CHECK(reading.problems.size() <= 51);
    for (auto const& problem : reading.problems)
        CHECK(!problem.empty() && problem.find('\n') == std::string::npos);
}

} // namespace convops::fuzz
