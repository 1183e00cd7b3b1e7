// What the store remembers of a conversation beside its incidents: whether WhatsApp's 24-hour window is open, and who
// wants to hear nothing.
#pragma once

#include "app/told.h"

namespace convops {

// "When a user messages you, a 24-hour timer called a customer service window starts"; within it free text arrives.
// https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-messages#customer-service-windows
inline constexpr Hours whatsapp_window { 24 };

Result<> open_window(
    Store& store, WorkspaceId const& workspace, Conversation const& conversation, Time said_at, Time now);
Result<bool> window_is_open(Store& store, WorkspaceId const& workspace, Conversation const& conversation, Time now);

Result<> opt_out(Store& store, WorkspaceId const& workspace, Conversation const& conversation, Time now);
Result<> opt_in(Store& store, WorkspaceId const& workspace, Conversation const& conversation, Time now);
Result<bool> is_opted_out(Store& store, WorkspaceId const& workspace, Conversation const& conversation, Time now);

// The conversation of a route: numbers in digits, whatever the settings put between them.
Conversation conversation_of(Route const& route);

} // namespace convops
