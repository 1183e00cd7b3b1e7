#include "app/performer.h"

#include "app/assessment.h"
#include "app/digest.h"
#include "app/log.h"
#include "app/metrics.h"
#include "conversation/answer.h"
#include "conversation/deeper.h"
#include "diagnosis/recovery.h"
#include "message/chart.h"
#include "message/fact_words.h"

namespace convops {

namespace {

constexpr std::size_t most_remembered = 200; // incidents whose first facts are held; the oldest id goes first
constexpr std::size_t most_dependencies = 200; // remembered per investigation, for grouping

// Which resources call each other: alarms on both are one incident from now on.
std::vector<std::pair<std::string, std::string>> dependencies_in(Evidence const& evidence) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (auto const& [fact, edge] : evidence.all<DependencyFact>())
        if (edge->declared && pairs.size() < most_dependencies)
            pairs.emplace_back(edge->from.key(), edge->to.key());
    return pairs;
}

Reached reached_by(Investigation const& investigation, Depth depth) {
    Reached reached;
    for (auto const& source : sources::all())
        if (source.card->name == "cloudtrail_changes")
            reached.changes_back = look_back(*source.card, depth);
    auto const centre = investigation.incident.leading_alarm().resources();
    auto const near = neighbourhood(investigation.evidence, centre, hops_of(depth), most_nearby(depth));
    reached.neighbours = near.size() - std::min(near.size(), centre.size());
    return reached;
}

void add_chart(Message& message, Investigation const& investigation, Reader const& reader) {
    auto const spec = chart_from(investigation, reader);
    if (!spec)
        return;
    // A machine without letters for the reader's script draws the picture in English; its description stays.
    auto in_english = reader;
    in_english.language = "en";
    auto const drawn
        = can_draw(spec->onset_label + spec->subtitle + spec->title) ? spec : chart_from(investigation, in_english);
    if (auto png = drawn ? render_chart(*drawn) : Result<std::string>(std::string())) {
        message.chart_png = std::move(*png);
        message.chart_alt = spec->alt_text;
    }
}

// A message that an operator asked for again keeps the key of its earlier tries: it is the same message.
std::string key_of(Effect const& effect) {
    auto const* deliver = std::get_if<Deliver>(&effect.what);
    return deliver == nullptr || deliver->message.key.empty() ? effect.id : deliver->message.key;
}

// The record's own notes are English sentences; another reader gets the same from what the record knows.
std::string note_words(IncidentRecord const& record, WantedMessage const& wanted, Reader const& reader) {
    auto const& say_it = words(reader.language);
    if (reader.language == "en")
        return wanted.note;
    if (wanted.kind == MessageKind::resolved) {
        if (record.merged_into)
            return say(say_it.ended_joined, { record.merged_into->text });
        bool const quiet
            = std::ranges::none_of(record.changes, [](auto const& each) { return still_fires(each.second); });
        return quiet ? say_it.ended_quiet.text()
                     : say(say_it.ended_without_ok, { duration_words(Policy {}.close_after, say_it) });
    }
    if (!record.trouble.empty())
        return say(say_it.no_diagnosis, { quoted_words(record.trouble, say_it) });
    if (auto const also = also_firing_line(record.incident, reader))
        return also->text;
    return quoted_words(wanted.note, say_it);
}

} // namespace

PerformOutcome Performer::perform(PerformRequest const& request) {
    if (auto const* effect = std::get_if<Deliver>(&request.effect.what))
        return deliver(request, *effect);
    if (auto const* effect = std::get_if<Investigate>(&request.effect.what);
        effect != nullptr && effect->kind == InvestigationKind::aftermath)
        return look_at_aftermath(request, *effect);
    if (auto const* effect = std::get_if<Reply>(&request.effect.what))
        return reply(request, *effect);
    return investigate(request);
}

