#include "adapters/aws/secret.h"

#include "base/text.h"

#include <openssl/crypto.h>

namespace convops {

namespace {
constexpr std::size_t shortest_secret = 8; // Replacing shorter ones would only garble words.
}

void zero(std::string& bytes) {
    // Also what a short-string copy or an earlier, longer value left behind the end.
    bytes.resize(bytes.capacity());
    OPENSSL_cleanse(bytes.data(), bytes.size());
    bytes.clear();
}

Secret::Secret(std::string bytes)
    : bytes_(bytes) {
    zero(bytes);
}

Secret::Secret(Secret const& other) = default;

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::move(other.bytes_)) {
    zero(other.bytes_); // A moved-from short string keeps its bytes.
}

Secret& Secret::operator=(Secret other) noexcept {
    bytes_.swap(other.bytes_); // `other` takes the old bytes along and zeroes them.
    return *this;
}

Secret::~Secret() {
    zero(bytes_);
}

std::string without_secrets(std::string text, Credentials const& credentials) {
    for (auto const* secret : { &credentials.secret_access_key, &credentials.session_token })
        if (secret->reveal().size() >= shortest_secret)
            text = replace_all(std::move(text), secret->reveal(), "[secret]");
    return text;
}

} // namespace convops
