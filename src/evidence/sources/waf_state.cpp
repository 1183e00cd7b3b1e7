// Web ACLs in front of what is near the alarm, and how many requests each of their rules blocks. The rules are read
// from the ACL, the counts from CloudWatch by rule.
#include "evidence/metric_facts.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "wafv2:GetWebACLForResource", "which web ACL stands in front of the load balancer" },
    IamAction { "wafv2:GetWebACL", "the rules of the web ACL" },
    IamAction { "wafv2:ListWebACLs", "which web ACLs exist" },
    IamAction { "cloudwatch:GetMetricData", "which rules block requests" },
    IamAction { "cloudwatch:ListMetrics", "which web ACLs have metrics, where they may not be read" },
};

constexpr SourceCard the_card {
    .name = "waf_state",
    .says = "Web ACLs of AWS WAF: rules, requests blocked by each.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
    .looks_back = Minutes { 360 },
};

constexpr std::size_t most_protected = 3; // load balancers that are asked about
constexpr std::size_t most_acls = 3;
constexpr std::size_t most_rules = 30; // of one ACL

struct Acl {
    Json acl;
    AwsCall read_by;
    std::optional<Resource> protects;
};

// Only application load balancers can have one.
// https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html
bool can_be_protected(Resource const& resource) {
    return resource.name.starts_with("app/");
}

std::string arn_of(Resource const& balancer, Question const& question) {
    if (!balancer.arn.empty())
        return balancer.arn;
    for (auto const& [fact, state] : question.map.all<StateFact>())
        if (state->resource == balancer && !state->resource.arn.empty())
            return state->resource.arn;
    return {};
}

// regional/webacl/NAME/ID, as the ARN of a web ACL ends.
std::optional<AwsCall> call_for_acl(std::string_view arn) {
    auto const steps = split(arn.substr(arn.rfind(':') + 1), '/');
    if (steps.size() != 4 || steps[1] != "webacl")
        return std::nullopt;
    return call_of("wafv2", "GetWebACL",
        { { "Name", steps[2] }, { "Id", steps[3] }, { "Scope", steps[0] == "global" ? "CLOUDFRONT" : "REGIONAL" } });
}

bool blocks(Json const& rule) {
    // A rule group has no action of its own; its rules may block unless it is overridden to count.
    return find(rule, "Action.Block") != nullptr
        || (find(rule, "Action") == nullptr && find(rule, "OverrideAction.Count") == nullptr);
}

} // namespace

// https://docs.aws.amazon.com/waf/latest/APIReference/API_WebACL.html
std::vector<Fact> waf_acl_facts(Json const& acl, std::optional<Resource> const& protects) {
    auto const resource = resource_from_arn(text_at(acl, "ARN"));
    if (!resource || resource->type != "waf:web_acl")
        return {};
    std::vector<std::string> blocking;
    std::vector<std::string> counting;
    for (auto const& rule : list_at(acl, "Rules"))
        if (blocking.size() + counting.size() < most_rules)
            (blocks(rule) ? blocking : counting).push_back(shown(text_at(rule, "Name"), 80));
    bool const closed = find(acl, "DefaultAction.Block") != nullptr;
    StateFact state { *resource, StateHealth::unknown, // That rules block is what they are for.
        { { "default_action", closed ? "block" : "allow" },
            { "blocking_rules", shown(join(blocking, ", "), 300) } } };
    std::vector<Fact> facts { fact_about(*resource, {},
        resource->display() + " has " + std::to_string(blocking.size()) + " rules that block"
            + (blocking.empty() ? "" : " (" + shown(join(blocking, ", "), 300) + ")") + "; what no rule matches is "
            + (closed ? "blocked" : "allowed") + ".",
        std::move(state),
        { { "blocking", blocking.size() }, { "counting", counting.size() },
            { "default_action", closed ? "block" : "allow" } }) };
    if (protects)
        facts.push_back(dependency_fact(*protects, *resource, "web ACL in front of it", {}));
    return facts;
}

