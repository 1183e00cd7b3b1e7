#include "audit/metric_sums.h"

#include "base/text.h"
#include "metrics/data.h"

#include <charconv>

namespace convops {

std::optional<JsonObject> sum_queries(std::span<MetricId const> metrics, Time now) {
    std::vector<MetricRead> reads;
    for (auto const& metric : metrics) {
        MetricRead read;
        read.id = "m" + std::to_string(reads.size());
        read.metric = metric;
        read.statistic = "Sum";
        read.period = Days { 1 };
        reads.push_back(std::move(read));
    }
    // The days that are over, and today's part.
    auto const calls = metric_data_calls(reads, { floor_to(now - summed_days, Days { 1 }), now });
    return calls.empty() ? std::nullopt : std::optional(calls.front().params);
}

std::map<std::size_t, MetricSum> metric_sums(
    Estate const& estate, std::string_view reading, std::string const& region) {
    std::map<std::size_t, MetricSum> sums;
    for (auto const& item : estate.items(reading, region)) {
        auto const first = integer_at(item, "@of");
        auto const id = text_at(item, "Id");
        std::size_t offset = 0;
        if (!first || !id.starts_with("m")
            || std::from_chars(id.data() + 1, id.data() + id.size(), offset).ec != std::errc {})
            continue;
        auto const& values = list_at(item, "Values");
        auto const& times = list_at(item, "Timestamps");
        if (values.empty())
            continue;
        auto& sum = sums[static_cast<std::size_t>(*first) + offset];
        for (std::size_t i = 0; i < values.size(); ++i) {
            auto const value = number_at(values[i], "").value_or(0);
            sum.sum += value;
            ++sum.days;
            if (value > 0 && i < times.size())
                sum.newest = std::max(sum.newest, time_at(times[i], "").value_or(Time {}));
        }
    }
    return sums;
}

} // namespace convops
