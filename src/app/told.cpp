#include "app/told.h"

#include "base/json.h"
#include "model/alarm_json.h"

namespace convops {

namespace {

constexpr int version = 1;

ItemKey message_key(WorkspaceId const& workspace, Conversation const& conversation, std::string const& message_id) {
    return { workspace, "told/" + conversation.channel + "/" + conversation.address, message_id };
}

ItemKey last_key(WorkspaceId const& workspace, Conversation const& conversation) {
    return { workspace, "told_last", conversation.channel + "/" + conversation.address };
}

Result<std::optional<Told>> read(Store& store, ItemKey const& key, Time now) {
    auto const item = store.get(key, now);
    if (!item && item.error().kind == ErrorKind::not_found)
        return std::optional<Told> {};
    if (!item)
        return item.error();
    auto const json = TRY(parse_json(item->body).with_context(key.partition));
    TRY(check_version(json, version, "conversation"));
    auto const at = time_at(json, "at");
    Told told { IncidentId { text_at(json, "incident") }, text_at(json, "lane"), at.value_or(item->written_at) };
    if (told.incident.empty() || told.lane.empty())
        return Error { ErrorKind::corrupt, "stored conversation: no incident" };
    return std::optional(std::move(told));
}

} // namespace

std::vector<Write> told_writes(
    WorkspaceId const& workspace, IncidentId const& incident, MessageDelivered const& event, Time now) {
    auto const slash = event.lane.find('/');
    if (event.sent.message_id.empty() || slash == std::string::npos)
        return {}; // an incoming webhook tells no id, and nobody can answer it
    Conversation const conversation { event.lane.substr(0, slash),
        event.sent.channel_id.empty() ? event.lane.substr(slash + 1) : event.sent.channel_id };
    auto const body = to_text(JsonObject {
        { "v", version }, { "incident", incident.text }, { "lane", event.lane }, { "at", time_to_json(now) } });
    std::vector<Write> writes(2);
    writes[0].item = { message_key(workspace, conversation, event.sent.message_id), DataClass::diagnosis_summaries,
        now, body, 0 };
    writes[1].item = { last_key(workspace, conversation), DataClass::diagnosis_summaries, now, body, 0 };
    return writes;
}

Result<std::optional<Told>> told_by(Store& store, WorkspaceId const& workspace, Conversation const& conversation,
    std::string const& message_id, Time now) {
    if (message_id.empty())
        return std::optional<Told> {};
    return read(store, message_key(workspace, conversation, message_id), now);
}

Result<std::optional<Told>> told_last(
    Store& store, WorkspaceId const& workspace, Conversation const& conversation, Time now) {
    return read(store, last_key(workspace, conversation), now);
}

} // namespace convops
