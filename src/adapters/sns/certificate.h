// The certificate that SNS signs with, and the check of one signature. OpenSSL is used in certificate.cpp alone.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <memory>

namespace convops {

enum class CertificateOwner : std::uint8_t {
    sns, // the subject or a SAN must be SNS's own name
    anyone, // a test certificate that the settings name
};

// A public key with the dates between which it may be used.
class SnsCertificate {
public:
    // The first certificate of a PEM text. access_denied when it is not SNS's, corrupt when it can not be read or its
    // key is no RSA key of 2048 bits or more.
    static Result<SnsCertificate> read(std::string_view pem, CertificateOwner owner);

    // access_denied with the reason outside of [not before, not after].
    [[nodiscard]] Result<> check_dates(Time now) const;
    [[nodiscard]] Time not_after() const { return not_after_; }
    // `signature` is base64. Version 1 is SHA1withRSA, 2 is SHA256withRSA. access_denied when it does not match.
    [[nodiscard]] Result<> check_signature(
        std::string_view signed_text, std::string_view signature, int version) const;

private:
    struct Key;
    std::shared_ptr<Key const> key_;
    Time not_before_ {};
    Time not_after_ {};
};

// The names that SNS's certificates carry: sns.amazonaws.com, or with a Region in it (see certificate.cpp).
bool is_sns_name(std::string_view name);

} // namespace convops
