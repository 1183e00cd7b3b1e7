// Rules for the values of settings. Each returns what is wrong, "" when nothing is.
#pragma once

#include "app/settings.h"

namespace convops::settings_checks {

std::string listen_address(std::string const& value);
std::string web_url(std::string const& value); // https://, or http:// on loopback
std::string account_id(std::string const& value);
std::string region(std::string const& value);
std::string role_arn(std::string const& value);
std::string topic_arn(std::string const& value);
std::string secret_arn(std::string const& value);
std::string service_names(std::string const& value); // "checkout, mailer", or nothing
std::string queue_url(std::string const& value);
std::string identifier(std::string const& value); // letters, digits, - and _
std::string channel(std::string const& value);
std::string language(std::string const& value);
std::string template_language(std::string const& value);
std::string time_zone(std::string const& value);
std::string variable_name(std::string const& value);
std::string metrics_access(std::string const& value);
std::string tls_version(std::string const& value);
std::string addresses(std::string const& value);
std::string model_provider(std::string const& value);
std::string model_name(std::string const& value);
std::string model_url(std::string const& value); // http:// too: whether its host may is a rule across settings
std::string weekdays(std::string const& value); // "daily", "mon, wed"
std::string point_in_time(std::string const& value); // RFC 3339, or a day
std::string host_name(std::string const& value);
std::string not_empty(std::string const& value);

// What no single value shows: ids that occur twice, names of connections that do not exist, half a test certificate,
// a model without a key.
std::vector<std::string> across(Settings const& settings);

} // namespace convops::settings_checks
