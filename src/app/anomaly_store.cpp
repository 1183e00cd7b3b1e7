#include "app/anomaly_store.h"

#include "adapters/aws/sigv4.h"
#include "base/json.h"
#include "base/text.h"

namespace convops {

namespace {

constexpr std::string_view partition = "anomalies";
constexpr std::size_t most_history = 200; // of one series
constexpr std::size_t most_text_bytes = 600;

std::string compact(Time at) { // "20261127T120000Z"
    auto text = format_time(std::chrono::floor<Seconds>(at));
    std::erase(text, '-');
    std::erase(text, ':');
    return text;
}

std::string history_partition(ConnectionId const& connection, std::string const& alarm) {
    return "anomalies_of/" + sigv4::sha256_hex(connection.text + "\n" + alarm).substr(0, 32);
}

Write put(ItemKey key, std::string body, Time now) {
    Write write;
    write.item = { std::move(key), DataClass::anomaly_records, now, std::move(body), 0 };
    return write;
}

Result<AnomalyRecord> record_from(Item const& item) {
    auto const json = TRY(parse_json(item.body));
    AnomalyRecord record;
    record.id = item.key.sort;
    record.connection = ConnectionId { text_at(json, "connection") };
    record.alarm = text_at(json, "alarm");
    record.resource = text_at(json, "resource");
    record.over_at = time_at(json, "over_at");
    record.incident = IncidentId { text_at(json, "incident") };
    record.decision = { anomaly_fate_from(text_at(json, "fate")).value_or(AnomalyFate::told), text_at(json, "check"),
        text_at(json, "reason") };
    auto& anomaly = record.anomaly;
    anomaly.statistic = text_at(json, "statistic");
    anomaly.unit = text_at(json, "unit");
    anomaly.at = time_at(json, "at").value_or(Time {});
    anomaly.since = time_at(json, "since").value_or(anomaly.at);
    anomaly.value = number_at(json, "value").value_or(0);
    anomaly.usual = number_at(json, "usual").value_or(0);
    anomaly.spread = number_at(json, "spread").value_or(1);
    anomaly.score = number_at(json, "score").value_or(0);
    anomaly.explanation = text_at(json, "explanation");
    return record;
}

} // namespace

AnomalyRecord anomaly_record(ConnectionId connection, Anomaly const& anomaly) {
    AnomalyRecord record;
    record.alarm = watch_alarm_name(anomaly.metric, anomaly.statistic);
    record.id = compact(anomaly.at) + "-" + sigv4::sha256_hex(connection.text + "\n" + record.alarm).substr(0, 8);
    record.connection = std::move(connection);
    record.resource = anomaly.resource.display();
    record.anomaly = anomaly;
    return record;
}

std::vector<Write> anomaly_writes(WorkspaceId const& workspace, AnomalyRecord const& record, Time now) {
    auto const& anomaly = record.anomaly;
    JsonObject json { { "v", 1 }, { "connection", record.connection.text },
        { "alarm", shorten(record.alarm, most_text_bytes) },
        { "resource", shorten(record.resource, most_text_bytes) }, { "statistic", anomaly.statistic },
        { "unit", anomaly.unit }, { "at", format_time(anomaly.at) }, { "since", format_time(anomaly.since) },
        { "value", anomaly.value }, { "usual", anomaly.usual }, { "spread", anomaly.spread },
        { "score", anomaly.score }, { "explanation", anomaly.explanation }, { "incident", record.incident.text },
        { "fate", to_string(record.decision.fate) }, { "check", record.decision.check },
        { "reason", shorten(record.decision.reason, most_text_bytes) } };
    JsonObject past { { "at", format_time(anomaly.at) } };
    if (record.over_at) {
        json["over_at"] = format_time(*record.over_at);
        past["over_at"] = format_time(*record.over_at);
    }
    return { put({ workspace, std::string(partition), record.id }, to_text(json), now),
        put({ workspace, history_partition(record.connection, record.alarm), compact(anomaly.at) }, to_text(past),
            now) };
}

Result<AnomalyRecord> find_anomaly(Store& store, WorkspaceId const& workspace, std::string const& id, Time now) {
    auto const item = store.get({ workspace, std::string(partition), id }, now);
    if (!item && item.error().kind == ErrorKind::not_found)
        return Error { ErrorKind::not_found, "no anomaly has the id \"" + shorten(clean_utf8(id), 60) + "\"" };
    return record_from(TRY(Result<Item>(item)));
}

Result<std::vector<AnomalyRecord>> anomalies_since(
    Store& store, WorkspaceId const& workspace, Time from, std::size_t limit, Time now) {
    std::vector<AnomalyRecord> records;
    for (auto const& item : TRY(store.query(workspace, partition, { compact(from), {} }, limit, now)))
        records.push_back(TRY(record_from(item)));
    return records;
}

Result<std::vector<PastAnomaly>> history_of_series(Store& store, WorkspaceId const& workspace,
    ConnectionId const& connection, std::string const& alarm, Time from, Time now) {
    std::vector<PastAnomaly> past;
    for (auto const& item :
        TRY(store.query(workspace, history_partition(connection, alarm), { compact(from), {} }, most_history, now))) {
        auto const json = TRY(parse_json(item.body));
        if (auto const at = time_at(json, "at"))
            past.push_back({ *at, time_at(json, "over_at") });
    }
    return past;
}

} // namespace convops
