// Causes that stand in what is shared or in front: certificates, NAT gateways, volumes at their limit, throttled
// APIs, quotas. Each with its healthy twin, which must not be blamed.
#include "diagnosis/evidence_builder.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Fact fact_with(std::string source, Resource const& resource, FactDetail detail) {
    Fact fact;
    fact.source = std::move(source);
    fact.at = minute(121);
    fact.resource = resource.name;
    fact.statement = "about " + resource.display();
    fact.detail = std::move(detail);
    return fact;
}

bool blames(Diagnosis const& diagnosis, CauseKind kind, Resource const& resource) {
    return std::any_of(diagnosis.causes.begin(), diagnosis.causes.end(),
        [&](Cause const& cause) { return cause.kind == kind && cause.resource == resource; });
}

Diagnosis with_certificate(Time expires_at) {
    Resource const certificate { "acm:certificate", "arn:aws:acm:eu-west-1:111122223333:certificate/c-1", {} };
    EvidenceBuilder builder;
    builder.three_tiers().calls(balancer, certificate);
    builder.alarm_on(balancer, "ClientTLSNegotiationErrorCount", { 0, 300, 110 }, 50, "Sum");
    builder.evidence_.facts.push_back(fact_with("acm_certificates", certificate,
        CertificateFact { certificate, "shop.example.com", expires_at <= minute(121) ? "EXPIRED" : "ISSUED",
            expires_at, { balancer } }));
    return builder.diagnose();
}

TEST(SharedThings, an_expired_certificate_of_the_load_balancer_is_the_cause_and_a_valid_one_is_not) {
    Resource const certificate { "acm:certificate", "arn:aws:acm:eu-west-1:111122223333:certificate/c-1", {} };
    auto const expired = with_certificate(minute(110));
    ASSERT_FALSE(expired.causes.empty());
    EXPECT_EQ(expired.causes[0].kind, CauseKind::certificate);
    EXPECT_EQ(expired.causes[0].resource, certificate);
    EXPECT_FALSE(blames(with_certificate(minute(100'000)), CauseKind::certificate, certificate));
}

TEST(SharedThings, a_nat_gateway_without_ports_is_the_cause_of_time_outs) {
    Resource const gateway { "nat:gateway", "nat-1", {} };
    EvidenceBuilder builder;
    builder.three_tiers();
    builder.alarm_on(service, "Errors", { 0, 80, 110 }, 20, "Sum");
    builder.metric(gateway, "ErrorPortAllocation", { 0, 400, 109 }, "", "Sum");
    builder.log(110, service, "ERROR connect timed out to api.pay.example.com");
    auto const diagnosis = builder.diagnose();
    EXPECT_TRUE(blames(diagnosis, CauseKind::network, gateway));
}

Diagnosis with_volume(double writes) {
    Resource const instance { "ec2:instance", "i-1", {} };
    Resource const volume { "ebs:volume", "vol-1", {} };
    EvidenceBuilder builder;
    builder.calls(instance, volume);
    builder.alarm_on(instance, "latency_seconds", { 0.2, 3, 108 }, 1);
    builder.metric(volume, "VolumeWriteOps", { 20'000, writes, 107 }, "", "Sum");
    builder.metric(volume, "VolumeReadOps", { 10'000, 12'000, 107 }, "", "Sum");
    builder.evidence_.facts.push_back(fact_with(
        "ebs_state", volume, LimitFact { volume, "VolumeIOPS", 3'000, "provisioned IOPS of the gp3 volume" }));
    return builder.diagnose();
}

TEST(SharedThings, reads_and_writes_together_at_the_volumes_limit_saturate_it) {
    Resource const volume { "ebs:volume", "vol-1", {} };
    EXPECT_TRUE(blames(with_volume(168'000), CauseKind::io_saturation, volume)); // (168,000 + 12,000) / 60 s
    EXPECT_FALSE(blames(with_volume(60'000), CauseKind::io_saturation, volume));
}

Diagnosis with_api(double requests) {
    Resource const api { "apigateway:api", "shop-api", {} };
    EvidenceBuilder builder;
    builder.calls(api, function);
    builder.alarm_on(api, "4XXError", { 3, 900, 108 }, 100, "Sum");
    builder.metric(api, "Count", { 1'800, requests, 108 }, "", "Sum");
    builder.evidence_.facts.push_back(fact_with("api_gateway_state", api,
        LimitFact { api, "Count", 50, "throttling limit of stage prod, requests a second" }));
    return builder.diagnose();
}

TEST(SharedThings, an_api_at_its_limit_is_throttled_and_one_far_below_is_not) {
    Resource const api { "apigateway:api", "shop-api", {} };
    auto const at_limit = with_api(3'100);
    auto const told = std::any_of(at_limit.causes.begin(), at_limit.causes.end(), [&](Cause const& cause) {
        return cause.kind == CauseKind::throttling || cause.kind == CauseKind::traffic_surge;
    });
    EXPECT_TRUE(told);
    EXPECT_FALSE(blames(with_api(1'900), CauseKind::throttling, api));
}

Diagnosis with_usage(double used) {
    EvidenceBuilder builder;
    builder.calls(queue, function);
    builder.alarm_on(function, "Throttles", { 0, 200, 108 }, 10, "Sum");
    builder.metric(function, "ConcurrentExecutions", { 300, used, 106 }, "", "Maximum", 1'000);
    auto& usage = builder.evidence_.facts.back();
    usage.source = "service_quotas";
    std::get<MetricFact>(usage.detail).limit_basis = "Concurrent executions";
    Resource const account { "account", "111122223333", {} };
    builder.evidence_.facts.push_back(fact_with(
        "service_quotas", account, LimitFact { account, "ConcurrentExecutions", 1'000, "Concurrent executions" }));
    return builder.diagnose();
}

TEST(SharedThings, a_quota_that_is_used_up_is_a_cause_and_one_with_room_is_not) {
    EXPECT_TRUE(blames(with_usage(1'000), CauseKind::quota, function));
    EXPECT_FALSE(blames(with_usage(700), CauseKind::quota, function));
}

} // namespace
} // namespace convops
