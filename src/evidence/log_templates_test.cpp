#include "evidence/log_templates.h"

#include <gtest/gtest.h>

#include <random>

namespace convops {
namespace {

TEST(LogTemplates, what_varies_is_masked) {
    struct Row {
        std::string_view line;
        std::string_view masked;
    };
    for (auto const& row : std::vector<Row> {
             { "connection to 10.0.3.7:5432 timed out after 5003 ms", "connection to <*> timed out after <*> ms" },
             { "job 3f2b8c1e-90ab-4cde-8f00-1234567890ab done in 0.25s", "job <*> done in <*>s" },
             { "user \"alice\" not found", "user \"<*>\" not found" },
             { "can't open it", "can't open it" },
             { "2026-11-23T20:13:02.123Z ERROR pool=orders size=20", "<*> ERROR pool=orders size=<*>" },
             { "GET /api/orders/4711?page=2 500", "GET /api/orders/<*>?<*> <*>" },
             { "deleted blk_-1608999687919862906, blk_77", "deleted blk_<*>" },
             { "allocated at 0xDEADBEEF", "allocated at <*>" },
             { "\x1b[31mfailed\x1b[0m", "failed" },
             { "open api.example.com:443 at orders.py:17", "open <*> at orders.py:<*>" },
             { "7F1A90: removed by jA9HnGQ0004713", "<*>: removed by <*>" },
             { "lease to aa:bb:cc:dd:ee:ff on eth1", "lease to <*> on eth1" },
             { "eni-0a1b2c3d of Pool@5f2a8e11, slot 0000:00:1d.0[A]", "eni-<*> of Pool@<*>, slot <*>[A]" },
             { "not authorized to perform: s3:GetObject on arn:aws:s3:::pictures/17.png",
                 "not authorized to perform: s3:GetObject on arn:aws:s3:::pictures/<*>.png" },
             { "ec2:RunInstances and route53:ChangeResourceRecordSets denied",
                 "ec2:RunInstances and route53:ChangeResourceRecordSets denied" },
             { "PUT s3.amazonaws.com over HTTP2 as UTF8 on x86_64, sha256 bad",
                 "PUT s3.amazonaws.com over HTTP2 as UTF8 on x86_64, sha256 bad" },
             { "read s3://pictures/2026/11 with 5xx answers 17 times",
                 "read s3://pictures/<*>/<*> with 5xx answers <*> times" },
             { "s31:x and ec27 are no names", "s<*>:x and ec<*> are no names" },
             { "", "" },
         })
        EXPECT_EQ(mask_line(row.line), row.masked) << row.line;
}

TEST(LogTemplates, lines_of_one_statement_are_one_pattern) {
    std::vector<std::string> lines;
    for (auto const* user : { "alice", "bob", "carol", "dave", "erin" })
        lines.push_back(std::string("session of user ") + user + " was closed by the server");
    auto const mined = mine_templates(lines);
    ASSERT_EQ(mined.patterns.size(), 1U);
    EXPECT_EQ(mined.patterns[0], "session of user <*> was closed by the server");
}

TEST(LogTemplates, opposite_statements_stay_apart) {
    std::vector<std::string> const lines { "the connection was opened by client 1",
        "the connection was closed by client 2", "the connection was opened by client 3",
        "the connection was closed by client 4", "job started", "job stopped" };
    auto const mined = mine_templates(lines);
    EXPECT_EQ(mined.patterns.size(), 4U);
    EXPECT_EQ(mined.pattern_of[0], mined.pattern_of[2]);
    EXPECT_NE(mined.pattern_of[0], mined.pattern_of[1]);
    EXPECT_NE(mined.pattern_of[4], mined.pattern_of[5]);
}

TEST(LogTemplates, the_first_word_is_part_of_the_statement) {
    std::vector<std::string> const lines { "Failed password for root from 10.0.0.1 port 22 ssh2",
        "Failed password for alice from 10.0.0.2 port 23 ssh2",
        "Accepted password for bob from 10.0.0.3 port 24 ssh2" };
    auto const mined = mine_templates(lines);
    EXPECT_EQ(mined.patterns,
        (std::vector<std::string> {
            "Failed password for <*> from <*> port <*> ssh2", "Accepted password for bob from <*> port <*> ssh2" }));
}

TEST(LogTemplates, names_after_user_are_values_however_few_there_are) {
    std::vector<std::string> lines;
    for (int i = 0; i < 40; ++i)
        lines.push_back(std::string("session opened for user ") + (i % 2 == 0 ? "news" : "cyrus") + " by system");
    EXPECT_EQ(mine_templates(lines).patterns.size(), 1U);
}

TEST(LogTemplates, written_dates_are_one_value) {
    EXPECT_EQ(
        mask_line("connection from 10.0.0.1 () at Sun Jun 19 02:08:10 2005"), "connection from <*> (<*>) at <*>");
    EXPECT_EQ(mask_line("Sun rises over May"), "Sun rises over May");
}

TEST(LogTemplates, a_request_line_keeps_its_method) {
    EXPECT_EQ(mask_line("10.0.0.1 \"GET /cart/17 HTTP/1.1\" 500"), "<*> \"GET /cart/<*> HTTP/<*>\" <*>");
}

TEST(LogTemplates, a_header_splits_no_statement) {
    std::vector<std::string> lines;
    std::vector<std::string> hosts { "web-a", "web-b", "db" };
    for (std::size_t i = 0; i < 60; ++i) {
        auto const head = "2026-11-23 20:13:" + std::to_string(10 + i % 50) + ",123 " + (i % 7 == 0 ? "WARN" : "INFO")
            + " [worker thread " + std::to_string(i % 5) + (i % 2 == 0 ? " of pool]" : "]") + " shop." + hosts[i % 3]
            + ": ";
        lines.push_back(head + (i % 4 == 0 ? "cache flushed" : "order " + std::to_string(i) + " stored"));
        if (i % 10 == 0)
            lines.push_back("\tat shop.Orders.take(Orders.java:" + std::to_string(i) + ")"); // a stack trace has none
    }
    auto const mined = mine_templates(lines);
    EXPECT_EQ(mined.patterns,
        (std::vector<std::string> {
            "<*> cache flushed", "at shop.Orders.take(Orders.java:<*>)", "<*> order <*> stored" }));
}

TEST(LogTemplates, what_all_lines_share_stays_where_there_is_no_time) {
    std::vector<std::string> lines;
    for (int i = 0; i < 40; ++i)
        lines.push_back("ERROR payment: card " + std::to_string(i) + (i % 2 == 0 ? " accepted" : " rejected"));
    EXPECT_EQ(mine_templates(lines).patterns,
        (std::vector<std::string> { "ERROR payment: card <*> accepted", "ERROR payment: card <*> rejected" }));
}

TEST(LogTemplates, states_in_capitals_belong_to_the_statement) {
    std::vector<std::string> lines;
    for (auto const* to : { "NEW", "RUNNING", "FAILED", "SUCCEEDED", "KILLED" })
        lines.push_back(std::string("task task_0001 went from INITED to ") + to);
    EXPECT_EQ(mine_templates(lines).patterns.size(), 5U);
}

TEST(LogTemplates, few_numbered_names_belong_to_the_statement_and_many_do_not) {
    auto const patterns = [](std::vector<std::string> const& names) {
        std::vector<std::string> lines;
        for (int i = 0; i < 30; ++i)
            lines.push_back("network is up again via interface " + names[std::size_t(i) % names.size()]);
        return mine_templates(lines).patterns.size();
    };
    EXPECT_EQ(patterns({ "eth0", "eth1" }), 2U);
    EXPECT_EQ(patterns({ "eth0", "eth1", "eth2", "eth3", "ib0", "ib1", "lo0" }), 1U);
}

TEST(LogTemplates, values_written_in_different_ways_are_one_statement) {
    std::vector<std::string> const lines { "release lock=1, name=com.shop, ws=null, uid=10037",
        "release lock=2, name=com.shop.ui, ws=WorkSource{10113}, uid=1000" };
    EXPECT_EQ(
        mine_templates(lines).patterns, (std::vector<std::string> { "release lock=<*>, name=<*>, ws=<*>, uid=<*>" }));
}

TEST(LogTemplates, the_order_of_the_lines_changes_no_group) {
    std::vector<std::string> lines;
    for (int i = 0; i < 300; ++i) {
        auto const n = std::to_string(i);
        lines.push_back("user u" + n + " logged in from 10.0.0." + n);
        lines.push_back("job of queue " + std::string(1, char('a' + i % 26)) + "x finished in " + n + " ms");
        lines.push_back(i % 3 == 0 ? "disk is full" : "disk was cleaned");
    }
    auto const groups = [](std::vector<std::string> const& of) {
        auto const mined = mine_templates(of);
        std::map<std::string, std::string> out; // line -> pattern
        for (std::size_t i = 0; i < of.size(); ++i)
            out[of[i]] = mined.patterns[mined.pattern_of[i]];
        return out;
    };
    auto const expected = groups(lines);
    std::mt19937 random(20261128); // NOLINT: the same on every run
    for (int round = 0; round < 5; ++round) {
        std::shuffle(lines.begin(), lines.end(), random);
        EXPECT_EQ(groups(lines), expected);
    }
}

TEST(LogTemplates, a_million_lines_with_nothing_in_common_stay_within_the_bound) {
    TemplateLimits const limits { .signatures = 2'000, .text_bytes = 400'000, .entries_ever = 20'000 };
    LogMiner miner({}, limits);
    std::mt19937 random(7); // NOLINT: the same on every run
    std::size_t most = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        std::string line;
        for (int w = 0; w < 3; ++w) {
            for (int c = 0; c < 6; ++c)
                line += char('a' + random() % 26);
            line += ' ';
        }
        miner.add(line);
        if (i % 1'000 == 0)
            most = std::max(most, miner.bytes());
    }
    EXPECT_LT(most, 2'000'000U);
    // What repeats is still told apart from the rest.
    auto const a = miner.add("out of memory");
    auto const b = miner.add("out of memory");
    auto const mined = miner.patterns();
    EXPECT_EQ(mined.pattern_of[a], mined.pattern_of[b]);
}

TEST(LogTemplates, a_name_that_varies_without_end_becomes_one_template) {
    TemplateLimits const limits { .signatures = 500 };
    LogMiner miner({}, limits);
    std::vector<std::uint32_t> entries;
    std::string name = "aaaa";
    for (int i = 0; i < 20'000; ++i) {
        for (std::size_t at = 0; at < name.size() && ++name[at] > 'z'; ++at)
            name[at] = 'a';
        entries.push_back(miner.add("request of " + name + " failed in shard " + std::to_string(i)));
    }
    auto const mined = miner.patterns();
    for (auto const entry : entries)
        EXPECT_EQ(mined.patterns[mined.pattern_of[entry]], "request of <*> failed in shard <*>");
}

TEST(LogTemplates, json_without_a_message_is_grouped_by_its_keys) {
    std::vector<std::string> const lines { R"({"at":"2026-01-01T00:00:00Z","path":"/cart of bob","ok":true})",
        R"({"at":"2026-01-01T00:00:09Z","path":"/cart of \"eve\"","ok":true})" };
    EXPECT_EQ(
        mine_templates(lines).patterns, (std::vector<std::string> { R"({"at":"<*>","path":"<*>","ok":true})" }));
}

TEST(LogTemplates, hostile_lines_are_bounded) {
    std::vector<std::string> lines { std::string(1'000'000, 'x'), std::string(100'000, '['),
        std::string("\0\xff\xfe", 3), "\"unclosed", "'", std::string(50'000, ' ') + "tail" };
    for (int i = 0; i < 300; ++i) // nothing in common: the signature limit holds
        lines.push_back(
            std::string(static_cast<std::size_t>(i) + 1, 'q') + std::string(1, static_cast<char>('a' + i % 26)));
    auto const mined = mine_templates(lines, { .signatures = 50 });
    EXPECT_EQ(mined.pattern_of.size(), lines.size());
    EXPECT_LE(mined.patterns.size(), 51U);
    for (auto const& pattern : mined.patterns)
        EXPECT_LE(pattern.size(), 400U);
}

TEST(LogTemplates, the_stated_level_wins_over_words) {
    EXPECT_EQ(severity_of("INFO retry after timeout succeeded"), LogSeverity::info);
    EXPECT_EQ(severity_of("[warn] slow query"), LogSeverity::warning);
    EXPECT_EQ(severity_of("level=error msg=x"), LogSeverity::error);
    EXPECT_EQ(severity_of("java.lang.NullPointerException: x"), LogSeverity::error);
    EXPECT_EQ(severity_of("Task timed out after 3.00 seconds"), LogSeverity::error);
    EXPECT_EQ(severity_of("started"), LogSeverity::info);
    EXPECT_EQ(severity_of(""), LogSeverity::info);
}

TEST(LogTemplates, json_lines_are_read_by_their_message) {
    EXPECT_EQ(message_of_line(R"({"level":"error","msg":"pool exhausted","n":3})"), "ERROR pool exhausted");
    EXPECT_EQ(message_of_line(R"({"message":"ERROR x","level":"error"})"), "ERROR x");
    EXPECT_EQ(message_of_line(R"({"n":3})"), R"({"n":3})");
    EXPECT_EQ(message_of_line("{not json"), "{not json");
    EXPECT_EQ(message_of_line("  plain \n"), "plain");
}

TEST(Severity, a_word_inside_of_another_is_no_error) {
    EXPECT_EQ(severity_of("GET /?q=<img src=x onerror=alert(1)> from the room"), LogSeverity::info);
    EXPECT_EQ(severity_of("KeyError: 'sku'"), LogSeverity::error);
    EXPECT_EQ(severity_of("connectTimeout after 3 s"), LogSeverity::error);
}

} // namespace
} // namespace convops
