// Draws a ChartSpec with Cairo and Pango. One routine for PNG and SVG. Sizes are for a phone: the picture is shown at
// a third of its width there, so that no text is smaller than 18 pixels. Colours are from Okabe and Ito's set, which
// stays distinct for colour-blind readers; dashes and shapes repeat what the colours say.
#include "message/chart.h"

#include "base/text.h"
#include "message/chart_axes.h"
#include "message/phrases.h"
#include "message/png.h"
#include "message/words.h"

#include <cairo-svg.h>
#include <cairo.h>
#include <pango/pangocairo.h>

namespace convops {

namespace {

constexpr int width = 1000;
constexpr int height = 540;
constexpr double margin = 28;
constexpr double bottom_margin = 62;
constexpr double lane_height = 28;

struct Colour {
    double red, green, blue, alpha = 1;
};
constexpr Colour ink { 0.11, 0.13, 0.16 };
constexpr Colour grey { 0.38, 0.41, 0.45 };
constexpr Colour grid { 0.90, 0.91, 0.92 };
constexpr Colour band_fill { 0.337, 0.706, 0.914, 0.24 }; // sky blue
constexpr Colour line_blue { 0, 0.447, 0.698 };
constexpr Colour vermillion { 0.80, 0.33, 0 };
constexpr Colour after_onset { 0.80, 0.33, 0, 0.06 };
constexpr Colour change_green { 0, 0.47, 0.36 };

enum class Weight : std::uint8_t { normal, bold };

struct Free {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
    void operator()(PangoLayout* layout) const { g_object_unref(layout); }
    void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
    void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
};
template <class T> using Owned = std::unique_ptr<T, Free>;

class Canvas {
public:
    explicit Canvas(cairo_surface_t* surface)
        : cairo_(cairo_create(surface)) {
        // Hinting depends on the machine's settings; without it equal specs give equal bytes.
        Owned<cairo_font_options_t> const options(cairo_font_options_create());
        cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
        cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
        cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
        cairo_set_font_options(cairo_.get(), options.get());
        cairo_set_line_join(cairo_.get(), CAIRO_LINE_JOIN_ROUND);
    }

    [[nodiscard]] cairo_t* get() const { return cairo_.get(); }
    [[nodiscard]] bool failed() const { return cairo_status(cairo_.get()) != CAIRO_STATUS_SUCCESS; }

    void colour(Colour c) { cairo_set_source_rgba(get(), c.red, c.green, c.blue, c.alpha); }

    void fill(double x, double y, double w, double h, Colour c) {
        colour(c);
        cairo_rectangle(get(), x, y, w, h);
        cairo_fill(get());
    }

    void line(double x1, double y1, double x2, double y2, double thickness, Colour c, double dash = 0) {
        colour(c);
        cairo_set_line_width(get(), thickness);
        cairo_set_dash(get(), &dash, dash > 0 ? 1 : 0, 0);
        cairo_move_to(get(), x1, y1);
        cairo_line_to(get(), x2, y2);
        cairo_stroke(get());
        cairo_set_dash(get(), nullptr, 0, 0);
    }

    // Width of the text; drawn with its top left corner at (x, y) unless only measured.
    double text(std::string_view words, double x, double y, double size, Colour c, Weight weight = Weight::normal,
        double most_width = 0) {
        auto const layout = layout_of(words, size, weight, most_width);
        colour(c);
        cairo_move_to(get(), x, y);
        pango_cairo_show_layout(get(), layout.get());
        return width_of(layout.get());
    }

    double measure(std::string_view words, double size, Weight weight = Weight::normal) {
        return width_of(layout_of(words, size, weight, 0).get());
    }

    bool has_glyphs_for(std::string_view words) {
        return pango_layout_get_unknown_glyphs_count(layout_of(words, 20, Weight::normal, 0).get()) == 0;
    }

private:
    Owned<PangoLayout> layout_of(std::string_view words, double size, Weight weight, double most_width) {
        Owned<PangoLayout> layout(pango_cairo_create_layout(get()));
        Owned<PangoFontDescription> const font(pango_font_description_from_string("DejaVu Sans"));
        pango_font_description_set_absolute_size(font.get(), size * PANGO_SCALE);
        if (weight == Weight::bold)
            pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
        pango_layout_set_font_description(layout.get(), font.get());
        pango_layout_set_single_paragraph_mode(layout.get(), 1);
        if (most_width > 0) {
            pango_layout_set_width(layout.get(), int(most_width * PANGO_SCALE));
            pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
        }
        auto const shown = one_line(words, 300); // plain text: Pango markup is never parsed
        pango_layout_set_text(layout.get(), shown.data(), int(shown.size()));
        return layout;
    }

