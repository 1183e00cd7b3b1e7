// Envelopes carry another document as text. How deep one may nest is bounded here, for every unwrapping format.
#pragma once

#include "alarm/formats.h"

namespace convops {

// Lambda record -> SNS notification -> event -> alarm is the deepest that AWS itself produces.
inline constexpr int most_envelopes = 4;

// As parse_alarm, for a document found inside an envelope. Formats that unwrap call this, never themselves.
Result<Alarm> parse_inner_alarm(std::string_view bytes);

} // namespace convops
