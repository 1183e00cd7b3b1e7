#include "model/aws_command.h"

#include <gmock/gmock.h>

namespace convops {
namespace {

TEST(AwsCommand, AWordOfTheShellIsNeverMoreThanAWord) {
    EXPECT_EQ(shell_quoted("orders-db"), "orders-db");
    EXPECT_EQ(shell_quoted(""), "''");
    EXPECT_EQ(shell_quoted("a'; rm -rf / #$(x)`y`"), "'a'\\''; rm -rf / #$(x)`y`'");
}

TEST(AwsCommand, AnOptionIsWrittenAsTheCliTakesIt) {
    struct Row {
        Json value;
        std::string option;
    };
    Row const rows[] = { { "cpu", "--x cpu" }, { 60, "--x 60" }, { true, "--x" }, { false, "--no-x" },
        { JsonArray { "a", "b c" }, "--x a 'b c'" }, { JsonObject { { "a", 1 } }, "--x '{\"a\":1}'" },
        { JsonArray { JsonObject { { "a", 1 } } }, "--x '{\"a\":1}'" } };
    for (auto const& row : rows)
        EXPECT_EQ(cli_option("x", row.value), row.option);
}

TEST(AwsCommand, AValueThatBeginsWithADashIsNoOption) {
    EXPECT_EQ(cli_option("log-group-name", "--endpoint-url"), "--log-group-name=--endpoint-url");
    EXPECT_EQ(cli_option("alarm-names", JsonArray { "--endpoint-url=http://evil.example", "b" }),
        "--alarm-names '[\"--endpoint-url=http://evil.example\",\"b\"]'");
}

TEST(AwsCommand, ANameThatLooksLikeAListIsOneName) {
    EXPECT_EQ(cli_option("alarm-names", JsonArray { R"(["prod"])" }), R"(--alarm-names '["[\"prod\"]"]')");
}

TEST(AwsCommand, WhatTheCliWouldReadFromTheDiskOrThePageIsRefused) {
    for (auto const* value : { "file:///root/.aws/credentials", "fileb://x", "http://x", "https://wiki/runbook" }) {
        EXPECT_EQ(cli_option("alarm-description", value), std::nullopt) << value;
        EXPECT_EQ(cli_option("alarm-names", JsonArray { value }), "--alarm-names '[\"" + std::string(value) + "\"]'")
            << "inside of JSON it is a text";
    }
}

TEST(AwsCommand, TheAddressOfAQueueIsNeverFetched) {
    EXPECT_EQ(cli_option("queue-url", "https://sqs.eu-west-1.amazonaws.com/1/mail"),
        "--queue-url https://sqs.eu-west-1.amazonaws.com/1/mail");
}

TEST(AwsCommand, WhatAReaderWouldNotSeeIsRefused) {
    EXPECT_EQ(cli_option("alarm-name", "prod\u200B"), std::nullopt);
    EXPECT_EQ(cli_option("alarm-name", "a\u202Eb"), std::nullopt);
    EXPECT_EQ(cli_option("alarm-name", "a\nb"), std::nullopt);
    EXPECT_EQ(cli_option("alarm-names", JsonArray { "a\nb" }), R"(--alarm-names '["a\nb"]')") << "JSON on one line";
}

} // namespace
} // namespace convops
