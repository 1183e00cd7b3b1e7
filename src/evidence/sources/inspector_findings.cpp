// Known vulnerabilities and open network paths that Inspector sees on the resources near the alarm. They are no
// events: they tell how somebody may have come in.
#include "evidence/security_facts.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "inspector2:ListFindings", "whether these resources have known vulnerabilities" },
    IamAction { "inspector2:BatchGetAccountStatus", "whether Inspector watches this Region" },
};

constexpr SourceCard the_card {
    .name = "inspector_findings",
    .says = "Severe vulnerabilities of these resources that Inspector knows.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
    .looks_back = Hours { 24 },
    .deadline = Seconds { 10 },
};

// Ten values for one criterion: https://docs.aws.amazon.com/inspector/v2/APIReference/API_FilterCriteria.html
constexpr std::size_t most_values = 10;

bool is_not_enabled(Error const& error) {
    return contains_ignoring_case(error.message, "not enabled") || contains_ignoring_case(error.message, "disabled");
}

// Instances by id, functions by ARN, container images by ARN with their digest.
// https://docs.aws.amazon.com/inspector/v2/APIReference/API_Resource.html
std::optional<Resource> resource_of_entry(Json const& entry) {
    auto const id = shown(text_at(entry, "id"), 2'048);
    auto const type = text_at(entry, "type");
    if (id.empty())
        return std::nullopt;
    if (type == "AWS_EC2_INSTANCE")
        return Resource { "ec2:instance", id.substr(id.rfind('/') + 1), {} };
    if (type == "AWS_LAMBDA_FUNCTION") {
        if (auto known = resource_from_arn(id))
            return known;
        return Resource { "lambda:function", id.substr(0, id.find(':')), {} };
    }
    if (type == "AWS_ECR_CONTAINER_IMAGE") { // arn:aws:ecr:eu-west-1:1111:repository/shop/sha256:...
        auto const from = id.find("repository/");
        auto const name = from == std::string::npos ? id : id.substr(from + 11);
        return Resource { "ecr:repository", name.substr(0, name.find("/sha256:")), {} };
    }
    return std::nullopt;
}

} // namespace

std::vector<SecurityReport> inspector_reports(Json const& finding) {
    auto const first = time_at(finding, "firstObservedAt");
    if (!first || text_at(finding, "status", "ACTIVE") != "ACTIVE")
        return {};
    auto const vulnerability = text_at(finding, "packageVulnerabilityDetails.vulnerabilityId");
    std::vector<SecurityReport> reports;
    for (auto const& entry : list_at(finding, "resources")) {
        auto resource = resource_of_entry(entry);
        if (!resource)
            continue;
        SecurityReport report;
        report.finding.resource = *std::move(resource);
        report.finding.service = "Inspector";
        report.finding.type
            = shown(text_at(finding, "type") + (vulnerability.empty() ? "" : " " + vulnerability), 120);
        // Its own score is CVSS, 0 to 10, where it has one.
        // https://docs.aws.amazon.com/inspector/latest/user/findings-understanding-score.html
        report.finding.severity = std::clamp(
            number_at(finding, "inspectorScore").value_or(severity_of_label(text_at(finding, "severity"))), 0.0,
            10.0);
        report.finding.first_seen = *first;
        report.finding.last_seen
            = time_at(finding, "lastObservedAt").value_or(time_at(finding, "updatedAt").value_or(*first));
        report.id = text_at(finding, "findingArn");
        report.title = text_at(finding, "title");
        report.stays = true;
        report.link = "https://{region}.console.aws.amazon.com/inspector/v2/home#/findings/all";
        reports.push_back(std::move(report));
    }
    return reports;
}

namespace {

JsonObject equals(std::string_view value) {
    return { { "comparison", "EQUALS" }, { "value", value } };
}

AwsCall findings_call(Question const& question, JsonObject criteria) {
    criteria["findingStatus"] = JsonArray { equals("ACTIVE") };
    if (!question.account.empty()) // An administrator account sees those of all its members.
        criteria["awsAccountId"] = JsonArray { equals(question.account) };
    return call_of("inspector2", "ListFindings",
        { { "filterCriteria", std::move(criteria) },
            { "sortCriteria", JsonObject { { "field", "SEVERITY" }, { "sortOrder", "DESC" } } },
            { "maxResults", 50 } });
}

// What is new and severe anywhere, and what is critical on the instances and functions near the alarm.
std::vector<AwsCall> calls_for(Question const& question, Window look) {
    std::vector<AwsCall> calls;
    calls.push_back(findings_call(question,
        { { "severity", JsonArray { equals("CRITICAL"), equals("HIGH") } },
            { "firstObservedAt",
                JsonArray { JsonObject {
                    { "startInclusive", format_time(look.from) }, { "endInclusive", format_time(look.to) } } } } }));
    JsonArray instances;
    JsonArray functions;
    for (auto const& resource : near_of_type(question, "ec2:instance", most_values))
        if (instances.size() < most_values)
            instances.push_back(equals(resource.name));
    for (auto const& resource : near_of_type(question, "lambda:function", most_values))
        if (functions.size() < most_values)
            functions.push_back(equals(resource.name));
    // Different criteria of one call must all hold, so each type has a call of its own.
    if (!instances.empty())
        calls.push_back(findings_call(
            question, { { "severity", JsonArray { equals("CRITICAL") } }, { "resourceId", instances } }));
    if (!functions.empty())
        calls.push_back(findings_call(
            question, { { "severity", JsonArray { equals("CRITICAL") } }, { "lambdaFunctionName", functions } }));
    return calls;
}

// An empty list looks the same whether Inspector is off or has nothing to say.
void say_if_not_enabled(Answering& answering) {
    auto const call = call_of("inspector2", "BatchGetAccountStatus");
    auto const status = answering.read(call);
    if (!status)
        return;
    auto const& accounts = list_at(*status, "accounts");
    if (accounts.empty())
        return;
    auto const state = text_at(accounts.front(), "state.status");
    if (state == "DISABLED" || state == "SUSPENDED")
        answering.add(not_enabled_fact("Inspector", answering.question()), call);
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const look = findings_window(the_card, question);
    auto const calls = calls_for(question, look);
    auto const answers = aws.call_all(calls);
    std::vector<SecurityReport> reports;
    std::set<std::string> seen;
    bool nothing = true;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (!answers[i] && is_not_enabled(answers[i].error()))
            return answer_not_enabled(answering, "Inspector", calls[i]);
        if (!answers[i]) {
            answering.failed(calls[i], answers[i].error());
            nothing = false;
            continue;
        }
        for (auto const& finding : list_at(*answers[i], "findings")) {
            nothing = false;
            if (seen.insert(text_at(finding, "findingArn")).second)
                for (auto& report : inspector_reports(finding))
                    reports.push_back(std::move(report));
        }
    }
    if (nothing)
        say_if_not_enabled(answering);
    constexpr std::size_t most_facts = 10;
    return answer_with(answering, std::move(reports), look, calls.front(), most_facts);
}

} // namespace

sources::Registered make_inspector_findings() {
    return { &the_card, collect };
}

} // namespace convops
