#include "simulation/world.h"

#include "base/check.h"
#include "simulation/run_until.h"

namespace convops::simulation {

namespace {
constexpr int most_sends = 1'000; // of one alarm until it is acknowledged
constexpr int most_passes = 100'000; // until nothing is due
} // namespace

Result<> CrashingStore::commit(std::vector<Write> const& writes, Time now) {
    TRY(around_commit_(CrashMoment::before, writes));
    TRY(inner_.commit(writes, now));
    return around_commit_(CrashMoment::after, writes);
}

Alarm alarm_of(std::string name, std::string resource, AlarmState state, Time at) {
    Alarm alarm;
    alarm.account = "111122223333";
    alarm.region = "eu-west-1";
    alarm.arn = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:" + name;
    alarm.name = std::move(name);
    alarm.state = state;
    alarm.previous_state = state == AlarmState::ok ? AlarmState::alarm : AlarmState::ok;
    alarm.changed_at = at;
    alarm.reason = "Threshold Crossed";
    AlarmMetric metric;
    metric.metric = MetricId { "AWS/RDS", "CPUUtilization", { { "DBInstanceIdentifier", std::move(resource) } } };
    alarm.metrics.push_back(std::move(metric));
    return alarm;
}

Policy World::default_policy() {
    Policy policy;
    policy.routes = { { "slack", "C1", "#ops" }, { "whatsapp", "491701", "Ada" } };
    return policy;
}

World::World(std::uint64_t seed, Policy policy)
    : dice(seed)
    , policy_(std::move(policy)) {
    boot();
}

void World::boot() {
    outbox_.reset();
    engine_.reset();
    store_ = std::make_unique<CrashingStore>(
        memory, [this](CrashMoment moment, auto const& writes) { return around_commit(moment, writes); });
    engine_ = std::make_unique<IncidentEngine>(
        *store_, clock, dice, [this](WorkspaceId const&, ConnectionId const&) { return policy_; });
    outbox_ = std::make_unique<OutboxWorker>(*engine_, *store_, clock, dice, static_cast<EffectPerformer&>(*this));
}

Result<> World::around_commit(CrashMoment moment, std::vector<Write> const& writes) {
    if (moment == CrashMoment::before) {
        ++commits;
        if (odds.store_fails > 0 && dice.chance(odds.store_fails))
            return Error { ErrorKind::unavailable, "disk full" };
    } else {
        note_ends(writes);
    }
    maybe_crash(CrashPlan::What::commit, commits, moment);
    return {};
}

// An effect that leaves the outbox and does not enter it at another time is over.
void World::note_ends(std::vector<Write> const& writes) {
    std::set<std::string> left;
    for (auto const& write : writes)
        if (write.kind == Write::Kind::remove && write.item.key.workspace == outbox_workspace)
            left.insert(write.item.key.sort.substr(write.item.key.sort.find('/') + 1));
    for (auto const& write : writes)
        if (write.kind == Write::Kind::put && write.item.key.workspace == outbox_workspace)
            left.erase(write.item.key.sort.substr(write.item.key.sort.find('/') + 1));
    recorded_.insert(left.begin(), left.end());
}

void World::maybe_crash(CrashPlan::What what, int nth, CrashMoment moment) {
    auto const percent = what == CrashPlan::What::commit ? odds.crash_at_commit : odds.crash_at_perform;
    auto const planned = plan.what == what && plan.nth == nth && plan.moment == moment;
    if (planned || (percent > 0 && dice.chance(percent)))
        throw Crash {};
}

void World::survive(std::function<void()> const& work) {
    try {
        work();
    } catch (Crash const&) {
        ++crashes;
        plan.what = CrashPlan::What::nothing; // a planned crash happens once
        boot();
        // Half of the restarts know that nobody else works on this store; the others wait for the leases.
        if (dice.chance(50))
            survive([this] { (void)outbox_->take_over(); });
    }
}

Accepted World::accept(Alarm const& alarm) {
    for (int i = 0; i < most_sends; ++i) {
        std::optional<Accepted> accepted;
        survive([&] {
            if (auto result = engine_->accept(acme, prod, alarm))
                accepted = *result;
        });
        if (accepted) {
            acknowledged_.push_back(alarm);
            return *accepted;
        }
    }
    CHECK(false);
    return {};
}

void World::ask(
    IncidentId const& incident, std::string const& lane, std::string const& request, std::string const& text) {
    Event const event = text.empty() ? Event(DigDeeperAsked { request, lane, SentMessage { "C1", "asked" } })
                                     : Event(QuestionAsked { request, lane, SentMessage { "C1", "asked" }, text });
    for (int i = 0; i < most_sends; ++i) {
        std::optional<bool> taken;
        survive([&] {
            if (auto const result = engine_->report_once(acme, incident, event, { acme, "seen/chat/test", request }))
                taken = *result;
        });
        if (!taken)
            continue;
        auto const record = engine_->load(acme, incident);
        CHECK(record.has_value());
        auto const& requests = record->requests;
        if (std::find(requests.begin(), requests.end(), request) != requests.end())
            asked_.push_back({ incident, lane, text, clock.now() });
        return;
    }
    CHECK(false);
}

void World::vote(IncidentId const& incident, std::string const& lane, std::string const& person, Opinion opinion) {
    auto const request = person + "/" + std::to_string(static_cast<int>(opinion));
    VoteCast const event { request, lane, SentMessage { "C1", "pressed" }, person, opinion, {}, false };
    for (int i = 0; i < most_sends; ++i) {
        std::optional<bool> taken;
        survive([&] {
            if (auto const result = engine_->report_once(acme, incident, event, { acme, "seen/chat/vote", request }))
                taken = *result;
        });
        if (taken)
            return;
    }
    CHECK(false);
}

void World::settle() {
    for (int i = 0; i < most_passes; ++i) {
        std::size_t performed = 1; // a crash in between: look again
        survive([&] { performed = outbox_->perform_due().value_or(1); });
        if (performed == 0)
            return;
    }
    CHECK(false);
}

void World::run_until(Time until) {
    convops::run_until(until, clock, outbox_, [this] { settle(); });
}

PerformOutcome World::perform(PerformRequest const& request) {
    auto const nth = ++performs;
    maybe_crash(CrashPlan::What::perform, nth, CrashMoment::before);
    auto outcome = std::holds_alternative<Deliver>(request.effect.what)
        ? deliver(request, std::get<Deliver>(request.effect.what))
        : investigate(request);
    maybe_crash(CrashPlan::What::perform, nth, CrashMoment::after);
    return outcome;
}

PerformOutcome World::deliver(PerformRequest const& request, Deliver const& what) {
    if (channel_answers)
        if (auto answer = channel_answers(request))
            return *answer;
    if (dice.chance(odds.delivery_fails))
        return TryLater { "503", Milliseconds { static_cast<std::int64_t>(dice.below(5'000)) } };
    if (dice.chance(odds.delivery_rejected))
        return GiveUp { "channel_not_found" };
    if (recorded_.contains(request.effect.id))
        broken_.push_back("sent again after it was recorded: " + request.effect.id);
    auto const lane = lane_key(what.route);
    sent.push_back({ request.effect.id, lane, request.effect.incident, what.message.kind, what.message.note,
        what.message.times, what.previous ? std::optional(what.previous->message_id) : std::nullopt,
        request.possible_repeat, clock.now(), what.message.question });
    clock.advance(Milliseconds { 120 });
    return Performed { { MessageDelivered {
        request.effect.id, lane, { "C1", "m" + std::to_string(++message_numbers_) } } } };
}

PerformOutcome World::investigate(PerformRequest const& request) {
    if (investigator_is_slow || dice.chance(odds.investigation_fails))
        return TryLater { "AWS is throttling" };
    if (dice.chance(odds.investigation_given_up))
        return GiveUp { "the role can not be assumed" };
    auto const& what = std::get<Investigate>(request.effect.what);
    if (what.kind == InvestigationKind::aftermath) {
        clock.advance(Seconds { static_cast<std::int64_t>(dice.below(30)) }); // in time for the notice, or too late
        return Performed { { AftermathEnded { what.attempt, "aftermath/" + request.effect.id, dice.chance(50) } } };
    }
    auto const& incident = request.effect.incident;
    auto const reported
        = engine_->report(request.effect.workspace, incident, FirstFactsReady { "summary/" + request.effect.id });
    if (!reported)
        return outcome_of(reported.error());
    clock.advance(Seconds { 20 });
    InvestigationEnded ended { IncidentVerdict::incident, std::nullopt, "report/" + request.effect.id, dependencies,
        gist };
    return Performed { { std::move(ended) } };
}

std::vector<IncidentRecord> World::incidents() {
    auto const records = engine_->list(acme, 10'000);
    CHECK(records.has_value());
    return *records;
}

std::vector<Sent> World::sent_for(IncidentId const& incident, std::string_view lane) const {
    std::vector<Sent> found;
    for (auto const& message : sent)
        if (message.incident == incident && message.lane == lane)
            found.push_back(message);
    return found;
}

namespace {

bool remembers(std::vector<IncidentRecord> const& incidents, Alarm const& alarm) {
    return std::any_of(incidents.begin(), incidents.end(), [&](IncidentRecord const& record) {
        auto const changes = record.changes.find(alarm_key(alarm));
        return changes != record.changes.end()
            && (std::find(
                    changes->second.begin(), changes->second.end(), AlarmChange { alarm.changed_at, alarm.state })
                    != changes->second.end()
                // Older than the bounded timeline.
                || (changes->second.size() >= most_changes_of_alarm
                    && alarm.changed_at < changes->second.front().at));
    });
}

} // namespace

// Whoever asked is answered once, unless the channel took nothing any more.
void World::check_answers(std::vector<std::string>& broken) {
    for (auto const& asked : asked_) {
        auto const record = engine_->load(acme, asked.incident);
        CHECK(record.has_value());
        std::set<std::string> keys;
        for (auto const& message : sent_for(asked.incident, asked.lane))
            if (message.kind == MessageKind::answer && message.question == asked.text)
                keys.insert(message.key);
        if (keys.empty() && record->lanes.at(asked.lane).failed == 0)
            broken.push_back("not answered: \"" + asked.text + "\" of " + asked.incident.text);
        if (keys.size() > 1 && !asked.text.empty())
            broken.push_back("answered twice: \"" + asked.text + "\" of " + asked.incident.text);
        if (!record->diggers.empty())
            broken.push_back("somebody waits for a deeper look of " + asked.incident.text);
    }
}

std::vector<std::string> World::broken_promises() {
    auto broken = broken_;
    auto const records = incidents();
    for (auto const& alarm : acknowledged_)
        if (alarm.state == AlarmState::alarm && !remembers(records, alarm))
            broken.push_back("lost alarm " + alarm.transition_key());
    std::map<std::string, int> times;
    for (auto const& message : sent)
        if (++times[message.key] > 1 && !message.possible_repeat)
            broken.push_back("message repeated without being marked: " + message.key);
    for (auto const& record : records) {
        auto const& id = record.incident.id.text;
        if (record.incident.state != IncidentState::resolved)
            broken.push_back("never ended: " + id);
        if (record.investigation == InvestigationState::running)
            broken.push_back("still investigating: " + id);
        for (auto const& route : policy_.routes) {
            auto const lane = record.lanes.find(lane_key(route));
            auto const told = lane == record.lanes.end() ? 0 : lane->second.delivered;
            auto const failed = lane == record.lanes.end() ? 0 : lane->second.failed;
            if (lane != record.lanes.end() && (lane->second.under_way || !lane->second.waiting.empty()))
                broken.push_back("undelivered message of " + id);
            if (told == 0 && failed == 0 && !record.merged_into)
                broken.push_back("swallowed: nobody was told of " + id);
            auto const messages = sent_for(record.incident.id, lane_key(route));
            if (told > 0 && failed == 0 && !messages.empty() && messages.front().kind == MessageKind::resolved)
                broken.push_back("resolved before it was told: " + id);
        }
    }
    check_answers(broken);
    for (auto const effect_class : { EffectClass::wake, EffectClass::deliver, EffectClass::investigate })
        for (auto const& item :
            *memory.query(outbox_workspace, outbox_key(effect_class, start, "").partition, {}, 3, clock.now()))
            broken.push_back("work left in the outbox: " + item.body);
    return broken;
}

} // namespace convops::simulation
