// What holds of all 80 checks: each has been seen to pass, to fail and not to know, and what it needs and was refused
// makes it say so with the action that was refused.
#include "audit/account_under_audit.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace convops {
namespace {

TEST(EveryCheck, there_are_80_with_numbers_of_their_own) {
    std::set<int> numbers;
    for (auto const& check : audit_checks::all())
        numbers.insert(check.number);
    EXPECT_EQ(numbers.size(), 80U);
    EXPECT_EQ(*numbers.begin(), 1);
    EXPECT_EQ(*numbers.rbegin(), 80);
}

TEST(EveryCheck, says_unknown_with_the_action_when_anything_that_it_needs_is_denied) {
    for (auto const& check : audit_checks::all())
        for (auto const& need : check.needs) {
            auto const judged = AccountUnderAudit().denied(need.reading).judged(check);
            EXPECT_TRUE(std::ranges::any_of(judged,
                [](auto const& one) { return one.result == AuditResult::unknown && !one.iam_action.empty(); }))
                << check.name << " without " << need.reading;
            EXPECT_TRUE(
                std::ranges::none_of(judged, [](auto const& one) { return one.result != AuditResult::unknown; }))
                << check.name << " without " << need.reading << " says something else as well";
        }
}

class AtTheEnd : public testing::Environment {
public:
    void TearDown() override {
        if (GTEST_FLAG_GET(filter) != "*")
            return; // Only some tests ran.
        for (auto const& check : audit_checks::all())
            for (auto const result : { AuditResult::pass, AuditResult::fail, AuditResult::unknown })
                EXPECT_TRUE(seen_results()[std::string(check.name)].contains(result))
                    << "no unit test has seen " << check.name << " say " << to_string(result);
    }
};

auto* const at_the_end = testing::AddGlobalTestEnvironment(new AtTheEnd); // GoogleTest owns it.

} // namespace
} // namespace convops
