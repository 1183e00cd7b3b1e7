#include "watch/series_watch.h"

#include "base/json.h"
#include "stats/onset.h"
#include "stats/reading.h"
#include "watch/explanation.h"

#include <cmath>
#include <cstring>

namespace convops {

namespace {

constexpr std::size_t most_events = 8; // of one take; the last ones
constexpr std::size_t most_zeros = 10'000; // filled in at once: a week by the minute
constexpr std::size_t back_points = 5; // the middle of so many must be at the usual level: then it is over
constexpr double back_spreads = 1.5; // product.md, check 1
constexpr double most_left_of_excursion = 0.3; // of how far it was off: less is on its way back
constexpr Hours longest_anomaly { 24 }; // by then the new level is what is usual
// What the detector calls new is told only when a person would see it: one value so far off, or the last few.
constexpr double far_spreads_of_value = 5;
constexpr double far_spreads_of_level = 3;
constexpr double least_share = 0.05; // of the usual level
constexpr std::uint32_t suspicion_points = 30;
constexpr std::size_t level_points = 24; // of the last ones before an onset: what is usual now
constexpr std::size_t least_before = 12; // points, to say what was usual
constexpr std::string_view version = "CSW3";

bool missing_means_zero(WatchedMetric const& metric) {
    return metric.statistic == "Sum" || metric.statistic == "SampleCount";
}

} // namespace

void SeriesWatch::remember(double value) {
    if (recent_.size() < recent_points) {
        recent_.push_back(static_cast<float>(value));
        next_ = recent_.size() % recent_points;
        return;
    }
    recent_[next_] = static_cast<float>(value);
    next_ = (next_ + 1) % recent_points;
}

std::vector<double> SeriesWatch::recent_values() const {
    std::vector<double> values;
    values.reserve(recent_.size());
    auto const first = recent_.size() < recent_points ? 0 : next_;
    for (std::size_t i = 0; i < recent_.size(); ++i)
        values.push_back(static_cast<double>(recent_[(first + i) % recent_.size()]));
    return values;
}

std::vector<double> SeriesWatch::last_values(std::size_t count) const {
    std::vector<double> last;
    for (std::size_t back = 1; back <= recent_.size() && last.size() < count; ++back) {
        auto const value = recent_[(next_ + recent_points - back) % recent_points];
        if (!std::isnan(value))
            last.push_back(static_cast<double>(value));
    }
    return last;
}

bool SeriesWatch::is_near_usual() const {
    auto const last = last_values(2);
    if (!open_ || last.empty())
        return false;
    auto const usual = usual_at(fed_until_ - period_);
    auto const enough
        = std::max(back_spreads * open_->spread, most_left_of_excursion * std::fabs(open_->value - open_->usual));
    auto const near = [&](double value) { return std::fabs(value - usual) <= enough; };
    return std::any_of(last.begin(), last.begin() + std::min<std::ptrdiff_t>(2, std::ssize(last)), near);
}

Series SeriesWatch::recent(WatchedMetric const& metric) const {
    Series series { metric.metric, metric.statistic, metric.unit, period_, {}, {} };
    auto const values = recent_values();
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i]))
            continue;
        series.at.push_back(fed_until_ - period_ * static_cast<std::int64_t>(values.size() - i));
        series.values.push_back(values[i]);
    }
    return series;
}

std::vector<SeriesEvent> SeriesWatch::take(WatchedMetric const& metric, Seconds period, std::span<Time const> at,
    std::span<double const> values, Time now, SettlePolicy const& policy) {
    std::vector<SeriesEvent> events;
    if (period != period_) { // another resolution is another series
        *this = {};
        period_ = period;
    }
    auto const settled = now - period * policy.periods; // periods that end later may still change
    auto const missing = [&](Time until) { // the periods in [fed_until_, until) have no datapoint
        if (fed_until_ == Time {} || until <= fed_until_)
            return;
        auto const steps = static_cast<std::size_t>((until - fed_until_) / period);
        bool const zeros = missing_means_zero(metric) && steps <= most_zeros;
        for (std::size_t i = 0; i < std::min(steps, zeros ? steps : recent_points); ++i) {
            if (zeros)
                feed(metric, fed_until_, 0, events);
            else
                remember(std::nan(""));
            fed_until_ += period;
        }
        fed_until_ = std::max(fed_until_, until);
    };
    for (std::size_t i = 0; i < std::min(at.size(), values.size()); ++i) {
        if ((fed_until_ != Time {} && at[i] < fed_until_) || at[i] + period > settled)
            continue;
        missing(at[i]);
        fed_until_ = at[i];
        feed(metric, at[i], values[i], events);
        fed_until_ = at[i] + period;
    }
    if (missing_means_zero(metric))
        missing(floor_to(now - std::max<Seconds>(policy.zero_after, period * policy.periods), period));
    if (events.size() > most_events)
        events.erase(events.begin(), events.end() - static_cast<std::ptrdiff_t>(most_events));
    return events;
}

