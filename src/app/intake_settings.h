// From the settings to what the server, the intake and the pollers are built with.
#pragma once

#include "adapters/server/server.h"
#include "app/intake.h"
#include "app/intake_pace.h"
#include "app/settings.h"
#include "app/sqs_intake.h"

namespace convops {

Result<ListenAddress> listen_address_from(Settings const& settings);
ServerLimits server_limits_from(Settings const& settings);
IntakeRates intake_rates_from(Settings const& settings);
// Null when no certificate is set. not_found and invalid_input name the file.
Result<std::shared_ptr<TlsContext const>> tls_from(Settings const& settings);
IntakeLimits intake_limits_from(Settings const& settings);
// With the EventBridge secret read from its variable or file.
Result<std::vector<IntakeConnection>> intake_connections_from(
    Settings const& settings, WorkspaceId const& workspace, EnvironmentLookup const& environment);
// The certificate of [sns] test_certificate; nothing when none is set.
Result<std::optional<TestCertificate>> test_certificate_from(Settings const& settings);
std::vector<SqsQueue> sqs_queues_from(Settings const& settings);

} // namespace convops
