// API Gateway: the alarm's API with its stages, throttling limits and last deployment, and what its integrations
// call. CloudWatch knows a REST API by its name and everybody else by its id, so the two are tied together here.
#include "evidence/answering.h"
#include "evidence/endpoints.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

// IAM knows reads of both kinds of API by one action:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
constexpr std::array iam_actions {
    IamAction { "apigateway:GET", "the stages, limits, deployments and integrations of the API" },
};

constexpr SourceCard the_card {
    .name = "api_gateway_state",
    .says = "API Gateway: stages, throttling limits, last deployment, what the API calls.",
    .iam_actions = iam_actions,
    .stage = SourceStage::map,
    .looks_back = Minutes { 180 },
};

constexpr std::size_t most_apis = 3; // of the alarm
constexpr std::size_t most_names_tied = 20;
constexpr std::size_t most_stages = 6;
constexpr std::size_t most_integrations = 60;
constexpr int most_pages = 2;

// "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:...:function:pay/invocations": the
// function is inside. https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
std::optional<Resource> target_of(std::string const& uri) {
    if (auto const inner = uri.find("functions/arn:"); inner != std::string::npos) {
        auto const arn = uri.substr(inner + 10);
        return resource_from_arn(arn.substr(0, arn.find('/')));
    }
    if (uri.starts_with("arn:") && uri.find(":apigateway:") != std::string::npos) {
        // "arn:aws:apigateway:eu-west-1:sqs:path/111122223333/orders", "...:dynamodb:action/PutItem"
        auto const parts = split(uri, ':');
        if (parts.size() >= 6 && parts[4] == "sqs" && parts[5].starts_with("path/"))
            return Resource { "sqs:queue", parts[5].substr(parts[5].rfind('/') + 1), {} };
        return std::nullopt;
    }
    return resource_of_endpoint(uri);
}

std::string with_stage_variables(std::string uri, Json const& variables) {
    auto const* object = variables.if_object();
    if (object == nullptr || uri.find("${stageVariables.") == std::string::npos)
        return uri;
    for (auto const& pair : *object)
        if (auto const* value = pair.value().if_string(); value != nullptr && value->size() <= 512)
            uri = replace_all(std::move(uri), "${stageVariables." + std::string(pair.key()) + "}",
                std::string(value->data(), value->size()));
    return uri;
}

void add_target(std::vector<Fact>& facts, Resource const& api, std::string const& uri, std::string const& how) {
    auto const target = target_of(uri);
    if (!target || target->name.find("${") != std::string::npos || facts.size() >= most_integrations)
        return;
    auto const known = std::any_of(facts.begin(), facts.end(), [&](Fact const& fact) {
        auto const* edge = std::get_if<DependencyFact>(&fact.detail);
        return edge != nullptr && edge->to == *target;
    });
    if (!known)
        facts.push_back(dependency_fact(api, *target, how, {}));
}

struct Stage {
    std::string name;
    std::string deployment;
    double rate = 0; // requests a second; 0: the account's limit
    double burst = 0;
    std::string trouble;
    std::string web_acl;
};

Fact stage_fact(Resource const& api, Stage const& stage) {
    StateFact state { api, stage.trouble.empty() ? StateHealth::healthy : StateHealth::degraded,
        { { "stage", stage.name }, { "deployment", stage.deployment } } };
    auto statement = "Stage " + stage.name + " of " + api.display()
        + (stage.deployment.empty() ? std::string(" has no deployment") : " runs deployment " + stage.deployment);
    if (stage.rate > 0) {
        state.attributes["throttling_rate"] = format_number(stage.rate);
        statement += " and takes " + format_number(stage.rate) + " requests a second"
            + (stage.burst > 0 ? " (bursts of " + format_number(stage.burst) + ")" : "");
    }
    if (!stage.trouble.empty()) {
        state.attributes["status"] = stage.trouble;
        statement += "; its last deployment says: " + quoted_words(stage.trouble, 160);
    }
    return fact_about(api, {}, statement + ".", std::move(state),
        { { "stage", stage.name }, { "deployment", stage.deployment }, { "rate", stage.rate } });
}

std::vector<Fact> facts_of_stage(Resource const& api, Stage const& stage) {
    std::vector<Fact> facts { stage_fact(api, stage) };
    if (stage.rate > 0) {
        auto const basis = "throttling limit of stage " + stage.name + ", requests a second";
        facts.push_back(fact_about(api, {},
            api.display() + " takes " + format_number(stage.rate) + " requests a second in stage " + stage.name + ".",
            LimitFact { api, "Count", stage.rate, basis }, { { "rate", stage.rate }, { "burst", stage.burst } }));
    }
    if (auto const acl = resource_from_arn(stage.web_acl))
        facts.push_back(dependency_fact(api, *acl, "web ACL in front of stage " + stage.name, {}));
    return facts;
}

} // namespace

