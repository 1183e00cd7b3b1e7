#include "diagnosis/context.h"

#include "model/metric_evidence.h"

#include "base/text.h"

namespace convops {

namespace {

constexpr Seconds same_moment { 120 };
constexpr Minutes same_change { 6 }; // records of one rollout: a task definition, then the service, then the event

Points points_of(Series const& series) {
    return { series.at, series.values, series.period };
}

// How much a record tells: one that names a difference, and a change of a thing on the map, come first.
int telling(ChangeFact const& change, Position const& position) {
    // CloudTrail has the call itself; a state only shows that something is newer.
    return (change.what.empty() ? 0 : 4) + (change.event_name.empty() ? 0 : 1)
        + (position.relation < Relation::unknown ? 2 : 0) + (change.kind == ChangeKind::other ? 0 : 1);
}

// What a change is made through. A cluster that two changes name makes them no single one; a stack does.
bool is_vehicle(Resource const& resource) {
    return resource.type == "cloudformation:stack" || resource.type == "codedeploy:application"
        || resource.type == "github:repository";
}

// Two witnesses of one change need not name the same thing first: CloudTrail names the stack or the application that
// was asked to change, CloudFormation and CodeDeploy name what they changed too.
bool share_vehicle(std::vector<Fact const*> const& known, ChangeFact const& change) {
    return std::any_of(known.begin(), known.end(), [&](Fact const* fact) {
        auto const* other = std::get_if<ChangeFact>(&fact->detail);
        return other != nullptr
            && std::any_of(other->touched.begin(), other->touched.end(), [&](Resource const& resource) {
                   return is_vehicle(resource)
                       && std::find(change.touched.begin(), change.touched.end(), resource) != change.touched.end();
               });
    });
}

} // namespace

bool MetricReading::off() const {
    if (!series.onset || series.usual)
        return false;
    if (is_alarm())
        return true;
    // Over hours everything drifts a little with the day. A drift counts when it is large or comes near a limit.
    auto const& onset = *series.onset;
    double const change = std::abs(onset.extreme - onset.before);
    bool const large = change >= 0.5 * std::abs(onset.before);
    bool const points = metric->series.unit == "Percent" && change >= 20;
    bool const at_limit = limit && *limit > 0 && onset.extreme >= 0.9 * *limit;
    return onset.shape != Shape::ramp || large || points || at_limit;
}

bool MetricReading::off_badly() const {
    if (!off())
        return false;
    switch (bad_direction(signal)) {
    case BadDirection::up:
        return rose();
    case BadDirection::down:
        return fell();
    case BadDirection::either:
        return is_alarm();
    }
    return false;
}

Context::Context(Alarm const& the_alarm, Evidence const& the_evidence, Time the_time)
    : alarm(the_alarm)
    , evidence(the_evidence)
    , now(the_time)
    , topology(the_alarm, the_evidence) {
    read_metrics();
    find_onset_of_alarm();
    compare_with_threshold();
    read_logs();
    read_changes();
    read_events();
}

Resource Context::centre() const {
    if (auto const* reading = alarm_reading())
        return reading->resource();
    if (!topology.centre().empty())
        return topology.centre().front();
    return { "account", alarm.account, {} };
}

std::optional<double> Context::limit_of(Resource const& resource, std::string_view metric_name) const {
    for (auto const& [fact, limit] : evidence.all<LimitFact>())
        if (limit->resource == resource && limit->metric_name == metric_name && limit->limit > 0)
            return limit->limit;
    return std::nullopt;
}

void Context::read_metrics() {
    std::map<std::string_view, Window> frames;
    for (auto const& [fact, metric] : evidence.all<MetricFact>()) {
        auto const [frame, added] = frames.try_emplace(fact->source);
        if (added)
            frame->second = frame_of(evidence, fact->source);
        MetricReading reading;
        reading.fact = fact;
        reading.metric = metric;
        reading.signal = signal_of(metric->series.metric);
        reading.position = metric->closeness == Closeness::alarm ? Position { Relation::same, 0 }
                                                                 : topology.position(metric->resource);
        reading.limit = metric->limit ? metric->limit : limit_of(metric->resource, metric->series.metric.name);
        SeriesQuestion question;
        question.series = points_of(metric->series);
        for (auto const& day : metric->history)
            question.history.push_back(points_of(day));
        question.statistic = metric->series.statistic;
        question.unit = metric->series.unit;
        question.frame = frame->second;
        question.alarm_at = alarm.changed_at;
        reading.series = read_series(question);
        metrics.push_back(reading);
    }
}

void Context::find_onset_of_alarm() {
    auto const* main = alarm.main_metric();
    auto const direction = alarm.fires_above() ? Direction::up : Direction::down;
    int best = -1;
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        auto const& reading = metrics[i];
        if (!reading.is_alarm())
            continue;
        int rank = 1;
        if (main != nullptr && reading.metric->series.metric == *main->metric)
            rank += 2 + (reading.metric->series.statistic == main->statistic ? 1 : 0);
        if (reading.off() && (alarm.metrics.size() > 1 || reading.series.onset->direction == direction))
            rank += 4;
        if (rank > best) {
            best = rank;
            alarm_metric = i;
        }
    }
    if (auto const* reading = alarm_reading()) {
        onset_width = reading->metric->series.period;
        if (reading->series.onset
            && (reading->series.onset->direction == direction || alarm.metrics.size() > 1
                || bad_direction(reading->signal) == BadDirection::either || reading->off_badly())) {
            onset = reading->series.onset->at;
            onset_from_metric = true;
        }
    }
    if (onset)
        return;
    // Without the alarm's own metric, the first bad reading at its resource stands in.
    for (auto const& reading : metrics)
        if (reading.off_badly() && reading.position.relation == Relation::same
            && (!onset || reading.series.onset->at < *onset)) {
            onset = reading.series.onset->at;
            onset_width = reading.metric->series.period;
            onset_from_metric = true;
        }
}

