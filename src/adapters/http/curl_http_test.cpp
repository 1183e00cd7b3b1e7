#include "adapters/http/curl_http.h"

#include "adapters/http/loopback.h"
#include "adapters/http/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>

namespace convops {
namespace {

using convops::testing::LoopbackServer;
using convops::testing::ok;
using ::testing::HasSubstr;
using ::testing::Not;

std::string numbered(int number) {
    return std::string("/").append(std::to_string(number));
}

HttpRequest get(std::string url) {
    return { .url = std::move(url) };
}

} // namespace

TEST(CurlHttp, an_answer_has_its_status_its_body_and_headers_in_lower_case) {
    LoopbackServer const server(
        [](auto const&) { return "HTTP/1.1 418 Teapot\r\nX-Some-Name:  a value \r\nContent-Length: 2\r\n\r\nhi"; });
    CurlHttp http;
    auto const response = http.send(get(server.url()));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 418);
    EXPECT_EQ(response->body, "hi");
    EXPECT_EQ(response->header("x-some-name"), "a value");
}

TEST(CurlHttp, a_request_goes_out_as_it_was_written) {
    std::string seen;
    LoopbackServer const server([&](std::string const& request) {
        seen = request;
        return ok("");
    });
    CurlHttp http;
    HttpRequest request { .method = "POST", .url = server.url("/a/../b%2F?q=1&r") };
    request.headers = { { "X-One", "1" }, { "X-Empty", "" } };
    request.body = std::string("zero\0byte", 9);
    ASSERT_TRUE(http.send(request));
    EXPECT_THAT(seen, HasSubstr("POST /a/../b%2F?q=1&r HTTP/1.1\r\n"));
    EXPECT_THAT(seen, HasSubstr("X-One: 1\r\n"));
    EXPECT_THAT(seen, HasSubstr("X-Empty:"));
    EXPECT_THAT(seen, Not(HasSubstr("Expect")));
    EXPECT_THAT(seen, Not(HasSubstr("Content-Type")));
    EXPECT_TRUE(seen.ends_with(request.body));
}

TEST(CurlHttp, the_body_is_seen_as_it_comes_and_reading_stops_when_asked) {
    // The answer promises more bytes than it sends: only stopping ends it early.
    LoopbackServer const server(
        [](auto const&) { return "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nfirst last rest"; });
    CurlHttp http;
    auto request = get(server.url());
    std::string seen;
    request.on_bytes = [&](int status, std::string_view piece) {
        EXPECT_EQ(status, 200);
        seen += piece;
        return seen.find("last") == std::string::npos ? HttpRequest::Flow::more : HttpRequest::Flow::stop;
    };
    auto const response = http.send(request);
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 200);
    EXPECT_THAT(response->body, HasSubstr("first last"));
    EXPECT_EQ(seen, response->body);
}

TEST(CurlHttp, a_server_that_falls_silent_is_a_timeout_long_before_the_whole_time_is_over) {
    LoopbackServer const server([](auto const&) { return "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"; });
    CurlHttp http;
    auto request = get(server.url());
    request.timeout = Milliseconds { 600'000 };
    request.idle_timeout = Milliseconds { 50 };
    std::string seen;
    request.on_bytes = [&](int, std::string_view piece) {
        seen += piece;
        return HttpRequest::Flow::more;
    };
    auto const response = http.send(request);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, ErrorKind::timeout);
    EXPECT_EQ(seen, "half");
}

TEST(CurlHttp, requests_together_are_answered_in_their_order) {
    LoopbackServer const server(
        [](std::string const& request) { return ok(request.substr(4, request.find(" HTTP") - 4)); });
    CurlHttp http({ .most_connections_per_host = 4 });
    std::vector<HttpRequest> requests;
    for (int i = 0; i < 60; ++i)
        requests.push_back(get(server.url(numbered(i))));
    auto const responses = http.send_all(requests);
    ASSERT_EQ(responses.size(), 60U);
    for (int i = 0; i < 60; ++i)
        EXPECT_EQ(responses[static_cast<std::size_t>(i)]->body, numbered(i));
    EXPECT_LE(server.connections(), 4);
}

