#include "model/metric.h"

namespace convops {

std::string to_text(MetricId const& metric) {
    auto text = metric.metric_namespace + " " + metric.name + " {";
    bool first = true;
    for (auto const& [name, value] : metric.dimensions) {
        text += (first ? "" : ", ") + name + "=" + value;
        first = false;
    }
    return text + "}";
}

Series Series::within(Window window) const {
    Series part { metric, statistic, unit, period, {}, {} };
    for (std::size_t i = 0; i < at.size(); ++i) {
        if (window.contains(at[i])) {
            part.at.push_back(at[i]);
            part.values.push_back(values[i]);
        }
    }
    return part;
}

} // namespace convops