void Context::compare_with_threshold() {
    auto const* reading = alarm_reading();
    auto const* main = alarm.main_metric();
    bool const plain = alarm.kind == AlarmKind::metric && main != nullptr && main->expression.empty();
    if (reading == nullptr || !alarm.threshold || !plain || reading->metric->series.empty()
        || reading->metric->series.metric != *main->metric)
        return;
    auto const& series = reading->metric->series;
    if (!main->statistic.empty() && main->statistic != series.statistic)
        return;
    threshold_known = true;
    // A sum over another period is another number.
    double scale = 1;
    if (series.statistic == "Sum" || series.statistic == "SampleCount")
        scale = static_cast<double>(series.period.count()) / static_cast<double>(alarm.period().count());
    auto const evaluated = alarm.period() * std::max(1, alarm.evaluation_periods);
    auto const from = alarm.changed_at - evaluated - alarm.period() * 2;
    std::size_t crossed_lately = 0;
    std::size_t late = 0;
    for (std::size_t i = 0; i < series.at.size(); ++i) {
        bool const crossed = exceeds(series.values[i], *alarm.threshold * scale, alarm.comparison);
        threshold_crossed = threshold_crossed || (crossed && series.at[i] >= from);
        if (i + 3 >= series.at.size()) {
            ++late;
            crossed_lately += crossed ? 1 : 0;
        }
    }
    threshold_crossed_now = 2 * crossed_lately >= late && crossed_lately > 0;
    if (!onset && threshold_crossed)
        for (std::size_t i = 0; i < series.at.size(); ++i)
            if (series.at[i] >= from && exceeds(series.values[i], *alarm.threshold * scale, alarm.comparison)) {
                onset = series.at[i];
                break;
            }
}

void Context::read_logs() {
    for (auto const& [fact, log] : evidence.all<LogPatternFact>()) {
        LogReading reading;
        reading.fact = fact;
        reading.log = log;
        auto const text = log->pattern + "\n" + log->example;
        reading.topics = topics_of(text);
        reading.hosts = hosts_in(text);
        auto const count = static_cast<double>(log->count);
        reading.fresh = log->usual_count < 0.5 ? count >= 1 : count >= 3 * log->usual_count + 3;
        reading.severe = log->severity == LogSeverity::error
            || (log->severity == LogSeverity::warning && reading.topics.bits != 0)
            || reading.topics.has(LogTopic::function_timeout);
        reading.position = topology.position(log->resource);
        logs.push_back(std::move(reading));
    }
}

