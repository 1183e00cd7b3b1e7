// What the sources around the small account make of it: API Gateway, EKS, ACM, WAF, NAT, EBS, S3, SNS, quotas.
#include "evidence/metric_facts.h"
#include "evidence/policies.h"
#include "evidence/wide_account.h"

#include <gtest/gtest.h>

namespace convops {

std::vector<Fact> api_deployment_facts(Resource const& api, JsonArray const& deployments, Window look);
std::vector<Fact> http_integration_facts(Resource const& api, JsonArray const& integrations);
std::vector<Fact> http_stage_facts(Resource const& api, Json const& answer);
std::vector<Fact> ebs_volume_facts(Json const& volume);
std::vector<Fact> event_rule_facts(Json const& rule, Json const& targets);
std::vector<Fact> eks_cluster_facts(Json const& answer, Time now);
std::vector<Fact> quota_facts(
    Json const& quota, MetricAbout const& about, Series const& series, Window window, Question const& question);

namespace {

Evidence asked(
    std::string_view source, std::function<void(FakeAws&)> const& changed = [](FakeAws&) { },
    Question const& question = wide_question()) {
    FakeAws aws;
    add_wide_account(aws);
    changed(aws);
    return evidence_of(ask(source, question, aws));
}

std::map<std::string, double> limits_of(Evidence const& evidence) {
    std::map<std::string, double> limits;
    for (auto const& [fact, limit] : evidence.all<LimitFact>())
        limits[limit->resource.key() + " " + limit->metric_name] = limit->limit;
    return limits;
}

bool says(Evidence const& evidence, std::string_view words) {
    return std::any_of(evidence.facts.begin(), evidence.facts.end(),
        [&](Fact const& fact) { return fact.statement.find(words) != std::string::npos; });
}

TEST(ApiGatewayState, a_rest_api_is_tied_to_its_id_and_to_the_functions_that_it_calls) {
    auto question = small_question();
    question.centre = { { "apigateway:api", "shop-api", {} } };
    question.nearby.clear();
    auto const evidence = asked("api_gateway_state", [](FakeAws&) { }, question);
    auto const edges = edges_of(evidence);
    EXPECT_TRUE(edges.contains("apigateway:api/shop-api > apigateway:api/abc123"));
    EXPECT_TRUE(edges.contains("apigateway:api/shop-api > lambda:function/orders"));
    EXPECT_TRUE(edges.contains("apigateway:api/shop-api > waf:web_acl/shop-acl"));
}

TEST(ApiGatewayState, facts_lead_to_the_page_of_their_api_and_of_its_stages) {
    auto question = small_question();
    question.centre = { { "apigateway:api", "shop-api", {} } };
    auto const evidence = asked("api_gateway_state", [](FakeAws&) { }, question);
    std::set<std::string> pages;
    for (auto const& [fact, state] : evidence.all<StateFact>())
        pages.insert(fact->link);
    EXPECT_EQ(pages,
        (std::set<std::string> { "https://eu-west-1.console.aws.amazon.com/apigateway/main/apis/abc123/"
                                 "stages?api=abc123&region=eu-west-1" }));
}

// The question's nearby is empty at the map stage, so a name counts only in the centre.
TEST(ApiGatewayState, stage_variables_are_filled_in_and_limits_and_deployments_told) {
    auto question = small_question();
    question.centre = { { "apigateway:api", "shop-api", {} } };
    auto const evidence = asked("api_gateway_state", [](FakeAws&) { }, question);
    EXPECT_TRUE(edges_of(evidence).contains("apigateway:api/shop-api > lambda:function/pay"));
    auto limits = limits_of(evidence);
    EXPECT_EQ(limits["apigateway:api/shop-api Count"], 50);
    EXPECT_EQ(limits["account/111122223333 Count"], 10'000);
    auto const changes = evidence.all<ChangeFact>();
    ASSERT_EQ(changes.size(), 1U); // The one of October is no news.
    EXPECT_EQ(changes[0].second->kind, ChangeKind::deploy);
    EXPECT_EQ(changes[0].first->at, at_clock("20:01:00"));
}

TEST(ApiGatewayState, an_http_api_calls_functions_and_listeners) {
    Resource const api { "apigateway:api", "h77", {} };
    auto const integrations
        = parse_json(R"([{"integrationId":"1","integrationUri":"arn:aws:lambda:eu-west-1:111122223333:function:web"},
        {"integrationId":"2","connectionType":"VPC_LINK","integrationUri":"arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shop/0123/4567"},
        {"integrationId":"3","integrationUri":"https://pay.example.com/v1"}])");
    Evidence evidence;
    evidence.facts = http_integration_facts(api, integrations->get_array());
    EXPECT_EQ(edges_of(evidence),
        (std::set<std::string> { "apigateway:api/h77 > lambda:function/web",
            "apigateway:api/h77 > elb:load_balancer/app/shop/0123",
            "apigateway:api/h77 > external:host/pay.example.com" }));
    auto const stages = parse_json(R"({"items":[{"stageName":"$default","deploymentId":"d",
        "defaultRouteSettings":{"throttlingRateLimit":20.0},"lastDeploymentStatusMessage":"Deployment attempt failed: no route"}]})");
    evidence.facts = http_stage_facts(api, *stages);
    EXPECT_EQ(evidence.all<StateFact>()[0].second->health, StateHealth::degraded);
    EXPECT_EQ(limits_of(evidence)["apigateway:api/h77 Count"], 20);
}