void SeriesWatch::feed(WatchedMetric const& metric, Time at, double value, std::vector<SeriesEvent>& events) {
    auto const reading = detector_.read(at, value);
    if (!reading) { // no number: as if it were missing
        remember(std::nan(""));
        return;
    }
    remember(value);
    ++points_;
    if (open_) {
        look_for_end(at, events);
        return;
    }
    if (reading->opens() && !learning()) {
        suspected_ = suspicion_points;
        suspected_score_ = reading->score;
    }
    if (suspected_ == 0)
        return;
    --suspected_;
    auto told = *reading;
    told.score = suspected_score_;
    open_ = if_far(metric, at, value, told);
    if (!open_)
        return;
    suspected_ = 0;
    events.emplace_back(AnomalyBegan { *open_ });
}

std::optional<Anomaly> SeriesWatch::if_far(
    WatchedMetric const& metric, Time at, double value, DetectorReading const& reading) const {
    auto anomaly = anomaly_at(metric, at, value, reading);
    auto const last = last_values(back_points);
    auto const level = last.size() == back_points ? median_of_copy(last) : value;
    auto const off = [&](double what) { return std::fabs(what - anomaly.usual); };
    bool const far = off(value) >= far_spreads_of_value * anomaly.spread
        || (off(level) >= far_spreads_of_level * anomaly.spread && off(value) >= back_spreads * anomaly.spread);
    if (!far || off(value) < least_share * std::fabs(anomaly.usual))
        return std::nullopt;
    return anomaly;
}

bool SeriesWatch::mostly_zero() const {
    return 2 * std::count(recent_.begin(), recent_.end(), 0.F) > std::ssize(recent_);
}

std::optional<double> SeriesWatch::seasonal(Time at) const {
    auto const usual = detector_.baseline().usual(at);
    if (usual.of != Usual::Of::hour_of_day && usual.of != Usual::Of::hour_of_week)
        return std::nullopt;
    return usual.level;
}

double SeriesWatch::usual_at(Time at) const {
    auto const now = mostly_zero() ? std::nullopt : seasonal(at);
    auto const then = seasonal(open_->at);
    return open_->usual + (now && then ? *now - *then : 0);
}

// What was usual is what the points before the onset showed, moved to this hour of the day; the detector tells when
// it is sure, which may be later.
Anomaly SeriesWatch::anomaly_at(
    WatchedMetric const& metric, Time at, double value, DetectorReading const& reading) const {
    Anomaly anomaly { metric.metric, metric.statistic, metric.unit, period_, metric.resource, at, at, value, value, 1,
        reading.score, {} };
    std::vector<Time> times;
    std::vector<double> values;
    auto const recent = recent_values();
    auto const here = mostly_zero() ? std::nullopt : seasonal(at);
    for (std::size_t i = 0; i < recent.size(); ++i)
        if (!std::isnan(recent[i])) {
            auto const time = at - period_ * static_cast<std::int64_t>(recent.size() - 1 - i);
            auto const there = seasonal(time);
            times.push_back(time);
            values.push_back(recent[i] + (here && there ? *here - *there : 0));
        }
    OnsetQuery query;
    query.focus_from = at - period_ * 60;
    query.focus_to = at + period_;
    query.least_spread = least_spread_for(metric.unit, metric.statistic, median_of_copy(values));
    if (auto const onset = find_onset({ times, values, period_ }, query); onset && onset->until > at)
        anomaly.since = std::min(onset->at, at);
    auto const first_off = std::lower_bound(times.begin(), times.end(), anomaly.since) - times.begin();
    auto before = std::span(values).first(static_cast<std::size_t>(first_off));
    if (before.size() < least_before)
        before = std::span(values).first(values.size() - 1);
    auto const last = [&](std::size_t count) { return before.last(std::min(count, before.size())); };
    anomaly.usual = median_of_copy(last(level_points));
    auto const spread = robust_level(before, query.least_spread).spread;
    anomaly.spread = std::max({ spread, std::fabs(anomaly.usual) * 0.01, 1e-9 });
    anomaly.explanation = explain(reading);
    return anomaly;
}

void SeriesWatch::look_for_end(Time at, std::vector<SeriesEvent>& events) {
    auto last = last_values(back_points);
    bool const after = at - open_->at >= period_ * static_cast<std::int64_t>(back_points);
    bool const back = after && last.size() == back_points
        && std::fabs(median_of(last) - usual_at(at)) <= back_spreads * open_->spread;
    bool const old = at - open_->at >= longest_anomaly;
    if (!back && !old)
        return;
    events.emplace_back(AnomalyOver { *open_, at + period_,
        back ? "back at its usual level" : "it has stayed like this for a day: that is usual now" });
    open_.reset();
}

