// Lambda functions: configuration, a fresh change of it, time-out and concurrency limits, what feeds them and what
// they call.
#include "evidence/answering.h"
#include "evidence/endpoints.h"
#include "evidence/policies.h"

#include "base/text.h"
#include "evidence/network_place.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "lambda:ListFunctions", "which functions exist and when they were last changed" },
    IamAction { "lambda:GetFunctionConfiguration", "state, time-out and memory of the function" },
    IamAction { "lambda:GetFunctionConcurrency", "the reserved concurrency of the function" },
    IamAction { "lambda:GetAccountSettings", "the account's limit of concurrent executions" },
    IamAction { "lambda:ListEventSourceMappings", "which queues and streams feed the functions" },
    IamAction { "lambda:GetPolicy", "which APIs, topics and rules call the function" },
};

constexpr SourceCard the_card {
    .name = "lambda_state",
    .says = "Lambda functions: changes, time-outs, concurrency limits, event sources, what they call.",
    .iam_actions = iam_actions,
    .stage = SourceStage::map,
    .looks_back = Minutes { 180 },
};

constexpr int most_pages = 4; // of 50 functions, of 100 mappings
constexpr std::size_t most_own_functions = 10;
constexpr std::size_t most_concurrency_reads = 6;
constexpr std::size_t most_described = 60;

Resource function_of(Json const& configuration) {
    return { "lambda:function", text_at(configuration, "FunctionName"), text_at(configuration, "FunctionArn") };
}

} // namespace

// A configuration, from GetFunctionConfiguration or ListFunctions:
// https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
std::vector<Fact> lambda_function_facts(Json const& configuration, Window look) {
    auto const resource = function_of(configuration);
    auto const status = text_at(configuration, "State", "Active");
    auto const update = text_at(configuration, "LastUpdateStatus");
    // A function is Inactive when it was idle for weeks and wakes by itself.
    auto const health = status == "Failed" || update == "Failed" ? StateHealth::failed
        : status == "Pending" || update == "InProgress"          ? StateHealth::degraded
                                                                 : StateHealth::healthy;
    StateFact state { resource, health, {} };
    for (auto const* key : { "State", "StateReason", "LastUpdateStatus", "LastUpdateStatusReason", "Runtime",
             "Timeout", "MemorySize", "LastModified", "Version" })
        if (auto const value = text_at(configuration, key); !value.empty())
            state.attributes[key] = shown(value, 160);
    note_network_place(
        state, ids_at(configuration, "VpcConfig.SecurityGroupIds"), ids_at(configuration, "VpcConfig.SubnetIds"));
    if (auto const group = text_at(configuration, "LoggingConfig.LogGroup"); !group.empty())
        state.attributes["log_group"] = group;
    auto const timeout = number_at(configuration, "Timeout").value_or(0);
    auto const memory = number_at(configuration, "MemorySize").value_or(0);
    auto statement = resource.display() + " is " + shown(status, 40) + " with " + format_number(memory)
        + " MB and a time-out of " + format_number(timeout) + " s";
    if (health == StateHealth::failed)
        statement += "; its last update failed: "
            + shown(text_at(configuration, "LastUpdateStatusReason", text_at(configuration, "StateReason")), 160);
    std::vector<Fact> facts { fact_about(resource, {}, statement + ".", std::move(state),
        { { "state", status }, { "timeout", timeout }, { "memory", memory } }) };
    if (timeout > 0)
        facts.push_back(
            fact_about(resource, {}, resource.display() + " is stopped after " + format_number(timeout) + " s.",
                LimitFact { resource, "Duration", timeout * 1000, "time-out of the function" },
                { { "timeout_s", timeout } }));
    auto const modified = time_at(configuration, "LastModified");
    if (modified && look.contains(*modified))
        facts.push_back(fact_about(resource, *modified,
            resource.display() + " was changed (code or configuration) at " + format_clock(*modified) + " UTC.",
            ChangeFact { ChangeKind::deploy, "UpdateFunction", "lambda.amazonaws.com", "", { resource }, "" },
            { { "LastModified", format_time(*modified) } }));
    auto const* variables = find(configuration, "Environment.Variables");
    if (auto const* object = variables == nullptr ? nullptr : variables->if_object())
        for (auto const& pair : *object) {
            std::string const name(pair.key().data(), pair.key().size());
            auto const* value = pair.value().if_string();
            auto const target = value == nullptr
                ? std::nullopt
                : resource_of_variable(name, std::string_view(value->data(), value->size()));
            if (target && !(*target == resource))
                facts.push_back(
                    dependency_fact(resource, *target, shown(name, 80) + " in the function's environment", {}));
        }
    if (auto const queue = resource_from_arn(text_at(configuration, "DeadLetterConfig.TargetArn")))
        facts.push_back(dependency_fact(resource, *queue, "dead-letter target of the function", {}));
    return facts;
}

