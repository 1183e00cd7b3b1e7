#include "app/bench_storm_load.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <atomic>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <random>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace convops::storm {

namespace {

constexpr std::uint64_t seed = 20'261'128;
constexpr std::array<std::string_view, 4> regions { "eu-west-1", "eu-central-1", "us-east-1", "us-west-2" };
constexpr std::array<std::string_view, 2> environments { "prod", "stage" };
constexpr int services = 30; // of a connection, each with a resource of its own
constexpr int alarms_of_service = 8;
constexpr int duplicates_in_hundred = 5;
constexpr Milliseconds duplicate_after { 700 }; // SNS's own first retry comes as soon
constexpr std::size_t kept_senders = 12; // connections that stay
constexpr std::size_t new_senders = 8; // a new connection for each post
constexpr int most_tries = 60;
constexpr Milliseconds try_again_after { 1'000 };

struct AlarmState {
    bool fires = false;
};

// "2026-11-23T20:12:02.000+0000": CloudWatch's own way.
std::string cloudwatch_time(Time at) {
    auto text = format_time(at);
    if (text.ends_with("Z"))
        text.pop_back();
    if (text.find('.') == std::string::npos)
        text += ".000";
    return text + "+0000";
}

// The recorded alarm, for one alarm of one service of one connection.
std::string message_for(RecordedAccount const& account, Settings::Connection const& connection, int service,
    int number, bool fires, Time at) {
    auto const suffix = "-s" + std::to_string(service);
    auto message = account.alarm_message.as_object();
    auto const name = text_at(account.alarm_message, "AlarmName") + suffix + "-a" + std::to_string(number);
    message["AlarmName"] = name;
    message["AlarmArn"] = "arn:aws:cloudwatch:" + connection.region + ":" + account.account + ":alarm:" + name;
    message["Region"] = connection.region;
    message["NewStateValue"] = fires ? "ALARM" : "OK";
    message["OldStateValue"] = fires ? "OK" : "ALARM";
    message["StateChangeTime"] = cloudwatch_time(at);
    if (auto* trigger = message["Trigger"].if_object())
        if (auto* dimensions = (*trigger)["Dimensions"].if_array())
            for (auto& dimension : *dimensions)
                if (auto* object = dimension.if_object())
                    (*object)["value"] = text_at(dimension, "value") + suffix;
    return to_text(message);
}

class Dice {
public:
    int below(int bound) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(bound)); }

private:
    std::mt19937_64 engine_ { seed };
};

// Signing is the slow part, and it happens before the clock starts.
Result<> sign_all(std::vector<Delivery>& load, std::vector<DemoTopic> const& topics, Time begins_at) {
    std::atomic<std::size_t> next { 0 };
    std::atomic<bool> failed { false };
    auto const sign = [&] {
        for (auto i = next++; i < load.size() && !failed; i = next++) {
            auto& delivery = load[i];
            if (delivery.duplicate)
                continue;
            auto id = std::to_string(i);
            id = "00000000-0000-4000-8000-" + std::string(12 - std::min<std::size_t>(12, id.size()), '0') + id;
            auto body = topics[delivery.connection].notification(
                delivery.message, id, std::string(certificate_url), begins_at + delivery.due);
            if (body)
                delivery.body = std::move(*body);
            else
                failed = true;
        }
    };
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
        threads.emplace_back(sign);
    for (auto& thread : threads)
        thread.join();
    return failed ? Result<>(Error { ErrorKind::unavailable, "signing the storm's alarms failed" }) : Result<>();
}

} // namespace

std::vector<Settings::Connection> connections(RecordedAccount const& account) {
    std::vector<Settings::Connection> all;
    for (auto const environment : environments)
        for (auto const region : regions) {
            Settings::Connection connection;
            connection.id = std::string(environment) + "-" + std::string(region);
            connection.account = account.account;
            connection.region = region;
            connection.topic_arn = "arn:aws:sns:" + connection.region + ":" + account.account + ":convops-alarms-"
                + std::string(environment);
            all.push_back(std::move(connection));
        }
    return all;
}

