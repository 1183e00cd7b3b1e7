// Alarm formats: one file each in formats/, from the bytes that arrived to an Alarm. Pure.
#pragma once

#include "base/json.h"
#include "model/alarm.h"

namespace convops {

struct AlarmFormat {
    std::string_view name; // file name
    bool (*recognises)(Json const& document) = nullptr;
    Result<Alarm> (*parse)(Json const& document) = nullptr; // invalid_input names the field that is wrong
};

namespace formats {
using Registered = AlarmFormat;
std::vector<Registered> all(); // generated from the folder
} // namespace formats

// Bytes of one notification -> alarm. not_found: well-formed, but no alarm (a GuardDuty finding, a test text):
// recorded, not investigated. invalid_input: broken or over the limit of 256 KiB (SNS's and SQS's own).
Result<Alarm> parse_alarm(std::string_view bytes);

} // namespace convops
