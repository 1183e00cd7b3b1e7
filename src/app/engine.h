// The incident engine: alarms in, effects out; nothing is lost when the process dies at any point.
//
//     auto store = open_sqlite_store(path);                                   // or MemoryStore
//     IncidentEngine engine(**store, clock, entropy, [](auto const& workspace, auto const& connection) {
//         return Policy { .routes = routes_of(workspace, connection) };       // who is told; everything else has
//     });                                                                     // a default
//     OutboxWorker outbox(engine, **store, clock, entropy, performer);        // outbox.h: investigates and delivers
//     outbox.take_over();     // only with a store of our own (SQLite): what a crash left behind is due at once
//     outbox.start();
//
//     // A webhook, an EventBridge call or a queue message; durable when it returns:
//     auto const accepted = engine.accept(workspace, connection, alarm);
//
//     // While it investigates, the performer tells as soon as first facts are stored:
//     engine.report(workspace, incident, FirstFactsReady { reference });
//
//     outbox.stop();          // finishes what runs, claims nothing new
//
// Thread-safe. Several processes may share one store: versions decide, and a loser starts again.
#pragma once

#include "app/working_set.h"
#include "base/leader_line.h"
#include "ports/clock.h"

#include <array>

namespace convops {

struct Accepted {
    enum class Fate : std::uint8_t {
        opened, // a new incident
        joined, // part of a known incident, or a further state change of it
        duplicate, // known already; nothing was stored
        recorded, // an OK or INSUFFICIENT_DATA without an incident
    };
    Fate fate = Fate::recorded;
    std::optional<IncidentId> incident;
    std::string because; // one sentence
};
std::string_view to_string(Accepted::Fate fate);

// An effect that was given up, as the portal lists it.
struct DeadLetter {
    Effect effect;
    int attempts = 0;
    std::string why;
    Time at {};
};

class IncidentEngine {
public:
    using PolicyOf = std::function<Policy(WorkspaceId const&, ConnectionId const&)>;

    IncidentEngine(Store& store, Clock& clock, Entropy& entropy, PolicyOf policy_of = {});

    // Stores the alarm, everything that follows from it, and `also` in one transaction. Errors are those of the
    // store: answer the sender 5xx, so that it sends again; the second time is harmless.
    Result<Accepted> accept(WorkspaceId const& workspace, ConnectionId const& connection, Alarm const& alarm,
        std::vector<Write> const& also = {});

    // Something happened to an incident. not_found when there is none; an event that is no longer of interest is
    // fine.
    Result<> report(WorkspaceId const& workspace, IncidentId const& incident, Event const& event);

    // The same for something that is sent to us at least once: `mark` is stored in the same transaction, and what has
    // its mark already changes nothing. False: it was taken before.
    Result<bool> report_once(
        WorkspaceId const& workspace, IncidentId const& incident, Event const& event, ItemKey const& mark);
    [[nodiscard]] Result<bool> was_taken(ItemKey const& mark);
    // A reply that belongs to no incident, likewise once per mark.
    Result<bool> reply_once(WorkspaceId const& workspace, Reply reply, ItemKey const& mark);

    Result<IncidentRecord> load(WorkspaceId const& workspace, IncidentId const& incident);
    // Sorts before every incident that opened at `opened_at` or later: where list() may begin.
    static IncidentId before_any_of(Time opened_at);
    // Ascending by id (ids start with the time of opening), those after `after`, at most `limit`.
    Result<std::vector<IncidentRecord>> list(
        WorkspaceId const& workspace, std::size_t limit, IncidentId const& after = {});
    Result<std::vector<DeadLetter>> dead_letters(WorkspaceId const& workspace, std::size_t limit);

    // Called after each commit that has put work into the outbox; from any thread.
    void on_work(std::function<void()> callback);

    // For the outbox: applies the events of an effect's outcome and writes `also` in the same transaction.
    Result<> settle(Effect const& effect, std::vector<Event> const& events, std::vector<Write> const& also);

private:
    // A logical transaction of one connection: changes the set; called again, with a fresh set, when that can not be
    // committed.
    struct Work {
        WorkspaceId const* workspace;
        ConnectionId const* connection;
        std::function<Result<>(WorkingSet&)> change;
        Result<> result = Error { ErrorKind::unavailable, "given up by the thread that did it" };
    };
    Result<> run(
        WorkspaceId const& workspace, ConnectionId const& connection, std::function<Result<>(WorkingSet&)> change);
    void run_group(std::span<Work* const> group);
    Result<std::size_t> commit_some(std::span<Work* const> group);
    Result<> with_retries(Work* work);
    Result<Accepted> accept_into(
        WorkingSet& set, WorkspaceId const& workspace, ConnectionId const& connection, Alarm const& alarm);
    Result<std::string> place(WorkingSet& set, WorkspaceId const& workspace, ConnectionId const& connection,
        Alarm const& alarm, std::vector<IncidentId> const& homes, IncidentId const& home);
    Result<> claim_loose_changes(
        WorkingSet& set, WorkspaceId const& workspace, ConnectionId const& connection, Alarm const& alarm);
    Result<> tell_earlier_ends(WorkingSet& set, Alarm const& alarm, std::vector<IncidentId> const& homes);
    WorkingSet working_set(WorkspaceId const& workspace, ConnectionId const& connection);
    IncidentId new_id(Time opened_at);
    void work_was_added(WorkingSet const& set);

    Store& store_;
    Clock& clock_;
    Entropy& entropy_;
    PolicyOf policy_of_;
    HomeCache cache_;
    std::mutex callback_mutex_;
    std::function<void()> on_work_;
    // Transactions of one connection wait here instead of colliding in the store; those that wait together are
    // committed together.
    std::array<LeaderLine<Work>, 64> lines_;
};

} // namespace convops
