// Every parser of what comes from outside, fed with damaged copies of real answers: any result will do, but no crash,
// no exception and no endless loop. The long runs are tests/fuzz; this is the short one that always runs.
#include "adapters/aws/configuration.h"
#include "adapters/aws/credentials.h"
#include "adapters/aws/errors.h"
#include "adapters/aws/protocols.h"
#include "adapters/aws/xml.h"
#include "adapters/http/url.h"

#include <gtest/gtest.h>

#include <iostream>
#include <random>

namespace convops {
namespace {

constexpr int rounds = 2'000;

constexpr std::string_view samples[] = {
    "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance><Endpoint><Port>1</Port></"
    "Endpoint>"
    "</DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>",
    "<Response><Errors><Error><Code>Throttling</Code><Message>m</Message></Error></Errors></Response>",
    "<R><Attributes><entry><key>a</key><value>b</value></entry></Attributes></R>",
    R"({"__type":"x#AccessDeniedException:y","message":"m","Credentials":{"AccessKeyId":"A"},"Expiration":1e9})",
    "[default]\naws_access_key_id = A\n[profile x]\nrole_arn = r # c\ns3 =\n  max = 1\n",
    "https://user@[::1]:8443/a%20b?x=1#f",
    "Sun, 06 Nov 1994 08:49:37 GMT",
};

std::string damaged(std::mt19937_64& dice) {
    std::string text(samples[dice() % std::size(samples)]);
    for (auto edits = 1 + dice() % 8; edits > 0 && !text.empty(); --edits) {
        auto const at = dice() % text.size();
        switch (dice() % 4) {
        case 0:
            text[at] = static_cast<char>(dice());
            break;
        case 1:
            text.erase(at, 1 + dice() % 20);
            break;
        case 2:
            text.insert(at, text.substr(dice() % text.size(), dice() % 40));
            break;
        default:
            text.insert(at, 1 + dice() % 3, "<>&{}[]\":=%\n\0"[dice() % 13]);
        }
    }
    return text;
}

void read_every_way(std::string const& text) {
    auto const& service = *find_aws_service("rds");
    auto const& operation = *find_aws_operation(service, "DescribeDBInstances");
    for (auto const* type : { "text/xml", "application/json", "" })
        if (auto const json = read_answer(service, operation, { 200, { { "content-type", type } }, text }))
            (void)to_canonical_text(*json);
    auto const refusal = read_refusal({ 400, {}, text });
    EXPECT_EQ(refusal.error.message.find('\n'), std::string::npos);
    (void)read_refusal({ 400, { { "x-amzn-errortype", text } }, "" });
    (void)parse_shared_file(text);
    (void)credentials_from_json(text);
    (void)parse_url(text);
    (void)parse_http_date(text);
}

} // namespace

TEST(Damage, no_answer_however_damaged_is_more_than_an_error) {
    auto const seed = std::random_device {}();
    std::cout << "seed " << seed << "\n";
    std::mt19937_64 dice(seed);
    for (int round = 0; round < rounds; ++round)
        read_every_way(damaged(dice));
}

} // namespace convops
