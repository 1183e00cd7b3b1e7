// Memory through the port Aws: only of the own workspace, recorded in the capsule, the same in a replay.
#include "app/remembering_aws.h"

#include "adapters/memory/memory_store.h"
#include "adapters/memory/simulated_clock.h"
#include "app/capsule.h"
#include "app/incident_memory.h"
#include "evidence/fake_aws.h"
#include "message/investigation_json.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time const now = *parse_time("2026-11-23T20:00:00Z");
WorkspaceId const shop { "shop" };

PastIncident past(std::string id, Days ago) {
    PastIncident one;
    one.incident = std::move(id);
    one.opened_at = now - ago;
    one.alarms = { "cpu" };
    one.gist = { CauseKind::deploy, Resource { "ecs:service", "shop/checkout", {} }, {}, {} };
    one.recovery = RecoveryKind::fixed;
    one.fix = FixKind::rolled_back;
    return one;
}

struct Memory {
    MemoryStore store;
    SimulatedClock clock { now };
    FakeAws live;

    Memory() {
        remember(shop, past("INC-1", Days { 3 }));
        remember(shop, past("INC-2", Days { 9 }));
        remember(WorkspaceId { "other" }, past("INC-3", Days { 1 }));
    }
    void remember(WorkspaceId const& workspace, PastIncident const& one) {
        EXPECT_TRUE(store.commit(memory_writes(workspace, std::nullopt, one, now), now));
    }
    Incident incident() {
        Alarm alarm;
        alarm.name = "cpu";
        alarm.arn = "arn:cpu";
        alarm.changed_at = now;
        auto one = incident_of(alarm);
        one.workspace = shop;
        return one;
    }
};

TEST(RememberingAws, answers_from_the_own_workspace_whatever_the_question_names) {
    Memory memory;
    RememberingAws aws(memory.live, &memory.store, shop, IncidentId { "INC-2" }, now);
    AwsCall call { "convops", "ListPastIncidents", { { "AlarmName", "cpu" }, { "Workspace", "other" } }, "", {} };
    auto const answer = aws.call(call);
    ASSERT_TRUE(answer) << answer.error().message;
    auto const& list = list_at(*answer, "PastIncidents");
    ASSERT_EQ(list.size(), 1U) << "the incident itself is not past";
    EXPECT_EQ(text_at(list[0], "incident"), "INC-1");
    call.params["AlarmName"] = "another";
    EXPECT_TRUE(list_at(*aws.call(call), "PastIncidents").empty());
    call.operation = "DeleteEverything";
    EXPECT_EQ(aws.call(call).error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(memory.live.calls_made(), 0) << "nothing of it reaches AWS";
    RememberingAws without(memory.live, nullptr, shop, {}, now);
    call.operation = "ListPastIncidents";
    EXPECT_TRUE(list_at(*without.call(call), "PastIncidents").empty());
}

TEST(RememberingAws, a_replay_knows_what_was_remembered_then_bit_for_bit) {
    Memory memory;
    InvestigationOptions options;
    options.memory = &memory.store;
    options.sources_at_once = 1;
    auto const [investigation, capsule]
        = investigate_and_record(memory.incident(), memory.live, memory.clock, options);
    auto const seen = investigation.evidence.all<PastIncidentFact>();
    ASSERT_EQ(seen.size(), 2U);
    memory.remember(shop, past("INC-4", Days { 2 })); // later news change nothing
    auto const again = replay(*capsule_from_bytes(capsule_bytes(capsule)));
    ASSERT_TRUE(again) << again.error().message;
    auto const text = [](Investigation const& one) { return to_text(Json(to_json(one, Reader {}))); };
    EXPECT_EQ(text(*again), text(investigation));
    EXPECT_EQ(compose_diagnosis(investigation, Reader {}).seen_before.text,
        "Seen 2 times in 30 days; last time (2026-11-20): fixed by rolling back ECS service checkout.");
    auto const finding = std::find_if(again->findings.begin(), again->findings.end(),
        [](Finding const& each) { return each.check == "seen_before"; });
    EXPECT_EQ(finding->verdict, CheckVerdict::supports);
    EXPECT_EQ(finding->facts.size(), 2U);
    EXPECT_TRUE(again->diagnosis.causes.empty()) << "memory makes no cause out of nothing";
}

} // namespace
} // namespace convops
