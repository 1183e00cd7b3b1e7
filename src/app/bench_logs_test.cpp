#include "app/bench_logs.h"

#include "adapters/files/files.h"
#include "base/text.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

// What is written for a file of these bytes, line by line.
std::vector<std::string> written_for(std::string const& bytes) {
    auto const folder = std::filesystem::temp_directory_path() / ("convops-logs-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    auto const in = folder / "in.log";
    auto const out = folder / "out.txt";
    EXPECT_TRUE(write_file(in, bytes));
    auto const bench = mine_log_file(in, out);
    EXPECT_TRUE(bench);
    auto const text = read_file(out, 64 << 20);
    EXPECT_TRUE(text);
    std::filesystem::remove_all(folder);
    auto lines = split(*text, '\n');
    EXPECT_TRUE(lines.back().empty()); // every line ends
    lines.pop_back();
    EXPECT_EQ(lines.size(), bench->lines);
    return lines;
}

TEST(BenchLogs, every_line_gets_the_number_of_its_pattern_a_tab_and_the_pattern) {
    auto const lines = written_for("job 1 done\r\njob 2 done\n\nout of memory");
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0], lines[1]);
    auto const tab = lines[0].find('\t');
    ASSERT_NE(tab, std::string::npos);
    EXPECT_TRUE(std::all_of(
        lines[0].begin(), lines[0].begin() + std::ptrdiff_t(tab), [](char c) { return c >= '0' && c <= '9'; }));
    EXPECT_EQ(lines[0].substr(tab + 1), "job <*> done");
    EXPECT_EQ(lines[2].substr(lines[2].find('\t') + 1), "");
    EXPECT_EQ(lines[3].substr(lines[3].find('\t') + 1), "out of memory");
}

TEST(BenchLogs, an_empty_file_gives_an_empty_answer) {
    EXPECT_TRUE(written_for("").empty());
}

TEST(BenchLogs, lines_longer_than_a_piece_are_one_line_each) {
    std::string bytes = "first\n" + std::string(9'000'000, 'x') + "\nsecond 1\n" + std::string(5'000'000, 'y') + "\n"
        + std::string(4'194'304, 'z');
    auto const lines = written_for(bytes);
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_TRUE(lines[0].ends_with("\tfirst"));
    EXPECT_NE(lines[1].find("xxxx"), std::string::npos);
    EXPECT_TRUE(lines[2].ends_with("\tsecond <*>"));
    EXPECT_NE(lines[3].find("yyyy"), std::string::npos);
    EXPECT_NE(lines[4].find("zzzz"), std::string::npos);
}

TEST(BenchLogs, a_file_that_is_not_there_is_said_so) {
    auto const bench = mine_log_file("/nowhere/at/all.log", "/nowhere/out");
    ASSERT_FALSE(bench);
    EXPECT_EQ(bench.error().kind, ErrorKind::not_found);
}

} // namespace
} // namespace convops
