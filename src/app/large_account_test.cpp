#include "adapters/memory/simulated_clock.h"
#include "adapters/recorded/recorded_aws.h"
#include "alarm/formats.h"
#include "app/capsule.h"
#include "app/crowded_aws.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

TEST(LargeAccount, the_budget_of_calls_holds_and_what_it_left_out_is_a_gap_in_the_replay_too) {
    auto loaded = load_recorded_account("recordings/a1.account.json.zst");
    ASSERT_TRUE(loaded) << loaded.error().message;
    auto const account = std::make_shared<RecordedAccount const>(std::move(*loaded));
    SimulatedClock clock(account->now);
    RecordedAws recorded(account, clock);
    CrowdedAws crowded(recorded, clock, { .resources = 500, .metrics = 5'000, .log_lines = 20'000 });
    auto const alarm = parse_alarm(to_text(account->alarm_message));
    ASSERT_TRUE(alarm) << alarm.error().message;
    auto const [investigation, capsule] = investigate_and_record(incident_of(*alarm), crowded, clock, {});
    EXPECT_LE(crowded.calls_made(), 200);
    ASSERT_FALSE(investigation.diagnosis.causes.empty());
    EXPECT_EQ(investigation.diagnosis.causes[0].kind, CauseKind::deploy);
    EXPECT_EQ(investigation.diagnosis.causes[0].resource.short_name(), "checkout");
    auto const left_out = std::count_if(investigation.evidence.gaps.begin(), investigation.evidence.gaps.end(),
        [](Gap const& gap) { return gap.why.find("no AWS call was left") != std::string::npos; });
    EXPECT_GT(left_out, 0);
    auto const again = replay(capsule);
    ASSERT_TRUE(again) << again.error().message;
    ASSERT_EQ(again->evidence.gaps.size(), investigation.evidence.gaps.size());
    for (std::size_t i = 0; i < again->evidence.gaps.size(); ++i)
        EXPECT_EQ(again->evidence.gaps[i].why, investigation.evidence.gaps[i].why);
    ASSERT_EQ(again->evidence.facts.size(), investigation.evidence.facts.size());
    for (std::size_t i = 0; i < again->evidence.facts.size(); ++i)
        EXPECT_EQ(again->evidence.facts[i].statement, investigation.evidence.facts[i].statement);
}

} // namespace
} // namespace convops
