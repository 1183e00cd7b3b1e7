#include "adapters/server/request_reader.h"

#include "base/check.h"
#include "base/text.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

namespace convops {

namespace http = boost::beast::http;

std::string ServerRequest::header(std::string_view lower_case_name) const {
    for (auto const& [name, value] : headers)
        if (name == lower_case_name)
            return value;
    return {};
}

struct RequestReader::Parsing {
    explicit Parsing(RequestLimits const& limits) {
        // Beast limits header and body in 32 and 64 bits.
        parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
        parser.body_limit(limits.body_bytes);
        parser.eager(true);
    }
    http::request_parser<http::string_body> parser;
    bool continue_asked = false;
};

RequestReader::RequestReader(RequestLimits limits)
    : limits_(limits) { }
RequestReader::~RequestReader() = default;

RequestReader::State RequestReader::state() const {
    return state_;
}

bool RequestReader::keep_alive() const {
    return keep_alive_;
}

HttpReply const& RequestReader::refusal() const {
    return refusal_;
}

RequestReader::State RequestReader::feed(std::string_view bytes) {
    if (state_ == State::broken)
        return state_;
    pending_.append(bytes);
    if (state_ == State::complete) {
        // Pipelined ahead of the answer. A client may do so, but not without end.
        if (pending_.size() > limits_.header_bytes + limits_.body_bytes) {
            state_ = State::broken;
            refusal_ = error_reply(413, "too much sent ahead of the answer");
        }
        return state_;
    }
    return advance();
}

namespace {

HttpReply refusal_for(boost::system::error_code const& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return error_reply(431, "the request's headers are too large");
    if (error == http::error::body_limit)
        return error_reply(413, "the request's body is too large");
    return error_reply(400, "not a well-formed HTTP request");
}

} // namespace

RequestReader::State RequestReader::advance() {
    if (pending_.empty() && !parsing_)
        return state_ = State::empty;
    if (!parsing_)
        parsing_ = std::make_unique<Parsing>(limits_);
    auto& parser = parsing_->parser;
    std::size_t used = 0;
    while (used < pending_.size() && !parser.is_done()) {
        // Beast 1.81 asserts that it sees the end of a chunked body, "0 CRLF CRLF", with five bytes or more at once.
        // No chunked body ends with fewer, so waiting for them never waits in vain. Found by tests/fuzz.
        if (parser.is_header_done() && parser.chunked() && pending_.size() - used < 5)
            break;
        boost::system::error_code error;
        used += parser.put(boost::asio::buffer(pending_.data() + used, pending_.size() - used), error);
        if (error == http::error::need_more)
            break;
        if (error) {
            refusal_ = refusal_for(error);
            parsing_.reset();
            pending_ = {};
            return state_ = State::broken;
        }
    }
    pending_.erase(0, used);
    if (pending_.empty())
        pending_.shrink_to_fit();
    if (parser.is_done())
        return state_ = State::complete;
    if (!parser.is_header_done() && pending_.size() > limits_.header_bytes) {
        // Beast checks its limit when a header line is complete; a single endless line is ours to stop.
        refusal_ = error_reply(431, "the request's headers are too large");
        return state_ = State::broken;
    }
    return state_ = parser.is_header_done() ? State::body : State::header;
}

bool RequestReader::wants_continue() {
    if (state_ != State::body || !parsing_ || parsing_->continue_asked)
        return false;
    auto const expect = parsing_->parser.get()[http::field::expect];
    if (to_lower({ expect.data(), expect.size() }) != "100-continue")
        return false;
    parsing_->continue_asked = true;
    return true;
}

ServerRequest RequestReader::take() {
    CHECK(state_ == State::complete && parsing_);
    auto message = parsing_->parser.release();
    keep_alive_ = message.keep_alive();
    ServerRequest request;
    auto const method = message.method_string();
    request.method.assign(method.data(), method.size());
    std::string_view const target(message.target().data(), message.target().size());
    auto const mark = target.find('?');
    request.path = std::string(target.substr(0, mark));
    if (mark != std::string_view::npos)
        request.query = std::string(target.substr(mark + 1));
    for (auto const& field : message) {
        auto const name = field.name_string();
        request.headers.emplace_back(
            to_lower({ name.data(), name.size() }), std::string(field.value().data(), field.value().size()));
    }
    request.body = std::move(message.body());
    parsing_.reset();
    advance();
    return request;
}

HttpReply error_reply(int status, std::string_view message) {
    JsonObject body;
    body["error"] = boost::json::string_view(message.data(), message.size());
    HttpReply reply;
    reply.status = status;
    reply.body = to_text(body) + "\n";
    return reply;
}

std::string to_bytes(HttpReply const& reply, bool keep_alive, bool head_only) {
    auto const reason = http::obsolete_reason(static_cast<http::status>(reply.status));
    std::string bytes = "HTTP/1.1 " + std::to_string(reply.status) + " ";
    bytes.append(reason.data(), reason.size());
    bytes += "\r\n";
    auto const add = [&](std::string_view name, std::string_view value) {
        // A line break in a value would start a header of somebody else's choice.
        CHECK(value.find_first_of("\r\n") == std::string_view::npos);
        bytes.append(name).append(": ").append(value).append("\r\n");
    };
    bool const bodiless = reply.status == 204 || reply.status == 304;
    if (!bodiless) {
        add("Content-Type", reply.content_type);
        add("Content-Length", std::to_string(reply.body.size()));
    }
    add("Cache-Control", "no-store");
    for (auto const& [name, value] : reply.headers)
        add(name, value);
    add("Connection", keep_alive ? "keep-alive" : "close");
    bytes += "\r\n";
    if (!head_only && !bodiless)
        bytes += reply.body;
    return bytes;
}

} // namespace convops
