#include "adapters/http/curl_http.h"

#include "adapters/clock/system_clock.h"
#include "adapters/http/url.h"
#include "base/check.h"
#include "base/text.h"

#include <curl/curl.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace convops {

namespace {

constexpr std::size_t most_header_bytes = 256 * 1024; // AWS answers stay below 8 KiB of headers.
constexpr std::size_t most_idle_easy_handles = 64;
constexpr int poll_milliseconds = 1'000; // libcurl's own timers shorten it.
constexpr int poll_milliseconds_when_idling_counts = 100; // How late an idle time-out may be noticed.

// The network keeps real time whatever clock the rest of the program is given, as libcurl's own time-outs do.
SystemClock const real_time;

struct Batch {
    std::mutex mutex;
    std::condition_variable done;
    std::size_t remaining = 0;

    void one_ended() {
        // Notified under the lock: the waiter owns this object and leaves as soon as it sees zero.
        std::scoped_lock const lock(mutex);
        if (--remaining == 0)
            done.notify_one();
    }
    void wait() {
        std::unique_lock lock(mutex);
        done.wait(lock, [this] { return remaining == 0; });
    }
};

struct Exchange {
    HttpRequest const* request = nullptr;
    UrlParts url;
    HttpResponse response;
    Result<HttpResponse>* answer = nullptr;
    Batch* batch = nullptr;
    CURL* easy = nullptr;
    curl_slist* headers = nullptr;
    std::size_t header_bytes = 0;
    bool too_large = false;
    bool stopped = false; // by the request's on_bytes
    std::chrono::nanoseconds last_byte {}; // when it came, or the start as long as none has
    char curl_says[CURL_ERROR_SIZE] = {};
};

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* to) {
    auto& exchange = *static_cast<Exchange*>(to);
    if (exchange.response.body.size() + count > exchange.request->most_response_bytes) {
        exchange.too_large = true;
        return 0;
    }
    exchange.response.body.append(bytes, count);
    exchange.last_byte = real_time.monotonic();
    if (exchange.request->on_bytes) {
        long status = 0;
        curl_easy_getinfo(exchange.easy, CURLINFO_RESPONSE_CODE, &status);
        if (exchange.request->on_bytes(static_cast<int>(status), { bytes, count }) == HttpRequest::Flow::stop) {
            exchange.stopped = true;
            return 0; // libcurl ends the transfer; finish() knows that it was asked for.
        }
    }
    return count;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* to) {
    auto& exchange = *static_cast<Exchange*>(to);
    exchange.header_bytes += count;
    exchange.last_byte = real_time.monotonic();
    if (exchange.header_bytes > most_header_bytes) {
        exchange.too_large = true;
        return 0;
    }
    std::string_view const line(bytes, count);
    if (line.starts_with("HTTP/")) // A new head, after 100 Continue for example.
        exchange.response.headers.clear();
    auto const colon = line.find(':');
    if (colon != std::string_view::npos)
        exchange.response.headers.emplace_back(to_lower(line.substr(0, colon)), trim(line.substr(colon + 1)));
    return count;
}

Error error_of(Exchange const& exchange, CURLcode code) {
    // Host and reason only: a query may hold a signature.
    auto const where = exchange.url.authority();
    if (exchange.too_large)
        return { ErrorKind::corrupt,
            where + ": the answer is over the limit of " + std::to_string(exchange.request->most_response_bytes)
                + " bytes" };
    std::string const why = exchange.curl_says[0] != '\0' ? exchange.curl_says : curl_easy_strerror(code);
    auto kind = ErrorKind::unavailable;
    if (code == CURLE_OPERATION_TIMEDOUT)
        kind = ErrorKind::timeout;
    else if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
        kind = ErrorKind::invalid_input;
    return { kind, where + ": " + shorten(clean_utf8(replace_all(why, "\n", " ")), 300) };
}

bool has_header(HttpRequest const& request, std::string_view lower_case_name) {
    return std::ranges::any_of(
        request.headers, [&](auto const& header) { return to_lower(header.first) == lower_case_name; });
}

bool is_header_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

