#include "app/counted_store.h"

#include "app/metrics.h"

namespace convops {

namespace {

class CountedStore final : public Store {
public:
    explicit CountedStore(std::unique_ptr<Store> inner)
        : inner_(std::move(inner)) { }

    Result<Item> get(ItemKey const& key, Time now) override { return counted("get", inner_->get(key, now)); }
    Result<> commit(std::vector<Write> const& writes, Time now) override {
        auto result = counted("commit", inner_->commit(writes, now));
        if (result)
            metrics::count(metrics::Counter::store_commits);
        return result;
    }
    Result<std::vector<Item>> query(WorkspaceId const& workspace, std::string_view partition, SortRange const& range,
        std::size_t limit, Time now) override {
        return counted("query", inner_->query(workspace, partition, range, limit, now));
    }
    Result<std::size_t> sweep(Time now, std::size_t limit) override {
        return counted("sweep", inner_->sweep(now, limit));
    }

private:
    template <class T> static Result<T> counted(std::string_view operation, Result<T> result) {
        if (result)
            return result;
        auto const kind = result.error().kind;
        if (kind != ErrorKind::not_found && kind != ErrorKind::conflict)
            metrics::count(metrics::Counter::store_errors, { operation, to_string(kind) });
        return result;
    }

    std::unique_ptr<Store> inner_;
};

} // namespace

std::unique_ptr<Store> count_store(std::unique_ptr<Store> inner) {
    return std::make_unique<CountedStore>(std::move(inner));
}

} // namespace convops
