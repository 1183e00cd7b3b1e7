#include "app/time_zone.h"

#include "base/check.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time at(std::string_view text) {
    auto const time = parse_time(text);
    CHECK(time.has_value());
    return *time;
}

std::string shown(std::string zone, std::string_view time) {
    Reader reader;
    reader.time_zone = std::move(zone);
    reader = reader_at(std::move(reader), at(time));
    return reader.zone_label + " " + std::to_string(reader.utc_offset.count());
}

TEST(TimeZone, several_zones_live_in_one_process) {
    EXPECT_EQ(shown("Europe/Berlin", "2026-11-23T20:00:00Z"), "CET 60");
    EXPECT_EQ(shown("Asia/Kolkata", "2026-11-23T20:00:00Z"), "IST 330");
    EXPECT_EQ(shown("Europe/Berlin", "2026-07-23T20:00:00Z"), "CEST 120");
    EXPECT_EQ(shown("America/New_York", "2026-07-23T20:00:00Z"), "EDT -240");
    EXPECT_EQ(shown("UTC", "2026-07-23T20:00:00Z"), " 0");
    EXPECT_EQ(shown("Mars/Olympus", "2026-07-23T20:00:00Z"), " 0");
}

TEST(TimeZone, the_rule_at_the_end_of_the_file_goes_on_for_ever) {
    EXPECT_EQ(shown("Europe/Berlin", "2080-01-10T12:00:00Z"), "CET 60");
    EXPECT_EQ(shown("Europe/Berlin", "2080-07-10T12:00:00Z"), "CEST 120");
    EXPECT_EQ(shown("Australia/Sydney", "2080-01-10T12:00:00Z"), "AEDT 660"); // summer spans the new year
    EXPECT_EQ(shown("Australia/Sydney", "2080-07-10T12:00:00Z"), "AEST 600");
    EXPECT_EQ(shown("Asia/Kolkata", "2080-07-10T12:00:00Z"), "IST 330");
    EXPECT_EQ(shown("America/Sao_Paulo", "2080-07-10T12:00:00Z"), " -180"); // it has no letters, only "-03"
}

TEST(TimeZone, changes_at_the_second) {
    EXPECT_EQ(shown("Europe/Berlin", "2026-10-25T00:59:59Z"), "CEST 120");
    EXPECT_EQ(shown("Europe/Berlin", "2026-10-25T01:00:00Z"), "CET 60");
    EXPECT_EQ(shown("Europe/Berlin", "2080-10-27T00:59:59Z"), "CEST 120");
    EXPECT_EQ(shown("Europe/Berlin", "2080-10-27T01:00:00Z"), "CET 60");
}

TEST(TimeZone, broken_files_are_refused_and_never_read_past_their_end) {
    EXPECT_FALSE(zone_offset_in("", at("2026-01-01T00:00:00Z")));
    EXPECT_FALSE(zone_offset_in("TZif2", at("2026-01-01T00:00:00Z")));
    std::string huge = "TZif2";
    huge.append(39, '\xFF');
    EXPECT_FALSE(zone_offset_in(huge, at("2026-01-01T00:00:00Z")));
    EXPECT_TRUE(is_known_time_zone("Europe/Madrid"));
    EXPECT_FALSE(is_known_time_zone("Europe/Berlim"));
}

} // namespace
} // namespace convops
