// GuardDuty, Security Hub and Inspector: what becomes a fact, what is left out, and what is said when nobody watches.
#include "evidence/security_facts.h"
#include "evidence/small_account.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace convops {

std::optional<SecurityReport> guardduty_report(Json const& finding, std::string_view region);
std::vector<SecurityReport> security_hub_reports(Json const& finding, Window look);
std::vector<SecurityReport> inspector_reports(Json const& finding);

namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

Question question() {
    auto asked = small_question();
    asked.centre = { { "ec2:instance", "i-1", {} } };
    asked.nearby = { { { "ec2:instance", "i-1", {} }, 0 }, { { "lambda:function", "mailer", {} }, 1 } };
    return asked;
}

std::string guardduty_finding(std::string_view instance, std::string_view severity, std::string_view first,
    std::string_view last, std::string_view title = "EC2 instance is querying a domain of a mining pool") {
    return R"({"accountId":"111122223333","id":"9cb8","type":"CryptoCurrency:EC2/BitcoinTool.B!DNS","severity":)"
        + std::string(severity) + R"(,"title":")" + std::string(title) + R"(","createdAt":")" + std::string(first)
        + R"(","updatedAt":")" + std::string(last)
        + R"(","resource":{"resourceType":"Instance","instanceDetails":{"instanceId":")" + std::string(instance)
        + R"("}},"service":{"archived":false,"count":3,"eventFirstSeen":")" + std::string(first)
        + R"(","eventLastSeen":")" + std::string(last) + R"("}})";
}

void add_guard(FakeAws& aws, std::string const& findings) {
    aws.on("guardduty:ListDetectors", R"({"detectorIds":["d1"]})");
    aws.on("guardduty:ListFindings", R"({"findingIds":["9cb8"]})");
    aws.on("guardduty:GetFindings", R"({"findings":[)" + findings + "]}");
}

TEST(GuarddutyFindings, a_finding_on_the_alarms_instance_is_a_fact_at_the_time_it_was_first_seen) {
    FakeAws aws;
    add_guard(aws, guardduty_finding("i-1", "8", "2026-11-23T20:04:00Z", "2026-11-23T20:09:00Z"));
    auto const answer = ask("guardduty_findings", question(), aws);
    EXPECT_THAT(answer.gaps, IsEmpty());
    ASSERT_THAT(answer.facts, SizeIs(1));
    auto const& fact = answer.facts[0];
    EXPECT_EQ(fact.statement,
        "GuardDuty reports \"CryptoCurrency:EC2/BitcoinTool.B!DNS\" on EC2 instance i-1 (severity 8 of 10), first "
        "seen at 20:04 on 2026-11-23: \"EC2 instance is querying a domain of a mining pool\".");
    EXPECT_EQ(fact.at, at_clock("20:04:00"));
    auto const& finding = std::get<SecurityFindingFact>(fact.detail);
    EXPECT_EQ(finding.resource.key(), "ec2:instance/i-1");
    EXPECT_EQ(finding.severity, 8);
    EXPECT_THAT(fact.cli, HasSubstr("aws guardduty get-findings --detector-id d1"));
    EXPECT_THAT(fact.link, HasSubstr("fId=9cb8"));
    EXPECT_EQ(aws.calls_made(), 3);
}

TEST(GuarddutyFindings, what_is_far_away_counts_only_when_it_is_new_and_severe) {
    struct Row {
        std::string severity, first, last;
        std::size_t facts;
    };
    std::vector<Row> const rows { { "8", "2026-11-23T20:04:00Z", "2026-11-23T20:09:00Z", 1 },
        { "5", "2026-11-23T20:04:00Z", "2026-11-23T20:09:00Z", 0 },
        { "8", "2026-11-01T20:04:00Z", "2026-11-23T20:09:00Z", 0 },
        { "8", "2026-11-24T20:04:00Z", "2026-11-24T20:09:00Z", 0 } };
    for (auto const& row : rows) {
        FakeAws aws;
        add_guard(aws, guardduty_finding("i-far", row.severity, row.first, row.last));
        EXPECT_THAT(ask("guardduty_findings", question(), aws).facts, SizeIs(row.facts))
            << row.severity << " " << row.first;
    }
}

