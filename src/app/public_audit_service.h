// The free audit as part of a server: mailer, pages, and the one thread that runs the audits, one after the other.
#pragma once

#include "app/public_audit_routes.h"
#include "app/settings.h"

#include <condition_variable>
#include <thread>

namespace convops {

struct PublicAuditSurroundings {
    Store& store;
    Clock& clock;
    Entropy& entropy;
    Http& http;
    WorkspaceId workspace;
    EnvironmentLookup environment;
    std::function<Result<>(AuditRole const&)> try_role;
    std::function<Result<std::unique_ptr<Aws>>(AuditRole const&)> open_role;
};

// Where mails are written when no key is set.
std::filesystem::path mail_outbox(Settings const& settings);

class PublicAuditService {
public:
    // not_found: the key of Resend is named and not there.
    static Result<std::unique_ptr<PublicAuditService>> create(
        Settings const& settings, PublicAuditSurroundings const& surroundings);
    ~PublicAuditService(); // stop()

    std::vector<HttpRoute> routes();
    void start(); // goes on with what a crash interrupted
    void stop(); // after the audit that runs; idempotent

private:
    PublicAuditService(MailSettings mail, PublicAuditSurroundings const& surroundings, std::string public_url,
        std::string principal);
    void work();
    void wake();

    Mailer mailer_;
    PublicAudits audits_;
    std::mutex mutex_;
    std::condition_variable has_work_;
    bool wanted_ = true;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace convops
