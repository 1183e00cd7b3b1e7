// How a message looks in Slack or WhatsApp, as terminal text in a box. Drawn from the very payload that the channel
// would send, so that the demo can not flatter it.
#pragma once

#include "message/channels.h"

namespace convops {

enum class PreviewStyle : std::uint8_t { plain, ansi }; // ansi: bold and grey by escape sequences

// Renders `delivery` for its channel and draws the body. `access` may be empty but for settings. invalid_input when
// there is no such channel.
Result<std::string> render_preview(
    Delivery const& delivery, ChannelAccess const& access, PreviewStyle style, std::size_t columns = 80);

// The drawing alone: what a request body of that channel shows.
Result<std::string> preview_of_body(
    std::string_view channel, std::string_view body, PreviewStyle style, std::size_t columns = 80);

} // namespace convops
