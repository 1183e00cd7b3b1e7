// The ranking by itself: candidates made by hand on a small map, so that each rule is seen alone.
#include "diagnosis/diagnose_cases.h"
#include "diagnosis/ranking.h"

#include <deque>
#include <gtest/gtest.h>

namespace convops {
namespace {

Resource const cache { "elasticache:cluster", "basket", {} };

// balancer -> service -> database, service -> cache; and apart from them queue -> function.
struct Map {
    explicit Map(double now = 122)
        : context { builder.alarm(), evidence, minute(now) } { }

    EvidenceBuilder builder = slow_front().calls(service, cache).calls(queue, function).calls(service, queue);
    Evidence evidence = builder.evidence();
    Context context;
};

// Facts that no two candidates share.
Fact const* own_fact() {
    static std::deque<Fact> facts;
    return &facts.emplace_back();
}

Candidate made(CauseKind kind, Resource const& resource, double log_odds, std::optional<double> began,
    bool corroborated = true) {
    Candidate candidate;
    candidate.kind = kind;
    candidate.resource = resource;
    candidate.statement = std::string(to_string(kind)) + " at " + resource.key();
    candidate.prior = 0;
    candidate.weigh(log_odds, own_fact());
    candidate.corroborated = corroborated;
    if (began)
        candidate.began_at = minute(*began);
    return candidate;
}

std::string told(std::vector<Ranked> const& ranked) {
    std::string text;
    for (auto const& one : ranked)
        text
            += one.candidate.statement + " " + std::to_string(one.log_odds) + (one.explained ? " explained\n" : "\n");
    return text;
}

Ranked const& of(std::vector<Ranked> const& ranked, CauseKind kind) {
    return *std::find_if(ranked.begin(), ranked.end(), [&](Ranked const& one) { return one.candidate.kind == kind; });
}

// --- Explaining away ---

TEST(Ranking, a_symptom_that_an_upstream_cause_explains_sinks_and_its_facts_speak_for_the_cause) {
    Map const map;
    auto const symptom = made(timeout, balancer, 2.5, 117);
    auto const ranked = rank(map.context, { symptom, made(memory_exhaustion, service, 2.0, 115) });
    EXPECT_EQ(ranked[0].candidate.kind, memory_exhaustion) << told(ranked);
    EXPECT_TRUE(of(ranked, timeout).explained) << told(ranked);
    EXPECT_LT(of(ranked, timeout).belief(), belief_bar) << told(ranked);
    EXPECT_EQ(ranked[0].chain, std::vector<Fact const*> { symptom.weights[0].fact });
}

TEST(Ranking, what_began_clearly_before_its_would_be_cause_is_not_explained_by_it) {
    Map const map;
    auto const ranked = rank(map.context, { made(timeout, balancer, 2.5, 95), made(deploy, service, 2.0, 118) });
    EXPECT_FALSE(of(ranked, timeout).explained) << told(ranked);
}

TEST(Ranking, hours_later_a_cause_must_still_have_begun_about_when_its_effect_did) {
    Map const map(722);
    auto const ranked = rank(map.context, { made(timeout, balancer, 2.5, 95), made(failover, database, 2.0, 140) });
    EXPECT_FALSE(of(ranked, timeout).explained) << told(ranked);
}

TEST(Ranking, minutes_do_not_decide_between_two_metrics_with_boundaries_of_their_own) {
    Map const map;
    auto const ranked = rank(map.context, { made(timeout, balancer, 2.5, 115), made(deploy, service, 2.0, 117) });
    EXPECT_TRUE(of(ranked, timeout).explained) << told(ranked);
}

TEST(Ranking, nothing_explains_what_it_can_not_bring_about) {
    Map const map;
    for (auto const& [cause, effect] : std::initializer_list<std::pair<CauseKind, CauseKind>> { { timeout, deploy },
             { throttling, cpu_saturation }, { traffic_surge, certificate }, { deploy, deploy },
             { scaling_change, quota }, { cpu_saturation, storage_exhaustion } }) {
        auto const ranked = rank(map.context, { made(cause, service, 3, 110), made(effect, service, 2, 115) });
        for (auto const& one : ranked)
            EXPECT_FALSE(one.explained) << told(ranked);
    }
}

TEST(Ranking, a_change_without_a_seen_effect_does_not_account_for_a_shortage_elsewhere) {
    Map const map;
    auto const ranked
        = rank(map.context, { made(deploy, service, 1.5, 114, false), made(storage_exhaustion, database, 2, 115) });
    EXPECT_FALSE(of(ranked, storage_exhaustion).explained) << told(ranked);
    EXPECT_EQ(ranked[0].candidate.kind, storage_exhaustion) << told(ranked);
}

TEST(Ranking, an_external_party_is_not_broken_by_our_own_deploy_but_by_our_own_way_out) {
    Map const map;
    Resource const host { "external:host", "pay.example.com", {} };
    EXPECT_FALSE(of(rank(map.context, { made(deploy, service, 3, 115), made(dependency_failure, host, 2, 116) }),
        dependency_failure)
            .explained);
    EXPECT_TRUE(of(rank(map.context, { made(network, service, 3, 115), made(dependency_failure, host, 2, 116) }),
        dependency_failure)
            .explained);
}

// --- Rings ---

TEST(Ranking, of_two_that_explain_each_other_the_likelier_stays) {
    Map const map;
    auto const ranked
        = rank(map.context, { made(connection_exhaustion, database, 2.5, 115), made(timeout, service, 2.0, 115) });
    EXPECT_EQ(ranked[0].candidate.kind, connection_exhaustion) << told(ranked);
    EXPECT_FALSE(ranked[0].explained) << told(ranked);
    EXPECT_TRUE(ranked[1].explained) << told(ranked);
}

std::vector<Candidate> drawn(std::mt19937& random) {
    static std::vector<CauseKind> const kinds { deploy, config_change, traffic_surge, query_load, cpu_saturation,
        memory_exhaustion, storage_exhaustion, io_saturation, connection_exhaustion, replication_lag, failover,
        throttling, quota, timeout, dependency_failure, host_failure, network, certificate, data_backlog };
    static std::vector<Resource> const places { balancer, service, database, cache, queue, function, stranger };
    auto const below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
    std::vector<Candidate> candidates;
    auto const count = 2 + below(8);
    for (std::size_t i = 0; i < count; ++i)
        candidates.push_back(made(kinds[below(kinds.size())], places[below(places.size())],
            std::uniform_real_distribution<double>(-2, 3)(random),
            below(6) == 0 ? std::nullopt : std::optional(90.0 + static_cast<double>(below(30))), below(3) != 0));
    return candidates;
}

TEST(Ranking, however_causes_stand_in_a_ring_one_of_them_is_left) {
    Map const map;
    std::mt19937 random(7);
    for (int i = 0; i < 2'000; ++i) {
        auto const ranked = rank(map.context, drawn(random));
        EXPECT_FALSE(std::all_of(ranked.begin(), ranked.end(), [](Ranked const& one) { return one.explained; }))
            << told(ranked);
    }
}

// --- The order in which hypotheses propose ---

TEST(Ranking, the_order_of_candidates_leaves_no_trace) {
    Map const map;
    std::mt19937 random(11);
    for (int i = 0; i < 500; ++i) {
        auto candidates = drawn(random);
        auto const expected = told(rank(map.context, candidates));
        std::shuffle(candidates.begin(), candidates.end(), random);
        EXPECT_EQ(told(rank(map.context, candidates)), expected);
    }
}

// --- Two faults, and a bystander ---

TEST(Ranking, two_faults_that_share_no_fact_and_no_path_both_stay) {
    Map const map;
    auto const ranked = rank(
        map.context, { made(memory_exhaustion, cache, 2.5, 112), made(storage_exhaustion, database, 2.2, 113) });
    for (auto const& one : ranked) {
        EXPECT_FALSE(one.explained) << told(ranked);
        EXPECT_GE(one.belief(), 0.7) << told(ranked);
    }
}

TEST(Ranking, a_change_that_merely_happened_nearby_is_doubted_once_a_cause_is_seen_at_work) {
    Map const map;
    auto const ranked = rank(
        map.context, { made(storage_exhaustion, database, 2.5, 112), made(config_change, cache, 1.2, 113, false) });
    EXPECT_LT(of(ranked, config_change).belief(), belief_bar) << told(ranked);
    auto const alone = rank(map.context, { made(config_change, cache, 1.2, 113, false) });
    EXPECT_GE(alone[0].belief(), belief_bar) << told(alone);
}

TEST(Ranking, a_fact_speaks_for_one_cause_only) {
    Map const map;
    auto first = made(query_load, database, 2.5, 112);
    auto second = made(cpu_saturation, cache, 0.2, 113);
    second.weigh(2.0, first.weights[0].fact);
    auto const ranked = rank(map.context, { first, second });
    EXPECT_EQ(ranked[0].candidate.kind, query_load) << told(ranked);
    EXPECT_LT(of(ranked, cpu_saturation).belief(), belief_bar) << told(ranked);
}

// --- Lead and lag ---

TEST(Ranking, of_two_equal_candidates_along_the_calls_the_earlier_one_comes_first) {
    Map const map;
    for (bool const below_is_earlier : { true, false }) {
        auto const ranked = rank(map.context,
            { made(cpu_saturation, service, 1.5, below_is_earlier ? 116 : 110),
                made(cpu_saturation, database, 1.5, below_is_earlier ? 110 : 116) });
        EXPECT_EQ(ranked[0].candidate.resource, below_is_earlier ? database : service) << told(ranked);
        EXPECT_GT(ranked[0].log_odds, ranked[1].log_odds) << told(ranked);
    }
}

TEST(Ranking, who_came_first_says_nothing_about_two_places_that_no_call_connects) {
    Map const map;
    auto const ranked
        = rank(map.context, { made(cpu_saturation, cache, 1.5, 110), made(cpu_saturation, database, 1.6, 116) });
    EXPECT_EQ(ranked[0].candidate.resource, database) << told(ranked);
}

} // namespace
} // namespace convops
