// The small pages around the free audit: sign up, create the role, wait, delete. No script. Every value is escaped.
#pragma once

#include <string>

namespace convops {

inline constexpr std::string_view public_audit_policy
    = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

std::string audit_sign_up_page();
std::string audit_mail_sent_page();

struct AuditRolePage {
    std::string token;
    std::string external_id;
    std::string principal; // ARN that the role must trust
    std::string problem; // what was wrong with the last try; may be empty
    std::string mail, role_arn, regions; // as they were typed
};
std::string audit_role_page(AuditRolePage const& page);

// Reloads itself every few seconds.
std::string audit_waiting_page(std::size_t calls_done, std::size_t calls_planned, bool running);
std::string audit_message_page(std::string_view title, std::string_view text);
std::string audit_deletion_page(std::string_view id);

} // namespace convops
