#include "message/escape.h"

#include "message/form.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

TEST(SlackText, shows_hostile_text_as_it_looks) {
    EXPECT_EQ(slack_mrkdwn("a < b && c > d", 100), "a &lt; b &amp;&amp; c &gt; d");
    EXPECT_EQ(slack_mrkdwn("<!channel>", 100), "&lt;!channel&gt;");
    EXPECT_EQ(slack_mrkdwn("DB_POOL_SIZE 20 -> 2", 100), "DB_POOL_SIZE 20 -&gt; 2");
    EXPECT_EQ(slack_mrkdwn("_x_ *y* ~z~ `c`", 100), "ˍxˍ ∗y∗ ∼z∼ ˋcˋ");
    EXPECT_EQ(slack_mrkdwn("@here jane@example.com @Channel", 100), "＠here jane@example.com ＠Channel");
    EXPECT_EQ(slack_mrkdwn("https://evil.example/a//b", 100), "https:∕/evil.example/a//b");
    EXPECT_EQ(slack_mrkdwn(":tada: at 20:05:12", 100), "꞉tada: at 20:05:12");
}

TEST(SlackText, shows_an_arn_as_code_that_can_be_copied) {
    EXPECT_EQ(slack_mrkdwn("role arn:aws:iam::111122223333:role/ci_x, denied.", 200),
        "role `arn:aws:iam::111122223333:role/ci_x`, denied.");
    EXPECT_EQ(slack_mrkdwn("arn:aws", 200), "arn:aws");
}

TEST(SlackText, is_cut_between_entities) {
    for (std::size_t most = 0; most < 40; ++most) {
        auto const text = slack_mrkdwn("ab&&&&&é&&", most);
        EXPECT_LE(text.size(), most);
        EXPECT_EQ(text.find("&am…"), std::string::npos);
        EXPECT_EQ(text.find("&…"), std::string::npos);
    }
    EXPECT_EQ(slack_mrkdwn("&&&&", 13), "&amp;&amp;…");
}

TEST(WhatsappText, has_no_formatting_and_nothing_to_tap) {
    EXPECT_EQ(whatsapp_line("*a* evil.example 1.5 s", 100), "∗a∗ evil․example 1.5 s");
    EXPECT_EQ(whatsapp_line("http://x.y", 100), "http:∕/x.y");
    EXPECT_EQ(whatsapp_line("java.lang.OutOfMemoryError", 100), "java․lang․OutOfMemoryError");
}

TEST(Escape, our_own_page_stays_a_link_and_what_only_begins_like_it_does_not) {
    std::string const page = "https://health.aws.amazon.com/health/status";
    for (auto show : { slack_mrkdwn, slack_plain, whatsapp_line, markdown_text }) {
        for (auto const* after : { "", ". It tells", ", and", ") then" })
            EXPECT_NE(show("see " + page + after, 200).find(page), std::string::npos) << after;
        for (auto const* after :
            { ".evil.example", "@evil.example", "/../x", "?next=https://evil.example", "​x", ".a" })
            EXPECT_EQ(show("see " + page + after, 200).find("https://"), std::string::npos) << after;
        EXPECT_EQ(show("xhttps://health.aws.amazon.com/health/status", 200).find("https://"), std::string::npos);
    }
}

TEST(Links, go_to_the_console_and_the_portal_only) {
    auto const portal = "https://ops.example/";
    for (auto const* good : { "https://console.aws.amazon.com/x",
             "https://eu-west-1.console.aws.amazon.com/a?b=c#d:e=~()", "https://health.aws.amazon.com/",
             "https://ops.example/incidents/1", "https://ops.example", "https://console.amazonaws-us-gov.com/" })
        EXPECT_TRUE(may_link(good, portal)) << good;
    for (auto const* bad : { "", "http://console.aws.amazon.com/", "https://evilconsole.aws.amazon.com/",
             "https://console.aws.amazon.com.evil.example/", "https://console.aws.amazon.com@evil.example/",
             "https://evil.example/console.aws.amazon.com", "https://ops.example.evil.example/",
             "https://console.aws.amazon.com/a|b", "https://console.aws.amazon.com/<", "javascript:alert(1)",
             "https://console.aws.amazon.com:8443/", "https://console.aws.amazon.com/a b" })
        EXPECT_FALSE(may_link(bad, portal)) << bad;
    EXPECT_FALSE(may_link("https://ops.example/x", ""));
}

TEST(Wrap, keeps_lines_short_and_words_whole) {
    EXPECT_EQ(wrap("one two three", 9, "- ", "  "), "- one two\n  three\n");
    EXPECT_EQ(wrap("averyverylongword x", 5, "", ""), "averyverylongword\nx\n");
    EXPECT_EQ(wrap("", 10, "", ""), "\n");
}

TEST(Forms, are_encoded) {
    EXPECT_EQ(form_encoded({ { "a b", "c&d=é" }, { "x", "" } }), "a%20b=c%26d%3D%C3%A9&x=");
    auto const form = multipart_form({ { "k", "v" } }, { "file", "c.png", "image/png", "x convops-27 convops-28" });
    EXPECT_EQ(form.content_type.find("convops-2"), form.content_type.find("convops-"));
    auto const boundary = form.content_type.substr(form.content_type.find('=') + 1);
    EXPECT_NE(form.body.find("--" + boundary + "--\r\n"), std::string::npos);
}

} // namespace
} // namespace convops