bool is_header_value(std::string_view value) {
    return value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

Result<UrlParts> accepted_url(HttpRequest const& request, CurlHttpOptions const& options) {
    auto url = TRY(parse_url(request.url));
    bool const may_be_plain = options.plain_http_beyond_loopback || is_loopback_host(url.host)
        || std::ranges::find(options.plain_http_hosts, url.host) != options.plain_http_hosts.end();
    if (url.scheme == "http" && !may_be_plain)
        return Error { ErrorKind::invalid_input, url.host + ": http:// is allowed for loopback only; use https://" };
    if (options.host_allowed && !options.host_allowed(url.host))
        return Error { ErrorKind::invalid_input, url.host + ": not on the list of hosts this program may reach" };
    if (request.body.size() > options.most_request_bytes)
        return Error { ErrorKind::invalid_input, url.host + ": the request body is over the limit" };
    if (!is_header_name(request.method))
        return Error { ErrorKind::invalid_input, url.host + ": the method is not a token" };
    for (auto const& [name, value] : request.headers)
        if (!is_header_name(name) || !is_header_value(value))
            return Error { ErrorKind::invalid_input, url.host + ": a header has a control byte in it" };
    return url;
}

curl_slist* header_list(HttpRequest const& request) {
    curl_slist* list = nullptr;
    auto const add = [&list](std::string const& line) {
        auto* longer = curl_slist_append(list, line.c_str());
        CHECK(longer != nullptr);
        list = longer;
    };
    for (auto const& [name, value] : request.headers)
        add(value.empty() ? name + ";" : name + ": " + value); // "Name;" is libcurl's spelling of an empty value.
    add("Expect:"); // Waiting for 100 Continue costs a round trip.
    if (!has_header(request, "content-type"))
        add("Content-Type:"); // libcurl would claim a form.
    return list;
}

void set_request(CURL* easy, Exchange& exchange, CurlHttpOptions const& options) {
    auto const& request = *exchange.request;
    auto const set
        = [easy](CURLoption option, auto value) { CHECK(curl_easy_setopt(easy, option, value) == CURLE_OK); };
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PATH_AS_IS, 1L); // The signature covers the path as it was written.
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_NOSIGNAL, 1L);
    // libcurl 7.88.1 re-sends, POSTs too, when a reused connection dies before the first byte; a fresh one never is.
    // https://curl.se/libcurl/c/CURLOPT_FRESH_CONNECT.html
    set(CURLOPT_FRESH_CONNECT, request.resend == HttpRequest::Resend::once ? 1L : 0L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options.certificate_file.empty())
        set(CURLOPT_CAINFO, options.certificate_file.c_str());
    set(CURLOPT_PROXY, options.proxy.c_str()); // "" also ignores the environment.
    set(CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(request.timeout.count())));
    set(CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, static_cast<long>(request.connect_timeout.count())));
    if (!has_header(request, "user-agent"))
        set(CURLOPT_USERAGENT, "convops/0.1");
    if (request.method == "HEAD") {
        set(CURLOPT_NOBODY, 1L);
    } else if (request.method != "GET" || !request.body.empty()) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(CURLOPT_POSTFIELDS, request.body.data());
        if (request.method != "POST")
            set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    exchange.headers = header_list(request);
    set(CURLOPT_HTTPHEADER, exchange.headers);
    set(CURLOPT_WRITEFUNCTION, &take_body);
    set(CURLOPT_WRITEDATA, &exchange);
    set(CURLOPT_HEADERFUNCTION, &take_header);
    set(CURLOPT_HEADERDATA, &exchange);
    set(CURLOPT_ERRORBUFFER, exchange.curl_says);
    set(CURLOPT_PRIVATE, &exchange);
}

} // namespace

bool is_loopback_host(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    if (to_lower(host) == "localhost" || host == "::1")
        return true;
    auto const numbers = split(host, '.');
    return numbers.size() == 4 && numbers[0] == "127" && std::ranges::all_of(numbers, [](std::string const& number) {
        return !number.empty() && number.size() <= 3 && number.find_first_not_of("0123456789") == std::string::npos;
    });
}

// Owns the multi handle. Everything below `run` happens on its thread.
class CurlHttp::Loop {
public:
    explicit Loop(CurlHttpOptions options)
        : options_(std::move(options)) {
        static bool const ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
        CHECK(ready);
        multi_ = curl_multi_init();
        CHECK(multi_ != nullptr);
        curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, options_.most_connections);
        curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, options_.most_connections_per_host);
        curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, options_.most_connections);
        curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
        thread_ = std::thread([this] { run(); });
    }

    ~Loop() {
        stopping_ = true;
        curl_multi_wakeup(multi_);
        thread_.join();
        for (auto* easy : idle_)
            curl_easy_cleanup(easy);
        curl_multi_cleanup(multi_);
    }

    [[nodiscard]] CurlHttpOptions const& options() const { return options_; }

    void add(std::span<Exchange* const> exchanges) {
        {
            std::scoped_lock const lock(mutex_);
            waiting_.insert(waiting_.end(), exchanges.begin(), exchanges.end());
        }
        curl_multi_wakeup(multi_);
    }

