#include "message/moments.h"

#include "base/text.h"

namespace convops {

namespace {

bool is_of_a_change(Fact const& fact) {
    if (std::get_if<ChangeFact>(&fact.detail) != nullptr)
        return true;
    auto const* event = std::get_if<ResourceEventFact>(&fact.detail);
    return event != nullptr
        && (event->kind == ResourceEventKind::deployment_started
            || event->kind == ResourceEventKind::deployment_finished);
}

// How much a record of a change tells: what became what, then what was set, then that something happened.
int telling(Fact const& fact) {
    auto const* change = std::get_if<ChangeFact>(&fact.detail);
    if (change == nullptr)
        return 0;
    return change->what.find("→") != std::string::npos ? 3 : !change->what.empty() ? 2 : 1;
}

// The moment stands in front of the line already.
std::string without_own_clock(std::string text, Time at) {
    auto const clock = " at " + format_clock(at);
    auto const found = text.find(clock);
    if (found == std::string::npos)
        return text;
    auto const rest = std::string_view(text).substr(found + clock.size());
    bool const whole
        = rest.empty() || rest.front() == '.' || rest.front() == ':' || rest.front() == ' ' || rest.front() == ',';
    auto const length = clock.size() + (rest.starts_with(" UTC") ? 4 : 0);
    return whole && !rest.starts_with(":0") ? text.erase(found, length) : text;
}

} // namespace

bool another_stands_for(Fact const& fact, std::vector<FactId> const& cited, Evidence const& evidence) {
    if (!is_of_a_change(fact))
        return false;
    return std::any_of(cited.begin(), cited.end(), [&](FactId const& id) {
        auto const* other = evidence.find(id);
        if (other == nullptr || other == &fact || !is_of_a_change(*other)
            || std::chrono::abs(other->at - fact.at) > Minutes { 2 })
            return false;
        return std::pair(telling(*other), fact.id.text) > std::pair(telling(fact), other->id.text);
    });
}

std::string how_it_moved(MetricFact const& metric, Time onset, Reader const& reader) {
    auto const& say_it = words(reader.language);
    auto const& series = metric.series;
    auto const before = middle_within(series, { onset - Minutes { 30 }, onset });
    auto const since = middle_within(series, { onset, Time::max() });
    if (!before || !since
        || std::abs(*since - *before) <= least_share_moved * std::max(std::abs(*before), std::abs(*since)))
        return {};
    auto const name = one_line(metric_name_words(metric, reader.language), 120);
    return say(
        say_it.moved, { name, value_words(*before, series.unit, say_it), value_words(*since, series.unit, say_it) });
}

std::string onset_words(AlarmReading const& reading, Alarm const& alarm, Telling const& telling) {
    auto const peak = peak_words(*reading.metric, reading.threshold, alarm.fires_above(), telling);
    return peak.empty() ? one_line(fact_words(*reading.fact, telling), 280) : peak;
}

std::string moment_words(Fact const& fact, Time at, Telling const& telling) {
    if (telling.sentences() != nullptr)
        return one_line(fact_words(fact, telling), 500);
    return one_line(in_readers_zone(without_own_clock(fact.statement, at), telling.reader), 280);
}

} // namespace convops