// REST: https://docs.aws.amazon.com/apigateway/latest/api/API_GetStages.html
std::vector<Fact> rest_stage_facts(Resource const& api, Json const& answer) {
    std::vector<Fact> facts;
    std::size_t told = 0;
    for (auto const& item : list_at(answer, "item")) {
        if (told++ == most_stages)
            break;
        Stage stage { shown(text_at(item, "stageName"), 60), shown(text_at(item, "deploymentId"), 40), 0, 0, {},
            text_at(item, "webAclArn") };
        // Settings of all methods stand under "*/*"; a path's own would be "~1orders/GET". The key holds no dot.
        if (auto const* all = find(item, "methodSettings.*/*")) {
            stage.rate = number_at(*all, "throttlingRateLimit").value_or(0);
            stage.burst = number_at(*all, "throttlingBurstLimit").value_or(0);
        }
        for (auto& fact : facts_of_stage(api, stage))
            facts.push_back(std::move(fact));
    }
    return facts;
}

// HTTP and WebSocket: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html
std::vector<Fact> http_stage_facts(Resource const& api, Json const& answer) {
    std::vector<Fact> facts;
    std::size_t told = 0;
    for (auto const& item : list_at(answer, "items")) {
        if (told++ == most_stages)
            break;
        Stage stage { shown(text_at(item, "stageName"), 60), shown(text_at(item, "deploymentId"), 40),
            number_at(item, "defaultRouteSettings.throttlingRateLimit").value_or(0),
            number_at(item, "defaultRouteSettings.throttlingBurstLimit").value_or(0), {}, {} };
        auto const message = shown(text_at(item, "lastDeploymentStatusMessage"), 200);
        if (contains_ignoring_case(message, "fail") || contains_ignoring_case(message, "error"))
            stage.trouble = message;
        for (auto& fact : facts_of_stage(api, stage))
            facts.push_back(std::move(fact));
    }
    return facts;
}

// Of both kinds: the entries differ in the name of the id only.
std::vector<Fact> api_deployment_facts(Resource const& api, JsonArray const& deployments, Window look) {
    std::vector<Fact> facts;
    for (auto const& deployment : deployments) {
        auto const id = shown(text_at(deployment, "id", text_at(deployment, "deploymentId")), 40);
        auto const at = time_at(deployment, "createdDate");
        if (!at || !look.contains(*at))
            continue;
        bool const failed = text_at(deployment, "deploymentStatus") == "FAILED";
        auto const words
            = shown(text_at(deployment, "description", text_at(deployment, "deploymentStatusMessage")), 120);
        facts.push_back(fact_about(api, *at,
            "Deployment " + id + " of " + api.display() + (failed ? " failed at " : " was made at ")
                + format_clock(*at) + " UTC" + (words.empty() ? "" : ": " + quoted_words(words)) + ".",
            ChangeFact { ChangeKind::deploy, "CreateDeployment", "apigateway.amazonaws.com", "", { api }, "", failed,
                flag_at(deployment, "autoDeployed") },
            { { "deployment", id }, { "createdDate", format_time(*at) } }));
    }
    return facts;
}

// GetResources with embedded methods. `variables` are those of the stages, under each of which the API is served.
std::vector<Fact> rest_integration_facts(Resource const& api, JsonArray const& resources, Json const& variables) {
    std::vector<Fact> facts;
    for (auto const& resource : resources) {
        auto const* methods = find(resource, "resourceMethods");
        auto const* object = methods == nullptr ? nullptr : methods->if_object();
        if (object == nullptr)
            continue;
        for (auto const& pair : *object)
            add_target(facts, api, with_stage_variables(text_at(pair.value(), "methodIntegration.uri"), variables),
                "integration of " + shown(std::string(pair.key()) + " " + text_at(resource, "path"), 120));
    }
    return facts;
}

// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html
std::vector<Fact> http_integration_facts(Resource const& api, JsonArray const& integrations) {
    std::vector<Fact> facts;
    for (auto const& integration : integrations)
        add_target(facts, api, text_at(integration, "integrationUri"),
            "integration " + shown(text_at(integration, "integrationId"), 40));
    return facts;
}

