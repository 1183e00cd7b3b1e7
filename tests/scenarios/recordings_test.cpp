// The recorded accounts of the demo, from real processes: the first cause is the one that was injected.
#include "adapters/files/files.h"
#include "adapters/memory/simulated_clock.h"
#include "adapters/recorded/recorded_aws.h"
#include "alarm/formats.h"
#include "app/capsule.h"
#include "base/json.h"
#include "scenario.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

class Recording : public testing::TestWithParam<std::string> { };

TEST_P(Recording, leads_to_the_injected_cause_first) {
    auto const text = read_file("recordings/expected.json", std::size_t { 1 } << 20);
    ASSERT_TRUE(text) << text.error().message;
    auto const all = parse_json(*text);
    ASSERT_TRUE(all) << all.error().message;
    auto const* expected = find(*all, GetParam());
    ASSERT_NE(expected, nullptr);
    auto loaded = load_recorded_account("recordings/" + GetParam() + ".account.json.zst");
    ASSERT_TRUE(loaded) << loaded.error().message;
    auto const account = std::make_shared<RecordedAccount const>(std::move(*loaded));
    SimulatedClock clock(account->now);
    RecordedAws aws(account, clock);
    auto const alarm = parse_alarm(to_text(account->alarm_message));
    ASSERT_TRUE(alarm) << alarm.error().message;
    auto const diagnosis = investigate(incident_of(*alarm), aws, clock).diagnosis;
    ASSERT_FALSE(diagnosis.causes.empty()) << diagnosis.best_lead;
    auto const& first = diagnosis.causes[0];
    EXPECT_EQ(to_string(first.kind), text_at(*expected, "kind")) << first.statement;
    EXPECT_NE(first.resource.arn_or_name().find(text_at(*expected, "resource")), std::string::npos)
        << first.statement;
    EXPECT_LE(first.statement.size(), 320U) << first.statement;
    EXPECT_EQ(first.statement.find("networkMode"), std::string::npos) << first.statement;
}

INSTANTIATE_TEST_SUITE_P(recordings, Recording, testing::Values("a1", "a2", "a3", "a4", "a5"),
    [](auto const& instance) { return instance.param; });

} // namespace
} // namespace convops
