// A storm of alarms against the real server: a child process runs the Service over SQLite on disk and real HTTP, with
// its outbox, investigations of a recorded account and deliveries to a local chat endpoint; this process signs the
// alarms as SNS does, posts them, and afterwards counts in the store what became of each.
#pragma once

#include "adapters/recorded/account.h"

namespace convops {

struct StormOptions {
    int alarms = 10'000;
    int seconds = 60; // the alarms are spread evenly over so long
    int slow_connections = 0; // that trickle a header meanwhile, byte by byte
};

struct StormFigures {
    int alarms = 0; // posted, duplicates included
    int lost = 0; // acknowledged and not in exactly one incident, or an incident that nobody was or will be told of
    double ack_p50_ms = 0; // from the time when a post was due to its acknowledgement
    double ack_p99_ms = 0;
    double ack_max_ms = 0;
    double rss_mb = 0; // peak of the server process
    double seconds = 0; // from the first post to the last acknowledgement
    int duplicates = 0; // of the alarms: the same message again
    int retried = 0; // answered 429, 503 or not at all, and posted again
    int incidents = 0; // open or ended, joined ones not counted
    int investigated = 0;
    int messages = 0; // that the chat endpoint took while the storm went on and until the server had stopped
    int slow_cut = 0; // slow connections that the server ended
    std::vector<std::string> losses; // the first few, in words
};

// Must be called before the process has started a thread: it forks.
Result<StormFigures> run_storm(std::shared_ptr<RecordedAccount const> const& account, StormOptions const& options);

} // namespace convops
