// What the checks share: the alarm's metric read, its onset, and what the threshold says now.
#pragma once

#include "stats/reading.h"
#include "verification/checks.h"

namespace convops {

struct JudgedMetric {
    Fact const* fact = nullptr;
    MetricFact const* metric = nullptr;
    SeriesReading series;
    std::optional<bool> beyond_threshold_now; // nothing when the threshold does not speak of this series

    // The start of the first period that is off; nothing when the metric never left its normal level.
    [[nodiscard]] std::optional<Time> onset() const {
        return series.onset ? std::optional(series.onset->at) : std::nullopt;
    }
};

// The alarm's own metric; nothing when it was not read.
std::optional<JudgedMetric> read_alarm(Alarm const& alarm, Evidence const& evidence);
SeriesReading read_metric(Alarm const& alarm, Evidence const& evidence, Fact const& fact, MetricFact const& metric);

// The alarm's onset, or what its evaluation window allows when the metric does not tell.
Time onset_or_window(Alarm const& alarm, Evidence const& evidence);

// Silence is only an answer when we were allowed to listen: cannot_tell for the first of the sources with a gap.
std::optional<Finding> cannot_tell(Evidence const& evidence, std::initializer_list<std::string_view> sources);

Finding found(CheckVerdict verdict, std::string why, std::vector<FactId> facts = {});

} // namespace convops
