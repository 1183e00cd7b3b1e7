// A job ran: a schedule fired, a task was started, a backup began, just before the load.
#include "base/text.h"
#include "diagnosis/schedule.h"
#include "diagnosis/weighing.h"

#include <array>

namespace convops {

namespace {

constexpr double full_share = 0.9; // of a limit: from here on work waits

bool starts_work(std::string_view call) {
    static constexpr auto calls = std::to_array<std::string_view>({ "RunTask", "StartTask", "StartExecution",
        "SubmitJob", "StartJobRun", "StartQueryExecution", "RunJobFlow", "StartExportTask" });
    return std::find(calls.begin(), calls.end(), call) != calls.end();
}

// Nothing between the job and the alarm but load: is there any sign of it?
void weigh_load(Candidate& candidate, Context const& context, Time began) {
    int signs = 0;
    for (auto const& reading : context.metrics) {
        bool const load = reading.signal == Signal::cpu || reading.signal == Signal::io_operations
            || reading.signal == Signal::io_queue || reading.signal == Signal::connections
            || reading.signal == Signal::db_load || reading.signal == Signal::requests
            || reading.signal == Signal::bytes || reading.signal == Signal::io_latency;
        if (load && reading.rose() && is_near(reading.position)
            && reading.series.onset->at + reading.metric->series.period >= began
            && reading.series.onset->at <= began + Minutes { 15 } && signs++ < 2)
            candidate.weigh(0.6, reading.fact);
    }
    candidate.corroborated = signs > 0;
}

Candidate start(Context const& context, Resource const& resource, Time began, double weight, Fact const* fact) {
    Candidate candidate;
    candidate.kind = CauseKind::scheduled_job;
    candidate.resource = resource;
    candidate.prior = -2.3;
    candidate.began_at = began;
    auto const before = context.onset_or_alarm() + context.onset_width - began;
    candidate.weigh(weight, fact);
    candidate.weigh(before <= Minutes { 11 } ? 1.5 : before <= Minutes { 30 } ? 0.5 : -1.0);
    auto const position = context.topology.position(resource);
    candidate.weigh(position.relation == Relation::unrelated ? -2.0
            : position.relation == Relation::unknown         ? 0
                                                             : 0.6);
    return candidate;
}

// The job itself, not the cluster that it runs on.
Resource started_by(ChangeReading const& change) {
    for (auto const* fact : change.facts)
        if (auto const* detail = std::get_if<ChangeFact>(&fact->detail))
            for (auto const& touched : detail->touched)
                if (touched.type == "ecs:task_definition" || touched.type == "states:machine"
                    || touched.type == "events:rule")
                    return touched;
    return change.resource;
}

bool just_before(Context const& context, Time at, Minutes most) {
    return at <= context.onset_or_alarm() + context.onset_width && at >= context.onset_or_alarm() - most;
}

void add_runs(Context const& context, std::vector<Candidate>& found) {
    for (auto const& change : context.changes) {
        auto const call = std::find_if(change.event_names.begin(), change.event_names.end(), starts_work);
        if (call == change.event_names.end() || change.failed || !just_before(context, change.at, Minutes { 60 }))
            continue;
        auto const resource = started_by(change);
        auto candidate = start(context, resource, change.at, 1.5, change.facts.front());
        weigh_load(candidate, context, change.at);
        candidate.statement = "A job was started at " + format_clock(change.at) + " (" + quoted(*call, 40)
            + (resource.name.empty() ? ")" : ", " + resource.display() + ")")
            + (change.what.empty() ? "" : ": " + quoted(change.what, 80)) + ".";
        found.push_back(std::move(candidate));
    }
    using enum ResourceEventKind;
    for (auto const& reading : context.events) {
        auto const kind = reading.event->kind;
        if ((kind != scheduled_run && kind != backup && kind != maintenance)
            || !just_before(context, reading.fact->at, Minutes { 60 }))
            continue;
        auto candidate = start(
            context, reading.event->resource, reading.fact->at, kind == scheduled_run ? 1.7 : 1.0, reading.fact);
        weigh_load(candidate, context, reading.fact->at);
        candidate.statement = (kind == scheduled_run   ? "A scheduled run of "
                                      : kind == backup ? "A backup of "
                                                       : "Maintenance of ")
            + reading.event->resource.display() + " began at " + format_clock(reading.fact->at) + ".";
        found.push_back(std::move(candidate));
    }
}

void add_schedules(Context const& context, std::vector<Candidate>& found) {
    for (auto const& [fact, schedule] : context.evidence.all<ScheduleFact>()) {
        auto const fired = last_run(schedule->expression,
            { context.onset_or_alarm() - Minutes { 10 }, context.onset_or_alarm() + context.onset_width });
        if (!fired)
            continue;
        // What fires every few minutes is no news.
        double const weight = fired->runs_per_day <= 4 ? 1.6 : fired->runs_per_day <= 26 ? 0.5 : -2.5;
        auto resource = schedule->rule;
        for (auto const& target : schedule->targets)
            if (context.topology.position(target).relation < context.topology.position(resource).relation)
                resource = target;
        auto candidate = start(context, resource, fired->at, weight, fact);
        weigh_load(candidate, context, fired->at);
        if (!candidate.corroborated)
            candidate.weigh(-0.8);
        candidate.statement = "The schedule " + schedule->rule.short_name() + " (" + quoted(schedule->expression, 60)
            + ") fired at " + format_clock(fired->at).substr(0, 5) + ", right before the load rose.";
        found.push_back(std::move(candidate));
    }
}

// It fills the processor, makes others wait, or fails them: a load that does none of this is what the day looks like.
bool is_at_its_limit(MetricReading const& reading) {
    bool const percent = reading.metric->series.unit == "Percent";
    auto const limit = reading.limit ? reading.limit : percent ? std::optional(100.0) : std::nullopt;
    return limit && *limit > 0 && reading.series.highest >= full_share * *limit;
}

bool is_felt(Context const& context) {
    return std::any_of(context.metrics.begin(), context.metrics.end(), [](MetricReading const& reading) {
        bool const harm = reading.signal == Signal::latency || reading.signal == Signal::errors
            || reading.signal == Signal::io_queue || reading.signal == Signal::throttles
            || reading.signal == Signal::queue_age;
        return harm && reading.rose() && is_near(reading.position);
    });
}

// No job is on record, but the same step at this hour on each of the other days says that one ran.
void add_repetition(Context const& context, std::vector<Candidate>& found) {
    bool const felt = is_felt(context);
    for (auto const& reading : context.metrics) {
        bool const load = reading.signal == Signal::cpu || reading.signal == Signal::io_operations
            || reading.signal == Signal::db_load || reading.signal == Signal::io_queue;
        if (!load || !reading.series.onset || !reading.series.usual || reading.series.onset->shape == Shape::ramp
            || reading.series.onset->direction != Direction::up || !is_near(reading.position)
            || !context.threshold_crossed || !(is_at_its_limit(reading) || felt))
            continue;
        auto const at = reading.series.onset->at;
        auto candidate = start(context, reading.resource(), at, 1.0, reading.fact);
        candidate.weigh(reading.is_alarm() ? 0.6 : 0);
        candidate.corroborated = true;
        candidate.statement = tell(reading) + ", as at the same time on the other days: a job that recurs.";
        found.push_back(std::move(candidate));
    }
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    add_runs(context, found);
    add_schedules(context, found);
    add_repetition(context, found);
    return found;
}

} // namespace

Hypothesis make_scheduled_job() {
    return { "scheduled_job", propose };
}

} // namespace convops
