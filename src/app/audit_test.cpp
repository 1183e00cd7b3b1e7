#include "app/audit.h"

#include "adapters/aws/operations.h"
#include "app/customer_stack.h"
#include "audit/inventory.h"
#include "ports/fake_aws.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

TEST(AuditReadings, EveryOperationIsARowThatOnlyReads) {
    for (auto const& reading : all_readings()) {
        auto const* service = find_aws_service(reading.service);
        ASSERT_NE(service, nullptr) << reading.name << ": " << reading.service;
        auto const* operation = find_aws_operation(*service, reading.operation);
        ASSERT_NE(operation, nullptr) << reading.service << ":" << reading.operation;
        EXPECT_EQ(operation->access, Access::read) << reading.name;
    }
}

TEST(AuditReadings, ThePolicyOfTheAuditAllowsEveryAction) {
    auto const policy = iam_policy_json("", true);
    for (auto const& reading : all_readings())
        EXPECT_NE(policy.find('"' + std::string(reading.iam_action) + '"'), std::string::npos) << reading.iam_action;
}

constexpr auto the_regions = R"({"regionInfo": [{"regionName": "eu-west-1", "optInStatus": "opt-in-not-required"},
    {"regionName": "eu-south-1", "optInStatus": "not-opted-in"}, {"regionName": "af-south-1", "optInStatus": "opted-in"}]})";

std::string said_of(FakeAws& aws, std::vector<std::string> const& regions) {
    auto const checked = check_regions(aws, regions);
    return checked ? "" : checked.error().message;
}

TEST(AuditRegions, AWrongNameIsOneLineWithTheNearest) {
    FakeAws aws;
    aws.on("ec2:DescribeRegions", the_regions);
    EXPECT_EQ(said_of(aws, { "eu-west-1", "af-south-1" }), "");
    EXPECT_EQ(said_of(aws, { "eu-wst-1" }), "\"eu-wst-1\" is no Region of AWS; did you mean eu-west-1?");
}

TEST(AuditRegions, ARegionThatIsNotEnabledIsOneLineWithWhatToDo) {
    FakeAws aws;
    aws.on("ec2:DescribeRegions", the_regions);
    EXPECT_NE(said_of(aws, { "eu-west-1", "eu-south-1" }).find("eu-south-1 is not enabled in this account"),
        std::string::npos);
}

TEST(AuditRegions, WhoMayNotListRegionsIsNotStopped) {
    FakeAws aws;
    aws.fail("ec2:DescribeRegions", ErrorKind::access_denied, "no");
    EXPECT_EQ(said_of(aws, { "eu-west-1" }), "");
}

} // namespace
} // namespace convops
