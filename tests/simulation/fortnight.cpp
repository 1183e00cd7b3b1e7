#include "simulation/fortnight.h"

#include "app/anomaly_store.h"
#include "base/check.h"

#include <cmath>
#include <numbers>
#include <unistd.h>

namespace convops::simulation {

namespace {

constexpr Minutes step { 5 };
constexpr Days length { 14 };
ConnectionId const account { "prod" };
WorkspaceId const workspace { "acme" };

struct Kind {
    std::string_view prefix; // of the resource's name
    std::string_view metric_namespace;
    std::string_view dimension;
    struct Metric {
        std::string_view name;
        double level;
        double spread;
        double season; // share of the level
        bool sparse; // zero in good times
    };
    std::vector<Metric> metrics;
    std::string_view source; // of its deploys
    std::string_view event;
};

std::vector<Kind> const& kinds() {
    static std::vector<Kind> const all {
        { "db", "AWS/RDS", "DBInstanceIdentifier",
            { { "CPUUtilization", 30, 2, 0.3, false }, { "DatabaseConnections", 80, 4, 0.2, false },
                { "ReadLatency", 0.004, 0.0003, 0.1, false } },
            "rds.amazonaws.com", "ModifyDBInstance" },
        { "job", "AWS/Lambda", "FunctionName",
            { { "Duration", 240, 15, 0.1, false }, { "Invocations", 900, 40, 0.5, false },
                { "Errors", 0, 0, 0, true } },
            "lambda.amazonaws.com", "UpdateFunctionCode20150331v2" },
        { "queue", "AWS/SQS", "QueueName",
            { { "ApproximateAgeOfOldestMessage", 12, 1.5, 0.1, false },
                { "NumberOfMessagesSent", 700, 30, 0.4, false } },
            "sqs.amazonaws.com", "SetQueueAttributes" },
        { "cache", "AWS/ElastiCache", "CacheClusterId",
            { { "EngineCPUUtilization", 20, 1.5, 0.3, false }, { "CurrConnections", 150, 5, 0.1, false } },
            "elasticache.amazonaws.com", "ModifyCacheCluster" },
    };
    return all;
}

double uniform(std::uint64_t seed) {
    SeededEntropy dice(seed);
    return (double(dice.next() >> 11) + 0.5) / 9007199254740992.0;
}

// The same value for the same metric and time, whoever asks and in whatever order.
double normal(std::uint64_t seed) {
    return std::sqrt(-2 * std::log(uniform(seed))) * std::cos(2 * std::numbers::pi * uniform(seed ^ 0x5DEECE66DULL));
}

std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 1469598103934665603ULL;
    for (char const c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return hash;
}

Kind const& kind_of(std::size_t resource) {
    return kinds()[resource % kinds().size()];
}

std::string name_of(std::size_t resource) {
    return std::string(kind_of(resource).prefix) + "-" + std::to_string(resource);
}

} // namespace

std::string_view to_string(Planted planted) {
    constexpr std::array names
        = std::to_array<std::string_view>({ "incident", "blip", "deploy", "trouble of AWS", "burst of a flapper" });
    return names[static_cast<std::size_t>(planted)];
}

std::vector<MetricId> FleetAws::metrics() {
    std::vector<MetricId> all;
    for (std::size_t i = 0; i < resources; ++i)
        for (auto const& metric : kind_of(i).metrics)
            all.push_back({ std::string(kind_of(i).metric_namespace), std::string(metric.name),
                { { std::string(kind_of(i).dimension), name_of(i) } } });
    return all;
}

std::size_t FleetAws::resource_of_name(std::string_view name) {
    auto const dash = name.rfind('-');
    return dash == name.npos ? resources : std::size_t(std::atoi(std::string(name.substr(dash + 1)).c_str()));
}

double FleetAws::value(MetricId const& metric, Time at) const {
    auto const index = resource_of_name(metric.dimensions.empty() ? "" : metric.dimensions.begin()->second);
    if (index >= resources)
        return 0;
    auto const& kind = kind_of(index);
    auto const found = std::find_if(
        kind.metrics.begin(), kind.metrics.end(), [&](auto const& each) { return each.name == metric.name; });
    if (found == kind.metrics.end())
        return 0;
    auto const seed = seed_ ^ hash_of(to_text(metric)) ^ std::uint64_t(at.time_since_epoch().count()) * 0x9E3779B9ULL;
    auto const hour = std::chrono::duration<double, std::ratio<3600>>(at.time_since_epoch()).count();
    auto value = found->level * (1 + found->season * std::sin(hour * 2 * std::numbers::pi / 24));
    value += found->spread * normal(seed);
    for (auto const& plant : plants_) {
        if (plant.resource != index || !plant.when.contains(at))
            continue;
        value += found->sparse ? plant.size * 3 : plant.size * found->spread;
    }
    return std::max(0.0, value);
}

Result<Json> FleetAws::call(AwsCall const& call) {
    ++calls_;
    auto const name = call.name();
    if (name == "monitoring:ListMetrics")
        return list();
    if (name == "monitoring:GetMetricData")
        return points(call);
    if (name == "cloudtrail:LookupEvents")
        return trail(call);
    if (name == "health:DescribeEvents")
        return health();
    return Json(JsonObject {});
}

std::vector<Result<Json>> FleetAws::call_all(std::span<AwsCall const> calls) {
    std::vector<Result<Json>> answers;
    for (auto const& each : calls)
        answers.push_back(call(each));
    return answers;
}

Json FleetAws::list() const {
    JsonArray all;
    for (auto const& metric : metrics()) {
        JsonArray dimensions;
        for (auto const& [name, value] : metric.dimensions)
            dimensions.push_back(JsonObject { { "Name", name }, { "Value", value } });
        all.push_back(JsonObject { { "Namespace", metric.metric_namespace }, { "MetricName", metric.name },
            { "Dimensions", std::move(dimensions) } });
    }
    return JsonObject { { "Metrics", std::move(all) } };
}

Json FleetAws::points(AwsCall const& call) const {
    Json const params(call.params);
    auto const from = *time_at(params, "StartTime");
    // CloudWatch delivers a period about two minutes after its end.
    auto const until = std::min(*time_at(params, "EndTime"), clock_.now() - Minutes { 2 });
    JsonArray results;
    for (auto const& query : list_at(params, "MetricDataQueries")) {
        auto const period = Seconds { integer_at(query, "MetricStat.Period").value_or(300) };
        MetricId metric { text_at(query, "MetricStat.Metric.Namespace"),
            text_at(query, "MetricStat.Metric.MetricName"), {} };
        for (auto const& dimension : list_at(query, "MetricStat.Metric.Dimensions"))
            metric.dimensions[text_at(dimension, "Name")] = text_at(dimension, "Value");
        auto const stride = std::max<Seconds>(period, step);
        JsonArray at;
        JsonArray values;
        for (auto time = floor_to(from + stride - Seconds { 1 }, stride); time + stride <= until; time += stride) {
            at.emplace_back(format_time(time));
            values.emplace_back(value(metric, floor_to(time, step)));
        }
        results.push_back(JsonObject {
            { "Id", text_at(query, "Id") }, { "Timestamps", std::move(at) }, { "Values", std::move(values) } });
    }
    return JsonObject { { "MetricDataResults", std::move(results) } };
}

Json FleetAws::trail(AwsCall const& call) const {
    Json const params(call.params);
    auto const from = time_at(params, "StartTime").value_or(clock_.now() - Hours { 2 });
    JsonArray events;
    for (auto const& plant : plants_) {
        auto const at = plant.when.from - Minutes { 1 };
        if (plant.what != Planted::deploy || at < from || at > clock_.now() - Minutes { 5 })
            continue;
        auto const& kind = kind_of(plant.resource);
        Json const record = JsonObject { { "eventTime", format_time(at) }, { "eventSource", kind.source },
            { "eventName", kind.event }, { "eventID", "e" + std::to_string(at.time_since_epoch().count()) },
            { "readOnly", false },
            { "userIdentity",
                JsonObject { { "type", "AssumedRole" },
                    { "arn", "arn:aws:sts::111122223333:assumed-role/pipeline/deploy" } } },
            { "requestParameters", JsonObject { { kind.dimension, name_of(plant.resource) } } } };
        events.push_back(JsonObject { { "EventId", text_at(record, "eventID") }, { "EventName", kind.event },
            { "EventTime", format_time(at) }, { "CloudTrailEvent", to_text(record) } });
    }
    return JsonObject { { "Events", std::move(events) } };
}

Json FleetAws::health() const {
    JsonArray events;
    for (auto const& plant : plants_)
        if (plant.what == Planted::aws_side && plant.when.contains(clock_.now()))
            events.push_back(JsonObject { { "arn", "arn:aws:health:eu-west-1::event/RDS/X/1" }, { "service", "RDS" },
                { "eventTypeCode", "AWS_RDS_OPERATIONAL_ISSUE" }, { "eventTypeCategory", "issue" },
                { "region", "eu-west-1" }, { "startTime", format_time(plant.when.from) }, { "statusCode", "open" },
                { "eventScopeCode", "PUBLIC" } });
    return JsonObject { { "events", std::move(events) } };
}

namespace {

// --- What is planted, from one seed ---

constexpr std::size_t flapping_resources = 4; // 76 .. 79: nothing else is planted there

class Planting {
public:
    Planting(std::uint64_t seed, Time from)
        : dice_(seed)
        , from_(from) { }

