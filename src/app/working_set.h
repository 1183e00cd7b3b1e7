// One transaction of the incident engine: records, homes and the roster of one connection are loaded, changed by
// step(), and committed together with the effects that the steps asked for. All or nothing, with versions.
#pragma once

#include "incident/home_index.h"
#include "incident/record_json.h"
#include "incident/step.h"
#include "ports/store.h"

#include <mutex>

namespace convops {

// Work for the outbox is kept in a workspace of its own, because one worker serves all tenants; each effect names the
// tenant whose incident it belongs to, and everything else is read and written under that tenant's key.
inline WorkspaceId const outbox_workspace { "-outbox" };

enum class EffectClass : std::uint8_t { wake, deliver, investigate };
std::string_view to_string(EffectClass effect_class);
EffectClass class_of(Effect const& effect);

// An effect in the outbox. Its sort key starts with the time when it is due; claiming it moves it to the end of the
// lease, so that a crashed worker's effect becomes due again by itself.
struct OutboxEntry {
    Effect effect;
    int attempts = 0; // claims so far
    bool claimed = false; // set before performing, cleared when the outcome is recorded
    bool possible_repeat = false; // a try was left behind or got no answer: what it did is not known
    int rate_limited = 0; // so often in a row the channel said "too fast"; such a try is not counted in `attempts`
    bool put_off = false; // it has waited since it was asked for: what it says may be old
    std::string last_error;
};
Json to_json(OutboxEntry const& entry);
Result<OutboxEntry> outbox_entry_from_json(Json const& json);
ItemKey outbox_key(EffectClass effect_class, Time due, std::string const& effect_id);
std::string outbox_sort_of(Time due); // everything due at or before sorts before this
Write put_in_outbox(OutboxEntry const& entry, Time due, Time now);

namespace keys {
ItemKey incident(WorkspaceId const& workspace, IncidentId const& incident);
ItemKey home(WorkspaceId const& workspace, ConnectionId const& connection, IncidentId const& incident);
std::string homes_of(ConnectionId const& connection); // partition
ItemKey roster(WorkspaceId const& workspace, ConnectionId const& connection);
ItemKey seen(WorkspaceId const& workspace, ConnectionId const& connection, Alarm const& alarm);
ItemKey dead_letter(WorkspaceId const& workspace, std::string const& effect_id);
inline constexpr std::string_view incidents = "incidents"; // partition
inline constexpr std::string_view dead_letters = "dead_letters"; // partition
} // namespace keys

// An OK or INSUFFICIENT_DATA that arrived before its ALARM, or without one.
struct LooseChange {
    std::string alarm_key;
    AlarmChange change;
};

// What a connection knows across its incidents. Its version is the lock under which incidents open, join and end.
struct Roster {
    std::vector<Dependency> dependencies; // newest last, bounded
    std::vector<LooseChange> loose; // newest last, bounded
};

// The homes of one connection, as of one version of its roster: parsed once, not for every alarm of a storm. A
// working set takes the entry out and puts it back when it has committed; whoever comes in between reads the store.
struct HomeCache {
    struct Entry {
        std::uint64_t version = 0;
        HomeIndex homes;
    };
    std::mutex mutex;
    std::map<std::pair<WorkspaceId, ConnectionId>, Entry> entries;
};

Result<IncidentRecord> incident_record_of(Item const& item);
Result<OutboxEntry> outbox_entry_of(Item const& item);
Time due_of(ItemKey const& outbox_key);

class WorkingSet {
public:
    WorkingSet(
        Store& store, HomeCache& cache, WorkspaceId workspace, ConnectionId connection, Policy policy, Time now);

    Result<> load_roster(); // needed before homes_for() and roster()
    // The homes that could matter to this alarm.
    [[nodiscard]] std::vector<Home> homes_for(Alarm const& alarm) const {
        return homes_.candidates(alarm, roster_.dependencies);
    }
    [[nodiscard]] Roster const& roster() const { return roster_; }
    void change_roster(Roster roster);

    // The record, loaded once; nullopt when there is none.
    Result<std::optional<IncidentRecord>> record(IncidentId const& id);
    // One step of one incident; `because` of the step. nullopt: it changed nothing.
    Result<std::optional<std::string>> apply(IncidentId const& id, Event const& event);
    void also_write(Write write) { extra_.push_back(std::move(write)); }
    // What also_write() was given for this key and is not committed yet, or nullptr.
    [[nodiscard]] Write const* waiting(ItemKey const& key) const;
    [[nodiscard]] std::size_t size() const; // writes so far, about
    [[nodiscard]] bool has_effects() const { return !effects_.empty(); }
    [[nodiscard]] Time now() const { return now_; }
    [[nodiscard]] Policy const& policy() const { return policy_; }

    Result<> commit(); // conflict: somebody else was faster; start again with a new set

private:
    struct Loaded {
        std::optional<IncidentRecord> record;
        std::uint64_t version = 0; // 0: not stored yet
        std::optional<PastIncident> memory; // as stored
        bool changed = false;
    };
    Result<Loaded*> loaded(IncidentId const& id);
    Result<> load_homes();
    Result<> update_home(IncidentRecord const& record);
    void forget_old_homes();
    void remember_homes(std::uint64_t version);
    Write write_of(ItemKey key, std::string body, std::uint64_t version) const;

    Store& store_;
    HomeCache& cache_;
    WorkspaceId workspace_;
    ConnectionId connection_;
    Policy policy_;
    Time now_;

    bool roster_loaded_ = false;
    bool roster_changed_ = false;
    std::uint64_t roster_version_ = 0;
    Roster roster_;
    HomeIndex homes_;
    std::map<IncidentId, std::optional<Home>> changed_homes_; // nullopt: forget it
    std::map<IncidentId, Loaded> records_;
    std::vector<Effect> effects_;
    std::vector<Write> extra_;
};

} // namespace convops
