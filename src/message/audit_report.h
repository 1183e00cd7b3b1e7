// An audit for people and for other tools. Everything that came from the account is escaped for where it is shown.
#pragma once

#include "model/audit.h"

namespace convops {

// For a terminal of 80 columns: grade, three best fixes, who would not have been told, findings by check.
std::string audit_text(AuditReport const& report, AuditComparison const* comparison = nullptr);

// GitHub-flavoured Markdown.
std::string audit_markdown(AuditReport const& report, AuditComparison const* comparison = nullptr);

// One page that needs nothing else: no script, no request. Filters are form controls that the style sheet reads.
std::string audit_html(AuditReport const& report, AuditComparison const* comparison = nullptr);
inline constexpr std::string_view audit_page_policy
    = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

// Static Analysis Results Interchange Format 2.1.0. https://docs.oasis-open.org/sarif/sarif/v2.1.0/
std::string audit_sarif(AuditReport const& report);

// JUnit XML: one test case a check; what could not be checked is skipped, with the reason.
std::string audit_junit(AuditReport const& report);

} // namespace convops
