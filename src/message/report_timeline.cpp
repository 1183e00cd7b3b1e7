#include "message/report_timeline.h"

#include "base/text.h"
#include "message/moments.h"
#include "message/report_words.h"

namespace convops {

namespace {

constexpr std::size_t most_moments = 80;
constexpr std::size_t most_changes = 15; // that nothing cites; the nearest to the onset
constexpr Minutes changes_before_onset { 60 };

class Moments {
public:
    Moments(ReportInput const& input, FactBook const& book, Reader const& reader)
        : input_(input)
        , book_(book)
        , reader_(reader)
        , say_it_(report_words(reader.language))
        , incident_(input.investigation->incident)
        , onset_(input.investigation->diagnosis.onset)
        , telling_ { reader, incident_.opened_at, onset_ } { }

    std::pair<std::vector<ReportMoment>, std::size_t> take() {
        add_alarms();
        add_onset();
        add_cited_facts();
        add_other_changes();
        add_messages();
        add_end();
        std::stable_sort(moments_.begin(), moments_.end(),
            [](ReportMoment const& a, ReportMoment const& b) { return a.at < b.at; });
        auto const left_out = moments_.size() > most_moments ? moments_.size() - most_moments : 0;
        if (left_out > 0) // The middle of a long incident repeats itself; its start and its end do not.
            moments_.erase(moments_.begin() + std::ptrdiff_t(most_moments / 2),
                moments_.begin() + std::ptrdiff_t(most_moments / 2 + left_out));
        return { std::move(moments_), left_out };
    }

private:
    void add(Time at, ReportMoment::Kind kind, std::string text, std::vector<FactId> facts = {}) {
        if (at == Time {})
            return;
        moments_.push_back(
            { at, kind, clock_words(at, incident_.opened_at, reader_), std::move(text), std::move(facts) });
    }

    void add_alarm(Time at, std::string_view name, AlarmState state) {
        auto const words = state == AlarmState::alarm ? say_it_.alarm_fired
            : state == AlarmState::ok                 ? say_it_.alarm_ok
                                                      : say_it_.alarm_no_data;
        add(at, ReportMoment::Kind::alarm, say(words, { one_line(name, 255) }));
    }

    void add_alarms() {
        for (auto const& change : input_.alarm_changes)
            add_alarm(change.at, change.alarm, change.state);
        if (!input_.alarm_changes.empty())
            return;
        for (auto const& [key, alarm] : incident_.alarms) {
            for (auto const at : alarm.fired_at)
                add_alarm(at, alarm.latest.name, AlarmState::alarm);
            if (alarm.latest.state != AlarmState::alarm)
                add_alarm(alarm.latest.changed_at, alarm.latest.name, alarm.latest.state);
        }
    }

    void add_onset() {
        if (!onset_)
            return;
        auto const reading = read_alarm_metric(incident_.leading_alarm(), book_.during(), reader_);
        auto text = std::string(say_it_.onset);
        std::vector<FactId> facts;
        if (reading.fact != nullptr) {
            text += ": " + onset_words(reading, incident_.leading_alarm(), telling_);
            if (told_.insert(reading.fact->id).second && !reading.fact->id.empty())
                facts.push_back(reading.fact->id);
        }
        add(*onset_, ReportMoment::Kind::onset, std::move(text), std::move(facts));
    }

    void add_fact(FactId const& id) {
        auto const* fact = book_.find(id);
        if (fact == nullptr || !told_.insert(id).second || another_stands_for(*fact, cited_, book_.during()))
            return;
        if (std::holds_alternative<StateFact>(fact->detail) || std::holds_alternative<DependencyFact>(fact->detail)
            || std::holds_alternative<LimitFact>(fact->detail) || std::holds_alternative<ScheduleFact>(fact->detail))
            return; // How things are, not something that happened; the appendix has it.
        if (auto const* metric = std::get_if<MetricFact>(&fact->detail)) {
            auto moved = onset_ ? how_it_moved(*metric, *onset_, reader_) : std::string();
            if (!moved.empty() && moved_.insert(metric->series.metric).second) // one line a metric
                add(*onset_, ReportMoment::Kind::fact, std::move(moved), { id });
            return;
        }
        // A log pattern's moment is when it first appeared.
        auto const* logs = std::get_if<LogPatternFact>(&fact->detail);
        auto const at = logs != nullptr && logs->first_seen != Time {} ? logs->first_seen : fact->at;
        bool const change = std::holds_alternative<ChangeFact>(fact->detail);
        add(at, change ? ReportMoment::Kind::change : ReportMoment::Kind::fact, moment_words(*fact, at, telling_),
            { id });
    }

