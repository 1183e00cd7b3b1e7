// Groups log lines by the statement that wrote them: "connection to 10.0.3.7 timed out after 5003 ms" and its like
// become "connection to <*> timed out after <*> ms". Pure; lines are hostile and are only ever compared, never
// interpreted.
#pragma once

#include "model/evidence.h"

#include <span>

namespace convops {

struct TemplateLimits {
    std::size_t line_bytes = 2'000; // what is read of a line; the statement is at its start
    std::size_t tokens = 200; // of one line; the rest counts as one wildcard
    std::size_t signatures = 20'000; // distinct masked lines that are compared; later ones fall into one pattern
    std::size_t pattern_bytes = 400;
};

struct MinedLines {
    std::vector<std::uint32_t> pattern_of; // for each line its index in `patterns`
    std::vector<std::string> patterns;
};

// The same lines in the same order give the same patterns. Pattern 0 is the pattern of the first line.
MinedLines mine_templates(std::span<std::string const> lines, TemplateLimits const& limits = {});

// The line with everything that varies from call to call (numbers, ids, addresses, times, quoted values) as "<*>".
std::string mask_line(std::string_view line, TemplateLimits const& limits = {});

// By the level the line states, otherwise by words such as "Exception" and "timed out".
LogSeverity severity_of(std::string_view line);

// The text that a person wrote: the "message", "msg" or "error" field of a line that is a JSON object, with its
// level in front when it has one; otherwise the line itself.
std::string message_of_line(std::string_view line);

} // namespace convops