TEST(CurlHttp, requests_together_are_really_out_at_the_same_time) {
    std::mutex mutex;
    std::condition_variable all_here;
    int here = 0;
    LoopbackServer const server([&](auto const&) {
        std::unique_lock lock(mutex);
        if (++here == 3)
            all_here.notify_all();
        all_here.wait(lock, [&] { return here == 3; }); // Nobody is answered before everybody has asked.
        return ok("");
    });
    CurlHttp http;
    for (auto const& response : http.send_all(std::vector<HttpRequest>(3, get(server.url()))))
        EXPECT_TRUE(response);
}

TEST(CurlHttp, a_connection_is_kept_for_the_next_request) {
    LoopbackServer const server([](auto const&) { return ok("x"); });
    CurlHttp http;
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE(http.send(get(server.url())));
    EXPECT_EQ(server.connections(), 1);
}

TEST(CurlHttp, an_answer_over_the_limit_is_corrupt) {
    LoopbackServer const server([](auto const&) { return ok(std::string(1000, 'x')); });
    CurlHttp http;
    auto request = get(server.url());
    request.most_response_bytes = 999;
    EXPECT_EQ(http.send(request).error().kind, ErrorKind::corrupt);
    request.most_response_bytes = 1000;
    EXPECT_TRUE(http.send(request));
}

TEST(CurlHttp, endless_headers_are_cut_off) {
    LoopbackServer const server([](auto const&) {
        std::string headers;
        for (int i = 0; i < 10'000; ++i)
            headers += "X-" + std::to_string(i) + ": " + std::string(60, 'x') + "\r\n";
        return ok("", headers);
    });
    CurlHttp http;
    EXPECT_EQ(http.send(get(server.url())).error().kind, ErrorKind::corrupt);
}

TEST(CurlHttp, a_silent_server_times_out) {
    std::promise<void> release;
    auto const released = release.get_future().share();
    LoopbackServer const server([released](auto const&) {
        released.wait();
        return std::string {};
    });
    CurlHttp http;
    auto request = get(server.url("/?signature=secret"));
    request.timeout = Milliseconds { 50 };
    auto const response = http.send(request);
    release.set_value();
    EXPECT_EQ(response.error().kind, ErrorKind::timeout);
    EXPECT_THAT(response.error().message, HasSubstr("127.0.0.1"));
    EXPECT_THAT(response.error().message, Not(HasSubstr("secret")));
}

TEST(CurlHttp, a_cut_answer_and_a_closed_port_are_unavailable) {
    int requests = 0;
    LoopbackServer const server([&](auto const&) {
        return requests++ == 0 ? "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhalf"
                               : std::string {};
    });
    std::string gone;
    {
        LoopbackServer const closed([](auto const&) { return ok(""); });
        gone = closed.url();
    }
    CurlHttp http;
    EXPECT_EQ(http.send(get(gone)).error().kind, ErrorKind::unavailable);
    auto request = get(server.url());
    request.timeout = Milliseconds { 200 }; // The half answer leaves the connection open.
    auto const half = http.send(request);
    ASSERT_FALSE(half);
    EXPECT_TRUE(half.error().kind == ErrorKind::unavailable || half.error().kind == ErrorKind::timeout);
    EXPECT_EQ(http.send(get(server.url())).error().kind, ErrorKind::unavailable);
}

TEST(CurlHttp, no_redirect_is_followed) {
    int requests = 0;
    LoopbackServer const server([&](auto const&) {
        ++requests;
        return "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
    });
    CurlHttp http;
    EXPECT_EQ(http.send(get(server.url()))->status, 302);
    EXPECT_EQ(requests, 1);
}

TEST(CurlHttp, proxies_of_the_environment_are_ignored) {
    LoopbackServer const server([](auto const&) { return ok("direct"); });
    for (auto const* name : { "http_proxy", "all_proxy", "HTTPS_PROXY" })
        setenv(name, "http://127.0.0.1:1", 1);
    CurlHttp http;
    auto const response = http.send(get(server.url()));
    for (auto const* name : { "http_proxy", "all_proxy", "HTTPS_PROXY" })
        unsetenv(name);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, "direct");
}