    std::vector<Plant> all() {
        scatter(Planted::incident, 12, Minutes { 120 }, Minutes { 360 }, 8, 20);
        scatter(Planted::aws_side, 4, Minutes { 90 }, Minutes { 180 }, 8, 15);
        scatter(Planted::deploy, 24, Minutes { 10 }, Minutes { 15 }, 6, 12);
        scatter(Planted::blip, 60, Minutes { 5 }, Minutes { 10 }, 6, 20);
        for (std::size_t i = 0; i < flapping_resources; ++i)
            flap(FleetAws::resources - 1 - i);
        return std::move(plants_);
    }

private:
    Minutes between(Minutes least, Minutes most) {
        auto const steps = std::uint64_t((most - least) / step) + 1;
        return least + step * std::int64_t(dice_.below(steps));
    }
    double size(double least, double most) { return least + (most - least) * double(dice_.below(1'000)) / 1'000; }

    // A place and time where nothing else is within four hours: otherwise nobody could say what a message was about.
    void scatter(Planted what, int count, Minutes shortest, Minutes longest, double least, double most) {
        for (int i = 0; i < count;) {
            Plant plant;
            plant.what = what;
            plant.resource = std::size_t(dice_.below(FleetAws::resources - flapping_resources));
            if (what == Planted::aws_side)
                plant.resource -= plant.resource % kinds().size(); // a database
            auto const begins = from_ + between(Minutes { 12 * 60 }, Minutes { length } - Minutes { 12 * 60 });
            plant.when = { begins, begins + between(shortest, longest) };
            plant.size = size(least, most);
            bool const apart = std::none_of(plants_.begin(), plants_.end(), [&](Plant const& other) {
                bool const near
                    = plant.when.from < other.when.to + Hours { 4 } && other.when.from < plant.when.to + Hours { 4 };
                bool const both_aws = what == Planted::aws_side && other.what == Planted::aws_side;
                // While AWS has an open issue of RDS, what happens to databases is its fault.
                bool const same_service = plant.resource % kinds().size() == other.resource % kinds().size()
                    && (what == Planted::aws_side || other.what == Planted::aws_side);
                return near && (other.resource == plant.resource || both_aws || same_service);
            });
            if (!apart)
                continue;
            plants_.push_back(plant);
            ++i;
        }
    }
    // About six bursts a day, as it has been for two weeks before.
    void flap(std::size_t resource) {
        auto at = from_ - length;
        while (at < from_ + length - Hours { 2 }) {
            at += between(Minutes { 60 }, Minutes { 420 });
            Plant plant;
            plant.what = Planted::flapper;
            plant.resource = resource;
            plant.when = { at, at + between(Minutes { 10 }, Minutes { 40 }) };
            plant.size = size(6, 14);
            at = plant.when.to;
            plants_.push_back(plant);
        }
    }

    SeededEntropy dice_;
    Time from_;
    std::vector<Plant> plants_;
};

// --- The program, without sockets and threads ---

struct Program {
    SimulatedClock clock;
    SeededEntropy dice;
    MemoryStore store;
    ChatServices chat { clock, dice };
    std::vector<Plant> plants;
    std::filesystem::path folder;
    std::uint64_t seed;
    MuteBook mutes { store, clock, workspace, {} };
    IncidentEngine engine { store, clock, dice, [](WorkspaceId const&, ConnectionId const&) {
                               Policy policy;
                               policy.routes = { { "slack", "C0ACME", "#ops" } };
                               return policy;
                           } };
    std::unique_ptr<Performer> performer;
    std::unique_ptr<OutboxWorker> outbox;
    std::unique_ptr<WatchService> watch;
    std::size_t investigations = 0;

    Program(std::uint64_t the_seed, Time begins)
        : clock(begins)
        , dice(the_seed)
        , plants(Planting(the_seed, begins).all())
        , folder(std::filesystem::temp_directory_path()
              / ("convops-fortnight-" + std::to_string(getpid()) + "-" + std::to_string(the_seed)))
        , seed(the_seed) {
        std::filesystem::create_directories(folder);
        auto open_aws = [this](ConnectionId const&) -> Result<std::unique_ptr<Aws>> {
            return std::unique_ptr<Aws>(std::make_unique<FleetAws>(clock, plants, seed));
        };
        PerformerWorld performing { engine, chat, clock, {}, {}, {}, folder, {}, {}, {}, {}, {}, {} };
        performing.sources_at_once = 1;
        performing.memory = &store;
        performing.mutes = &mutes;
        performing.open_aws = [this, open_aws](ConnectionId const& id) {
            ++investigations;
            return open_aws(id);
        };
        performing.access = [](std::string_view) -> Result<ChannelAccess> {
            return ChannelAccess { "", "a-token-of-the-simulation", {} };
        };
        performing.reader = [](Route const&, Time) { return Reader {}; };
        performer = std::make_unique<Performer>(std::move(performing));
        outbox = std::make_unique<OutboxWorker>(engine, store, clock, dice, *performer);
        WatchServiceSettings settings;
        settings.watcher.budget.soonest = step;
        watch = std::make_unique<WatchService>(
            WatchServiceWorld { store, clock, engine, mutes, workspace, { { account, "111122223333" } }, open_aws,
                { { "slack", "C0ACME", "#ops" } } },
            settings);
    }
    ~Program() {
        std::error_code error;
        std::filesystem::remove_all(folder, error);
    }
    Program(Program const&) = delete;
    Program& operator=(Program const&) = delete;

    void settle_until(Time until) {
        for (;;) {
            while (outbox->perform_due().value_or(0) > 0) { }
            auto const next = outbox->next_due();
            CHECK(next.has_value());
            if (!*next || **next > until)
                break;
            if (**next > clock.now())
                clock.advance(**next - clock.now());
        }
        if (clock.now() < until)
            clock.advance(until - clock.now());
    }
};

std::size_t resource_of_alarm(Alarm const& alarm) {
    for (auto const& resource : alarm.resources())
        return FleetAws::resource_of_name(resource.name);
    return FleetAws::resources;
}

bool near(Window const& when, Time at) {
    return at >= when.from - step && at < when.to + Minutes { 30 };
}

void judge(Program& program, FortnightResult& result) {
    auto const now = program.clock.now();
    IncidentId after;
    for (;;) {
        auto const records = *program.engine.list(workspace, 200, after);
        for (auto const& record : records) {
            after = record.incident.id;
            if (record.merged_into)
                continue;
            bool const told = std::any_of(
                record.lanes.begin(), record.lanes.end(), [](auto const& lane) { return lane.second.delivered > 0; });
            bool planted = false;
            for (auto const& [key, alarm] : record.incident.alarms)
                for (auto& plant : result.plants)
                    if (plant.resource == resource_of_alarm(alarm.latest) && alarm.latest.baseline
                        && (near(plant.when, alarm.latest.changed_at)
                            || near(plant.when, alarm.fired_at.empty() ? Time {} : alarm.fired_at.front()))) {
                        planted = true;
                        plant.found = true;
                        plant.told = plant.told || told;
                        if (!told && record.hold)
                            plant.held = record.hold->reason;
                        if (told && plant.what != Planted::incident) {
                            auto const& usual = *alarm.latest.baseline;
                            plant.why_told += alarm.latest.name + " at " + format_time(alarm.latest.changed_at)
                                + ", since " + format_time(usual.since) + ", usual " + std::to_string(usual.usual)
                                + " ± " + std::to_string(usual.spread) + ": "
                                + (record.decision ? record.decision->reason : "") + " ";
                        }
                    }
            if (!told && (!record.hold || record.hold->reason.empty())) {
                ++result.without_reason;
                result.those.push_back("without a reason: " + to_text(to_json(record)));
            }
            if (told && !planted) {
                ++result.told_of_nothing;
                result.those.push_back(
                    record.incident.leading_alarm().name + " at " + format_time(record.incident.opened_at));
            }
        }
        if (records.size() < 200)
            break;
    }
    for (auto const& record : *anomalies_since(program.store, workspace, now - Days { 30 }, 100'000, now)) {
        if (!record.incident.empty())
            continue;
        ++result.healed;
        if (record.decision.reason.empty())
            ++result.without_reason;
        for (auto& plant : result.plants)
            if (record.alarm.find("=" + name_of(plant.resource) + " ") != std::string::npos
                && near(plant.when, record.anomaly.at)) {
                plant.found = true;
                if (plant.held.empty())
                    plant.held = record.decision.reason;
            }
    }
}

} // namespace

FortnightResult run_fortnight(std::uint64_t seed) {
    auto const begins = start - std::chrono::floor<Milliseconds>(start.time_since_epoch() % Days { 1 });
    Program program(seed, begins);
    for (auto now = begins; now < begins + length; now += step) {
        program.settle_until(now);
        program.watch->run_due();
    }
    program.settle_until(begins + length + Hours { 1 });
    FortnightResult result;
    result.plants = program.plants;
    std::erase_if(result.plants, [&](Plant const& plant) { return plant.when.from < begins; });
    result.investigations = program.investigations;
    result.digests = std::size_t(std::count_if(program.chat.taken.begin(), program.chat.taken.end(),
        [](auto const& taken) { return taken.key.starts_with("reply/seen/digest"); }));
    judge(program, result);
    return result;
}

std::string table_of(FortnightResult const& result) {
    std::string text = "| planted | how many | noticed | told | held back, with a reason | not noticed "
                       "|\n|---|---|---|---|---|---|\n";
    for (auto const what :
        { Planted::incident, Planted::blip, Planted::deploy, Planted::aws_side, Planted::flapper }) {
        std::size_t all = 0;
        std::size_t found = 0;
        std::size_t told = 0;
        std::size_t held = 0;
        for (auto const& plant : result.plants) {
            if (plant.what != what)
                continue;
            ++all;
            found += plant.found ? 1 : 0;
            told += plant.told ? 1 : 0;
            held += plant.found && !plant.told && !plant.held.empty() ? 1 : 0;
        }
        text += "| " + std::string(to_string(what)) + " | " + std::to_string(all) + " | " + std::to_string(found)
            + " | " + std::to_string(told) + " | " + std::to_string(held) + " | " + std::to_string(all - found)
            + " |\n";
    }
    text += "\nTold although nothing was planted there: " + std::to_string(result.told_of_nothing)
        + ". Held back without a reason: " + std::to_string(result.without_reason)
        + ". Over before an investigation: " + std::to_string(result.healed) + ". Investigations: "
        + std::to_string(result.investigations) + ". Digests: " + std::to_string(result.digests) + ".\n";
    for (auto const& name : result.those)
        text += "- " + name + "\n";
    return text;
}

} // namespace convops::simulation
