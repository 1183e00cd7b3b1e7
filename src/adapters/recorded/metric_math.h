// The part of CloudWatch metric math that alarms use most: + - * /, numbers, metric ids, SUM AVG MIN MAX over
// METRICS().
#pragma once

#include "base/result.h"
#include "model/metric.h"

namespace convops {

// A time series at every timestamp that all named series share. invalid_input for anything beyond the grammar above.
Result<Series> evaluate_metric_math(std::string_view expression, std::map<std::string, Series> const& by_id);

} // namespace convops
