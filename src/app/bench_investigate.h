// How long an investigation takes of itself, and how it stands against the longest chain of calls that wait for each
// other.
#pragma once

#include "adapters/recorded/account.h"
#include "app/crowded_aws.h"

namespace convops {

struct InvestigationTimes {
    int runs = 0;
    double median_ms = 0;
    double slowest_ms = 0;
    int aws_calls = 0;
    int longest_chain = 0; // calls that had to wait for each other, over both stages
    double ratio = 0; // median / (longest_chain * latency); 0 without latency
    double first_facts_ms = 0; // median until the first message could be sent
    std::map<std::string, int> calls_of; // by source, in the last run
    std::string first_cause; // "deploy of checkout"; empty: none
    bool cause_right = false; // the same first cause as without the crowd
    std::size_t gaps = 0;
    double rss_mb = 0; // peak resident memory of the process, the simulated account included
};

// Each AWS call takes `latency` (0: answered at once); calls made together wait together. The recorded account stands
// in a crowd of other resources.
Result<InvestigationTimes> time_investigations(
    std::shared_ptr<RecordedAccount const> account, int runs, Milliseconds latency, Crowd const& crowd = {});

} // namespace convops
