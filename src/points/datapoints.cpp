#include "points/datapoints.h"

#include "points/point_bytes.h"
#include "points/point_chunk.h"
#include "points/point_log.h"
#include "points/series_catalogue.h"

#include <algorithm>

namespace convops {

namespace {

constexpr std::string_view catalogue_partition = "points/series";
constexpr std::string_view log_partition = "points/log";
// 2,880 periods a chunk: two days of minutes, ten days of five minutes. Longer ones are smaller by a few per cent and
// are rewritten more often while they fill.
constexpr int periods_in_chunk = 2'880;
constexpr std::size_t log_page = 20; // items read at once: 8 MB
constexpr std::size_t most_pages_of_catalogue = 10'000;
constexpr std::size_t most_parts = 64; // of one window, each with most_points_in_chunk points
constexpr std::size_t bytes_in_commit = std::size_t { 3 } << 20U; // DynamoDB: 4 MB a transaction

std::string hex_of(std::uint64_t value, int digits) {
    constexpr std::string_view letters = "0123456789abcdef";
    std::string text(static_cast<std::size_t>(digits), '0');
    for (std::size_t i = text.size(); i-- > 0; value >>= 4U)
        text[i] = letters[value & 15U];
    return text;
}

std::uint64_t number_of_hex(std::string_view text) {
    std::uint64_t value = 0;
    for (char const c : text)
        value = value * 16 + static_cast<std::uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
    return value;
}

std::string chunk_partition(SeriesNumber series) {
    return "points/" + hex_of(series.number, 8);
}

std::int64_t milliseconds(Time at) {
    return at.time_since_epoch().count();
}

// Ascending, one point a timestamp; of equal timestamps the last one given stands.
void sort_and_settle(std::vector<Point>& points) {
    auto const earlier = [](Point const& a, Point const& b) { return a.at < b.at; };
    if (!std::is_sorted(points.begin(), points.end(), earlier))
        std::stable_sort(points.begin(), points.end(), earlier);
    std::size_t kept_points = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (kept_points > 0 && points[kept_points - 1].at == points[i].at)
            points[kept_points - 1].value = points[i].value;
        else
            points[kept_points++] = points[i];
    }
    points.resize(kept_points);
}

} // namespace

struct Datapoints::Inside {
    Store& store;
    WorkspaceId workspace;
    std::mutex mutex;
    std::map<SeriesKey, std::uint32_t> numbers;
    std::vector<SeriesKey const*> keys; // by number, less one; they live in `numbers`
    std::vector<std::vector<Point>> tails; // by number, less one: what the log holds, in the order of its writing
    std::size_t waiting = 0; // points in the tails
    std::vector<std::string> log_items; // sort keys, ascending
    std::uint64_t next_log = 0;
    std::size_t trim_at = 0;

    Inside(Store& the_store, WorkspaceId the_workspace)
        : store(the_store)
        , workspace(std::move(the_workspace)) { }

    [[nodiscard]] ItemKey key(std::string_view partition, std::string sort) const {
        return { workspace, std::string(partition), std::move(sort) };
    }
    [[nodiscard]] Milliseconds chunk_length(SeriesNumber series) const {
        return Milliseconds { keys[series.number - 1]->period } * periods_in_chunk;
    }
    [[nodiscard]] Time window_of(SeriesNumber series, Time at) const {
        auto const length = chunk_length(series).count();
        auto const ms = milliseconds(at);
        auto const start = ms >= 0 ? ms / length * length : -((-ms + length - 1) / length * length);
        return Time { Time::duration { start } };
    }
    [[nodiscard]] bool knows(SeriesNumber series) const { return series.number >= 1 && series.number <= keys.size(); }

    Result<> read_catalogue(Time now);
    Result<> read_log(Time now);
    Result<> add_pages(std::vector<SeriesKey> const& fresh, Time now);
    Result<std::vector<Point>> chunks(
        SeriesNumber series, Time from, Time until, Time now, std::vector<ItemKey>* found);
    Result<> write_log(std::span<NewPoint const> points, Time now);
    void take(std::span<NewPoint const> points);
    Result<> fold(Time now);
    Result<> merge_window(
        SeriesNumber series, Time start, std::span<Point const> fresh, Time now, std::vector<Write>& writes);
    void put_parts(
        SeriesNumber series, Time start, std::span<Point const> points, Time now, std::vector<Write>& writes);
    Result<> commit_when_full(std::vector<Write>& writes, Time now, bool all);
    Result<bool> trim_one(SeriesNumber series, Time oldest, Time now);
};

