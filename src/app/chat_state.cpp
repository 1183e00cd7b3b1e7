#include "app/chat_state.h"

namespace convops {

namespace {

std::string name_of(Conversation const& conversation) {
    return conversation.channel + "/" + conversation.address;
}

ItemKey window_key(WorkspaceId const& workspace, Conversation const& conversation) {
    return { workspace, "chat_window", name_of(conversation) };
}

ItemKey opt_out_key(WorkspaceId const& workspace, Conversation const& conversation) {
    return { workspace, "chat_opted_out", name_of(conversation) };
}

// The body, or nothing.
Result<std::optional<std::string>> body_of(Store& store, ItemKey const& key, Time now) {
    auto const item = store.get(key, now);
    if (item)
        return std::optional(item->body);
    if (item.error().kind == ErrorKind::not_found)
        return std::optional<std::string> {};
    return item.error();
}

} // namespace

Result<> open_window(
    Store& store, WorkspaceId const& workspace, Conversation const& conversation, Time said_at, Time now) {
    // A message may arrive late, and the sender's clock is not ours: the window never reaches further than from now.
    auto const opened = std::clamp(said_at, now - whatsapp_window, now);
    auto const known = TRY(body_of(store, window_key(workspace, conversation), now));
    if (known)
        if (auto const before = parse_time(*known); before && *before >= opened)
            return {};
    Write write;
    write.item = { window_key(workspace, conversation), DataClass::pending_work, now, format_time(opened), 0 };
    return store.commit({ write }, now);
}

Result<bool> window_is_open(Store& store, WorkspaceId const& workspace, Conversation const& conversation, Time now) {
    auto const known = TRY(body_of(store, window_key(workspace, conversation), now));
    auto const opened = known ? parse_time(*known) : Result<Time>(Error { ErrorKind::not_found, "never" });
    return opened.has_value() && now < *opened + whatsapp_window;
}

Result<> opt_out(Store& store, WorkspaceId const& workspace, Conversation const& conversation, Time now) {
    Write write;
    write.item = { opt_out_key(workspace, conversation), DataClass::account_metadata, now, format_time(now), 0 };
    return store.commit({ write }, now);
}

Result<> opt_in(Store& store, WorkspaceId const& workspace, Conversation const& conversation, Time now) {
    if (!TRY(is_opted_out(store, workspace, conversation, now)))
        return {};
    Write write;
    write.kind = Write::Kind::remove;
    write.item.key = opt_out_key(workspace, conversation);
    return store.commit({ write }, now);
}

Result<bool> is_opted_out(Store& store, WorkspaceId const& workspace, Conversation const& conversation, Time now) {
    return TRY(body_of(store, opt_out_key(workspace, conversation), now)).has_value();
}

Conversation conversation_of(Route const& route) {
    if (route.channel != "whatsapp")
        return { route.channel, route.address };
    std::string digits;
    for (auto const c : route.address)
        if (c >= '0' && c <= '9')
            digits += c;
    return { route.channel, digits };
}

} // namespace convops