void Context::read_changes() {
    struct Record {
        Fact const* fact;
        ChangeFact const* change;
        Resource resource;
        Position position;
    };
    std::vector<Record> records;
    for (auto const& [fact, change] : evidence.all<ChangeFact>()) {
        Record record { fact, change, {}, { Relation::unknown, 99 } };
        bool first = true;
        for (auto const& named : change->touched) {
            auto const touched = topology.known_as(named);
            auto const position = topology.position(touched);
            bool const nearer = position.relation < record.position.relation
                || (position.relation == record.position.relation && position.distance < record.position.distance);
            // Unknown only says that the map has no such thing; a place on the map is better than none.
            if (first || nearer) {
                // The group whose rules were changed, whoever its rules are about.
                bool const peer
                    = !first && touched.type == "ec2:security_group" && record.resource.type == touched.type;
                record.resource = peer ? record.resource : touched;
                record.position = position;
            }
            first = false;
        }
        records.push_back(std::move(record));
    }
    std::stable_sort(
        records.begin(), records.end(), [](Record const& a, Record const& b) { return a.fact->at < b.fact->at; });
    for (auto const& record : records) {
        auto const same = std::find_if(changes.rbegin(), changes.rend(), [&](ChangeReading const& known) {
            auto const place = topology.nodes_of(known.resource);
            // Another source that saw the same moment may call it by another kind.
            bool const another_witness
                = known.facts.front()->source != record.fact->source && record.fact->at - known.at <= same_moment;
            return record.fact->at - known.at <= same_change && known.failed == record.change->failed
                && (known.automatic == record.change->automatic || another_witness)
                && (known.kind == record.change->kind || record.change->kind == ChangeKind::other || another_witness)
                && (known.resource == record.resource
                    || (!place.empty() && place == topology.nodes_of(record.resource))
                    || (another_witness && share_vehicle(known.facts, *record.change)));
        });
        if (same == changes.rend()) {
            changes.push_back({ record.change->kind, record.resource, record.fact->at, { record.fact },
                { record.change->event_name }, record.change->what, record.change->failed, record.change->automatic,
                record.position });
            continue;
        }
        same->event_names.push_back(record.change->event_name);
        if (!record.change->what.empty() && same->what.find(record.change->what) == std::string::npos)
            same->what += (same->what.empty() ? "" : "; ") + record.change->what;
        auto const* leading = std::get_if<ChangeFact>(&same->facts.front()->detail);
        bool const better = telling(*record.change, record.position) > telling(*leading, same->position)
            || (same->resource.type == "ecs:task_definition" && record.resource.type == "ecs:service");
        if (better) {
            same->facts.insert(same->facts.begin(), record.fact);
            if (record.change->kind != ChangeKind::other)
                same->kind = record.change->kind;
            if (record.resource.type != "ecs:task_definition" || same->resource.type.empty())
                same->resource = record.resource;
        } else {
            same->facts.push_back(record.fact);
        }
    }
}

void Context::read_events() {
    for (auto const& [fact, event] : evidence.all<ResourceEventFact>())
        events.push_back({ fact, event, topology.position(event->resource) });
    std::stable_sort(events.begin(), events.end(),
        [](EventReading const& a, EventReading const& b) { return a.fact->at < b.fact->at; });
    // A rollout that CloudTrail did not tell of (its events come up to 15 minutes late) shows in the service's own
    // events.
    for (auto const& reading : events) {
        if (reading.event->kind != ResourceEventKind::deployment_started)
            continue;
        auto const known = std::find_if(changes.begin(), changes.end(), [&](ChangeReading const& change) {
            return !change.failed && change.resource == reading.event->resource
                && reading.fact->at - change.at <= same_change && change.at - reading.fact->at <= same_change;
        });
        if (known != changes.end())
            known->facts.push_back(reading.fact);
        else
            changes.push_back({ ChangeKind::deploy, reading.event->resource, reading.fact->at, { reading.fact }, {},
                {}, false, false, reading.position });
    }
    std::stable_sort(
        changes.begin(), changes.end(), [](ChangeReading const& a, ChangeReading const& b) { return a.at < b.at; });
}

} // namespace convops