TEST(ApiGatewayState, an_alarm_far_from_any_api_asks_nothing) {
    auto question = small_question();
    question.nearby.clear();
    FakeAws aws;
    add_wide_account(aws);
    EXPECT_TRUE(ask("api_gateway_state", question, aws).facts.empty());
    EXPECT_EQ(aws.calls_made(), 0);
}

TEST(Policies, whom_aws_lets_call_a_function_is_its_caller) {
    auto question = small_question();
    question.centre = { { "lambda:function", "orders", {} } };
    auto const edges = edges_of(asked("lambda_state", [](FakeAws&) { }, question));
    EXPECT_TRUE(edges.contains("apigateway:api/abc123 > lambda:function/orders"));
    EXPECT_TRUE(edges.contains("sns:topic/orders > lambda:function/orders"));
}

TEST(Policies, a_wildcard_a_denial_and_broken_json_name_nobody) {
    EXPECT_TRUE(senders_in_policy(
        R"({"Statement":[{"Effect":"Allow","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:*"}}}]})")
            .empty());
    EXPECT_TRUE(senders_in_policy(
        R"({"Statement":[{"Effect":"Deny","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:eu-west-1:1:orders"}}}]})")
            .empty());
    EXPECT_TRUE(senders_in_policy("{").empty());
    EXPECT_TRUE(senders_in_policy(std::string(100'000, '[')).empty());
    EXPECT_EQ(
        senders_in_policy(
            R"({"Statement":[{"Effect":"Allow","Condition":{"ArnLike":{"aws:SourceArn":["arn:aws:events:eu-west-1:1:rule/bus/nightly"]}}}]})")
            .size(),
        1U);
}

TEST(EventRules, a_rule_that_is_switched_off_is_failed_and_its_targets_are_told) {
    auto const rule = parse_json(R"({"Name":"paid","State":"DISABLED","EventPattern":"{}"})");
    auto const targets = parse_json(R"({"Targets":[{"Id":"1","Arn":"arn:aws:sqs:eu-west-1:111122223333:jobs"}]})");
    Evidence evidence;
    evidence.facts = event_rule_facts(*rule, *targets);
    EXPECT_EQ(evidence.all<StateFact>()[0].second->health, StateHealth::failed);
    EXPECT_TRUE(edges_of(evidence).contains("events:rule/paid > sqs:queue/jobs"));
}

TEST(EksState, issues_of_a_node_group_are_events_and_its_group_is_part_of_the_cluster) {
    auto const evidence = asked("eks_state");
    auto const events = evidence.all<ResourceEventFact>();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].second->kind, ResourceEventKind::placement_failed);
    EXPECT_EQ(events[0].second->code, "AsgInstanceLaunchFailures");
    EXPECT_TRUE(edges_of(evidence).contains("eks:cluster/main > autoscaling:group/eks-workers-1"));
    EXPECT_TRUE(says(evidence, "is DEGRADED with 4 of at most 4 nodes"));
}

TEST(EksState, an_unreachable_cluster_is_degraded) {
    auto const answer = parse_json(
        R"({"cluster":{"name":"main","status":"ACTIVE","health":{"issues":[{"code":"ClusterUnreachable","message":"timed out","resourceIds":["main"]}]}}})");
    Evidence evidence;
    evidence.facts = eks_cluster_facts(*answer, at_clock("20:16:00"));
    EXPECT_EQ(evidence.all<StateFact>()[0].second->health, StateHealth::degraded);
    EXPECT_EQ(evidence.all<ResourceEventFact>()[0].second->kind, ResourceEventKind::status_check_failed);
}

TEST(AcmCertificates, only_what_may_be_the_trouble_is_described_with_who_uses_it) {
    FakeAws aws;
    add_wide_account(aws);
    auto answer = ask("acm_certificates", wide_question(), aws);
    EXPECT_EQ(aws.calls("acm:DescribeCertificate").size(), 1U); // not the unused one, not the fresh one
    Evidence evidence;
    evidence.facts = answer.facts;
    auto const certificates = evidence.all<CertificateFact>();
    ASSERT_EQ(certificates.size(), 1U);
    EXPECT_EQ(certificates[0].second->domain, "shop.example.com");
    ASSERT_EQ(certificates[0].second->used_by.size(), 1U);
    EXPECT_EQ(certificates[0].second->used_by[0].key(), "elb:load_balancer/app/shop/0123");
    EXPECT_TRUE(says(evidence, "its renewal is FAILED (CAA_ERROR)"));
}

TEST(WafState, blocked_requests_are_told_by_rule) {
    auto const evidence = asked("waf_state");
    EXPECT_TRUE(edges_of(evidence).contains("elb:load_balancer/app/shop/0123 > waf:web_acl/shop-acl"));
    std::set<std::string> rules;
    for (auto const& [fact, metric] : evidence.all<MetricFact>())
        rules.insert(metric->series.metric.name + " " + metric->series.metric.dimensions.at("Rule"));
    EXPECT_EQ(
        rules, (std::set<std::string> { "AllowedRequests ALL", "BlockedRequests rate", "BlockedRequests core" }));
    EXPECT_TRUE(says(evidence, "has 1 rules that block (rate)"));
}

TEST(NatGatewayState, the_limit_grows_with_the_addresses_and_deleted_gateways_are_left_out) {
    auto const evidence = asked("nat_gateway_state");
    EXPECT_EQ(limits_of(evidence)["nat:gateway/nat-1 ActiveConnectionCount"], 55'000);
    EXPECT_EQ(evidence.all<StateFact>().size(), 1U);
    EXPECT_EQ(evidence.all<MetricFact>().size(), 3U);
}

TEST(NatGatewayState, a_deleted_gateway_to_which_a_route_still_leads_is_told) {
    auto question = wide_question();
    question.map.facts.push_back(
        dependency_fact({ "ecs:service", "shop/checkout", {} }, { "nat:gateway", "nat-0", {} }, "route table", {}));
    auto const evidence = asked("nat_gateway_state", [](FakeAws&) { }, question);
    EXPECT_EQ(evidence.all<StateFact>().size(), 2U);
}

// What may not be described can still be measured: CloudWatch is another permission.
void measured_only(
    FakeAws& aws, std::string_view name_space, std::string_view dimension, std::vector<std::string> const& names) {
    JsonArray metrics;
    for (auto const& name : names)
        metrics.push_back(JsonObject { { "Namespace", name_space }, { "MetricName", "any" },
            { "Dimensions", JsonArray { JsonObject { { "Name", dimension }, { "Value", name } } } } });
    Json const answer = JsonObject { { "Metrics", std::move(metrics) } };
    aws.on("monitoring:ListMetrics", to_text(answer));
}

TEST(NatGatewayState, gateways_that_may_not_be_described_are_measured_and_the_gap_stays) {
    auto const evidence = asked("nat_gateway_state", [](FakeAws& aws) {
        aws.fail("ec2:DescribeNatGateways", ErrorKind::access_denied, "no");
        measured_only(aws, "AWS/NATGateway", "NatGatewayId", { "nat-9" });
    });
    ASSERT_EQ(evidence.all<MetricFact>().size(), 3U);
    EXPECT_EQ(evidence.all<MetricFact>()[0].second->resource.key(), "nat:gateway/nat-9");
    ASSERT_EQ(evidence.gaps.size(), 1U);
    EXPECT_EQ(evidence.gaps[0].iam_action, "ec2:DescribeNatGateways");
}

TEST(WafState, acls_that_may_not_be_read_are_measured_as_a_whole_and_tied_to_nothing) {
    auto const evidence = asked("waf_state", [](FakeAws& aws) {
        aws.fail("wafv2:GetWebACLForResource", ErrorKind::access_denied, "no");
        measured_only(aws, "AWS/WAFV2", "WebACL", { "porch" });
    });
    std::set<std::string> told;
    for (auto const& [fact, metric] : evidence.all<MetricFact>())
        told.insert(metric->resource.key() + " " + metric->series.metric.name);
    EXPECT_EQ(
        told, (std::set<std::string> { "waf:web_acl/porch AllowedRequests", "waf:web_acl/porch BlockedRequests" }));
    EXPECT_TRUE(evidence.all<DependencyFact>().empty());
    ASSERT_EQ(evidence.gaps.size(), 1U);
    EXPECT_EQ(evidence.gaps[0].iam_action, "wafv2:GetWebACLForResource");
}

TEST(EksState, the_pods_of_an_alarm_lead_to_their_cluster) {
    auto question = small_question();
    question.centre = { { "eks:workload", "main/web/shop", {} } };
    question.nearby.clear();
    auto const evidence = asked("eks_state", [](FakeAws&) { }, question);
    EXPECT_TRUE(edges_of(evidence).contains("eks:workload/main/web/shop > eks:cluster/main"));
    EXPECT_TRUE(says(evidence, "AsgInstanceLaunchFailures"));
}

TEST(EbsState, limits_in_operations_and_bytes_and_a_failed_check_with_its_time) {
    auto const evidence = asked("ebs_state");
    auto limits = limits_of(evidence);
    EXPECT_EQ(limits["ebs:volume/vol-1 VolumeIOPS"], 3'000);
    EXPECT_EQ(limits["ebs:volume/vol-1 VolumeThroughput"], 125.0 * 1024 * 1024);
    auto const events = evidence.all<ResourceEventFact>();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].second->kind, ResourceEventKind::status_check_failed);
    EXPECT_EQ(events[0].first->at, at_clock("20:06:00"));
    auto const gp2 = parse_json(R"({"volumeId":"v","volumeType":"gp2","status":"in-use","size":20,"iops":100})");
    Evidence old;
    old.facts = ebs_volume_facts(*gp2);
    EXPECT_FALSE(limits_of(old).contains("ebs:volume/v VolumeIOPS")); // It bursts over that.
}

TEST(S3State, a_single_element_is_a_list_too_and_a_disabled_rule_is_degraded) {
    auto const evidence = asked("s3_state");
    EXPECT_TRUE(says(evidence, "publishes request metrics (EntireBucket)"));
    EXPECT_TRUE(edges_of(evidence).contains("s3:bucket/pictures > s3:bucket/pictures-copy"));
    EXPECT_TRUE(says(evidence, "is not replicated any more to S3 bucket pictures-copy"));
    auto const silent = asked("s3_state", [](FakeAws& aws) { aws.on("s3:ListBucketMetricsConfigurations", "{}"); });
    EXPECT_TRUE(says(silent, "publishes no request metrics"));
}

TEST(SnsDelivery, pending_subscriptions_are_told_without_the_address_of_a_person) {
    auto const evidence = asked("sns_delivery");
    EXPECT_TRUE(edges_of(evidence).contains("sns:topic/orders > sqs:queue/mail"));
    EXPECT_TRUE(says(evidence, "1 subscription(s) of SNS topic orders by email were never confirmed"));
    EXPECT_TRUE(says(evidence, "the subscription has no dead-letter queue"));
    EXPECT_FALSE(says(evidence, "jane"));
    for (auto const& fact : evidence.facts)
        EXPECT_EQ(to_text(fact.value).find("jane"), std::string::npos);
}

TEST(ServiceQuotas, usage_near_the_applied_value_is_told_as_x_of_y) {
    auto const evidence = asked("service_quotas");
    EXPECT_TRUE(says(evidence, "(lambda/L-B99A9384) is used up to 970 of 1000 (97 %)"));
    ASSERT_EQ(evidence.all<MetricFact>().size(), 1U);
    EXPECT_EQ(evidence.all<MetricFact>()[0].second->limit, 1'000);
    auto const idle = asked("service_quotas", [](FakeAws& aws) { answer_metrics(aws, 5, 20); });
    EXPECT_TRUE(idle.facts.empty());
}

TEST(ServiceQuotas, a_quota_of_calls_a_second_is_compared_with_calls_a_period) {
    auto const quota = parse_json(
        R"({"ServiceCode":"kms","QuotaCode":"L-1","QuotaName":"Decrypt","Value":10,"Period":{"PeriodValue":1,"PeriodUnit":"SECOND"}})");
    MetricAbout const about { { "account", "1", {} }, { "AWS/Usage", "CallCount", {} }, "Sum", Closeness::neighbour,
        {} };
    Series series;
    series.period = Seconds { 300 };
    series.at = { at_clock("20:00:00") };
    series.values = { 2'900 };
    auto const window = Window { at_clock("19:00:00"), at_clock("20:16:00") };
    Evidence evidence;
    evidence.facts = quota_facts(*quota, about, series, window, wide_question());
    EXPECT_TRUE(says(evidence, "is used up to 2900 of 3000 (97 %)"));
}

TEST(WideSources, a_denied_read_names_the_action_of_iam_and_not_the_operation) {
    auto const action_of = [](std::string_view source, std::string const& operation) {
        auto const evidence
            = asked(source, [&](FakeAws& aws) { aws.fail(operation, ErrorKind::access_denied, "no"); });
        return evidence.gaps.empty() ? std::string() : evidence.gaps.front().iam_action;
    };
    EXPECT_EQ(action_of("s3_state", "s3:GetBucketReplication"), "s3:GetReplicationConfiguration");
    EXPECT_EQ(action_of("s3_state", "s3:ListBucketMetricsConfigurations"), "s3:GetMetricsConfiguration");
    EXPECT_EQ(action_of("api_gateway_state", "apigatewayv2:GetApis"), "apigateway:GET");
    EXPECT_EQ(action_of("nat_gateway_state", "monitoring:GetMetricData"), "cloudwatch:GetMetricData");
}

TEST(WideSources, the_sources_stay_within_a_few_dozen_calls) {
    FakeAws aws;
    add_wide_account(aws);
    for (auto const* source : { "acm_certificates", "api_gateway_state", "ebs_state", "eks_state",
             "nat_gateway_state", "s3_state", "service_quotas", "sns_delivery", "waf_state" })
        ask(source, wide_question(), aws);
    EXPECT_LE(aws.calls_made(), 40);
}

} // namespace
} // namespace convops
