#include "diagnosis/mechanism.h"

#include "base/text.h"
#include "diagnosis/weighing.h"

#include <array>

namespace convops {

namespace {

using enum Mechanism;

struct Word {
    std::string_view word; // in lower case
    Mechanism mechanism;
};

constexpr auto words_of_differences = std::to_array<Word>({
    { "memory", memory },
    { "heap", memory },
    { "xmx", memory },
    { "ram", memory },
    { "_mem", memory },
    { "pool", connections },
    { "connection", connections },
    { "max_conn", connections },
    { "timeout", timeouts },
    { "deadline", timeouts },
    { "concurren", throughput },
    { "capacityunits", throughput },
    { "capacity", throughput },
    { "rate", throughput },
    { "throttl", throughput },
    { "burst", throughput },
    { "iops", throughput },
    { "batch", throughput },
    { "cpu", cpu },
    { "workers", cpu },
    { "threads", cpu },
    { "instanceclass", cpu },
    { "instance class", cpu },
    { "instancetype", cpu },
    { "class", cpu },
    { "desired", count },
    { "replica", count },
    { "minsize", count },
    { "maxsize", count },
    { "min ", count },
    { "max ", count },
    { "count", count },
    { "target", count },
    { "url", endpoint },
    { "host", endpoint },
    { "endpoint", endpoint },
    { "port", endpoint },
    { "dns", endpoint },
    { "secret", credentials },
    { "password", credentials },
    { "token", credentials },
    { "credential", credentials },
    { "policy", permission },
    { "role", permission },
    { "queue", queue },
    { "eventsourcemapping", queue },
    { "image", code },
    { "version", code },
    { "code", code },
    { "handler", code },
    { "runtime", code },
    { "task definition", code },
    { "disk", storage },
    { "storage", storage },
    { "volume", storage },
});

constexpr auto words_of_calls = std::to_array<Word>({
    { "functionconcurrency", throughput },
    { "provisionedconcurrency", throughput },
    { "updatetable", throughput },
    { "usageplan", throughput },
    { "updatestage", throughput },
    { "eventsourcemapping", queue },
    { "setqueueattributes", queue },
    { "autoscalinggroup", count },
    { "setdesiredcapacity", count },
    { "deregister", count },
    { "terminate", count },
    { "stopinstances", count },
    { "stoptask", count },
    { "functioncode", code },
    { "updatealias", code },
    { "publishversion", code },
    { "createdeployment", code },
    { "registertaskdefinition", code },
    { "updateservice", code },
    { "updatestack", code },
    { "executechangeset", code },
    { "secret", credentials },
    { "putparameter", credentials },
    { "putparameter", code }, // a flag changes what the program does
    { "masteruser", credentials },
    { "policy", permission },
    { "role", permission },
    { "grant", permission },
    { "key", permission },
    { "securitygroup", network },
    { "networkacl", network },
    { "route", network },
    { "subnet", network },
    { "vpcendpoint", network },
    { "natgateway", network },
    { "gateway", network },
    { "resourcerecordsets", endpoint },
    { "targetgroup", count },
    { "modifydbinstance", cpu },
    { "dbparametergroup", connections },
});

constexpr std::uint32_t bit(Mechanism mechanism) {
    return static_cast<std::uint32_t>(mechanism);
}

struct LogSign {
    LogTopic topic;
    std::uint32_t mechanisms;
    std::string_view words;
};

constexpr auto log_signs = std::to_array<LogSign>({
    { LogTopic::out_of_memory, bit(memory) | bit(code), "out-of-memory errors began" },
    { LogTopic::pool_exhausted, bit(connections) | bit(code), "pool errors began" },
    { LogTopic::function_timeout, bit(timeouts) | bit(memory) | bit(cpu) | bit(code) | bit(network),
        "time-outs began" },
    { LogTopic::timed_out, bit(timeouts) | bit(endpoint) | bit(network) | bit(connections) | bit(cpu),
        "time-outs began" },
    { LogTopic::throttled, bit(throughput), "throttling errors began" },
    { LogTopic::connection_failed, bit(endpoint) | bit(network) | bit(connections) | bit(count),
        "failed connections began" },
    { LogTopic::name_not_resolved, bit(endpoint) | bit(network), "failed name look-ups began" },
    { LogTopic::denied, bit(permission) | bit(credentials), "access-denied errors began" },
    { LogTopic::login_failed, bit(credentials) | bit(permission), "failed log-ins began" },
    { LogTopic::bad_configuration, bit(code) | bit(credentials) | bit(endpoint), "configuration errors began" },
    { LogTopic::crashed, bit(code) | bit(memory), "crashes began" },
    { LogTopic::disk_full, bit(storage), "disk-full errors began" },
    { LogTopic::upstream_error, bit(endpoint) | bit(network) | bit(timeouts), "upstream errors began" },
});

struct MetricSign {
    Signal signal;
    Direction direction;
    std::uint32_t mechanisms;
};

constexpr auto metric_signs = std::to_array<MetricSign>({
    { Signal::memory_used, Direction::up, bit(memory) | bit(code) },
    { Signal::memory_free, Direction::down, bit(memory) | bit(code) },
    { Signal::restarts, Direction::up, bit(memory) | bit(code) },
    { Signal::connections, Direction::up, bit(connections) | bit(count) },
    { Signal::connections, Direction::down, bit(connections) | bit(network) | bit(credentials) },
    { Signal::connection_failures, Direction::up, bit(network) | bit(endpoint) | bit(count) | bit(code) },
    { Signal::throttles, Direction::up, bit(throughput) },
    { Signal::concurrency, Direction::down, bit(throughput) },
    { Signal::cpu, Direction::up, bit(cpu) | bit(count) | bit(code) },
    { Signal::healthy_targets, Direction::down, bit(count) | bit(code) | bit(network) },
    { Signal::unhealthy_targets, Direction::up, bit(count) | bit(code) | bit(network) },
    { Signal::queue_depth, Direction::up, bit(queue) | bit(throughput) | bit(count) | bit(permission) },
    { Signal::queue_age, Direction::up, bit(queue) | bit(throughput) | bit(count) | bit(permission) },
    { Signal::consumption, Direction::down, bit(queue) | bit(throughput) | bit(permission) | bit(count) },
    { Signal::storage_free, Direction::down, bit(storage) },
    { Signal::io_latency, Direction::up, bit(throughput) | bit(storage) },
});

template <class Words> std::uint32_t found_in(std::string_view text, Words const& words) {
    std::uint32_t bits = 0;
    for (auto const& row : words)
        if (text.find(row.word) != std::string_view::npos)
            bits |= bit(row.mechanism);
    return bits;
}

bool affects(Context const& context, ChangeReading const& change, Resource const& resource) {
    return change.position.relation == Relation::unknown || context.topology.can_affect(change.resource, resource);
}

// Errors of no known meaning speak for a new version only when they follow it closely.
double soon_after(Milliseconds delay) {
    return delay <= Minutes { 3 } ? 1.1 : delay <= Minutes { 10 } ? 0.4 : 0.1;
}

// When the last of its records says that it took effect: a deploy is registered first and rolls out later.
Time in_effect(Context const& context, ChangeReading const& change) {
    auto at = change.at;
    for (auto const* fact : change.facts)
        if (fact->at <= context.onset_or_alarm())
            at = std::max(at, fact->at);
    return at;
}

// What worked for twenty minutes after a change and then broke at once, broke for another reason, more often than
// not; what is slow by nature is given four times as long.
double promptness(Milliseconds delay, bool slow) {
    double const minutes = in_minutes(delay) / (slow ? 4 : 1);
    if (minutes <= 5)
        return 1;
    if (minutes <= 10)
        return 1 - 0.3 * (minutes - 5) / 5;
    if (minutes <= 20)
        return 0.7 - 0.5 * (minutes - 10) / 10;
    return 0.1;
}

// What fills up takes its time, and so do credentials, keys and policies: sessions, data keys and connections that
// were opened before go on until they end.
constexpr std::uint32_t takes_time = bit(memory) | bit(storage) | bit(queue) | bit(permission) | bit(credentials);
constexpr std::uint32_t is_load
    = bit(cpu) | bit(connections) | bit(throughput) | bit(queue) | bit(timeouts) | bit(count) | bit(network);

// What a change broke shows at the changed thing and at those that call it. What it calls feels more work, hardly
// more: a callee that runs out of memory or is restarted has its own story.
double place_of_sign(Context const& context, ChangeReading const& change, Corroboration const& sign) {
    auto const& topology = context.topology;
    auto const& where = sign.where;
    if (change.position.relation == Relation::related)
        return 0.3; // neither calls the other: a queue lies between, or they share a thing
    if (where == change.resource || topology.nodes_of(where) == topology.nodes_of(change.resource)
        || topology.leads_to(where, change.resource))
        return 1;
    if (topology.leads_to(change.resource, where))
        return (bit(sign.mechanism) & is_load) != 0 ? 0.95 : 0.4;
    if (change.position.relation != Relation::unknown)
        return 0.6;
    // Roles, keys, routes and parameters stand on no map; a program that runs somewhere does.
    bool const reaches_far = (bit(sign.mechanism) & (bit(permission) | bit(credentials) | bit(network))) != 0
        || change.resource.type == "ssm:parameter" || change.resource.type == "secretsmanager:secret";
    bool const of_program = change.kind == ChangeKind::deploy && topology.has_map();
    return reaches_far ? 1 : of_program ? 0.4 : 0.6;
}

void look_in_logs(Context const& context, ChangeReading const& change, std::uint32_t mechanisms,
    std::vector<Corroboration>& found) {
    for (auto const& log : context.logs) {
        if (!log.fresh || !log.severe || log.log->first_seen + Seconds { 5 } < change.at
            || !affects(context, change, log.log->resource))
            continue;
        bool matched = false;
        for (auto const& sign : log_signs)
            if (!matched && log.topics.has(sign.topic) && (sign.mechanisms & mechanisms) != 0) {
                found.push_back({ static_cast<Mechanism>(sign.mechanisms & mechanisms), log.fact, 1.9,
                    std::string(sign.words), log.log->first_seen, log.log->resource });
                matched = true;
            }
        bool const same_place
            = context.topology.nodes_of(change.resource) == context.topology.nodes_of(log.log->resource);
        if (!matched && same_place && (mechanisms & bit(code)) != 0 && log.log->usual_count < 0.5)
            found.push_back({ code, log.fact, soon_after(log.log->first_seen - change.at), "new errors began",
                log.log->first_seen, log.log->resource });
    }
}

// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html
bool answers_less(MetricReading const& reading) {
    auto const& name = reading.metric->series.metric.name;
    return ((name == "CacheHits" || name == "CacheHitRate") && reading.fell())
        || (name == "CacheMisses" && reading.rose());
}

// https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
bool refuses_more(MetricReading const& reading) {
    return reading.resource().type == "waf:web_acl" && reading.metric->series.metric.name == "BlockedRequests"
        && reading.rose();
}

void look_in_metrics(Context const& context, ChangeReading const& change, std::uint32_t mechanisms,
    std::vector<Corroboration>& found) {
    for (auto const& reading : context.metrics) {
        if (!reading.off() || !affects(context, change, reading.resource()))
            continue;
        auto const& onset = *reading.series.onset;
        if (onset.at + reading.metric->series.period <= change.at || onset.at > change.at + Minutes { 45 })
            continue;
        // A little more of a percentage is no shortage: a new task warms up.
        bool const share = reading.signal == Signal::cpu || reading.signal == Signal::memory_used;
        if (share && reading.metric->series.unit == "Percent" && onset.extreme < 60)
            continue;
        // A cache that was changed and answers less than before, a web ACL that was changed and blocks more: whatever
        // was changed, that is what it did.
        bool const own
            = reading.resource() == change.resource || context.topology.calls(change.resource, reading.resource());
        if (own && (answers_less(reading) || refuses_more(reading))) {
            found.push_back(
                { count, reading.fact, 1.6 * onset.confidence, tell(reading), onset.at, reading.resource() });
            continue;
        }
        for (auto const& sign : metric_signs)
            if (sign.signal == reading.signal && sign.direction == onset.direction
                && (sign.mechanisms & mechanisms) != 0)
                found.push_back(
                    { static_cast<Mechanism>(sign.mechanisms & mechanisms), reading.fact, 1.3 * onset.confidence,
                        tell(reading), onset.at, reading.resource(), onset.shape == Shape::ramp });
    }
}

void look_in_events(Context const& context, ChangeReading const& change, std::uint32_t mechanisms,
    std::vector<Corroboration>& found) {
    using enum ResourceEventKind;
    for (auto const& reading : context.events) {
        if (reading.fact->at < change.at || reading.fact->at > change.at + Minutes { 60 }
            || !affects(context, change, reading.event->resource))
            continue;
        auto const kind = reading.event->kind;
        bool const of_code = kind == deployment_failed || kind == placement_failed || kind == target_unhealthy
            || kind == task_stopped || kind == restart;
        if (kind == out_of_memory && (mechanisms & (bit(memory) | bit(code))) != 0)
            found.push_back({ memory, reading.fact, 2.0, "out-of-memory stops began", reading.fact->at,
                reading.event->resource });
        else if (kind == deployment_failed && (mechanisms & bit(code)) != 0)
            found.push_back(
                { code, reading.fact, 1.8, "the deployment failed", reading.fact->at, reading.event->resource });
        else if (of_code && (mechanisms & (bit(code) | bit(memory) | bit(count))) != 0)
            found.push_back(
                { code, reading.fact, 0.8, "tasks began to fail", reading.fact->at, reading.event->resource });
        else if (kind == throttled && (mechanisms & bit(throughput)) != 0)
            found.push_back(
                { throughput, reading.fact, 1.5, "throttling began", reading.fact->at, reading.event->resource });
    }
}

} // namespace

std::uint32_t mechanisms_of(ChangeReading const& change) {
    auto const what = to_lower(change.what);
    auto bits = found_in(what, words_of_differences);
    for (auto const& name : change.event_names)
        bits |= found_in(to_lower(name), words_of_calls);
    switch (change.kind) {
    case ChangeKind::deploy:
        bits |= bit(code);
        break;
    case ChangeKind::permission:
        bits |= bit(permission);
        break;
    case ChangeKind::network:
        bits |= bit(network);
        break;
    case ChangeKind::scaling:
        bits |= bit(count) | (what.empty() ? bit(throughput) : 0U);
        break;
    default:
        break;
    }
    return bits;
}

std::vector<Corroboration> corroborations(
    Context const& context, ChangeReading const& change, std::uint32_t mechanisms) {
    std::vector<Corroboration> found;
    look_in_logs(context, change, mechanisms, found);
    look_in_metrics(context, change, mechanisms, found);
    look_in_events(context, change, mechanisms, found);
    auto const began = in_effect(context, change);
    for (auto& sign : found)
        sign.log_odds *= promptness(sign.at - began, sign.creeps || (bit(sign.mechanism) & takes_time) != 0)
            * place_of_sign(context, change, sign);
    std::stable_sort(found.begin(), found.end(), [](Corroboration const& a, Corroboration const& b) {
        return std::tuple(-a.log_odds, a.at, a.fact->statement) < std::tuple(-b.log_odds, b.at, b.fact->statement);
    });
    return found;
}

int direction_of_change(std::string_view what) {
    int falls = 0;
    int rises = 0;
    std::size_t at = 0;
    while (at < what.size()) {
        std::size_t skip = 0;
        auto const arrow = std::min({ what.find("->", at), what.find("→", at), what.find(" to ", at) });
        if (arrow == std::string_view::npos)
            break;
        skip = what.substr(arrow).starts_with("->") ? 2 : what.substr(arrow).starts_with(" to ") ? 4 : 3;
        auto const left = trim(what.substr(0, arrow));
        auto const right = trim(what.substr(arrow + skip));
        auto begin = left.size();
        while (
            begin > 0 && (std::isdigit(static_cast<unsigned char>(left[begin - 1])) != 0 || left[begin - 1] == '.'))
            --begin;
        double const from = begin < left.size() ? std::strtod(left.c_str() + begin, nullptr) : NAN;
        double const to = !right.empty() && std::isdigit(static_cast<unsigned char>(right[0])) != 0
            ? std::strtod(right.c_str(), nullptr)
            : NAN;
        bool const is_version = begin > 0 && begin < left.size() && left[begin - 1] == ':';
        if (!std::isnan(from) && !std::isnan(to) && !is_version) {
            falls += to < from ? 1 : 0;
            rises += to > from ? 1 : 0;
        }
        at = arrow + skip;
    }
    return falls > 0 && rises == 0 ? -1 : rises > 0 && falls == 0 ? 1 : 0;
}

} // namespace convops
