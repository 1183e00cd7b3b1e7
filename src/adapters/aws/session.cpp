#include "adapters/aws/session.h"

#include "adapters/aws/endpoints.h"
#include "adapters/http/url.h"
#include "base/text.h"

#include <fstream>

namespace convops {

namespace {

constexpr Milliseconds session_timeout { 10'000 };
constexpr int deepest_profile_chain = 5;
constexpr std::size_t most_token_bytes = 64 * 1024;
// The shortest session that STS gives.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
constexpr int session_seconds = 900;

std::string key_of(Section const& section, std::string const& key) {
    auto const at = section.find(key);
    return at == section.end() ? std::string {} : at->second;
}

Credentials static_credentials(std::string id, std::string secret, std::string token) {
    return { std::move(id), Secret(std::move(secret)), Secret(std::move(token)), std::nullopt };
}

Result<Credentials> credentials_from_answer(Json const& answer) {
    Credentials credentials;
    credentials.access_key_id = text_at(answer, "Credentials.AccessKeyId");
    credentials.secret_access_key = Secret(text_at(answer, "Credentials.SecretAccessKey"));
    credentials.session_token = Secret(text_at(answer, "Credentials.SessionToken"));
    credentials.expires_at = time_at(answer, "Credentials.Expiration");
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty() || !credentials.expires_at)
        return Error { ErrorKind::corrupt, "sts: the answer has no credentials in it" };
    return credentials;
}

bool is_role_arn(std::string_view arn) {
    auto const parts = split(arn, ':');
    return parts.size() >= 6 && parts[0] == "arn" && parts[2] == "iam" && parts[4].size() == 12
        && parts[5].starts_with("role/");
}

Result<std::string> read_token(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    std::string token(most_token_bytes, '\0');
    file.read(token.data(), static_cast<std::streamsize>(token.size()));
    if (file.gcount() == 0)
        return Error { ErrorKind::invalid_input, "the web identity token file cannot be read: " + path };
    token.resize(static_cast<std::size_t>(file.gcount()));
    return trim(token);
}

} // namespace

Result<std::unique_ptr<AwsAccounts>> AwsAccounts::create(AwsSurroundings surroundings) {
    auto configuration = TRY(AwsConfiguration::load(surroundings.environment));
    return std::unique_ptr<AwsAccounts>(new AwsAccounts(std::move(surroundings), std::move(configuration)));
}

AwsAccounts::AwsAccounts(AwsSurroundings surroundings, AwsConfiguration configuration)
    : surroundings_(std::move(surroundings))
    , configuration_(std::make_shared<AwsConfiguration const>(std::move(configuration))) { }

AwsClientParts AwsAccounts::parts(std::string region, std::shared_ptr<CredentialSource> credentials, Access access) {
    return { surroundings_.http, surroundings_.clock, surroundings_.entropy, configuration_, std::move(credentials),
        pace_, access, "", std::move(region) };
}

Result<std::unique_ptr<Aws>> AwsAccounts::open(AwsConnection const& connection) {
    return open_for(connection, Access::read);
}

Result<std::unique_ptr<Aws>> AwsAccounts::open_intake(AwsConnection const& connection) {
    return open_for(connection, Access::intake);
}

Result<std::unique_ptr<Aws>> AwsAccounts::open_for(AwsConnection const& connection, Access access) {
    auto asked = connection;
    if (asked.region.empty())
        asked.region = configuration_->region();
    if (asked.region.empty())
        return Error { ErrorKind::invalid_input, "no Region: set AWS_REGION or give --region" };
    auto credentials = TRY(own_credentials());
    if (!asked.role_arn.empty()) {
        if (!is_role_arn(asked.role_arn))
            return Error { ErrorKind::invalid_input,
                "not a role ARN (arn:aws:iam::<account>:role/<name>): " + shorten(clean_utf8(asked.role_arn), 100) };
        if (asked.account.empty())
            asked.account = account_of_arn(asked.role_arn);
        credentials = assumed(asked, credentials);
    }
    auto client_parts = parts(asked.region, credentials, access);
    client_parts.account = asked.account;
    return std::unique_ptr<Aws>(std::make_unique<AwsClient>(std::move(client_parts)));
}

Result<AwsIdentity> AwsAccounts::who_am_i(AwsConnection const& connection) {
    auto const aws = TRY(open_for(connection, Access::session));
    AwsCall call { .service = "sts", .operation = "GetCallerIdentity" };
    call.time_left = session_timeout;
    auto const answer = TRY(aws->call(call));
    return AwsIdentity { text_at(answer, "Account"), text_at(answer, "Arn") };
}

Result<Secret> AwsAccounts::read_secret(AwsConnection const& connection, std::string const& secret_arn) {
    auto const parts = split(secret_arn, ':'); // arn:aws:secretsmanager:eu-west-1:111122223333:secret:name-AbCdEf
    if (parts.size() < 7 || parts[0] != "arn" || parts[2] != "secretsmanager" || parts[5] != "secret")
        return Error { ErrorKind::invalid_input, "not the ARN of a secret" };
    auto asked = connection;
    asked.region = parts[3];
    auto const aws = TRY(open_for(asked, Access::secret));
    AwsCall call { .service = "secretsmanager", .operation = "GetSecretValue" };
    call.params = { { "SecretId", secret_arn } };
    call.time_left = session_timeout;
    auto answer = TRY(aws->call(call));
    auto* text = answer.is_object() ? answer.as_object().if_contains("SecretString") : nullptr;
    if (text == nullptr || !text->is_string())
        return Error { ErrorKind::invalid_input, "the secret has no text in it" };
    Secret secret { std::string(text->get_string().data(), text->get_string().size()) };
    std::fill(text->get_string().begin(), text->get_string().end(), '\0');
    return secret;
}

std::shared_ptr<CredentialSource> AwsAccounts::assumed(
    AwsConnection connection, std::shared_ptr<CredentialSource> with) {
    auto const sts = std::make_shared<AwsClient>(parts(connection.region, std::move(with), Access::session));
    return std::make_shared<RefreshedCredentials>(
        surroundings_.clock, [sts, connection = std::move(connection)]() -> Result<Credentials> {
            AwsCall call { .service = "sts", .operation = "AssumeRole" };
            call.params = { { "RoleArn", connection.role_arn }, { "RoleSessionName", connection.session_name },
                { "DurationSeconds", session_seconds } };
            if (!connection.external_id.empty())
                call.params["ExternalId"] = connection.external_id;
            call.time_left = session_timeout;
            return credentials_from_answer(TRY(sts->call(call)));
        });
}

std::shared_ptr<CredentialSource> AwsAccounts::web_identity(
    std::string role_arn, std::string const& token_file, std::string session_name, std::string region) {
    auto const sts = std::make_shared<AwsClient>(parts(std::move(region), nullptr, Access::session)); // unsigned
    if (session_name.empty())
        session_name = "convops";
    return std::make_shared<RefreshedCredentials>(surroundings_.clock, [=]() -> Result<Credentials> {
        AwsCall call { .service = "sts", .operation = "AssumeRoleWithWebIdentity" };
        call.params = { { "RoleArn", role_arn }, { "RoleSessionName", session_name },
            { "WebIdentityToken", TRY(read_token(token_file)) }, { "DurationSeconds", session_seconds } };
        call.time_left = session_timeout;
        return credentials_from_answer(TRY(sts->call(call)));
    });
}

// The order of the AWS command line: environment, web identity, shared files, container, instance.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
Result<std::shared_ptr<CredentialSource>> AwsAccounts::own_credentials() {
    std::scoped_lock const lock(mutex_);
    if (own_ != nullptr)
        return own_;
    if (!configuration_->variable("AWS_ACCESS_KEY_ID").empty()) {
        own_ = TRY(named_source("Environment"));
    } else if (auto const file = configuration_->variable("AWS_WEB_IDENTITY_TOKEN_FILE"); !file.empty()) {
        own_ = web_identity(configuration_->variable("AWS_ROLE_ARN"), file,
            configuration_->variable("AWS_ROLE_SESSION_NAME"), configuration_->region());
    } else if (configuration_->profile(configuration_->profile_name()) != nullptr) {
        own_ = TRY(profile_credentials(configuration_->profile_name(), 0));
    } else if (!configuration_->variable("AWS_PROFILE").empty()) {
        return Error { ErrorKind::invalid_input,
            "the profile " + configuration_->profile_name() + " is not in ~/.aws/config or ~/.aws/credentials" };
    }
    if (own_ == nullptr) {
        bool const in_container = !configuration_->variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").empty()
            || !configuration_->variable("AWS_CONTAINER_CREDENTIALS_FULL_URI").empty();
        own_ = TRY(named_source(in_container ? "EcsContainer" : "Ec2InstanceMetadata"));
    }
    return own_;
}

// The values of `credential_source` in a profile.
Result<std::shared_ptr<CredentialSource>> AwsAccounts::named_source(std::string const& name) {
    auto const configuration = configuration_;
    auto& http = surroundings_.http;
    if (name == "Environment") {
        auto const secret = configuration->variable("AWS_SECRET_ACCESS_KEY");
        auto const id = configuration->variable("AWS_ACCESS_KEY_ID");
        if (id.empty() || secret.empty())
            return Error { ErrorKind::invalid_input, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together" };
        return std::shared_ptr<CredentialSource>(std::make_shared<FixedCredentials>(
            static_credentials(id, secret, configuration->variable("AWS_SESSION_TOKEN"))));
    }
    if (name == "EcsContainer")
        return std::shared_ptr<CredentialSource>(std::make_shared<RefreshedCredentials>(surroundings_.clock,
            [configuration, &http] { return fetch_container_credentials(http, *configuration); }));
    if (name != "Ec2InstanceMetadata")
        return Error { ErrorKind::invalid_input,
            "credential_source must be Environment, Ec2InstanceMetadata or EcsContainer" };
    bool const is_off = to_lower(configuration->variable("AWS_EC2_METADATA_DISABLED")) == "true";
    return std::shared_ptr<CredentialSource>(std::make_shared<
        RefreshedCredentials>(surroundings_.clock, [=, &http]() -> Result<Credentials> {
        auto found = is_off ? Result<Credentials>(Error { ErrorKind::not_found, "instance metadata is off" })
                            : fetch_instance_credentials(http, *configuration);
        if (found)
            return found;
        return Error { ErrorKind::access_denied,
            "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or run where there "
            "is a role ("
                + found.error().message + ")" };
    }));
}

Result<std::shared_ptr<CredentialSource>> AwsAccounts::profile_credentials(std::string const& name, int depth) {
    if (depth > deepest_profile_chain)
        return Error { ErrorKind::invalid_input, "profile " + name + ": source_profile leads in a circle" };
    auto const* section = configuration_->profile(name);
    if (section == nullptr)
        return Error { ErrorKind::invalid_input, "profile " + name + ": not in ~/.aws/config or ~/.aws/credentials" };
    auto const role_arn = key_of(*section, "role_arn");
    auto region = key_of(*section, "region");
    if (region.empty())
        region = configuration_->region();
    auto const session_name = key_of(*section, "role_session_name");
    if (auto const file = key_of(*section, "web_identity_token_file"); !role_arn.empty() && !file.empty())
        return web_identity(role_arn, file, session_name, region);
    auto const source_profile = key_of(*section, "source_profile");
    bool const has_keys = section->contains("aws_access_key_id") && section->contains("aws_secret_access_key");
    // A profile may name itself as the source of its role: then its own keys are meant.
    if (!role_arn.empty() && !(depth > 0 && has_keys)) {
        if (section->contains("mfa_serial"))
            return Error { ErrorKind::invalid_input,
                "profile " + name + ": roles that ask for MFA need a person; export a session instead" };
        auto with = source_profile.empty() ? TRY(named_source(key_of(*section, "credential_source")))
                                           : TRY(profile_credentials(source_profile, depth + 1));
        return assumed({ .region = region,
                           .role_arn = role_arn,
                           .external_id = key_of(*section, "external_id"),
                           .session_name = session_name.empty() ? "convops" : session_name },
            std::move(with));
    }
    if (has_keys)
        return std::shared_ptr<CredentialSource>(
            std::make_shared<FixedCredentials>(static_credentials(section->at("aws_access_key_id"),
                section->at("aws_secret_access_key"), key_of(*section, "aws_session_token"))));
    for (auto const* key : { "sso_session", "sso_start_url", "credential_process", "login_session" })
        if (section->contains(key))
            return Error { ErrorKind::invalid_input,
                "profile " + name + ": " + key
                    + " is not supported; run `aws configure export-credentials --format env` first" };
    if (name == "default")
        return std::shared_ptr<CredentialSource>(); // It only sets a Region: look further.
    return Error { ErrorKind::invalid_input, "profile " + name + ": no credentials in it" };
}

Result<std::unique_ptr<Aws>> open_aws(AwsConnection const& connection, AwsSurroundings surroundings) {
    // The client holds all it needs: configuration, pace and credentials are shared, the ports outlive both.
    auto const accounts = TRY(AwsAccounts::create(std::move(surroundings)));
    return accounts->open(connection);
}

std::string account_of_arn(std::string_view arn) {
    auto const parts = split(arn, ':');
    return parts.size() >= 6 && parts[0] == "arn" ? parts[4] : std::string {};
}

Result<std::function<bool(std::string_view)>> aws_outbound_hosts(Environment environment) {
    auto const configuration = TRY(AwsConfiguration::load(std::move(environment)));
    std::set<std::string, std::less<>> named;
    auto const add = [&named](std::string const& url) {
        if (auto const parts = parse_url(url))
            named.insert(parts->host);
    };
    for (auto const& service : aws_services())
        add(configuration.endpoint(service.id));
    add(configuration.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
    add(configuration.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT"));
    for (auto& host : aws_metadata_hosts())
        named.insert(std::move(host));
    return std::function<bool(std::string_view)>(
        [named = std::move(named)](std::string_view host) { return is_aws_host(host) || named.contains(host); });
}

std::vector<std::string> aws_metadata_hosts() {
    return { "169.254.169.254", "fd00:ec2::254", "169.254.170.2", "169.254.170.23", "fd00:ec2::23" };
}

} // namespace convops
