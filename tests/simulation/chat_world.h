// Slack, Slack's webhook and WhatsApp as the real channels see them through the port Http, and an AWS account behind
// the port Aws. Everything that goes wrong there is decided by one seed: answers that get lost after the message was
// taken, 429 with Retry-After, 5xx before or after, resets, throttling storms, denied and late reads.
#pragma once

#include "adapters/memory/simulated_clock.h"
#include "evidence/small_account.h"
#include "ports/http.h"

namespace convops::simulation {

// Per cent of the requests.
struct ChatOdds {
    int lost_answer = 0; // taken, and nobody is told
    int reset = 0; // not taken
    int server_error = 0; // half of them after the message was taken
    int rate_limited = 0;
    int crash = 0; // of our process: half of them before, half after the message was taken
};

class ChatServices final : public Http {
public:
    ChatServices(SimulatedClock& clock, SeededEntropy& dice)
        : clock_(clock)
        , dice_(dice) { }

    Result<HttpResponse> send(HttpRequest const& request) override;
    std::vector<Result<HttpResponse>> send_all(std::span<HttpRequest const> requests) override;

    struct Taken {
        std::string key; // idempotency key
        std::string channel; // "slack", "slack_webhook", "whatsapp"
        std::string address;
        bool posted = true; // false: an edit
        std::string body;
    };
    ChatOdds odds;
    std::vector<Taken> taken;
    std::set<std::string> uncertain; // keys whose fate we could not know: a repeat of these is no surprise
    std::vector<std::string> broken; // promises about how fast we write
    int posts_repeated = 0;
    // Our process has died: what was taken and not recorded is uncertain from now on. `recorded` says which were.
    void we_died(std::set<std::string> const& recorded);

private:
    struct Message {
        std::string ts;
        std::string thread;
        std::string key;
    };
    HttpResponse slack(std::string const& method, HttpRequest const& request);
    HttpResponse found(std::string const& address, std::string const& thread);
    HttpResponse take(HttpRequest const& request);
    void keep(Taken one);
    void check_pace(std::string const& address);
    std::optional<HttpResponse> refusal();

    SimulatedClock& clock_;
    SeededEntropy& dice_;
    std::map<std::string, std::vector<Message>> channels_;
    std::map<std::string, std::chrono::nanoseconds> posted_at_; // since our last start
    std::optional<std::chrono::nanoseconds> slack_closed_until_; // by a 429
    std::chrono::nanoseconds sent_at_ { 0 }; // of the request at hand
    int numbers_ = 0;
};

// The small account, with faults that depend on the seed, the call and the moment alone.
class StormyAws final : public Aws {
public:
    StormyAws(SimulatedClock& clock, std::uint64_t seed, int fault_percent)
        : clock_(clock)
        , seed_(seed)
        , fault_percent_(fault_percent) {
        add_ecs(account_);
        add_load_balancer(account_);
    }
    Result<Json> call(AwsCall const& call) override;
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override;
    [[nodiscard]] int calls_made() const override { return calls_; }
    [[nodiscard]] std::string account() const override { return account_.account(); }
    [[nodiscard]] std::string region() const override { return account_.region(); }

private:
    SimulatedClock& clock_;
    std::uint64_t seed_;
    int fault_percent_;
    int calls_ = 0;
    FakeAws account_;
};

} // namespace convops::simulation
