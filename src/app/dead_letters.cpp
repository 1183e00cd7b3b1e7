#include "app/dead_letters.h"

#include "app/log.h"
#include "model/alarm_json.h"

#include <unistd.h>

namespace convops {

namespace {

Result<Event> event_for(IncidentRecord const& record, Effect const& effect) {
    if (std::holds_alternative<Investigate>(effect.what)) {
        if (record.investigation == InvestigationState::running)
            return Error { ErrorKind::conflict, "an investigation of " + record.incident.id.text + " runs already" };
        return Event { InvestigationAskedAgain {} };
    }
    auto const& deliver = std::get<Deliver>(effect.what);
    auto const lane = record.lanes.find(lane_key(deliver.route));
    if (lane != record.lanes.end() && lane->second.waiting.size() >= most_waiting_messages)
        return Error { ErrorKind::conflict,
            "too many messages of " + record.incident.id.text + " wait for this route already" };
    auto message = deliver.message;
    if (message.key.empty())
        message.key = effect.id;
    return Event { ResendAsked { deliver.route, std::move(message) } };
}

Write removal_of(Item const& letter) {
    Write removal;
    removal.kind = Write::Kind::remove;
    removal.item.key = letter.key;
    removal.condition = Write::Condition::version_is;
    removal.version = letter.version;
    return removal;
}

} // namespace

std::string describe(Effect const& effect) {
    if (auto const* deliver = std::get_if<Deliver>(&effect.what))
        return "deliver " + std::string(to_string(deliver->message.kind)) + " to " + deliver->route.channel
            + (deliver->route.name.empty() ? "" : " " + deliver->route.name);
    if (auto const* reply = std::get_if<Reply>(&effect.what))
        return "reply \"" + reply->word + "\" on " + reply->route.channel;
    return std::string(to_string(class_of(effect)));
}

Json to_json(DeadLetter const& letter) {
    JsonObject object { { "id", letter.effect.id }, { "incident", letter.effect.incident.text },
        { "connection", letter.effect.connection.text }, { "what", to_string(class_of(letter.effect)) },
        { "attempts", letter.attempts }, { "why", letter.why }, { "at", time_to_json(letter.at) } };
    if (auto const* deliver = std::get_if<Deliver>(&letter.effect.what)) {
        object["message"] = to_string(deliver->message.kind);
        object["channel"] = deliver->route.channel;
        object["route"] = deliver->route.name;
    }
    return object;
}

Result<> resend(
    IncidentEngine& engine, Store& store, Clock& clock, WorkspaceId const& workspace, std::string const& effect_id) {
    auto const now = clock.now();
    auto const item = store.get(keys::dead_letter(workspace, effect_id), now);
    if (!item && item.error().kind == ErrorKind::not_found)
        return Error { ErrorKind::not_found, "there is no dead letter " + effect_id };
    if (!item)
        return item.error();
    auto entry = TRY(outbox_entry_of(*item));
    auto const& effect = entry.effect;
    auto const* investigate = std::get_if<Investigate>(&effect.what);
    auto const is_full = investigate != nullptr && investigate->kind == InvestigationKind::full;
    if (std::holds_alternative<Deliver>(effect.what) || is_full) {
        auto const record = TRY(engine.load(workspace, effect.incident));
        auto const event = TRY(event_for(record, effect));
        TRY(engine.settle(effect, { event }, { removal_of(*item) }));
    } else { // It belongs to no state of an incident: as it was.
        entry.attempts = 0;
        entry.claimed = false;
        TRY(store.commit({ removal_of(*item), put_in_outbox(entry, now, now) }, now));
    }
    log_info("dead_letter_resent",
        { { "effect", effect.id }, { "incident", effect.incident.text },
            { "what", std::string(to_string(class_of(effect))) }, { "uid", std::to_string(getuid()) } });
    return {};
}

} // namespace convops