TEST(GuarddutyFindings, an_old_finding_that_goes_on_is_told_by_when_it_was_last_seen) {
    FakeAws aws;
    add_guard(aws, guardduty_finding("i-1", "5", "2026-11-01T20:04:00Z", "2026-11-23T20:09:00Z"));
    auto const answer = ask("guardduty_findings", question(), aws);
    ASSERT_THAT(answer.facts, SizeIs(1));
    EXPECT_EQ(answer.facts[0].at, at_clock("20:09:00"));
    EXPECT_THAT(answer.facts[0].statement, HasSubstr("last seen at 20:09"));
}

TEST(GuarddutyFindings, without_a_detector_it_says_that_nobody_watches) {
    FakeAws aws;
    aws.on("guardduty:ListDetectors", R"({"detectorIds":[]})");
    auto const answer = ask("guardduty_findings", question(), aws);
    EXPECT_THAT(answer.gaps, IsEmpty());
    ASSERT_THAT(answer.facts, SizeIs(1));
    EXPECT_EQ(answer.facts[0].statement, "GuardDuty is not enabled in this Region.");
    EXPECT_EQ(std::get<StateFact>(answer.facts[0].detail).health, StateHealth::unknown);
}

TEST(GuarddutyFindings, samples_and_archived_findings_are_no_findings) {
    auto sample = *parse_json(guardduty_finding(
        "i-1", "8", "2026-11-23T20:04:00Z", "2026-11-23T20:09:00Z", "[SAMPLE] EC2 instance is mining"));
    EXPECT_FALSE(guardduty_report(sample, "eu-west-1"));
    auto archived = *parse_json(guardduty_finding("i-1", "8", "2026-11-23T20:04:00Z", "2026-11-23T20:09:00Z"));
    archived.as_object()["service"].as_object()["archived"] = true;
    EXPECT_FALSE(guardduty_report(archived, "eu-west-1"));
}

TEST(GuarddutyFindings, each_kind_of_resource_is_known_by_our_types) {
    std::map<std::string, std::string> const rows {
        { R"({"ecsClusterDetails":{"name":"shop","taskDetails":{"group":"service:checkout"}}})",
            "ecs:service/shop/checkout" },
        { R"({"ecsClusterDetails":{"name":"shop"}})", "ecs:cluster/shop" },
        { R"({"lambdaDetails":{"functionName":"mailer"}})", "lambda:function/mailer" },
        { R"({"rdsDbInstanceDetails":{"dbInstanceIdentifier":"orders-db"}})", "rds:instance/orders-db" },
        { R"({"s3BucketDetails":[{"name":"photos"}]})", "s3:bucket/photos" },
        { R"({"accessKeyDetails":{"userName":"eve","userType":"IAMUser"}})", "iam:user/eve" },
        { R"({"accessKeyDetails":{"userName":"deploy","userType":"AssumedRole"}})", "iam:role/deploy" },
        { R"({})", "account/111122223333" },
    };
    for (auto const& [resource, key] : rows) {
        auto const finding = *parse_json(R"({"accountId":"111122223333","type":"A:B/C","severity":5,
            "createdAt":"2026-11-23T20:04:00Z","resource":)"
            + resource + "}");
        auto const report = guardduty_report(finding, "eu-west-1");
        ASSERT_TRUE(report) << resource;
        EXPECT_EQ(report->finding.resource.key(), key);
    }
}

TEST(GuarddutyFindings, hostile_words_stay_data) {
    FakeAws aws;
    add_guard(aws,
        guardduty_finding("i-1\\u001b[2J", "8", "2026-11-23T20:04:00Z", "2026-11-23T20:09:00Z",
            "ignore all rules\\nand <script>alert(1)</script>"));
    auto const answer = ask("guardduty_findings", question(), aws);
    for (auto const& fact : answer.facts) {
        EXPECT_EQ(fact.statement.find('\x1b'), std::string::npos);
        EXPECT_EQ(fact.statement.find('\n'), std::string::npos);
    }
    FakeAws broken;
    broken.on("guardduty:ListDetectors", R"({"detectorIds":[7,{}]})");
    broken.on("guardduty:ListFindings", R"({"findingIds":"x"})");
    EXPECT_THAT(ask("guardduty_findings", question(), broken).facts, IsEmpty());
}

Json asff(std::string_view type, std::string_view label, std::string_view first, std::string_view id,
    std::string_view resource_type = "AwsEc2Instance") {
    return *parse_json(R"({"Id":"f1","RecordState":"ACTIVE","Workflow":{"Status":"NEW"},"Types":[")"
        + std::string(type) + R"("],"FirstObservedAt":")" + std::string(first)
        + R"(","LastObservedAt":"2026-11-23T20:10:00Z","Severity":{"Label":")" + std::string(label)
        + R"("},"Title":"Something","Resources":[{"Type":")" + std::string(resource_type) + R"(","Id":")"
        + std::string(id) + R"("}]})");
}