TEST(CurlHttp, what_may_not_be_reached_is_refused_before_a_connection) {
    LoopbackServer const server([](auto const&) { return ok(""); });
    CurlHttp plain;
    for (auto const* url :
        { "http://example.com/", "http://127.0.0.1.example.com/", "http://169.254.169.254/", "ftp://127.0.0.1/",
            "file:///etc/passwd", "http://user:word@127.0.0.1/", "https://", "http://127.0.0.1:99999/",
            "http:// 127.0.0.1/", "http://127.0.0.1\\@example.com/", "http://[::1/", "", "http://2130706433/" })
        EXPECT_EQ(plain.send(get(url)).error().kind, ErrorKind::invalid_input) << url;
    CurlHttp listed({ .host_allowed = [](std::string_view host) { return host == "allowed.example"; } });
    EXPECT_THAT(listed.send(get(server.url())).error().message, HasSubstr("list of hosts"));
    auto injected = get(server.url());
    injected.headers = { { "X-A", "b\r\nX-C: d" } };
    EXPECT_EQ(plain.send(injected).error().kind, ErrorKind::invalid_input);
    injected.headers = { { "X A", "b" } };
    EXPECT_EQ(plain.send(injected).error().kind, ErrorKind::invalid_input);
    injected.headers.clear();
    injected.method = "GET /other";
    EXPECT_EQ(plain.send(injected).error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(server.connections(), 0);
}

TEST(CurlHttp, a_refused_request_does_not_keep_the_others_from_going) {
    LoopbackServer const server([](auto const&) { return ok("x"); });
    CurlHttp http;
    auto const responses = http.send_all(std::vector { get("http://example.com/"), get(server.url()) });
    EXPECT_FALSE(responses[0]);
    EXPECT_TRUE(responses[1]);
    EXPECT_TRUE(http.send_all({}).empty());
}

TEST(CurlHttp, closing_the_client_ends_what_is_in_flight) {
    std::promise<void> asked;
    std::promise<void> release;
    auto const released = release.get_future().share();
    LoopbackServer const server([&asked, released](auto const&) {
        asked.set_value();
        released.wait();
        return std::string {};
    });
    auto http = std::make_unique<CurlHttp>();
    auto response = std::async(std::launch::async, [&http, &server] { return http->send(get(server.url())); });
    asked.get_future().wait();
    http.reset();
    EXPECT_EQ(response.get().error().kind, ErrorKind::unavailable);
    release.set_value();
}

TEST(CurlHttp, many_threads_share_one_client) {
    LoopbackServer const server(
        [](std::string const& request) { return ok(request.substr(4, request.find(" HTTP") - 4)); });
    CurlHttp http;
    std::vector<std::thread> threads;
    std::atomic<int> right = 0;
    for (int thread = 0; thread < 8; ++thread)
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 20; ++i) {
                auto const path = numbered(1000 * thread + i);
                auto const response = http.send(get(server.url(path)));
                right += response && response->body == path ? 1 : 0;
            }
        });
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(right, 160);
}

TEST(Url, is_taken_apart) {
    auto const url = *parse_url("HTTPS://Example.COM:8443/a%20b?x=1#top");
    EXPECT_EQ(url.scheme, "https");
    EXPECT_EQ(url.authority(), "example.com:8443");
    EXPECT_EQ(url.path, "/a%20b");
    EXPECT_EQ(url.query, "x=1");
    EXPECT_EQ(parse_url("http://[::1]:80?q")->authority(), "[::1]");
    EXPECT_EQ(parse_url("http://h?q")->path, "/");
}

TEST(Loopback, is_an_address_and_not_a_beginning) {
    for (auto const* host : { "localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]", "LOCALHOST" })
        EXPECT_TRUE(is_loopback_host(host)) << host;
    for (auto const* host :
        { "127.0.0.1.evil.example", "localhost.evil.example", "127.1", "127.0.0.x", "0.0.0.0", "", "10.0.0.1" })
        EXPECT_FALSE(is_loopback_host(host)) << host;
}

} // namespace convops
