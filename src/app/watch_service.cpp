#include "app/watch_service.h"

#include "adapters/aws/sigv4.h"
#include "app/anomaly_store.h"
#include "app/log.h"
#include "app/metrics.h"
#include "app/time_zone.h"
#include "base/json.h"
#include "base/text.h"

namespace convops {

namespace {

constexpr Seconds looks_every { 1 }; // whether something is due
constexpr Hours discovers_every { 1 };
constexpr Minutes discovers_again_after { 5 }; // of a discovery that failed
constexpr Minutes session_for { 10 }; // an assumed role's session lasts 15 minutes
constexpr Minutes saves_all_within { 15 }; // a crash makes the next start read so much again
constexpr std::size_t most_saved_at_once = 50; // in one transaction: about 300 kB
constexpr int most_tag_pages = 100; // of 100 resources each
constexpr std::size_t most_untold = 1'000; // of each kind, while the store takes nothing
constexpr Hours digest_may_wait { 6 }; // of a server that was down at that hour
constexpr std::string_view usage_partition = "watch_usage";

std::string state_partition(ConnectionId const& connection) {
    return "watch_state/" + connection.text;
}

ItemKey state_key(WorkspaceId const& workspace, ConnectionId const& connection, std::string const& series) {
    return { workspace, state_partition(connection), sigv4::sha256_hex(series).substr(0, 32) };
}

std::string day_of(Time at) {
    return format_time(at).substr(0, 10);
}

Write put(ItemKey key, DataClass data_class, std::string body, Time now) {
    Write write;
    write.item = { std::move(key), data_class, now, std::move(body), 0 };
    return write;
}

bool any_of_these(std::set<std::string> const& tags, std::vector<std::string> const& wanted) {
    return std::any_of(wanted.begin(), wanted.end(), [&](auto const& each) { return tags.contains(each); });
}

void log_gaps(ConnectionId const& connection, std::vector<WatchGap> const& gaps) {
    std::set<std::string> told;
    for (auto const& gap : gaps)
        if (told.insert(gap.why).second)
            log_warning("watch_gap",
                { { "connection", connection.text }, { "iam_action", gap.iam_action }, { "why", gap.why } });
}

} // namespace

WatchService::WatchService(WatchServiceWorld world, WatchServiceSettings settings)
    : world_(std::move(world))
    , settings_(std::move(settings)) {
    auto each = settings_.watcher;
    each.budget.usd_a_month /= double(std::max<std::size_t>(1, world_.connections.size()));
    bool const by_tags = !settings_.only_tags.empty() || !settings_.without_tags.empty();
    for (auto const& [id, account] : world_.connections) {
        auto watched = std::make_unique<Watched>(id, account, each);
        if (by_tags) {
            each.rules.admits
                = [this, of = watched.get()](Resource const& resource) { return admits(of->tags, resource); };
            watched->watcher = Watcher(each);
        }
        watched->watcher.on_restore([this, of = watched->id](std::string const& key) { return stored(of, key); });
        watched->watcher.on_points(
            [this, from = watched.get()](WatchedMetric const& metric, Seconds period, PolledSeries const& points) {
                if (points_)
                    points_->take(from->account, from->region, metric, period, points, world_.clock.now());
            });
        watched->watcher.on_remember([this, from = watched.get()](
                                         WatchedMetric const& metric, Seconds period, Window window) {
            return points_ ? points_->stored(from->account, from->region, metric, period, window, world_.clock.now())
                           : PolledSeries {};
        });
        watched_.push_back(std::move(watched));
    }
}

bool WatchService::admits(
    std::map<std::string, std::set<std::string>> const& tags_of, Resource const& resource) const {
    auto const found = tags_of.find(resource.key());
    auto const& tags = found == tags_of.end() ? std::set<std::string> {} : found->second;
    return (settings_.only_tags.empty() || any_of_these(tags, settings_.only_tags))
        && !any_of_these(tags, settings_.without_tags);
}

WatchService::~WatchService() {
    stop();
}

Result<Aws*> WatchService::session(Watched& watched) {
    auto const now = world_.clock.now();
    if (!watched.aws || now - watched.opened_at > session_for || now < watched.opened_at) {
        watched.aws = TRY(world_.open_aws(watched.id));
        watched.opened_at = now;
        watched.region = watched.aws->region();
        if (watched.account.empty())
            watched.account = watched.aws->account();
    }
    return watched.aws.get();
}

void WatchService::run_due() {
    auto const now = world_.clock.now();
    for (auto& watched : watched_) {
        bool const discovers = now >= watched->next_discovery;
        if (!discovers && now < watched->watcher.next_poll())
            continue;
        auto const aws = session(*watched);
        if (!aws) {
            watched->next_discovery = now + discovers_again_after;
            log_warning("watch_gap",
                { { "connection", watched->id.text }, { "iam_action", "sts:AssumeRole" },
                    { "why", aws.error().message } });
            continue;
        }
        open_points(*watched, now);
        if (discovers)
            discover(*watched, **aws, now);
        if (now >= watched->watcher.next_poll())
            poll(*watched, **aws, now);
    }
    send_digest(now);
}

void WatchService::discover(Watched& watched, Aws& aws, Time now) {
    bool const needs_tags
        = !settings_.only_tags.empty() || !settings_.without_tags.empty() || world_.mutes.asks_for_tags();
    if (needs_tags)
        if (auto const learned = learn_tags(watched, aws); !learned)
            log_gaps(watched.id, { { learned.error().kind, "tag:GetResources", learned.error().message, 0 } });
    auto const discovery = watched.watcher.discover(aws, now);
    log_gaps(watched.id, discovery.gaps);
    watched.next_discovery = now + (discovery.gaps.empty() ? Minutes { discovers_every } : discovers_again_after);
    log_info("watch_planned",
        { { "connection", watched.id.text }, { "listed", std::to_string(discovery.choice.listed) },
            { "watched", std::to_string(watched.watcher.size()) },
            { "cut_by_budget", discovery.plan.cut ? "true" : "false" },
            { "every_seconds", std::to_string(discovery.plan.every.count()) },
            { "calls_a_month", std::to_string(std::llround(discovery.plan.calls_a_month)) },
            { "usd_a_month", format_number(discovery.plan.usd_a_month) } });
}

// https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html: at most 100 a page; it
// answers only resources that have or had a tag.
Result<> WatchService::learn_tags(Watched& watched, Aws& aws) {
    AwsCall const call { "tagging", "GetResources", { { "ResourcesPerPage", 100 } } };
    auto const pages
        = TRY(call_paged(aws, call, "ResourceTagMappingList", "PaginationToken", "PaginationToken", most_tag_pages));
    std::map<std::string, std::set<std::string>> by_tag;
    watched.tags.clear(); // a resource that is gone leaves nothing behind
    for (auto const& entry : pages.items) {
        auto const resource = resource_from_arn(text_at(entry, "ResourceARN"));
        if (!resource)
            continue;
        auto& tags = watched.tags[resource->key()];
        for (auto const& tag : list_at(entry, "Tags")) {
            auto const text = text_at(tag, "Key") + "=" + text_at(tag, "Value");
            tags.insert(text);
            by_tag[text].insert(resource->key());
        }
    }
    world_.mutes.know_tags(watched.id, std::move(by_tag));
    return {};
}

void WatchService::open_points(Watched const& watched, Time now) {
    if (points_)
        return;
    if (auto opened = WatchPoints::open(world_.store, world_.workspace, now))
        points_ = std::move(*opened);
    else // Watching goes on; tried again with the next pass.
        log_error("watch_not_stored", { { "connection", watched.id.text }, { "why", opened.error().message } });
}

Result<> WatchService::keep_points(Time now) {
    return points_ ? points_->flush(now) : Result<> {};
}

void WatchService::poll(Watched& watched, Aws& aws, Time now) {
    auto const began = world_.clock.monotonic();
    auto const pass = watched.watcher.poll(aws, now);
    metrics::count(metrics::Counter::aws_calls, {}, double(pass.calls));
    log_gaps(watched.id, pass.gaps);
    for (auto const& done : { tell(watched, pass, now), count_usage(watched, pass, now), keep_points(now) })
        if (!done)
            log_error("watch_not_stored", { { "connection", watched.id.text }, { "why", done.error().message } });
    auto const size = watched.watcher.size();
    auto const passes = std::max<std::int64_t>(1, Seconds { saves_all_within } / watched.watcher.plan().every);
    auto const some = (size + std::size_t(passes) - 1) / std::size_t(passes);
    if (auto const saved = save(watched, some, now); !saved)
        log_error("watch_not_stored", { { "connection", watched.id.text }, { "why", saved.error().message } });
    log_debug("watch_pass",
        { { "connection", watched.id.text }, { "calls", std::to_string(pass.calls) },
            { "points", std::to_string(pass.points) },
            { "seconds", format_number(std::chrono::duration<double>(world_.clock.monotonic() - began).count()) } });
}

// What is told leaves the list. So does what can never be stored; what a busy or full store refused stays.
template <class Told, class Tell> Result<> WatchService::tell_all(std::vector<Told>& waiting, Tell const& tell) {
    std::size_t done = 0;
    Result<> ended;
    for (; done < waiting.size(); ++done)
        if (auto const told = tell(waiting[done]); !told) {
            ended = told.error();
            if (told.error().kind != ErrorKind::invalid_input && told.error().kind != ErrorKind::corrupt)
                break;
        }
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(done));
    return ended;
}

