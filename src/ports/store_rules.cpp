#include "ports/store_rules.h"

#include <set>

namespace convops {

namespace {

Result<> check_key(ItemKey const& key) {
    if (key.workspace.empty() || key.partition.empty() || key.sort.empty())
        return Error { ErrorKind::invalid_input, "store: a key needs a workspace, a partition and a sort key" };
    return {};
}

std::size_t size_of(Item const& item) {
    return item.key.workspace.text.size() + item.key.partition.size() + item.key.sort.size() + item.body.size();
}

} // namespace

Result<> check_writes(std::vector<Write> const& writes) {
    if (writes.size() > most_writes_in_transaction)
        return Error { ErrorKind::invalid_input,
            "store: " + std::to_string(writes.size()) + " writes are over the limit of "
                + std::to_string(most_writes_in_transaction) };
    std::set<ItemKey> keys;
    for (auto const& write : writes) {
        TRY(check_key(write.item.key));
        if (size_of(write.item) > most_item_bytes)
            return Error { ErrorKind::invalid_input,
                "store: an item of " + std::to_string(size_of(write.item)) + " bytes in " + write.item.key.partition
                    + " is over the limit of " + std::to_string(most_item_bytes) };
        // DynamoDB refuses two actions on one item in a transaction:
        // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
        if (!keys.insert(write.item.key).second)
            return Error { ErrorKind::invalid_input, "store: two writes to " + write.item.key.partition };
    }
    return {};
}

std::optional<Time> expiry_of(Item const& item) {
    auto const hours = kept(item.data_class);
    return hours ? std::optional(item.written_at + *hours) : std::nullopt;
}

Error condition_failed(Write const& write) {
    auto const wanted = write.condition == Write::Condition::absent ? std::string("absent")
                                                                    : "version " + std::to_string(write.version);
    return { ErrorKind::conflict,
        "store: " + write.item.key.partition + " " + write.item.key.sort + " is not " + wanted };
}

} // namespace convops
