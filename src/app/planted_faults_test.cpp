#include "app/planted_faults.h"

#include <cmath>
#include <gtest/gtest.h>

namespace convops {

namespace {

Edges const shop { { "site", "search" }, { "site", "pay" }, { "search", "table" }, { "pay", "queue" } };

Measured quiet_week() {
    Measured normal;
    for (std::string const node : { "site", "search", "pay", "table", "queue" })
        for (std::size_t i = 0; i < 200; ++i) {
            normal[{ node, "latency" }].push_back(0.1 + 0.001 * double(i % 7));
            normal[{ node, "availability" }].push_back(100);
            normal[{ node, "requests" }].push_back(500 + double(i % 11));
        }
    return normal;
}

} // namespace

TEST(PlantedFaults, each_kind_makes_its_node_worse_and_the_target_with_it) {
    auto const normal = quiet_week();
    for (std::size_t kind = 0; kind < planted_kind_names.size(); ++kind)
        for (auto const world : { PlantedWorld::plain, PlantedWorld::rough }) {
            std::size_t planted = 0;
            for (std::uint64_t seed = 0; seed < 40; ++seed) {
                auto const fault = plant_fault(shop, normal, PlantedKind(kind), world, seed);
                if (!fault)
                    continue;
                ++planted;
                std::string const metric(measure_of(PlantedKind(kind)));
                for (auto const& node : { fault->node, fault->target }) {
                    double worse = 0;
                    auto const after = fault->now.at({ node, metric });
                    ASSERT_EQ(after.size(), 5U);
                    for (std::size_t i = 0; i < after.size(); ++i)
                        worse += metric == "latency" ? after[i] : 100 - after[i];
                    EXPECT_GT(worse, metric == "latency" ? 0.3 : 0.0);
                }
                EXPECT_NE(fault->node, fault->target);
            }
            EXPECT_GT(planted, 20U) << planted_kind_names[kind];
        }
}

TEST(PlantedFaults, one_seed_is_one_fault) {
    auto const normal = quiet_week();
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        auto const one = plant_fault(shop, normal, PlantedKind::slow, PlantedWorld::plain, seed);
        auto const again = plant_fault(shop, normal, PlantedKind::slow, PlantedWorld::plain, seed);
        ASSERT_EQ(one.has_value(), again.has_value());
        if (one) {
            EXPECT_EQ(one->node, again->node);
            EXPECT_EQ(one->now, again->now);
        }
    }
}

TEST(PlantedFaults, who_fails_all_day_does_not_fail_more) {
    auto normal = quiet_week();
    for (auto& value : normal.at({ "table", "availability" }))
        value = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed)
        if (auto const fault = plant_fault(shop, normal, PlantedKind::outage, PlantedWorld::plain, seed)) {
            EXPECT_NE(fault->node, "table");
            for (double const value : fault->now.at({ fault->target, "availability" }))
                EXPECT_GE(value, 0);
        }
}

} // namespace convops
