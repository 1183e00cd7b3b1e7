// Alarms by polling an SQS queue: for whoever sits behind NAT and has no public address.
#pragma once

#include "app/intake.h"
#include "ports/aws.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace convops {

struct SqsQueue {
    std::string url;
    std::string region;
    ConnectionId connection;
};

struct SqsLimits {
    int messages = 10; // of one ReceiveMessage: SQS's own maximum
    Seconds wait { 20 }; // long polling: SQS's own maximum
    Seconds hidden { 60 }; // how long others do not see what we received; recording takes far less
    int tries = 5; // of a message that can not be read, before it is dropped
};

struct SqsPolled {
    int received = 0;
    int accepted = 0;
    int duplicates = 0;
    int no_alarm = 0;
    int refused = 0; // unreadable or of another account: left in the queue for its dead-letter queue, then dropped
    int failed = 0; // not stored: left in the queue, it comes again
    bool operator==(SqsPolled const&) const = default;
};

// One long poll. Each message is deleted only after it was durably dealt with.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
Result<SqsPolled> poll_sqs(Aws& aws, SqsQueue const& queue, Intake& intake, SqsLimits const& limits = {});

// Polls until it is stopped; after an error it waits, longer each time up to a minute. `aws` and `intake` must
// outlive it. stop() returns after the poll in progress at the latest (20 s and the network).
class SqsPoller {
public:
    SqsPoller(Aws& aws, SqsQueue queue, Intake& intake, SqsLimits limits = {});
    ~SqsPoller() { stop(); }
    SqsPoller(SqsPoller const&) = delete;
    SqsPoller& operator=(SqsPoller const&) = delete;

    void start();
    void ask_to_stop(); // returns at once: for stopping several together
    void stop();
    [[nodiscard]] bool running() const { return running_.load(); }

private:
    void run();

    Aws& aws_;
    SqsQueue queue_;
    Intake& intake_;
    SqsLimits limits_;
    std::mutex mutex_;
    std::condition_variable stopping_;
    bool stop_asked_ = false;
    std::atomic<bool> running_ { false };
    std::thread thread_;
};

} // namespace convops
