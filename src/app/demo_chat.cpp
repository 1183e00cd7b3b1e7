#include "app/demo_chat.h"

namespace convops {

namespace {
HttpReply json_reply(JsonObject body) {
    return { 200, to_text(Json(std::move(body))), "application/json", {} };
}
constexpr std::size_t most_posts = 1000;
} // namespace

HttpReply DemoChat::answer(ServerRequest const& request, Time now) {
    if (request.path.starts_with("/api/"))
        return slack(std::string_view(request.path).substr(5), request, now);
    if (request.path == "/upload") {
        std::lock_guard const lock(mutex_);
        chart_ = request.body;
        return { 200, "OK", "text/plain", {} };
    }
    auto const last = request.path.rfind('/');
    return whatsapp(std::string_view(request.path).substr(last + 1), request, now);
}

HttpReply DemoChat::slack(std::string_view method, ServerRequest const& request, Time now) {
    if (method == "files.getUploadURLExternal")
        return json_reply({ { "ok", true }, { "upload_url", upload_url_ }, { "file_id", "F0DEMOCHART" } });
    if (method == "files.completeUploadExternal")
        return json_reply({ { "ok", true }, { "files", JsonArray { JsonObject { { "id", "F0DEMOCHART" } } } } });
    if (method == "conversations.history")
        return json_reply({ { "ok", true }, { "messages", JsonArray {} } });
    auto const body = parse_json(request.body);
    if (!body)
        return json_reply({ { "ok", false }, { "error", "invalid_json" } });
    keep({ "slack", std::string(method), request.body, now });
    auto const ts = text_at(*body, "ts", std::to_string(now.time_since_epoch().count() / 1000) + ".000100");
    return json_reply({ { "ok", true }, { "channel", text_at(*body, "channel") }, { "ts", ts } });
}

HttpReply DemoChat::whatsapp(std::string_view method, ServerRequest const& request, Time now) {
    if (method == "media") {
        // multipart/form-data: the picture stands between the blank line behind its type and the last boundary.
        auto const type = request.body.find("image/png");
        auto const start = type == std::string::npos ? type : request.body.find("\r\n\r\n", type);
        auto const end = start == std::string::npos ? start : request.body.find("\r\n--", start);
        if (end != std::string::npos) {
            std::lock_guard const lock(mutex_);
            chart_ = request.body.substr(start + 4, end - start - 4);
        }
        return json_reply({ { "id", "1000000000000001" } });
    }
    int number = 0;
    {
        std::lock_guard const lock(mutex_);
        number = next_++;
    }
    keep({ "whatsapp", std::string(method), request.body, now });
    return json_reply({ { "messaging_product", "whatsapp" },
        { "messages", JsonArray { JsonObject { { "id", "wamid.demo" + std::to_string(number) } } } } });
}

void DemoChat::keep(ChatPost post) {
    {
        std::lock_guard const lock(mutex_);
        if (posts_.size() < most_posts)
            posts_.push_back(std::move(post));
    }
    came_.notify_all();
}

std::vector<ChatPost> DemoChat::posts() const {
    std::lock_guard const lock(mutex_);
    return posts_;
}

std::string DemoChat::chart_png() const {
    std::lock_guard const lock(mutex_);
    return chart_;
}

bool DemoChat::wait_until(std::function<bool(std::vector<ChatPost> const&)> const& enough, Milliseconds most) {
    std::unique_lock lock(mutex_);
    return came_.wait_for(lock, most, [&] { return enough(posts_); });
}

} // namespace convops