Milliseconds Performer::wait_before(Effect const& effect) {
    Delivery delivery;
    if (auto const* deliver = std::get_if<Deliver>(&effect.what)) {
        delivery.route = deliver->route;
        delivery.message.kind = deliver->message.kind;
        if (deliver->previous && !deliver->message.anew)
            delivery.previous = MessageReference { deliver->previous->channel_id, deliver->previous->message_id };
    } else if (auto const* reply = std::get_if<Reply>(&effect.what)) {
        delivery.route = reply->route;
        delivery.message.kind = MessageKind::answer;
        if (reply->reply_to)
            delivery.previous = MessageReference { reply->reply_to->channel_id, reply->reply_to->message_id };
    } else {
        return Milliseconds { 0 };
    }
    auto const* channel = find_channel(delivery.route.channel);
    auto const access
        = channel == nullptr ? Error { ErrorKind::not_found, "" } : world_.access(delivery.route.channel);
    if (!access) // perform() says what is wrong
        return Milliseconds { 0 };
    auto const* wanted = std::get_if<Deliver>(&effect.what);
    if (wanted != nullptr && wanted->message.update && channel->edits == nullptr) // left out
        return Milliseconds { 0 };
    return rates_.reserve(key_of(effect), demand_of(*channel, delivery, *access), world_.clock.monotonic());
}

PerformOutcome Performer::investigate(PerformRequest const& request) {
    auto const& incident = request.record.incident;
    auto const& look = std::get<Investigate>(request.effect.what);
    auto aws = world_.open_aws(request.effect.connection);
    if (!aws)
        return outcome_of(aws.error());
    InvestigationOptions options;
    options.progress = world_.progress;
    options.sources_at_once = world_.sources_at_once;
    options.depth = look.depth;
    options.memory = world_.memory;
    options.first_facts = [&, times = 0](Evidence const& so_far) mutable {
        remember_first_facts(incident.id, so_far);
        auto const summary = incident.id.text + (++times == 1 ? "" : "#" + std::to_string(times));
        if (auto const told
            = world_.engine.report(request.effect.workspace, incident.id, FirstFactsReady { summary });
            !told)
            log_warning(
                "first_facts_not_recorded", { { "incident", incident.id.text }, { "why", told.error().message } });
    };
    auto const [investigation, capsule] = investigate_and_record(incident, **aws, world_.clock, options);
    auto const file = capsule_file(world_.capsules, incident.id, look);
    if (auto const saved = save_capsule(capsule, file); !saved)
        return outcome_of(saved.error());
    metrics::count(metrics::Counter::aws_calls, {}, static_cast<double>(investigation.cost.aws_calls));
    log_info("investigated",
        { { "incident", incident.id.text }, { "depth", std::string(to_string(look.depth)) },
            { "verdict", std::string(to_string(investigation.diagnosis.verdict)) },
            { "facts", std::to_string(investigation.evidence.facts.size()) },
            { "gaps", std::to_string(investigation.evidence.gaps.size()) },
            { "aws_calls", std::to_string(investigation.cost.aws_calls) },
            { "seconds", std::to_string(investigation.cost.seconds) } });
    ask_for_words(request, investigation, file.filename().string());
    return Performed { { InvestigationEnded { investigation.diagnosis.verdict, investigation.severity.severity,
        file.filename().string(), dependencies_in(investigation.evidence), gist_of(investigation),
        decide(investigation.findings) } } };
}

// A few sources again, now that the incident is over: what brought the metric back?
PerformOutcome Performer::look_at_aftermath(PerformRequest const& request, Investigate const& effect) {
    auto const& record = request.record;
    if (record.incident.state != IncidentState::resolved || record.aftermaths != effect.attempt)
        return Performed { { AftermathEnded { effect.attempt, "", false } } }; // It fires again: nothing came back.
    auto aws = world_.open_aws(request.effect.connection);
    if (!aws)
        return outcome_of(aws.error());
    auto const known = case_file_of(record, world_.capsules, world_.clock.now());
    if (!known)
        return outcome_of(known.error());
    InvestigationOptions options;
    options.sources = aftermath_sources(known->investigation);
    options.sources_at_once = world_.sources_at_once;
    auto const [again, capsule] = investigate_and_record(record.incident, **aws, world_.clock, options);
    auto const file = aftermath_file(world_.capsules, record.incident.id);
    if (auto const saved = save_capsule(capsule, file); !saved)
        return outcome_of(saved.error());
    metrics::count(metrics::Counter::aws_calls, {}, static_cast<double>(again.cost.aws_calls));
    auto const evidence = renumbered_as_aftermath(again.evidence);
    auto const recovery = explain_recovery(known->investigation, &evidence, capsule.now);
    log_info("aftermath",
        { { "incident", record.incident.id.text }, { "recovery", std::string(to_string(recovery.kind)) },
            { "fix", std::string(to_string(recovery.fix)) }, { "gaps", std::to_string(evidence.gaps.size()) },
            { "aws_calls", std::to_string(again.cost.aws_calls) },
            { "seconds", std::to_string(again.cost.seconds) } });
    return Performed { { AftermathEnded { effect.attempt, file.filename().string(),
        recovery.kind == RecoveryKind::fixed, recovery.kind, recovery.fix } } };
}

