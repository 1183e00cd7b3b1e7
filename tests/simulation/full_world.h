// The whole program without its sockets, files and threads: the real engine, outbox, performer, investigation,
// capsules, composing, channels and delivery, over a simulated clock, store, chat services and AWS account. Two
// workspaces share it.
#pragma once

#include "app/performer.h"
#include "simulation/chat_world.h"
#include "simulation/world.h"

namespace convops::simulation {

inline WorkspaceId const globex { "globex" };

class FullWorld {
public:
    explicit FullWorld(std::uint64_t seed);
    ~FullWorld();
    FullWorld(FullWorld const&) = delete;
    FullWorld& operator=(FullWorld const&) = delete;

    SeededEntropy dice;
    SimulatedClock clock { start };
    MemoryStore memory;
    ChatServices chat { clock, dice };
    int crash_at_commit = 0; // per cent
    int store_fails = 0;
    int aws_fails = 0; // of the calls
    int crashes = 0;

    // Sends until it is acknowledged.
    IncidentId accept(WorkspaceId const& workspace, Alarm const& alarm);
    // What a reader may ask of an incident.
    void ask(WorkspaceId const& workspace, IncidentId const& incident, std::string const& request);
    void run_for(Milliseconds duration);
    std::size_t incidents();
    std::vector<std::string> broken_promises();

private:
    void boot();
    void survive(std::function<void()> const& work);
    void settle();
    Result<> around_commit(CrashMoment moment, std::vector<Write> const& writes);
    Policy policy_of(WorkspaceId const& workspace) const;
    void check_incident(WorkspaceId const& workspace, IncidentRecord const& record, std::vector<std::string>& broken);
    void check_messages(std::vector<std::string>& broken);

    std::uint64_t seed_;
    std::filesystem::path folder_;
    std::unique_ptr<CrashingStore> store_;
    std::unique_ptr<IncidentEngine> engine_;
    std::unique_ptr<Performer> performer_;
    std::unique_ptr<OutboxWorker> outbox_;
    std::vector<std::pair<WorkspaceId, Alarm>> acknowledged_;
    std::map<std::string, WorkspaceId> deliveries_; // ids of all Deliver effects that were ever stored
    std::set<std::string> updates_; // edits for a channel that can not edit: left out on purpose
    std::set<std::string> recorded_; // effects whose end is in the store
    int investigations_ = 0;
};

} // namespace convops::simulation
