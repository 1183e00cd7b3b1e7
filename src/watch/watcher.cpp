#include "watch/watcher.h"

#include <algorithm>

namespace convops {

namespace {

constexpr int most_doublings = 4; // of the wait after throttling: at most 16 times the usual
constexpr int least_periods = 5; // that an anomaly lasts before it is told
constexpr Minutes silence_tells { 30 }; // what sends no datapoints any more is told after so much longer
constexpr std::size_t least_gaps = 12; // between datapoints, to say how far apart they come

// EC2 sends a datapoint every five minutes unless detailed monitoring is paid for; others have their own rhythm.
Seconds step_of(std::span<Time const> at, Seconds period) {
    if (at.size() <= least_gaps)
        return Seconds { 0 };
    auto least = Milliseconds::max();
    for (std::size_t i = 1; i < at.size(); ++i)
        least = std::min(least, at[i] - at[i - 1]);
    auto const steps = std::max<std::int64_t>(1, least / period);
    return period * steps;
}

} // namespace

std::string Watcher::key_of(WatchedMetric const& metric) {
    return to_text(metric.metric) + " " + metric.statistic;
}

PollPolicy Watcher::polling() const {
    PollPolicy policy;
    policy.period = period_;
    policy.first_look = period_ * settings_.first_points;
    policy.kept_by_source = period_ < Minutes { 5 } ? Days { 15 } : Days { 63 };
    return policy;
}

std::size_t Watcher::learning() const {
    return static_cast<std::size_t>(
        std::count_if(series_.begin(), series_.end(), [](SeriesWatch const& each) { return each.learning(); }));
}

WatchDiscovery Watcher::discover(Aws& aws, Time now) {
    auto listing = discover_metrics(aws);
    WatchDiscovery discovery { choose_watched(listing.listed, settings_.rules), {}, {}, std::move(listing.gaps),
        listing.calls };
    auto watched = std::exchange(discovery.choice.watched, {});
    // What was watched and is silent now stays for a while: a counter of errors has no datapoint in good times.
    std::map<std::string, std::size_t> listed;
    for (std::size_t i = 0; i < watched.size(); ++i)
        listed.emplace(key_of(watched[i]), i);
    auto const fresh = watched.size();
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        auto const found = listed.contains(key(i));
        if (found)
            known_[i].listed_at = now;
        else if (watched.size() < settings_.rules.most_metrics && now - known_[i].listed_at < settings_.forget_after)
            watched.push_back(metrics_[i]);
    }
    plan_ = plan_watching(watched.size(), settings_.budget);
    // A plan that had to be cut keeps the most urgent: those listed now come first, in order of urgency.
    watched.resize(std::min(watched.size(), plan_.metrics));
    auto const period = plan_.every < Minutes { 5 } ? Seconds { 60 } : Seconds { 300 };
    if (period != period_) // Another resolution: nothing that was learned fits.
        for (auto& progress : progress_)
            progress = {};
    period_ = period;
    if (fresh > 0 || discovery.gaps.empty())
        take_over(std::move(watched), now);
    discovery.plan = plan_;
    discovery.period = period_;
    return discovery;
}

void Watcher::take_over(std::vector<WatchedMetric> watched, Time now) {
    std::map<std::string, std::size_t> before;
    for (std::size_t i = 0; i < metrics_.size(); ++i)
        before.emplace(key(i), i);
    std::vector<SeriesWatch> series(watched.size());
    std::vector<SeriesProgress> progress(watched.size());
    std::vector<Known> known(watched.size());
    std::vector<std::size_t> unknown;
    for (std::size_t i = 0; i < watched.size(); ++i) {
        auto const name = key_of(watched[i]);
        if (auto const found = before.find(name); found != before.end()) {
            series[i] = std::move(series_[found->second]);
            progress[i] = progress_[found->second];
            known[i] = known_[found->second];
            continue;
        }
        known[i].listed_at = now;
        auto const bytes = restore_ ? restore_(name) : std::nullopt;
        auto restored = bytes ? SeriesWatch::restored(*bytes, watched[i])
                              : Result<SeriesWatch>(Error { ErrorKind::not_found, "" });
        if (!restored) { // Never seen, or not readable: it learns anew.
            unknown.push_back(i);
            continue;
        }
        series[i] = std::move(*restored);
        progress[i].read_until = series[i].fed_until();
        known[i].step = series[i].period();
        known[i].waiting = series[i].open().has_value(); // The engine knows one that it has heard of.
    }
    metrics_ = std::move(watched);
    series_ = std::move(series);
    progress_ = std::move(progress);
    known_ = std::move(known);
    for (auto const i : unknown)
        learn_again(i, now);
}

