// The report of one incident, put together from what is kept of it: record, capsules, chart.
#pragma once

#include "app/assessment.h"
#include "app/case_file.h"
#include "app/runbooks.h"
#include "message/report.h"
#include "ports/store.h"

namespace convops {

// `record`: what the server knows beside the capsules; nullptr for a capsule alone.
Report report_for(CaseFile const& file, IncidentRecord const* record, Reader const& reader, Time now,
    Assessment const* assessment = nullptr);

// From one capsule: nothing is known of messages and of the end.
Result<Report> report_from_capsule(std::filesystem::path const& capsule, Reader const& reader);

// From a server's store. not_found when the incident is unknown or past its retention.
Result<Report> report_from_store(Store& store, WorkspaceId const& workspace, IncidentId const& incident,
    std::filesystem::path const& capsules, Reader const& reader, Time now, SharedShelf const& runbooks = {});

// The same for a state folder that a server may be using at this moment; it is only read.
Result<Report> report_from_state(std::filesystem::path const& state, WorkspaceId const& workspace,
    IncidentId const& incident, Reader const& reader, Time now, SharedShelf const& runbooks = {});

} // namespace convops
