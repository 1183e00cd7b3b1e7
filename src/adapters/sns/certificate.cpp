// What is checked, and what is not. AWS's own validators differ: the JavaScript one checks the URL and the signature
// only; the Java one also the dates and the common name. We check the URL rule (alarm/sns_envelope), the dates, the
// name and the key size. The chain is not rebuilt here: SNS serves the leaf alone, and it is fetched over TLS from an
// amazonaws.com host whose own chain the HTTP client verifies, which vouches for it as well as a second chain would.
// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
// https://github.com/aws/aws-js-sns-message-validator
#include "adapters/sns/certificate.h"

#include <cstring>
#include <ctime>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace convops {

namespace {

template <auto release> struct Release {
    template <class T> void operator()(T* pointer) const { release(pointer); }
};
using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;
using X509Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Pkey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
struct FreeNames {
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

constexpr std::size_t most_pem_bytes = std::size_t { 64 } * 1024;
constexpr int least_key_bits = 2048;

Error corrupt(std::string_view what) {
    ERR_clear_error(); // OpenSSL keeps its errors per thread; a stale one would surprise the next caller.
    return { ErrorKind::corrupt, "the SNS signing certificate " + std::string(what) };
}

Result<Time> time_from(ASN1_TIME const* asn1) {
    std::tm parts {};
    if (asn1 == nullptr || ASN1_TIME_to_tm(asn1, &parts) != 1)
        return corrupt("has no readable dates");
    using namespace std::chrono;
    auto const day = year { parts.tm_year + 1900 } / (parts.tm_mon + 1) / parts.tm_mday;
    return Time { sys_days { day } + hours { parts.tm_hour } + minutes { parts.tm_min } + seconds { parts.tm_sec } };
}

// A name with a zero byte inside would compare equal up to it.
std::string text_of(ASN1_STRING const* text) {
    auto const* bytes = reinterpret_cast<char const*>(ASN1_STRING_get0_data(text));
    auto const length = static_cast<std::size_t>(ASN1_STRING_length(text));
    if (bytes == nullptr || std::memchr(bytes, 0, length) != nullptr)
        return {};
    return { bytes, length };
}

bool belongs_to_sns(X509* certificate) {
    std::unique_ptr<GENERAL_NAMES, FreeNames> const names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    if (names) { // Where alternative names exist they alone count (RFC 6125, 6.4.4).
        for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
            auto const* name = sk_GENERAL_NAME_value(names.get(), i);
            if (name->type == GEN_DNS && is_sns_name(text_of(name->d.dNSName)))
                return true;
        }
        return false;
    }
    auto* subject = X509_get_subject_name(certificate);
    int const at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    return at >= 0 && is_sns_name(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))));
}

Result<std::string> base64_decoded(std::string_view text) {
    constexpr std::size_t most = 4096;
    if (text.empty() || text.size() > most || text.size() % 4 != 0)
        return Error { ErrorKind::access_denied, "the signature is not base64" };
    std::string bytes(text.size() / 4 * 3, '\0');
    int const count = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
        reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
    if (count < 0)
        return Error { ErrorKind::access_denied, "the signature is not base64" };
    std::size_t const padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    bytes.resize(static_cast<std::size_t>(count) - padding); // EVP_DecodeBlock counts the padding as bytes.
    return bytes;
}

bool is_region_like(std::string_view text) {
    return !text.empty() && text.size() <= 32 && text.front() != '-' && text.back() != '-'
        && std::all_of(text.begin(), text.end(),
            [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

} // namespace

struct SnsCertificate::Key {
    Pkey key;
};

bool is_sns_name(std::string_view name) {
    for (std::string_view const suffix : { ".amazonaws.com", ".amazonaws.com.cn" }) {
        if (!name.ends_with(suffix))
            continue;
        auto const rest = name.substr(0, name.size() - suffix.size());
        // "sns" in the standard Regions; others put their Region behind it: "sns.eu-south-1", "sns-us-gov-west-1".
        if (rest == "sns")
            return true;
        return (rest.starts_with("sns.") || rest.starts_with("sns-")) && is_region_like(rest.substr(4));
    }
    return false;
}

Result<SnsCertificate> SnsCertificate::read(std::string_view pem, CertificateOwner owner) {
    if (pem.size() > most_pem_bytes)
        return corrupt("is too large");
    Bio const bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    X509Certificate const certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!certificate)
        return corrupt("is not a certificate in PEM form");
    if (owner == CertificateOwner::sns && !belongs_to_sns(certificate.get()))
        return Error { ErrorKind::access_denied, "the SNS signing certificate was not issued to SNS" };
    Pkey key(X509_get_pubkey(certificate.get()));
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key.get()) < least_key_bits)
        return corrupt("has no RSA key of at least 2048 bits");
    SnsCertificate read;
    read.not_before_ = TRY(time_from(X509_get0_notBefore(certificate.get())));
    read.not_after_ = TRY(time_from(X509_get0_notAfter(certificate.get())));
    read.key_ = std::make_shared<Key const>(Key { std::move(key) });
    return read;
}

Result<> SnsCertificate::check_dates(Time now) const {
    if (now < not_before_)
        return Error { ErrorKind::access_denied,
            "the SNS signing certificate is not valid before " + format_time(not_before_) };
    if (now > not_after_)
        return Error { ErrorKind::access_denied,
            "the SNS signing certificate expired at " + format_time(not_after_) };
    return {};
}

Result<> SnsCertificate::check_signature(
    std::string_view signed_text, std::string_view signature, int version) const {
    auto const bytes = TRY(base64_decoded(signature));
    auto const* digest = version == 1 ? EVP_sha1() : version == 2 ? EVP_sha256() : nullptr;
    if (digest == nullptr)
        return Error { ErrorKind::access_denied, "signature version " + std::to_string(version) + " is not known" };
    DigestContext const context(EVP_MD_CTX_new());
    bool const matches = context
        && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key_->key.get()) == 1
        && EVP_DigestVerify(context.get(), reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(),
               reinterpret_cast<unsigned char const*>(signed_text.data()), signed_text.size())
            == 1;
    ERR_clear_error();
    if (!matches)
        return Error { ErrorKind::access_denied, "the signature does not match the message" };
    return {};
}

} // namespace convops
