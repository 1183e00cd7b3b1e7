#include "evidence/endpoints.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

TEST(Endpoints, name_the_resource_behind_them) {
    struct Row {
        std::string_view variable;
        std::string_view value;
        std::string_view key; // empty: names nothing
    };
    for (auto const& row : std::vector<Row> {
             { "DB_HOST", "orders-db.c9akciq32.eu-west-1.rds.amazonaws.com", "rds:instance/orders-db" },
             { "DATABASE_URL", "postgres://app:s3cret@main.cluster-c9a.eu-west-1.rds.amazonaws.com:5432/x",
                 "rds:cluster/main" },
             { "REDIS", "sessions.abc.0001.euw1.cache.amazonaws.com:6379", "elasticache:cluster/sessions" },
             { "REDIS", "master.sessions.abc.euw1.cache.amazonaws.com", "elasticache:cluster/sessions" },
             { "Q", "https://sqs.eu-west-1.amazonaws.com/111122223333/orders", "sqs:queue/orders" },
             { "T", "arn:aws:dynamodb:eu-west-1:111122223333:table/carts", "dynamodb:table/carts" },
             { "CARTS_TABLE", "carts", "dynamodb:table/carts" },
             { "PAYMENTS_URL", "https://api.payments.example/v1?k=v", "external:host/api.payments.example" },
             { "CATALOG_HOST", "catalog.shop.local:8080", "external:host/catalog.shop.local" },
             { "HOST", "0.0.0.0", "" },
             { "DB_HOST", "localhost", "" },
             { "MODE", "production", "" },
             { "DB_HOST", "'; DROP TABLE x", "" },
             { "E", "https://dynamodb.eu-west-1.amazonaws.com", "" },
             { "E", "", "" },
         }) {
        auto const found = resource_of_variable(row.variable, row.value);
        EXPECT_EQ(found ? found->key() : "", row.key) << row.variable;
    }
}

TEST(Endpoints, a_secret_is_never_shown) {
    EXPECT_TRUE(may_be_shown("DB_POOL_SIZE", "20"));
    EXPECT_TRUE(may_be_shown("FEATURE_X", "true"));
    EXPECT_TRUE(may_be_shown("HEAP", "512m"));
    EXPECT_TRUE(may_be_shown("DB_HOST", "db.internal"));
    EXPECT_FALSE(may_be_shown("DB_PASSWORD", "20"));
    EXPECT_FALSE(may_be_shown("STRIPE_KEY", "true"));
    EXPECT_FALSE(may_be_shown("NAME", "hunter2"));
    EXPECT_FALSE(may_be_shown("N", "1234567890123456"));
    EXPECT_FALSE(may_be_shown("URL", "https://u:p@h/"));
}

TEST(Endpoints, differences_name_variables_and_show_only_harmless_values) {
    Environment const before { { "DB_POOL_SIZE", "20" }, { "API_KEY", "aaa" }, { "OLD", "x" }, { "SAME", "1" } };
    Environment const after { { "DB_POOL_SIZE", "2" }, { "API_KEY", "bbb" }, { "NEW", "true" }, { "SAME", "1" } };
    EXPECT_EQ(environment_difference(before, after),
        (std::vector<std::string> { "API_KEY changed", "DB_POOL_SIZE 20 → 2", "NEW added = true", "OLD removed" }));
    EXPECT_TRUE(environment_difference(before, before).empty());
}

} // namespace
} // namespace convops
