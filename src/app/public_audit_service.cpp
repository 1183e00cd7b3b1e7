#include "app/public_audit_service.h"

namespace convops {

namespace {

constexpr std::chrono::minutes looks_again_after { 1 };

PublicAuditWorld world_of(
    PublicAuditSurroundings const& surroundings, Mailer& mailer, std::string public_url, std::string principal) {
    return { surroundings.store, surroundings.clock, surroundings.entropy, mailer, surroundings.workspace,
        std::move(public_url), std::move(principal), surroundings.try_role, surroundings.open_role, {} };
}

} // namespace

std::filesystem::path mail_outbox(Settings const& settings) {
    auto const& own = settings.public_audit;
    return own.outbox.empty() ? std::filesystem::path(settings.server.state_dir) / "outbox"
                              : std::filesystem::path(own.outbox);
}

Result<std::unique_ptr<PublicAuditService>> PublicAuditService::create(
    Settings const& settings, PublicAuditSurroundings const& surroundings) {
    auto const& own = settings.public_audit;
    MailSettings mail;
    mail.from = own.mail_from;
    mail.resend_key = TRY(read_secret(own.resend_key_env, own.resend_key_file, surroundings.environment)
            .with_context("[public_audit]"));
    if (auto const url = surroundings.environment("CONVOPS_RESEND_URL"); url && !url->empty())
        mail.resend_url = *url;
    mail.outbox = mail_outbox(settings);
    return std::unique_ptr<PublicAuditService>(
        new PublicAuditService(std::move(mail), surroundings, settings.server.public_url, own.principal));
}

PublicAuditService::PublicAuditService(
    MailSettings mail, PublicAuditSurroundings const& surroundings, std::string public_url, std::string principal)
    : mailer_(std::move(mail), surroundings.http)
    , audits_(world_of(surroundings, mailer_, std::move(public_url), std::move(principal))) { }

PublicAuditService::~PublicAuditService() {
    stop();
}

std::vector<HttpRoute> PublicAuditService::routes() {
    return public_audit_routes(audits_, [this] { wake(); });
}

void PublicAuditService::wake() {
    {
        std::lock_guard const lock(mutex_);
        wanted_ = true;
    }
    has_work_.notify_one();
}

void PublicAuditService::start() {
    thread_ = std::thread([this] { work(); });
}

void PublicAuditService::work() {
    while (true) {
        {
            std::unique_lock lock(mutex_);
            // Also without a word: what the store refused just now is tried again.
            has_work_.wait_for(lock, looks_again_after, [this] { return wanted_ || stopping_; });
            if (stopping_)
                return;
            wanted_ = false;
        }
        while (audits_.run_next()) {
            std::lock_guard const lock(mutex_);
            if (stopping_)
                return;
        }
    }
}

void PublicAuditService::stop() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    has_work_.notify_one();
    if (thread_.joinable())
        thread_.join();
}

} // namespace convops
