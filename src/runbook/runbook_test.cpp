#include "runbook/runbook.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

std::string const pool = R"(---
title: "Checkout runs out of connections"
alarm: shop-checkout-*, shop-orders-?
resource: [checkout]
# a comment
kind: deploy, connection_exhaustion
---
# Pool

Some words.
1. Look at the pool.
2) Roll back when it is smaller.
```
- not a step: code
```
- Tell #ops.
- A fourth step.
)";

Investigation incident(std::string alarm, CauseKind kind, std::string service) {
    Investigation investigation;
    investigation.incident.alarms["a"].latest.name = std::move(alarm);
    investigation.incident.alarms["a"].latest.arn = "a";
    if (kind != CauseKind::unknown) {
        Cause cause;
        cause.kind = kind;
        cause.resource = { "ecs:service", std::move(service), {} };
        investigation.diagnosis.causes.push_back(std::move(cause));
    }
    return investigation;
}

Runbook read(std::string const& file, std::string const& text) {
    auto runbook = parse_runbook(file, text);
    EXPECT_TRUE(runbook) << runbook.error().message;
    return runbook ? *runbook : Runbook {};
}

TEST(Runbook, says_when_it_fits_and_what_to_do_first) {
    auto const runbook = read("pool.md", pool);
    EXPECT_EQ(runbook.title, "Checkout runs out of connections");
    EXPECT_EQ(runbook.alarms, (std::vector<std::string> { "shop-checkout-*", "shop-orders-?" }));
    EXPECT_EQ(runbook.resources, std::vector<std::string> { "checkout" });
    EXPECT_EQ(runbook.kinds, (std::vector { CauseKind::deploy, CauseKind::connection_exhaustion }));
    EXPECT_EQ(runbook.steps,
        (std::vector<std::string> { "Look at the pool.", "Roll back when it is smaller.", "Tell #ops." }));
}

TEST(Runbook, takes_its_title_from_the_first_heading_or_the_file) {
    EXPECT_EQ(read("a.md", "---\r\nkind: deploy\r\n---\r\n# Deploys\r\n").title, "Deploys");
    EXPECT_EQ(read("b/a.md", "---\nalarm: x\n---\n").title, "b/a.md");
}

TEST(Runbook, what_is_wrong_is_told_with_its_line) {
    struct Wrong {
        std::string text;
        std::string says;
    };
    for (auto const& [text, says] :
        std::vector<Wrong> { { "# Pool\n", "a.md line 1: must be \"---\"" }, { "", "a.md line 1" },
            { "---\nalarm: x\n", "has no end" }, { "---\nalarm x\n---\n", "line 2: is no \"key: value\"" },
            { "---\nalarms: x\n---\n", "line 2: there is no key \"alarms\", did you mean \"alarm\"?" },
            { "---\n\nkind: deplyo\n---\n",
                "line 3: there is no kind of cause \"deplyo\", did you mean \"deploy\"?" },
            { "---\nkind: unknown\n---\n", "no kind of cause" }, { "---\ntitle: T\n---\n", "would never be cited" },
            { "---\nalarm: " + std::string(300, 'x') + "\n---\n", "more than 255 bytes" },
            { "---\n" + std::string(100, '\n'), "has no end" },
            { "---\nalarm: x\n---\n" + std::string(70'000, 'x'), "larger than 64 KiB" } }) {
        auto const runbook = parse_runbook("a.md", text);
        ASSERT_FALSE(runbook) << text.substr(0, 60);
        EXPECT_EQ(runbook.error().kind, ErrorKind::invalid_input);
        EXPECT_NE(runbook.error().message.find(says), std::string::npos) << runbook.error().message;
    }
}

TEST(Runbook, everything_that_it_names_must_fit) {
    std::vector const shelf { read("pool.md", pool) };
    auto const fits = [&](std::string alarm, CauseKind kind, std::string service) {
        return !runbooks_for(incident(std::move(alarm), kind, std::move(service)), shelf, "").empty();
    };
    EXPECT_TRUE(fits("shop-checkout-5xx", CauseKind::deploy, "shop/checkout"));
    EXPECT_TRUE(fits("shop-orders-1", CauseKind::connection_exhaustion, "shop/checkout"));
    EXPECT_FALSE(fits("shop-cart-5xx", CauseKind::deploy, "shop/checkout"));
    EXPECT_FALSE(fits("shop-checkout-5xx", CauseKind::quota, "shop/checkout"));
    EXPECT_FALSE(fits("shop-checkout-5xx", CauseKind::deploy, "shop/cart"));
    EXPECT_FALSE(fits("shop-checkout-5xx", CauseKind::unknown, ""));
}

TEST(Runbook, the_one_that_names_more_comes_first_and_two_are_enough) {
    std::vector const shelf { read("a.md", "---\nalarm: shop-*\n---\n"), read("b.md", "---\nkind: deploy\n---\n"),
        read("c d.md", pool) };
    auto const cited = runbooks_for(
        incident("shop-checkout-5xx", CauseKind::deploy, "shop/checkout"), shelf, "https://wiki.example/runbooks/");
    ASSERT_EQ(cited.size(), most_cited_runbooks);
    EXPECT_EQ(cited[0].place, "https://wiki.example/runbooks/c%20d.md");
    EXPECT_EQ(cited[0].fits, (std::vector<std::string> { "alarm", "resource", "kind" }));
    EXPECT_EQ(cited[1].title, "a.md");
}

} // namespace
} // namespace convops
