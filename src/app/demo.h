// The demo: the whole server on a recorded account. A signed SNS message goes over HTTP into the running server; AWS
// answers come from the recording through the port that the live client implements; Slack and WhatsApp are a local
// endpoint.
#pragma once

#include "adapters/recorded/account.h"
#include "app/demo_chat.h"
#include "evidence/sources.h"

#include <filesystem>

namespace convops {

// What the demo tells its viewer while it runs.
struct DemoViewer {
    std::function<void(std::string_view line)> say;
    ProgressObserver progress;
};

struct DemoResult {
    std::vector<ChatPost> posts; // every message as the chats got it
    std::string chart_png;
    Milliseconds first_message { 0 }; // from the alarm's delivery
    Milliseconds final_message { 0 };
    std::string capsule; // bytes of the capsule file
};

Result<DemoResult> run_demo(std::shared_ptr<RecordedAccount const> account, DemoViewer const& viewer);

} // namespace convops
