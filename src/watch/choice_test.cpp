#include "watch/choice.h"

#include <gmock/gmock.h>

namespace convops {
namespace {

using ::testing::ElementsAre;

MetricId metric(std::string name_space, std::string name, std::map<std::string, std::string> dimensions) {
    return { std::move(name_space), std::move(name), std::move(dimensions) };
}

std::vector<MetricId> account() {
    return {
        metric("AWS/RDS", "CPUUtilization", { { "DBInstanceIdentifier", "orders-db" } }),
        metric("AWS/RDS", "WriteIOPS", { { "DBInstanceIdentifier", "orders-db" } }),
        metric("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", { { "LoadBalancer", "app/shop/1" } }),
        metric("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count",
            { { "LoadBalancer", "app/shop/1" }, { "AvailabilityZone", "eu-west-1a" } }),
        metric("AWS/ApplicationELB", "ConsumedLCUs", { { "LoadBalancer", "app/shop/1" } }),
    };
}

std::vector<std::string> names(WatchChoice const& choice) {
    std::vector<std::string> names;
    for (auto const& watched : choice.watched)
        names.push_back(watched.metric.name + "/" + watched.statistic);
    return names;
}

TEST(WatchChoice, what_users_feel_comes_first_and_what_says_nothing_is_left_out) {
    auto const choice = choose_watched(account(), {});
    EXPECT_THAT(
        names(choice), ElementsAre("HTTPCode_ELB_5XX_Count/Sum", "CPUUtilization/Average", "WriteIOPS/Average"));
    EXPECT_EQ(choice.listed, 5U);
    EXPECT_EQ(choice.untelling, 2U);
    EXPECT_EQ(choice.watched[1].resource.display(), "RDS instance orders-db");
    EXPECT_EQ(choice.watched[1].unit, "Percent");
}

TEST(WatchChoice, exclude_wins_over_include) {
    auto const choice = choose_watched(account(), { { "AWS/RDS *" }, { "*WriteIOPS*" } });
    EXPECT_THAT(names(choice), ElementsAre("CPUUtilization/Average"));
    EXPECT_EQ(choice.excluded, 4U);
}

TEST(WatchChoice, a_limit_keeps_the_most_urgent_and_says_how_many_it_left_out) {
    auto const choice = choose_watched(account(), { .most_metrics = 1 });
    EXPECT_THAT(names(choice), ElementsAre("HTTPCode_ELB_5XX_Count/Sum"));
    EXPECT_EQ(choice.over_limit, 2U);
}

TEST(WatchChoice, the_order_in_which_the_account_lists_its_metrics_changes_nothing) {
    auto listed = account();
    std::ranges::reverse(listed);
    EXPECT_EQ(names(choose_watched(listed, {})), names(choose_watched(account(), {})));
}

} // namespace
} // namespace convops
