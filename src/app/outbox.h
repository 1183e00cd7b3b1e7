// Performs the effects that incidents ask for: claim (a lease in the store), perform (outside any transaction),
// record the outcome and remove the effect (one transaction). A process that dies on the way leaves the claim behind;
// it runs out, and somebody claims the effect again.
//
// The one place where a message may go out twice: the process died after the channel took the message and before the
// outcome was recorded. Nobody can close that gap from this side alone. The next attempt carries the same idempotency
// key and says possible_repeat, so that a channel that can (by key, or by looking for the message) does not repeat
// it.
#pragma once

#include "app/engine.h"
#include "app/workers.h"
#include "message/channels.h"

#include <atomic>
#include <set>

namespace convops {

struct PerformRequest {
    Effect effect; // an Investigate or a Deliver; effect.id is the idempotency key
    IncidentRecord record; // as it is now, so that a message says what is known now
    int attempt = 1;
    bool possible_repeat = false; // an earlier attempt may have succeeded without our knowing
};

struct Performed {
    std::vector<Event> events; // MessageDelivered; InvestigationEnded; ...
};
struct TryLater {
    std::string why;
    Milliseconds wait { 0 }; // at least so long ("Retry-After"); the back-off may be longer
    Trouble trouble = Trouble::ours; // a rate limit is no failed try; what may have arrived is looked for first
};
struct GiveUp { // trying again would not help: a dead letter, and the incident goes on without
    std::string why;
};
using PerformOutcome = std::variant<Performed, TryLater, GiveUp>;

// How an error is answered when nothing better is known: invalid_input, access_denied, not_found and corrupt give up.
PerformOutcome outcome_of(Error const& error);

class EffectPerformer {
public:
    virtual ~EffectPerformer() = default;
    // Blocking; called from several threads, but never twice at a time for one incident and route.
    virtual PerformOutcome perform(PerformRequest const& request) = 0;
    // How long until it is this effect's turn; zero: now. Asked before the effect is claimed, so that one that has to
    // wait costs no thread and no try. Does not block; the turn stays the effect's own.
    virtual Milliseconds wait_before(Effect const&) { return Milliseconds { 0 }; }
};

struct EffectLimits {
    std::size_t at_once = 4; // threads
    Milliseconds lease { 120'000 }; // longer than perform() may take
    int most_attempts = 30;
    Milliseconds first_wait { 2'000 };
    Milliseconds longest_wait { 15 * 60'000 };
    // Told "too fast" by the channel so often in a row, it is given up. Thirty times an hour, it is a week.
    int most_rate_limited = 5'000;
};

struct OutboxLimits {
    // 30 attempts, at most 15 minutes apart: a channel may be away for about six hours.
    EffectLimits deliver {};
    EffectLimits investigate { 4, Milliseconds { 300'000 }, 3, Milliseconds { 5'000 }, Milliseconds { 60'000 } };
    std::size_t wakes_at_once = 100; // per pass
    Milliseconds poll_every { 250 }; // a commit of this process wakes the worker at once
};

class OutboxWorker {
public:
    OutboxWorker(IncidentEngine& engine, Store& store, Clock& clock, Entropy& entropy, EffectPerformer& performer,
        OutboxLimits limits = {});
    ~OutboxWorker(); // stop()
    OutboxWorker(OutboxWorker const&) = delete;
    OutboxWorker& operator=(OutboxWorker const&) = delete;

    // Makes every effect due that some process had claimed. Only at start, and only when no other process works on
    // this store. Returns how many.
    Result<std::size_t> take_over();

    void start(); // threads of its own
    void stop(); // finishes what runs; idempotent

    // One pass in the calling thread: performs what is due now, one after the other; returns how many. For tests and
    // one-shot commands. An error of the store ends the pass.
    Result<std::size_t> perform_due();

    // When the next effect is due, or nullopt. For simulations.
    Result<std::optional<Time>> next_due();

private:
    struct Claim {
        OutboxEntry entry;
        ItemKey key;
    };
    EffectLimits const& limits_of(EffectClass effect_class) const;
    Result<std::vector<Item>> due(EffectClass effect_class, std::size_t limit);
    // What is due and whose turn it is; the rest is put off until its turn comes.
    Result<std::vector<Item>> ready(EffectClass effect_class, std::size_t limit);
    Result<std::size_t> wake_due();
    Result<std::optional<Claim>> claim(Item const& item);
    void perform(Claim const& claim);
    PerformOutcome attempt(PerformRequest const& request);
    Result<IncidentRecord> brought_up_to_date(Effect& effect, OutboxEntry const& entry);
    Result<> record(Claim const& claim, PerformOutcome const& outcome);
    Result<> retry_later(Claim const& claim, TryLater const& later);
    Result<> give_up(Claim const& claim, std::string const& why);
    Result<> bury_unreadable(Item const& item, Error const& error);
    Result<> wake(Item const& item);
    Result<> work_on(Item const& item, EffectClass effect_class);
    Result<> dispatch(EffectClass effect_class, BoundedWorkers& workers);
    void run();
    void nudge();
    bool begin(std::string const& effect_id);
    void finish(std::string const& effect_id, Result<> const& result);

    IncidentEngine& engine_;
    Store& store_;
    Clock& clock_;
    Entropy& entropy_;
    EffectPerformer& performer_;
    OutboxLimits limits_;

    std::mutex mutex_;
    std::condition_variable nudged_;
    bool has_news_ = false;
    bool stopping_ = false;
    std::set<std::string>
        in_flight_; // effects this process performs: a clock that jumps past a lease claims none twice
    std::unique_ptr<BoundedWorkers> wakes_;
    std::unique_ptr<BoundedWorkers> deliveries_;
    std::unique_ptr<BoundedWorkers> investigations_;
    std::unique_ptr<BoundedWorkers> performing_; // for the two before it, at low priority
    std::thread thread_;
};

} // namespace convops
