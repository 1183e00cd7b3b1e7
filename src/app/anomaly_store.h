// Anomalies as the store keeps them (90 days): one item each by time, for the digest and for "why was I not told?",
// and one in the history of its series, for "is it chronic?".
#pragma once

#include "model/anomaly.h"
#include "ports/store.h"

namespace convops {

struct AnomalyRecord {
    std::string id; // "20261127T120000Z-3fa9c1d2": sorts by time
    ConnectionId connection;
    std::string alarm; // name of the alarm that the series raises
    std::string resource; // display name
    Anomaly anomaly; // its metric is told by `alarm`; only the numbers and times are stored
    std::optional<Time> over_at;
    IncidentId incident; // that it opened or joined; empty: none
    AnomalyDecision decision; // where there is no incident; of an incident, the incident's own counts
};

AnomalyRecord anomaly_record(ConnectionId connection, Anomaly const& anomaly);

std::vector<Write> anomaly_writes(WorkspaceId const& workspace, AnomalyRecord const& record, Time now);
Result<AnomalyRecord> find_anomaly(Store& store, WorkspaceId const& workspace, std::string const& id, Time now);
// Those that began at `from` or later, oldest first.
Result<std::vector<AnomalyRecord>> anomalies_since(
    Store& store, WorkspaceId const& workspace, Time from, std::size_t limit, Time now);

struct PastAnomaly {
    Time at {};
    std::optional<Time> over_at;
};
// Of one series, oldest first.
Result<std::vector<PastAnomaly>> history_of_series(Store& store, WorkspaceId const& workspace,
    ConnectionId const& connection, std::string const& alarm, Time from, Time now);

} // namespace convops