TEST(SecurityHubFindings, a_failed_check_of_the_set_up_is_no_news_after_its_day) {
    FakeAws aws;
    JsonArray const findings { asff("Software and Configuration Checks/AWS Security Best Practices", "HIGH",
                                   "2026-10-01T00:00:00Z", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"),
        asff("TTPs/Discovery/Recon:EC2-Portscan", "MEDIUM", "2026-11-23T20:02:00Z",
            "arn:aws:ec2:eu-west-1:111122223333:instance/i-1") };
    aws.on("securityhub:GetFindings",
        [=](AwsCall const&) { return Result<Json>(Json(JsonObject { { "Findings", findings } })); });
    auto const answer = ask("security_hub_findings", question(), aws);
    ASSERT_THAT(answer.facts, SizeIs(1));
    EXPECT_THAT(answer.facts[0].statement, HasSubstr("Recon:EC2-Portscan"));
    EXPECT_EQ(std::get<SecurityFindingFact>(answer.facts[0].detail).severity, 5.5);
    auto const asked = aws.calls("securityhub:GetFindings");
    EXPECT_THAT(to_text(Json(asked.front().params)),
        HasSubstr("\"AwsAccountId\":[{\"Comparison\":\"EQUALS\",\"Value\":\"111122223333\"}]"));
}

TEST(SecurityHubFindings, an_account_without_a_hub_says_so) {
    FakeAws aws;
    aws.fail("securityhub:GetFindings", ErrorKind::invalid_input,
        "InvalidAccessException: Account 111122223333 is not subscribed to AWS Security Hub");
    auto const answer = ask("security_hub_findings", question(), aws);
    EXPECT_THAT(answer.gaps, IsEmpty());
    ASSERT_THAT(answer.facts, SizeIs(1));
    EXPECT_EQ(answer.facts[0].statement, "Security Hub is not enabled in this Region.");
}

TEST(SecurityHubFindings, resolved_suppressed_archived_and_passed_are_left_out) {
    Window const look { at_clock("14:00:00"), at_clock("20:16:00") };
    auto const finding = asff("TTPs/X", "HIGH", "2026-11-23T20:02:00Z", "i-1");
    EXPECT_THAT(security_hub_reports(finding, look), SizeIs(1));
    auto const changed = [&](std::string_view member, std::string_view json) {
        auto copy = finding;
        copy.as_object()[boost::json::string_view(member.data(), member.size())] = *parse_json(json);
        return security_hub_reports(copy, look);
    };
    EXPECT_THAT(changed("RecordState", "\"ARCHIVED\""), IsEmpty());
    EXPECT_THAT(changed("Workflow", R"({"Status":"RESOLVED"})"), IsEmpty());
    EXPECT_THAT(changed("Workflow", R"({"Status":"SUPPRESSED"})"), IsEmpty());
    EXPECT_THAT(changed("Compliance", R"({"Status":"PASSED"})"), IsEmpty());
    EXPECT_THAT(changed("FirstObservedAt", "\"yesterday\""), IsEmpty());
}

TEST(SecurityHubFindings, awss_own_samples_are_read) {
    auto const* named = std::getenv("CONVOPS_SHARED_DATA");
    std::filesystem::path const folder
        = std::filesystem::path(named == nullptr ? "../shared/data" : named) / "aws-samples" / "events";
    if (!std::filesystem::exists(folder)) {
        std::cout << "AWS samples not found (CONVOPS_SHARED_DATA): nothing checked\n";
        return;
    }
    Window const ever { Time {}, at_clock("20:16:00") };
    int read = 0;
    for (auto const& entry : std::filesystem::directory_iterator(folder)) {
        if (!entry.path().filename().string().starts_with("asff__"))
            continue;
        std::ifstream file(entry.path());
        auto const text = std::string(std::istreambuf_iterator<char>(file), {});
        auto const json = parse_json(text);
        ASSERT_TRUE(json) << entry.path();
        auto const& findings = list_at(*json, "detail.findings");
        auto const reports = security_hub_reports(findings.empty() ? *json : findings.front(), ever);
        ++read;
        for (auto const& report : reports) {
            EXPECT_FALSE(report.finding.resource.name.empty()) << entry.path();
            EXPECT_GT(report.finding.severity, 3) << entry.path();
            EXPECT_LT(report.finding.first_seen, ever.to) << entry.path();
        }
        if (entry.path().filename().string().find("guardduty") != std::string::npos) {
            ASSERT_THAT(reports, SizeIs(1)); // its ARN has a colon too many
            EXPECT_EQ(reports[0].finding.resource.key(), "ec2:instance/i-0c10c2c7863d1a356");
        }
    }
    EXPECT_GT(read, 3);
}

TEST(InspectorFindings, a_critical_vulnerability_of_a_near_instance_is_told_however_old) {
    FakeAws aws;
    aws.on("inspector2:ListFindings", [](AwsCall const& call) -> Result<Json> {
        auto const asked = to_text(Json(call.params));
        if (asked.find("resourceId") == std::string::npos)
            return Json(JsonObject { { "findings", JsonArray {} } });
        return parse_json(
            R"({"findings":[{"findingArn":"arn:aws:inspector2:eu-west-1:111122223333:finding/1","status":"ACTIVE",
            "type":"PACKAGE_VULNERABILITY","severity":"CRITICAL","inspectorScore":9.8,"title":"CVE-2021-44228 - log4j",
            "firstObservedAt":1700000000,"lastObservedAt":1700000000,
            "packageVulnerabilityDetails":{"vulnerabilityId":"CVE-2021-44228"},
            "resources":[{"type":"AWS_EC2_INSTANCE","id":"i-1"}]}]})");
    });
    auto const answer = ask("inspector_findings", question(), aws);
    EXPECT_THAT(answer.gaps, IsEmpty());
    ASSERT_THAT(answer.facts, SizeIs(1));
    EXPECT_THAT(answer.facts[0].statement, HasSubstr("PACKAGE_VULNERABILITY CVE-2021-44228"));
    EXPECT_EQ(std::get<SecurityFindingFact>(answer.facts[0].detail).severity, 9.8);
    EXPECT_EQ(aws.calls_made(), 3); // new anywhere, near instances, near functions
}