Result<std::vector<Delivery>> make_load(
    RecordedAccount const& account, DemoTopic const& topic, LoadOptions const& options) {
    auto const all = connections(account);
    std::vector<DemoTopic> topics;
    for (auto const& connection : all)
        topics.push_back(topic.with_arn(connection.topic_arn));
    Dice dice;
    std::map<std::array<int, 3>, AlarmState> states;
    std::vector<Delivery> load;
    while (load.size() < static_cast<std::size_t>(options.alarms)) {
        Delivery delivery;
        auto const due = options.duration.count() * static_cast<std::int64_t>(load.size()) / options.alarms;
        delivery.due = Milliseconds { due };
        // Half of all come from the Region that is down, and half of those from a third of its services.
        bool const hot = dice.below(2) == 0;
        delivery.connection = hot ? 0 : static_cast<std::size_t>(dice.below(static_cast<int>(all.size())));
        auto const service = dice.below(hot ? services / 3 : services);
        auto const number = dice.below(alarms_of_service);
        auto& state = states[{ static_cast<int>(delivery.connection), service, number }];
        state.fires = !state.fires;
        delivery.message = message_for(
            account, all[delivery.connection], service, number, state.fires, options.begins_at + delivery.due);
        load.push_back(std::move(delivery));
        if (dice.below(100) < duplicates_in_hundred && load.size() < static_cast<std::size_t>(options.alarms)) {
            auto again = load.back();
            again.duplicate = true;
            load.push_back(std::move(again)); // its time and body follow below
        }
    }
    TRY(sign_all(load, topics, options.begins_at));
    for (std::size_t i = 1; i < load.size(); ++i)
        if (load[i].duplicate) {
            load[i].body = load[i - 1].body;
            load[i].due = std::min(load[i - 1].due + duplicate_after, options.duration);
        }
    std::stable_sort(load.begin(), load.end(), [](auto const& a, auto const& b) { return a.due < b.due; });
    return load;
}

// --- Posting ---

namespace {

class Socket {
public:
    Socket() = default;
    ~Socket() { close(); }
    Socket(Socket const&) = delete;
    Socket& operator=(Socket const&) = delete;

    bool open(std::uint16_t port) {
        close();
        descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        timeval const patience { 15, 0 }; // SNS's own: it waits 15 s for an answer
        ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        int const yes = 1;
        ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    void close() {
        if (descriptor_ >= 0)
            ::close(descriptor_);
        descriptor_ = -1;
    }
    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

    // The status of the answer; 0 when the connection ended before.
    int exchange(std::string_view bytes) {
        while (!bytes.empty()) {
            auto const sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return 0;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        std::string received;
        std::array<char, 4096> buffer {};
        while (true) {
            auto const end = received.find("\r\n\r\n");
            if (end != std::string::npos) {
                auto const at = received.find("Content-Length: ");
                auto const length
                    = at == std::string::npos || at > end ? 0 : std::strtoul(received.c_str() + at + 16, nullptr, 10);
                if (received.size() >= end + 4 + length)
                    return std::atoi(received.c_str() + 9);
            }
            auto const count = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
            if (count <= 0)
                return 0;
            received.append(buffer.data(), static_cast<std::size_t>(count));
        }
    }

private:
    int descriptor_ = -1;
};

std::string request_for(Delivery const& delivery, Settings::Connection const& connection, bool keep) {
    return "POST /v1/sns/" + connection.id
        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Amazon Simple Notification Service Agent\r\n"
          "x-amz-sns-message-type: Notification\r\nContent-Type: text/plain; charset=UTF-8\r\n"
        + (keep ? "" : "Connection: close\r\n") + "Content-Length: " + std::to_string(delivery.body.size())
        + "\r\n\r\n" + delivery.body;
}

} // namespace

std::vector<Posted> post_all(std::span<Delivery const> load, std::vector<Settings::Connection> const& connections,
    std::uint16_t port, Clock& clock) {
    std::vector<Posted> posted(load.size());
    std::atomic<std::size_t> next { 0 };
    auto const begin = clock.monotonic();
    auto const elapsed = [&] { return std::chrono::duration<double, std::milli>(clock.monotonic() - begin).count(); };
    auto const send = [&](bool keep) {
        Socket socket;
        for (auto i = next++; i < load.size(); i = next++) {
            auto const& delivery = load[i];
            auto const due = static_cast<double>(delivery.due.count());
            clock.wait(Milliseconds { static_cast<std::int64_t>(std::max(0.0, due - elapsed())) });
            auto const request = request_for(delivery, connections[delivery.connection], keep);
            auto& result = posted[i];
            while (!result.acknowledged && result.tries < most_tries) {
                if (result.tries++ > 0)
                    clock.wait(try_again_after);
                if (!socket.is_open() && !socket.open(port)) {
                    socket.close();
                    continue;
                }
                auto const status = socket.exchange(request);
                result.acknowledged = status == 200;
                if (!keep || status != 200)
                    socket.close();
            }
            result.milliseconds = elapsed() - due;
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kept_senders + new_senders; ++i)
        threads.emplace_back([&, i] { send(i < kept_senders); });
    for (auto& thread : threads)
        thread.join();
    return posted;
}

} // namespace convops::storm
