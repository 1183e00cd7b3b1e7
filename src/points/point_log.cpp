#include "points/point_log.h"

#include "points/point_bytes.h"

namespace convops {

namespace {

constexpr char version = 1;

} // namespace

std::string encode_log_item(std::span<NewPoint const> points) {
    std::string out(1, version);
    out.reserve(points.size() * 12 + 16);
    put_number(out, points.size());
    std::int64_t series = 0, at = 0;
    for (auto const& point : points) {
        // A poll gives neighbours in number at one time: both differences are mostly one byte.
        put_signed(out, static_cast<std::int64_t>(point.series.number) - series);
        put_signed(out, point.at.time_since_epoch().count() - at);
        put_double(out, point.value);
        series = point.series.number;
        at = point.at.time_since_epoch().count();
    }
    return with_checksum(std::move(out));
}

Result<std::vector<NewPoint>> decode_log_item(std::string_view bytes) {
    auto const damaged = Error { ErrorKind::corrupt, "a batch of datapoints is damaged" };
    auto const checked = without_checksum(bytes);
    if (!checked)
        return damaged;
    ByteReader in(*checked);
    if (in.byte() != version)
        return Error { ErrorKind::corrupt, "a batch of datapoints was written by a newer version" };
    auto const count = in.number();
    if (!in.good() || count > most_points_in_log_item)
        return damaged;
    std::vector<NewPoint> points;
    points.reserve(count);
    std::uint64_t series = 0, at = 0; // unsigned: damaged differences may go round
    for (std::uint64_t i = 0; i < count; ++i) {
        series += static_cast<std::uint64_t>(in.signed_number());
        at += static_cast<std::uint64_t>(in.signed_number());
        auto const value = in.real();
        auto const moment = static_cast<std::int64_t>(at);
        if (!in.good() || series > most_series_in_workspace || moment > last_moment || moment < -last_moment)
            return damaged;
        points.push_back({ { static_cast<std::uint32_t>(series) }, Time { Time::duration { moment } }, value });
    }
    return points;
}

} // namespace convops
