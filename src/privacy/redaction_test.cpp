#include "privacy/redaction.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

TEST(Redaction, puts_stand_ins_for_personal_data) {
    struct Case {
        char const* line;
        char const* expected;
    };
    Case const cases[] = {
        { "mail to ada@example.com bounced", "mail to [email-1] bounced" },
        { "GET /u?email=ada%40example.com&x=1", "GET /u?email=[email-1]&x=1" },
        { "ada@example.com, bob@example.org, ada@example.com", "[email-1], [email-2], [email-1]" },
        { "sms to +49 171 1234567 failed", "sms to [phone-1] failed" },
        { "call (415) 555-0123 now", "call [phone-1] now" },
        { "Telefon: 030/1234567", "Telefon: [phone-1]" },
        { "card 4111 1111 1111 1111 declined", "card [card-1] declined" },
        { "to DE89370400440532013000 failed", "to [iban-1] failed" },
        { "ssn 512-44-9876", "ssn [id-1]" },
        { "client: 203.0.113.7, server: x", "client: [ip-1], server: x" },
        { "client=2a02:1234:5::1 status=200", "client=[ip-1] status=200" },
        { R"({"firstName":"Zoë","lastName":"Sørensen"})", R"({"firstName":"[name-1]","lastName":"[name-2]"})" },
        { "Dear Mrs. de la Cruz, thanks", "Dear Mrs. [name-1], thanks" },
        { "approved by Maria Schmidt today", "approved by [name-1] today" },
        { "user=alice ok", "user=[name-1] ok" },
        { "From: Jan van Dijk <jan@example.nl>", "From: [name-1] <[email-1]>" },
        { "password=hunter2 for ada@example.com", "password=[secret] for [email-1]" },
    };
    for (auto const& [line, expected] : cases) {
        Redaction redaction;
        EXPECT_EQ(redaction.hide(line), expected);
    }
}

TEST(Redaction, leaves_what_names_resources_times_and_numbers) {
    for (std::string const line : { "arn:aws:iam::123456789012:user/alice.smith", "i-0abc123def4567890 at 10.0.3.17",
             "2026-11-28T01:53:05.123+00:00 took 12,345.678 ms", "0.0.0.0:8080 127.0.0.1 169.254.169.254 10.0.0.0/16",
             "198.51.100.0/24 is a network", "orders:1.24.3 Chrome/120.0.0.0 engine 15.4.0.1",
             "Root=1-5759e988-bd862e3fe1be46a994272793", "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
             "user=postgres name: orders-api", "Hello World, Order Service by Amazon Web Services",
             "deploy@build-7.internal git@github.com:acme/orders", "epoch 1795830785123 offset 9223372036854775807",
             "order 07392658-4113-4f6d-a2d3-53d3b73b0106 failed",
             "sha256:9a0364b9e99bb480dd25e1f0284c85559a0364b9e99bb480dd25e1f0284c8555" }) {
        Redaction redaction;
        EXPECT_EQ(redaction.hide(line), line);
    }
}

TEST(Redaction, restores_what_it_stood_in_for_and_nothing_else) {
    Redaction redaction;
    auto const shown = redaction.hide("user=alice wrote to ada@example.com");
    EXPECT_EQ(redaction.restore(shown), "user=alice wrote to ada@example.com");
    EXPECT_EQ(redaction.restore("[email-1] and [email-9] and [email-"), "ada@example.com and [email-9] and [email-");
}

TEST(Redaction, gives_a_line_that_imitates_a_stand_in_nobodys_address) {
    Redaction redaction;
    auto const shown = redaction.hide("ada@example.com, and a log line that says [email-1]");
    EXPECT_EQ(shown, "[email-1], and a log line that says [text-1]");
    EXPECT_EQ(redaction.restore(shown), "ada@example.com, and a log line that says [email-1]");
}

TEST(Redaction, never_gives_a_secret_back) {
    Redaction redaction;
    auto const shown = redaction.hide("AKIAIOSFODNN7EXAMPLE/wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    EXPECT_EQ(shown, "[secret]/[secret]");
    EXPECT_EQ(redaction.restore(shown), shown);
    EXPECT_EQ(redaction.hidden(), 0U);
}

TEST(Redaction, keeps_a_bounded_number_of_originals) {
    Redaction redaction;
    std::string text;
    for (int i = 0; i < 5000; ++i)
        text += "user" + std::to_string(i) + "@example.com ";
    auto const shown = redaction.hide(text);
    EXPECT_EQ(redaction.hidden(), 4096U);
    EXPECT_EQ(shown.find('@'), std::string::npos);
}

} // namespace
} // namespace convops
