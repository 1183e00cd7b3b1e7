#include "adapters/aws/configuration.h"

#include "base/text.h"

#include <filesystem>
#include <fstream>

extern char** environ; // NOLINT: POSIX asks for this declaration.

namespace convops {

namespace {

constexpr std::size_t most_file_bytes = std::size_t { 1 } << 20;

Result<std::string> read_file_if_there(std::string const& path) {
    std::error_code problem;
    if (path.empty() || !std::filesystem::exists(path, problem))
        return std::string {};
    std::ifstream file(path, std::ios::binary);
    std::string text(most_file_bytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file && !file.eof())
        return Error { ErrorKind::invalid_input, path + ": cannot be read" };
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > most_file_bytes)
        return Error { ErrorKind::invalid_input, path + ": larger than 1 MiB" };
    return text;
}

std::string without_comment(std::string_view line) {
    for (std::size_t i = 1; i < line.size(); ++i)
        if ((line[i] == '#' || line[i] == ';') && (line[i - 1] == ' ' || line[i - 1] == '\t'))
            return trim(line.substr(0, i));
    return trim(line);
}

} // namespace

Environment system_environment() {
    Environment environment;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        std::string_view const text = *entry;
        auto const equals = text.find('=');
        auto const name = text.substr(0, equals);
        if (equals != std::string_view::npos && (name.starts_with("AWS_") || name == "HOME"))
            environment.emplace(name, text.substr(equals + 1));
    }
    return environment;
}

Result<std::map<std::string, Section>> parse_shared_file(std::string_view text) {
    std::map<std::string, Section> sections;
    Section* section = nullptr;
    std::string parent;
    int number = 0;
    for (auto const& raw : split(text, '\n')) {
        ++number;
        bool const is_nested = raw.starts_with(' ') || raw.starts_with('\t');
        auto const line = trim(raw);
        if (line.empty() || line.front() == '#' || line.front() == ';')
            continue;
        auto const at = "line " + std::to_string(number);
        if (line.front() == '[') {
            auto const close = line.find(']');
            if (close == std::string::npos)
                return Error { ErrorKind::invalid_input, at + ": a section without ]" };
            section = &sections[join(split(trim(line.substr(1, close - 1)), '\t'), " ")];
            parent.clear();
            continue;
        }
        auto const equals = line.find('=');
        if (section == nullptr || equals == std::string::npos) {
            // Never quote the line: it may hold a key.
            return Error { ErrorKind::invalid_input, at + ": neither [section] nor name = value" };
        }
        auto const name = to_lower(trim(line.substr(0, equals)));
        auto const value = without_comment(line.substr(equals + 1));
        if (is_nested && !parent.empty()) {
            (*section)[parent + "." + name] = value;
            continue;
        }
        parent = value.empty() ? name : "";
        (*section)[name] = value;
    }
    return sections;
}

namespace {

Result<std::map<std::string, Section>> read_sections(std::string const& path) {
    auto const text = TRY(read_file_if_there(path));
    return parse_shared_file(text).with_context(path);
}

} // namespace

Result<AwsConfiguration> AwsConfiguration::load(Environment environment) {
    AwsConfiguration configuration;
    configuration.environment_ = std::move(environment);
    auto const place = [&](std::string const& variable, std::string const& usual) {
        auto const set = configuration.variable(variable);
        auto const home = configuration.variable("HOME");
        return !set.empty() || home.empty() ? set : home + usual;
    };
    auto const config_path = place("AWS_CONFIG_FILE", "/.aws/config");
    auto const credentials_path = place("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
    auto const config = TRY(read_sections(config_path));
    auto const credentials = TRY(read_sections(credentials_path));
    for (auto const& [header, section] : config) {
        if (header.starts_with("services "))
            configuration.services_[trim(header.substr(9))] = section;
        else if (header == "default" || header.starts_with("profile "))
            configuration.profiles_[header == "default" ? header : trim(header.substr(8))] = section;
    }
    for (auto const& [name, section] : credentials)
        for (auto const& [key, value] : section)
            configuration.profiles_[name][key] = value;
    return configuration;
}

std::string AwsConfiguration::variable(std::string const& name) const {
    auto const at = environment_.find(name);
    return at == environment_.end() ? std::string {} : at->second;
}

std::string AwsConfiguration::profile_name() const {
    auto const name = variable("AWS_PROFILE");
    return name.empty() ? "default" : name;
}

Section const* AwsConfiguration::profile(std::string const& name) const {
    auto const at = profiles_.find(name);
    return at == profiles_.end() ? nullptr : &at->second;
}

std::string AwsConfiguration::region() const {
    for (auto const* name : { "AWS_REGION", "AWS_DEFAULT_REGION" })
        if (auto value = variable(name); !value.empty())
            return value;
    auto const* section = profile(profile_name());
    return section != nullptr && section->contains("region") ? section->at("region") : std::string {};
}

// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
std::string AwsConfiguration::endpoint(std::string_view service_id) const {
    if (variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == "true")
        return {};
    for (auto const& name : { "AWS_ENDPOINT_URL_" + std::string(service_id), std::string("AWS_ENDPOINT_URL") })
        if (auto value = variable(name); !value.empty())
            return value;
    auto const* section = profile(profile_name());
    if (section == nullptr)
        return {};
    if (auto const services = section->find("services"); services != section->end())
        if (auto const at = services_.find(services->second); at != services_.end())
            if (auto const url = at->second.find(to_lower(service_id) + ".endpoint_url"); url != at->second.end())
                return url->second;
    auto const url = section->find("endpoint_url");
    return url == section->end() ? std::string {} : url->second;
}

} // namespace convops
