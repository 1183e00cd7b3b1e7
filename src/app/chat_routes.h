// Where chats reach us: POST /v1/slack/events, /v1/slack/interactive, /v1/slack/command; GET and POST /v1/whatsapp.
#pragma once

#include "app/chat_intake.h"
#include "app/routes.h"

namespace convops {

// `intake` must outlive the server. Routes whose secret is not set answer 404.
std::vector<HttpRoute> chat_routes(ChatIntake& intake);

} // namespace convops
