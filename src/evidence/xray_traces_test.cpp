#include "evidence/small_account.h"
#include "evidence/trace_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convops {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string summary(std::string_view id, std::string_view table, std::string_view exception) {
    return R"({"Id":")" + std::string(id) + R"(","HasFault":true,"FaultRootCauses":[{"Services":[
        {"Name":"checkout","Type":"AWS::ECS::Fargate","EntityPath":[{"Name":"checkout"}]},
        {"Name":")"
        + std::string(table) + R"(","Type":"AWS::DynamoDB::Table","EntityPath":[{"Name":"DynamoDB",
        "Exceptions":[{"Name":")"
        + std::string(exception) + R"(","Message":"slow down"}]}]}]}]})";
}

Answer traced(FakeAws& aws, std::string const& summaries) {
    add_small_account(aws);
    aws.on("xray:GetTraceSummaries", R"({"TraceSummaries":[)" + summaries + "]}");
    return ask("xray_graph", small_question(), aws);
}

std::vector<Fact> without_edges(Answer const& answer) {
    std::vector<Fact> facts;
    for (auto const& fact : answer.facts)
        if (!std::holds_alternative<DependencyFact>(fact.detail))
            facts.push_back(fact);
    return facts;
}

TEST(XrayTraces, all_failing_traces_that_end_in_one_table_are_one_fact) {
    std::string all;
    for (int i = 0; i < 12; ++i)
        all += (i == 0 ? "" : ",")
            + summary("1-" + std::to_string(i), "orders", "ProvisionedThroughputExceededException");
    FakeAws aws;
    auto const answer = traced(aws, all);
    EXPECT_THAT(answer.gaps, IsEmpty());
    auto const facts = without_edges(answer);
    ASSERT_THAT(facts, SizeIs(1));
    EXPECT_EQ(facts[0].statement,
        "All 12 failing traces end in DynamoDB table orders (ProvisionedThroughputExceededException).");
    auto const& event = std::get<ResourceEventFact>(facts[0].detail);
    EXPECT_EQ(event.kind, ResourceEventKind::throttled);
    EXPECT_EQ(event.count, 12);
    EXPECT_THAT(aws.calls("xray:BatchGetTraces"), IsEmpty()) << "the summaries say it all";
}

TEST(XrayTraces, a_trace_whose_summary_names_no_end_is_read) {
    FakeAws aws;
    aws.on("xray:BatchGetTraces", R"json({"Traces":[{"Id":"1-a","Segments":[{"Id":"s","Document":
        "{\"name\":\"checkout\",\"origin\":\"AWS::ECS::Container\",\"fault\":true,\"subsegments\":[{\"name\":\"SQS\",\"namespace\":\"aws\",\"fault\":false,\"aws\":{\"queue_url\":\"https://sqs/1/mail\"}},{\"name\":\"DynamoDB\",\"namespace\":\"aws\",\"fault\":true,\"aws\":{\"operation\":\"PutItem\",\"table_name\":\"orders\"},\"cause\":{\"exceptions\":[{\"type\":\"ResourceNotFoundException\"}]}}]}"
        },{"Id":"broken","Document":"{"}]}]})json");
    auto const answer = traced(aws, R"({"Id":"1-a","HasFault":true},)" + summary("1-b", "carts", "Oops"));
    auto const facts = without_edges(answer);
    ASSERT_THAT(facts, SizeIs(2));
    std::set<std::string> ends;
    for (auto const& fact : facts)
        ends.insert(std::get<StateFact>(fact.detail).resource.key());
    EXPECT_EQ(ends, (std::set<std::string> { "dynamodb:table/carts", "dynamodb:table/orders" }));
    EXPECT_THAT(facts[0].statement, HasSubstr("1 of 2 failing traces end"));
    EXPECT_THAT(to_text(Json(aws.calls("xray:BatchGetTraces").front().params)), HasSubstr("[\"1-a\"]"));
}

TEST(XrayTraces, an_account_without_a_graph_is_not_asked_for_traces) {
    FakeAws aws;
    EXPECT_THAT(ask("xray_graph", small_question(), aws).facts, IsEmpty());
    EXPECT_EQ(aws.calls_made(), 1);
}

TEST(XrayTraces, faults_are_gaps_and_hostile_answers_break_nothing) {
    for (auto const* operation : { "xray:GetTraceSummaries", "xray:BatchGetTraces" })
        for (auto const kind : { ErrorKind::access_denied, ErrorKind::throttled, ErrorKind::timeout }) {
            FakeAws aws;
            add_small_account(aws);
            aws.on("xray:GetTraceSummaries", R"({"TraceSummaries":[{"Id":"1-a","HasFault":true}]})");
            aws.fail(operation, kind, "no");
            auto const answer = ask("xray_graph", small_question(), aws);
            ASSERT_THAT(answer.gaps, SizeIs(1)) << operation;
            EXPECT_EQ(answer.gaps[0].iam_action, operation);
        }
    FakeAws hostile;
    auto const answer = traced(hostile,
        R"(7,{"FaultRootCauses":[{"Services":[{"Name":"x\u001b[2J","Type":[],"EntityPath":[{"Exceptions":[{"Name":"a\nb"}]}]}]}]})");
    for (auto const& fact : without_edges(answer))
        EXPECT_EQ(fact.statement.find_first_of("\x1b\n"), std::string::npos);
}

} // namespace
} // namespace convops
