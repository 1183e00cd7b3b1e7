// Groups log lines by the statement that wrote them: "connection to 10.0.3.7 timed out after 5003 ms" and its like
// become "connection to <*> timed out after <*> ms". Pure; lines are hostile and are only ever compared, never
// interpreted. Memory is bounded by TemplateLimits, however many lines there are.
#pragma once

#include "evidence/log_layout.h"
#include "evidence/log_tokens.h"
#include "model/evidence.h"

#include <span>

namespace convops {

struct MinedPatterns {
    std::vector<std::uint32_t> pattern_of; // for each entry that LogMiner::add() gave, its index in `patterns`
    std::vector<std::string> patterns;
};

// Takes lines as a stream. Equal masked lines are one entry; entries of one statement are brought together at the end
// (or when the limits are reached), when it is known which words vary.
class LogMiner {
public:
    explicit LogMiner(LogLayout layout = {}, TemplateLimits const& limits = {});
    ~LogMiner();
    LogMiner(LogMiner&&) noexcept;
    LogMiner& operator=(LogMiner&&) noexcept;

    // The entry of the line. The header that the layout found, and blanks, do not count.
    std::uint32_t add(std::string_view line);
    // Below the limits the groups do not depend on the order of the lines (but of lines that differ in blanks only
    // the first counts).
    [[nodiscard]] MinedPatterns patterns() const;
    [[nodiscard]] std::size_t bytes() const; // what is held at present

private:
    class State;
    std::unique_ptr<State> state_;
};

struct MinedLines {
    std::vector<std::uint32_t> pattern_of; // for each line its index in `patterns`
    std::vector<std::string> patterns; // in the order in which lines first show them
};

// All at once. Pattern 0 is the pattern of the first line.
MinedLines mine_templates(std::span<std::string const> lines, TemplateLimits const& limits = {});

// The line with everything that varies from call to call (numbers, ids, addresses, times, quoted values) as "<*>".
std::string mask_line(std::string_view line, TemplateLimits const& limits = {});

// By the level the line states, otherwise by words such as "Exception" and "timed out".
LogSeverity severity_of(std::string_view line);

// The text that a person wrote: the "message", "msg" or "error" field of a line that is a JSON object, with its
// level in front when it has one; otherwise the line itself.
std::string message_of_line(std::string_view line);

} // namespace convops
