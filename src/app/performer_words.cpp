// How the performer gets the diagnosis put into a model's words, and keeps them.
#include "app/log.h"
#include "app/metrics.h"
#include "app/performer.h"
#include "app/wording.h"
#include "message/phrases.h"

namespace convops {

namespace {

void count_words(AskedDraft const& asked, WordedDiagnosis const& wording) {
    auto const over_budget = asked.usage.calls == 0 && !asked.why.empty();
    metrics::count(metrics::Counter::model_calls,
        { asked.why.empty()   ? "used"
                : over_budget ? "over_budget"
                              : "failed" });
    auto const tokens = [](std::string_view direction, std::int64_t number) {
        metrics::count(metrics::Counter::model_tokens, { direction }, double(number));
    };
    tokens("input", asked.usage.input_tokens);
    tokens("output", asked.usage.output_tokens);
    tokens("cache_read", asked.usage.cache_read_tokens);
    tokens("cache_write", asked.usage.cache_write_tokens);
    metrics::count(metrics::Counter::model_dollars, {}, asked.usage.usd);
    for (auto const& [reason, count] : wording.dropped)
        metrics::count(metrics::Counter::claims_dropped, { reason }, double(count));
}

Readership readership_of(Reader const& reader) {
    return { reader.language, reader.utc_offset, zone_label(reader) };
}

// The languages and zones of those who are told; each pays for words of its own.
std::vector<Readership> readerships_of(PerformerWorld const& world, ConnectionId const& connection) {
    constexpr std::size_t most_readerships = 3; // more would not be ready in time
    auto routes = world.routes ? world.routes(connection) : std::vector<Route> {};
    if (routes.empty())
        routes.emplace_back();
    std::vector<Readership> all;
    for (auto const& route : routes) {
        auto reader = readership_of(world.reader(route, world.clock.now()));
        bool const known = std::any_of(all.begin(), all.end(), [&](Readership const& each) {
            return each.language == reader.language && each.zone_label == reader.zone_label;
        });
        if (!known && all.size() < most_readerships)
            all.push_back(std::move(reader));
    }
    return all;
}

void log_words(IncidentId const& incident, WordedDiagnosis const& wording) {
    std::string dropped;
    for (auto const& [reason, count] : wording.dropped)
        dropped += (dropped.empty() ? "" : ", ") + reason + ": " + std::to_string(count);
    log_info("worded",
        { { "incident", incident.text }, { "model", wording.model }, { "language", wording.language },
            { "stands", wording.stands() ? "yes" : "no" }, { "why_template", wording.why_template },
            { "dropped", dropped }, { "input_tokens", std::to_string(wording.input_tokens) },
            { "output_tokens", std::to_string(wording.output_tokens) }, { "usd", std::to_string(wording.usd) } });
}

} // namespace

// Once per report and readership, before the diagnosis is told. Whatever goes wrong, the template speaks.
void Performer::ask_for_words(
    PerformRequest const& request, Investigation const& investigation, std::string const& report) {
    auto const& incident = request.record.incident.id;
    auto const model = world_.open_model && world_.words != nullptr
        ? world_.open_model(request.effect.workspace, incident)
        : nullptr;
    if (model == nullptr)
        return;
    auto spent = std::chrono::duration_cast<Milliseconds>(std::chrono::duration<double>(investigation.cost.seconds));
    for (auto const& reader : readerships_of(world_, request.effect.connection)) {
        auto const left = time_for_words(spent, world_.model_time);
        WordingKey const key { request.effect.workspace, incident, report, reader.language, reader.zone_label };
        // Kept already: a crash came between asking and reporting, and it is paid for.
        if (!left || kept_words(*world_.words, key, world_.clock.now()))
            continue;
        auto const started = world_.clock.monotonic();
        auto const asked = convops::ask_for_words(investigation, reader, *model, *left);
        spent += std::chrono::duration_cast<Milliseconds>(world_.clock.monotonic() - started);
        if (auto const kept = keep_words(*world_.words, key, asked, world_.clock.now()); !kept)
            log_warning("words_not_kept", { { "incident", incident.text }, { "why", kept.error().message } });
        auto const wording = wording_of(investigation, reader, asked);
        count_words(asked, wording);
        log_words(incident, wording);
    }
}

void Performer::add_kept_words(IncidentRecord const& record, Investigation& investigation, Reader const& reader) {
    if (world_.words == nullptr)
        return;
    auto const readership = readership_of(reader);
    WordingKey const key { record.incident.workspace, record.incident.id, record.report, readership.language,
        readership.zone_label };
    if (auto const asked = kept_words(*world_.words, key, world_.clock.now()))
        add_wording(investigation, wording_of(investigation, readership, *asked));
}

} // namespace convops
