#include "evidence/schedule_times.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

TEST(ScheduleTimes, the_last_run_of_a_cron_expression_is_found) {
    struct Row {
        std::string_view expression;
        std::string_view before;
        std::string_view run; // empty: none
    };
    for (auto const& row : std::vector<Row> {
             { "cron(0 2 * * ? *)", "2026-11-23T20:15:00Z", "2026-11-23T02:00:00Z" },
             { "cron(0/15 * * * ? *)", "2026-11-23T20:14:59Z", "2026-11-23T20:00:00Z" },
             { "cron(10 20 ? * MON-FRI *)", "2026-11-23T20:15:00Z", "2026-11-23T20:10:00Z" }, // a Monday
             { "cron(10 20 ? * 2 *)", "2026-11-23T20:15:00Z", "2026-11-23T20:10:00Z" },
             { "cron(10 20 ? * SUN *)", "2026-11-23T20:15:00Z", "2026-11-22T20:10:00Z" },
             { "cron(0 0 1 * ? *)", "2026-12-01T00:00:30Z", "2026-12-01T00:00:00Z" },
             { "cron(0 0 L * ? *)", "2026-12-01T00:00:00Z", "2026-11-30T00:00:00Z" },
             { "cron(0 9 ? * 2#4 *)", "2026-11-23T20:15:00Z", "2026-11-23T09:00:00Z" },
             { "cron(0 9 ? * 2L *)", "2026-11-23T20:15:00Z", "" }, // the last Monday is the 30th
             { "cron(0 2 * DEC ? *)", "2026-11-23T20:15:00Z", "" },
             { "rate(5 minutes)", "2026-11-23T20:15:00Z", "" },
             { "cron(0 2 * * ?)", "2026-11-23T20:15:00Z", "" },
             { "cron(x y z)", "2026-11-23T20:15:00Z", "" },
             { "cron(0/0 * * * ? *)", "2026-11-23T20:15:00Z", "" },
             { "", "2026-11-23T20:15:00Z", "" },
         }) {
        auto const run = last_run(row.expression, *parse_time(row.before), Hours { 24 * 7 });
        EXPECT_EQ(run ? format_time(*run) : "", row.run) << row.expression;
    }
}

TEST(ScheduleTimes, a_rate_has_a_length_and_no_phase) {
    EXPECT_EQ(rate_of("rate(5 minutes)"), Minutes { 5 });
    EXPECT_EQ(rate_of("rate(1 hour)"), Minutes { 60 });
    EXPECT_EQ(rate_of("rate(1 day)"), Minutes { 1440 });
    EXPECT_EQ(rate_of("rate(0 minutes)"), std::nullopt);
    EXPECT_EQ(rate_of("rate(many hours)"), std::nullopt);
    EXPECT_EQ(rate_of("cron(0 2 * * ? *)"), std::nullopt);
}

} // namespace
} // namespace convops
