#include "app/bench_storm_load.h"

#include <arpa/inet.h>
#include <atomic>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace convops::storm {

namespace {

constexpr std::size_t connections_of_address = 10; // below any bound per address: they come from many machines
constexpr Milliseconds between_bytes { 1'000 };
constexpr std::string_view header = "POST /v1/sns/prod-eu-west-1 HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Padding: ";

struct Trickle {
    int descriptor = -1;
    std::size_t sent = 0;
};

// From an address of its own in 127.0.0.0/8, all of which is this machine.
int connect_from(std::size_t number, std::uint16_t port) {
    auto const descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return -1;
    sockaddr_in from {};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr
        = htonl(0x7F010001U + static_cast<std::uint32_t>(number / connections_of_address)); // 127.1.0.1 and on
    sockaddr_in to {};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bool const bound = ::bind(descriptor, reinterpret_cast<sockaddr*>(&from), sizeof from) == 0;
    if (bound && (::connect(descriptor, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0 || errno == EINPROGRESS))
        return descriptor;
    ::close(descriptor);
    return -1;
}

bool was_cut(int descriptor) {
    char byte = 0;
    auto const count = ::recv(descriptor, &byte, 1, MSG_DONTWAIT);
    return count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK) || count > 0;
}

} // namespace

struct SlowConnections::Attack {
    std::vector<Trickle> trickles;
    std::atomic<bool> stopping { false };
    std::atomic<int> cut { 0 };
    std::thread thread;

    void step(std::size_t number, std::uint16_t port) {
        auto& trickle = trickles[number];
        if (trickle.descriptor >= 0 && was_cut(trickle.descriptor)) {
            ::close(trickle.descriptor);
            trickle = {};
            ++cut;
        }
        if (trickle.descriptor < 0) {
            trickle.descriptor = connect_from(number, port);
            return;
        }
        char const byte = trickle.sent < header.size() ? header[trickle.sent] : 'x';
        if (::send(trickle.descriptor, &byte, 1, MSG_NOSIGNAL) == 1)
            ++trickle.sent;
    }
};

SlowConnections::SlowConnections(std::size_t count, std::uint16_t port, Clock& clock)
    : attack_(std::make_unique<Attack>()) {
    attack_->trickles.resize(count);
    if (count == 0)
        return;
    attack_->thread = std::thread([this, port, &clock] {
        while (!attack_->stopping) {
            for (std::size_t i = 0; i < attack_->trickles.size() && !attack_->stopping; ++i)
                attack_->step(i, port);
            clock.wait(between_bytes);
        }
    });
}

int SlowConnections::stop() {
    attack_->stopping = true;
    if (attack_->thread.joinable())
        attack_->thread.join();
    for (auto& trickle : attack_->trickles)
        if (trickle.descriptor >= 0) {
            attack_->cut += was_cut(trickle.descriptor) ? 1 : 0;
            ::close(trickle.descriptor);
            trickle = {};
        }
    return attack_->cut;
}

SlowConnections::~SlowConnections() {
    stop();
}

} // namespace convops::storm
