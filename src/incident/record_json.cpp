#include "incident/record_json.h"

#include "base/json_texts.h"
#include "incident/policy.h"
#include "model/alarm_json.h"
#include "model/incident_json.h"

#include <array>

namespace convops {

namespace {

constexpr int version = 1;

template <class T, std::size_t N> std::optional<T> named(std::array<T, N> const& all, std::string_view name) {
    for (auto const one : all)
        if (to_string(one) == name)
            return one;
    return std::nullopt;
}

constexpr std::array investigation_states { InvestigationState::none, InvestigationState::running,
    InvestigationState::ended, InvestigationState::failed };
constexpr std::array verdicts { IncidentVerdict::incident, IncidentVerdict::healthy, IncidentVerdict::self_healed,
    IncidentVerdict::aws_side, IncidentVerdict::unknown };
constexpr std::array message_kinds { MessageKind::first_facts, MessageKind::diagnosis, MessageKind::resolved,
    MessageKind::flapping, MessageKind::answer };

void set_time(JsonObject& object, std::string_view key, std::optional<Time> time) {
    if (time)
        object[boost::json::string_view(key.data(), key.size())] = time_to_json(*time);
}

// Milliseconds since the epoch and the state: an alarm has many, and an item has a limit.
JsonArray changes_to_json(std::vector<AlarmChange> const& changes) {
    JsonArray array;
    for (auto const& change : changes)
        array.push_back(JsonArray { change.at.time_since_epoch().count(), to_string(change.state) });
    return array;
}

Result<std::vector<AlarmChange>> changes_from(Json const& json) {
    std::vector<AlarmChange> changes;
    auto const* array = json.if_array();
    if (array == nullptr)
        return Error { ErrorKind::corrupt, "stored record: changes are not a list" };
    for (auto const& entry : *array) {
        auto const* pair = entry.if_array();
        auto const* at = pair != nullptr && pair->size() == 2 ? (*pair)[0].if_int64() : nullptr;
        auto const* name = at != nullptr ? (*pair)[1].if_string() : nullptr;
        auto const state = name != nullptr ? alarm_state_from(std::string_view(*name)) : std::nullopt;
        if (!state)
            return Error { ErrorKind::corrupt, "stored record: a change is not readable" };
        changes.push_back({ Time { Milliseconds { *at } }, *state });
    }
    return changes;
}

Json to_json(SentMessage const& sent) {
    return JsonObject { { "channel_id", sent.channel_id }, { "message_id", sent.message_id } };
}

std::optional<SentMessage> sent_from(Json const* json) {
    if (json == nullptr)
        return std::nullopt;
    return SentMessage { text_at(*json, "channel_id"), text_at(*json, "message_id") };
}

// Only what an answer adds is written besides, so that other messages stay as small and as old versions know them.
Json to_json(WantedMessage const& message) {
    JsonObject object { { "kind", to_string(message.kind) }, { "note", message.note }, { "times", message.times },
        { "anew", message.anew } };
    if (!message.question.empty())
        object["question"] = message.question;
    if (message.reply_to)
        object["reply_to"] = to_json(*message.reply_to);
    if (!message.key.empty())
        object["key"] = message.key;
    if (message.update)
        object["update"] = true;
    if (message.vote != VoteAnswer::none)
        object["vote"] = to_string(message.vote);
    return object;
}

Result<WantedMessage> wanted_from(Json const& json) {
    auto const kind = message_kind_from(text_at(json, "kind"));
    if (!kind)
        return Error { ErrorKind::corrupt, "stored message: unknown kind" };
    return WantedMessage { *kind, text_at(json, "note"), static_cast<int>(integer_at(json, "times").value_or(0)),
        flag_at(json, "anew"), text_at(json, "question"), sent_from(find(json, "reply_to")), flag_at(json, "update"),
        text_at(json, "key"), vote_answer_from(text_at(json, "vote")) };
}

Json to_json(Route const& route) {
    return JsonObject { { "channel", route.channel }, { "address", route.address }, { "name", route.name } };
}

Route route_from(Json const& json) {
    return { text_at(json, "route.channel"), text_at(json, "route.address"), text_at(json, "route.name") };
}

Json to_json(RouteLane const& lane) {
    JsonArray waiting;
    for (auto const& message : lane.waiting)
        waiting.push_back(to_json(message));
    JsonObject object { { "route", to_json(lane.route) }, { "waiting", std::move(waiting) },
        { "under_way_key", lane.under_way_key }, { "delivered", lane.delivered }, { "failed", lane.failed } };
    if (lane.sent)
        object["sent"] = to_json(*lane.sent);
    if (lane.under_way)
        object["under_way"] = to_json(*lane.under_way);
    return object;
}

Result<RouteLane> lane_from(Json const& json) {
    RouteLane lane;
    lane.route = route_from(json);
    lane.sent = sent_from(find(json, "sent"));
    if (auto const* under_way = find(json, "under_way"))
        lane.under_way = TRY(wanted_from(*under_way));
    lane.under_way_key = text_at(json, "under_way_key");
    for (auto const& message : list_at(json, "waiting"))
        lane.waiting.push_back(TRY(wanted_from(message)));
    lane.delivered = static_cast<int>(integer_at(json, "delivered").value_or(0));
    lane.failed = static_cast<int>(integer_at(json, "failed").value_or(0));
    return lane;
}

JsonArray told_to_json(std::vector<ToldMessage> const& told) {
    JsonArray array;
    for (auto const& message : told)
        array.push_back(
            JsonArray { message.at.time_since_epoch().count(), to_string(message.kind), Json(message.lane) });
    return array;
}

// What can not be read is left out: the timeline is for people, and nothing is decided by it.
std::vector<ToldMessage> told_from(Json const& json) {
    std::vector<ToldMessage> told;
    for (auto const& entry : list_at(json, "told")) {
        auto const* triple = entry.if_array();
        if (triple == nullptr || triple->size() != 3 || told.size() == most_told_messages)
            continue;
        auto const* at = (*triple)[0].if_int64();
        auto const* kind_name = (*triple)[1].if_string();
        auto const* lane = (*triple)[2].if_string();
        auto const kind = kind_name != nullptr ? message_kind_from(std::string_view(*kind_name)) : std::nullopt;
        if (at != nullptr && kind && lane != nullptr)
            told.push_back({ Time { Milliseconds { *at } }, *kind, std::string(*lane) });
    }
    return told;
}

// What people asked. Absent in records of versions that could not be asked: then nobody has asked.
void read_requests(Json const& json, IncidentRecord& record) {
    record.deeper_looks = static_cast<int>(integer_at(json, "deeper_looks").value_or(0));
    record.running = depth_from(text_at(json, "running"));
    record.report_before = text_at(json, "report_before");
    record.questions = static_cast<int>(integer_at(json, "questions").value_or(0));
    for (auto const& digger : list_at(json, "diggers"))
        record.diggers.push_back({ text_at(digger, "lane"), sent_from(find(digger, "reply_to")) });
    for (auto const& request : list_at(json, "requests"))
        if (auto const* text = request.if_string())
            record.requests.emplace_back(*text);
}

void requests_to_json(IncidentRecord const& record, JsonObject& object) {
    JsonArray diggers;
    for (auto const& digger : record.diggers) {
        JsonObject entry { { "lane", digger.lane } };
        if (digger.reply_to)
            entry["reply_to"] = to_json(*digger.reply_to);
        diggers.push_back(std::move(entry));
    }
    JsonArray requests;
    for (auto const& request : record.requests)
        requests.emplace_back(request);
    object["deeper_looks"] = record.deeper_looks;
    object["running"] = to_string(record.running);
    object["report_before"] = record.report_before;
    object["questions"] = record.questions;
    object["diggers"] = std::move(diggers);
    object["requests"] = std::move(requests);
}

// Whether the cause was right. Absent in records of versions that nobody could tell: then nobody has.
void read_assessment(Json const& json, IncidentRecord& record) {
    if (auto const* gist = find(json, "gist"))
        record.gist = gist_from(*gist);
    for (auto const& vote : list_at(json, "votes")) {
        auto const opinion = opinion_from(text_at(vote, "opinion"));
        if (opinion && record.votes.size() < most_votes)
            record.votes.push_back(
                { text_at(vote, "lane"), text_at(vote, "person"), *opinion, time_at(vote, "at").value_or(Time {}) });
    }
    record.recovery = recovery_kind_from(text_at(json, "recovery")).value_or(RecoveryKind::not_known);
    record.fix = fix_kind_from(text_at(json, "fix")).value_or(FixKind::none);
    record.outcome = opinion_from(text_at(json, "outcome"));
    record.outcome_due = time_at(json, "outcome_due");
}

void assessment_to_json(IncidentRecord const& record, JsonObject& object) {
    if (record.gist)
        object["gist"] = to_json(*record.gist);
    JsonArray votes;
    for (auto const& vote : record.votes)
        votes.push_back(JsonObject { { "lane", vote.lane }, { "person", vote.person },
            { "opinion", to_string(vote.opinion) }, { "at", time_to_json(vote.at) } });
    if (!votes.empty())
        object["votes"] = std::move(votes);
    object["recovery"] = to_string(record.recovery);
    object["fix"] = to_string(record.fix);
    if (record.outcome)
        object["outcome"] = to_string(*record.outcome);
    set_time(object, "outcome_due", record.outcome_due);
}

// Nothing is written of an incident that was never held back, so that older versions read it as before.
void hold_to_json(IncidentRecord const& record, JsonObject& object) {
    if (record.held_messages > 0)
        object["held_messages"] = record.held_messages;
    if (record.decision)
        object["decision"] = JsonObject { { "fate", to_string(record.decision->fate) },
            { "check", record.decision->check }, { "reason", record.decision->reason } };
    if (!record.hold)
        return;
    JsonObject hold { { "kind", to_string(record.hold->kind) }, { "by", record.hold->by },
        { "reason", record.hold->reason } };
    set_time(hold, "until", record.hold->until);
    object["hold"] = std::move(hold);
}

void read_hold(Json const& json, IncidentRecord& record) {
    record.held_messages = static_cast<int>(integer_at(json, "held_messages").value_or(0));
    if (auto const fate = anomaly_fate_from(text_at(json, "decision.fate")))
        record.decision
            = AnomalyDecision { *fate, text_at(json, "decision.check"), text_at(json, "decision.reason") };
    for (auto const kind : { HoldKind::checks, HoldKind::decided, HoldKind::mute })
        if (text_at(json, "hold.kind") == to_string(kind))
            record.hold
                = Hold { kind, text_at(json, "hold.by"), text_at(json, "hold.reason"), time_at(json, "hold.until") };
}

Result<> read_progress(Json const& json, IncidentRecord& record) {
    auto const investigation = named(investigation_states, text_at(json, "investigation"));
    if (!investigation)
        return Error { ErrorKind::corrupt, "stored record: unknown state of the investigation" };
    record.investigation = *investigation;
    record.investigations = static_cast<int>(integer_at(json, "investigations").value_or(0));
    record.investigate_again = flag_at(json, "investigate_again");
    record.summary = text_at(json, "summary");
    record.report = text_at(json, "report");
    record.verdict = named(verdicts, text_at(json, "verdict"));
    record.judged_severity = severity_from(text_at(json, "judged_severity"));
    record.trouble = text_at(json, "trouble");
    read_requests(json, record);
    read_assessment(json, record);
    record.first_facts_due = time_at(json, "first_facts_due");
    record.resolve_due = time_at(json, "resolve_due");
    record.close_due = time_at(json, "close_due");
    record.batch_due = time_at(json, "batch_due");
    record.first_facts_wanted = flag_at(json, "first_facts_wanted");
    record.flapping = flag_at(json, "flapping");
    record.firings_untold = static_cast<int>(integer_at(json, "firings_untold").value_or(0));
    record.post_anew = flag_at(json, "post_anew");
    record.ended_why = text_at(json, "ended_why");
    record.resolved_notice_due = time_at(json, "resolved_notice_due");
    record.aftermaths = static_cast<int>(integer_at(json, "aftermaths").value_or(0));
    record.aftermaths_ended = static_cast<int>(integer_at(json, "aftermaths_ended").value_or(0));
    record.aftermath = text_at(json, "aftermath");
    record.told = told_from(json);
    read_hold(json, record);
    if (auto const into = text_at(json, "merged_into"); !into.empty())
        record.merged_into = IncidentId { into };
    record.next_effect = static_cast<int>(integer_at(json, "next_effect").value_or(1));
    if (auto const* wakes = find(json, "wakes"); wakes != nullptr && wakes->is_object())
        for (auto const& [name, at] : wakes->get_object()) {
            auto const reason = wake_reason_from(std::string_view(name));
            auto const* text = at.if_string();
            if (reason && text != nullptr)
                record.wakes[*reason] = TRY(parse_time(std::string_view(*text)));
        }
    return {};
}

JsonObject progress_to_json(IncidentRecord const& record) {
    JsonObject wakes;
    for (auto const& [reason, at] : record.wakes)
        wakes[boost::json::string_view(to_string(reason))] = time_to_json(at);
    JsonObject object { { "v", version }, { "investigation", to_string(record.investigation) },
        { "investigations", record.investigations }, { "investigate_again", record.investigate_again },
        { "summary", record.summary }, { "report", record.report }, { "trouble", record.trouble },
        { "first_facts_wanted", record.first_facts_wanted }, { "flapping", record.flapping },
        { "firings_untold", record.firings_untold }, { "post_anew", record.post_anew },
        { "ended_why", record.ended_why }, { "next_effect", record.next_effect }, { "wakes", std::move(wakes) } };
    requests_to_json(record, object);
    assessment_to_json(record, object);
    if (record.verdict)
        object["verdict"] = to_string(*record.verdict);
    if (record.judged_severity)
        object["judged_severity"] = to_string(*record.judged_severity);
    if (record.merged_into)
        object["merged_into"] = record.merged_into->text;
    set_time(object, "first_facts_due", record.first_facts_due);
    set_time(object, "resolve_due", record.resolve_due);
    set_time(object, "close_due", record.close_due);
    set_time(object, "batch_due", record.batch_due);
    set_time(object, "resolved_notice_due", record.resolved_notice_due);
    object["aftermaths"] = record.aftermaths;
    object["aftermaths_ended"] = record.aftermaths_ended;
    object["aftermath"] = record.aftermath;
    object["told"] = told_to_json(record.told);
    hold_to_json(record, object);
    return object;
}

} // namespace

std::optional<MessageKind> message_kind_from(std::string_view name) {
    return named(message_kinds, name);
}

Json to_json(IncidentRecord const& record) {
    auto object = progress_to_json(record);
    object["incident"] = to_json(record.incident);
    JsonObject changes;
    for (auto const& [key, list] : record.changes)
        changes[key] = changes_to_json(list);
    object["changes"] = std::move(changes);
    JsonObject lanes;
    for (auto const& [key, lane] : record.lanes)
        lanes[key] = to_json(lane);
    object["lanes"] = std::move(lanes);
    return object;
}

Result<IncidentRecord> incident_record_from_json(Json const& json) {
    TRY(check_version(json, version, "record"));
    auto const* incident = find(json, "incident");
    if (incident == nullptr)
        return Error { ErrorKind::corrupt, "stored record: no incident" };
    IncidentRecord record;
    record.incident = TRY(incident_from_json(*incident));
    TRY(read_progress(json, record));
    if (auto const* changes = find(json, "changes"); changes != nullptr && changes->is_object())
        for (auto const& [key, list] : changes->get_object())
            record.changes[std::string(key)] = TRY(changes_from(list));
    if (auto const* lanes = find(json, "lanes"); lanes != nullptr && lanes->is_object())
        for (auto const& [key, lane] : lanes->get_object())
            record.lanes[std::string(key)] = TRY(lane_from(lane));
    return record;
}

Json to_json(Effect const& effect) {
    JsonObject object { { "v", version }, { "id", effect.id }, { "workspace", effect.workspace.text },
        { "connection", effect.connection.text }, { "incident", effect.incident.text } };
    if (auto const* investigate = std::get_if<Investigate>(&effect.what)) {
        object["investigate"] = JsonObject { { "attempt", investigate->attempt },
            { "depth", to_string(investigate->depth) }, { "kind", to_string(investigate->kind) } };
    } else if (auto const* deliver = std::get_if<Deliver>(&effect.what)) {
        JsonObject what { { "route", to_json(deliver->route) }, { "message", to_json(deliver->message) } };
        if (deliver->previous)
            what["previous"] = to_json(*deliver->previous);
        object["deliver"] = std::move(what);
    } else if (auto const* reply = std::get_if<Reply>(&effect.what)) {
        JsonObject what { { "route", to_json(reply->route) }, { "word", reply->word } };
        if (reply->reply_to)
            what["reply_to"] = to_json(*reply->reply_to);
        object["reply"] = std::move(what);
    } else if (auto const* wake = std::get_if<WakeAt>(&effect.what)) {
        object["wake"] = JsonObject { { "at", time_to_json(wake->at) }, { "reason", to_string(wake->reason) } };
    }
    return object;
}

Result<Effect> effect_from_json(Json const& json) {
    TRY(check_version(json, version, "effect"));
    Effect effect { text_at(json, "id"), WorkspaceId { text_at(json, "workspace") },
        ConnectionId { text_at(json, "connection") }, IncidentId { text_at(json, "incident") }, {} };
    if (auto const* investigate = find(json, "investigate")) {
        auto const kind = investigation_kind_from(text_at(*investigate, "kind", "full"));
        if (!kind)
            return Error { ErrorKind::corrupt, "stored effect: unknown kind of investigation" };
        effect.what = Investigate { static_cast<int>(integer_at(*investigate, "attempt").value_or(1)),
            depth_from(text_at(*investigate, "depth")), *kind };
    } else if (auto const* deliver = find(json, "deliver")) {
        auto const* message = find(*deliver, "message");
        if (message == nullptr)
            return Error { ErrorKind::corrupt, "stored effect: no message" };
        effect.what
            = Deliver { route_from(*deliver), TRY(wanted_from(*message)), sent_from(find(*deliver, "previous")) };
    } else if (auto const* reply = find(json, "reply")) {
        effect.what = Reply { route_from(*reply), sent_from(find(*reply, "reply_to")), text_at(*reply, "word") };
    } else if (auto const* wake = find(json, "wake")) {
        auto const reason = wake_reason_from(text_at(*wake, "reason"));
        auto const at = time_at(*wake, "at");
        if (!reason || !at)
            return Error { ErrorKind::corrupt, "stored effect: unreadable wake-up" };
        effect.what = WakeAt { *at, *reason };
    } else {
        return Error { ErrorKind::corrupt, "stored effect: unknown kind" };
    }
    return effect;
}

Json to_json(Home const& home) {
    JsonObject alarms;
    for (auto const& [key, alarm] : home.alarms)
        alarms[key] = JsonObject { { "name", alarm.name }, { "children", texts_to_json(alarm.children) },
            { "resources", texts_to_json(alarm.resources) }, { "changes", changes_to_json(alarm.changes) } };
    JsonObject object { { "v", version }, { "id", home.id.text }, { "state", to_string(home.state) },
        { "opened_at", time_to_json(home.opened_at) }, { "alarms", std::move(alarms) } };
    set_time(object, "resolved_at", home.resolved_at);
    return object;
}

Result<Home> home_from_json(Json const& json) {
    TRY(check_version(json, version, "home"));
    auto const opened_at = time_at(json, "opened_at");
    if (!opened_at || text_at(json, "id").empty())
        return Error { ErrorKind::corrupt, "stored home: no id or time" };
    Home home { IncidentId { text_at(json, "id") },
        text_at(json, "state") == "open" ? IncidentState::open : IncidentState::resolved, *opened_at,
        time_at(json, "resolved_at"), {} };
    if (auto const* alarms = find(json, "alarms"); alarms != nullptr && alarms->is_object())
        for (auto const& [key, alarm] : alarms->get_object()) {
            auto const* changes = find(alarm, "changes");
            if (changes == nullptr)
                return Error { ErrorKind::corrupt, "stored home: an alarm without changes" };
            home.alarms[std::string(key)] = { text_at(alarm, "name"), texts_at(alarm, "children"),
                texts_at(alarm, "resources"), TRY(changes_from(*changes)) };
        }
    return home;
}

} // namespace convops
