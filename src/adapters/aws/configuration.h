// What the AWS SDKs read: the environment and the shared files ~/.aws/config and ~/.aws/credentials.
// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
#pragma once

#include "base/result.h"

#include <map>
#include <string>

namespace convops {

using Environment = std::map<std::string, std::string>;

// AWS_* and HOME of this process.
Environment system_environment();

using Section = std::map<std::string, std::string>; // nested keys as "parent.child"

// Sections by their header as written: "default", "profile deploy", "services test". Pure.
Result<std::map<std::string, Section>> parse_shared_file(std::string_view text);

class AwsConfiguration {
public:
    // Missing files are empty files; unreadable ones are errors that name the file.
    static Result<AwsConfiguration> load(Environment environment);

    [[nodiscard]] std::string variable(std::string const& name) const; // "" when unset
    [[nodiscard]] std::string profile_name() const; // AWS_PROFILE or "default"
    // The keys of both files; those of the credentials file win. nullptr when neither has the profile.
    [[nodiscard]] Section const* profile(std::string const& name) const;
    [[nodiscard]] std::string region() const; // AWS_REGION, AWS_DEFAULT_REGION, the profile's; "" when unset
    // The endpoint configured for a service ("CLOUDWATCH_LOGS"), or "".
    [[nodiscard]] std::string endpoint(std::string_view service_id) const;

private:
    Environment environment_;
    std::map<std::string, Section> profiles_;
    std::map<std::string, Section> services_;
};

} // namespace convops
