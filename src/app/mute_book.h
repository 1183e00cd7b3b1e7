// Which windows mute what now: the rules of the configuration and those that people set in a chat. Thread-safe.
#pragma once

#include "incident/mutes.h"
#include "ports/clock.h"
#include "ports/store.h"

#include <map>
#include <mutex>

namespace convops {

class MuteBook {
public:
    MuteBook(Store& store, Clock& clock, WorkspaceId workspace, std::vector<MuteRule> configured);

    // The windows that are open now or within the hour. Never fails: what can not be read mutes nothing.
    std::vector<MuteWindow> windows();
    // Every rule that has not ended; those of the store first.
    Result<std::vector<MuteRule>> rules();

    // Of a chat. `id` makes it idempotent. invalid_input says what is wrong with it, one sentence.
    Result<> add(MuteRule const& rule);
    // Ends every rule of the chat with this id or target; how many.
    Result<int> remove(std::string const& what);
    Result<MuteRule> find(std::string const& id);

    // Which resources (by key) bear a tag, as the watch found them.
    void know_tags(ConnectionId const& connection, std::map<std::string, std::set<std::string>> tagged);
    [[nodiscard]] bool asks_for_tags();

private:
    Store& store_;
    Clock& clock_;
    WorkspaceId workspace_;
    std::vector<MuteRule> configured_;
    std::mutex mutex_;
    std::vector<MuteRule> stored_; // guarded
    Time read_at_ {}; // guarded
    std::map<ConnectionId, std::map<std::string, std::set<std::string>>> tagged_; // guarded
};

// "orders-db", "alarm staging-*", "tag Environment=staging".
std::string target_of(MuteRule const& rule);

} // namespace convops
