// An investigation as `investigate --format json` prints it (docs: contracts "investigate --format json").
#pragma once

#include "message/compose.h"

namespace convops {

JsonObject to_json(Investigation const& investigation, Reader const& reader);

} // namespace convops