// --- State in a store: a head, the detector, the ring, the open anomaly as JSON ---

namespace {

// Of stored bytes, so that no sum of times overflows.
constexpr Milliseconds latest_stored = Days { 365 * 230 };
constexpr Seconds longest_stored_period = Days { 31 };

struct Head {
    std::int64_t fed_until = 0;
    std::int64_t period = 60;
    std::uint64_t points = 0;
    std::uint32_t detector_bytes = 0;
    std::uint32_t recent = 0;
    std::uint32_t next = 0;
    std::uint32_t open_bytes = 0;
    std::uint32_t suspected = 0;
    std::uint32_t spare = 0;
    double suspected_score = 0;
};

template <class T> void put(std::string& out, T const* values, std::size_t count) {
    out.append(reinterpret_cast<char const*>(values), count * sizeof(T));
}

std::string open_text(Anomaly const& anomaly) {
    return to_text(JsonObject { { "since", format_time(anomaly.since) }, { "at", format_time(anomaly.at) },
        { "value", anomaly.value }, { "usual", anomaly.usual }, { "spread", anomaly.spread },
        { "score", anomaly.score }, { "explanation", anomaly.explanation } });
}

Result<Anomaly> open_from(std::string_view text, WatchedMetric const& metric, Seconds period) {
    auto const json = TRY(parse_json(text, { .bytes = 4'096, .depth = 4 }));
    auto const since = time_at(json, "since");
    auto const at = time_at(json, "at");
    auto const spread = number_at(json, "spread");
    if (!since || !at || !spread || !(*spread > 0))
        return Error { ErrorKind::corrupt, "stored watch state: the open anomaly is not readable" };
    return Anomaly { metric.metric, metric.statistic, metric.unit, period, metric.resource, *since, *at,
        number_at(json, "value").value_or(0), number_at(json, "usual").value_or(0), *spread,
        number_at(json, "score").value_or(0), text_at(json, "explanation") };
}

} // namespace

std::string SeriesWatch::saved() const {
    auto const detector = detector_.saved();
    auto const open = open_ ? open_text(*open_) : std::string();
    Head const head { fed_until_.time_since_epoch().count(), period_.count(), points_,
        static_cast<std::uint32_t>(detector.size()), static_cast<std::uint32_t>(recent_.size()),
        static_cast<std::uint32_t>(next_), static_cast<std::uint32_t>(open.size()), suspected_, 0, suspected_score_ };
    std::string out(version);
    put(out, &head, 1);
    put(out, detector.data(), detector.size());
    put(out, recent_.data(), recent_.size());
    return out + open;
}

Result<SeriesWatch> SeriesWatch::restored(std::string_view bytes, WatchedMetric const& metric) {
    Error const corrupt { ErrorKind::corrupt, "stored watch state is not readable" };
    Head head;
    if (!bytes.starts_with(version) || bytes.size() < version.size() + sizeof head)
        return corrupt;
    std::memcpy(&head, bytes.data() + version.size(), sizeof head);
    bytes.remove_prefix(version.size() + sizeof head);
    auto const expected = std::size_t { head.detector_bytes } + std::size_t { head.recent } * sizeof(float)
        + std::size_t { head.open_bytes };
    // A ring that is not full yet grows at its end.
    bool const ring = head.recent <= recent_points && head.next < recent_points
        && (head.recent == recent_points || head.next == head.recent);
    bool const times = head.fed_until >= 0 && head.fed_until < latest_stored.count() && head.period >= 1
        && head.period <= longest_stored_period.count();
    if (bytes.size() != expected || !ring || !times || !std::isfinite(head.suspected_score))
        return corrupt;
    SeriesWatch watch;
    auto const* first = reinterpret_cast<std::uint8_t const*>(bytes.data());
    watch.detector_ = TRY(Detector::restored(std::span(first, head.detector_bytes)));
    watch.recent_.resize(head.recent);
    std::memcpy(watch.recent_.data(), bytes.data() + head.detector_bytes, head.recent * sizeof(float));
    watch.next_ = head.next;
    watch.fed_until_ = Time { Milliseconds { head.fed_until } };
    watch.period_ = Seconds { head.period };
    watch.points_ = head.points;
    watch.suspected_ = std::min(head.suspected, suspicion_points);
    watch.suspected_score_ = head.suspected_score;
    if (head.open_bytes > 0)
        watch.open_ = TRY(open_from(bytes.substr(bytes.size() - head.open_bytes), metric, watch.period_));
    return watch;
}

} // namespace convops