Result<Investigation> Performer::investigation_of(IncidentRecord const& record, std::string const& report) {
    auto const capsule = TRY(load_capsule(world_.capsules / std::filesystem::path(report).filename()));
    if (capsule.now + *kept(DataClass::diagnosis_summaries) < world_.clock.now())
        return Error { ErrorKind::not_found,
            "the capsule of incident " + record.incident.id.text + " is past its retention" };
    auto investigation = TRY(replay(capsule));
    investigation.incident = record.incident; // Alarms may have joined or ended since.
    return investigation;
}

Result<Message> Performer::compose(PerformRequest const& request, WantedMessage const& wanted) {
    auto const& record = request.record;
    auto const* told = std::get_if<Deliver>(&request.effect.what);
    auto const reader = world_.reader(told == nullptr ? Route {} : told->route, world_.clock.now());
    auto file = TRY(case_file_of(record, world_.capsules, world_.clock.now()));
    if (file.investigated) {
        add_kept_words(record, file.investigation, reader);
        if (world_.runbooks != nullptr)
            world_.runbooks->cite(file.investigation);
    }
    auto const* investigation = file.investigated ? &file.investigation : nullptr;
    Message message;
    switch (wanted.kind) {
    case MessageKind::first_facts:
        message = compose_first_facts(record.incident, first_facts_of(record.incident.id), reader);
        break;
    case MessageKind::diagnosis:
        message = investigation ? compose_diagnosis(*investigation, reader)
                                : compose_first_facts(record.incident, first_facts_of(record.incident.id), reader);
        if (investigation) {
            add_chart(message, *investigation, reader);
            TRY(assess(message, record, told == nullptr ? std::string_view() : told->route.channel, reader));
        }
        break;
    case MessageKind::resolved:
        message = compose_resolved(file.investigation, file.recovery, reader);
        break;
    case MessageKind::flapping:
        message = compose_flapping(record.incident, wanted.times, Policy {}.flapping_window, reader);
        break;
    case MessageKind::answer:
        return compose_answer(record.incident, answer_to(record, wanted, investigation), investigation, reader);
    }
    if (!wanted.note.empty())
        message.what_happened.push_back({ note_words(record, wanted, reader), {}, {} });
    return message;
}

// Who confirmed the cause that is shown, how often its kind was right here, and the buttons that ask.
Result<> Performer::assess(
    Message& message, IncidentRecord const& record, std::string_view channel, Reader const& reader) {
    if (!record.gist || !record.gist->names_cause())
        return {};
    auto const assessment = TRY(assessment_of(record, world_.memory, world_.clock.now()));
    auto const may_vote = world_.hears && world_.hears(channel) ? MayVote::yes : MayVote::no;
    add_assessment(message, assessment, mark_of_cause(*record.gist), may_vote, reader);
    return {};
}

namespace {

AnswerLine vote_line(IncidentRecord const& record, VoteAnswer vote) {
    if (vote == VoteAnswer::no_cause)
        return { AnswerPart::vote_without_cause, {}, {}, {} };
    if (vote == VoteAnswer::other_cause)
        return { AnswerPart::vote_of_another_cause, {}, {}, {} };
    auto const right = std::count_if(
        record.votes.begin(), record.votes.end(), [](Vote const& each) { return each.opinion == Opinion::right; });
    auto const not_it = static_cast<std::ptrdiff_t>(record.votes.size()) - right;
    return { AnswerPart::vote_taken, { std::to_string(right), std::to_string(not_it) }, {}, {} };
}

} // namespace

