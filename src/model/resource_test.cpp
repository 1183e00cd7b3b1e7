#include "model/resource.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

TEST(Resource, a_metric_and_an_arn_of_one_thing_agree) {
    auto const by_metric = resource_of({ "AWS/RDS", "CPUUtilization", { { "DBInstanceIdentifier", "orders-db" } } });
    auto const by_arn = resource_from_arn("arn:aws:rds:eu-west-1:111122223333:db:orders-db");
    ASSERT_TRUE(by_metric && by_arn);
    EXPECT_EQ(*by_metric, *by_arn);
    EXPECT_EQ(by_arn->display(), "RDS instance orders-db");
}

TEST(Resource, a_target_group_is_more_specific_than_its_load_balancer) {
    auto const found = resource_of({ "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count",
        { { "LoadBalancer", "app/shop/0123" }, { "TargetGroup", "targetgroup/shop/4567" } } });
    ASSERT_TRUE(found);
    EXPECT_EQ(found->type, "elb:target_group");
    EXPECT_EQ(found->short_name(), "shop");
}

TEST(Resource, pods_and_the_service_in_front_of_them_are_one_workload) {
    auto const metric = [](std::string const& dimension) {
        return MetricId { "ContainerInsights", "any",
            { { "ClusterName", "sea" }, { "Namespace", "default" }, { dimension, "loader" } } };
    };
    Resource const workload { "eks:workload", "sea/default/loader", {} };
    EXPECT_EQ(resource_of(metric("PodName")), workload);
    EXPECT_EQ(resource_of(metric("Service")), workload);
    EXPECT_EQ(workload.display(), "workload loader");
    ASSERT_EQ(metric_families(workload).size(), 2U);
    EXPECT_EQ(metric_families(workload)[0].dimensions, metric("PodName").dimensions);
    MetricId const of_cluster { "ContainerInsights", "any", { { "ClusterName", "sea" } } };
    EXPECT_EQ(resource_of(of_cluster)->type, "eks:cluster");
}

TEST(Resource, an_ecs_service_keeps_its_cluster) {
    auto const by_metric
        = resource_of({ "AWS/ECS", "CPUUtilization", { { "ClusterName", "shop" }, { "ServiceName", "checkout" } } });
    auto const by_arn = resource_from_arn("arn:aws:ecs:eu-west-1:111122223333:service/shop/checkout");
    ASSERT_TRUE(by_metric && by_arn);
    EXPECT_EQ(*by_metric, *by_arn);
    EXPECT_EQ(metric_families(*by_arn).size(), 2U);
}

} // namespace
} // namespace convops
