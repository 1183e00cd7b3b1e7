// Opening AWS for reading: with the user's own credentials, or with a customer's role.
//
//     CurlHttp http({ .host_allowed = TRY(aws_outbound_hosts(environment)), .plain_http_hosts = aws_metadata_hosts()
//     }); auto aws = TRY(open_aws({ .region = "eu-west-1", .role_arn = arn, .external_id = id },
//         { http, clock, entropy, system_environment() }));
//
// Opening sends nothing; credentials are fetched at the first call, kept in memory and renewed before they expire. A
// server opens many: it keeps one AwsAccounts, which shares the pace and the user's own credentials among them.
#pragma once

#include "adapters/aws/client.h"

namespace convops {

struct AwsConnection {
    std::string region; // empty: AWS_REGION, or the profile's
    std::string role_arn; // empty: the user's own credentials
    std::string
        external_id; // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
    std::string session_name = "convops"; // what CloudTrail shows
    std::string account; // when known; a role ARN tells it
};

struct AwsSurroundings {
    Http& http;
    Clock& clock;
    Entropy& entropy;
    Environment environment; // system_environment() in production
};

struct AwsIdentity {
    std::string account;
    std::string arn;
};

class AwsAccounts {
public:
    static Result<std::unique_ptr<AwsAccounts>> create(AwsSurroundings surroundings);

    // A reader with sessions of 15 minutes of its own. Sends nothing.
    Result<std::unique_ptr<Aws>> open(AwsConnection const& connection);
    // For the user's own intake queue: ReceiveMessage, DeleteMessage, ChangeMessageVisibility, and nothing else.
    Result<std::unique_ptr<Aws>> open_intake(AwsConnection const& connection);
    // The text of one secret, read through the connection's role (secretsmanager:GetSecretValue). The port Aws has no
    // way to ask for one; whoever calls this names the ARN from the configuration. Never kept here.
    Result<Secret> read_secret(AwsConnection const& connection, std::string const& secret_arn);
    // sts:GetCallerIdentity: needs no permission, so it tells wrong credentials from missing permissions.
    Result<AwsIdentity> who_am_i(AwsConnection const& connection);
    // The AWS_REGION or profile's Region; "" when there is none.
    [[nodiscard]] std::string usual_region() const { return configuration_->region(); }

private:
    AwsAccounts(AwsSurroundings surroundings, AwsConfiguration configuration);

    Result<std::unique_ptr<Aws>> open_for(AwsConnection const& connection, Access access);
    AwsClientParts parts(std::string region, std::shared_ptr<CredentialSource> credentials, Access access);
    std::shared_ptr<CredentialSource> assumed(AwsConnection connection, std::shared_ptr<CredentialSource> with);
    Result<std::shared_ptr<CredentialSource>> own_credentials();
    Result<std::shared_ptr<CredentialSource>> profile_credentials(std::string const& name, int depth);
    Result<std::shared_ptr<CredentialSource>> named_source(std::string const& name);
    std::shared_ptr<CredentialSource> web_identity(
        std::string role_arn, std::string const& token_file, std::string session_name, std::string region);

    AwsSurroundings surroundings_;
    std::shared_ptr<AwsConfiguration const> configuration_;
    std::shared_ptr<Pace> pace_ = std::make_shared<Pace>();
    std::mutex mutex_;
    std::shared_ptr<CredentialSource> own_;
};

// One reader, for a command.
Result<std::unique_ptr<Aws>> open_aws(AwsConnection const& connection, AwsSurroundings surroundings);

// "arn:aws:iam::111122223333:role/convops" -> "111122223333"; "" when it is not an ARN.
std::string account_of_arn(std::string_view arn);

// For CurlHttpOptions::host_allowed: AWS's own hosts, the metadata services, and what this configuration points at.
Result<std::function<bool(std::string_view)>> aws_outbound_hosts(Environment environment);

// Where credentials may be fetched over http://: the metadata services of EC2, ECS and EKS.
std::vector<std::string> aws_metadata_hosts();

} // namespace convops
