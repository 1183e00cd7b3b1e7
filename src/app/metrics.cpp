// prometheus-cpp is included here alone.
#include "app/metrics.h"

#include "base/check.h"

#include <array>
#include <map>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <vector>

namespace convops::metrics {

namespace {

constexpr std::size_t most_series = 60; // of one figure

struct Row {
    std::string_view name;
    std::string_view says;
    std::vector<std::string_view> labels;
};

std::vector<Row> const& counter_rows() {
    static std::vector<Row> const rows {
        { "convops_alarms_accepted_total", "Alarms that were stored, by what became of them.", { "fate" } },
        { "convops_alarms_refused_total", "Deliveries that were not believed or not stored.", { "reason" } },
        { "convops_requests_turned_away_total", "Requests refused by a limit.", { "why" } },
        { "convops_connections_cut_total", "Connections closed by a limit.", { "why" } },
        { "convops_deliveries_total", "Attempts to deliver a message.", { "channel", "outcome" } },
        { "convops_dead_letters_total", "Effects given up after every retry.", { "effect" } },
        { "convops_dead_letters_resent_total", "Dead letters that somebody sent again.", {} },
        { "convops_investigations_total", "Investigations by outcome.", { "outcome" } },
        { "convops_aws_calls_total", "AWS calls of investigations.", {} },
        { "convops_model_calls_total", "Calls of a language model by outcome.", { "outcome" } },
        { "convops_model_tokens_total", "Tokens by direction.", { "direction" } },
        { "convops_model_dollars_total", "What the tokens cost, by the price table of the settings.", {} },
        { "convops_claims_dropped_total", "Sentences of a model that no fact supports.", { "reason" } },
        { "convops_chat_messages_total", "What people wrote to us, by what became of it.", { "channel", "fate" } },
        { "convops_store_commits_total", "Logical transactions that were committed.", {} },
        { "convops_store_errors_total", "Operations of the store that failed.", { "operation", "kind" } },
    };
    return rows;
}

std::vector<Row> const& gauge_rows() {
    static std::vector<Row> const rows {
        { "convops_outbox_effects", "Effects in the outbox (counted up to 1000 a kind).", { "effect" } },
        { "convops_outbox_oldest_due_seconds", "How long the oldest due effect has waited.", { "effect" } },
        { "convops_investigations_running", "Investigations that run now.", {} },
        { "convops_connections_open", "Open connections of the HTTP server.", {} },
        { "convops_requests_waiting", "Requests that wait for a worker.", {} },
        { "convops_bytes_in_flight", "Bytes of requests that are received or answered now.", {} },
        { "convops_resident_memory_bytes", "Resident memory of the process.", {} },
        { "convops_causes_judged", "First causes that people or what followed judged, at most 200 a kind.",
            { "kind", "opinion" } },
    };
    return rows;
}

struct TimingRow {
    std::string_view name;
    std::string_view says;
    std::vector<double> bounds; // seconds, ascending
};

std::vector<TimingRow> const& timing_rows() {
    static std::vector<TimingRow> const rows {
        { "convops_acknowledge_seconds", "From a whole webhook request to its answer.",
            { .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5 } },
        { "convops_investigation_seconds", "Duration of an investigation.",
            { .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 40, 60 } },
    };
    return rows;
}

// One figure with its series by label values.
template <class Series> class Figure {
public:
    Figure(prometheus::Registry& registry, Row const& row)
        : row_(row)
        , family_(registry, std::string(row.name), std::string(row.says)) { }

    Series& at(Labels values) {
        CHECK(values.size() == row_.labels.size());
        std::vector<std::string> key(values.begin(), values.end());
        std::lock_guard const lock(mutex_);
        if (series_.size() >= most_series && !series_.contains(key))
            key.assign(key.size(), "other");
        auto const [at, fresh] = series_.try_emplace(key, nullptr);
        if (fresh) {
            prometheus::Labels labels;
            for (std::size_t i = 0; i < key.size(); ++i)
                labels.emplace(row_.labels[i], key[i]);
            at->second = &family_.add(labels);
        }
        return *at->second;
    }

private:
    struct Family {
        Family(prometheus::Registry& registry, std::string const& name, std::string const& says)
            : family(make(registry, name, says)) { }
        static prometheus::Family<Series>& make(
            prometheus::Registry& registry, std::string const& name, std::string const& says) {
            if constexpr (std::is_same_v<Series, prometheus::Counter>)
                return prometheus::BuildCounter().Name(name).Help(says).Register(registry);
            else
                return prometheus::BuildGauge().Name(name).Help(says).Register(registry);
        }
        Series& add(prometheus::Labels const& labels) { return family.Add(labels); }
        prometheus::Family<Series>& family;
    };

    Row const& row_;
    Family family_;
    std::mutex mutex_;
    std::map<std::vector<std::string>, Series*> series_; // guarded by mutex_
};

struct Figures {
    prometheus::Registry registry;
    std::vector<std::unique_ptr<Figure<prometheus::Counter>>> counters;
    std::vector<std::unique_ptr<Figure<prometheus::Gauge>>> gauges;
    std::vector<prometheus::Histogram*> timings;

    Figures() {
        for (auto const& row : counter_rows())
            counters.push_back(std::make_unique<Figure<prometheus::Counter>>(registry, row));
        for (auto const& row : gauge_rows())
            gauges.push_back(std::make_unique<Figure<prometheus::Gauge>>(registry, row));
        for (auto const& row : timing_rows()) {
            auto& family = prometheus::BuildHistogram()
                               .Name(std::string(row.name))
                               .Help(std::string(row.says))
                               .Register(registry);
            timings.push_back(&family.Add({}, row.bounds));
        }
        CHECK(counters.size() == static_cast<std::size_t>(Counter::store_errors) + 1);
        CHECK(gauges.size() == static_cast<std::size_t>(Gauge::causes_judged) + 1);
        CHECK(timings.size() == static_cast<std::size_t>(Timing::investigation) + 1);
        show_zeros();
    }

    // A figure without labels is shown from the start: an alert on its rate needs the zero.
    void show_zeros() {
        for (std::size_t i = 0; i < counters.size(); ++i)
            if (counter_rows()[i].labels.empty())
                counters[i]->at({});
        for (std::size_t i = 0; i < gauges.size(); ++i)
            if (gauge_rows()[i].labels.empty())
                gauges[i]->at({});
    }
};

Figures& figures() {
    static Figures the_figures;
    return the_figures;
}

} // namespace

void count(Counter counter, Labels labels, double by) {
    figures().counters[static_cast<std::size_t>(counter)]->at(labels).Increment(by);
}

void set(Gauge gauge, double value, Labels labels) {
    figures().gauges[static_cast<std::size_t>(gauge)]->at(labels).Set(value);
}

void add(Gauge gauge, double difference, Labels labels) {
    figures().gauges[static_cast<std::size_t>(gauge)]->at(labels).Increment(difference);
}

void observe(Timing timing, double seconds) {
    figures().timings[static_cast<std::size_t>(timing)]->Observe(seconds);
}

std::string as_text() {
    return prometheus::TextSerializer().Serialize(figures().registry.Collect());
}

double counted(Counter counter, Labels labels) {
    return figures().counters[static_cast<std::size_t>(counter)]->at(labels).Value();
}

} // namespace convops::metrics
