#include "points/series_catalogue.h"

#include "base/json.h"

namespace convops {

std::string encode_catalogue_page(std::span<SeriesKey const> keys) {
    JsonArray series;
    for (auto const& key : keys) {
        JsonObject dimensions;
        for (auto const& [name, value] : key.metric.dimensions)
            dimensions[name] = value;
        series.push_back(
            { { "account", key.account }, { "region", key.region }, { "namespace", key.metric.metric_namespace },
                { "name", key.metric.name }, { "dimensions", std::move(dimensions) }, { "statistic", key.statistic },
                { "unit", key.unit }, { "period", key.period.count() } });
    }
    return to_text(JsonObject { { "v", 1 }, { "series", std::move(series) } });
}

Result<std::vector<SeriesKey>> decode_catalogue_page(std::string_view body) {
    auto const json = TRY(parse_json(body));
    if (integer_at(json, "v") != 1)
        return Error { ErrorKind::corrupt, "a page of the series catalogue was written by a newer version" };
    std::vector<SeriesKey> keys;
    for (auto const& entry : list_at(json, "series")) {
        SeriesKey key;
        key.account = text_at(entry, "account");
        key.region = text_at(entry, "region");
        key.metric.metric_namespace = text_at(entry, "namespace");
        key.metric.name = text_at(entry, "name");
        if (auto const* dimensions = find(entry, "dimensions"); dimensions != nullptr && dimensions->is_object())
            for (auto const& [name, value] : dimensions->as_object())
                if (value.is_string())
                    key.metric.dimensions.emplace(
                        name, std::string(value.as_string().data(), value.as_string().size()));
        key.statistic = text_at(entry, "statistic");
        key.unit = text_at(entry, "unit");
        auto const period = integer_at(entry, "period").value_or(0);
        if (period < 1 || period > Seconds { Days { 31 } }.count())
            return Error { ErrorKind::corrupt, "a page of the series catalogue is damaged" };
        key.period = Seconds { period };
        keys.push_back(std::move(key));
    }
    return keys;
}

} // namespace convops