// The watcher says each thing once.
Result<> WatchService::tell(Watched& watched, WatchPass const& pass, Time now) {
    auto const queue = [](auto& waiting, auto const& fresh) {
        waiting.insert(waiting.end(), fresh.begin(), fresh.end());
        if (waiting.size() > most_untold)
            waiting.erase(waiting.begin(), waiting.end() - static_cast<std::ptrdiff_t>(most_untold));
    };
    auto& untold = watched.untold;
    queue(untold.healed, pass.healed);
    queue(untold.ripe, pass.ripe);
    queue(untold.over, pass.over);
    TRY(tell_all(untold.healed, [&](AnomalyOver const& over) { return record_healed(watched, over, now); }));
    TRY(tell_all(untold.ripe, [&](Anomaly const& anomaly) { return raise(watched, anomaly, now); }));
    return tell_all(untold.over, [&](AnomalyOver const& over) { return resolve(watched, over, now); });
}

Result<> WatchService::raise(Watched& watched, Anomaly const& anomaly, Time now) {
    auto record = anomaly_record(watched.id, anomaly);
    record.decision.reason = "Its incident says what became of it.";
    auto const alarm = alarm_of(anomaly, watched.account, watched.region);
    auto const accepted = TRY(
        world_.engine.accept(world_.workspace, watched.id, alarm, anomaly_writes(world_.workspace, record, now)));
    log_info("anomaly",
        { { "id", record.id }, { "connection", watched.id.text }, { "fate", std::string(to_string(accepted.fate)) },
            { "incident", accepted.incident ? accepted.incident->text : "" },
            { "sigma", format_number(anomaly.sigma()) } });
    if (!accepted.incident)
        return {};
    record.incident = *accepted.incident;
    return world_.store.commit(anomaly_writes(world_.workspace, record, now), now);
}