private:
    void run() {
        while (!stopping_) {
            start_waiting();
            int running = 0;
            curl_multi_perform(multi_, &running);
            finish_ended();
            finish_idle();
            curl_multi_poll(multi_, nullptr, 0,
                idling_counts() ? poll_milliseconds_when_idling_counts : poll_milliseconds, nullptr);
        }
        for (auto* exchange : std::set<Exchange*>(running_))
            finish(*exchange, CURLE_ABORTED_BY_CALLBACK);
        std::scoped_lock const lock(mutex_);
        for (auto* exchange : waiting_)
            answer(*exchange, Error { ErrorKind::unavailable, "the HTTP client was closed" });
        waiting_.clear();
    }

    void start_waiting() {
        std::deque<Exchange*> starting;
        {
            std::scoped_lock const lock(mutex_);
            starting.swap(waiting_);
        }
        for (auto* exchange : starting)
            start(*exchange);
    }

    void start(Exchange& exchange) {
        if (idle_.empty()) {
            exchange.easy = curl_easy_init();
            CHECK(exchange.easy != nullptr);
        } else {
            exchange.easy = idle_.back();
            idle_.pop_back();
        }
        set_request(exchange.easy, exchange, options_);
        exchange.last_byte = real_time.monotonic();
        running_.insert(&exchange);
        if (curl_multi_add_handle(multi_, exchange.easy) != CURLM_OK)
            finish(exchange, CURLE_FAILED_INIT);
    }

    void finish_ended() {
        int left = 0;
        while (auto const* message = curl_multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE)
                continue;
            Exchange* exchange = nullptr;
            auto const code = message->data.result; // Read before the handle leaves: the message dies with it.
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
            finish(*exchange, code);
        }
    }

    [[nodiscard]] bool idling_counts() const {
        return std::ranges::any_of(
            running_, [](auto const* each) { return each->request->idle_timeout.count() > 0; });
    }

    void finish_idle() {
        auto const now = real_time.monotonic();
        std::vector<Exchange*> idle;
        for (auto* exchange : running_)
            if (exchange->request->idle_timeout.count() > 0
                && now - exchange->last_byte > exchange->request->idle_timeout)
                idle.push_back(exchange);
        for (auto* exchange : idle)
            finish(*exchange, CURLE_OPERATION_TIMEDOUT);
    }

    void finish(Exchange& exchange, CURLcode code) {
        long status = 0;
        curl_easy_getinfo(exchange.easy, CURLINFO_RESPONSE_CODE, &status);
        curl_multi_remove_handle(multi_, exchange.easy);
        curl_easy_reset(exchange.easy); // Forgets headers, body and the pointers into this exchange.
        curl_slist_free_all(exchange.headers);
        if (idle_.size() < most_idle_easy_handles)
            idle_.push_back(exchange.easy);
        else
            curl_easy_cleanup(exchange.easy);
        running_.erase(&exchange);
        exchange.response.status = static_cast<int>(status);
        if (code == CURLE_OK || exchange.stopped)
            answer(exchange, std::move(exchange.response));
        else
            answer(exchange, error_of(exchange, code));
    }

    static void answer(Exchange& exchange, Result<HttpResponse> result) {
        *exchange.answer = std::move(result);
        exchange.batch->one_ended(); // The exchange may be gone after this.
    }

    CurlHttpOptions options_;
    CURLM* multi_ = nullptr;
    std::vector<CURL*> idle_;
    std::set<Exchange*> running_;
    std::mutex mutex_;
    std::deque<Exchange*> waiting_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

CurlHttp::CurlHttp(CurlHttpOptions options)
    : loop_(std::make_unique<Loop>(std::move(options))) { }

CurlHttp::~CurlHttp() = default;

Result<HttpResponse> CurlHttp::send(HttpRequest const& request) {
    return std::move(send_all(std::span(&request, 1)).front());
}

std::vector<Result<HttpResponse>> CurlHttp::send_all(std::span<HttpRequest const> requests) {
    std::vector<Result<HttpResponse>> answers(requests.size(), Error { ErrorKind::unavailable, "not sent" });
    std::deque<Exchange> exchanges; // Stable addresses.
    std::vector<Exchange*> starting;
    Batch batch;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        auto url = accepted_url(requests[i], loop_->options());
        if (!url) {
            answers[i] = url.error();
            continue;
        }
        auto& exchange = exchanges.emplace_back();
        exchange.request = &requests[i];
        exchange.url = *std::move(url);
        exchange.answer = &answers[i];
        exchange.batch = &batch;
        starting.push_back(&exchange);
    }
    if (starting.empty())
        return answers;
    batch.remaining = starting.size();
    loop_->add(starting);
    batch.wait();
    return answers;
}

} // namespace convops
