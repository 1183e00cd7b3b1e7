// Generated fortnights through the real detector: what is planted is found, what is healthy stays silent.
#include "app/audit.h"
#include "audit/made_account.h"
#include "audit/untold.h"

#include <cmath>
#include <cstdlib>
#include <gtest/gtest.h>
#include <random>

namespace convops {

namespace {

// Seeds 1 to 25 were in view while the rules were made; CONVOPS_FIRST_SEED and CONVOPS_SEEDS try others.
unsigned number_from(char const* name, unsigned otherwise) {
    auto const* text = std::getenv(name);
    return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}
unsigned const first_seed = number_from("CONVOPS_FIRST_SEED", 1);
int const fortnights = static_cast<int>(number_from("CONVOPS_SEEDS", 25));

MetricId metric_of(std::string name, int service) {
    auto const number = std::to_string(service);
    return { "AWS/ApplicationELB", std::move(name),
        { { "LoadBalancer", "app/shop-" + number + "/1" }, { "TargetGroup", "targetgroup/web-" + number + "/2" } } };
}

void add_service(MadeAccount& account, int service) {
    auto const number = std::to_string(service);
    auto const arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:";
    account.add("load_balancers",
        JsonObject {
            { "LoadBalancerArn", arn + ("loadbalancer/app/shop-" + number + "/1") }, { "Type", "application" } });
    account.add("target_groups",
        JsonObject { { "TargetGroupArn", arn + ("targetgroup/web-" + number + "/2") },
            { "LoadBalancerArns", JsonArray { arn + ("loadbalancer/app/shop-" + number + "/1") } } });
}

struct Planted {
    Time from {};
    Minutes length {};
    double factor = 1; // of the response time
    double errors = 0; // in five minutes
    [[nodiscard]] bool holds(Time at) const { return at >= from && at < from + length; }
};

// One service with a day and a week, noise with a long tail, short bursts and a restart a week.
MadeAccount fortnight(unsigned seed, Planted const& planted) {
    MadeAccount account;
    add_service(account, 1);
    std::mt19937_64 random(seed);
    std::lognormal_distribution<double> tail(0, 0.35);
    std::poisson_distribution<int> few(1.5);
    std::uniform_real_distribution<double> part(0, 1);
    auto const phase = part(random) * 2 * M_PI;
    auto const daily = [=](Time at) {
        auto const days = static_cast<double>(at.time_since_epoch().count()) / 8.64e7;
        return 1 + 0.6 * std::sin(days * 2 * M_PI + phase) + 0.2 * std::sin(days * 2 * M_PI / 7);
    };
    account.history(metric_of("RequestCount", 1), "Sum",
        [&](Time at) { return std::optional(std::floor(3'000 * daily(at) * tail(random))); });
    account.history(metric_of("TargetResponseTime", 1), "p99", [&](Time at) {
        double value = 0.2 * daily(at) * tail(random);
        if (part(random) < 0.002) // one slow period alone
            value *= 6;
        return std::optional(planted.holds(at) ? value * planted.factor : value);
    });
    account.history(metric_of("HTTPCode_Target_5XX_Count", 1), "Sum", [&](Time at) -> std::optional<double> {
        double value = part(random) < 0.3 ? few(random) : 0;
        if (part(random) < 0.002)
            value += 15;
        value += planted.holds(at) ? planted.errors : 0;
        return value > 0 ? std::optional(value) : std::nullopt;
    });
    account.history(metric_of("UnHealthyHostCount", 1), "Maximum",
        [&](Time) { return std::optional(part(random) < 0.001 ? 1.0 : 0.0); });
    return account;
}

struct Tally {
    int found = 0, in_vain = 0;
};

Tally tally(double factor, double errors) {
    Tally tally;
    for (unsigned seed = first_seed; seed < first_seed + static_cast<unsigned>(fortnights); ++seed) {
        Planted const planted { *parse_time("2026-11-16T02:00:00Z") + Minutes { 35 * (seed % 40) }, Minutes { 45 },
            factor, errors };
        auto const account = fortnight(seed, planted);
        auto const estate = account.estate();
        for (auto const& moment : untold_moments(estate, wrong_moments(estate, unusual_times))) {
            bool const right = (factor > 1 || errors > 0) && moment.from < planted.from + planted.length
                && planted.from < moment.until;
            tally.found += right ? 1 : 0;
            tally.in_vain += right ? 0 : 1;
        }
    }
    return tally;
}

} // namespace

TEST(AuditMoments, healthy_fortnights_are_silent) {
    auto const result = tally(1, 0);
    std::printf("healthy: %d in vain in %d fortnights\n", result.in_vain, fortnights);
    EXPECT_EQ(result.in_vain, 0);
}

TEST(AuditMoments, forty_five_minutes_of_errors_are_found_each_time) {
    auto const result = tally(1, 900);
    std::printf("errors: found %d of %d, in vain %d\n", result.found, fortnights, result.in_vain);
    EXPECT_EQ(result.found, fortnights);
    EXPECT_EQ(result.in_vain, 0);
}

TEST(AuditMoments, forty_five_minutes_of_slow_answers_are_mostly_found) {
    auto const result = tally(8, 0);
    std::printf("slow answers: found %d of %d, in vain %d\n", result.found, fortnights, result.in_vain);
    EXPECT_GE(result.found, fortnights / 2);
    EXPECT_EQ(result.in_vain, 0);
}

} // namespace convops
