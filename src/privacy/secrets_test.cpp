#include "privacy/secrets.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

TEST(Secrets, are_taken_out_of_log_lines) {
    struct Case {
        char const* line;
        char const* expected;
    };
    Case const cases[] = {
        { "using key AKIAIOSFODNN7EXAMPLE now", "using key [secret] now" },
        { "password=hunter2, user=bob", "password=[secret], user=bob" },
        { R"({"db_password": "hun ter2", "user": "bob"})", R"({"db_password": "[secret]", "user": "bob"})" },
        { "Authorization: Bearer abc.def-123456", "Authorization: Bearer [secret]" },
        { "sent bearer abcdefgh12345678 to peer", "sent bearer [secret] to peer" },
        { "postgres://app:s3cr3t@orders-db:5432/orders", "postgres://[secret]@orders-db:5432/orders" },
        { "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJl end", "jwt [secret] end" },
        { "slack xoxb-1234567890-abcdef", "slack [secret]" },
        { "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- rest", "[secret] rest" },
        { "connection to https://example.net:443/path timed out",
            "connection to https://example.net:443/path timed out" },
        { "postgres://app:s3@cr3t@orders-db:5432/orders", "postgres://[secret]@orders-db:5432/orders" },
        { R"({"msg":"{\"password\":\"hunter2\",\"user\":\"bob\"}"})",
            R"({"msg":"{\"password\":\"[secret]\",\"user\":\"bob\"}"})" },
        { R"("password": "a\"b", "user": "bob")", R"("password": "[secret]", "user": "bob")" },
        { "mysqldump --password hunter2 --host db", "mysqldump --password [secret] --host db" },
        { "step:password=hunter2", "step:password=[secret]" },
        { "MYSQL_PWD=hunter2 DB_PASS=hunter3", "MYSQL_PWD=[secret] DB_PASS=[secret]" },
        { "POST https://hooks.slack.com/services/T0/B0/abcdef failed", "POST https://[secret] failed" },
        { R"({"sts:ExternalId":"a-long-external-id"})", R"({"sts:ExternalId":"[secret]"})" },
        { "GET /o?X-Amz-Signature=abcdef0123&X-Amz-Date=1", "GET /o?X-Amz-Signature=[secret]&X-Amz-Date=1" },
        { "arn:aws:secretsmanager:eu-west-1:1:secret:db-x", "arn:aws:secretsmanager:eu-west-1:1:secret:db-x" },
        { "npm_XWUqZTWlAyrgtyQNlTHDcXZwdgHaehSadNph npm_config_registry_of_the_whole_company",
            "[secret] npm_config_registry_of_the_whole_company" },
        { "AKIAIOSFODNN7EXAMPLE//SW4IFm67XeIayh1RAuxbFhpwFNBfACdDz53BRIt in", "[secret]/[secret] in" },
        { "token bucket refilled; keys rotated", "token bucket refilled; keys rotated" },
    };
    for (auto const& [line, expected] : cases)
        EXPECT_EQ(without_secrets(line), expected);
}

TEST(Secrets, removing_them_twice_changes_nothing_more) {
    auto const once = without_secrets("api_key: abc123 password='x y' AKIAIOSFODNN7EXAMPLE");
    EXPECT_EQ(without_secrets(once), once);
}

TEST(Secrets, are_taken_out_of_the_command_of_a_container) {
    auto json = *parse_json(R"({"command":["run","--password","hunter2","--host","db"],"externalId":"long-id"})");
    remove_secrets(json);
    EXPECT_EQ(to_text(json), R"({"command":["run","--password","[secret]","--host","db"],"externalId":"[secret]"})");
}

TEST(Secrets, are_taken_out_of_task_definitions_and_function_configurations) {
    auto json = *parse_json(
        R"({"containerDefinitions":[{"environment":[{"name":"DB_PASSWORD","value":"x"},{"name":"DB_POOL_SIZE","value":"20"}]}],
        "Environment":{"Variables":{"STRIPE_TOKEN":"x","TABLE":"orders"}},"NextToken":"page-2","arn":"arn:aws:secretsmanager:eu-west-1:1:secret:db"})");
    remove_secrets(json);
    EXPECT_EQ(to_text(json),
        R"({"containerDefinitions":[{"environment":[{"name":"DB_PASSWORD","value":"[secret]"},{"name":"DB_POOL_SIZE","value":"20"}]}],)"
        R"("Environment":{"Variables":{"STRIPE_TOKEN":"[secret]","TABLE":"orders"}},"NextToken":"page-2","arn":"arn:aws:secretsmanager:eu-west-1:1:secret:db"})");
}

} // namespace
} // namespace convops