namespace {

Time oldest_kept(Time now) {
    return now - *kept(DataClass::metric_datapoints);
}

std::string window_sort(Time start) {
    // Times before 1970 would sort behind; append() takes none.
    return hex_of(static_cast<std::uint64_t>(milliseconds(start)), 12);
}

} // namespace

Result<> Datapoints::Inside::read_catalogue(Time now) {
    auto const pages = TRY(store.query(workspace, catalogue_partition, SortRange {}, most_pages_of_catalogue, now));
    for (auto const& page : pages) {
        auto const first = number_of_hex(page.key.sort);
        auto page_keys = TRY(decode_catalogue_page(page.body));
        if (first != keys.size() + 1)
            return Error { ErrorKind::corrupt, "the series catalogue has a hole before " + page.key.sort };
        for (auto& one : page_keys) {
            auto const number = static_cast<std::uint32_t>(keys.size() + 1);
            keys.push_back(&numbers.emplace(std::move(one), number).first->first);
        }
    }
    tails.resize(keys.size());
    return {};
}

Result<> Datapoints::Inside::read_log(Time now) {
    SortRange range;
    while (true) {
        auto const items = TRY(store.query(workspace, log_partition, range, log_page, now));
        for (auto const& item : items) {
            auto const points = TRY(decode_log_item(item.body).with_context("item " + item.key.sort));
            for (auto const& point : points)
                if (!knows(point.series))
                    return Error { ErrorKind::corrupt, "a batch of datapoints names an unknown series" };
            take(points);
            log_items.push_back(item.key.sort);
            next_log = number_of_hex(item.key.sort) + 1;
        }
        if (items.size() < log_page)
            return {};
        range.from = items.back().key.sort + "0"; // just behind it
    }
}

Result<> Datapoints::Inside::add_pages(std::vector<SeriesKey> const& fresh, Time now) {
    std::vector<Write> writes;
    for (std::size_t first = 0; first < fresh.size(); first += most_series_in_page) {
        auto const count = std::min(most_series_in_page, fresh.size() - first);
        Write write;
        write.condition = Write::Condition::absent; // Another process that writes this workspace is found out.
        write.item.key = key(catalogue_partition, hex_of(keys.size() + 1 + first, 8));
        write.item.data_class = DataClass::account_metadata;
        write.item.written_at = now;
        write.item.body = encode_catalogue_page(std::span(fresh).subspan(first, count));
        writes.push_back(std::move(write));
        TRY(commit_when_full(writes, now, false));
    }
    return commit_when_full(writes, now, true);
}

Result<> Datapoints::Inside::commit_when_full(std::vector<Write>& writes, Time now, bool all) {
    std::size_t bytes = 0;
    for (auto const& write : writes)
        bytes += write.item.body.size();
    if (writes.empty() || (!all && writes.size() < most_writes_in_transaction && bytes < bytes_in_commit))
        return {};
    auto const done = store.commit(writes, now);
    writes.clear();
    return done;
}

void Datapoints::Inside::take(std::span<NewPoint const> points) {
    for (auto const& point : points)
        tails[point.series.number - 1].push_back({ point.at, point.value });
    waiting += points.size();
}

Result<> Datapoints::Inside::write_log(std::span<NewPoint const> points, Time now) {
    std::vector<Write> writes;
    std::vector<std::string> sorts;
    for (std::size_t first = 0; first < points.size(); first += most_points_in_log_item) {
        Write write;
        write.condition = Write::Condition::absent;
        sorts.push_back(hex_of(next_log + sorts.size(), 16));
        write.item.key = key(log_partition, sorts.back());
        write.item.data_class = DataClass::metric_datapoints;
        write.item.written_at = now;
        write.item.body
            = encode_log_item(points.subspan(first, std::min(most_points_in_log_item, points.size() - first)));
        writes.push_back(std::move(write));
    }
    // One transaction: a batch is there or it is not.
    TRY(store.commit(writes, now));
    next_log += sorts.size();
    log_items.insert(log_items.end(), sorts.begin(), sorts.end());
    return {};
}

// The points of every chunk whose window begins in [from, until); `found` gets their keys.
Result<std::vector<Point>> Datapoints::Inside::chunks(
    SeriesNumber series, Time from, Time until, Time now, std::vector<ItemKey>* found) {
    std::vector<Point> points;
    SortRange range { window_sort(std::max(from, Time {})), window_sort(until) };
    constexpr std::size_t chunks_at_once = 64;
    while (true) {
        auto const items = TRY(store.query(workspace, chunk_partition(series), range, chunks_at_once, now));
        for (auto const& item : items) {
            auto const columns = TRY(decode_chunk(item.body).with_context(item.key.partition + " " + item.key.sort));
            points.reserve(points.size() + columns.size());
            for (std::size_t i = 0; i < columns.size(); ++i)
                points.push_back({ columns.at[i], columns.values[i] });
            if (found != nullptr)
                found->push_back(item.key);
        }
        if (items.size() < chunks_at_once)
            return points;
        range.from = items.back().key.sort + "0";
    }
}

