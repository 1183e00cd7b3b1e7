// For tests only: memory that can be told to take no writes, as a full disk would.
#pragma once

#include "adapters/memory/memory_store.h"

namespace convops {

class RefusingStore final : public Store {
public:
    bool refuses = false;
    Result<Item> get(ItemKey const& key, Time at) override { return inner_.get(key, at); }
    Result<> commit(std::vector<Write> const& writes, Time at) override {
        return refuses ? Result<>(Error { ErrorKind::unavailable, "disk full" }) : inner_.commit(writes, at);
    }
    Result<std::vector<Item>> query(WorkspaceId const& of, std::string_view partition, SortRange const& range,
        std::size_t limit, Time at) override {
        return inner_.query(of, partition, range, limit, at);
    }
    Result<std::size_t> sweep(Time at, std::size_t limit) override { return inner_.sweep(at, limit); }

private:
    MemoryStore inner_;
};

} // namespace convops
