// How many genuine deliveries a connection and a workspace may make. SNS and EventBridge send again what is answered
// 429, so a limit delays and loses nothing.
#pragma once

#include "app/intake.h"
#include "base/token_buckets.h"

#include <mutex>

namespace convops {

struct IntakeRates {
    Rate connection;
    Rate workspace;
};

class IntakePace { // thread-safe
public:
    explicit IntakePace(IntakeRates rates)
        : connections_(rates.connection)
        , workspaces_(rates.workspace) { }

    // throttled when either has used its rate up.
    Result<> admit(IntakeConnection const& connection, std::chrono::nanoseconds now) {
        std::lock_guard const lock(mutex_);
        auto wait = connections_.take(connection.workspace.text + "/" + connection.id.text, now);
        if (!wait)
            wait = workspaces_.take(connection.workspace.text, now);
        if (!wait)
            return {};
        return Error { ErrorKind::throttled,
            "connection \"" + connection.id.text + "\" sends too much: try again in " + std::to_string(wait->count())
                + " s" };
    }

private:
    std::mutex mutex_;
    TokenBuckets connections_; // guarded by mutex_
    TokenBuckets workspaces_; // guarded by mutex_
};

} // namespace convops
