// Credentials. A Secret cannot be printed, compared or converted by accident, and its bytes are zeroed when it goes.
#pragma once

#include "base/time.h"

#include <optional>
#include <string>

namespace convops {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string bytes);
    Secret(Secret const& other);
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret other) noexcept;
    ~Secret();

    [[nodiscard]] std::string const& reveal() const { return bytes_; } // for signing only
    [[nodiscard]] bool empty() const { return bytes_.empty(); }

private:
    std::string bytes_;
};

void zero(std::string& bytes); // in a way that the optimiser keeps

struct Credentials {
    std::string access_key_id; // AWS does not count it as secret
    Secret secret_access_key;
    Secret session_token; // empty for long-lived keys
    std::optional<Time> expires_at;
};

// `text` with every secret of `credentials` replaced by "[secret]".
std::string without_secrets(std::string text, Credentials const& credentials);

} // namespace convops
