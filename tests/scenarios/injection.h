// Puts a text wherever somebody outside can choose what an account says.
#pragma once

#include "adapters/recorded/account.h"

namespace convops {

enum class Place : std::uint8_t {
    log_line, // of every log group, every 20 s during the incident
    alarm_name,
    alarm_description, // and the reason of its state
    actor, // who made each change, from where, with what program
    reason, // stop reasons, events, messages of deployments
    tag // and descriptions of resources
};
constexpr int places = 6;
std::string_view to_string(Place place);

RecordedAccount with_text_at(RecordedAccount account, Place place, std::string_view text);

} // namespace convops