Result<> WatchService::record_healed(Watched& watched, AnomalyOver const& over, Time now) {
    auto record = anomaly_record(watched.id, over.anomaly);
    // After a restart the watcher does not know what the engine has heard of.
    if (auto const known = find_anomaly(world_.store, world_.workspace, record.id, now);
        known && !known->incident.empty())
        return resolve(watched, over, now);
    record.over_at = over.over_at;
    record.decision = { AnomalyFate::suppressed, "self_healed",
        "It was " + over.why + " after " + format_duration(over.over_at - over.anomaly.since) + "." };
    log_info("anomaly",
        { { "id", record.id }, { "connection", watched.id.text }, { "fate", "healed" }, { "incident", "" },
            { "sigma", format_number(over.anomaly.sigma()) } });
    return world_.store.commit(anomaly_writes(world_.workspace, record, now), now);
}

Result<> WatchService::resolve(Watched& watched, AnomalyOver const& over, Time now) {
    auto record = anomaly_record(watched.id, over.anomaly);
    if (auto known = find_anomaly(world_.store, world_.workspace, record.id, now)) {
        record.incident = known->incident;
        record.decision = known->decision;
    }
    record.over_at = over.over_at;
    auto const alarm = ended_alarm_of(over.anomaly, over.over_at, watched.account, watched.region);
    TRY(world_.engine.accept(world_.workspace, watched.id, alarm, anomaly_writes(world_.workspace, record, now)));
    return {};
}

