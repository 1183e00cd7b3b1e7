// Watches one account and Region: which metrics there are, what is polled when, and what is odd. Time is an argument,
// AWS a port; what it knows can be stored and comes back after a restart.
//
//     watcher.discover(aws, now);            // once an hour: which metrics, and what watching them costs
//     auto const pass = watcher.poll(aws, now);
//     // pass.ripe: tell the engine; pass.healed: were over before anybody had to hear of them; pass.over: resolved
#pragma once

#include "watch/collector.h"
#include "watch/plan.h"
#include "watch/series_watch.h"

namespace convops {

struct WatcherSettings {
    WatchRules rules;
    WatchBudget budget;
    SettlePolicy settling;
    // An anomaly that is over within this time, or within five periods, is a blip: nobody set an alarm, so nobody is
    // told sooner either.
    Minutes patience { 10 };
    // Read of a series that was never read: what the detector learns from. About 4,000 points: 2.8 days by the
    // minute, 14 days by five minutes.
    int first_points = 4'032;
    // Learned again from kept datapoints: a week by the minute, 30 days by five minutes.
    int remembered_points = 10'080;
    Days forget_after { 14 }; // a metric that CloudWatch no longer lists; a counter of errors is silent for days
    Hours oldest_news { 6 }; // what began longer ago than this when it was found is history
};

struct WatchDiscovery {
    WatchChoice choice; // its list is moved out: only the counts
    WatchPlan plan;
    Seconds period { 60 }; // of the datapoints that are asked for
    std::vector<WatchGap> gaps;
    int calls = 0;
};

struct WatchPass {
    std::vector<Anomaly> ripe; // have lasted: the checks decide
    std::vector<AnomalyOver> healed; // over within the patience; never ripe
    std::vector<AnomalyOver> over; // were ripe before
    std::vector<WatchGap> gaps;
    int calls = 0;
    std::size_t metrics_requested = 0;
    std::size_t points = 0; // new ones
};

class Watcher {
public:
    // The stored bytes of a series, or nothing.
    using Restore = std::function<std::optional<std::string>(std::string const& key)>;
    // Datapoints as they arrive, for whoever keeps them.
    using Keep = std::function<void(WatchedMetric const& metric, Seconds period, PolledSeries const& points)>;

    // Datapoints that whoever keeps them still has of a series, for one whose stored bytes are lost or of another
    // version; empty: none.
    using Remember = std::function<PolledSeries(WatchedMetric const& metric, Seconds period, Window window)>;

    explicit Watcher(WatcherSettings settings)
        : settings_(std::move(settings)) { }

    void on_restore(Restore restore) { restore_ = std::move(restore); }
    void on_points(Keep keep) { keep_ = std::move(keep); }
    void on_remember(Remember remember) { remember_ = std::move(remember); }

    // Lists the metrics and plans. A discovery that failed keeps what was watched before.
    WatchDiscovery discover(Aws& aws, Time now);
    WatchPass poll(Aws& aws, Time now, std::function<void(PollProgress const&)> const& observer = {});

    [[nodiscard]] Time next_poll() const { return next_poll_; } // moved by throttling
    [[nodiscard]] WatchPlan const& plan() const { return plan_; }
    [[nodiscard]] Seconds period() const { return period_; }
    [[nodiscard]] std::size_t size() const { return metrics_.size(); }
    [[nodiscard]] std::size_t learning() const; // series that have shown too little
    [[nodiscard]] WatchedMetric const& metric(std::size_t i) const { return metrics_[i]; }
    [[nodiscard]] SeriesWatch const& series(std::size_t i) const { return series_[i]; }
    [[nodiscard]] std::string key(std::size_t i) const { return key_of(metrics_[i]); }
    static std::string key_of(WatchedMetric const& metric);

private:
    struct Known {
        Time listed_at {};
        Seconds step { 0 }; // between its datapoints; 0: not known yet
        bool waiting = false; // its anomaly is not ripe yet
        bool raised = false; // it was
    };
    void take_over(std::vector<WatchedMetric> watched, Time now);
    void learn_again(std::size_t i, Time now);
    void take(PolledSeries const& polled, Time now, WatchPass& pass);
    void sort_out(std::size_t i, std::vector<SeriesEvent> const& events, Time now, WatchPass& pass);
    void ripen(Time now, WatchPass& pass);
    [[nodiscard]] PollPolicy polling() const;

    WatcherSettings settings_;
    Restore restore_;
    Keep keep_;
    Remember remember_;
    WatchPlan plan_;
    Seconds period_ { 60 };
    Time next_poll_ {};
    int throttled_in_a_row_ = 0;
    // One entry each for every watched series.
    std::vector<WatchedMetric> metrics_;
    std::vector<SeriesWatch> series_;
    std::vector<SeriesProgress> progress_;
    std::vector<Known> known_;
};

} // namespace convops
