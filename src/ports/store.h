// The store: items with a workspace, a partition key, a sort key, a version, a data class and an expiry; conditional
// writes; small transactions; queries by prefix and range. SQLite, memory and (later) DynamoDB implement it alike.
#pragma once

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "model/retention.h"

#include <vector>

namespace convops {

struct ItemKey {
    WorkspaceId workspace; // the tenant is in the key: nothing reads across workspaces by accident
    std::string partition; // "incident/2026-..", "outbox"
    std::string sort;
    auto operator<=>(ItemKey const&) const = default;
};

struct Item {
    ItemKey key;
    DataClass data_class = DataClass::pending_work;
    Time written_at {}; // the expiry is written_at + kept(data_class), never later
    std::string body;
    std::uint64_t version = 0; // set by the store: 1 on creation, +1 on each put
};

struct Write {
    enum class Kind : std::uint8_t { put, remove };
    enum class Condition : std::uint8_t { none, absent, version_is };
    Kind kind = Kind::put;
    Item item; // for remove only the key
    Condition condition = Condition::none;
    std::uint64_t version = 0; // for version_is
};

struct SortRange { // [from, to); an empty `to` means no upper bound
    std::string from;
    std::string to;
    static SortRange starting_with(std::string_view prefix);
};

inline constexpr std::size_t most_writes_in_transaction = 100; // DynamoDB TransactWriteItems' own limit
inline constexpr std::size_t most_item_bytes = 400 * 1024; // DynamoDB's item limit

class Store {
public:
    virtual ~Store() = default;
    // not_found when absent or expired at `now`.
    virtual Result<Item> get(ItemKey const& key, Time now) = 0;
    // All or nothing; conflict when a condition fails (an expired item counts as absent), invalid_input over the
    // limits.
    virtual Result<> commit(std::vector<Write> const& writes, Time now) = 0;
    // Ascending by sort key, unexpired only.
    virtual Result<std::vector<Item>> query(
        WorkspaceId const& workspace, std::string_view partition, SortRange const& range, std::size_t limit, Time now)
        = 0;
    // Deletes what has expired at `now`, at most `limit` items; returns how many.
    virtual Result<std::size_t> sweep(Time now, std::size_t limit) = 0;
};

} // namespace convops