// "The dimension is the metric name of the rule"; regional metrics have the Region too.
// https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
std::vector<MetricAbout> waf_metrics_of(Json const& acl, std::string const& region) {
    auto const resource = resource_from_arn(text_at(acl, "ARN"));
    auto const acl_name = text_at(acl, "VisibilityConfig.MetricName");
    std::vector<MetricAbout> asked;
    if (!resource || acl_name.empty())
        return asked;
    bool const regional = text_at(acl, "ARN").find(":global/") == std::string::npos;
    auto const ask = [&](char const* name, std::string const& rule) {
        MetricId metric { "AWS/WAFV2", name, { { "WebACL", acl_name }, { "Rule", rule } } };
        if (regional)
            metric.dimensions["Region"] = region;
        asked.push_back({ *resource, std::move(metric), "Sum", Closeness::neighbour, "rule " + rule });
    };
    ask("AllowedRequests", "ALL"); // what a rule's blocking is compared with
    for (auto const& rule : list_at(acl, "Rules"))
        if (auto const name = text_at(rule, "VisibilityConfig.MetricName");
            !name.empty() && asked.size() <= most_rules)
            ask("BlockedRequests", name);
    if (find(acl, "DefaultAction.Block") != nullptr)
        ask("BlockedRequests", "Default_Action");
    return asked;
}

namespace {

// What the web ACLs of the Region block in all, by their metrics' names: CloudWatch is another permission. Which of
// them stands in front is not known then.
std::vector<MetricAbout> metrics_without_acls(Answering& answering) {
    auto const& region = answering.question().region;
    std::vector<MetricAbout> asked;
    for (auto const& name :
        measured_names(answering, { "AWS/WAFV2", "BlockedRequests", { { "Rule", "ALL" }, { "Region", region } } },
            "WebACL", reach(answering.question().depth, most_acls)))
        for (auto const* metric : { "AllowedRequests", "BlockedRequests" })
            asked.push_back({ { "waf:web_acl", name, {} },
                { "AWS/WAFV2", metric, { { "WebACL", name }, { "Rule", "ALL" }, { "Region", region } } }, "Sum",
                Closeness::elsewhere, "all rules" });
    return asked;
}

std::vector<Acl> acls_near(Answering& answering) {
    auto const& question = answering.question();
    std::vector<AwsCall> calls;
    std::vector<std::optional<Resource>> protects;
    for (auto const& balancer : near_of_type(question, "elb:load_balancer", most_protected))
        if (auto const arn = arn_of(balancer, question); can_be_protected(balancer) && !arn.empty()) {
            calls.push_back(call_of("wafv2", "GetWebACLForResource", { { "ResourceArn", arn } }));
            protects.emplace_back(balancer);
        }
    // An API's stage tells its web ACL itself (api_gateway_state).
    for (auto const& [fact, edge] : question.map.all<DependencyFact>())
        if (edge->to.type == "waf:web_acl" && calls.size() < most_protected + most_acls)
            if (auto call = call_for_acl(edge->to.arn)) {
                calls.push_back(*std::move(call));
                protects.emplace_back(); // The edge is there already.
            }
    auto const own = near_of_type(question, "waf:web_acl", 1);
    if (!own.empty() && is_centre(question, own.front())) {
        auto const list = call_of("wafv2", "ListWebACLs", { { "Scope", "REGIONAL" }, { "Limit", 100 } });
        for (auto const& acl : answering.read_pages({ list, "WebACLs", "NextMarker", "NextMarker", 1 }))
            if (auto call = call_for_acl(text_at(acl, "ARN")); call && text_at(acl, "Name") == own.front().name) {
                calls.push_back(*std::move(call));
                protects.emplace_back();
            }
    }
    auto const answers = answering.read_all(calls);
    std::vector<Acl> acls;
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (auto const* acl = answers[i] ? find(*answers[i], "WebACL") : nullptr;
            acl != nullptr && acls.size() < reach(question.depth, most_acls))
            acls.push_back({ *acl, calls[i], protects[i] });
    return acls;
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    std::vector<MetricAbout> asked;
    std::set<std::string> seen;
    for (auto const& acl : acls_near(answering)) {
        answering.add(waf_acl_facts(acl.acl, acl.protects), acl.read_by);
        if (seen.insert(text_at(acl.acl, "ARN")).second)
            for (auto& metric : waf_metrics_of(acl.acl, question.region))
                asked.push_back(std::move(metric));
    }
    bool const not_read = seen.empty() && !answering.nothing_so_far();
    if (not_read)
        asked = metrics_without_acls(answering);
    add_metrics_about(answering, asked);
    return answering.take();
}

} // namespace

sources::Registered make_waf_state() {
    return { &the_card, collect };
}

} // namespace convops
