// What Security Hub holds about the resources near the alarm: findings of AWS's own services and of other vendors, in
// one format (ASFF).
#include "evidence/security_facts.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "securityhub:GetFindings", "whether a security product reported something" },
};

constexpr SourceCard the_card {
    .name = "security_hub_findings",
    .says = "Security findings that Security Hub gathered.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
    .looks_back = Hours { 6 },
    .looks_back_deep = Hours { 72 },
    // "Security Hub usually ... within five minutes" of the product's own finding.
    // https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
    .settles_after = Minutes { 5 },
    .deadline = Seconds { 10 },
};

constexpr int most_pages = 2; // of 100 each

// "Account 1234 is not subscribed to AWS Security Hub": InvalidAccessException, an error of its own, not a missing
// permission. https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_GetFindings.html#API_GetFindings_Errors
bool is_not_enabled(Error const& error) {
    return contains_ignoring_case(error.message, "not subscribed to AWS Security Hub")
        || (contains_ignoring_case(error.message, "InvalidAccess")
            && contains_ignoring_case(error.message, "Security Hub"));
}

struct AsffType {
    std::string_view asff;
    std::string_view type;
};
// https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resources.html
constexpr auto asff_types = std::to_array<AsffType>({ { "AwsEc2Instance", "ec2:instance" },
    { "AwsEc2Volume", "ebs:volume" }, { "AwsRdsDbInstance", "rds:instance" }, { "AwsRdsDbCluster", "rds:cluster" },
    { "AwsLambdaFunction", "lambda:function" }, { "AwsS3Bucket", "s3:bucket" }, { "AwsSqsQueue", "sqs:queue" },
    { "AwsSnsTopic", "sns:topic" }, { "AwsDynamoDbTable", "dynamodb:table" }, { "AwsEksCluster", "eks:cluster" },
    { "AwsAutoScalingAutoScalingGroup", "autoscaling:group" }, { "AwsIamUser", "iam:user" },
    { "AwsIamRole", "iam:role" }, { "AwsIamAccessKey", "iam:user" } });

// The id is an ARN where the resource has one. Some products write the partition or the ARN itself wrong, so the last
// part of the id is the name when the ARN does not read.
std::optional<Resource> resource_of_entry(Json const& entry) {
    auto const id = shown(text_at(entry, "Id"), 2'048);
    if (auto known = resource_from_arn(id))
        return known;
    auto const type = text_at(entry, "Type");
    if (type == "AwsIamAccessKey")
        if (auto const name = text_at(entry, "Details.AwsIamAccessKey.PrincipalName"); !name.empty())
            return Resource { "iam:user", shown(name, 200), {} };
    for (auto const& row : asff_types)
        if (row.asff == type)
            return Resource { std::string(row.type), shown(id.substr(id.find_last_of("/:") + 1), 200), {} };
    if (type == "AwsAccount") // "AWS::::Account:111122223333"
        return Resource { "account", shown(id.substr(id.rfind(':') + 1), 40), {} };
    return std::nullopt;
}

// "TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce": what happened. "Software and Configuration Checks/...":
// how a thing is set up. https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html#Types
bool is_about_set_up(Json const& finding) {
    auto const& types = list_at(finding, "Types");
    return !types.empty() && std::all_of(types.begin(), types.end(), [](Json const& type) {
        return text_at(type, "").starts_with("Software and Configuration Checks");
    });
}

double severity_in(Json const& finding) {
    if (auto const label = text_at(finding, "Severity.Label"); !label.empty())
        return severity_of_label(label);
    // "Normalized: 0 to 100". Older products send no label.
    return std::clamp(number_at(finding, "Severity.Normalized").value_or(0) / 10, 0.0, 10.0);
}

} // namespace

// One report for each resource of the finding that we have a type for; none for what is archived, resolved, or a
// check of the set-up that failed before the window: that is the same on every other day.
std::vector<SecurityReport> security_hub_reports(Json const& finding, Window look) {
    auto const first = time_at(finding, "FirstObservedAt");
    auto const seen = first ? first : time_at(finding, "CreatedAt");
    auto const status = text_at(finding, "Workflow.Status", "NEW");
    if (!seen || text_at(finding, "RecordState", "ACTIVE") != "ACTIVE" || status == "SUPPRESSED"
        || status == "RESOLVED" || text_at(finding, "Compliance.Status") == "PASSED" || flag_at(finding, "Sample"))
        return {};
    if (is_about_set_up(finding) && !look.contains(*seen))
        return {};
    std::vector<SecurityReport> reports;
    constexpr std::size_t most_resources = 10;
    for (auto const& entry : list_at(finding, "Resources")) {
        auto resource = resource_of_entry(entry);
        if (!resource || reports.size() == most_resources)
            continue;
        SecurityReport report;
        report.finding.resource = *std::move(resource);
        report.finding.service = "Security Hub";
        auto const& types = list_at(finding, "Types");
        report.finding.type
            = shown(types.empty() ? text_at(finding, "GeneratorId", "a finding") : text_at(types.front(), ""), 160);
        report.finding.severity = severity_in(finding);
        report.finding.first_seen = *seen;
        report.finding.last_seen
            = time_at(finding, "LastObservedAt").value_or(time_at(finding, "UpdatedAt").value_or(*seen));
        report.id = text_at(finding, "Id");
        report.title = text_at(finding, "Title");
        report.link = "https://{region}.console.aws.amazon.com/securityhub/home#/findings";
        reports.push_back(std::move(report));
    }
    return reports;
}

namespace {

AwsCall findings_call(Question const& question, Window look) {
    auto const equals
        = [](std::string_view value) { return JsonObject { { "Comparison", "EQUALS" }, { "Value", value } }; };
    JsonObject filters { { "RecordState", JsonArray { equals("ACTIVE") } },
        { "WorkflowStatus", JsonArray { equals("NEW"), equals("NOTIFIED") } },
        { "SeverityLabel", JsonArray { equals("CRITICAL"), equals("HIGH"), equals("MEDIUM") } },
        { "UpdatedAt",
            JsonArray { JsonObject { { "Start", format_time(look.from) }, { "End", format_time(look.to) } } } } };
    if (!question.account.empty()) // An administrator account sees those of all its members.
        filters["AwsAccountId"] = JsonArray { equals(question.account) };
    return call_of("securityhub", "GetFindings",
        { { "Filters", std::move(filters) },
            { "SortCriteria", JsonArray { JsonObject { { "Field", "UpdatedAt" }, { "SortOrder", "desc" } } } },
            { "MaxResults", 100 } });
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto const look = findings_window(the_card, question);
    auto const call = findings_call(question, look);
    auto const first = aws.call(call);
    if (!first && is_not_enabled(first.error()))
        return answer_not_enabled(answering, "Security Hub", call);
    if (!first) {
        answering.failed(call, first.error());
        return answering.take();
    }
    std::vector<SecurityReport> reports;
    for (auto const& finding :
        answering.read_pages_after(*first, call, "Findings", "NextToken", "NextToken", most_pages))
        for (auto& report : security_hub_reports(finding, look))
            reports.push_back(std::move(report));
    return answer_with(answering, std::move(reports), look, call);
}

} // namespace

sources::Registered make_security_hub_findings() {
    return { &the_card, collect };
}

} // namespace convops