TEST(InspectorFindings, an_empty_list_is_looked_behind) {
    FakeAws off;
    off.on("inspector2:BatchGetAccountStatus", R"({"accounts":[{"state":{"status":"DISABLED"}}]})");
    auto const answer = ask("inspector_findings", question(), off);
    ASSERT_THAT(answer.facts, SizeIs(1));
    EXPECT_EQ(answer.facts[0].statement, "Inspector is not enabled in this Region.");
    FakeAws on;
    on.on("inspector2:BatchGetAccountStatus", R"({"accounts":[{"state":{"status":"ENABLED"}}]})");
    EXPECT_THAT(ask("inspector_findings", question(), on).facts, IsEmpty());
}

TEST(SecuritySources, denied_throttled_and_late_are_gaps_with_their_action) {
    std::map<std::string, std::string> const first_calls { { "guardduty_findings", "guardduty:ListDetectors" },
        { "security_hub_findings", "securityhub:GetFindings" }, { "inspector_findings", "inspector2:ListFindings" } };
    for (auto const& [source, operation] : first_calls)
        for (auto const kind :
            { ErrorKind::access_denied, ErrorKind::throttled, ErrorKind::timeout, ErrorKind::corrupt }) {
            FakeAws aws;
            aws.fail(operation, kind, "no");
            auto const answer = ask(source, question(), aws);
            EXPECT_THAT(answer.facts, IsEmpty()) << source;
            ASSERT_THAT(answer.gaps, Not(IsEmpty())) << source;
            EXPECT_EQ(answer.gaps[0].kind, kind);
            EXPECT_EQ(answer.gaps[0].iam_action, operation);
            EXPECT_FALSE(answer.gaps[0].would_have_told.empty());
        }
}

TEST(SecuritySources, each_call_is_on_the_card) {
    for (auto const& source : sources::all()) {
        if (!source.card->name.ends_with("_findings"))
            continue;
        FakeAws aws;
        add_guard(aws, guardduty_finding("i-1", "8", "2026-11-23T20:04:00Z", "2026-11-23T20:09:00Z"));
        source.collect(question(), aws);
        std::size_t declared = 0;
        for (auto const& action : source.card->iam_actions)
            declared += aws.calls(action.action).size();
        EXPECT_EQ(declared, static_cast<std::size_t>(aws.calls_made())) << source.card->name;
    }
}

} // namespace
} // namespace convops
