// Bytes of one connection -> HTTP requests, with every size bounded. No I/O: the server feeds it, and the fuzzer too.
// Boost.Beast's parser is used in request_reader.cpp alone.
#pragma once

#include "base/json.h"
#include "ports/http.h"

#include <memory>

namespace convops {

struct ServerRequest {
    std::string method; // "POST"
    std::string path; // "/v1/sns/main", percent-encoding untouched
    std::string query; // without "?"
    HttpHeaders headers; // names in lower case
    std::string body;
    std::string peer; // address of the other side; personal data: for limits, never for logs

    [[nodiscard]] std::string header(std::string_view lower_case_name) const; // first value, or ""
};

struct HttpReply {
    int status = 200;
    std::string body;
    std::string content_type = "application/json";
    HttpHeaders headers; // further ones
};

struct RequestLimits {
    std::size_t header_bytes = std::size_t { 16 } * 1024;
    std::size_t body_bytes = std::size_t { 320 } * 1024; // most_sns_envelope_bytes: 256 KiB and the JSON around it
};

// One connection's requests, one after the other. Feed bytes until `complete`, take the request, go on.
class RequestReader {
public:
    enum class State : std::uint8_t {
        empty, // between requests: not one byte of the next
        header, // inside the request line or the headers
        body,
        complete,
        broken, // `refusal` says how to answer; the connection must close
    };

    explicit RequestReader(RequestLimits limits);
    ~RequestReader();
    RequestReader(RequestReader const&) = delete;
    RequestReader& operator=(RequestReader const&) = delete;

    State feed(std::string_view bytes);
    [[nodiscard]] State state() const;
    // The client waits for "100 Continue" before it sends the body. True once per request.
    bool wants_continue();
    // In `complete` only. Goes on with bytes that are already there: the state after it may be `complete` again.
    ServerRequest take();
    [[nodiscard]] bool keep_alive() const; // of the request last taken
    [[nodiscard]] HttpReply const& refusal() const; // in `broken` only: 400, 413, 431

private:
    struct Parsing;
    State advance();

    RequestLimits limits_;
    State state_ = State::empty;
    std::string pending_; // received, not yet parsed
    std::unique_ptr<Parsing> parsing_; // only while a request is being read: an idle connection holds almost nothing
    bool keep_alive_ = true;
    HttpReply refusal_;
};

// "HTTP/1.1 200 OK\r\n..." ready to send.
std::string to_bytes(HttpReply const& reply, bool keep_alive, bool head_only);
// {"error":"..."} in one line.
HttpReply error_reply(int status, std::string_view message);

} // namespace convops
