#include "model/anomaly.h"

#include "base/text.h"

#include <array>
#include <cmath>

namespace convops {

std::string_view to_string(AnomalyFate fate) {
    switch (fate) {
    case AnomalyFate::told:
        return "told";
    case AnomalyFate::suppressed:
        return "suppressed";
    case AnomalyFate::digest:
        return "digest";
    }
    return "told";
}

std::optional<AnomalyFate> anomaly_fate_from(std::string_view name) {
    for (auto const fate : { AnomalyFate::told, AnomalyFate::suppressed, AnomalyFate::digest })
        if (to_string(fate) == name)
            return fate;
    return std::nullopt;
}

AnomalyDecision decide(std::span<Finding const> findings) {
    auto const holding_back = [&](CheckEffect effect) {
        return std::find_if(findings.begin(), findings.end(), [&](Finding const& finding) {
            return finding.effect == effect && finding.verdict == CheckVerdict::supports;
        });
    };
    if (auto const found = holding_back(CheckEffect::suppress); found != findings.end())
        return { AnomalyFate::suppressed, found->check, found->why };
    if (auto const found = holding_back(CheckEffect::digest); found != findings.end())
        return { AnomalyFate::digest, found->check, found->why };
    std::vector<std::string> unseen;
    for (auto const& finding : findings)
        if (finding.effect != CheckEffect::context && finding.verdict == CheckVerdict::cannot_tell)
            unseen.push_back(finding.check);
    if (unseen.empty())
        return { AnomalyFate::told, {}, "It is still off, AWS reports no issue, and it is not chronic." };
    return { AnomalyFate::told, {},
        "Nothing speaks against telling it; could not be checked: " + join(unseen, ", ") + "." };
}

std::string watch_alarm_name(MetricId const& metric, std::string_view statistic) {
    std::string name = "watch: " + metric.name + " (" + std::string(statistic) + ")";
    for (auto const& [dimension, value] : metric.dimensions)
        name += " " + dimension + "=" + value;
    return name + " in " + metric.metric_namespace;
}

Alarm alarm_of(Anomaly const& anomaly, std::string account, std::string region) {
    Alarm alarm;
    alarm.account = std::move(account);
    alarm.region = std::move(region);
    alarm.name = watch_alarm_name(anomaly.metric, anomaly.statistic);
    alarm.kind = AlarmKind::watch;
    alarm.changed_at = anomaly.at;
    // No threshold, but a direction: which values are the bad ones.
    alarm.comparison = anomaly.sigma() < 0 ? "LessThanThreshold" : "GreaterThanThreshold";
    AlarmMetric metric;
    metric.metric = anomaly.metric;
    metric.statistic = anomaly.statistic;
    metric.period = anomaly.period;
    metric.unit = anomaly.unit;
    alarm.metrics.push_back(std::move(metric));
    std::array<char, 32> sigma {};
    std::snprintf(sigma.data(), sigma.size(), "%.1f", std::fabs(anomaly.sigma()));
    alarm.reason = anomaly.metric.name + " is " + format_value(anomaly.value, anomaly.unit) + ", where "
        + format_value(anomaly.usual, anomaly.unit) + " is usual (" + sigma.data() + " σ "
        + (anomaly.sigma() < 0 ? "below" : "above") + "). No alarm covers it.";
    alarm.recent_datapoints = { anomaly.value };
    alarm.baseline = UsualBefore { anomaly.usual, anomaly.spread, anomaly.since };
    return alarm;
}

Alarm ended_alarm_of(Anomaly const& anomaly, Time over_at, std::string account, std::string region) {
    auto alarm = alarm_of(anomaly, std::move(account), std::move(region));
    alarm.state = AlarmState::ok;
    alarm.previous_state = AlarmState::alarm;
    alarm.changed_at = over_at;
    alarm.reason = anomaly.metric.name + " is back at its usual level.";
    alarm.recent_datapoints.clear();
    return alarm;
}

} // namespace convops
