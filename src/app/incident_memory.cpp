#include "app/incident_memory.h"

#include "base/json.h"

namespace convops {

namespace {

constexpr std::string_view past_partition = "past_incidents";

// The newest sorts first, so that a bounded read has what matters most.
std::string newest_first(PastIncident const& past) {
    constexpr std::int64_t most = 999'999'999'999'999;
    auto const ms = std::clamp<std::int64_t>(past.opened_at.time_since_epoch().count(), 0, most);
    auto const text = std::to_string(most - ms);
    return std::string(15 - text.size(), '0') + text + "/" + past.incident;
}

ItemKey past_key(WorkspaceId const& workspace, PastIncident const& past) {
    return { workspace, std::string(past_partition), newest_first(past) };
}

std::string judged_partition(CauseKind kind) {
    return "judged/" + std::string(to_string(kind));
}

std::optional<ItemKey> judged_key(WorkspaceId const& workspace, std::optional<PastIncident> const& past) {
    if (!past || !past->judgement || !past->gist.names_cause())
        return std::nullopt;
    return ItemKey { workspace, judged_partition(past->gist.kind), newest_first(*past) };
}

Write put(ItemKey key, std::string body, Time now) {
    Write write;
    write.item = { std::move(key), DataClass::diagnosis_summaries, now, std::move(body), 0 };
    return write;
}

Write removal(ItemKey key) {
    Write write;
    write.kind = Write::Kind::remove;
    write.item.key = std::move(key);
    return write;
}

// "<opinion> <judge>": what it was about is in the key.
std::string judged_body(CauseVerdict const& judgement) {
    return std::string(to_string(judgement.opinion)) + " " + std::string(to_string(judgement.by));
}

} // namespace

std::vector<Write> memory_writes(WorkspaceId const& workspace, std::optional<PastIncident> const& before,
    std::optional<PastIncident> const& after, Time now) {
    auto const text = [](std::optional<PastIncident> const& past) { return past ? to_text(to_json(*past)) : ""; };
    std::vector<Write> writes;
    auto body = text(after);
    if (body == text(before))
        return writes;
    auto const old_key = before ? std::optional(past_key(workspace, *before)) : std::nullopt;
    auto const new_key = after ? std::optional(past_key(workspace, *after)) : std::nullopt;
    if (old_key && old_key != new_key)
        writes.push_back(removal(*old_key));
    if (new_key)
        writes.push_back(put(*new_key, std::move(body), now));
    auto const old_judged = judged_key(workspace, before);
    auto const new_judged = judged_key(workspace, after);
    if (old_judged && old_judged != new_judged)
        writes.push_back(removal(*old_judged));
    if (new_judged && (old_judged != new_judged || before->judgement != after->judgement))
        writes.push_back(put(*new_judged, judged_body(*after->judgement), now));
    return writes;
}

Result<std::vector<PastIncident>> past_incidents(
    Store& store, WorkspaceId const& workspace, IncidentId const& except, Time now) {
    std::vector<PastIncident> past;
    for (auto const& item : TRY(store.query(workspace, past_partition, {}, most_past_incidents, now))) {
        auto const json = TRY(parse_json(item.body).with_context("past incident"));
        auto one = TRY(past_incident_from_json(json));
        if (one.incident != except.text)
            past.push_back(std::move(one));
    }
    return past;
}

Result<TrackRecord> track_record(
    Store& store, WorkspaceId const& workspace, CauseKind kind, IncidentId const& except, Time now) {
    TrackRecord record;
    for (auto const& item : TRY(store.query(workspace, judged_partition(kind), {}, most_judged, now))) {
        if (item.key.sort.ends_with("/" + except.text))
            continue;
        ++record.judged;
        record.right += item.body.starts_with(to_string(Opinion::right)) ? 1 : 0;
    }
    return record;
}

} // namespace convops
