#include "model/alarm.h"

namespace convops {

std::string_view to_string(AlarmState state) {
    switch (state) {
    case AlarmState::ok:
        return "OK";
    case AlarmState::alarm:
        return "ALARM";
    case AlarmState::insufficient_data:
        return "INSUFFICIENT_DATA";
    }
    return "INSUFFICIENT_DATA";
}

std::optional<AlarmState> alarm_state_from(std::string_view text) {
    for (auto const state : { AlarmState::ok, AlarmState::alarm, AlarmState::insufficient_data })
        if (to_string(state) == text)
            return state;
    return std::nullopt;
}

std::string_view to_string(AlarmKind kind) {
    switch (kind) {
    case AlarmKind::metric:
        return "metric";
    case AlarmKind::metric_math:
        return "metric_math";
    case AlarmKind::composite:
        return "composite";
    case AlarmKind::anomaly_band:
        return "anomaly_band";
    case AlarmKind::metrics_insights:
        return "metrics_insights";
    case AlarmKind::log:
        return "log";
    case AlarmKind::watch:
        return "watch";
    }
    return "metric";
}

AlarmMetric const* Alarm::main_metric() const {
    for (auto const& metric : metrics)
        if (metric.returns_data && metric.metric)
            return &metric;
    for (auto const& metric : metrics)
        if (metric.metric)
            return &metric;
    return nullptr;
}

std::vector<Resource> Alarm::resources() const {
    std::vector<Resource> found;
    for (auto const& metric : metrics) {
        if (!metric.metric)
            continue;
        auto const resource = resource_of(*metric.metric);
        if (resource && std::find(found.begin(), found.end(), *resource) == found.end())
            found.push_back(*resource);
    }
    return found;
}

Seconds Alarm::period() const {
    if (auto const* metric = main_metric(); metric != nullptr && metric->period.count() > 0)
        return metric->period;
    for (auto const& metric : metrics)
        if (metric.period.count() > 0)
            return metric.period;
    return Seconds { 60 };
}

std::string Alarm::transition_key() const {
    return (arn.empty() ? account + "/" + region + "/" + name : arn) + "@" + format_time(changed_at) + "="
        + std::string(to_string(state));
}

} // namespace convops
