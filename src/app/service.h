// The server as a whole: store, engine, outbox, HTTP server and queue pollers, wired from the settings.
#pragma once

#include "app/performer.h"
#include "app/settings.h"
#include "app/sqs_intake.h"

namespace convops {

// The outside world of a service; everything outlives it. The demo and the tests bring their own AWS.
struct ServiceWorld {
    Clock& clock;
    Entropy& entropy;
    Http& http;
    std::function<Result<std::unique_ptr<Aws>>(Settings::Connection const&)> open_aws;
    std::function<Result<std::unique_ptr<Aws>>(Settings::Connection const&)> open_intake; // for the user's own queue
    EnvironmentLookup environment; // secrets, CONVOPS_SLACK_URL and the like
    ProgressObserver progress; // for the demo; may be empty
    bool whatsapp_session = false; // a person has written within 24 hours, so free text arrives
    // Assumes the connection's role and asks who it is; for the free audit. Empty: there is none.
    std::function<Result<>(Settings::Connection const&)> try_role {};
};

class Service {
public:
    // Serves from now on. Errors: invalid_input (settings), not_found (a secret), unavailable (address, store).
    static Result<std::unique_ptr<Service>> start(Settings settings, ServiceWorld world);
    ~Service();
    Service(Service const&) = delete;
    Service& operator=(Service const&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    IncidentEngine& engine();
    [[nodiscard]] WorkspaceId const& workspace() const;
    [[nodiscard]] std::filesystem::path const& capsules() const;

    // Reads certificate and key again, for connections from now on. An error changes nothing.
    void reload_runbooks(); // what can not be used is logged and left out
    Result<> reload_certificate();
    // Takes no more, finishes what runs, closes the store. Idempotent.
    void stop();

private:
    struct Parts;
    explicit Service(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

// The HTTP client of a server may talk to these hosts and to no other: AWS, the chat APIs, the model that the
// settings name, and what an endpoint override of the settings or the environment names.
Result<std::function<bool(std::string_view host)>> allowed_hosts(
    Settings const& settings, std::map<std::string, std::string> const& environment);

} // namespace convops
