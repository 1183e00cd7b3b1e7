// From bytes that a chat sent to an event of an incident or a reply in the outbox. A webhook only records: the
// signature is checked over the raw bytes, the utterances are stored, and the answer is composed and sent elsewhere.
// Everything arrives at least once; an utterance has an effect once.
//
// Only people in a conversation that we tell incidents to may speak. Others get nothing, and are only counted.
#pragma once

#include "app/chat_state.h"
#include "app/engine.h"
#include "app/mute_book.h"
#include "conversation/formats.h"

namespace convops {

struct ChatSecrets { // an empty one refuses everything of its kind
    std::string slack_signing_secret;
    std::string whatsapp_app_secret;
    std::string whatsapp_verify_token;
};

struct ChatIntake {
    Store& store;
    Clock& clock;
    IncidentEngine& engine;
    WorkspaceId workspace;
    std::vector<Route> routes;
    ChatSecrets secrets;
    MuteBook* mutes = nullptr; // nullptr: nobody can mute
};

struct SlackSignature { // headers of a request
    std::string timestamp;
    std::string signature;
};

using ParseInbound = Result<Inbound> (*)(std::string_view body);

// Errors: access_denied (forged or replayed), invalid_input (not what it claims to be), those of the store (let it be
// sent again).
Result<Inbound> take_slack(
    ChatIntake& intake, SlackSignature const& signature, std::string_view body, ParseInbound parse);
Result<Inbound> take_whatsapp(ChatIntake& intake, std::string_view signature, std::string_view body);

// What is genuine already: the payload of a Socket Mode envelope, whose connection was opened with our own token.
Result<> take_utterances(ChatIntake& intake, Inbound const& inbound);

// The answer to Meta's GET: hub.challenge, when mode and verify token are right; access_denied otherwise.
Result<std::string> answer_whatsapp_verification(ChatIntake const& intake, std::string_view query);

} // namespace convops