void Datapoints::Inside::put_parts(
    SeriesNumber series, Time start, std::span<Point const> points, Time now, std::vector<Write>& writes) {
    for (std::size_t first = 0, part = 0; first < points.size(); first += most_points_in_chunk, ++part) {
        auto const some = points.subspan(first, std::min(most_points_in_chunk, points.size() - first));
        PointColumns columns;
        columns.at.reserve(some.size());
        columns.values.reserve(some.size());
        for (auto const& point : some) {
            columns.at.push_back(point.at);
            columns.values.push_back(point.value);
        }
        Write write;
        write.item.key = key(chunk_partition(series), window_sort(start) + "/" + hex_of(part, 2));
        write.item.data_class = DataClass::metric_datapoints;
        write.item.written_at = std::min(now, columns.at.back());
        write.item.body = encode_chunk(columns);
        writes.push_back(std::move(write));
    }
}

Result<> Datapoints::Inside::merge_window(
    SeriesNumber series, Time start, std::span<Point const> fresh, Time now, std::vector<Write>& writes) {
    auto points = TRY(chunks(series, start, start + chunk_length(series), now, nullptr));
    points.insert(points.end(), fresh.begin(), fresh.end());
    sort_and_settle(points);
    auto const oldest = oldest_kept(now);
    std::erase_if(points, [&](Point const& point) { return point.at < oldest; });
    if (points.size() > most_parts * most_points_in_chunk)
        return Error { ErrorKind::invalid_input, "a series has more datapoints than its period allows" };
    put_parts(series, start, points, now, writes);
    return {};
}

// Chunks first, then the log, oldest items first: whatever a crash leaves of the log is read again, and merging it
// once more changes nothing, because nothing that was newer has gone before it.
Result<> Datapoints::Inside::fold(Time now) {
    if (waiting == 0)
        return {};
    std::vector<Write> writes;
    for (std::uint32_t number = 1; number <= tails.size(); ++number) {
        auto tail = tails[number - 1];
        if (tail.empty())
            continue;
        sort_and_settle(tail);
        SeriesNumber const series { number };
        for (std::size_t first = 0; first < tail.size();) {
            auto const start = window_of(series, tail[first].at);
            auto const end = start + chunk_length(series);
            auto last = first;
            while (last < tail.size() && tail[last].at < end)
                ++last;
            TRY(merge_window(series, start, std::span(tail).subspan(first, last - first), now, writes));
            TRY(commit_when_full(writes, now, false));
            first = last;
        }
    }
    TRY(commit_when_full(writes, now, true));
    for (std::size_t first = 0; first < log_items.size(); first += most_writes_in_transaction) {
        std::vector<Write> removals;
        for (std::size_t i = first; i < std::min(log_items.size(), first + most_writes_in_transaction); ++i) {
            Write write;
            write.kind = Write::Kind::remove;
            write.item.key = key(log_partition, log_items[i]);
            removals.push_back(std::move(write));
        }
        TRY(store.commit(removals, now));
    }
    log_items.clear();
    for (auto& tail : tails)
        tail = {}; // gives its memory back
    waiting = 0;
    return {};
}

Result<bool> Datapoints::Inside::trim_one(SeriesNumber series, Time oldest, Time now) {
    auto const start = window_of(series, oldest);
    std::vector<ItemKey> found;
    auto points = TRY(chunks(series, start, start + chunk_length(series), now, &found));
    auto const before = points.size();
    std::erase_if(points, [&](Point const& point) { return point.at < oldest; });
    if (points.size() == before)
        return false;
    std::vector<Write> writes;
    put_parts(series, start, points, now, writes);
    for (auto const& old : found)
        if (std::none_of(writes.begin(), writes.end(), [&](Write const& write) { return write.item.key == old; })) {
            Write write;
            write.kind = Write::Kind::remove;
            write.item.key = old;
            writes.push_back(std::move(write));
        }
    TRY(store.commit(writes, now));
    return true;
}

Result<std::unique_ptr<Datapoints>> Datapoints::open(Store& store, WorkspaceId workspace, Time now) {
    auto inside = std::make_unique<Inside>(store, std::move(workspace));
    TRY(inside->read_catalogue(now).with_context("datapoint store"));
    TRY(inside->read_log(now).with_context("datapoint store"));
    return std::unique_ptr<Datapoints>(new Datapoints(std::move(inside)));
}