ChatAnswer Performer::answer_to(
    IncidentRecord const& record, WantedMessage const& wanted, Investigation const* investigation) {
    ChatAnswer answer;
    if (wanted.vote != VoteAnswer::none) {
        answer.lines.push_back(vote_line(record, wanted.vote));
        return answer;
    }
    if (!wanted.question.empty() && investigation != nullptr) {
        answer = convops::answer(wanted.question, *investigation);
        if (record.investigation == InvestigationState::running)
            answer.lines.push_back({ AnswerPart::still_running, {}, {}, {} });
        return answer;
    }
    answer.question = wanted.question;
    if (!wanted.note.empty() || investigation == nullptr) {
        if (wanted.note.empty())
            answer.lines.push_back({ AnswerPart::no_diagnosis_yet, {}, {}, {} });
        else
            answer.lines.push_back({ AnswerPart::note, { wanted.note }, {}, {} });
        return answer;
    }
    auto const before = record.report_before.empty()
        ? Result<Investigation>(Error { ErrorKind::not_found, "no diagnosis before" })
        : investigation_of(record, record.report_before);
    return what_was_added(before ? &*before : nullptr, *investigation, reached_by(*investigation, Depth::deep));
}

// What the channel shows of this incident: a resolved notice marks it where the channel can edit.
std::optional<Message> Performer::shown_now(PerformRequest const& request) {
    if (request.record.report.empty())
        return std::nullopt;
    auto shown = compose(request, { MessageKind::diagnosis, "", 0, false });
    return shown ? std::optional(std::move(*shown)) : std::nullopt;
}

// The template is for those who have not written within 24 hours; free text within them.
Result<bool> Performer::window_is_open(Route const& route, ChannelAccess const& access) {
    auto const assumed = access.settings.find("assume_session");
    if (assumed != access.settings.end() && assumed->second == "true")
        return true;
    return world_.window_is_open ? world_.window_is_open(route) : Result<bool>(false);
}

PerformOutcome Performer::deliver(PerformRequest const& request, Deliver const& effect) {
    auto access = world_.access(effect.route.channel);
    if (!access)
        return GiveUp { access.error().message };
    auto const* channel = find_channel(effect.route.channel);
    if (effect.message.update && channel != nullptr && channel->edits == nullptr)
        return Performed { { MessageDelivered { request.effect.id, lane_key(effect.route), {} } } };
    // Whoever said STOP gets only the answers that they ask for.
    if (world_.is_opted_out && effect.message.kind != MessageKind::answer) {
        auto const silent = world_.is_opted_out(effect.route);
        if (!silent)
            return outcome_of(silent.error());
        if (*silent)
            return Performed { { DeliveryFailed {
                request.effect.id, lane_key(effect.route), "the reader opted out" } } };
    }
    auto message = compose(request, effect.message);
    if (!message)
        return outcome_of(message.error());
    Delivery delivery;
    delivery.route = effect.route;
    delivery.message = std::move(*message);
    if (effect.message.kind == MessageKind::resolved)
        delivery.shown = shown_now(request);
    // An edit after the end (a vote) keeps what the resolved notice marked.
    if (effect.message.kind == MessageKind::diagnosis && request.record.incident.state == IncidentState::resolved) {
        delivery.message.over = true;
        delivery.message.title
            = words(delivery.message.language).resolved_mark.text() + " · " + delivery.message.title;
    }
    if (effect.previous && !effect.message.anew)
        delivery.previous = MessageReference { effect.previous->channel_id, effect.previous->message_id };
    if (effect.message.kind == MessageKind::diagnosis && world_.hears && world_.hears(effect.route.channel)
        && request.record.deeper_looks < Policy {}.most_deeper_looks)
        offer_deeper_look(delivery.message, world_.reader(effect.route, world_.clock.now()));
    return send(request, std::move(delivery), *access);
}

PerformOutcome Performer::reply(PerformRequest const& request, Reply const& effect) {
    auto access = world_.access(effect.route.channel);
    if (!access)
        return GiveUp { access.error().message };
    auto material = material_for(request.effect.workspace, effect.word);
    if (!material)
        return outcome_of(material.error());
    material->of_a_number = effect.route.channel == "whatsapp";
    Delivery delivery;
    delivery.route = effect.route;
    delivery.message = compose_reply(effect.word, *material, world_.reader(effect.route, world_.clock.now()));
    if (effect.reply_to)
        delivery.previous = MessageReference { effect.reply_to->channel_id, effect.reply_to->message_id };
    return send(request, std::move(delivery), *access);
}

