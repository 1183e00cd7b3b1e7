#include "app/outbox.h"

#include "app/log.h"
#include "app/metrics.h"

#include "base/check.h"
#include "base/text.h"

namespace convops {

namespace {

constexpr std::array performed_classes { EffectClass::deliver, EffectClass::investigate };
constexpr std::array every_class { EffectClass::wake, EffectClass::deliver, EffectClass::investigate };
constexpr std::size_t most_due_at_once = 100; // per class and pass
constexpr std::size_t threads_that_wake = 4; // each waits for a commit, and those that wait share it
constexpr std::size_t most_taken_over = 10'000;
constexpr std::size_t most_error_bytes = 500;
constexpr int most_record_tries = 6;
constexpr Milliseconds first_record_wait { 100 };
constexpr Milliseconds shortest_wait { 1 }; // before another try, so that one pass ends
constexpr std::uint64_t claimed_version = 1; // a claim puts a new item
constexpr std::size_t most_moved_at_once = most_writes_in_transaction / 2; // a move is two writes

Write remove(ItemKey key) {
    Write write;
    write.kind = Write::Kind::remove;
    write.item.key = std::move(key);
    return write;
}

Write remove(ItemKey key, std::uint64_t version) {
    auto write = remove(std::move(key));
    write.condition = Write::Condition::version_is;
    write.version = version;
    return write;
}

// What an incident learns when one of its effects is given up.
std::vector<Event> failure_of(Effect const& effect, std::string const& why) {
    if (auto const* deliver = std::get_if<Deliver>(&effect.what))
        return { DeliveryFailed { effect.id, lane_key(deliver->route), why } };
    if (auto const* investigate = std::get_if<Investigate>(&effect.what)) {
        if (investigate->kind == InvestigationKind::aftermath)
            return { AftermathEnded { investigate->attempt, "", false } };
        return { InvestigationFailed { why } };
    }
    return {};
}

std::string channel_of(Effect const& effect) { // "" for what is not sent
    if (auto const* reply = std::get_if<Reply>(&effect.what))
        return reply->route.channel;
    auto const* deliver = std::get_if<Deliver>(&effect.what);
    return deliver == nullptr ? std::string() : deliver->route.channel;
}

bool tried_enough(OutboxEntry const& entry, TryLater const& later, EffectLimits const& limits) {
    return is_rate_limit(later.trouble) ? entry.rate_limited >= limits.most_rate_limited
                                        : entry.attempts >= limits.most_attempts;
}

Milliseconds back_off(EffectLimits const& limits, int attempts) {
    auto wait = limits.first_wait;
    for (int i = 1; i < attempts && wait < limits.longest_wait; ++i)
        wait *= 2;
    return std::min(wait, limits.longest_wait);
}

void count_attempt(Effect const& effect, PerformOutcome const& outcome) {
    auto const later = std::holds_alternative<TryLater>(outcome);
    auto const done = std::holds_alternative<Performed>(outcome);
    if (auto const channel = channel_of(effect); !channel.empty())
        metrics::count(
            metrics::Counter::deliveries, { channel, done ? "delivered" : (later ? "later" : "rejected") });
    else
        metrics::count(metrics::Counter::investigations, { done ? "ended" : (later ? "later" : "failed") });
}

// Counts an investigation as running while it runs.
class RunningInvestigation {
public:
    RunningInvestigation(Effect const& effect, Clock& clock)
        : counts_(std::holds_alternative<Investigate>(effect.what))
        , clock_(clock)
        , began_(clock.monotonic()) {
        if (!counts_)
            return;
        metrics::count(metrics::Counter::investigations, { "started" });
        metrics::add(metrics::Gauge::investigations_running, 1);
    }
    ~RunningInvestigation() {
        if (!counts_)
            return;
        metrics::add(metrics::Gauge::investigations_running, -1);
        metrics::observe(
            metrics::Timing::investigation, std::chrono::duration<double>(clock_.monotonic() - began_).count());
    }
    RunningInvestigation(RunningInvestigation const&) = delete;
    RunningInvestigation& operator=(RunningInvestigation const&) = delete;

private:
    bool counts_;
    Clock& clock_;
    std::chrono::nanoseconds began_;
};

} // namespace

PerformOutcome outcome_of(Error const& error) {
    switch (error.kind) {
    case ErrorKind::invalid_input:
    case ErrorKind::access_denied:
    case ErrorKind::not_found:
    case ErrorKind::corrupt:
        return GiveUp { error.message };
    case ErrorKind::throttled:
    case ErrorKind::timeout:
    case ErrorKind::unavailable:
    case ErrorKind::conflict:
        break;
    }
    return TryLater { error.message };
}

OutboxWorker::OutboxWorker(IncidentEngine& engine, Store& store, Clock& clock, Entropy& entropy,
    EffectPerformer& performer, OutboxLimits limits)
    : engine_(engine)
    , store_(store)
    , clock_(clock)
    , entropy_(entropy)
    , performer_(performer)
    , limits_(limits) { }

OutboxWorker::~OutboxWorker() {
    stop();
}

EffectLimits const& OutboxWorker::limits_of(EffectClass effect_class) const {
    return effect_class == EffectClass::investigate ? limits_.investigate : limits_.deliver;
}

Result<std::vector<Item>> OutboxWorker::due(EffectClass effect_class, std::size_t limit) {
    auto const now = clock_.now();
    SortRange const range { {}, outbox_sort_of(now) };
    return store_.query(outbox_workspace, outbox_key(effect_class, now, "").partition, range, limit, now);
}

Result<std::vector<Item>> OutboxWorker::ready(EffectClass effect_class, std::size_t limit) {
    auto items = TRY(due(effect_class, limit));
    std::vector<Item> ready;
    std::vector<Write> moves;
    auto const now = clock_.now();
    for (auto& item : items) {
        auto entry = outbox_entry_of(item);
        auto const wait = entry ? performer_.wait_before(entry->effect) : Milliseconds { 0 };
        if (wait.count() <= 0) {
            ready.push_back(std::move(item));
        } else if (moves.size() < 2 * most_moved_at_once) {
            entry->put_off = true;
            moves.push_back(remove(item.key, item.version));
            moves.push_back(put_in_outbox(*entry, now + wait, now));
        }
    }
    if (moves.empty())
        return ready;
    auto moved = store_.commit(moves, now);
    if (!moved && moved.error().kind != ErrorKind::conflict) // another process has taken one of them: look again
        return moved.error();
    std::scoped_lock const lock(mutex_);
    has_news_ = true;
    return ready;
}

Result<std::optional<Time>> OutboxWorker::next_due() {
    std::optional<Time> next;
    for (auto const effect_class : every_class) {
        auto const now = clock_.now();
        auto const items
            = TRY(store_.query(outbox_workspace, outbox_key(effect_class, now, "").partition, {}, 1, now));
        if (items.empty())
            continue;
        auto const at = due_of(items.front().key);
        next = next ? std::min(*next, at) : at;
    }
    return next;
}

// --- Claim, perform, record ---

Result<std::optional<OutboxWorker::Claim>> OutboxWorker::claim(Item const& item) {
    auto const entry = outbox_entry_of(item);
    if (!entry) {
        TRY(bury_unreadable(item, entry.error()));
        return std::optional<Claim> {};
    }
    Claim claim { *entry, {} };
    claim.entry.possible_repeat = entry->possible_repeat || entry->claimed;
    claim.entry.claimed = true;
    ++claim.entry.attempts;
    auto const now = clock_.now();
    auto const effect_class = class_of(entry->effect);
    auto const until = now + limits_of(effect_class).lease;
    auto const put = put_in_outbox(claim.entry, until, now);
    claim.key = put.item.key;
    auto result = store_.commit({ remove(item.key, item.version), put }, now);
    if (!result && result.error().kind == ErrorKind::conflict)
        return std::optional<Claim> {}; // another process has it
    TRY(std::move(result));
    return std::optional(std::move(claim));
}

PerformOutcome OutboxWorker::attempt(PerformRequest const& request) {
    try {
        return performer_.perform(request);
    } catch (std::exception const& exception) {
        return TryLater { "unexpected: " + std::string(exception.what()), {}, Trouble::network };
    }
}

// A message that had to wait says what is known now: what waits behind it and would only edit it becomes part of it.
// Not when an earlier try may have arrived, because then the older words are what the channel would be asked for.
Result<IncidentRecord> OutboxWorker::brought_up_to_date(Effect& effect, OutboxEntry const& entry) {
    if (effect.incident.empty()) // A reply belongs to no incident.
        return IncidentRecord {};
    auto record = TRY(engine_.load(effect.workspace, effect.incident));
    auto* deliver = std::get_if<Deliver>(&effect.what);
    if (deliver == nullptr)
        return record;
    auto const key = lane_key(deliver->route);
    auto lane = record.lanes.find(key);
    if (lane == record.lanes.end() || lane->second.under_way_key != effect.id || !lane->second.under_way)
        return record;
    if (entry.put_off && !entry.possible_repeat && !lane->second.waiting.empty()
        && makes_needless(lane->second.waiting.front(), *lane->second.under_way)) {
        TRY(engine_.report(effect.workspace, effect.incident, DeliveryCatchesUp { effect.id, key }));
        record = TRY(engine_.load(effect.workspace, effect.incident));
        lane = record.lanes.find(key);
    }
    if (lane != record.lanes.end() && lane->second.under_way)
        deliver->message = *lane->second.under_way;
    return record;
}

void OutboxWorker::perform(Claim const& claim) {
    auto effect = claim.entry.effect;
    auto const record_now = brought_up_to_date(effect, claim.entry);
    PerformOutcome outcome = Performed {};
    if (record_now) {
        RunningInvestigation const running(effect, clock_);
        PerformRequest const request { effect, *record_now, claim.entry.attempts, claim.entry.possible_repeat };
        // What is claimed and settled holds up alarms of the same connection; what is performed in between does not,
        // and it is the long part.
        if (performing_)
            performing_->run_and_wait([&] { outcome = attempt(request); });
        else
            outcome = attempt(request);
    } else if (record_now.error().kind != ErrorKind::not_found) {
        outcome = TryLater { record_now.error().message };
    } // Not found: the incident was erased, and its effects with it.
    count_attempt(effect, outcome);
    // When the outcome can not be stored, the claim runs out and the effect is tried again: the documented repeat. A
    // store that is only busy deserves patience first.
    auto wait = first_record_wait;
    for (int tries = 1; !this->record(claim, outcome) && tries < most_record_tries; ++tries) {
        clock_.wait(wait);
        wait *= 2;
    }
}

Result<> OutboxWorker::record(Claim const& claim, PerformOutcome const& outcome) {
    if (auto const* performed = std::get_if<Performed>(&outcome))
        return engine_.settle(claim.entry.effect, performed->events, { remove(claim.key) });
    if (auto const* later = std::get_if<TryLater>(&outcome))
        return tried_enough(claim.entry, *later, limits_of(class_of(claim.entry.effect)))
            ? give_up(claim, later->why)
            : retry_later(claim, *later);
    return give_up(claim, std::get<GiveUp>(outcome).why);
}

Result<> OutboxWorker::retry_later(Claim const& claim, TryLater const& later) {
    auto const& limits = limits_of(class_of(claim.entry.effect));
    auto entry = claim.entry;
    entry.claimed = false;
    entry.put_off = true;
    Milliseconds wait { 0 };
    if (is_rate_limit(later.trouble)) { // It was early, and that is all: no try was used up.
        --entry.attempts;
        entry.rate_limited += later.trouble == Trouble::not_our_turn ? 0 : 1;
    } else {
        entry.rate_limited = 0;
        entry.possible_repeat = entry.possible_repeat || may_have_arrived(later.trouble);
        wait = back_off(limits, entry.attempts);
        wait = wait * static_cast<std::int64_t>(80 + entropy_.next() % 41)
            / 100; // so that a crowd does not come back as one
    }
    wait = std::max({ wait, std::min<Milliseconds>(later.wait, Hours { 1 }), shortest_wait });
    entry.last_error = shorten(clean_utf8(later.why), most_error_bytes);
    auto const now = clock_.now();
    return store_.commit({ remove(claim.key, claimed_version), put_in_outbox(entry, now + wait, now) }, now);
}

Result<> OutboxWorker::give_up(Claim const& claim, std::string const& why) {
    auto entry = claim.entry;
    entry.claimed = false;
    entry.last_error = shorten(clean_utf8(why), most_error_bytes);
    metrics::count(metrics::Counter::dead_letters, { to_string(class_of(entry.effect)) });
    log_warning("gave_up",
        { { "incident", entry.effect.incident.text }, { "effect", entry.effect.id },
            { "what", std::string(to_string(class_of(entry.effect))) }, { "channel", channel_of(entry.effect) },
            { "attempts", std::to_string(entry.attempts) }, { "why", entry.last_error } });
    Write letter;
    letter.item = { keys::dead_letter(entry.effect.workspace, entry.effect.id), DataClass::diagnosis_summaries,
        clock_.now(), to_text(to_json(entry)), 0 };
    return engine_.settle(entry.effect, failure_of(entry.effect, entry.last_error), { remove(claim.key), letter });
}

// It can only come from a newer version or a broken disk; it must not stop the others.
Result<> OutboxWorker::bury_unreadable(Item const& item, Error const& error) {
    Write letter;
    letter.item = { { outbox_workspace, "unreadable", item.key.sort }, DataClass::diagnosis_summaries, clock_.now(),
        error.message + "\n" + shorten(item.body, most_item_bytes / 2), 0 };
    return store_.commit({ remove(item.key, item.version), letter }, clock_.now());
}

// Wake-ups need no claim: the event changes nothing the second time.
// Wake-ups need no claim: the event changes nothing the second time.
Result<> OutboxWorker::wake(Item const& item) {
    auto const entry = outbox_entry_of(item);
    auto const* what = entry ? std::get_if<WakeAt>(&entry->effect.what) : nullptr;
    if (what == nullptr)
        return bury_unreadable(item, entry ? Error { ErrorKind::corrupt, "not a wake-up" } : entry.error());
    return engine_.settle(entry->effect, { WakeUp { what->reason, what->at } }, { remove(item.key) });
}

Result<std::size_t> OutboxWorker::wake_due() {
    auto const items = TRY(due(EffectClass::wake, limits_.wakes_at_once));
    for (auto const& item : items)
        TRY(wake(item));
    return items.size();
}

Result<std::size_t> OutboxWorker::perform_due() {
    auto performed = TRY(wake_due());
    for (auto const effect_class : performed_classes)
        for (auto const& item : TRY(ready(effect_class, most_due_at_once)))
            if (auto const claimed = TRY(claim(item))) {
                perform(*claimed);
                ++performed;
            }
    return performed;
}

Result<std::size_t> OutboxWorker::take_over() {
    std::size_t taken = 0;
    for (auto const effect_class : performed_classes) {
        auto const now = clock_.now();
        for (auto const& item : TRY(store_.query(
                 outbox_workspace, outbox_key(effect_class, now, "").partition, {}, most_taken_over, now))) {
            auto const entry = outbox_entry_of(item);
            if (!entry || !entry->claimed)
                continue;
            // Still marked as claimed: whoever performs it knows that it may be a repeat.
            auto const put = put_in_outbox(*entry, now, now);
            if (put.item.key == item.key)
                continue;
            TRY(store_.commit({ remove(item.key, item.version), put }, now));
            ++taken;
        }
    }
    return taken;
}

// --- Threads ---

bool OutboxWorker::begin(std::string const& effect_id) {
    std::scoped_lock const lock(mutex_);
    return in_flight_.insert(effect_id).second;
}

void OutboxWorker::finish(std::string const& effect_id, Result<> const& result) {
    {
        std::scoped_lock const lock(mutex_);
        in_flight_.erase(effect_id);
    }
    if (result) // A store that fails is asked again at the next poll, not at once.
        nudge();
}

Result<> OutboxWorker::work_on(Item const& item, EffectClass effect_class) {
    if (effect_class == EffectClass::wake)
        return wake(item);
    if (auto const claimed = TRY(claim(item)))
        perform(*claimed);
    return {};
}

// Claims are made by the workers: several wait for one fsync together, and none waits for another's.
Result<> OutboxWorker::dispatch(EffectClass effect_class, BoundedWorkers& workers) {
    std::size_t dispatched = 0;
    auto const room = workers.free();
    if (room == 0)
        return {};
    for (auto const& item : TRY(ready(effect_class, room + workers.size()))) {
        if (dispatched == room)
            break;
        auto const id = item.key.sort.substr(item.key.sort.find('/') + 1);
        if (!begin(id))
            continue;
        auto const ran = workers.try_run([this, id, item, effect_class] { finish(id, work_on(item, effect_class)); });
        CHECK(ran); // only this thread starts work here, and there was room
        ++dispatched;
    }
    return {};
}

void OutboxWorker::run() {
    while (true) {
        // An error of the store is answered by trying again: everything that matters is still in there.
        (void)dispatch(EffectClass::wake, *wakes_);
        (void)dispatch(EffectClass::deliver, *deliveries_);
        (void)dispatch(EffectClass::investigate, *investigations_);
        std::unique_lock lock(mutex_);
        nudged_.wait_for(lock, limits_.poll_every, [&] { return has_news_ || stopping_; });
        has_news_ = false;
        if (stopping_)
            return;
    }
}

void OutboxWorker::nudge() {
    {
        std::scoped_lock const lock(mutex_);
        has_news_ = true;
    }
    nudged_.notify_one();
}

void OutboxWorker::start() {
    CHECK(!thread_.joinable());
    wakes_ = std::make_unique<BoundedWorkers>(threads_that_wake);
    deliveries_ = std::make_unique<BoundedWorkers>(limits_.deliver.at_once);
    investigations_ = std::make_unique<BoundedWorkers>(limits_.investigate.at_once);
    performing_ = std::make_unique<BoundedWorkers>(
        limits_.deliver.at_once + limits_.investigate.at_once, WorkerPriority::low);
    engine_.on_work([this] { nudge(); });
    thread_ = std::thread([this] { run(); });
}

void OutboxWorker::stop() {
    if (!thread_.joinable())
        return;
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    nudged_.notify_all();
    thread_.join();
    engine_.on_work({});
    wakes_->stop();
    deliveries_->stop();
    investigations_->stop();
    performing_->stop();
}

} // namespace convops