Datapoints::Datapoints(std::unique_ptr<Inside> inside)
    : inside_(std::move(inside)) { }
Datapoints::~Datapoints() = default;

Result<std::vector<SeriesNumber>> Datapoints::numbers_of(std::span<SeriesKey const> keys, Time now) {
    std::lock_guard const lock(inside_->mutex);
    std::vector<SeriesKey> fresh;
    std::map<SeriesKey, std::uint32_t> added;
    for (auto const& key : keys) {
        if (inside_->numbers.contains(key) || added.contains(key))
            continue;
        if (key.period.count() < 1)
            return Error { ErrorKind::invalid_input, "a series without a period" };
        added.emplace(key, static_cast<std::uint32_t>(inside_->keys.size() + fresh.size() + 1));
        fresh.push_back(key);
    }
    if (inside_->keys.size() + fresh.size() > most_series_in_workspace)
        return Error { ErrorKind::invalid_input, "too many series in one workspace" };
    TRY(inside_->add_pages(fresh, now));
    inside_->numbers.merge(added); // the nodes themselves move over
    for (auto const& key : fresh)
        inside_->keys.push_back(&inside_->numbers.find(key)->first);
    inside_->tails.resize(inside_->keys.size());
    std::vector<SeriesNumber> all;
    for (auto const& key : keys)
        all.push_back({ inside_->numbers.at(key) });
    return all;
}

std::vector<std::pair<SeriesNumber, SeriesKey>> Datapoints::catalogue() const {
    std::lock_guard const lock(inside_->mutex);
    std::vector<std::pair<SeriesNumber, SeriesKey>> all;
    for (std::uint32_t number = 1; number <= inside_->keys.size(); ++number)
        all.emplace_back(SeriesNumber { number }, *inside_->keys[number - 1]);
    return all;
}

Result<Appended> Datapoints::append(std::span<NewPoint const> points, Time now) {
    std::lock_guard const lock(inside_->mutex);
    if (points.size() > most_points_in_batch)
        return Error { ErrorKind::invalid_input, "a batch has more datapoints than one transaction can hold" };
    Appended appended;
    std::vector<NewPoint> good;
    good.reserve(points.size());
    auto const oldest = std::max(oldest_kept(now), Time {});
    for (auto const& point : points) {
        if (!inside_->knows(point.series))
            return Error { ErrorKind::invalid_input, "a datapoint of an unknown series" };
        if (point.at < oldest)
            ++appended.too_old;
        else if (point.at > now + furthest_ahead)
            ++appended.in_the_future;
        else
            good.push_back(point);
    }
    appended.stored = good.size();
    if (good.empty())
        return appended;
    TRY(inside_->write_log(good, now));
    inside_->take(good);
    if (inside_->waiting >= points_before_fold)
        TRY(inside_->fold(now));
    return appended;
}

Result<std::vector<Point>> Datapoints::scan(SeriesNumber series, Window window, Time now) {
    std::lock_guard const lock(inside_->mutex);
    if (!inside_->knows(series))
        return Error { ErrorKind::invalid_input, "an unknown series" };
    auto const from = std::max(window.from, oldest_kept(now));
    if (from >= window.to)
        return std::vector<Point> {};
    auto points = TRY(inside_->chunks(series, inside_->window_of(series, from), window.to, now, nullptr));
    auto const& tail = inside_->tails[series.number - 1];
    if (!tail.empty()) {
        points.insert(points.end(), tail.begin(), tail.end());
        sort_and_settle(points);
    }
    std::erase_if(points, [&](Point const& point) { return point.at < from || point.at >= window.to; });
    return points;
}

Result<std::vector<PointBucket>> Datapoints::downsample(
    SeriesNumber series, Window window, Milliseconds bucket, Time now) {
    if (bucket.count() <= 0)
        return Error { ErrorKind::invalid_input, "a bucket without length" };
    auto const points = TRY(scan(series, window, now));
    return downsample_points(points, window, bucket);
}

Result<> Datapoints::fold(Time now) {
    std::lock_guard const lock(inside_->mutex);
    return inside_->fold(now);
}

Result<std::size_t> Datapoints::trim(Time now, std::size_t limit) {
    std::lock_guard const lock(inside_->mutex);
    std::size_t rewritten = 0;
    auto const oldest = oldest_kept(now);
    for (std::size_t i = 0; i < std::min(limit, inside_->keys.size()); ++i) {
        inside_->trim_at = inside_->trim_at % inside_->keys.size() + 1;
        rewritten += TRY(inside_->trim_one({ static_cast<std::uint32_t>(inside_->trim_at) }, oldest, now)) ? 1 : 0;
    }
    return rewritten;
}

} // namespace convops
