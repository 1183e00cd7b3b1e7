// The pages and the API of the free audit.
//   GET  /audit                    sign up
//   POST /api/registrations        {"email"}                                              -> 202, mail with a token
//   GET  /audit-start?token=...    how to create the role
//   POST /api/audits               {"email", "token", "role_arn", "external_id", "regions"} -> 202 {"id", "page"}
//   GET  /audits/<id>[.json]       progress, then the report
//   GET, POST /audit-deletions/<id>, DELETE /api/audits/<id>
// Both JSON and forms are understood; a form is answered with a page.
#pragma once

#include "app/public_audit.h"
#include "app/routes.h"

namespace convops {

// `audits` must outlive the server; `wake` is called when an audit waits.
std::vector<HttpRoute> public_audit_routes(PublicAudits& audits, std::function<void()> wake);

} // namespace convops
