#include "app/incident_report.h"

#include "adapters/sqlite/sqlite_store.h"
#include "app/working_set.h"
#include "diagnosis/recovery.h"
#include "message/chart.h"

namespace convops {

namespace {

constexpr std::size_t most_alarm_changes = 200;

// The investigation with the metric as the re-read saw it, up to its recovery.
Investigation with_the_end(CaseFile const& file) {
    auto whole = file.investigation;
    if (!file.aftermath)
        return whole;
    std::vector<Fact> again;
    for (auto const& fact : file.aftermath->facts)
        if (fact.source == "alarm_metric")
            again.push_back(fact);
    if (again.empty())
        return whole;
    std::erase_if(whole.evidence.facts, [](Fact const& fact) { return fact.source == "alarm_metric"; });
    whole.evidence.facts.insert(whole.evidence.facts.end(), again.begin(), again.end());
    whole.as_of = file.aftermath_at;
    return whole;
}

void add_chart(Report& report, CaseFile const& file, Reader const& reader) {
    if (!file.investigated)
        return;
    auto const spec = chart_from(with_the_end(file), reader);
    if (!spec)
        return;
    if (auto svg = render_chart(*spec, ChartFormat::svg)) {
        report.chart_svg = std::move(*svg);
        report.chart_alt = spec->alt_text;
    }
}

void add_record(ReportInput& input, IncidentRecord const& record) {
    input.ended_why = record.ended_why;
    for (auto const& [key, changes] : record.changes) {
        auto const alarm = record.incident.alarms.find(key);
        auto const name = alarm == record.incident.alarms.end() ? key : alarm->second.latest.name;
        for (auto const& change : changes)
            if (input.alarm_changes.size() < most_alarm_changes)
                input.alarm_changes.push_back({ change.at, name, change.state });
    }
    for (auto const& message : record.told) {
        auto const lane = record.lanes.find(message.lane);
        bool const named = lane != record.lanes.end() && !lane->second.route.name.empty();
        // An address may be a telephone number: without a name only the channel is told.
        auto const route = named ? lane->second.route.name : message.lane.substr(0, message.lane.find('/'));
        input.told.push_back({ message.at, message.kind, route });
    }
}

} // namespace

Report report_for(CaseFile const& file, IncidentRecord const* record, Reader const& reader, Time now,
    Assessment const* assessment) {
    ReportInput input;
    input.investigation = &file.investigation;
    input.investigated = file.investigated;
    input.aftermath = file.aftermath ? &*file.aftermath : nullptr;
    input.recovery = file.recovery;
    input.made_at = now;
    input.assessment = assessment;
    if (record != nullptr)
        add_record(input, *record);
    auto report = report_of(input, reader);
    add_chart(report, file, reader);
    return report;
}

Result<Report> report_from_capsule(std::filesystem::path const& capsule, Reader const& reader) {
    auto const loaded = TRY(load_capsule(capsule));
    CaseFile file;
    file.investigation = TRY(replay(loaded));
    file.investigated = true;
    file.recovery = explain_recovery(file.investigation, nullptr, loaded.now);
    // The same capsule gives the same report, whenever it is written.
    return report_for(file, nullptr, reader, loaded.now);
}

Result<Report> report_from_store(Store& store, WorkspaceId const& workspace, IncidentId const& incident,
    std::filesystem::path const& capsules, Reader const& reader, Time now, SharedShelf const& runbooks) {
    auto const item = TRY(store.get(keys::incident(workspace, incident), now));
    auto const record = TRY(incident_record_of(item));
    auto file = TRY(case_file_of(record, capsules, now));
    runbooks.cite(file.investigation);
    auto const assessment = TRY(assessment_of(record, &store, now));
    return report_for(file, &record, reader, now, &assessment);
}

Result<Report> report_from_state(std::filesystem::path const& state, WorkspaceId const& workspace,
    IncidentId const& incident, Reader const& reader, Time now, SharedShelf const& runbooks) {
    auto const database = state / "convops.sqlite";
    std::error_code error;
    if (!std::filesystem::exists(database, error))
        return Error { ErrorKind::not_found,
            "there is no server's store in " + state.string() + "; see state_dir in the configuration" };
    auto const store = TRY(open_sqlite_store(database.string()));
    auto report = report_from_store(*store, workspace, incident, state / "capsules", reader, now, runbooks);
    if (!report && report.error().kind == ErrorKind::not_found)
        return Error { ErrorKind::not_found, "no incident is named \"" + incident.text + "\" in " + state.string() };
    return report;
}

} // namespace convops
