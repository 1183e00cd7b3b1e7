// A world for the incident engine: production code over a simulated clock, store, channel and investigator.
// Everything that goes wrong is decided by one seed or by one script.
#pragma once

#include "adapters/memory/memory_store.h"
#include "adapters/memory/simulated_clock.h"
#include "app/outbox.h"

namespace convops::simulation {

// The process dies. Not a std::exception, so that nothing in between can swallow it.
struct Crash { };

enum class CrashMoment : std::uint8_t { before, after };

// A place in the run at which the process dies: the nth commit, or the nth performed effect, before or after it.
struct CrashPlan {
    enum class What : std::uint8_t { nothing, commit, perform };
    What what = What::nothing;
    int nth = 0;
    CrashMoment moment = CrashMoment::before;
};

class CrashingStore final : public Store {
public:
    CrashingStore(Store& inner, std::function<Result<>(CrashMoment, std::vector<Write> const&)> around_commit)
        : inner_(inner)
        , around_commit_(std::move(around_commit)) { }
    Result<Item> get(ItemKey const& key, Time now) override { return inner_.get(key, now); }
    Result<> commit(std::vector<Write> const& writes, Time now) override;
    Result<std::vector<Item>> query(WorkspaceId const& workspace, std::string_view partition, SortRange const& range,
        std::size_t limit, Time now) override {
        return inner_.query(workspace, partition, range, limit, now);
    }
    Result<std::size_t> sweep(Time now, std::size_t limit) override { return inner_.sweep(now, limit); }

private:
    Store& inner_;
    std::function<Result<>(CrashMoment, std::vector<Write> const&)>
        around_commit_; // an error before: the commit is refused
};

// One message that the channel took.
struct Sent {
    std::string key;
    std::string lane;
    IncidentId incident;
    MessageKind kind = MessageKind::first_facts;
    std::string note;
    int times = 0;
    std::optional<std::string> edits; // message id
    bool possible_repeat = false;
    Time at {};
    std::string question; // of an answer
};

// What a person asked and the engine took.
struct Asked {
    IncidentId incident;
    std::string lane;
    std::string text; // empty: a deeper look
    Time at {};
};

struct Odds { // per cent
    int crash_at_commit = 0;
    int crash_at_perform = 0;
    int delivery_fails = 0;
    int delivery_rejected = 0;
    int investigation_fails = 0;
    int investigation_given_up = 0;
    int store_fails = 0; // a commit answers "unavailable" and did nothing
};

inline WorkspaceId const acme { "acme" };
inline ConnectionId const prod { "prod" };
inline Time const start { Milliseconds { 1'795'464'000'000 } };

// An alarm on the processor of one RDS instance.
Alarm alarm_of(std::string name, std::string resource, AlarmState state, Time at);

class World final : private EffectPerformer {
public:
    explicit World(std::uint64_t seed, Policy policy = default_policy());
    static Policy default_policy(); // two routes

    Odds odds;
    CrashPlan plan;
    SeededEntropy dice;
    SimulatedClock clock { start };
    MemoryStore memory;
    std::vector<Sent> sent;
    std::vector<std::pair<std::string, std::string>> dependencies; // what the next investigation finds
    Gist gist; // of the next investigation; none: it names no cause
    int crashes = 0;
    int commits = 0;
    int performs = 0;
    bool investigator_is_slow = false; // answers "try later" until told otherwise
    std::function<std::optional<PerformOutcome>(PerformRequest const&)> channel_answers; // instead of taking it
    std::function<Milliseconds(Effect const&)> turn_in; // how long an effect waits for its turn

    // Sends until it is acknowledged, as SNS does.
    Accepted accept(Alarm const& alarm);
    // Somebody in a conversation asks; sent until it is acknowledged, as Slack and WhatsApp do. The same request may
    // be sent again. An empty text asks for a deeper look.
    void ask(
        IncidentId const& incident, std::string const& lane, std::string const& request, std::string const& text);
    // Somebody presses "right" or "not right" under the message; sent until it is acknowledged.
    void vote(IncidentId const& incident, std::string const& lane, std::string const& person, Opinion opinion);
    // Performs what is due, moving the clock from one due time to the next, until `until`.
    void run_until(Time until);
    void run_for(Milliseconds duration) { run_until(clock.now() + duration); }
    // Performs what is due now, without moving the clock.
    void settle();

    [[nodiscard]] IncidentEngine& engine() { return *engine_; }
    [[nodiscard]] OutboxWorker& outbox() { return *outbox_; }
    std::vector<IncidentRecord> incidents();
    [[nodiscard]] std::vector<Sent> sent_for(IncidentId const& incident, std::string_view lane = "slack/C1") const;

    // Every promise that must hold once everything has ended; one sentence per broken one.
    std::vector<std::string> broken_promises();

private:
    PerformOutcome perform(PerformRequest const& request) override;
    Milliseconds wait_before(Effect const& effect) override { return turn_in ? turn_in(effect) : Milliseconds { 0 }; }
    PerformOutcome deliver(PerformRequest const& request, Deliver const& what);
    PerformOutcome investigate(PerformRequest const& request);
    void check_answers(std::vector<std::string>& broken);
    void maybe_crash(CrashPlan::What what, int nth, CrashMoment moment);
    void boot();
    Result<> around_commit(CrashMoment moment, std::vector<Write> const& writes);
    void note_ends(std::vector<Write> const& writes);
    void survive(std::function<void()> const& work); // runs it; when it crashes, boots again

    Policy policy_;
    std::unique_ptr<CrashingStore> store_;
    std::unique_ptr<IncidentEngine> engine_;
    std::unique_ptr<OutboxWorker> outbox_;
    std::vector<Alarm> acknowledged_;
    std::vector<Asked> asked_;
    int message_numbers_ = 0;
    std::set<std::string> recorded_; // effects whose end is in the store
    std::vector<std::string> broken_;
};

} // namespace convops::simulation
