// Every source that reads the state of resources, against every way in which one of its calls can go wrong.
#include "evidence/wide_account.h"

#include <gtest/gtest.h>

namespace convops {

sources::Registered make_acm_certificates();
sources::Registered make_api_gateway_state();
sources::Registered make_ebs_state();
sources::Registered make_eks_state();
sources::Registered make_nat_gateway_state();
sources::Registered make_network_state();
sources::Registered make_s3_state();
sources::Registered make_service_quotas();
sources::Registered make_sns_delivery();
sources::Registered make_waf_state();
sources::Registered make_autoscaling_activity();
sources::Registered make_dynamodb_state();
sources::Registered make_ec2_state();
sources::Registered make_ecs_state();
sources::Registered make_elasticache_state();
sources::Registered make_elb_health();
sources::Registered make_lambda_state();
sources::Registered make_log_patterns();
sources::Registered make_rds_events();
sources::Registered make_rds_performance_insights();
sources::Registered make_rds_state();
sources::Registered make_schedules();
sources::Registered make_sqs_state();
sources::Registered make_xray_graph();

namespace {

std::vector<EvidenceSource> state_sources() {
    return { make_acm_certificates(), make_api_gateway_state(), make_ebs_state(), make_eks_state(),
        make_nat_gateway_state(), make_network_state(), make_s3_state(), make_service_quotas(), make_sns_delivery(),
        make_waf_state(), make_autoscaling_activity(), make_dynamodb_state(), make_ec2_state(), make_ecs_state(),
        make_elasticache_state(), make_elb_health(), make_lambda_state(), make_log_patterns(), make_rds_events(),
        make_rds_performance_insights(), make_rds_state(), make_schedules(), make_sqs_state(), make_xray_graph() };
}

// Every operation that the source uses in this account.
std::set<std::string> operations_of(EvidenceSource const& source) {
    FakeAws aws;
    add_wide_account(aws);
    auto const question = wide_question();
    source.collect(question, aws);
    std::set<std::string> used;
    for (auto const& call : aws.calls())
        used.insert(call.name());
    return used;
}

// The IAM action that a call needs: AWS does not name all of them after the operation.
std::string action_of(EvidenceSource const& source, std::string const& operation) {
    auto const colon = operation.find(':');
    return gap_from(*source.card, { operation.substr(0, colon), operation.substr(colon + 1), {}, {} },
        Error { ErrorKind::access_denied, "" })
        .iam_action;
}

Answer ask_with(EvidenceSource const& source, std::function<void(FakeAws&)> const& fault) {
    FakeAws aws;
    add_wide_account(aws);
    fault(aws);
    auto const question = wide_question();
    return source.collect(question, aws);
}

TEST(StateSources, a_readable_account_leaves_facts_and_no_gaps) {
    for (auto const& source : state_sources()) {
        auto const answer = ask_with(source, [](FakeAws&) { });
        EXPECT_FALSE(answer.facts.empty()) << source.card->name;
        for (auto const& gap : answer.gaps)
            ADD_FAILURE() << source.card->name << ": " << gap.why;
        for (auto const& fact : answer.facts) {
            EXPECT_EQ(fact.source, source.card->name);
            EXPECT_TRUE(fact.statement.ends_with(".")) << fact.statement;
            EXPECT_TRUE(fact.cli.starts_with("aws ")) << fact.cli << fact.source << ": " << fact.statement;
            EXPECT_EQ(fact.link.find('{'), std::string::npos) << fact.link;
            EXPECT_FALSE(std::holds_alternative<std::monostate>(fact.detail));
            EXPECT_NE(fact.at, Time {});
        }
    }
}

TEST(StateSources, every_call_is_declared_on_the_card) {
    for (auto const& source : state_sources()) {
        FakeAws aws;
        add_wide_account(aws);
        auto const question = wide_question();
        source.collect(question, aws);
        for (auto const& call : aws.calls()) {
            auto const action = action_of(source, call.name());
            auto const declared = std::any_of(source.card->iam_actions.begin(), source.card->iam_actions.end(),
                [&](IamAction const& one) { return one.action == action; });
            EXPECT_TRUE(declared) << source.card->name << " " << call.name();
        }
    }
}

TEST(StateSources, a_failed_call_leaves_a_gap_that_says_what_it_would_have_told) {
    for (auto const& source : state_sources())
        for (auto const& operation : operations_of(source))
            for (auto const kind : { ErrorKind::access_denied, ErrorKind::throttled, ErrorKind::timeout }) {
                auto const answer = ask_with(source, [&](FakeAws& aws) { aws.fail(operation, kind, "no"); });
                ASSERT_FALSE(answer.gaps.empty()) << source.card->name << " " << operation;
                auto const named = std::any_of(answer.gaps.begin(), answer.gaps.end(), [&](Gap const& gap) {
                    return gap.kind == kind && !gap.would_have_told.empty() && gap.source == source.card->name
                        && (kind != ErrorKind::access_denied || gap.iam_action == action_of(source, operation));
                });
                EXPECT_TRUE(named) << source.card->name << " " << operation << " " << to_string(kind);
            }
}

TEST(StateSources, an_empty_account_is_no_gap_and_no_fact_about_resources) {
    for (auto const& source : state_sources()) {
        FakeAws aws;
        auto question = wide_question();
        question.centre.clear();
        question.nearby.clear();
        question.map = {};
        auto const answer = source.collect(question, aws);
        EXPECT_TRUE(answer.gaps.empty()) << source.card->name;
        EXPECT_TRUE(answer.facts.empty()) << source.card->name << ": " << answer.facts.front().statement;
    }
}

// The same shape with every scalar replaced.
Json with_scalars(Json const& json, Json const& scalar) {
    if (auto const* object = json.if_object()) {
        JsonObject out;
        for (auto const& pair : *object)
            out[pair.key()] = with_scalars(pair.value(), scalar);
        return out;
    }
    if (auto const* array = json.if_array()) {
        JsonArray out;
        for (auto const& item : *array)
            out.push_back(with_scalars(item, scalar));
        return out;
    }
    return scalar;
}

TEST(StateSources, hostile_answers_break_nothing) {
    std::vector<Json> scalars;
    scalars.emplace_back(nullptr);
    scalars.emplace_back(true);
    scalars.emplace_back(-1);
    scalars.emplace_back(1e308);
    scalars.emplace_back(std::string(20'000, 'A'));
    scalars.emplace_back(JsonArray { 1, 2 });
    scalars.emplace_back(JsonObject { { "a", 1 } });
    for (auto const* text : { "", "\xff\xfe\x1b[31m\n\xE2\x80\xAE'; rm -rf / #", "arn:aws:ecs:::service/",
             "arn:::::", "2026-11-23T20:10:00Z", "unhealthy" })
        scalars.emplace_back(text);
    for (auto const& source : state_sources())
        for (auto const& operation : operations_of(source))
            for (auto const& scalar : scalars) {
                FakeAws original;
                add_wide_account(original);
                auto const answer = ask_with(source, [&](FakeAws& aws) {
                    aws.on(operation, [&](AwsCall const& call) -> Result<Json> {
                        auto const real = original.call(call);
                        return with_scalars(*real, scalar);
                    });
                });
                for (auto const& fact : answer.facts) {
                    EXPECT_LT(fact.statement.size(), 4'000U) << source.card->name << " " << operation;
                    EXPECT_EQ(fact.statement.find('\x1b'), std::string::npos)
                        << source.card->name << " " << operation;
                    EXPECT_EQ(fact.statement.find("\xE2\x80\xAE"), std::string::npos) << source.card->name;
                }
            }
}

TEST(StateSources, an_answer_of_another_shape_breaks_nothing) {
    for (auto const& source : state_sources())
        for (auto const& operation : operations_of(source))
            for (auto const* json : { "[]", "\"text\"", "null", "7", R"({"Markers":1})" })
                ask_with(source, [&](FakeAws& aws) { aws.on(operation, json); });
    SUCCEED();
}

TEST(StateSources, no_secret_value_is_in_a_fact) {
    for (auto const& source : state_sources())
        for (auto const& fact : ask_with(source, [](FakeAws&) { }).facts)
            for (auto const* secret : { "hush", "s3cr3t", "****" })
                EXPECT_EQ((fact.statement + to_text(fact.value)).find(secret), std::string::npos) << fact.statement;
}

} // namespace
} // namespace convops