Result<> WatchService::count_usage(Watched& watched, WatchPass const& pass, Time now) {
    auto const day = day_of(now);
    ItemKey const key { world_.workspace, std::string(usage_partition), day + "/" + watched.id.text };
    if (watched.usage_day != day) {
        watched.usage_day = day;
        watched.requested = 0;
        watched.calls = 0;
        if (auto const before = world_.store.get(key, now)) // a restart within the day
            if (auto const json = parse_json(before->body)) {
                watched.requested = std::size_t(integer_at(*json, "requested").value_or(0));
                watched.calls = int(integer_at(*json, "calls").value_or(0));
            }
    }
    watched.requested += pass.metrics_requested;
    watched.calls += pass.calls;
    auto body = to_text(JsonObject {
        { "metrics", watched.watcher.size() }, { "requested", watched.requested }, { "calls", watched.calls } });
    return world_.store.commit({ put(key, DataClass::anomaly_records, std::move(body), now) }, now);
}

// --- What was learned, in the store ---

// A series' bytes follow its name, so that a collision of the hashed keys is noticed.
std::optional<std::string> WatchService::stored(ConnectionId const& connection, std::string const& key) {
    auto const item = world_.store.get(state_key(world_.workspace, connection, key), world_.clock.now());
    auto const head = key + "\n";
    if (!item || !item->body.starts_with(head))
        return std::nullopt;
    return item->body.substr(head.size());
}

Result<> WatchService::save(Watched& watched, std::size_t series, Time now) {
    auto const& watcher = watched.watcher;
    std::vector<Write> writes;
    for (std::size_t i = 0; i < std::min(series, watcher.size()); ++i) {
        auto const index = watched.save_next++ % watcher.size();
        if (watcher.series(index).points() == 0)
            continue;
        auto const key = watcher.key(index);
        writes.push_back(put(state_key(world_.workspace, watched.id, key), DataClass::anomaly_baselines,
            key + "\n" + watcher.series(index).saved(), now));
        if (writes.size() == most_saved_at_once)
            TRY(world_.store.commit(std::exchange(writes, {}), now));
    }
    return writes.empty() ? Result<> {} : world_.store.commit(writes, now);
}

void WatchService::save_all() {
    for (auto& watched : watched_)
        if (auto const saved = save(*watched, watched->watcher.size(), world_.clock.now()); !saved)
            log_error("watch_not_stored", { { "connection", watched->id.text }, { "why", saved.error().message } });
}

// --- The daily digest ---

void WatchService::send_digest(Time now) {
    if (!settings_.digest || world_.routes.empty())
        return;
    Reader reader;
    reader.time_zone = settings_.digest_time_zone;
    auto const local = now + reader_at(std::move(reader), now).utc_offset;
    auto const day = std::chrono::floor<Days>(local);
    auto const date = day_of(Time { day });
    auto const due = Time { day } + Hours { settings_.digest_hour };
    if (local < due || local - due > digest_may_wait || digest_sent_ == date)
        return;
    for (auto const& route : world_.routes) {
        ItemKey const mark { world_.workspace, "seen/digest", date + "/" + lane_key(route) };
        auto const taken = world_.engine.reply_once(world_.workspace, Reply { route, std::nullopt, "digest" }, mark);
        if (!taken) {
            log_warning("digest_not_sent", { { "channel", route.channel }, { "why", taken.error().message } });
            return; // tried again with the next pass
        }
        if (*taken)
            log_info("digest", { { "channel", route.channel }, { "date", date } });
    }
    digest_sent_ = date;
}

void WatchService::start() {
    thread_ = std::thread([this] { run(); });
}

void WatchService::run() {
    std::unique_lock lock(mutex_);
    while (!stop_asked_) {
        lock.unlock();
        run_due();
        lock.lock();
        stopping_.wait_for(lock, looks_every, [this] { return stop_asked_; });
    }
}

void WatchService::stop() {
    {
        std::scoped_lock const lock(mutex_);
        if (std::exchange(stop_asked_, true))
            return;
    }
    stopping_.notify_all();
    if (!thread_.joinable())
        return;
    thread_.join();
    save_all();
}

Result<WatchUsage> watch_usage(Store& store, WorkspaceId const& workspace, Window window, Time now) {
    constexpr std::size_t most_items = 1'000; // connections and days
    WatchUsage usage;
    std::map<std::string, std::size_t> metrics; // the newest of each connection
    for (auto const& item :
        TRY(store.query(workspace, usage_partition, { day_of(window.from), {} }, most_items, now))) {
        auto const json = TRY(parse_json(item.body));
        usage.requested += std::size_t(integer_at(json, "requested").value_or(0));
        metrics[item.key.sort.substr(11)] = std::size_t(integer_at(json, "metrics").value_or(0));
    }
    for (auto const& [connection, count] : metrics)
        usage.metrics += count;
    return usage;
}

} // namespace convops
