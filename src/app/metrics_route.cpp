#include "app/metrics_route.h"

#include "adapters/files/memory_use.h"
#include "app/incident_memory.h"
#include "app/log.h"
#include "app/metrics.h"
#include "app/working_set.h"

namespace convops {

namespace {

constexpr std::size_t most_counted_effects = 1'000; // of a kind: more is an alarm anyway

bool is_of_this_machine(ServerRequest const& request) {
    return is_loopback({ request.peer, 0 }) && request.header("x-forwarded-for").empty()
        && request.header("forwarded").empty();
}

void measure_outbox(MetricsSources const& sources) {
    auto const now = sources.clock.now();
    for (auto const effect_class : { EffectClass::wake, EffectClass::deliver, EffectClass::investigate }) {
        auto const name = to_string(effect_class);
        auto const items = sources.store.query(
            outbox_workspace, outbox_key(effect_class, now, "").partition, {}, most_counted_effects, now);
        if (!items) {
            log_warning("outbox_not_measured", { { "why", items.error().message } });
            return;
        }
        metrics::set(metrics::Gauge::outbox_effects, static_cast<double>(items->size()), { name });
        auto const oldest = items->empty() ? now : std::min(now, due_of(items->front().key));
        metrics::set(
            metrics::Gauge::outbox_oldest_due_seconds, std::chrono::duration<double>(now - oldest).count(), { name });
    }
}

void measure_judged(MetricsSources const& sources) {
    for (auto i = 0; i < static_cast<int>(CauseKind::unknown); ++i) {
        auto const kind = static_cast<CauseKind>(i);
        auto const record = track_record(sources.store, sources.workspace, kind, {}, sources.clock.now());
        if (!record) {
            log_warning("judged_not_measured", { { "why", record.error().message } });
            return;
        }
        metrics::set(metrics::Gauge::causes_judged, record->right, { to_string(kind), to_string(Opinion::right) });
        metrics::set(metrics::Gauge::causes_judged, record->judged - record->right,
            { to_string(kind), to_string(Opinion::wrong) });
    }
}

void measure(MetricsSources const& sources) {
    measure_outbox(sources);
    measure_judged(sources);
    auto const server = sources.server();
    metrics::set(metrics::Gauge::connections_open, static_cast<double>(server.connections));
    metrics::set(metrics::Gauge::requests_waiting, static_cast<double>(server.waiting));
    metrics::set(metrics::Gauge::bytes_in_flight, static_cast<double>(server.bytes));
    metrics::set(metrics::Gauge::resident_bytes, static_cast<double>(memory_use().resident_bytes));
}

} // namespace

std::optional<MetricsAccess> metrics_access_from(std::string_view name) {
    if (name == "off")
        return MetricsAccess::off;
    if (name == "loopback")
        return MetricsAccess::loopback;
    return name == "anyone" ? std::optional(MetricsAccess::anyone) : std::nullopt;
}

std::vector<HttpRoute> metrics_routes(MetricsAccess access, MetricsSources sources) {
    if (access == MetricsAccess::off)
        return {};
    auto const answer
        = [access, sources = std::move(sources)](ServerRequest const& request, std::string_view) -> HttpReply {
        // The same answer as for a page that does not exist.
        if (access == MetricsAccess::loopback && !is_of_this_machine(request))
            return error_reply(404, "no such page");
        measure(sources);
        // https://prometheus.io/docs/instrumenting/exposition_formats/#basic-info
        return { 200, metrics::as_text(), "text/plain; version=0.0.4; charset=utf-8", {} };
    };
    return { { "GET", "/metrics", answer } };
}

} // namespace convops
