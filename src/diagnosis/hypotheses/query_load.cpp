// One statement takes the database: Performance Insights shows which.
#include "base/text.h"
#include "diagnosis/weighing.h"

namespace convops {

namespace {

struct Loads {
    double now = 0;
    double before = 0;
    LoadFact const* top = nullptr;
    Fact const* top_fact = nullptr;
    LoadFact const* lock = nullptr;
    Fact const* lock_fact = nullptr;
};

std::map<std::string, Loads> loads_by_database(Context const& context) {
    std::map<std::string, Loads> databases;
    for (auto const& [fact, load] : context.evidence.all<LoadFact>()) {
        auto& loads = databases[load->resource.key()];
        if (load->dimension != "sql") {
            if (contains_ignoring_case(load->label, "lock") && load->now > 2 * load->before && load->now > 0.5
                && (loads.lock == nullptr || load->now > loads.lock->now)) {
                loads.lock = load;
                loads.lock_fact = fact;
            }
            continue;
        }
        loads.now += load->now;
        loads.before += load->before;
        auto const growth = load->now - load->before;
        bool const better = loads.top == nullptr
            || std::tuple(growth, loads.top_fact->id) > std::tuple(loads.top->now - loads.top->before, fact->id);
        if (better) {
            loads.top = load;
            loads.top_fact = fact;
        }
    }
    return databases;
}

std::optional<Candidate> candidate_for(Context const& context, Loads const& loads) {
    if (loads.top == nullptr || loads.top->now < 0.3 || loads.top->now < 2 * loads.top->before)
        return std::nullopt;
    auto const& top = *loads.top;
    double const ratio = top.now / std::max(top.before, 0.01);
    double const growth = std::max(loads.now - loads.before, 1e-9);
    Candidate candidate;
    candidate.kind = CauseKind::query_load;
    candidate.resource = top.resource;
    candidate.prior = -1.9;
    candidate.weigh(ratio >= 4 ? 2.2 : ratio >= 2 ? 1.6 : 0.7, loads.top_fact);
    candidate.weigh((top.now - top.before) / growth >= 0.5 ? 0.7 : -0.9);
    candidate.weigh(top.now >= 1 ? 0.4 : -0.4);
    candidate.weigh(fault_place_weight(context.topology.position(top.resource)));
    if (loads.lock_fact != nullptr)
        candidate.weigh(0.4, loads.lock_fact);
    for (auto const& reading : context.metrics) {
        bool const of_database = reading.resource() == top.resource;
        if (of_database && reading.rose()
            && (reading.signal == Signal::cpu || reading.signal == Signal::db_load
                || reading.signal == Signal::io_operations || reading.signal == Signal::io_queue
                || reading.signal == Signal::io_latency)) {
            candidate.weigh(0.4, reading.fact);
            if (!candidate.began_at || reading.series.onset->at < *candidate.began_at)
                candidate.began_at = reading.series.onset->at;
        }
    }
    if (candidate.began_at)
        candidate.weigh(timing_weight(context, *candidate.began_at, context.onset_width));
    candidate.corroborated = ratio >= 2;
    candidate.statement = "One statement took " + top.resource.display() + ": " + quoted(top.label, 100)
        + " went from " + format_number(top.before) + " to " + format_number(top.now) + " active sessions"
        + (candidate.began_at ? " from " + format_clock(*candidate.began_at).substr(0, 5) + " on." : ".");
    return candidate;
}

std::vector<Candidate> propose(Context const& context) {
    std::vector<Candidate> found;
    for (auto const& [key, loads] : loads_by_database(context))
        if (auto candidate = candidate_for(context, loads))
            found.push_back(std::move(*candidate));
    return found;
}

} // namespace

Hypothesis make_query_load() {
    return { "query_load", propose };
}

} // namespace convops
