// The chat side of the demo: a local endpoint that answers as Slack's Web API and WhatsApp's Cloud API answer a good
// request, and keeps what it was sent, so that the demo can show what a reader would see.
#pragma once

#include "adapters/server/request_reader.h"

#include <condition_variable>
#include <mutex>

namespace convops {

struct ChatPost {
    std::string channel; // "slack", "whatsapp"
    std::string method; // "chat.postMessage", "chat.update", "messages"
    std::string body; // the JSON as sent
    Time at {};
};

class DemoChat {
public:
    explicit DemoChat(std::string base_url_of_uploads)
        : upload_url_(std::move(base_url_of_uploads)) { }

    HttpReply answer(ServerRequest const& request, Time now);
    void set_upload_url(std::string url) { upload_url_ = std::move(url); }

    [[nodiscard]] std::vector<ChatPost> posts() const;
    [[nodiscard]] std::string chart_png() const; // the last picture that was uploaded
    // Waits until `enough` says yes to what has come so far, at most `most`; whether it did.
    bool wait_until(std::function<bool(std::vector<ChatPost> const&)> const& enough, Milliseconds most);

private:
    HttpReply slack(std::string_view method, ServerRequest const& request, Time now);
    HttpReply whatsapp(std::string_view method, ServerRequest const& request, Time now);
    void keep(ChatPost post);

    std::string upload_url_;
    mutable std::mutex mutex_;
    std::condition_variable came_;
    std::vector<ChatPost> posts_; // guarded by mutex_
    std::string chart_; // guarded by mutex_
    int next_ = 1; // guarded by mutex_
};

} // namespace convops
