#include "app/mute_book.h"

#include "app/log.h"
#include "app/time_zone.h"
#include "base/json.h"
#include "base/text.h"

namespace convops {

namespace {

constexpr std::string_view partition = "mutes";
constexpr Seconds read_again_after { 10 }; // another process may have added one

std::string to_body(MuteRule const& rule) {
    return to_text(JsonObject { { "v", 1 }, { "alarm", rule.alarm }, { "resource", rule.resource },
        { "tag", rule.tag }, { "why", rule.why }, { "also_p1", rule.also_p1 },
        { "from", format_time(rule.once.from) }, { "to", format_time(rule.once.to) } });
}

Result<MuteRule> rule_from(Item const& item) {
    auto const json = TRY(parse_json(item.body));
    MuteRule rule;
    rule.id = item.key.sort;
    rule.source = MuteSource::chat;
    rule.alarm = text_at(json, "alarm");
    rule.resource = text_at(json, "resource");
    rule.tag = text_at(json, "tag");
    rule.why = text_at(json, "why");
    rule.also_p1 = flag_at(json, "also_p1");
    rule.once = { time_at(json, "from").value_or(Time {}), time_at(json, "to").value_or(Time {}) };
    return rule;
}

std::function<Seconds(Time)> offsets_of(std::string const& zone) {
    return [zone](Time at) {
        Reader reader;
        reader.time_zone = zone.empty() ? "UTC" : zone;
        return Seconds { reader_at(std::move(reader), at).utc_offset };
    };
}

bool is_over(MuteRule const& rule, Time now) {
    return rule.recurs() ? rule.until + rule.length <= now : rule.once.to <= now;
}

} // namespace

std::string target_of(MuteRule const& rule) {
    std::vector<std::string> parts;
    if (!rule.resource.empty())
        parts.push_back(rule.resource);
    if (!rule.alarm.empty())
        parts.push_back("alarm " + rule.alarm);
    if (!rule.tag.empty())
        parts.push_back("tag " + rule.tag);
    return join(parts, ", ");
}

MuteBook::MuteBook(Store& store, Clock& clock, WorkspaceId workspace, std::vector<MuteRule> configured)
    : store_(store)
    , clock_(clock)
    , workspace_(std::move(workspace))
    , configured_(std::move(configured)) { }

Result<std::vector<MuteRule>> MuteBook::rules() {
    auto const now = clock_.now();
    std::scoped_lock const lock(mutex_);
    if (read_at_ == Time {} || now < read_at_ || now - read_at_ >= read_again_after) {
        std::vector<MuteRule> stored;
        for (auto const& item : TRY(store_.query(workspace_, partition, {}, most_mutes, now)))
            stored.push_back(TRY(rule_from(item)));
        stored_ = std::move(stored);
        read_at_ = now;
    }
    auto all = stored_;
    all.insert(all.end(), configured_.begin(), configured_.end());
    std::erase_if(all, [&](MuteRule const& rule) { return is_over(rule, now); });
    return all;
}

std::vector<MuteWindow> MuteBook::windows() {
    auto const now = clock_.now();
    auto const known = rules();
    if (!known) {
        log_warning("mutes_not_read", { { "why", known.error().message } });
        return {};
    }
    std::vector<MuteWindow> windows;
    for (auto const& rule : *known)
        for (auto& window : windows_of(rule, { now, now + Hours { 1 } }, offsets_of(rule.time_zone)))
            windows.push_back(std::move(window));
    std::scoped_lock const lock(mutex_);
    for (auto& window : windows)
        if (!window.tag.empty())
            for (auto const& [connection, tagged] : tagged_)
                if (auto const found = tagged.find(window.tag); found != tagged.end())
                    window.tagged.insert(found->second.begin(), found->second.end());
    return windows;
}

Result<> MuteBook::add(MuteRule const& rule) {
    auto const now = clock_.now();
    if (auto const problem = problem_of(rule, now); !problem.empty())
        return Error { ErrorKind::invalid_input, problem };
    if (TRY(rules()).size() >= most_mutes)
        return Error { ErrorKind::invalid_input, "there are " + std::to_string(most_mutes) + " mutes already" };
    Write write;
    // Kept as long as the incidents that it held back may be asked about.
    write.item
        = { { workspace_, std::string(partition), rule.id }, DataClass::anomaly_records, now, to_body(rule), 0 };
    TRY(store_.commit({ write }, now));
    std::scoped_lock const lock(mutex_);
    read_at_ = {};
    return {};
}

Result<int> MuteBook::remove(std::string const& what) {
    auto const now = clock_.now();
    std::vector<Write> writes;
    for (auto& rule : TRY(rules())) {
        if (rule.source != MuteSource::chat || (rule.id != what && target_of(rule) != what))
            continue;
        rule.once.to = now; // ended, not forgotten: what it held back is still explained
        Write write;
        write.item
            = { { workspace_, std::string(partition), rule.id }, DataClass::anomaly_records, now, to_body(rule), 0 };
        writes.push_back(std::move(write));
    }
    if (writes.size() > most_writes_in_transaction)
        writes.resize(most_writes_in_transaction);
    if (!writes.empty())
        TRY(store_.commit(writes, now));
    std::scoped_lock const lock(mutex_);
    read_at_ = {};
    return static_cast<int>(writes.size());
}

Result<MuteRule> MuteBook::find(std::string const& id) {
    return rule_from(TRY(store_.get({ workspace_, std::string(partition), id }, clock_.now())));
}

void MuteBook::know_tags(ConnectionId const& connection, std::map<std::string, std::set<std::string>> tagged) {
    std::scoped_lock const lock(mutex_);
    tagged_[connection] = std::move(tagged);
}

bool MuteBook::asks_for_tags() {
    auto const known = rules();
    return known && std::any_of(known->begin(), known->end(), [](MuteRule const& rule) { return !rule.tag.empty(); });
}

} // namespace convops
