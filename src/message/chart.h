// The alarm's metric as a picture: the line, the usual band, the threshold, when it began and what changed.
#pragma once

#include "message/compose.h"

namespace convops {

struct ChartPoint {
    Time at {};
    double value = 0;
};

struct ChartBand { // the usual range at one moment
    Time at {};
    double low = 0;
    double high = 0;
};

struct ChartMarker {
    Time at {};
    std::string label; // "deploy of checkout"
};

struct ChartSpec {
    std::string title; // "HTTPCode_Target_5XX_Count of load balancer shop"
    std::string subtitle; // "checkout-5xx · Sum per minute · UTC"
    std::string unit; // CloudWatch's unit name; may be empty
    Window window; // the time axis
    Seconds period { 60 }; // a hole longer than 2 periods breaks the line
    std::vector<ChartPoint> points;
    std::vector<Window> silence; // of a counter: no datapoint, because nothing was counted
    std::string silence_label; // "no datapoints"
    std::vector<ChartBand> usual;
    std::optional<double> threshold;
    std::string threshold_label; // "threshold > 5"
    std::optional<Time> onset;
    std::string onset_label; // "onset 19:58"
    std::vector<ChartMarker> changes; // at most a handful
    std::string language = "en"; // of the legend, the numbers and the dates
    Minutes utc_offset { 0 };
    std::string zone_label = "UTC";
    std::string alt_text;
};

// nullopt when the alarm's metric was not read or has fewer than two datapoints: no chart rather than an empty one.
std::optional<ChartSpec> chart_from(Investigation const& investigation, Reader const& reader);

enum class ChartFormat : std::uint8_t { png, svg };

// Whether the installed fonts have a glyph for every character.
bool can_draw(std::string_view text);

// 1000 x 520 pixels; equal specs give equal bytes (same fonts: DejaVu Sans). unavailable when Cairo fails.
Result<std::string> render_chart(ChartSpec const& spec, ChartFormat format = ChartFormat::png);

} // namespace convops
