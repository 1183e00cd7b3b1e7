#include "app/intake_settings.h"

#include "base/text.h"

#include <fstream>
#include <sstream>

namespace convops {

Result<ListenAddress> listen_address_from(Settings const& settings) {
    return parse_listen_address(settings.server.listen);
}

namespace {
Rate rate_of(int per_second, int burst_seconds) {
    return { static_cast<double>(per_second), std::max(1.0, static_cast<double>(per_second) * burst_seconds) };
}
} // namespace

IntakeRates intake_rates_from(Settings const& settings) {
    auto const& from = settings.limits;
    return { rate_of(from.alarms_per_second_of_connection, from.burst_seconds),
        rate_of(from.alarms_per_second_of_workspace, from.burst_seconds) };
}

Result<std::shared_ptr<TlsContext const>> tls_from(Settings const& settings) {
    auto const& server = settings.server;
    if (server.tls_certificate.empty() && server.tls_key.empty())
        return std::shared_ptr<TlsContext const>();
    auto const minimum = server.tls_minimum == "1.2" ? TlsVersion::tls_1_2 : TlsVersion::tls_1_3;
    return TlsContext::load({ server.tls_certificate, server.tls_key, minimum });
}

ServerLimits server_limits_from(Settings const& settings) {
    auto const& from = settings.limits;
    ServerLimits limits;
    limits.connections = static_cast<std::size_t>(from.connections);
    limits.workers = static_cast<std::size_t>(from.workers);
    limits.waiting = static_cast<std::size_t>(from.waiting);
    limits.request.header_bytes = static_cast<std::size_t>(from.header_kilobytes) * 1024;
    limits.request.body_bytes = static_cast<std::size_t>(from.body_kilobytes) * 1024;
    limits.header_timeout = Seconds { from.header_seconds };
    limits.body_timeout = Seconds { from.body_seconds };
    limits.idle_timeout = Seconds { from.idle_seconds };
    limits.connections_of_address = static_cast<std::size_t>(from.connections_of_address);
    limits.bytes_in_flight = static_cast<std::size_t>(from.megabytes_in_flight) << 20;
    auto const rate = rate_of(from.requests_per_second_of_address, from.burst_seconds);
    limits.requests_per_second_of_address = rate.per_second;
    limits.burst_of_address = rate.burst;
    if (auto proxies = parse_addresses(settings.server.trusted_proxies)) // check_settings() has refused others
        limits.trusted_proxies = std::move(*proxies);
    return limits;
}

IntakeLimits intake_limits_from(Settings const& settings) {
    return { Minutes { settings.sns.oldest_minutes }, Minutes { settings.sns.future_minutes } };
}

Result<std::vector<IntakeConnection>> intake_connections_from(
    Settings const& settings, WorkspaceId const& workspace, EnvironmentLookup const& environment) {
    auto const secret
        = TRY(read_secret(settings.eventbridge.secret_env, settings.eventbridge.secret_file, environment)
                .with_context("[eventbridge]"));
    std::vector<IntakeConnection> connections;
    for (auto const& each : settings.connections)
        connections.push_back({ workspace, ConnectionId(each.id), each.account, each.topic_arn, secret });
    return connections;
}

Result<std::optional<TestCertificate>> test_certificate_from(Settings const& settings) {
    auto const& sns = settings.sns;
    if (sns.test_certificate.empty())
        return std::optional<TestCertificate> {};
    // check_settings refuses it as well; a Settings that was built in another way must not get around it.
    auto const address = TRY(listen_address_from(settings));
    if (!is_loopback(address))
        return Error { ErrorKind::invalid_input,
            "[sns] test_certificate is only for a server that listens on loopback" };
    std::ifstream in(sns.test_certificate, std::ios::binary);
    std::ostringstream pem;
    if (!in || !(pem << in.rdbuf()))
        return Error { ErrorKind::not_found, "[sns] test_certificate " + sns.test_certificate + " can not be read" };
    TRY(SnsCertificate::read(pem.str(), CertificateOwner::anyone).with_context("[sns] test_certificate"));
    return std::optional<TestCertificate>({ sns.test_certificate_url, pem.str() });
}

std::vector<SqsQueue> sqs_queues_from(Settings const& settings) {
    std::vector<SqsQueue> queues;
    for (auto const& each : settings.sqs) {
        auto const* connection = settings.connection(each.connection);
        // "https://sqs.eu-west-1.amazonaws.com/...": the queue's own Region, else that of its connection.
        auto const parts = split(each.queue_url, '.');
        auto region = parts.size() >= 4 && parts[0] == "https://sqs" ? parts[1] : std::string();
        if (region.empty() && connection != nullptr)
            region = connection->region;
        queues.push_back({ each.queue_url, region, ConnectionId(each.connection) });
    }
    return queues;
}

} // namespace convops
