#include "adapters/aws/operations.h"

#include "adapters/aws/endpoints.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

// Verbs that AWS uses for operations of access level List or Read. StartQuery and StopQuery belong to reading logs:
// they run and end a query of the caller, change nothing in the account, and IAM files them under Read
// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html).
constexpr std::string_view read_verbs[] = { "BatchGet", "Describe", "Filter", "Get", "List", "Lookup" };
constexpr std::string_view read_all_the_same[] = { "StartQuery", "StopQuery" };

// Reading, but what they return must not reach us: secrets, code, data of the customer's customers.
constexpr std::string_view never[] = { "GetSecretValue", "GetParameter", "GetParameters", "GetObject", "GetItem",
    "GetFunction", "GetRecords", "GetPasswordData", "GetConsoleOutput", "GetSessionToken", "GetFederationToken",
    "GetAuthorizationToken", "GetLoginProfile", "BatchGetItem", "GetShardIterator" };

bool reads(std::string_view name) {
    if (std::ranges::find(read_all_the_same, name) != std::end(read_all_the_same))
        return true;
    return std::ranges::any_of(read_verbs, [&](std::string_view verb) {
        return name.starts_with(verb) && name.size() > verb.size() && name[verb.size()] >= 'A'
            && name[verb.size()] <= 'Z';
    });
}

} // namespace

TEST(Operations, every_row_for_customers_accounts_has_a_verb_that_reads) {
    for (auto const& operation : aws_operations()) {
        bool const is_for_customers = operation.access == Access::read;
        EXPECT_TRUE(!is_for_customers || reads(operation.name)) << operation.service << ":" << operation.name;
    }
}

TEST(Operations, no_row_returns_secrets_code_or_the_customers_data) {
    for (auto const& operation : aws_operations())
        if (operation.access != Access::secret) // nobody gets it through the port: accounts read one named secret
            EXPECT_EQ(std::ranges::find(never, operation.name), std::end(never))
                << operation.service << ":" << operation.name;
}

TEST(Operations, the_rows_that_do_not_only_read_are_these_seven) {
    std::vector<std::string> named;
    for (auto const& operation : aws_operations())
        if (operation.access != Access::read)
            named.push_back(std::string(operation.service) + ":" + std::string(operation.name));
    EXPECT_EQ(named,
        (std::vector<std::string> { "secretsmanager:GetSecretValue", "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage", "sqs:ReceiveMessage", "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity",
            "sts:GetCallerIdentity" }));
}

TEST(Operations, every_row_names_a_service_and_rows_are_sorted) {
    std::string last;
    for (auto const& operation : aws_operations()) {
        ASSERT_NE(find_aws_service(operation.service), nullptr) << operation.service;
        auto const key = std::string(operation.service) + ":" + std::string(operation.name);
        EXPECT_LT(last, key);
        last = key;
    }
}

TEST(Operations, names_match_exactly) {
    auto const* ecs = find_aws_service("ecs");
    ASSERT_NE(ecs, nullptr);
    EXPECT_EQ(find_aws_operation(*ecs, "listClusters"), nullptr);
    EXPECT_EQ(find_aws_operation(*ecs, ""), nullptr);
    EXPECT_EQ(find_aws_service(""), nullptr);
    EXPECT_EQ(find_aws_service("cloudwatch"), find_aws_service("monitoring"));
}

TEST(Endpoints, hosts_follow_the_partition_of_the_region) {
    auto const configuration = AwsConfiguration::load({});
    auto const host = [&](std::string_view service, std::string_view region) {
        return endpoint_of(*find_aws_service(service), region, *configuration)->authority;
    };
    EXPECT_EQ(host("ecs", "eu-west-1"), "ecs.eu-west-1.amazonaws.com");
    EXPECT_EQ(host("ecs", "cn-north-1"), "ecs.cn-north-1.amazonaws.com.cn");
    EXPECT_EQ(host("ecs", "us-gov-west-1"), "ecs.us-gov-west-1.amazonaws.com");
    EXPECT_EQ(host("apigatewayv2", "eu-west-1"), "apigateway.eu-west-1.amazonaws.com");
    EXPECT_EQ(host("iam", "eu-west-1"), "iam.amazonaws.com");
    EXPECT_EQ(host("iam", "us-gov-east-1"), "iam.us-gov.amazonaws.com");
    EXPECT_EQ(host("sts", "eu-central-1"), "sts.eu-central-1.amazonaws.com");
}

TEST(Endpoints, health_is_asked_in_us_east_1_wherever_one_looks_from) {
    auto const configuration = AwsConfiguration::load({});
    auto const endpoint = endpoint_of(*find_aws_service("health"), "ap-southeast-2", *configuration);
    EXPECT_EQ(endpoint->url, "https://health.us-east-1.amazonaws.com");
    EXPECT_EQ(endpoint->region, "us-east-1");
}

TEST(Endpoints, a_configured_endpoint_wins_and_the_services_own_wins_over_the_general_one) {
    auto const configuration = AwsConfiguration::load({ { "AWS_ENDPOINT_URL", "http://127.0.0.1:5000/" },
        { "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "https://proxy.example/logs" } });
    EXPECT_EQ(endpoint_of(*find_aws_service("ecs"), "eu-west-1", *configuration)->url, "http://127.0.0.1:5000");
    auto const logs = *endpoint_of(*find_aws_service("logs"), "eu-west-1", *configuration);
    EXPECT_EQ(logs.url, "https://proxy.example");
    EXPECT_EQ(logs.base_path, "/logs");
    EXPECT_EQ(logs.region, "eu-west-1");
}

TEST(Endpoints, plain_http_is_for_loopback_alone) {
    for (auto const* url : { "http://10.0.0.1", "http://localhost.evil.example", "http://127.0.0.1.evil.example",
             "ftp://x", "http://user@127.0.0.1", "127.0.0.1" }) {
        auto const configuration = AwsConfiguration::load({ { "AWS_ENDPOINT_URL", url } });
        EXPECT_EQ(
            endpoint_of(*find_aws_service("ecs"), "eu-west-1", *configuration).error().kind, ErrorKind::invalid_input)
            << url;
    }
}

TEST(Endpoints, only_real_aws_hosts_are_aws_hosts) {
    EXPECT_TRUE(is_aws_host("ecs.eu-west-1.amazonaws.com"));
    EXPECT_TRUE(is_aws_host("ecs.cn-north-1.amazonaws.com.cn"));
    EXPECT_FALSE(is_aws_host("amazonaws.com"));
    EXPECT_FALSE(is_aws_host("evil-amazonaws.com"));
    EXPECT_FALSE(is_aws_host("amazonaws.com.evil.example"));
}

} // namespace convops
