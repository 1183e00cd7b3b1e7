// The DynamoDB tables near the alarm: status, capacity mode and provisioned limits.
#include "evidence/answering.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "dynamodb:DescribeTable", "status and capacity of the tables" },
};

constexpr SourceCard the_card {
    .name = "dynamodb_state",
    .says = "DynamoDB tables: status, capacity mode, provisioned limits.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
};

constexpr std::size_t most_tables = 10;

} // namespace

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
std::vector<Fact> dynamodb_table_facts(Json const& answer, Time now) {
    auto const* table = find(answer, "Table");
    if (table == nullptr)
        return {};
    Resource const resource { "dynamodb:table", text_at(*table, "TableName"), text_at(*table, "TableArn") };
    auto const status = text_at(*table, "TableStatus");
    bool const on_demand = text_at(*table, "BillingModeSummary.BillingMode") == "PAY_PER_REQUEST";
    auto const health = status == "ACTIVE" ? StateHealth::healthy
        : status == "UPDATING"             ? StateHealth::degraded
        : status.empty()                   ? StateHealth::unknown
                                           : StateHealth::failed;
    StateFact state { resource, health,
        { { "status", shown(status, 40) }, { "capacity_mode", on_demand ? "on demand" : "provisioned" } } };
    std::vector<Fact> facts;
    auto statement = resource.display() + " is " + shown(status, 40) + (on_demand ? ", on demand" : ", provisioned");
    for (auto const& [kind, metric] : std::initializer_list<std::pair<std::string, std::string>> {
             { "Read", "ConsumedReadCapacityUnits" }, { "Write", "ConsumedWriteCapacityUnits" } }) {
        auto const provisioned = number_at(*table, "ProvisionedThroughput." + kind + "CapacityUnits").value_or(0);
        auto const maximum = number_at(*table, "OnDemandThroughput.Max" + kind + "RequestUnits").value_or(0);
        auto const units = on_demand ? maximum : provisioned;
        if (!(units > 0))
            continue;
        state.attributes[to_lower(kind) + "_units"] = format_number(units);
        statement += ", " + format_number(units) + " " + to_lower(kind) + " units a second";
        auto const basis = std::string(on_demand ? "on-demand maximum" : "provisioned capacity") + ", units a second";
        facts.push_back(fact_about(resource, now,
            resource.display() + " may use " + format_number(units) + " " + to_lower(kind) + " units a second.",
            LimitFact { resource, metric, units, basis }, { { "units_per_second", units } }));
    }
    facts.push_back(fact_about(
        resource, now, statement + ".", std::move(state), { { "status", status }, { "on_demand", on_demand } }));
    return facts;
}

namespace {

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    std::vector<AwsCall> calls;
    for (auto const& table : near_of_type(question, "dynamodb:table", most_tables))
        calls.push_back(call_of("dynamodb", "DescribeTable", { { "TableName", table.name } }));
    auto const answers = answering.read_all(calls);
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (answers[i])
            answering.add(dynamodb_table_facts(*answers[i], question.now), calls[i]);
    return answering.take();
}

} // namespace

sources::Registered make_dynamodb_state() {
    return { &the_card, collect };
}

} // namespace convops
