#include "app/engine.h"

#include "app/told.h"
#include "base/text.h"

namespace convops {

namespace {

// Collisions come only from other processes; each loses at most once per winner.
constexpr int most_tries = 12;
constexpr Milliseconds first_wait { 5 };
// What waits for one connection is committed together, until so much is to be written: the next alarm must still have
// room to join incidents, whatever the company it came in.
constexpr std::size_t most_together = 16;
constexpr std::size_t most_writes_before_next = 30;
constexpr std::size_t most_ends_told = 4; // an alarm that ends more often within two hours flaps
constexpr std::size_t most_writes_per_merge = 2 + 2 * most_lanes; // record, home, a notice per lane on both sides

Alarm as_alarm(LooseChange const& loose, Alarm like) {
    like.state = loose.change.state;
    like.changed_at = loose.change.at;
    like.reason.clear();
    return like;
}

} // namespace

std::string_view to_string(Accepted::Fate fate) {
    switch (fate) {
    case Accepted::Fate::opened:
        return "opened";
    case Accepted::Fate::joined:
        return "joined";
    case Accepted::Fate::duplicate:
        return "duplicate";
    case Accepted::Fate::recorded:
        return "recorded";
    }
    return "recorded";
}

IncidentEngine::IncidentEngine(Store& store, Clock& clock, Entropy& entropy, PolicyOf policy_of)
    : store_(store)
    , clock_(clock)
    , entropy_(entropy)
    , policy_of_(std::move(policy_of)) { }

WorkingSet IncidentEngine::working_set(WorkspaceId const& workspace, ConnectionId const& connection) {
    return { store_, cache_, workspace, connection, policy_of_ ? policy_of_(workspace, connection) : Policy {},
        clock_.now() };
}

namespace {

std::string id_prefix(Time opened_at) {
    auto time = replace_all(replace_all(format_time(floor_to(opened_at, Seconds { 1 })), "-", ""), ":", "");
    if (time.ends_with("Z"))
        time.pop_back();
    return "INC-" + time;
}

} // namespace

IncidentId IncidentEngine::before_any_of(Time opened_at) {
    return IncidentId { id_prefix(opened_at) };
}

// "INC-20261123T201500-7f3a9c0d12": sorts by time of opening, and nobody can guess another tenant's.
IncidentId IncidentEngine::new_id(Time opened_at) {
    auto const random = entropy_.next();
    std::string bytes;
    for (int shift = 0; shift < 40; shift += 8)
        bytes.push_back(static_cast<char>((random >> shift) & 0xFF));
    return IncidentId { id_prefix(opened_at) + "-" + to_hex(bytes) };
}

// --- Transactions ---

Result<> IncidentEngine::run(
    WorkspaceId const& workspace, ConnectionId const& connection, std::function<Result<>(WorkingSet&)> change) {
    Work work { &workspace, &connection, std::move(change) };
    auto const line = std::hash<std::string> {}(workspace.text + "/" + connection.text) % lines_.size();
    lines_[line].run(
        work, most_together,
        [](Work const& first, Work const& next) {
            return *first.workspace == *next.workspace && *first.connection == *next.connection;
        },
        [this](std::span<Work* const> group) { run_group(group); });
    return work.result;
}

// Together as far as it goes. When a group can not be committed, one of it may be to blame, or another process was
// faster: the first is done alone and the rest is tried again, so that nobody suffers for somebody else.
void IncidentEngine::run_group(std::span<Work* const> group) {
    while (!group.empty()) {
        std::size_t done = 1;
        auto const together = group.size() > 1 ? commit_some(group) : Result<std::size_t>(0);
        if (together && *together > 0)
            done = *together;
        else
            group.front()->result = with_retries(group.front());
        group = group.subspan(done);
    }
}

// One working set, one commit; how many of the group are in it, from its front.
Result<std::size_t> IncidentEngine::commit_some(std::span<Work* const> group) {
    auto set = working_set(*group.front()->workspace, *group.front()->connection);
    std::size_t changed = 0;
    for (; changed < group.size() && (changed == 0 || set.size() <= most_writes_before_next); ++changed)
        TRY(group[changed]->change(set));
    TRY(set.commit());
    for (auto* work : group.first(changed))
        work->result = {};
    work_was_added(set);
    return changed;
}

Result<> IncidentEngine::with_retries(Work* work) {
    auto wait = first_wait;
    for (int tries = 1;; ++tries) {
        auto const done = commit_some({ &work, 1 });
        if (done)
            return {};
        if (done.error().kind != ErrorKind::conflict || tries >= most_tries)
            return done.error();
        clock_.wait(wait + Milliseconds { static_cast<std::int64_t>(entropy_.next() % 10) });
        wait *= 2;
    }
}

// --- Alarms ---

Result<Accepted> IncidentEngine::accept(WorkspaceId const& workspace, ConnectionId const& connection,
    Alarm const& alarm, std::vector<Write> const& also) {
    if (workspace.empty() || connection.empty() || (alarm.arn.empty() && alarm.name.empty()))
        return Error { ErrorKind::invalid_input, "an alarm needs a workspace, a connection and a name" };
    Accepted accepted;
    auto const change = [&](WorkingSet& set) -> Result<> {
        accepted = TRY(accept_into(set, workspace, connection, alarm));
        for (auto const& write : also)
            if (set.waiting(write.item.key) == nullptr) // The same delivery twice at once is written once.
                set.also_write(write);
        return {};
    };
    TRY(run(workspace, connection, change).with_context("accept alarm " + shorten(clean_utf8(alarm.name), 100)));
    return accepted;
}

Result<Accepted> IncidentEngine::accept_into(
    WorkingSet& set, WorkspaceId const& workspace, ConnectionId const& connection, Alarm const& alarm) {
    auto const seen_key = keys::seen(workspace, connection, alarm);
    auto const duplicate_of = [](std::string const& incident) {
        return Accepted { Accepted::Fate::duplicate,
            incident.empty() ? std::nullopt : std::optional(IncidentId { incident }), "a duplicate" };
    };
    if (auto const* just_now = set.waiting(seen_key))
        return duplicate_of(just_now->item.body);
    auto const seen = store_.get(seen_key, set.now());
    if (seen)
        return duplicate_of(seen->body);
    if (seen.error().kind != ErrorKind::not_found)
        return seen.error();
    TRY(set.load_roster());
    auto const homes = find_homes(set.homes_for(alarm), alarm, set.roster().dependencies, set.policy());

    Accepted accepted;
    if (homes.empty() && alarm.state != AlarmState::alarm) {
        auto roster = set.roster();
        roster.loose.push_back({ alarm_key(alarm), { alarm.changed_at, alarm.state } });
        set.change_roster(std::move(roster));
        accepted.because = "no incident has this alarm";
    } else {
        accepted.fate = homes.empty() ? Accepted::Fate::opened : Accepted::Fate::joined;
        accepted.incident = homes.empty() ? new_id(alarm.changed_at) : homes.front();
        accepted.because = TRY(place(set, workspace, connection, alarm, homes, *accepted.incident));
        if (alarm.state == AlarmState::alarm) {
            TRY(claim_loose_changes(set, workspace, connection, alarm));
            TRY(tell_earlier_ends(set, alarm, homes));
        }
    }
    Write write; // What arrives again within the time that pending work is kept is recognised.
    write.item
        = { seen_key, DataClass::pending_work, set.now(), accepted.incident ? accepted.incident->text : "", 0 };
    write.condition = Write::Condition::absent;
    set.also_write(std::move(write));
    return accepted;
}

Result<std::string> IncidentEngine::place(WorkingSet& set, WorkspaceId const& workspace,
    ConnectionId const& connection, Alarm const& alarm, std::vector<IncidentId> const& homes,
    IncidentId const& home) {
    auto const earlier = recent_firings(set.homes_for(alarm), alarm_key(alarm), alarm.changed_at, set.policy());
    auto because = TRY(set.apply(home, AlarmArrived { alarm, workspace, connection, home, earlier }));
    for (auto const& other : homes) {
        auto const into = TRY(set.record(home));
        auto const from = TRY(set.record(other));
        if (other == home || !into || !from
            || into->incident.alarms.size() + from->incident.alarms.size() > most_alarms_of_incident
            || set.size() + most_writes_per_merge > most_writes_in_transaction - most_writes_per_merge / 4)
            continue;
        TRY(set.apply(home, Absorb { *from }));
        TRY(set.apply(other, Absorbed { home }));
    }
    return because.value_or("nothing new");
}

// The same alarm ended not long ago, in another incident: what fixed that one did not last.
Result<> IncidentEngine::tell_earlier_ends(
    WorkingSet& set, Alarm const& alarm, std::vector<IncidentId> const& homes) {
    std::size_t told = 0;
    for (auto const& home : set.homes_for(alarm)) {
        bool const ended_lately = home.state == IncidentState::resolved && home.resolved_at
            && alarm.changed_at < *home.resolved_at + set.policy().outcome_after;
        if (!ended_lately || !home.alarms.contains(alarm_key(alarm))
            || std::find(homes.begin(), homes.end(), home.id) != homes.end() || ++told > most_ends_told)
            continue;
        TRY(set.apply(home.id, CameBack { alarm.changed_at }));
    }
    return {};
}

// An OK that overtook its ALARM is applied now.
Result<> IncidentEngine::claim_loose_changes(
    WorkingSet& set, WorkspaceId const& workspace, ConnectionId const& connection, Alarm const& alarm) {
    auto roster = set.roster();
    auto const key = alarm_key(alarm);
    std::vector<LooseChange> claimed;
    std::erase_if(roster.loose, [&](LooseChange const& loose) {
        auto const ours = loose.alarm_key == key && loose.change.at >= alarm.changed_at;
        if (ours)
            claimed.push_back(loose);
        return ours;
    });
    if (claimed.empty())
        return {};
    set.change_roster(std::move(roster));
    std::sort(claimed.begin(), claimed.end(), [](auto const& a, auto const& b) { return a.change < b.change; });
    for (auto const& loose : claimed) {
        auto const recovered = as_alarm(loose, alarm);
        auto const homes = find_homes(set.homes_for(recovered), recovered, set.roster().dependencies, set.policy());
        if (!homes.empty())
            TRY(place(set, workspace, connection, recovered, homes, homes.front()));
    }
    return {};
}

// --- Events ---

namespace {

Write mark_as_taken(ItemKey const& mark, Time now) {
    Write write;
    write.item = { mark, DataClass::pending_work, now, "taken", 0 };
    write.condition = Write::Condition::absent;
    return write;
}

Result<> apply_events(
    WorkingSet& set, WorkspaceId const& workspace, IncidentId const& incident, std::vector<Event> const& events) {
    for (auto const& event : events) {
        TRY(set.apply(incident, event));
        if (auto const* delivered = std::get_if<MessageDelivered>(&event))
            for (auto& write : told_writes(workspace, incident, *delivered, set.now()))
                set.also_write(std::move(write));
        auto const* ended = std::get_if<InvestigationEnded>(&event);
        if (ended == nullptr || ended->dependencies.empty())
            continue;
        TRY(set.load_roster());
        auto roster = set.roster();
        for (auto const& pair : ended->dependencies)
            if (std::find(roster.dependencies.begin(), roster.dependencies.end(), pair) == roster.dependencies.end())
                roster.dependencies.push_back(pair);
        if (roster.dependencies != set.roster().dependencies)
            set.change_roster(std::move(roster));
    }
    return {};
}

} // namespace

Result<> IncidentEngine::report(WorkspaceId const& workspace, IncidentId const& incident, Event const& event) {
    auto const record = TRY(load(workspace, incident));
    return run(workspace, record.incident.connection,
        [&](WorkingSet& set) { return apply_events(set, workspace, incident, { event }); });
}

Result<bool> IncidentEngine::was_taken(ItemKey const& mark) {
    auto const item = store_.get(mark, clock_.now());
    if (!item && item.error().kind != ErrorKind::not_found)
        return item.error();
    return item.has_value();
}

Result<bool> IncidentEngine::report_once(
    WorkspaceId const& workspace, IncidentId const& incident, Event const& event, ItemKey const& mark) {
    auto const record = TRY(load(workspace, incident));
    bool taken = false;
    auto const once = [&](WorkingSet& set) -> Result<> {
        taken = set.waiting(mark) != nullptr || TRY(was_taken(mark));
        if (taken)
            return {};
        set.also_write(mark_as_taken(mark, set.now()));
        return apply_events(set, workspace, incident, { event });
    };
    TRY(run(workspace, record.incident.connection, once));
    return !taken;
}

Result<bool> IncidentEngine::reply_once(WorkspaceId const& workspace, Reply reply, ItemKey const& mark) {
    Effect const effect { "reply/" + mark.partition + "/" + mark.sort, workspace, {}, {}, std::move(reply) };
    bool taken = false;
    auto const once = [&](WorkingSet& set) -> Result<> {
        taken = set.waiting(mark) != nullptr || TRY(was_taken(mark));
        if (taken)
            return {};
        set.also_write(mark_as_taken(mark, set.now()));
        set.also_write(put_in_outbox({ effect, 0, false, false, {} }, set.now(), set.now()));
        return {};
    };
    TRY(run(workspace, {}, once));
    std::scoped_lock const lock(callback_mutex_);
    if (!taken && on_work_)
        on_work_();
    return !taken;
}

Result<> IncidentEngine::settle(
    Effect const& effect, std::vector<Event> const& events, std::vector<Write> const& also) {
    return run(effect.workspace, effect.connection, [&](WorkingSet& set) -> Result<> {
        TRY(apply_events(set, effect.workspace, effect.incident, events));
        for (auto const& write : also)
            set.also_write(write);
        return {};
    });
}

void IncidentEngine::on_work(std::function<void()> callback) {
    std::scoped_lock const lock(callback_mutex_);
    on_work_ = std::move(callback);
}

void IncidentEngine::work_was_added(WorkingSet const& set) {
    if (!set.has_effects())
        return;
    std::scoped_lock const lock(callback_mutex_);
    if (on_work_)
        on_work_();
}

// --- Reading ---

Result<IncidentRecord> IncidentEngine::load(WorkspaceId const& workspace, IncidentId const& incident) {
    auto const item = TRY(store_.get(keys::incident(workspace, incident), clock_.now()));
    return incident_record_of(item);
}

Result<std::vector<IncidentRecord>> IncidentEngine::list(
    WorkspaceId const& workspace, std::size_t limit, IncidentId const& after) {
    SortRange const range { after.empty() ? std::string() : after.text + '\0', {} };
    std::vector<IncidentRecord> records;
    for (auto const& item : TRY(store_.query(workspace, keys::incidents, range, limit, clock_.now())))
        records.push_back(TRY(incident_record_of(item)));
    return records;
}

Result<std::vector<DeadLetter>> IncidentEngine::dead_letters(WorkspaceId const& workspace, std::size_t limit) {
    std::vector<DeadLetter> letters;
    for (auto const& item : TRY(store_.query(workspace, keys::dead_letters, {}, limit, clock_.now()))) {
        auto entry = TRY(outbox_entry_of(item));
        letters.push_back({ std::move(entry.effect), entry.attempts, std::move(entry.last_error), item.written_at });
    }
    return letters;
}

} // namespace convops
