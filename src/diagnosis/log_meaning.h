// What a log pattern speaks of, by the words that runtimes, drivers and AWS's SDKs use. Log lines are hostile: they
// can make a hypothesis more or less likely, and nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace convops {

enum class LogTopic : std::uint32_t {
    none = 0,
    out_of_memory = 1U << 0U,
    disk_full = 1U << 1U,
    pool_exhausted = 1U << 2U, // no connection to be had: the pool's or the server's limit
    throttled = 1U << 3U,
    timed_out = 1U << 4U,
    connection_failed = 1U << 5U, // refused, reset, unreachable
    name_not_resolved = 1U << 6U,
    certificate = 1U << 7U,
    denied = 1U << 8U, // authorisation
    login_failed = 1U << 9U, // authentication
    quota = 1U << 10U,
    upstream_error = 1U << 11U, // 502, 503, 504 from what is called
    bad_configuration = 1U << 12U,
    lock_wait = 1U << 13U,
    read_only = 1U << 14U,
    crashed = 1U << 15U, // unhandled exception, panic, exit
    certificate_expired = 1U << 16U,
    function_timeout = 1U << 17U, // "Task timed out after 3.00 seconds"
};

struct LogTopics {
    std::uint32_t bits = 0;
    [[nodiscard]] bool has(LogTopic topic) const { return (bits & static_cast<std::uint32_t>(topic)) != 0; }
    void add(LogTopic topic) { bits |= static_cast<std::uint32_t>(topic); }
};

// `part` occurs in `text` as a whole word; a dash is part of a word.
bool mentions_word(std::string_view text, std::string_view part);

LogTopics topics_of(std::string_view text);

// Host names and addresses in a line, at most four: "api.payments.example.com" of "POST https://api.payments...".
std::vector<std::string> hosts_in(std::string_view text);

} // namespace convops