// From the datapoints that are kept, so that AWS need not be asked for weeks that were read before. Only when they
// reach as far back as a first look would: half of what AWS has would teach half of what is usual.
void Watcher::learn_again(std::size_t i, Time now) {
    if (!remember_)
        return;
    auto const kept = remember_(metrics_[i], period_, { now - period_ * settings_.remembered_points, now });
    auto const first_look = period_ * settings_.first_points;
    if (kept.at.empty() || kept.at.front() > now - first_look)
        return;
    known_[i].step = step_of(kept.at, period_);
    auto const step = known_[i].step.count() == 0 ? period_ : known_[i].step;
    WatchPass unheard; // Whatever happened in it was told then, or is history.
    sort_out(i, series_[i].take(metrics_[i], step, kept.at, kept.values, now, settings_.settling), now, unheard);
    progress_[i].read_until = kept.at.back();
}

WatchPass Watcher::poll(Aws& aws, Time now, std::function<void(PollProgress const&)> const& observer) {
    WatchPass pass;
    auto const batches = plan_polls(progress_, now, polling());
    auto const until = floor_to(now, period_);
    auto const read = poll_metrics(metrics_, batches, period_, aws, observer);
    pass.gaps = read.gaps;
    pass.calls = read.calls;
    pass.metrics_requested = read.metrics_requested;
    for (auto const& polled : read.points) {
        take(polled, now, pass);
        progress_[polled.series].read_until = until;
    }
    ripen(now, pass);
    bool const throttled = std::any_of(
        read.gaps.begin(), read.gaps.end(), [](WatchGap const& gap) { return gap.kind == ErrorKind::throttled; });
    throttled_in_a_row_ = throttled ? std::min(throttled_in_a_row_ + 1, most_doublings) : 0;
    next_poll_ = floor_to(now, plan_.every) + plan_.every * (1 << throttled_in_a_row_);
    return pass;
}

void Watcher::take(PolledSeries const& polled, Time now, WatchPass& pass) {
    auto const i = polled.series;
    if (keep_)
        keep_(metrics_[i], period_, polled);
    auto& known = known_[i];
    if (known.step.count() == 0)
        known.step = step_of(polled.at, period_);
    auto const step = known.step.count() == 0 ? period_ : known.step;
    auto const before = series_[i].points();
    sort_out(i, series_[i].take(metrics_[i], step, polled.at, polled.values, now, settings_.settling), now, pass);
    pass.points += series_[i].points() - std::min(before, series_[i].points());
}

void Watcher::sort_out(std::size_t i, std::vector<SeriesEvent> const& events, Time now, WatchPass& pass) {
    for (auto const& event : events) {
        if (auto const* began = std::get_if<AnomalyBegan>(&event)) {
            // What an old history shows is no news; nobody hears that it began, so nobody hears that it is over.
            known_[i].waiting = now - began->anomaly.at < settings_.oldest_news;
            known_[i].raised = false;
            continue;
        }
        auto const& over = std::get<AnomalyOver>(event);
        if (std::exchange(known_[i].waiting, false))
            pass.healed.push_back(over);
        else if (std::exchange(known_[i].raised, false))
            pass.over.push_back(over);
    }
}

void Watcher::ripen(Time now, WatchPass& pass) {
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
        auto const& open = series_[i].open();
        if (!known_[i].waiting || !open)
            continue;
        // By the datapoints, not by the clock: they arrive late. Where none arrive any more, by the clock.
        auto const patience = std::max<Seconds>(settings_.patience, series_[i].period() * least_periods);
        bool const lasted = series_[i].fed_until() - open->at >= patience;
        bool const silent = now - series_[i].fed_until() >= patience + silence_tells;
        if ((!lasted || series_[i].is_near_usual()) && !silent)
            continue; // too early to say, or on its way back
        known_[i].waiting = false;
        known_[i].raised = true;
        pass.ripe.push_back(*open);
    }
}

} // namespace convops
