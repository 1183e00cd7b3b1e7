#include "app/metrics_route.h"

#include "adapters/memory/memory_store.h"
#include "adapters/memory/simulated_clock.h"
#include "app/incident_memory.h"
#include "app/metrics.h"
#include "app/working_set.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time const start { Milliseconds { 1'795'464'000'000 } };

struct MetricsRoute : ::testing::Test {
    MemoryStore store;
    SimulatedClock clock { start };

    HttpReply ask(MetricsAccess access, std::string peer, HttpHeaders headers = {}) {
        auto const routes = metrics_routes(
            access, { store, clock, [] { return ServerCounts { 7, 2, 0, 0 }; }, WorkspaceId { "shop" } });
        ServerRequest request;
        request.method = "GET";
        request.path = "/metrics";
        request.peer = std::move(peer);
        request.headers = std::move(headers);
        return answer(routes, request);
    }
};

TEST_F(MetricsRoute, this_machine_may_read_it) {
    auto const reply = ask(MetricsAccess::loopback, "127.0.0.1");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.content_type, "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_NE(reply.body.find("convops_connections_open 7"), std::string::npos);
    EXPECT_NE(reply.body.find("convops_requests_waiting 2"), std::string::npos);
    EXPECT_EQ(reply.body.find("convops_resident_memory_bytes 0\n"), std::string::npos);
}

TEST_F(MetricsRoute, another_machine_may_not_unless_the_settings_say_so) {
    EXPECT_EQ(ask(MetricsAccess::loopback, "192.0.2.7").status, 404);
    EXPECT_EQ(ask(MetricsAccess::anyone, "192.0.2.7").status, 200);
    EXPECT_EQ(ask(MetricsAccess::off, "127.0.0.1").status, 404);
}

TEST_F(MetricsRoute, what_came_through_a_proxy_is_not_of_this_machine) {
    EXPECT_EQ(ask(MetricsAccess::loopback, "127.0.0.1", { { "x-forwarded-for", "127.0.0.1" } }).status, 404);
    EXPECT_EQ(ask(MetricsAccess::loopback, "127.0.0.1", { { "forwarded", "for=127.0.0.1" } }).status, 404);
}

TEST_F(MetricsRoute, the_outbox_is_told_with_its_depth_and_the_age_of_the_oldest_due_effect) {
    Effect effect;
    effect.id = "INC-1/1";
    effect.what = Investigate {};
    auto const due = put_in_outbox({ effect, 0, false, false, {} }, start - Seconds { 90 }, start);
    effect.id = "INC-1/2";
    auto const later = put_in_outbox({ effect, 0, false, false, {} }, start + Seconds { 90 }, start);
    ASSERT_TRUE(store.commit({ due, later }, start));
    auto const body = ask(MetricsAccess::loopback, "::1").body;
    EXPECT_NE(body.find(R"(convops_outbox_effects{effect="investigate"} 2)"), std::string::npos) << body;
    EXPECT_NE(body.find(R"(convops_outbox_oldest_due_seconds{effect="investigate"} 90)"), std::string::npos);
    EXPECT_NE(body.find(R"(convops_outbox_oldest_due_seconds{effect="deliver"} 0)"), std::string::npos);
}

TEST_F(MetricsRoute, tells_how_many_causes_of_a_kind_were_right) {
    PastIncident past;
    past.opened_at = start;
    past.gist.kind = CauseKind::deploy;
    for (auto const opinion : { Opinion::right, Opinion::right, Opinion::wrong }) {
        past.incident += "I";
        past.judgement = CauseVerdict { opinion, VerdictBy::people };
        ASSERT_TRUE(store.commit(memory_writes(WorkspaceId { "shop" }, std::nullopt, past, start), start));
    }
    auto const body = ask(MetricsAccess::loopback, "::1").body;
    EXPECT_NE(body.find(R"(convops_causes_judged{kind="deploy",opinion="right"} 2)"), std::string::npos) << body;
    EXPECT_NE(body.find(R"(convops_causes_judged{kind="deploy",opinion="wrong"} 1)"), std::string::npos);
    EXPECT_NE(body.find(R"(convops_causes_judged{kind="network",opinion="wrong"} 0)"), std::string::npos);
}

} // namespace
} // namespace convops