namespace {

struct Api {
    Resource resource; // as the alarm names it
    std::string id;
    bool rest = true;
};

bool is_asked_for(Question const& question, std::string const& name, std::string const& id) {
    return is_centre(question, { "apigateway:api", name, {} }) || is_centre(question, { "apigateway:api", id, {} });
}

std::vector<Api> own_apis(Answering& answering, AwsCall const& rest_call, std::vector<JsonArray> const& lists) {
    auto const& question = answering.question();
    std::vector<Api> own;
    std::size_t tied = 0;
    for (auto const& item : lists[0]) {
        auto const id = text_at(item, "id");
        auto const name = text_at(item, "name");
        bool const asked = is_asked_for(question, name, id);
        if (!id.empty() && !name.empty() && id != name && (asked || tied++ < most_names_tied))
            answering.add(dependency_fact(
                              { "apigateway:api", name, {} }, { "apigateway:api", id, {} }, "id of the REST API", {}),
                rest_call);
        if (asked)
            own.push_back({ { "apigateway:api", name, {} }, id, true });
    }
    for (auto const& item : lists[1])
        if (auto const id = text_at(item, "apiId"); is_asked_for(question, id, id))
            own.push_back({ { "apigateway:api", id, {} }, id, false });
    if (own.size() > most_apis)
        own.resize(most_apis);
    return own;
}

// The variables of every stage, the first stage's word first.
Json variables_of(Json const& stages) {
    JsonObject all;
    for (auto const& stage : list_at(stages, "item"))
        if (auto const* variables = find(stage, "variables"))
            if (auto const* object = variables->if_object())
                for (auto const& pair : *object)
                    all.emplace(pair.key(), pair.value());
    return all;
}

// The console knows an API by its id. Stages have a page of their own.
enum class Page : std::uint8_t { api, stages };
std::vector<Fact> on_page(Page page, Api const& api, std::vector<Fact> facts) {
    std::string const console = "https://{region}.console.aws.amazon.com/apigateway/main/";
    auto const id = shown(api.id, 40);
    bool const plain
        = std::all_of(id.begin(), id.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
    auto const where = api.rest ? "apis/" + id + (page == Page::stages ? "/stages" : "/resources")
        : page == Page::stages  ? std::string("stages")
                                : std::string("api-detail");
    for (auto& fact : facts)
        if (plain && !id.empty())
            fact.link = console + where + "?api=" + id + "&region={region}";
    return facts;
}

void look_at_rest(Answering& answering, Api const& api, Window look) {
    JsonObject const id { { "restApiId", api.id } };
    auto const stages_call = call_of("apigateway", "GetStages", id);
    auto const deployments_call
        = call_of("apigateway", "GetDeployments", { { "restApiId", api.id }, { "limit", 100 } });
    std::vector<AwsCall> const calls { stages_call, deployments_call };
    auto const answers = answering.read_all(calls);
    if (answers[0])
        answering.add(on_page(Page::stages, api, rest_stage_facts(api.resource, *answers[0])), stages_call);
    if (answers[1])
        answering.add(
            on_page(Page::stages, api, api_deployment_facts(api.resource, list_at(*answers[1], "item"), look)),
            deployments_call);
    auto const call = call_of("apigateway", "GetResources",
        { { "restApiId", api.id }, { "embed", JsonArray { "methods" } }, { "limit", 500 } });
    auto const resources = answering.read_pages({ call, "item", "position", "position", most_pages });
    answering.add(
        on_page(Page::api, api,
            rest_integration_facts(api.resource, resources, answers[0] ? variables_of(*answers[0]) : Json(nullptr))),
        call);
}

void look_at_http(Answering& answering, Api const& api, Window look) {
    std::vector<AwsCall> calls;
    for (auto const* operation : { "GetStages", "GetDeployments", "GetIntegrations" })
        calls.push_back(call_of("apigatewayv2", operation, { { "ApiId", api.id }, { "MaxResults", "100" } }));
    auto const answers = answering.read_all(calls);
    if (answers[0])
        answering.add(on_page(Page::stages, api, http_stage_facts(api.resource, *answers[0])), calls[0]);
    if (answers[1])
        answering.add(
            on_page(Page::stages, api, api_deployment_facts(api.resource, list_at(*answers[1], "items"), look)),
            calls[1]);
    if (answers[2])
        answering.add(
            on_page(Page::api, api, http_integration_facts(api.resource, list_at(*answers[2], "items"))), calls[2]);
}

// Without a limit of its own, a stage shares the account's:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
void look_at_account(Answering& answering) {
    auto const call = call_of("apigateway", "GetAccount");
    auto const answer = answering.read(call);
    auto const rate = answer ? number_at(*answer, "throttleSettings.rateLimit").value_or(0) : 0;
    if (!(rate > 0))
        return;
    Resource const account { "account", answering.question().account, {} };
    answering.add(fact_about(account, {},
                      "All APIs of the account together take " + format_number(rate) + " requests a second.",
                      LimitFact { account, "Count", rate, "throttling limit of the account, requests a second" },
                      { { "rate", rate } }),
        call);
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    bool const about_api = !near_of_type(question, "apigateway:api", 1).empty();
    if (!about_api && near_of_type(question, "lambda:function", 1).empty())
        return answering.take();
    auto const rest_call = call_of("apigateway", "GetRestApis", { { "limit", 500 } });
    std::vector<PagedRead> reads { { rest_call, "item", "position", "position", most_pages } };
    if (about_api)
        reads.push_back({ call_of("apigatewayv2", "GetApis", { { "MaxResults", "500" } }), "items", "NextToken",
            "nextToken", most_pages });
    auto lists = answering.read_lists(reads);
    lists.resize(2);
    Window const look { question.now - look_back(the_card, question.depth), question.now + Minutes { 1 } };
    auto const own = own_apis(answering, rest_call, lists);
    for (auto const& api : own)
        api.rest ? look_at_rest(answering, api, look) : look_at_http(answering, api, look);
    if (!own.empty())
        look_at_account(answering);
    return answering.take();
}

} // namespace

sources::Registered make_api_gateway_state() {
    return { &the_card, collect };
}

} // namespace convops
