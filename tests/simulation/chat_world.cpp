#include "simulation/chat_world.h"

#include "simulation/world.h"

namespace convops::simulation {

namespace {

constexpr std::size_t most_listed = 100; // of conversations.history, as asked for

std::string form_value(std::string const& body, std::string const& name) {
    auto const at = ("&" + body).find("&" + name + "=");
    if (at == std::string::npos)
        return {};
    auto const from = at + name.size() + 1;
    return body.substr(from, body.find('&', from) - from);
}

HttpResponse ok(JsonObject body) {
    return { 200, {}, to_text(body) };
}

std::string key_in(Json const& json) {
    return text_at(json, "metadata.event_payload.key");
}

} // namespace

void ChatServices::we_died(std::set<std::string> const& recorded) {
    for (auto const& one : taken)
        if (!recorded.contains(one.key))
            uncertain.insert(one.key);
    posted_at_.clear(); // The buckets are forgotten with the process; the next 429 is the limit.
    slack_closed_until_.reset();
}

void ChatServices::keep(Taken one) {
    auto const before = std::find_if(taken.begin(), taken.end(),
        [&](Taken const& other) { return other.key == one.key && other.channel == one.channel && other.posted; });
    if (one.posted && before != taken.end()) {
        ++posts_repeated;
        if (one.channel == "slack")
            broken.push_back("posted twice where the channel can be asked: " + one.key);
        else if (!uncertain.contains(one.key))
            broken.push_back("sent twice although the first answer was known: " + one.key);
    }
    taken.push_back(std::move(one));
}

void ChatServices::check_pace(std::string const& address) {
    auto const now = sent_at_; // by when it left: on the way one may catch up with another
    auto const before = posted_at_.find(address);
    if (before != posted_at_.end() && now - before->second < std::chrono::milliseconds(999))
        broken.push_back("more than one message a second to " + address);
    posted_at_[address] = now;
}

std::optional<HttpResponse> ChatServices::refusal() {
    if (!dice_.chance(odds.rate_limited))
        return std::nullopt;
    return HttpResponse { 429, { { "retry-after", std::to_string(1 + dice_.below(60)) } }, "" };
}

HttpResponse ChatServices::found(std::string const& address, std::string const& thread) {
    JsonArray messages;
    auto const& all = channels_[address];
    for (auto at = all.rbegin(); at != all.rend() && messages.size() < most_listed; ++at)
        if (thread.empty() ? at->thread.empty() : at->thread == thread)
            messages.push_back(JsonObject { { "ts", at->ts },
                { "metadata",
                    JsonObject { { "event_type", "convops_incident" },
                        { "event_payload", JsonObject { { "key", at->key } } } } } });
    return ok({ { "ok", true }, { "messages", std::move(messages) } });
}

HttpResponse ChatServices::slack(std::string const& method, HttpRequest const& request) {
    if (method.starts_with("conversations."))
        return found(form_value(request.body, "channel"),
            method.ends_with("replies") ? form_value(request.body, "ts") : std::string());
    auto const parsed = parse_json(request.body);
    auto const json = parsed ? *parsed : Json {};
    auto const address = text_at(json, "channel");
    auto const key = key_in(json);
    if (method == "chat.update") {
        for (auto& message : channels_[address])
            if (message.ts == text_at(json, "ts")) {
                message.key = key;
                keep({ key, "slack", address, false, request.body });
                return ok({ { "ok", true }, { "channel", address }, { "ts", message.ts } });
            }
        return ok({ { "ok", false }, { "error", "message_not_found" } });
    }
    check_pace(address);
    auto const ts = std::to_string(++numbers_) + ".000100";
    channels_[address].push_back({ ts, text_at(json, "thread_ts"), key });
    keep({ key, "slack", address, true, request.body });
    return ok({ { "ok", true }, { "channel", address }, { "ts", ts } });
}

HttpResponse ChatServices::take(HttpRequest const& request) {
    if (auto const at = request.url.find("/api/"); at != std::string::npos)
        return slack(request.url.substr(at + 5), request);
    if (request.url.find("/services/") != std::string::npos) {
        for (auto const& [name, value] : request.headers)
            if (name == "Idempotency-Key")
                keep({ value, "slack_webhook", "hook", true, request.body });
        return { 200, {}, "ok" };
    }
    auto const parsed = parse_json(request.body);
    auto const json = parsed ? *parsed : Json {};
    keep({ text_at(json, "biz_opaque_callback_data"), "whatsapp", text_at(json, "to"), true, request.body });
    return ok({ { "messages", JsonArray { JsonObject { { "id", "wamid." + std::to_string(++numbers_) } } } } });
}

Result<HttpResponse> ChatServices::send(HttpRequest const& request) {
    sent_at_ = clock_.monotonic();
    clock_.advance(Milliseconds { static_cast<std::int64_t>(20 + dice_.below(300)) });
    // Slack limits each method by itself; those that write are held together by us.
    bool const is_slack = request.url.find("/api/chat.") != std::string::npos;
    if (is_slack && slack_closed_until_ && sent_at_ + std::chrono::milliseconds(1) < *slack_closed_until_)
        broken.push_back("Slack was asked again before its Retry-After was over");
    if (dice_.chance(odds.crash) && dice_.chance(50))
        throw Crash {};
    if (dice_.chance(odds.reset))
        return Error { ErrorKind::unavailable, "connection reset" };
    if (auto refused = refusal()) {
        if (is_slack)
            slack_closed_until_
                = clock_.monotonic() + std::chrono::seconds(std::stoi(refused->header("retry-after")));
        return *refused;
    }
    auto const fails = dice_.chance(odds.server_error);
    if (fails && dice_.chance(50))
        return HttpResponse { 503, {}, "" };
    auto const first = taken.size();
    auto answer = take(request);
    if (dice_.chance(odds.crash))
        throw Crash {};
    auto const lost = dice_.chance(odds.lost_answer);
    if (!fails && !lost)
        return answer;
    for (auto at = first; at < taken.size(); ++at)
        uncertain.insert(taken[at].key);
    if (fails)
        return HttpResponse { 500, {}, "" };
    clock_.advance(request.timeout);
    return Error { ErrorKind::timeout, "no answer" };
}

std::vector<Result<HttpResponse>> ChatServices::send_all(std::span<HttpRequest const> requests) {
    std::vector<Result<HttpResponse>> answers;
    for (auto const& request : requests)
        answers.push_back(send(request));
    return answers;
}

Result<Json> StormyAws::call(AwsCall const& call) {
    ++calls_;
    SeededEntropy fate(seed_ ^ std::hash<std::string> {}(call.name()) ^ static_cast<std::uint64_t>(calls_));
    clock_.advance(Milliseconds { static_cast<std::int64_t>(10 + fate.below(150)) });
    if (!fate.chance(fault_percent_))
        return account_.call(call);
    switch (fate.below(4)) {
    case 0:
        return Error { ErrorKind::access_denied, "not authorized to perform " + call.name() };
    case 1:
        return Error { ErrorKind::throttled, "Rate exceeded" };
    case 2: // no answer at all
        clock_.advance(call.time_left);
        return Error { ErrorKind::timeout, "no answer" };
    default: // an answer that comes after the deadline
        clock_.advance(call.time_left + Seconds { 1 });
        return account_.call(call);
    }
}

std::vector<Result<Json>> StormyAws::call_all(std::span<AwsCall const> calls) {
    std::vector<Result<Json>> answers;
    for (auto const& one : calls)
        answers.push_back(call(one));
    return answers;
}

} // namespace convops::simulation
