#include "adapters/memory/memory_store.h"

#include "ports/store_rules.h"

namespace convops {

namespace {

bool expired(Item const& item, Time now) {
    auto const expiry = expiry_of(item);
    return expiry && *expiry <= now;
}

bool condition_holds(Write const& write, Item const* there) {
    switch (write.condition) {
    case Write::Condition::none:
        return true;
    case Write::Condition::absent:
        return there == nullptr;
    case Write::Condition::version_is:
        return there != nullptr && there->version == write.version;
    }
    return false;
}

} // namespace

Item const* MemoryStore::live(ItemKey const& key, Time now) const {
    auto const at = items_.find(key);
    return at == items_.end() || expired(at->second, now) ? nullptr : &at->second;
}

Result<Item> MemoryStore::get(ItemKey const& key, Time now) {
    std::scoped_lock const lock(mutex_);
    auto const* item = live(key, now);
    if (item == nullptr)
        return Error { ErrorKind::not_found, "store: no " + key.partition + " " + key.sort };
    return *item;
}

Result<> MemoryStore::commit(std::vector<Write> const& writes, Time now) {
    TRY(check_writes(writes));
    std::scoped_lock const lock(mutex_);
    for (auto const& write : writes)
        if (!condition_holds(write, live(write.item.key, now)))
            return condition_failed(write);
    for (auto const& write : writes) {
        if (write.kind == Write::Kind::remove) {
            items_.erase(write.item.key);
            continue;
        }
        auto const* before = live(write.item.key, now);
        auto item = write.item;
        item.version = before == nullptr ? 1 : before->version + 1;
        items_[item.key] = std::move(item);
    }
    return {};
}

Result<std::vector<Item>> MemoryStore::query(
    WorkspaceId const& workspace, std::string_view partition, SortRange const& range, std::size_t limit, Time now) {
    std::scoped_lock const lock(mutex_);
    std::vector<Item> found;
    for (auto at = items_.lower_bound(ItemKey { workspace, std::string(partition), range.from });
        at != items_.end() && found.size() < limit; ++at) {
        auto const& key = at->first;
        if (key.workspace != workspace || key.partition != partition || (!range.to.empty() && key.sort >= range.to))
            break;
        if (!expired(at->second, now))
            found.push_back(at->second);
    }
    return found;
}

Result<std::size_t> MemoryStore::sweep(Time now, std::size_t limit) {
    std::scoped_lock const lock(mutex_);
    std::size_t swept = 0;
    for (auto at = items_.begin(); at != items_.end() && swept < limit;) {
        if (expired(at->second, now)) {
            at = items_.erase(at);
            ++swept;
        } else {
            ++at;
        }
    }
    return swept;
}

} // namespace convops
