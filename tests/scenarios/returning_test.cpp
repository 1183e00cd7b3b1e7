// Two incidents of one engine, end to end over recorded accounts: real lifecycle, investigations, memory, composing
// and channels. The second message cites the first incident and what fixed it, and runbooks where they fit.
#include "adapters/memory/memory_store.h"
#include "adapters/recorded/recorded_aws.h"
#include "alarm/formats.h"
#include "app/performer.h"
#include "base/check.h"
#include "base/text.h"
#include "scenario.h"
#include "simulation/chat_world.h"
#include "simulation/run_until.h"
#include "simulation/world.h"

#include <gtest/gtest.h>

#include <fstream>

namespace convops {
namespace {

using simulation::acme;
using simulation::prod;

std::filesystem::path const root = "tests/scenarios";

std::shared_ptr<RecordedAccount const> account_of(Scenario const& scenario, Milliseconds shift = {}) {
    ScenarioTwist twist;
    twist.shift = shift;
    auto account = grow(scenario, twist);
    CHECK(account.has_value());
    return std::make_shared<RecordedAccount const>(*std::move(account));
}

Scenario scenario_named(std::string const& name) {
    auto scenario = load_scenario(root / name);
    CHECK(scenario.has_value());
    return *std::move(scenario);
}

// A server without sockets, threads and files but for its capsules.
class Service {
public:
    explicit Service(Time start)
        : clock(start)
        , folder_(std::filesystem::temp_directory_path()
              / ("convops-returning-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)))) {
        std::filesystem::create_directories(folder_ / "runbooks");
        PerformerWorld world { engine, chat, clock, {}, {}, {}, folder_, {}, {}, {}, {}, {}, {} };
        world.sources_at_once = 1;
        world.memory = &store;
        world.runbooks = &shelf_;
        world.open_aws = [this](ConnectionId const&) -> Result<std::unique_ptr<Aws>> {
            return std::unique_ptr<Aws>(std::make_unique<RecordedAws>(account, clock));
        };
        world.access = [](std::string_view) -> Result<ChannelAccess> {
            return ChannelAccess { "", "a-token-of-the-test", {} };
        };
        world.reader = [](Route const&, Time) { return Reader {}; };
        performer_ = std::make_unique<Performer>(std::move(world));
        outbox_ = std::make_unique<OutboxWorker>(engine, store, clock, dice, *performer_);
    }
    ~Service() {
        std::error_code error;
        std::filesystem::remove_all(folder_, error);
    }

    void put_runbook(std::string const& file, std::string const& text) {
        std::ofstream(folder_ / "runbooks" / file) << text;
        shelf_.read((folder_ / "runbooks").string(), "https://wiki.example/runbooks/");
    }

    IncidentId accept(Alarm const& alarm) {
        auto const accepted = engine.accept(acme, prod, alarm);
        CHECK(accepted.has_value() && accepted->incident.has_value());
        return *accepted->incident;
    }

    void run_until(Time until) {
        convops::run_until(until, clock, outbox_, [this] {
            while (outbox_->perform_due().value_or(0) > 0) { }
        });
    }

    // The last thing that Slack shows of an incident.
    [[nodiscard]] std::string told_of(IncidentId const& incident) const {
        std::string body;
        for (auto const& one : chat.taken)
            if (one.key.starts_with(incident.text))
                body = one.body;
        return body;
    }

    [[nodiscard]] bool ever_told(IncidentId const& incident, std::string_view words) const {
        return std::any_of(chat.taken.begin(), chat.taken.end(), [&](auto const& one) {
            return one.key.starts_with(incident.text) && one.body.find(words) != std::string::npos;
        });
    }

    SimulatedClock clock;
    MemoryStore store;
    SeededEntropy dice { 11 };
    simulation::ChatServices chat { clock, dice };
    std::shared_ptr<RecordedAccount const> account;
    IncidentEngine engine { store, clock, dice, [](WorkspaceId const&, ConnectionId const&) {
                               Policy policy;
                               policy.routes = { { "slack", "C0ACME", "#ops" } };
                               return policy;
                           } };

private:
    std::filesystem::path folder_;
    SharedShelf shelf_;
    std::unique_ptr<Performer> performer_;
    std::unique_ptr<OutboxWorker> outbox_;
};

Alarm alarm_in(RecordedAccount const& account) {
    auto alarm = parse_alarm(to_text(account.alarm_message));
    CHECK(alarm.has_value());
    return *std::move(alarm);
}

// The incident of 001 with its end: a roll-back, then OK. Returns when it is over and judged.
IncidentId live_through(Service& service, Scenario const& scenario) {
    service.account = account_of(scenario);
    auto alarm = alarm_in(*service.account);
    auto const incident = service.accept(alarm);
    service.run_until(service.clock.now() + Minutes { 2 });
    auto ending = scenario;
    auto description = description_of(root / scenario.name / "after");
    CHECK(description.has_value());
    ending.description = *std::move(description);
    service.account = account_of(ending);
    alarm.state = AlarmState::ok;
    alarm.changed_at = service.account->now - Minutes { 6 };
    service.run_until(alarm.changed_at);
    service.accept(alarm);
    service.run_until(service.clock.now() + Hours { 3 });
    return incident;
}

TEST(Returning, the_second_message_cites_the_first_incident_and_what_fixed_it) {
    auto const scenario = scenario_named("001-small-number");
    Service service(account_of(scenario)->now);
    auto const first = live_through(service, scenario);
    EXPECT_TRUE(service.ever_told(first, "Rolled back 2 min before it came back"));
    EXPECT_FALSE(service.ever_told(first, "last time (")) << "there was none before it";

    service.account = account_of(scenario, Days { 3 });
    service.run_until(service.account->now);
    auto const second = service.accept(alarm_in(*service.account));
    ASSERT_NE(second, first);
    service.run_until(service.clock.now() + Minutes { 2 });
    EXPECT_TRUE(service.ever_told(
        second, "Seen once in 30 days; last time (2026-11-20): fixed by rolling back ECS service checkout."))
        << service.told_of(second);
}

TEST(Returning, another_workspace_remembers_nothing_of_it) {
    auto const scenario = scenario_named("001-small-number");
    Service service(account_of(scenario)->now);
    auto const first = live_through(service, scenario);
    service.account = account_of(scenario, Days { 3 });
    service.run_until(service.account->now);
    auto const accepted = service.engine.accept(WorkspaceId { "other" }, prod, alarm_in(*service.account));
    ASSERT_TRUE(accepted && accepted->incident);
    service.run_until(service.clock.now() + Minutes { 2 });
    EXPECT_TRUE(service.ever_told(*accepted->incident, "Deploy of ECS service checkout"));
    EXPECT_FALSE(service.ever_told(*accepted->incident, "last time ("));
    EXPECT_FALSE(service.ever_told(*accepted->incident, first.text));
}

TEST(Returning, a_runbook_is_cited_where_it_fits_and_nowhere_else) {
    auto const scenario = scenario_named("001-small-number");
    auto const other = scenario_named("098-heavy-parcels");
    Service service(account_of(other)->now);
    service.put_runbook("pool.md",
        "---\ntitle: The shop runs out of connections\nalarm: shop-target-*\nkind: deploy\n---\n1. Look at the "
        "pool.\n2. "
        "Roll back.\n");
    service.put_runbook(
        "parcels.md", "---\ntitle: Parcels that are too heavy\nalarm: thumb-*\n---\n1. Weigh them.\n");
    service.put_runbook("broken.md", "---\nsorrow: yes\n---\ntext\n");

    service.account = account_of(other);
    auto const parcels = service.accept(alarm_in(*service.account));
    service.run_until(service.clock.now() + Minutes { 2 });
    service.account = account_of(scenario);
    service.run_until(service.account->now);
    auto const shop = service.accept(alarm_in(*service.account));
    service.run_until(service.clock.now() + Minutes { 2 });

    auto const cites = [&](IncidentId const& incident, std::string_view title) {
        return service.told_of(incident).find(title) != std::string::npos;
    };
    EXPECT_TRUE(cites(shop, "The shop runs out of connections")) << service.told_of(shop);
    EXPECT_TRUE(cites(shop, "Look at the pool")) << service.told_of(shop);
    EXPECT_FALSE(cites(shop, "Parcels that are too heavy"));
    EXPECT_TRUE(cites(parcels, "Parcels that are too heavy")) << service.told_of(parcels);
    EXPECT_FALSE(cites(parcels, "The shop runs out of connections"));
}

} // namespace
} // namespace convops
