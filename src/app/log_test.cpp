#include "app/log.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

TEST(Log, a_line_is_json_without_its_opening_brace) {
    EXPECT_EQ(log_line(LogLevel::info, "intake", { { "source", "sns" }, { "why", "a \"quote\"\nand a line" } }),
        R"("level":"info","event":"intake","source":"sns","why":"a \"quote\" and a line"})");
}

TEST(Log, personal_data_and_secrets_are_masked) {
    struct Row {
        std::string_view text, expected;
    };
    for (auto const& [text, expected] :
        { Row { "mail to jo.doe+x@example.com now", "mail to *** now" }, Row { "call +491701234567!", "call ***!" },
            Row { "token xoxb-123456789012-abc", "token ***" }, Row { "key AKIAIOSFODNN7EXAMPLE", "key ***" },
            Row { "db: password=hunter2 refused", "db: password=[secret] refused" },
            Row { "arn:aws:sns:eu-west-1:111122223333:alarms", "arn:aws:sns:eu-west-1:111122223333:alarms" },
            Row { "from 192.0.2.7:443, then 192.0.2.8.", "from ***:443, then ***" },
            Row { "peer [2001:db8::7]:443 or ::1", "peer [***]:443 or ***" },
            Row { "version 1.2.3, at 20:12:02, std::map", "version 1.2.3, at 20:12:02, std::map" },
            Row { "arn:aws:iam::111122223333:role/x", "arn:aws:iam::111122223333:role/x" },
            Row { "2026-11-23T20:15:00+0000", "2026-11-23T20:15:00+0000" } })
        EXPECT_EQ(without_personal_data(text), expected);
    EXPECT_LE(without_personal_data(std::string(10'000, 'x')).size(), 512U);
}

} // namespace
} // namespace convops
