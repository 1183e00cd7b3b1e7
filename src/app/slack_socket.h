// Slack without a public address: a WebSocket that we open. Each envelope is stored before it is acknowledged; one
// that was not acknowledged comes again. Slack ends a connection every few hours and says so before; another is
// opened then.
#pragma once

#include "app/chat_intake.h"
#include "ports/http.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace convops {

struct SlackSocketSettings {
    std::string base_url; // "https://slack.com", or what CONVOPS_SLACK_URL says
    std::string app_token; // "xapp-..."
};

class SlackSocket {
public:
    SlackSocket(SlackSocketSettings settings, ChatIntake& intake, Http& http);
    ~SlackSocket(); // stop()
    SlackSocket(SlackSocket const&) = delete;
    SlackSocket& operator=(SlackSocket const&) = delete;
    void start();
    void stop(); // idempotent

private:
    void run();
    // One connection from its opening to its end; whether it ever said hello.
    bool converse();
    Result<std::string> ask_for_url();
    void wait(Milliseconds duration);

    SlackSocketSettings settings_;
    ChatIntake& intake_;
    Http& http_;
    std::atomic<bool> stopping_ { false };
    std::mutex mutex_;
    std::condition_variable stopped_;
    std::thread thread_;
};

} // namespace convops
