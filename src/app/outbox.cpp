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
constexpr std::size_t most_taken_over = 10'000;
constexpr std::size_t most_error_bytes = 500;
constexpr int most_record_tries = 6;
constexpr Milliseconds first_record_wait { 100 };
constexpr std::uint64_t claimed_version = 1; // a claim puts a new item

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

void count_attempt(Effect const& effect, PerformOutcome const& outcome) {
    auto const later = std::holds_alternative<TryLater>(outcome);
    auto const done = std::holds_alternative<Performed>(outcome);
    if (auto const* deliver = std::get_if<Deliver>(&effect.what))
        metrics::count(metrics::Counter::deliveries,
            { deliver->route.channel, done ? "delivered" : (later ? "later" : "rejected") });
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

void OutboxWorker::perform(Claim const& claim) {
    auto const& effect = claim.entry.effect;
    // A reply belongs to no incident.
    auto const record_now = effect.incident.empty() ? Result<IncidentRecord>(IncidentRecord {})
                                                    : engine_.load(effect.workspace, effect.incident);
    PerformOutcome outcome = Performed {};
    if (record_now) {
        RunningInvestigation const running(effect, clock_);
        try {
            outcome = performer_.perform({ effect, *record_now, claim.entry.attempts, claim.entry.possible_repeat });
        } catch (std::exception const& exception) {
            outcome = TryLater { "unexpected: " + std::string(exception.what()) };
        }
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
        return claim.entry.attempts < limits_of(class_of(claim.entry.effect)).most_attempts
            ? retry_later(claim, *later)
            : give_up(claim, later->why);
    return give_up(claim, std::get<GiveUp>(outcome).why);
}

Result<> OutboxWorker::retry_later(Claim const& claim, TryLater const& later) {
    auto const& limits = limits_of(class_of(claim.entry.effect));
    auto wait = limits.first_wait;
    for (int i = 1; i < claim.entry.attempts && wait < limits.longest_wait; ++i)
        wait *= 2;
    wait = std::min(wait, limits.longest_wait);
    wait = wait * static_cast<std::int64_t>(80 + entropy_.next() % 41)
        / 100; // so that a crowd does not come back as one
    wait = std::max(wait, std::min<Milliseconds>(later.wait, Hours { 1 }));
    auto entry = claim.entry;
    entry.claimed = false; // The outcome of this attempt is known: it did not happen.
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
        { { "incident", entry.effect.incident.text }, { "effect", entry.effect.id }, { "why", entry.last_error } });
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
Result<std::size_t> OutboxWorker::wake_due() {
    auto const items = TRY(due(EffectClass::wake, limits_.wakes_at_once));
    for (auto const& item : items) {
        auto const entry = outbox_entry_of(item);
        auto const* wake = entry ? std::get_if<WakeAt>(&entry->effect.what) : nullptr;
        if (wake == nullptr) {
            TRY(bury_unreadable(item, entry ? Error { ErrorKind::corrupt, "not a wake-up" } : entry.error()));
            continue;
        }
        TRY(engine_.settle(entry->effect, { WakeUp { wake->reason, wake->at } }, { remove(item.key) }));
    }
    return items.size();
}

Result<std::size_t> OutboxWorker::perform_due() {
    auto performed = TRY(wake_due());
    for (auto const effect_class : performed_classes)
        for (auto const& item : TRY(due(effect_class, most_due_at_once)))
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

void OutboxWorker::finish(std::string const& effect_id) {
    {
        std::scoped_lock const lock(mutex_);
        in_flight_.erase(effect_id);
    }
    nudge();
}

Result<std::size_t> OutboxWorker::dispatch(EffectClass effect_class, BoundedWorkers& workers) {
    std::size_t dispatched = 0;
    auto const room = workers.free();
    if (room == 0)
        return dispatched;
    for (auto const& item : TRY(due(effect_class, room + limits_of(effect_class).at_once))) {
        if (dispatched == room)
            break;
        auto const id = item.key.sort.substr(item.key.sort.find('/') + 1);
        if (!begin(id))
            continue;
        auto claimed = claim(item);
        if (!claimed || !*claimed) {
            finish(id);
            TRY(std::move(claimed));
            continue;
        }
        auto const ran = workers.try_run([this, id, claim = std::move(**claimed)] {
            perform(claim);
            finish(id);
        });
        CHECK(ran); // only this thread starts work here, and there was room
        ++dispatched;
    }
    return dispatched;
}

void OutboxWorker::run() {
    while (true) {
        // An error of the store is answered by trying again: everything that matters is still in there.
        (void)wake_due();
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
    deliveries_ = std::make_unique<BoundedWorkers>(limits_.deliver.at_once);
    investigations_ = std::make_unique<BoundedWorkers>(limits_.investigate.at_once);
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
    deliveries_->stop();
    investigations_->stop();
}

} // namespace convops
