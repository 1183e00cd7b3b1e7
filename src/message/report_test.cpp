#include "message/report.h"

#include "message/escape.h"
#include "message/report_words.h"
#include "message/samples_test.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

using samples::at;

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

Investigation resolved() {
    auto investigation = samples::pool_shrunk();
    investigation.incident.state = IncidentState::resolved;
    investigation.incident.resolved_at = at("20:31:12");
    investigation.severity.severity = investigation.incident.severity;
    investigation.severity.standing = Standing::happening; // when it was judged
    investigation.severity.times_threshold = 6.5;
    return investigation;
}

Report report_on(Investigation const& investigation) {
    ReportInput input;
    input.investigation = &investigation;
    input.told = { { at("20:01:15"), MessageKind::first_facts, "#ops" },
        { at("20:01:40"), MessageKind::diagnosis, "#ops" }, { at("20:32:20"), MessageKind::resolved, "#ops" } };
    input.ended_why = "all alarms are OK";
    input.made_at = at("20:40");
    return report_of(input, Reader {});
}

TEST(Report, measures_how_fast_it_was_seen_told_and_explained) {
    auto const report = report_on(resolved());
    auto const row = [&](std::string_view label) {
        for (auto const& each : report.summary)
            if (each.label == label)
                return each.text;
        return std::string("no row ") + std::string(label);
    };
    EXPECT_EQ(row("Duration"), "30 min");
    EXPECT_EQ(row("First message"), "3 s after the alarm");
    EXPECT_EQ(row("Diagnosis told"), "28 s after the alarm");
    EXPECT_TRUE(row("Severity").starts_with("P2: ")) << row("Severity");
    EXPECT_FALSE(has(row("Severity"), "still happening")) << row("Severity");
    EXPECT_TRUE(has(row("Detection"), "after the onset")) << row("Detection");
    EXPECT_TRUE(has(row("What fixed it"), "not known")) << row("What fixed it");
}

TEST(Report, tells_everything_in_the_order_of_time) {
    auto const report = report_on(resolved());
    ASSERT_GT(report.timeline.size(), 5U);
    for (std::size_t i = 1; i < report.timeline.size(); ++i)
        EXPECT_LE(report.timeline[i - 1].at, report.timeline[i].at) << report.timeline[i].text;
    EXPECT_EQ(report.timeline.back().text, "Resolved notice told to #ops.");
}

TEST(Report, an_incident_that_is_open_claims_no_end) {
    auto const investigation = samples::pool_shrunk();
    auto const report = report_on(investigation);
    EXPECT_FALSE(report.resolved);
    for (auto const& row : report.summary)
        EXPECT_NE(row.label, "What fixed it");
    EXPECT_TRUE(has(report_markdown(report), "**P2 · open**"));
}

TEST(Report, without_an_investigation_says_so) {
    Investigation investigation;
    investigation.incident = samples::plain_incident();
    ReportInput input;
    input.investigation = &investigation;
    input.investigated = false;
    input.made_at = at("20:40");
    auto const report = report_of(input, Reader {});
    EXPECT_EQ(report.conclusion, "Nothing was kept of the investigation.");
    EXPECT_TRUE(has(report_html(report), "Nothing was kept of the investigation."));
}

constexpr std::string_view hostile
    = "</td><script>alert(1)</script> [x](https://evil.example) ![y](http://evil.example/a.png) "
      "@everyone #12 GH-7 `code` **bold** | cell | www.evil.example <!here> :tada: \" ' onload=x";

Investigation with_hostile_words() {
    auto investigation = resolved();
    auto alarm = investigation.incident.alarms.begin()->second;
    alarm.latest.name = hostile;
    investigation.incident.alarms.clear();
    investigation.incident.alarms["x"] = alarm;
    for (auto& fact : investigation.evidence.facts) {
        fact.statement = hostile;
        fact.cli = "aws " + std::string(hostile);
        fact.link = "https://evil.example/" + std::string(hostile);
        fact.source = hostile;
    }
    for (auto& cause : investigation.diagnosis.causes)
        cause.statement = hostile;
    for (auto& ruled_out : investigation.diagnosis.ruled_out)
        ruled_out.why = hostile;
    investigation.evidence.gaps = { { std::string(hostile), std::string(hostile), ErrorKind::access_denied,
        std::string(hostile), std::string(hostile) } };
    for (auto& action : investigation.actions)
        action.statement = hostile;
    return investigation;
}