// What STATUS and USAGE tell, as it is when they are answered.
Result<ReplyMaterial> Performer::material_for(WorkspaceId const& workspace, std::string const& word) {
    ReplyMaterial material;
    material.now = world_.clock.now();
    if (word == "digest" && world_.memory != nullptr)
        material.digest = TRY(digest_of(world_.engine, *world_.memory, world_.mutes, workspace, material.now));
    if (std::string_view(word).starts_with("muted ") && world_.mutes != nullptr)
        if (auto const rule = world_.mutes->find(word.substr(6))) {
            material.muted = target_of(*rule);
            material.muted_until = rule->once.to;
        }
    if (word != "status" && word != "usage")
        return material;
    constexpr std::size_t most_pages = 100;
    constexpr std::size_t page = 200;
    auto const now = world_.clock.now();
    auto const today = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now));
    Time const month = std::chrono::sys_days(today.year() / today.month() / 1);
    // Older incidents are closed: an ALARM without OK is given up after a week (Policy::close_after).
    constexpr Days may_be_open { 31 };
    auto after = IncidentEngine::before_any_of(std::min<Time>(month, now - may_be_open));
    for (std::size_t i = 0; i < most_pages; ++i) {
        auto const records = TRY(world_.engine.list(workspace, page, after));
        for (auto const& record : records) {
            if (record.merged_into)
                continue;
            if (record.incident.state == IncidentState::open)
                material.open.push_back(record.incident);
            if (record.incident.opened_at < month)
                continue;
            ++material.incidents;
            material.investigations += record.investigations;
            material.questions += record.questions;
        }
        if (records.size() < page)
            break;
        after = records.back().incident.id;
    }
    return material;
}

PerformOutcome Performer::send(PerformRequest const& request, Delivery delivery, ChannelAccess const& access) {
    auto const free_text = window_is_open(delivery.route, access);
    if (!free_text)
        return outcome_of(free_text.error());
    delivery.within_session = *free_text;
    delivery.idempotency_key = key_of(request.effect);
    auto const asked_again = delivery.idempotency_key != request.effect.id; // after tries that may have arrived
    delivery.attempt = request.possible_repeat || asked_again ? Attempt::repeated : Attempt::first;
    auto const route = delivery.route;
    if (delivery.attempt
        == Attempt::repeated) // A channel that can be asked is asked first; on others it may be seen twice.
        log_info("possible_repeat",
            { { "effect", request.effect.id }, { "key", delivery.idempotency_key },
                { "incident", request.effect.incident.text }, { "channel", route.channel } });
    auto const outcome = convops::deliver(std::move(delivery), access, world_.http, world_.clock, &rates_);
    if (!outcome)
        return outcome_of(outcome.error());
    if (auto const* later = std::get_if<RetryAfter>(&*outcome))
        return TryLater { later->why, later->wait, later->trouble };
    if (auto const* rejected = std::get_if<Rejected>(&*outcome))
        return GiveUp { rejected->why };
    auto const& delivered = std::get<Delivered>(*outcome);
    for (auto const& note : delivered.notes)
        log_info("delivered_with_less", { { "channel", route.channel }, { "note", note } });
    if (request.effect.incident.empty())
        return Performed {};
    return Performed { { MessageDelivered { request.effect.id, lane_key(route),
        SentMessage { delivered.reference.channel_id, delivered.reference.message_id } } } };
}

Evidence Performer::first_facts_of(IncidentId const& incident) {
    std::lock_guard const lock(mutex_);
    auto const found = first_facts_.find(incident);
    return found == first_facts_.end() ? Evidence {} : found->second;
}

void Performer::remember_first_facts(IncidentId const& incident, Evidence evidence) {
    std::lock_guard const lock(mutex_);
    first_facts_[incident] = std::move(evidence);
    if (first_facts_.size() > most_remembered)
        first_facts_.erase(first_facts_.begin());
}

} // namespace convops
