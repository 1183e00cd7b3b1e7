// What GuardDuty found on the resources near the alarm, and what severe thing it found anywhere since.
#include "evidence/security_facts.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "guardduty:ListDetectors", "whether GuardDuty watches this Region" },
    IamAction { "guardduty:ListFindings", "whether GuardDuty saw an attack" },
    IamAction { "guardduty:GetFindings", "whether GuardDuty saw an attack" },
};

constexpr SourceCard the_card {
    .name = "guardduty_findings",
    .says = "Attacks and compromised resources that GuardDuty reported.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
    .looks_back = Hours { 6 },
    .looks_back_deep = Hours { 72 },
    // "GuardDuty generates a finding ... within approximately 5 minutes"; later sightings of the same are exported
    // every six hours. https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html
    .settles_after = Minutes { 5 },
    .deadline = Seconds { 10 },
};

// At most 50 ids a page, and as many findings a call:
// https://docs.aws.amazon.com/guardduty/latest/APIReference/API_ListFindings.html
constexpr int ids_a_page = 50;
constexpr std::size_t most_ids_a_call = 50;

// "service:checkout" of an ECS task, or the cluster when a finding names no task.
std::optional<Resource> ecs_resource(Json const& resource) {
    auto const cluster = text_at(resource, "ecsClusterDetails.name");
    if (cluster.empty())
        return std::nullopt;
    auto const group = text_at(resource, "ecsClusterDetails.taskDetails.group");
    if (group.starts_with("service:"))
        return Resource { "ecs:service", cluster + "/" + group.substr(8), {} };
    return Resource { "ecs:cluster", cluster, text_at(resource, "ecsClusterDetails.arn") };
}

// What the finding is about, as our types spell it. The shapes:
// https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Resource.html
Resource resource_of_finding(Json const& finding) {
    static Json const nothing = nullptr;
    auto const* found = find(finding, "resource");
    auto const& resource = found == nullptr ? nothing : *found;
    if (auto ecs = ecs_resource(resource))
        return *std::move(ecs);
    struct Place {
        std::string_view path;
        std::string_view type;
    };
    constexpr auto places = std::to_array<Place>({ { "lambdaDetails.functionName", "lambda:function" },
        { "rdsDbInstanceDetails.dbInstanceIdentifier", "rds:instance" }, { "eksClusterDetails.name", "eks:cluster" },
        { "instanceDetails.instanceId", "ec2:instance" } });
    for (auto const& place : places)
        if (auto const name = text_at(resource, place.path); !name.empty())
            return { std::string(place.type), shown(name, 200), {} };
    for (auto const& bucket : list_at(resource, "s3BucketDetails"))
        if (auto const name = text_at(bucket, "name"); !name.empty())
            return { "s3:bucket", shown(name, 200), {} };
    if (auto const user = text_at(resource, "accessKeyDetails.userName"); !user.empty()) {
        auto const type = text_at(resource, "accessKeyDetails.userType");
        bool const is_role = type == "Role" || type == "AssumedRole";
        return { is_role ? "iam:role" : "iam:user", shown(user, 200), {} };
    }
    return { "account", text_at(finding, "accountId"), {} };
}

std::string finding_page(std::string_view id, std::string_view region) {
    bool const plain = !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    });
    return plain ? "https://{region}.console.aws.amazon.com/guardduty/home?region=" + std::string(region)
            + "#/findings?macros=current&fId=" + std::string(id)
                 : "";
}

} // namespace

// nullopt for what is archived, is a sample, or says too little.
std::optional<SecurityReport> guardduty_report(Json const& finding, std::string_view region) {
    auto const first = time_at(finding, "service.eventFirstSeen");
    auto const seen = first ? first : time_at(finding, "createdAt");
    if (!seen || text_at(finding, "type").empty() || flag_at(finding, "service.archived"))
        return std::nullopt;
    // Findings that somebody generated to try it out say so.
    // https://docs.aws.amazon.com/guardduty/latest/ug/sample_findings.html
    if (text_at(finding, "title").starts_with("[SAMPLE]") || flag_at(finding, "service.additionalInfo.sample")
        || text_at(finding, "service.additionalInfo.value").find("\"sample\":true") != std::string::npos)
        return std::nullopt;
    SecurityReport report;
    report.finding.resource = resource_of_finding(finding);
    report.finding.service = "GuardDuty";
    report.finding.type = shown(text_at(finding, "type"), 120);
    report.finding.severity = std::clamp(number_at(finding, "severity").value_or(0), 0.0, 10.0);
    report.finding.first_seen = *seen;
    report.finding.last_seen
        = time_at(finding, "service.eventLastSeen").value_or(time_at(finding, "updatedAt").value_or(*seen));
    report.id = text_at(finding, "id");
    report.title = text_at(finding, "title");
    report.link = finding_page(report.id, region);
    return report;
}

namespace {

AwsCall list_call(std::string const& detector, Window look) {
    // Times are Unix milliseconds here, and archived findings come unless they are asked not to.
    // https://docs.aws.amazon.com/guardduty/latest/APIReference/API_ListFindings.html
    return call_of("guardduty", "ListFindings",
        { { "detectorId", detector },
            { "findingCriteria",
                JsonObject { { "criterion",
                    JsonObject { { "updatedAt",
                                     JsonObject { { "greaterThanOrEqual", look.from.time_since_epoch().count() } } },
                        { "service.archived", JsonObject { { "equals", JsonArray { "false" } } } } } } } },
            { "sortCriteria", JsonObject { { "attributeName", "severity" }, { "orderBy", "DESC" } } },
            { "maxResults", ids_a_page } });
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const list_detectors = call_of("guardduty", "ListDetectors");
    auto const detectors = answering.read(list_detectors);
    if (!detectors)
        return answering.take();
    auto const& ids = list_at(*detectors, "detectorIds");
    if (ids.empty()) {
        // An answer without the list at all says nothing about the account.
        return find(*detectors, "detectorIds") != nullptr ? answer_not_enabled(answering, "GuardDuty", list_detectors)
                                                          : answering.take();
    }
    // A Region has one detector. https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_concepts.html
    auto const detector = text_at(ids.front(), "");
    auto const look = findings_window(the_card, question);
    auto const list = list_call(detector, look);
    auto const listed = answering.read_pages(list, "findingIds", "nextToken", "nextToken", 1);
    if (listed.empty())
        return answering.take();
    JsonArray wanted;
    for (auto const& id : listed)
        if (wanted.size() < most_ids_a_call)
            wanted.push_back(id);
    auto const get
        = call_of("guardduty", "GetFindings", { { "detectorId", detector }, { "findingIds", std::move(wanted) } });
    std::vector<SecurityReport> reports;
    if (auto const found = answering.read(get))
        for (auto const& finding : list_at(*found, "findings"))
            if (auto report = guardduty_report(finding, question.region))
                reports.push_back(*std::move(report));
    return answer_with(answering, std::move(reports), look, get);
}

} // namespace

sources::Registered make_guardduty_findings() {
    return { &the_card, collect };
}

} // namespace convops