TEST(Report, hostile_words_are_inert_in_the_page) {
    auto const investigation = with_hostile_words();
    auto report = report_on(investigation);
    report.chart_svg = "<svg/>";
    report.chart_alt = hostile;
    auto const page = report_html(report);
    EXPECT_FALSE(has(page, "<script"));
    EXPECT_FALSE(has(page,
        "</td><"
        "script"));
    EXPECT_FALSE(has(page, "href=\"http://")) << "no link to elsewhere";
    EXPECT_FALSE(has(page, "evil.example\"")) << "no link to elsewhere";
    EXPECT_FALSE(has(page, "href=\"https://evil"));
    EXPECT_FALSE(has(page, "<img src=\"http"));
    // Inside an attribute the quotes are entities.
    EXPECT_FALSE(has(page, "\" ' onload"));
    EXPECT_TRUE(has(page, "&lt;script&gt;")) << "shown as what it is";
}

TEST(Report, hostile_words_are_inert_in_markdown) {
    auto investigation = with_hostile_words();
    for (auto& fact : investigation.evidence.facts)
        fact.cli.clear(); // Code spans stay as they are; markdown_code() has its own rows below.
    investigation.evidence.gaps.front().iam_action.clear();
    auto const text = report_markdown(report_on(investigation));
    for (auto const* active : { "<script", "</td", "](https://evil", "](http://evil", "![y]", "@everyone", " #12",
             "GH-7", "**bold**", "| cell |", "www.evil", "://evil", ":tada:", "<!here>", "](<https://evil" })
        EXPECT_FALSE(has(text, active)) << active;
}

TEST(Markdown, text_is_inert_and_stays_readable) {
    for (auto const& [given, shown] :
        std::initializer_list<std::pair<char const*, char const*>> { { "DB_POOL_SIZE 20 → 2", "DB_POOL_SIZE 20 → 2" },
            { "a|b", "a\\|b" }, { "<b>", "&lt;b&gt;" }, { "[a](b)", "\\[a\\](b)" }, { "# top", "\\# top" },
            { "#12", "＃12" }, { "- item", "\\- item" }, { "1. one", "1\\. one" }, { "13.2 s", "13.2 s" },
            { "@team", "＠team" }, { "at 20:05:12", "at 20:05:12" }, { "https://x.example", "https:∕/x.example" },
            { "www.x.example", "www․x.example" }, { "GH-12", "GH‑12" }, { "$x$", "\\$x\\$" }, { "`a`", "\\`a\\`" },
            { "_a_ *b*", "\\_a\\_ \\*b\\*" } })
        EXPECT_EQ(markdown_text(given, 200), shown);
    EXPECT_EQ(markdown_code("aws s3 ls", 100), "`aws s3 ls`");
    EXPECT_EQ(markdown_code("a `b` | c", 100), "`` a `b` \\| c ``");
    EXPECT_EQ(markdown_code("", 100), "");
}

TEST(ReportWords, every_language_fills_the_same_slots) {
    auto const slots = [](std::string_view text) {
        std::string found;
        for (char const c : std::string_view("0123"))
            if (has(std::string(text), std::string("{") + c + "}"))
                found += c;
        return found;
    };
    auto const& english = report_words("en");
    for (auto const& words : every_report_words()) {
        for (auto const field :
            { &ReportWords::peak, &ReportWords::fixed, &ReportWords::fixed_late, &ReportWords::after_change,
                &ReportWords::fix_trail_unread, &ReportWords::report_of, &ReportWords::account,
                &ReportWords::duration_so_far, &ReportWords::detection_after, &ReportWords::first_message_after,
                &ReportWords::time, &ReportWords::alarm_fired, &ReportWords::alarm_ok, &ReportWords::told_diagnosis,
                &ReportWords::told_resolved, &ReportWords::told_answer, &ReportWords::ended, &ReportWords::left_out,
                &ReportWords::no_cause, &ReportWords::made_by }) {
            EXPECT_EQ(slots(words.*field), slots(english.*field)) << words.lang << ": " << words.*field;
            EXPECT_FALSE((words.*field).empty());
        }
        for (std::size_t i = 1; i < words.fixes.size(); ++i)
            EXPECT_FALSE(words.fixes[i].empty());
    }
}

} // namespace
} // namespace convops