// The queue or stream calls the function.
std::vector<Fact> lambda_mapping_facts(Json const& mapping) {
    auto const function = resource_from_arn(text_at(mapping, "FunctionArn"));
    auto const source = resource_from_arn(text_at(mapping, "EventSourceArn"));
    if (!function || !source)
        return {};
    std::vector<Fact> facts { dependency_fact(*source, *function, "event source mapping", {}) };
    auto const state = text_at(mapping, "State");
    auto const result = text_at(mapping, "LastProcessingResult");
    bool const off = state != "Enabled" && !state.empty();
    bool const failing = contains_ignoring_case(result, "problem") || contains_ignoring_case(result, "failed");
    if (!off && !failing)
        return facts;
    StateFact fact { *function, off ? StateHealth::failed : StateHealth::degraded,
        { { "event_source", source->arn_or_name() }, { "mapping_state", shown(state, 40) },
            { "last_result", shown(result, 160) } } };
    facts.push_back(fact_about(*function, {},
        "The mapping of " + source->display() + " to " + function->display() + " is " + shown(state, 40)
            + (failing ? "; last result: " + shown(result, 160) : "") + ".",
        std::move(fact), { { "state", state }, { "result", result } }));
    return facts;
}

// https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html
std::vector<Fact> lambda_policy_facts(Resource const& function, Json const& answer) {
    std::vector<Fact> facts;
    for (auto const& sender : senders_in_policy(text_at(answer, "Policy")))
        facts.push_back(dependency_fact(sender, function, "the function's policy lets it call", {}));
    return facts;
}

std::optional<Fact> lambda_reserved_fact(Resource const& function, Json const& answer) {
    auto const reserved = number_at(answer, "ReservedConcurrentExecutions");
    if (!reserved)
        return std::nullopt;
    return fact_about(function, {},
        function.display() + " may run at most " + format_number(*reserved)
            + " times at once (reserved concurrency).",
        LimitFact { function, "ConcurrentExecutions", *reserved, "reserved concurrency of the function" },
        { { "reserved", *reserved } });
}

std::optional<Fact> lambda_account_fact(std::string const& account, Json const& answer) {
    auto const limit = number_at(answer, "AccountLimit.ConcurrentExecutions");
    if (!limit)
        return std::nullopt;
    Resource const resource { "account", account, {} };
    return fact_about(resource, {},
        "All functions of the account together may run " + format_number(*limit) + " times at once ("
            + format_number(number_at(answer, "AccountLimit.UnreservedConcurrentExecutions").value_or(*limit))
            + " unreserved).",
        LimitFact { resource, "ConcurrentExecutions", *limit, "concurrent executions of the account" },
        { { "limit", *limit } });
}

namespace {

struct FunctionList {
    std::vector<Json> configurations; // the alarm's own first, each once
    std::set<std::string> names;
    void take(Json const& configuration) {
        auto const name = text_at(configuration, "FunctionName");
        if (!name.empty() && names.insert(name).second)
            configurations.push_back(configuration);
    }
};

void add_functions(Answering& answering, FunctionList const& functions, Window look) {
    std::size_t described = 0;
    for (auto const& configuration : functions.configurations) {
        auto facts = lambda_function_facts(configuration, look);
        // In a large account only what says something: dependencies, changes and failures.
        if (++described > most_described)
            std::erase_if(facts, [](Fact const& fact) {
                auto const* state = std::get_if<StateFact>(&fact.detail);
                return std::holds_alternative<LimitFact>(fact.detail)
                    || (state != nullptr && state->health == StateHealth::healthy);
            });
        answering.add(std::move(facts),
            call_of("lambda", "GetFunctionConfiguration",
                { { "FunctionName", text_at(configuration, "FunctionName") } }));
    }
}

void add_concurrency(Answering& answering, FunctionList const& functions) {
    std::vector<AwsCall> calls;
    for (auto const& configuration : functions.configurations)
        if (calls.size() < most_concurrency_reads)
            calls.push_back(call_of(
                "lambda", "GetFunctionConcurrency", { { "FunctionName", text_at(configuration, "FunctionName") } }));
    auto const answers = answering.read_all(calls);
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (answers[i])
            if (auto fact = lambda_reserved_fact(function_of(functions.configurations[i]), *answers[i]))
                answering.add(*std::move(fact), calls[i]);
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    Window const look { question.now - look_back(the_card, question.depth), question.now + Minutes { 1 } };
    auto const settings_call = call_of("lambda", "GetAccountSettings");
    std::vector<AwsCall> calls { settings_call };
    auto const own = near_of_type(question, "lambda:function", most_own_functions);
    for (auto const* operation : { "GetFunctionConfiguration", "GetPolicy" }) // No policy at all is not_found.
        for (auto const& function : own)
            calls.push_back(call_of("lambda", operation, { { "FunctionName", function.name } }));
    auto const answers = answering.read_all(calls);
    auto const mappings_call = call_of("lambda", "ListEventSourceMappings");
    auto const lists = answering.read_lists(
        { { call_of("lambda", "ListFunctions"), "Functions", "Marker", "NextMarker", most_pages },
            { mappings_call, "EventSourceMappings", "Marker", "NextMarker", most_pages } });
    FunctionList functions;
    for (std::size_t i = 1; i < answers.size(); ++i) {
        if (answers[i] && i <= own.size())
            functions.take(*answers[i]);
        else if (answers[i])
            answering.add(lambda_policy_facts(own[i - 1 - own.size()], *answers[i]), calls[i]);
    }
    for (auto const& configuration : lists[0])
        functions.take(configuration);
    add_functions(answering, functions, look);
    for (auto const& mapping : lists[1])
        answering.add(lambda_mapping_facts(mapping), mappings_call);
    if (answers[0] && !functions.configurations.empty())
        if (auto fact = lambda_account_fact(question.account, *answers[0]))
            answering.add(*std::move(fact), settings_call);
    add_concurrency(answering, functions);
    return answering.take();
}

} // namespace

sources::Registered make_lambda_state() {
    return { &the_card, collect };
}

} // namespace convops
