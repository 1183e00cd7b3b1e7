#include "app/audit.h"

#include "adapters/aws/operations.h"
#include "app/customer_stack.h"
#include "audit/inventory.h"

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

} // namespace
} // namespace convops
