// Secrets of the settings: from a named variable or a file, never from the configuration itself.
#include "app/settings.h"
#include "base/text.h"

#include <cstdlib>
#include <fstream>

namespace convops {

EnvironmentLookup process_environment() {
    return [](std::string const& name) -> std::optional<std::string> {
        auto const* value = std::getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    };
}

Result<std::string> read_secret(
    std::string const& env, std::string const& file, EnvironmentLookup const& environment) {
    constexpr std::size_t most_secret_bytes = 8192;
    if (!env.empty()) {
        auto const value = environment(env);
        if (!value || trim(*value).empty())
            return Error { ErrorKind::not_found, "environment variable " + env + " is not set" };
        return trim(*value);
    }
    if (file.empty())
        return std::string {};
    std::ifstream in(file, std::ios::binary);
    std::string text(most_secret_bytes, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
    text = trim(text);
    if (text.empty())
        return Error { ErrorKind::not_found, "secret file " + file + " is missing or empty" };
    return text;
}

} // namespace convops
