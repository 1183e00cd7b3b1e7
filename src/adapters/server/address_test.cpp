#include "adapters/server/address.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

TEST(Address, is_written_in_one_way) {
    EXPECT_EQ(plain_address("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(plain_address("::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(plain_address("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
    for (auto const* nonsense : { "", "x", "192.0.2.7:80", "[::1]", "1.2.3", "192.0.2.7, 10.0.0.1" })
        EXPECT_EQ(plain_address(nonsense), "") << nonsense;
    EXPECT_EQ(plain_address(std::string(5'000, '1')), "");
}

TEST(Address, a_customer_of_ipv6_has_a_whole_64_and_counts_once) {
    EXPECT_EQ(address_group("2001:db8::1"), address_group("2001:db8::ffff:1:2:3"));
    EXPECT_NE(address_group("2001:db8::1"), address_group("2001:db8:0:1::1"));
    EXPECT_NE(address_group("192.0.2.1"), address_group("192.0.2.2"));
}

TEST(Address, a_list_names_the_one_that_is_none) {
    EXPECT_EQ(parse_addresses(" 127.0.0.1, ::1 ,")->size(), 2U);
    EXPECT_TRUE(parse_addresses("")->empty());
    auto const wrong = parse_addresses("127.0.0.1, proxy.local");
    ASSERT_FALSE(wrong);
    EXPECT_NE(wrong.error().message.find("proxy.local"), std::string::npos);
}

struct Forwarded {
    std::string says;
    std::string peer;
    std::string header;
    std::string client;
};

TEST(Address, x_forwarded_for_is_believed_from_trusted_proxies_only_and_from_the_right) {
    std::vector<std::string> const trusted { "10.0.0.1", "10.0.0.2" };
    Forwarded const cases[] = {
        { "a stranger's header is not read", "192.0.2.1", "203.0.113.9", "192.0.2.1" },
        { "a proxy's is", "10.0.0.1", "203.0.113.9", "203.0.113.9" },
        { "what the client wrote itself stands left", "10.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9" },
        { "a chain of proxies", "10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9" },
        { "nothing but proxies", "10.0.0.1", "10.0.0.2", "10.0.0.2" },
        { "no header", "10.0.0.1", "", "10.0.0.1" },
        { "nonsense", "10.0.0.1", "203.0.113.9, unknown", "10.0.0.1" },
        { "an empty element", "10.0.0.1", ",", "10.0.0.1" },
        { "IPv6", "10.0.0.1", "2001:DB8::9", "2001:db8::9" },
    };
    for (auto const& each : cases)
        EXPECT_EQ(client_of(each.peer, each.header, trusted), each.client) << each.says;
    EXPECT_EQ(client_of("10.0.0.1", std::string(100'000, ','), trusted), "10.0.0.1");
}

} // namespace
} // namespace convops
