#include "adapters/crypto/keyed_digest.h"

#include "base/check.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <memory>

namespace convops {

std::string hmac_sha256(std::string_view key, std::string_view text) {
    // Fetched once: OpenSSL 3 searches its providers on every implicit fetch.
    static EVP_MAC* const fetched = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    CHECK(fetched != nullptr);
    std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> const context(
        EVP_MAC_CTX_new(fetched), EVP_MAC_CTX_free);
    char digest_name[] = "SHA256";
    std::array<OSSL_PARAM, 2> const parameters {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name, 0), OSSL_PARAM_construct_end()
    };
    std::string out(32, '\0');
    std::size_t size = 0;
    CHECK(context != nullptr
        && EVP_MAC_init(
               context.get(), reinterpret_cast<unsigned char const*>(key.data()), key.size(), parameters.data())
            == 1
        && EVP_MAC_update(context.get(), reinterpret_cast<unsigned char const*>(text.data()), text.size()) == 1
        && EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, out.size()) == 1
        && size == out.size());
    return out;
}

} // namespace convops
