// The store in memory: for tests, the simulation and `convops demo`. Nothing survives the process.
#pragma once

#include "ports/store.h"

#include <map>
#include <mutex>

namespace convops {

class MemoryStore final : public Store {
public:
    Result<Item> get(ItemKey const& key, Time now) override;
    Result<> commit(std::vector<Write> const& writes, Time now) override;
    Result<std::vector<Item>> query(WorkspaceId const& workspace, std::string_view partition, SortRange const& range,
        std::size_t limit, Time now) override;
    Result<std::size_t> sweep(Time now, std::size_t limit) override;

private:
    [[nodiscard]] Item const* live(ItemKey const& key, Time now) const;

    mutable std::mutex mutex_;
    std::map<ItemKey, Item> items_;
};

} // namespace convops
