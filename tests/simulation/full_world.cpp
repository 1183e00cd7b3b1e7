#include "simulation/full_world.h"

#include "app/log.h"
#include "base/check.h"
#include "simulation/run_until.h"

#include <unistd.h>

namespace convops::simulation {

namespace {

constexpr int most_sends = 1'000;
constexpr int most_passes = 100'000;

// Capsules are files; in memory where the system has such a place, because a seed must be cheap.
std::filesystem::path folder_for(std::uint64_t seed) {
    std::error_code error;
    auto const place = std::filesystem::is_directory("/dev/shm", error) ? std::filesystem::path("/dev/shm")
                                                                        : std::filesystem::temp_directory_path();
    return place / ("convops-simulation-" + std::to_string(getpid()) + "-" + std::to_string(seed));
}

std::string id_in(ItemKey const& key) {
    return key.sort.substr(key.sort.find('/') + 1);
}

ChatServices::Taken const* first_taken(std::vector<ChatServices::Taken> const& taken, std::string const& key) {
    auto const at = std::find_if(taken.begin(), taken.end(), [&](auto const& one) { return one.key == key; });
    return at == taken.end() ? nullptr : &*at;
}

} // namespace

FullWorld::FullWorld(std::uint64_t seed)
    : dice(seed)
    , seed_(seed)
    , folder_(folder_for(seed)) {
    std::filesystem::create_directories(folder_);
    boot();
}

FullWorld::~FullWorld() {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
}

Policy FullWorld::policy_of(WorkspaceId const& workspace) const {
    Policy policy;
    if (workspace == acme)
        policy.routes = { { "slack", "C0ACME", "#ops" }, { "whatsapp", "491701", "Ada" },
            { "slack_webhook", "hook", "#hook" } };
    else
        policy.routes = { { "slack", "C0GLOBEX", "#ops" }, { "whatsapp", "491702", "Bob" } };
    return policy;
}

void FullWorld::boot() {
    outbox_.reset();
    performer_.reset();
    engine_.reset();
    store_ = std::make_unique<CrashingStore>(
        memory, [this](CrashMoment moment, auto const& writes) { return around_commit(moment, writes); });
    engine_ = std::make_unique<IncidentEngine>(*store_, clock, dice,
        [this](WorkspaceId const& workspace, ConnectionId const&) { return policy_of(workspace); });
    PerformerWorld world { *engine_, chat, clock, {}, {}, {}, folder_, {}, {}, {}, {}, {}, {} };
    world.sources_at_once = 1;
    world.open_aws = [this](ConnectionId const&) -> Result<std::unique_ptr<Aws>> {
        ++investigations_;
        if (dice.chance(aws_fails / 4))
            return Error { ErrorKind::unavailable, "STS does not answer" };
        return std::unique_ptr<Aws>(
            std::make_unique<StormyAws>(clock, seed_ + static_cast<std::uint64_t>(investigations_), aws_fails));
    };
    world.access = [](std::string_view channel) -> Result<ChannelAccess> {
        if (channel == "slack_webhook")
            return ChannelAccess { "", "https://hooks.slack.com/services/T/B/secret", {} };
        return ChannelAccess { "", "a-token-of-the-simulation", { { "phone_number_id", "555" } } };
    };
    world.reader = [](Route const&, Time) { return Reader {}; };
    performer_ = std::make_unique<Performer>(std::move(world));
    outbox_ = std::make_unique<OutboxWorker>(*engine_, *store_, clock, dice, *performer_);
}

Result<> FullWorld::around_commit(CrashMoment moment, std::vector<Write> const& writes) {
    if (moment == CrashMoment::before && dice.chance(store_fails))
        return Error { ErrorKind::unavailable, "disk full" };
    if (moment == CrashMoment::after) {
        std::set<std::string> left;
        for (auto const& write : writes)
            if (write.kind == Write::Kind::remove && write.item.key.workspace == outbox_workspace)
                left.insert(id_in(write.item.key));
        for (auto const& write : writes)
            if (write.kind == Write::Kind::put && write.item.key.workspace == outbox_workspace) {
                left.erase(id_in(write.item.key));
                auto const entry = outbox_entry_of(write.item);
                auto const* deliver = entry ? std::get_if<Deliver>(&entry->effect.what) : nullptr;
                if (deliver != nullptr) {
                    deliveries_.emplace(entry->effect.id, entry->effect.workspace);
                    if (deliver->message.update && deliver->route.channel != "slack")
                        updates_.insert(entry->effect.id);
                }
            }
        recorded_.insert(left.begin(), left.end());
    }
    if (dice.chance(crash_at_commit) && dice.chance(50))
        throw Crash {};
    return {};
}

void FullWorld::survive(std::function<void()> const& work) {
    try {
        work();
    } catch (Crash const&) {
        ++crashes;
        chat.we_died(recorded_);
        boot();
        if (dice.chance(50))
            survive([this] { (void)outbox_->take_over(); });
    }
}

IncidentId FullWorld::accept(WorkspaceId const& workspace, Alarm const& alarm) {
    for (int i = 0; i < most_sends; ++i) {
        std::optional<Accepted> accepted;
        survive([&] {
            if (auto result = engine_->accept(workspace, prod, alarm))
                accepted = *result;
        });
        if (accepted) {
            acknowledged_.emplace_back(workspace, alarm);
            return accepted->incident.value_or(IncidentId {});
        }
    }
    CHECK(false);
    return {};
}

void FullWorld::ask(WorkspaceId const& workspace, IncidentId const& incident, std::string const& request) {
    auto const route = policy_of(workspace).routes.front();
    survive([&] { (void)engine_->report(workspace, incident, DigDeeperAsked { request, lane_key(route), {} }); });
}

void FullWorld::settle() {
    for (int i = 0; i < most_passes; ++i) {
        std::size_t performed = 1; // a crash in between: look again
        survive([&] { performed = outbox_->perform_due().value_or(1); });
        if (performed == 0)
            return;
    }
    CHECK(false);
}

void FullWorld::run_for(Milliseconds duration) {
    run_until(clock.now() + duration, clock, outbox_, [this] { settle(); });
}

std::size_t FullWorld::incidents() {
    return engine_->list(acme, 1'000)->size() + engine_->list(globex, 1'000)->size();
}

void FullWorld::check_incident(
    WorkspaceId const& workspace, IncidentRecord const& record, std::vector<std::string>& broken) {
    auto const& id = record.incident.id.text;
    if (record.incident.state != IncidentState::resolved)
        broken.push_back("never ended: " + id);
    if (record.investigation == InvestigationState::running)
        broken.push_back("still investigating: " + id);
    for (auto const& route : policy_of(workspace).routes) {
        auto const lane = record.lanes.find(lane_key(route));
        if (lane == record.lanes.end() || lane->second.delivered + lane->second.failed == 0) {
            if (!record.merged_into)
                broken.push_back("nobody was told of " + id + " on " + lane_key(route));
            continue;
        }
        if (lane->second.under_way || !lane->second.waiting.empty())
            broken.push_back("undelivered message of " + id);
    }
}

// Lost, strayed, and out of order.
void FullWorld::check_messages(std::vector<std::string>& broken) {
    std::set<std::string> dead;
    for (auto const& workspace : { acme, globex })
        for (auto const& letter : *engine_->dead_letters(workspace, 10'000)) {
            dead.insert(letter.effect.id);
            if (letter.why.empty())
                broken.push_back("a dead letter without a reason: " + letter.effect.id);
        }
    for (auto const& [id, workspace] : deliveries_)
        if (recorded_.contains(id) && !dead.contains(id) && !updates_.contains(id)
            && first_taken(chat.taken, id) == nullptr)
            broken.push_back("recorded as delivered, and no channel has it: " + id);
    std::map<std::string, std::string> last; // by incident and address
    std::set<std::string> seen;
    for (auto const& one : chat.taken) {
        auto const owner = deliveries_.find(one.key);
        if (owner == deliveries_.end()) {
            broken.push_back("a message that nobody asked for: " + one.key);
            continue;
        }
        auto const routes = policy_of(owner->second).routes;
        if (std::none_of(routes.begin(), routes.end(),
                [&](Route const& route) { return route.channel == one.channel && route.address == one.address; }))
            broken.push_back("a message went to another workspace: " + one.key + " to " + one.address);
        if (!seen.insert(one.key).second)
            continue; // a repeat; what may repeat is checked where it is taken
        auto& before = last[one.key.substr(0, one.key.find('/')) + " " + one.channel + one.address];
        if (one.key < before)
            broken.push_back("out of order: " + one.key + " after " + before);
        before = one.key;
    }
}

std::vector<std::string> FullWorld::broken_promises() {
    auto broken = chat.broken;
    for (auto const& workspace : { acme, globex }) {
        auto const records = *engine_->list(workspace, 1'000);
        for (auto const& record : records)
            check_incident(workspace, record, broken);
        for (auto const& [owner, alarm] : acknowledged_)
            if (owner == workspace && alarm.state == AlarmState::alarm
                && std::none_of(records.begin(), records.end(),
                    [&](IncidentRecord const& record) { return record.changes.contains(alarm_key(alarm)); }))
                broken.push_back("lost alarm " + alarm.transition_key());
    }
    check_messages(broken);
    for (auto const effect_class : { EffectClass::wake, EffectClass::deliver, EffectClass::investigate })
        for (auto const& item :
            *memory.query(outbox_workspace, outbox_key(effect_class, start, "").partition, {}, 3, clock.now()))
            broken.push_back("work left in the outbox: " + item.body);
    return broken;
}

} // namespace convops::simulation