    void add_cited_facts() {
        auto const& diagnosis = input_.investigation->diagnosis;
        auto const cite
            = [&](std::vector<FactId> const& ids) { cited_.insert(cited_.end(), ids.begin(), ids.end()); };
        for (auto const& cause : diagnosis.causes) {
            cite(cause.facts);
            cite(cause.against);
        }
        cite(diagnosis.lead_facts);
        cite(input_.recovery.facts());
        for (auto const& id : std::vector(cited_))
            add_fact(id);
    }

    // What else people and pipelines did around the onset: innocent until cited, but a reader looks for it here.
    void add_other_changes() {
        auto const onset = input_.investigation->diagnosis.onset.value_or(incident_.opened_at);
        auto const until = incident_.resolved_at.value_or(input_.made_at);
        std::vector<Fact const*> changes;
        for (auto const& [fact, change] : book_.during().all<ChangeFact>())
            if (!change->failed && !change->automatic && change->kind != ChangeKind::other
                && fact->at >= onset - changes_before_onset && fact->at <= until)
                changes.push_back(fact);
        std::stable_sort(changes.begin(), changes.end(), [&](Fact const* a, Fact const* b) {
            return std::chrono::abs(a->at - onset) < std::chrono::abs(b->at - onset);
        });
        for (auto const* fact : std::span(changes).first(std::min(changes.size(), most_changes)))
            if (!another_stands_for(*fact, cited_, book_.during()))
                add_fact(fact->id);
    }

    void add_messages() {
        for (auto const& message : input_.told) {
            auto const words = message.kind == MessageKind::first_facts ? say_it_.told_first_facts
                : message.kind == MessageKind::diagnosis                ? say_it_.told_diagnosis
                : message.kind == MessageKind::flapping                 ? say_it_.told_flapping
                : message.kind == MessageKind::answer                   ? say_it_.told_answer
                                                                        : say_it_.told_resolved;
            add(message.at, ReportMoment::Kind::told, say(words, { one_line(message.route, most_name_bytes) }));
        }
    }

    void add_end() {
        if (input_.recovery.recovered_at)
            add(*input_.recovery.recovered_at, ReportMoment::Kind::recovery, std::string(say_it_.came_back));
        if (incident_.resolved_at)
            add(*incident_.resolved_at, ReportMoment::Kind::recovery,
                input_.ended_why.empty() ? words(reader_.language).resolved_mark.text() + "."
                                         : say(say_it_.ended, { one_line(input_.ended_why) }));
    }

    ReportInput const& input_;
    FactBook const& book_;
    Reader const& reader_;
    ReportWords const& say_it_;
    Incident const& incident_;
    std::optional<Time> onset_;
    Telling telling_;
    std::vector<ReportMoment> moments_;
    std::vector<FactId> cited_;
    std::set<FactId> told_; // each fact once
    std::set<MetricId> moved_;
};

} // namespace

Fact const* FactBook::find(FactId const& id) const {
    if (id.text.starts_with('R'))
        return after_ == nullptr ? nullptr : after_->find(id);
    return during_.find(id);
}

std::string date_words(Time at, Reader const& reader) {
    return convops::date_words(at + reader.utc_offset, words(reader.language));
}

std::pair<std::vector<ReportMoment>, std::size_t> timeline_of(
    ReportInput const& input, FactBook const& book, Reader const& reader) {
    return Moments(input, book, reader).take();
}

} // namespace convops
