// The free audit for everybody: an e-mail address, a role that asks for our external ID, a report behind an
// unguessable link. What a stranger sends decides nothing before it is checked.
#pragma once

#include "app/audit.h"
#include "app/mail.h"
#include "ports/store.h"

namespace convops {

struct PublicAuditLimits {
    int registrations_a_day_of_mail = 3;
    int registrations_a_day_of_address = 20; // an IPv6 network of 64 bits counts as one
    int registrations_a_day = 1'000; // of everybody together: what strangers can have us mail is bounded
    int tries_of_a_token = 20; // each asks AWS about a role three times
    int runs_of_an_audit = 2; // one that ended the process twice is given up
    std::size_t waiting = 100; // audits that wait; more are refused with "try again later"
};

// A role that can be assumed, or not.
struct AuditRole {
    std::string role_arn;
    std::string external_id; // empty: none is sent
    std::string region;
};

struct PublicAuditWorld {
    Store& store;
    Clock& clock;
    Entropy& entropy;
    Mailer& mailer;
    WorkspaceId workspace;
    std::string public_url; // "https://ops.example.com"
    std::string principal; // ARN that the role must trust
    // Assumes the role and asks who it is; access_denied when it can not be assumed.
    std::function<Result<>(AuditRole const&)> try_role;
    std::function<Result<std::unique_ptr<Aws>>(AuditRole const&)> open_role;
    PublicAuditLimits limits;
};

struct PublicAuditRequest {
    std::string mail;
    std::string token; // of the mail
    std::string role_arn;
    std::string external_id;
    std::vector<std::string> regions; // 1 to 4
};

// What the page of an audit shows.
struct PublicAuditState {
    enum class Stage : std::uint8_t { waiting, running, done, failed };
    Stage stage = Stage::waiting;
    std::size_t calls_done = 0, calls_planned = 0;
    std::string why; // failed
    char grade = ' ';
    Time made_at {};
};

class PublicAudits {
public:
    explicit PublicAudits(PublicAuditWorld world)
        : world_(std::move(world)) { }

    // Mails a token (24 hours, single use) and an external ID. `address` is the peer's. Errors: invalid_input,
    // throttled, and what sending a mail can end with.
    Result<> register_mail(std::string const& mail, std::string const& address);
    // The external ID that was issued with this token; not_found when it is unknown, used or expired.
    Result<std::string> external_id_of(std::string const& token);
    // Uses the token up and queues the audit; gives the id of its page: 64 hexadecimal digits. Errors: invalid_input
    // (in words for the person), not_found (token), throttled.
    Result<std::string> request(PublicAuditRequest const& request);
    Result<PublicAuditState> state(std::string const& id);
    enum class Form : std::uint8_t { html, json };
    Result<std::string> report(std::string const& id, Form form);
    // Everything that belongs to the audit, at once. Unknown ids are fine: there is nothing left of them.
    Result<> remove(std::string const& id);

    // Runs the audit that has waited longest, and sends its mail. False: none waits. Called by one thread.
    bool run_next();

    [[nodiscard]] PublicAuditWorld const& world() const { return world_; }

private:
    struct Queued;
    Result<> count(std::string const& what, std::string const& who, int most);
    Result<> check_role(PublicAuditRequest const& request);
    Result<bool> begins(Queued const& queued, Time now);
    void run(Queued const& queued);
    Result<> keep_report(std::string const& hash, AuditReport const& report);
    Result<> set_state(std::string const& hash, PublicAuditState const& state);

    PublicAuditWorld world_;
};

} // namespace convops
