#include "app/bench_storm_audit.h"

#include "adapters/sqlite/sqlite_store.h"
#include "alarm/formats.h"

#include <set>

namespace convops::storm {

namespace {

constexpr std::size_t page = 500;
constexpr std::size_t most_effects = 1'000'000;
constexpr std::size_t most_losses_told = 10;

class Auditor {
public:
    Auditor(Store& store, WorkspaceId const& workspace, Time now)
        : store_(store)
        , workspace_(workspace)
        , now_(now) { }

    Result<> read() {
        SortRange range;
        while (true) {
            auto const items = TRY(store_.query(workspace_, keys::incidents, range, page, now_));
            for (auto const& item : items) {
                auto record = TRY(incident_record_of(item));
                auto const id = record.incident.id;
                records_.emplace(id, std::move(record));
            }
            if (items.size() < page)
                break;
            range.from = items.back().key.sort + '\0';
        }
        for (auto const effect_class : { EffectClass::wake, EffectClass::deliver, EffectClass::investigate })
            for (auto const& item : TRY(store_.query(
                     outbox_workspace, outbox_key(effect_class, now_, "").partition, {}, most_effects, now_)))
                waiting_.insert(TRY(outbox_entry_of(item)).effect.incident);
        index();
        return {};
    }

    void check_alarm(ConnectionId const& connection, Alarm const& alarm) {
        auto const seen = store_.get(keys::seen(workspace_, connection, alarm), now_);
        if (!seen)
            return lose(alarm.name + ": acknowledged, and the store does not know it");
        if (seen->body.empty() && alarm.state != convops::AlarmState::alarm)
            return; // recorded
        auto const count = homes_.count({ connection.text, alarm_key(alarm) });
        if (count == 0 || (alarm.state == convops::AlarmState::alarm && seen->body.empty()))
            return lose(alarm.name + ": in no incident");
        auto const exact = changes_.find({ connection.text, alarm_key(alarm), alarm.changed_at });
        if (exact != changes_.end() && exact->second > 1)
            lose(alarm.name + ": in " + std::to_string(exact->second) + " incidents");
        // A change that no incident lists any more was pushed out by newer ones of the same alarm: the record keeps
        // the last most_changes_of_alarm. Its incident is known by the mark, and must lead to one that holds the
        // alarm.
        if (exact == changes_.end() && !holds(IncidentId { seen->body }, alarm))
            lose(alarm.name + ": its incident " + seen->body + " does not hold it");
    }

    void check_incidents() {
        for (auto const& [id, record] : records_) {
            if (record.merged_into)
                continue;
            ++result.incidents;
            result.investigated += record.investigation == InvestigationState::ended ? 1 : 0;
            auto const told = std::any_of(
                record.lanes.begin(), record.lanes.end(), [](auto const& lane) { return lane.second.delivered > 0; });
            if (!told && !waiting_.contains(id))
                lose(id.text + ": nobody was told, and nothing waits in the outbox");
        }
    }

    Audit result;

private:
    void index() {
        for (auto const& [id, record] : records_) {
            if (record.merged_into)
                continue;
            for (auto const& [key, changes] : record.changes) {
                homes_.insert({ record.incident.connection.text, key });
                for (auto const& change : changes)
                    ++changes_[{ record.incident.connection.text, key, change.at }];
            }
        }
    }

    bool holds(IncidentId id, Alarm const& alarm) const {
        for (std::size_t hops = 0; hops <= records_.size(); ++hops) {
            auto const found = records_.find(id);
            if (found == records_.end())
                return false;
            if (!found->second.merged_into)
                return found->second.changes.contains(alarm_key(alarm));
            id = *found->second.merged_into;
        }
        return false;
    }

    void lose(std::string why) {
        ++result.lost;
        if (result.losses.size() < most_losses_told)
            result.losses.push_back(std::move(why));
    }

    Store& store_;
    WorkspaceId const& workspace_;
    Time now_;
    std::map<IncidentId, IncidentRecord> records_;
    std::set<IncidentId> waiting_; // incidents with an effect in the outbox
    std::multiset<std::pair<std::string, std::string>> homes_; // connection, alarm
    std::map<std::tuple<std::string, std::string, Time>, int> changes_;
};

} // namespace

Result<Audit> audit(std::string const& store_file, WorkspaceId const& workspace, std::span<Delivery const> load,
    std::span<Posted const> posted, std::vector<Settings::Connection> const& connections, Time now) {
    auto const store = TRY(open_sqlite_store(store_file));
    Auditor auditor(*store, workspace, now);
    TRY(auditor.read());
    for (std::size_t i = 0; i < load.size(); ++i) {
        if (!posted[i].acknowledged) {
            ++auditor.result.lost;
            auditor.result.losses.emplace_back("a delivery was never acknowledged");
            continue;
        }
        auditor.check_alarm(ConnectionId { connections[load[i].connection].id }, TRY(parse_alarm(load[i].message)));
    }
    auditor.check_incidents();
    return std::move(auditor.result);
}

} // namespace convops::storm