    static double width_of(PangoLayout* layout) {
        int w = 0;
        int h = 0;
        pango_layout_get_size(layout, &w, &h);
        return double(w) / PANGO_SCALE;
    }

    Owned<cairo_t> cairo_;
};

// The plot's rectangle and how values and times fall into it.
struct Frame {
    double left = 0, top = 0, right = 0, bottom = 0;
    Window window;
    ValueAxis axis;

    [[nodiscard]] double x(Time at) const {
        auto const share
            = double((at - window.from).count()) / double(std::max<std::int64_t>(window.length().count(), 1));
        return left + std::clamp(share, 0.0, 1.0) * (right - left);
    }
    [[nodiscard]] double y(double value) const {
        return bottom - std::clamp((value - axis.low) / (axis.high - axis.low), 0.0, 1.0) * (bottom - top);
    }
};

struct PlacedLabel {
    double at_x = 0; // of the marker
    double left = 0;
    double label_width = 0;
    std::size_t lane = 0;
    std::string text;
    Colour colour;
    bool onset = false;
};

constexpr double label_size = 19;
constexpr std::size_t most_lanes = 3;

// Gives each marker's label a lane above the plot in which it overlaps no other label; the onset comes first.
std::vector<PlacedLabel> place_labels(Canvas& canvas, ChartSpec const& spec, Frame const& frame) {
    std::vector<PlacedLabel> labels;
    if (spec.onset)
        labels.push_back({ frame.x(*spec.onset), 0, 0, 0, spec.onset_label, vermillion, true });
    for (auto const& change : spec.changes)
        labels.push_back({ frame.x(change.at), 0, 0, 0,
            change.label + " " + format_clock(change.at, spec.utc_offset).substr(0, 5), change_green, false });
    std::vector<std::vector<std::pair<double, double>>> lanes(most_lanes);
    std::vector<PlacedLabel> placed;
    for (auto& label : labels) {
        label.label_width = canvas.measure(label.text, label_size, Weight::bold);
        // Changes mostly come just before the onset: their words stand to the left, the onset's to the right.
        auto left = label.onset ? label.at_x + 8 : label.at_x - label.label_width - 8;
        if (left < margin)
            left = label.at_x + 8;
        if (left + label.label_width > width - margin / 3)
            left = label.at_x - label.label_width - 8;
        label.left = std::max(left, margin);
        for (label.lane = 0; label.lane < most_lanes; ++label.lane) {
            auto const overlaps = [&](auto const& taken) {
                return label.left < taken.second + 14 && taken.first < label.left + label.label_width + 14;
            };
            if (std::none_of(lanes[label.lane].begin(), lanes[label.lane].end(), overlaps))
                break;
        }
        if (label.lane == most_lanes) {
            label.text.clear(); // no room: the marker's line stays, its words are in the message
            label.lane = 0;
        } else {
            lanes[label.lane].emplace_back(
                std::min(label.left, label.at_x), std::max(label.left + label.label_width, label.at_x));
        }
        placed.push_back(label);
    }
    return placed;
}

void draw_heading(Canvas& canvas, ChartSpec const& spec) {
    canvas.text(spec.title, margin, 18, 26, ink, Weight::bold, width - 2 * margin);
    double x = margin;
    x += canvas.text(spec.subtitle, x, 54, 19, grey, Weight::normal, 560) + 26;
    if (spec.usual.empty())
        return;
    canvas.fill(x, 58, 30, 15, band_fill);
    canvas.text(words(spec.language).usual, x + 38, 54, 19, grey, Weight::normal, width - margin - x - 38);
}

void draw_axes(Canvas& canvas, ChartSpec const& spec, Frame const& frame) {
    for (double const tick : frame.axis.ticks) {
        auto const y = std::round(frame.y(tick)) + 0.5;
        canvas.line(frame.left, y, frame.right, y, 1, grid);
        auto const label = value_words(tick, spec.unit, words(spec.language));
        canvas.text(label, frame.left - 12 - canvas.measure(label, label_size), y - 12, label_size, grey);
    }
    auto const zone_width = canvas.measure(spec.zone_label, label_size);
    for (auto const& tick : time_ticks_of(spec)) {
        auto const x = std::round(frame.x(tick.at)) + 0.5;
        auto const label_width = canvas.measure(tick.label, label_size);
        canvas.line(x, frame.bottom, x, frame.bottom + 7, 1.5, grey);
        if (x + label_width / 2 < width - margin - zone_width - 14)
            canvas.text(tick.label, std::max(x - label_width / 2, margin / 2), frame.bottom + 11, label_size, grey);
    }
    canvas.text(spec.zone_label, width - margin - zone_width, frame.bottom + 11, label_size, grey);
    canvas.line(frame.left, frame.bottom + 0.5, frame.right, frame.bottom + 0.5, 1.5, grey);
}

void draw_usual(Canvas& canvas, ChartSpec const& spec, Frame const& frame) {
    if (spec.usual.size() < 2)
        return;
    auto* cairo = canvas.get();
    cairo_move_to(cairo, frame.x(spec.usual.front().at), frame.y(spec.usual.front().high));
    for (auto const& band : spec.usual)
        cairo_line_to(cairo, frame.x(band.at), frame.y(band.high));
    for (auto band = spec.usual.rbegin(); band != spec.usual.rend(); ++band)
        cairo_line_to(cairo, frame.x(band->at), frame.y(band->low));
    cairo_close_path(cairo);
    canvas.colour(band_fill);
    cairo_fill(cairo);
}

void draw_threshold(Canvas& canvas, ChartSpec const& spec, Frame const& frame) {
    if (!spec.threshold)
        return;
    auto const y = frame.y(*spec.threshold);
    canvas.line(frame.left, y, frame.right, y, 2.5, vermillion, 9);
    // Where the line leaves room: at the left, above the dashes unless they are at the top.
    auto const text_y = y - frame.top < 34 ? y + 5 : y - 28;
    auto const text_width = canvas.measure(spec.threshold_label, label_size);
    canvas.fill(frame.left + 8, text_y + 1, text_width + 8, 24, { 1, 1, 1, 0.8 });
    canvas.text(spec.threshold_label, frame.left + 12, text_y, label_size, vermillion);
}

// A counter that was silent is drawn along zero, but never as a line of values.
void draw_silence(Canvas& canvas, ChartSpec const& spec, Frame const& frame) {
    constexpr double room_for_label = 150;
    auto const y = frame.y(0);
    if (spec.silence.empty() || y > frame.bottom + 1)
        return;
    for (auto const& window : spec.silence)
        canvas.line(frame.x(window.from), y, frame.x(window.to), y, 4, grey, 3);
    auto const& first = spec.silence.front();
    if (frame.x(first.to) - frame.x(first.from) > room_for_label)
        canvas.text(spec.silence_label, frame.x(first.from) + 6, y - 28, label_size, grey);
}

void draw_series(Canvas& canvas, ChartSpec const& spec, Frame const& frame) {
    auto* cairo = canvas.get();
    cairo_save(cairo);
    cairo_rectangle(cairo, frame.left, frame.top - 4, frame.right - frame.left + 8, frame.bottom - frame.top + 6);
    cairo_clip(cairo);
    std::optional<Time> before;
    for (auto const& point : spec.points) {
        // Missing datapoints are a hole in the line, never a zero.
        bool const hole = before && point.at - *before > spec.period * 5 / 2;
        if (!before || hole)
            cairo_move_to(cairo, frame.x(point.at), frame.y(point.value));
        else
            cairo_line_to(cairo, frame.x(point.at), frame.y(point.value));
        before = point.at;
    }
    canvas.colour(line_blue);
    cairo_set_line_width(cairo, 3.5);
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

// The last value: a dot at the end of the line, its number beside it.
void draw_last(Canvas& canvas, ChartSpec const& spec, Frame const& frame) {
    auto const& last = spec.points.back();
    auto const x = frame.x(last.at);
    auto const y = frame.y(last.value);
    for (auto const& [radius, colour] : { std::pair { 8.0, Colour { 1, 1, 1 } }, { 6.0, line_blue } }) {
        cairo_arc(canvas.get(), x, y, radius, 0, 2 * M_PI);
        canvas.colour(colour);
        cairo_fill(canvas.get());
    }
    canvas.text(value_words(last.value, spec.unit, words(spec.language)), frame.right + 12,
        std::clamp(y - 14, frame.top - 8, frame.bottom - 26), 21, line_blue, Weight::bold);
}

double top_of(PlacedLabel const& label, double lanes_bottom) {
    return lanes_bottom - lane_height * double(label.lane + 1);
}

void draw_diamond(Canvas& canvas, double x, double y, Colour colour) {
    constexpr double radius = 8.5;
    auto* cairo = canvas.get();
    cairo_move_to(cairo, x, y - radius);
    cairo_line_to(cairo, x + radius, y);
    cairo_line_to(cairo, x, y + radius);
    cairo_line_to(cairo, x - radius, y);
    cairo_close_path(cairo);
    canvas.colour(colour);
    cairo_fill(cairo);
}

// Lines first, words above them on white: a line may pass a lane in which another marker's words stand.
void draw_markers(Canvas& canvas, std::vector<PlacedLabel> const& labels, Frame const& frame, double lanes_bottom) {
    for (auto const& label : labels) {
        auto const top = label.text.empty() ? frame.top : top_of(label, lanes_bottom) + 4;
        canvas.line(
            label.at_x, top, label.at_x, frame.bottom, label.onset ? 2.5 : 2, label.colour, label.onset ? 0 : 4);
        if (!label.onset) // Changes are told from the onset without colour, too.
            draw_diamond(canvas, label.at_x, frame.bottom, label.colour);
    }
    for (auto const& label : labels) {
        if (label.text.empty())
            continue;
        auto const top = top_of(label, lanes_bottom);
        canvas.fill(label.left - 3, top + 1, label.label_width + 6, lane_height - 4, { 1, 1, 1 });
        canvas.text(label.text, label.left, top, label_size, label.colour, Weight::bold, width - label.left);
    }
}

void draw(Canvas& canvas, ChartSpec const& spec) {
    canvas.fill(0, 0, width, height, { 1, 1, 1 });
    draw_heading(canvas, spec);

    Frame frame;
    frame.window = spec.window;
    frame.axis = value_axis_of(spec);
    double widest = 0;
    for (double const tick : frame.axis.ticks)
        widest = std::max(widest, canvas.measure(value_words(tick, spec.unit, words(spec.language)), label_size));
    frame.left = margin + widest + 12;
    frame.right = width - margin - 12
        - canvas.measure(value_words(spec.points.back().value, spec.unit, words(spec.language)), 21, Weight::bold);
    frame.bottom = height - bottom_margin;
    auto const labels = place_labels(canvas, spec, frame);
    std::size_t lanes = 0;
    for (auto const& label : labels)
        lanes = std::max(lanes, label.text.empty() ? 0 : label.lane + 1);
    auto const lanes_bottom = 94 + lane_height * double(lanes);
    frame.top = lanes_bottom + 8;

    if (spec.onset)
        canvas.fill(frame.x(*spec.onset), frame.top, frame.right - frame.x(*spec.onset), frame.bottom - frame.top,
            after_onset);
    draw_axes(canvas, spec, frame);
    draw_usual(canvas, spec, frame);
    draw_markers(canvas, labels, frame, lanes_bottom);
    draw_series(canvas, spec, frame);
    draw_silence(canvas, spec, frame);
    draw_threshold(canvas, spec, frame);
    draw_last(canvas, spec, frame);
}

cairo_status_t append_bytes(void* closure, unsigned char const* bytes, unsigned int length) {
    static_cast<std::string*>(closure)->append(reinterpret_cast<char const*>(bytes), length);
    return CAIRO_STATUS_SUCCESS;
}

Error cairo_error(std::string_view what) {
    return { ErrorKind::unavailable, "chart: cairo failed: " + std::string(what) };
}

Result<std::string> render_svg(ChartSpec const& spec) {
    std::string bytes;
    Owned<cairo_surface_t> const surface(cairo_svg_surface_create_for_stream(append_bytes, &bytes, width, height));
    Canvas canvas(surface.get());
    draw(canvas, spec);
    cairo_surface_finish(surface.get());
    if (canvas.failed())
        return cairo_error(cairo_status_to_string(cairo_status(canvas.get())));
    return bytes;
}

Result<std::string> render_png(ChartSpec const& spec) {
    Owned<cairo_surface_t> const surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
    Canvas canvas(surface.get());
    draw(canvas, spec);
    if (canvas.failed())
        return cairo_error(cairo_status_to_string(cairo_status(canvas.get())));
    cairo_surface_flush(surface.get());
    auto const stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface.get()));
    return png_from_xrgb(cairo_image_surface_get_data(surface.get()), width, height, stride);
}

} // namespace

bool can_draw(std::string_view text) {
    Owned<cairo_surface_t> const surface(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1));
    return Canvas(surface.get()).has_glyphs_for(text);
}

Result<std::string> render_chart(ChartSpec const& spec, ChartFormat format) {
    if (spec.points.empty() || spec.window.length().count() <= 0)
        return Error { ErrorKind::invalid_input, "chart: nothing to draw" };
    return format == ChartFormat::svg ? render_svg(spec) : render_png(spec);
}

} // namespace convops
