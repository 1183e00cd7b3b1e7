#include "app/working_set.h"

#include "app/incident_memory.h"
#include "incident/assessing.h"
#include "model/alarm_json.h"

#include <array>

namespace convops {

namespace {

constexpr int version = 1;
constexpr std::size_t most_homes = 5'000; // of one connection; more open incidents than anybody can read
constexpr std::size_t most_cached_connections = 1'000;
constexpr std::size_t most_dependencies = 500;
constexpr std::size_t most_loose_changes = 100;
constexpr Hours homes_are_remembered { 3 }; // after their end: longer than any grouping rule looks back
constexpr std::size_t most_forgotten_at_once = 10;

std::string padded(Time time) { // sorts like the number
    auto text = std::to_string(std::max<std::int64_t>(0, time.time_since_epoch().count()));
    return std::string(text.size() < 15 ? 15 - text.size() : 0, '0') + text;
}

Json roster_to_json(Roster const& roster) {
    JsonArray dependencies;
    for (auto const& [a, b] : roster.dependencies)
        dependencies.push_back(JsonArray { Json(a), Json(b) });
    JsonArray loose;
    for (auto const& [key, change] : roster.loose)
        loose.push_back(
            JsonObject { { "alarm", key }, { "at", time_to_json(change.at) }, { "state", to_string(change.state) } });
    return JsonObject { { "v", version }, { "dependencies", std::move(dependencies) },
        { "loose", std::move(loose) } };
}

Result<Roster> roster_from_json(Json const& json) {
    TRY(check_version(json, version, "roster"));
    Roster roster;
    for (auto const& pair : list_at(json, "dependencies")) {
        auto const* array = pair.if_array();
        if (array != nullptr && array->size() == 2 && (*array)[0].is_string() && (*array)[1].is_string())
            roster.dependencies.emplace_back((*array)[0].get_string(), (*array)[1].get_string());
    }
    for (auto const& entry : list_at(json, "loose")) {
        auto const at = time_at(entry, "at");
        auto const state = alarm_state_from(text_at(entry, "state"));
        if (at && state)
            roster.loose.push_back({ text_at(entry, "alarm"), { *at, *state } });
    }
    return roster;
}

template <class T> Result<T> read_item(Item const& item, Result<T> (*read)(Json const&)) {
    auto const json = TRY(parse_json(item.body).with_context(item.key.partition));
    return read(json).with_context(item.key.partition + " " + item.key.sort);
}

template <class T> void keep_newest(std::vector<T>& list, std::size_t most) {
    if (list.size() > most)
        list.erase(list.begin(), list.end() - static_cast<std::ptrdiff_t>(most));
}

} // namespace

std::string_view to_string(EffectClass effect_class) {
    switch (effect_class) {
    case EffectClass::wake:
        return "wake";
    case EffectClass::deliver:
        return "deliver";
    case EffectClass::investigate:
        return "investigate";
    }
    return "wake";
}

EffectClass class_of(Effect const& effect) {
    if (std::holds_alternative<Deliver>(effect.what) || std::holds_alternative<Reply>(effect.what))
        return EffectClass::deliver;
    return std::holds_alternative<Investigate>(effect.what) ? EffectClass::investigate : EffectClass::wake;
}

Json to_json(OutboxEntry const& entry) {
    return JsonObject { { "v", version }, { "effect", to_json(entry.effect) }, { "attempts", entry.attempts },
        { "claimed", entry.claimed }, { "possible_repeat", entry.possible_repeat },
        { "rate_limited", entry.rate_limited }, { "put_off", entry.put_off }, { "last_error", entry.last_error } };
}

Result<OutboxEntry> outbox_entry_from_json(Json const& json) {
    TRY(check_version(json, version, "outbox entry"));
    auto const* effect = find(json, "effect");
    if (effect == nullptr)
        return Error { ErrorKind::corrupt, "stored outbox entry: no effect" };
    return OutboxEntry { TRY(effect_from_json(*effect)), static_cast<int>(integer_at(json, "attempts").value_or(0)),
        flag_at(json, "claimed"), flag_at(json, "possible_repeat"),
        static_cast<int>(integer_at(json, "rate_limited").value_or(0)), flag_at(json, "put_off"),
        text_at(json, "last_error") };
}

std::string outbox_sort_of(Time due) {
    return padded(due + Milliseconds { 1 });
}

ItemKey outbox_key(EffectClass effect_class, Time due, std::string const& effect_id) {
    return { outbox_workspace, "outbox/" + std::string(to_string(effect_class)), padded(due) + "/" + effect_id };
}

Time due_of(ItemKey const& outbox_key) {
    return Time { Milliseconds { std::strtoll(outbox_key.sort.c_str(), nullptr, 10) } };
}

Write put_in_outbox(OutboxEntry const& entry, Time due, Time now) {
    Write write;
    write.item = { outbox_key(class_of(entry.effect), due, entry.effect.id), DataClass::pending_work, now,
        to_text(to_json(entry)), 0 };
    write.condition = Write::Condition::absent;
    return write;
}

namespace keys {
ItemKey incident(WorkspaceId const& workspace, IncidentId const& incident) {
    return { workspace, std::string(incidents), incident.text };
}
std::string homes_of(ConnectionId const& connection) {
    return "homes/" + connection.text;
}
ItemKey home(WorkspaceId const& workspace, ConnectionId const& connection, IncidentId const& incident) {
    return { workspace, homes_of(connection), incident.text };
}
ItemKey roster(WorkspaceId const& workspace, ConnectionId const& connection) {
    return { workspace, "roster", connection.text };
}
ItemKey seen(WorkspaceId const& workspace, ConnectionId const& connection, Alarm const& alarm) {
    return { workspace, "seen/" + connection.text, alarm.transition_key() };
}
ItemKey dead_letter(WorkspaceId const& workspace, std::string const& effect_id) {
    return { workspace, std::string(dead_letters), effect_id };
}
} // namespace keys

Result<IncidentRecord> incident_record_of(Item const& item) {
    return read_item(item, incident_record_from_json);
}

Result<OutboxEntry> outbox_entry_of(Item const& item) {
    return read_item(item, outbox_entry_from_json);
}

WorkingSet::WorkingSet(
    Store& store, HomeCache& cache, WorkspaceId workspace, ConnectionId connection, Policy policy, Time now)
    : store_(store)
    , cache_(cache)
    , workspace_(std::move(workspace))
    , connection_(std::move(connection))
    , policy_(std::move(policy))
    , now_(now) { }

Result<> WorkingSet::load_roster() {
    if (roster_loaded_)
        return {};
    auto const item = store_.get(keys::roster(workspace_, connection_), now_);
    if (!item && item.error().kind != ErrorKind::not_found)
        return item.error();
    if (item) {
        roster_ = TRY(read_item(*item, roster_from_json));
        roster_version_ = item->version;
    }
    TRY(load_homes());
    roster_loaded_ = true;
    return {};
}

Result<> WorkingSet::load_homes() {
    {
        std::scoped_lock const lock(cache_.mutex);
        auto const cached = cache_.entries.find({ workspace_, connection_ });
        if (cached != cache_.entries.end()) {
            auto entry = std::move(cached->second);
            cache_.entries.erase(cached);
            if (entry.version == roster_version_) {
                homes_ = std::move(entry.homes);
                return {};
            }
        }
    }
    for (auto const& item : TRY(store_.query(workspace_, keys::homes_of(connection_), {}, most_homes, now_)))
        homes_.put(TRY(read_item(item, home_from_json)), item.written_at);
    return {};
}

void WorkingSet::change_roster(Roster roster) {
    roster_ = std::move(roster);
    keep_newest(roster_.dependencies, most_dependencies);
    keep_newest(roster_.loose, most_loose_changes);
    roster_changed_ = true;
}

Result<WorkingSet::Loaded*> WorkingSet::loaded(IncidentId const& id) {
    auto const [at, fresh] = records_.try_emplace(id);
    if (!fresh)
        return &at->second;
    auto const item = store_.get(keys::incident(workspace_, id), now_);
    if (!item && item.error().kind != ErrorKind::not_found)
        return item.error();
    if (item) {
        at->second.record = TRY(incident_record_of(*item));
        at->second.version = item->version;
        at->second.memory = remembered(*at->second.record);
    }
    return &at->second;
}

Result<std::optional<IncidentRecord>> WorkingSet::record(IncidentId const& id) {
    return TRY(loaded(id))->record;
}

Result<std::optional<std::string>> WorkingSet::apply(IncidentId const& id, Event const& event) {
    auto* incident = TRY(loaded(id));
    auto next = step(incident->record, event, now_, policy_);
    if (!next.changed)
        return std::optional<std::string> {};
    auto const home_before = incident->record ? to_text(to_json(home_of(*incident->record))) : std::string();
    incident->record = std::move(next.record);
    incident->changed = true;
    effects_.insert(effects_.end(), next.effects.begin(), next.effects.end());
    if (incident->record->merged_into || to_text(to_json(home_of(*incident->record))) != home_before)
        TRY(update_home(*incident->record));
    return std::optional(std::move(next.because));
}

Result<> WorkingSet::update_home(IncidentRecord const& record) {
    TRY(load_roster());
    auto const& id = record.incident.id;
    if (record.merged_into) { // Its alarms live elsewhere now.
        homes_.remove(id);
        changed_homes_[id] = std::nullopt;
        return {};
    }
    changed_homes_[id] = home_of(record);
    homes_.put(*changed_homes_[id], now_);
    return {};
}

void WorkingSet::forget_old_homes() {
    for (auto const& id : homes_.untouched_since(now_ - homes_are_remembered, most_forgotten_at_once))
        if (!changed_homes_.contains(id)) {
            homes_.remove(id);
            changed_homes_[id] = std::nullopt;
        }
}

Write const* WorkingSet::waiting(ItemKey const& key) const {
    auto const found
        = std::find_if(extra_.begin(), extra_.end(), [&](Write const& write) { return write.item.key == key; });
    return found == extra_.end() ? nullptr : &*found;
}

std::size_t WorkingSet::size() const {
    // Of an incident that was investigated, its memory may change, too: at most four writes.
    auto const investigated = std::count_if(records_.begin(), records_.end(),
        [](auto const& each) { return each.second.record && each.second.record->gist; });
    return records_.size() + 4 * static_cast<std::size_t>(investigated) + changed_homes_.size() + effects_.size()
        + extra_.size() + 1;
}

Write WorkingSet::write_of(ItemKey key, std::string body, std::uint64_t from_version) const {
    Write write;
    write.item = { std::move(key), DataClass::diagnosis_summaries, now_, std::move(body), 0 };
    write.condition = from_version == 0 ? Write::Condition::absent : Write::Condition::version_is;
    write.version = from_version;
    return write;
}

Result<> WorkingSet::commit() {
    auto const touches_roster = roster_changed_ || !changed_homes_.empty();
    std::vector<Write> writes = extra_;
    if (touches_roster) {
        TRY(load_roster());
        forget_old_homes();
        writes.push_back(
            write_of(keys::roster(workspace_, connection_), to_text(roster_to_json(roster_)), roster_version_));
    }
    for (auto const& [id, incident] : records_) {
        if (!incident.changed)
            continue;
        writes.push_back(
            write_of(keys::incident(workspace_, id), to_text(to_json(*incident.record)), incident.version));
        for (auto& write : memory_writes(workspace_, incident.memory, remembered(*incident.record), now_))
            writes.push_back(std::move(write));
    }
    for (auto const& [id, home] : changed_homes_) {
        Write write;
        write.item.key = keys::home(workspace_, connection_, id);
        if (home) // The roster's version guards it.
            write.item = { write.item.key, DataClass::diagnosis_summaries, now_, to_text(to_json(*home)), 0 };
        else
            write.kind = Write::Kind::remove;
        writes.push_back(std::move(write));
    }
    for (auto const& effect : effects_) {
        auto const* wake = std::get_if<WakeAt>(&effect.what);
        writes.push_back(
            put_in_outbox({ effect, 0, false, false, 0, false, {} }, wake != nullptr ? wake->at : now_, now_));
    }
    if (!writes.empty())
        TRY(store_.commit(writes, now_));
    if (roster_loaded_)
        remember_homes(touches_roster ? roster_version_ + 1 : roster_version_);
    return {};
}

void WorkingSet::remember_homes(std::uint64_t roster_version) {
    std::scoped_lock const lock(cache_.mutex);
    if (cache_.entries.size() >= most_cached_connections)
        cache_.entries.clear();
    cache_.entries[{ workspace_, connection_ }] = { roster_version, std::move(homes_) };
}

} // namespace convops
