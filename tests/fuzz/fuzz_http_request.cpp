// Bytes of a connection -> requests: the same requests whether they come at once or byte by byte, all within limits.
#include "target.h"

#include "adapters/server/request_reader.h"
#include "base/check.h"

namespace convops::fuzz {

namespace {

constexpr RequestLimits limits { .header_bytes = 2048, .body_bytes = 4096 };
using State = RequestReader::State;

struct Seen {
    std::vector<ServerRequest> requests;
    State end = State::empty;
    int refusal = 0;
};

Seen read(std::string_view bytes, std::size_t step) {
    Seen seen;
    RequestReader reader(limits);
    auto const take_all = [&] {
        while (reader.state() == State::complete) {
            seen.requests.push_back(reader.take());
            CHECK(seen.requests.back().body.size() <= limits.body_bytes);
        }
    };
    for (std::size_t at = 0; at < bytes.size() && reader.state() != State::broken; at += step) {
        reader.feed(bytes.substr(at, step));
        take_all();
        static_cast<void>(reader.wants_continue());
    }
    seen.end = reader.state();
    if (seen.end == State::broken)
        seen.refusal = reader.refusal().status;
    return seen;
}

} // namespace

void one(std::string_view bytes) {
    if (bytes.size() > 64 * 1024)
        return;
    auto const whole = read(bytes, bytes.size() + 1);
    auto const dripped = read(bytes, 1);
    CHECK(whole.refusal == 0 || whole.refusal == 400 || whole.refusal == 413 || whole.refusal == 431);
    // Requests that both saw are the same. Which limit is met first may depend on how the bytes come.
    for (std::size_t i = 0; i < std::min(whole.requests.size(), dripped.requests.size()); ++i) {
        CHECK(whole.requests[i].path == dripped.requests[i].path);
        CHECK(whole.requests[i].method == dripped.requests[i].method);
        CHECK(whole.requests[i].body == dripped.requests[i].body);
    }
    if (whole.refusal == 0 && dripped.refusal == 0)
        CHECK(whole.requests.size() == dripped.requests.size());
}

} // namespace convops::fuzz
