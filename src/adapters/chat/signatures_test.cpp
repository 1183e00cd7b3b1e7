#include "adapters/chat/signatures.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

// The worked example of https://docs.slack.dev/authentication/verifying-requests-from-slack
std::string const secret = "8f742231b10e8888abcd99yyyzzz85a5";
std::string const body
    = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
      "foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%"
      "2Fhooks."
      "slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015."
      "47445629121."
      "803a0bc887a14d10d2c447fce8b6703c";
std::string const signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
std::string const timestamp = "1531420618";
Time const then = time_from_seconds(1'531'420'618);

TEST(ChatSignatures, slacks_own_example_is_genuine) {
    EXPECT_TRUE(check_slack_signature(secret, timestamp, signature, body, then));
}

struct Forgery {
    std::string name;
    std::string secret;
    std::string timestamp;
    std::string signature;
    std::string body;
    Time now;
};

TEST(ChatSignatures, anything_else_is_refused) {
    for (auto const& forged :
        std::vector<Forgery> { { "body", secret, timestamp, signature, body + "x", then },
            { "secret", "other", timestamp, signature, body, then },
            { "no secret", "", timestamp, signature, body, then },
            { "time", secret, "1531420619", signature, body, then }, { "no time", secret, "", signature, body, then },
            { "time is no number", secret, "1531420618x", signature, body, then },
            { "time is huge", secret, "99999999999999999", signature, body, then },
            { "cut", secret, timestamp, signature.substr(0, 20), body, then },
            { "none", secret, timestamp, "", body, then },
            { "old", secret, timestamp, signature, body, then + Minutes { 6 } },
            { "ahead", secret, timestamp, signature, body, then - Minutes { 6 } } }) {
        auto const checked
            = check_slack_signature(forged.secret, forged.timestamp, forged.signature, forged.body, forged.now);
        ASSERT_FALSE(checked) << forged.name;
        EXPECT_EQ(checked.error().kind, ErrorKind::access_denied) << forged.name;
    }
    EXPECT_TRUE(check_slack_signature(secret, timestamp, signature, body, then + Minutes { 4 }));
}

TEST(ChatSignatures, whatsapp_signs_the_body_alone) {
    std::string const webhook = R"({"object":"whatsapp_business_account"})";
    auto const genuine = "sha256=" + hmac_sha256_hex("app secret", webhook);
    EXPECT_TRUE(check_whatsapp_signature("app secret", genuine, webhook));
    EXPECT_FALSE(check_whatsapp_signature("app secret", genuine, webhook + " "));
    EXPECT_FALSE(check_whatsapp_signature("other", genuine, webhook));
    EXPECT_FALSE(check_whatsapp_signature("", "sha256=" + hmac_sha256_hex("", webhook), webhook))
        << "no secret, no trust";
    EXPECT_FALSE(check_whatsapp_signature("app secret", "", webhook));
}

} // namespace
} // namespace convops
