#include "simulation/fortnight.h"

#include "app/log.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>

namespace convops::simulation {
namespace {

TEST(Fortnight, every_incident_is_told_and_none_of_the_noise_is) {
    set_log_level(LogLevel::error);
    auto const* asked = std::getenv("FORTNIGHT_SEED");
    auto const result = run_fortnight(asked == nullptr ? 20261128 : std::strtoull(asked, nullptr, 10));
    std::cout << table_of(result);
    for (auto const& plant : result.plants) {
        auto const what = std::string(to_string(plant.what)) + " at resource " + std::to_string(plant.resource)
            + " from " + format_time(plant.when.from) + " to " + format_time(plant.when.to) + ", size "
            + std::to_string(plant.size) + ", held: " + plant.held + plant.why_told;
        if (plant.what == Planted::incident)
            EXPECT_TRUE(plant.told) << what;
        else
            EXPECT_FALSE(plant.told) << what;
    }
    EXPECT_EQ(result.told_of_nothing, 0U);
    EXPECT_EQ(result.without_reason, 0U);
    EXPECT_EQ(result.digests, 14U);
}

} // namespace
} // namespace convops::simulation
