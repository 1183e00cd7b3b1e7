#include "app/assessment.h"

#include "app/incident_memory.h"

namespace convops {

namespace {

// An address may be a telephone number: without a name only the channel is told.
Voter voter_of(Vote const& vote, IncidentRecord const& record) {
    auto const channel = vote.lane.substr(0, vote.lane.find('/'));
    auto const lane = record.lanes.find(vote.lane);
    bool const named = lane != record.lanes.end() && !lane->second.route.name.empty();
    return { vote.opinion, channel, vote.person, named ? lane->second.route.name : channel };
}

} // namespace

Result<Assessment> assessment_of(IncidentRecord const& record, Store* memory, Time now) {
    Assessment assessment;
    for (auto const& vote : record.votes)
        assessment.voters.push_back(voter_of(vote, record));
    assessment.environment = record.outcome;
    assessment.judgement = judgement_of(record);
    if (memory != nullptr && record.gist && record.gist->names_cause())
        assessment.track_record
            = TRY(track_record(*memory, record.incident.workspace, record.gist->kind, record.incident.id, now));
    return assessment;
}

} // namespace convops
