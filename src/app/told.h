// Which incident a message of a conversation was about: written in the transaction that records its delivery, read
// when somebody answers it.
#pragma once

#include "incident/event.h"
#include "ports/store.h"

namespace convops {

struct Told {
    IncidentId incident;
    std::string lane; // lane_key of the route
    Time at {};
};

// A conversation is a channel and an address: a Slack channel id, a WhatsApp number in digits.
struct Conversation {
    std::string channel;
    std::string address;
};

std::vector<Write> told_writes(
    WorkspaceId const& workspace, IncidentId const& incident, MessageDelivered const& event, Time now);

// The incident of one message (Slack: of the thread that it began); nullopt when it was about none.
Result<std::optional<Told>> told_by(Store& store, WorkspaceId const& workspace, Conversation const& conversation,
    std::string const& message_id, Time now);
// The incident that the conversation heard of last.
Result<std::optional<Told>> told_last(
    Store& store, WorkspaceId const& workspace, Conversation const& conversation, Time now);

} // namespace convops
