// The disk can not keep up: burst credits gone, a queue before the device, operations at their ceiling.
#include "base/text.h"
#include "diagnosis/weighing.h"

namespace convops {

namespace {

// Reads and writes together against what the volume allows (ebs_state). CloudWatch counts them apart, by period:
// https://docs.aws.amazon.com/ebs/latest/userguide/using_cloudwatch_ebs.html
struct Together {
    double highest = 0; // a second
    MetricReading const* larger = nullptr;
};

Together together_of(Context const& context, Resource const& volume, std::string_view read, std::string_view write) {
    Together found;
    std::map<Time, double> sums;
    for (auto const& reading : context.metrics) {
        auto const& series = reading.metric->series;
        bool const counts = series.metric.name == read || series.metric.name == write;
        if (!counts || series.statistic != "Sum" || reading.resource() != volume)
            continue;
        for (std::size_t i = 0; i < series.at.size(); ++i)
            found.highest
                = std::max(found.highest, sums[series.at[i]] += series.values[i] / double(series.period.count()));
        if (found.larger == nullptr || reading.series.highest > found.larger->series.highest)
            found.larger = &reading;
    }
    return found;
}

void look_at_volumes(Context const& context, std::map<std::string, Candidate>& all) {
    for (auto const& [fact, limit] : context.evidence.all<LimitFact>()) {
        bool const operations = limit->metric_name == "VolumeIOPS";
        if (limit->resource.type != "ebs:volume" || limit->limit <= 0
            || (!operations && limit->metric_name != "VolumeThroughput"))
            continue;
        auto const together = operations
            ? together_of(context, limit->resource, "VolumeReadOps", "VolumeWriteOps")
            : together_of(context, limit->resource, "VolumeReadBytes", "VolumeWriteBytes");
        if (together.larger == nullptr || together.highest < 0.9 * limit->limit
            || !is_near(together.larger->position))
            continue;
        auto const [at, added] = all.try_emplace(limit->resource.key());
        auto& candidate = at->second;
        if (added) {
            candidate.kind = CauseKind::io_saturation;
            candidate.resource = limit->resource;
            candidate.prior = -2.4;
            weigh_reading(candidate, context, *together.larger, 1.6);
        }
        candidate.weigh(0.6, fact);
        candidate.corroborated = true;
        auto const unit = operations ? "Count/Second" : "Bytes/Second";
        candidate.statement = limit->resource.display() + " works at its limit: "
            + format_value(together.highest, unit) + " of " + format_value(limit->limit, unit) + ".";
    }
}

std::vector<Candidate> propose(Context const& context) {
    std::map<std::string, Candidate> all;
    look_at_volumes(context, all);
    for (auto const& reading : context.metrics) {
        if (reading.position.relation == Relation::unrelated || reading.series.points < 4)
            continue;
        auto const& name = reading.metric->series.metric.name;
        bool const credits = reading.signal == Signal::credits && name != "CPUCreditBalance";
        double weight = 0;
        if (credits && reading.series.last < 10 && reading.series.highest > 15)
            weight = 2.6;
        else if (reading.signal == Signal::io_queue && reading.rose())
            weight = reading.series.onset->after >= 5 ? 1.5 : reading.series.onset->after >= 2 ? 0.6 : 0;
        else if (reading.signal == Signal::io_latency && reading.rose())
            weight = reading.series.onset->after >= 3 * reading.series.onset->before ? 1.0
                : reading.series.onset->after >= 1.6 * reading.series.onset->before  ? 0.3
                                                                                     : 0;
        else if (reading.signal == Signal::io_operations && reading.rose() && reading.limit
            && reading.series.highest >= 0.9 * *reading.limit)
            weight = 1.8;
        else if (name.ends_with("ExceededCheck")
            && reading.series.last >= 1) // EBS itself says that more was asked for.
            weight = 2.2;
        if (weight <= 0)
            continue;
        auto const [at, added] = all.try_emplace(reading.resource().key());
        auto& candidate = at->second;
        if (added) {
            candidate.kind = CauseKind::io_saturation;
            candidate.resource = reading.resource();
            candidate.prior = -2.4;
            weigh_reading(candidate, context, reading, weight);
            candidate.statement = tell(reading) + ".";
        } else {
            candidate.weigh(0.8 * weight, reading.fact);
            if (reading.off() && (!candidate.began_at || reading.series.onset->at < *candidate.began_at))
                candidate.began_at = reading.series.onset->at;
            if (weight > 1.4)
                candidate.statement = tell(reading) + ".";
        }
        candidate.corroborated = candidate.corroborated || weight >= 1.5;
    }
    std::vector<Candidate> found;
    for (auto& [key, candidate] : all)
        found.push_back(std::move(candidate));
    return found;
}

} // namespace

Hypothesis make_io_saturation() {
    return { "io_saturation", propose };
}

} // namespace convops
