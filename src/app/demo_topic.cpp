#include "app/demo_topic.h"

#include "alarm/sns_envelope.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace convops {

namespace {

template <class T, void (*free_it)(T*)> struct Freed {
    void operator()(T* pointer) const { free_it(pointer); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO, BIO_free_all>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX, EVP_MD_CTX_free>>;

Error openssl_failed(std::string_view doing) {
    return { ErrorKind::unavailable, "demo: OpenSSL failed while " + std::string(doing) };
}

std::string text_of(BIO* memory) {
    char* text = nullptr;
    auto const length = BIO_get_mem_data(memory, &text);
    return { text, static_cast<std::size_t>(std::max<long>(0, length)) };
}

// The name that SNS's own certificates carry.
bool name_it(X509* certificate) {
    auto* name = X509_get_subject_name(certificate);
    auto const* common = reinterpret_cast<unsigned char const*>("sns.amazonaws.com");
    if (X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0) != 1
        || X509_set_issuer_name(certificate, name) != 1)
        return false;
    auto* alternative = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:sns.amazonaws.com");
    bool const added = alternative != nullptr && X509_add_ext(certificate, alternative, -1) == 1;
    X509_EXTENSION_free(alternative);
    return added;
}

std::string base64(std::string_view bytes) {
    std::string out(4 * ((bytes.size() + 2) / 3), '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
        reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()));
    return out;
}

Result<std::string> sign(std::string const& key_pem, std::string const& text) {
    Memory const in(BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())));
    Key const key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
    Digest const digest(EVP_MD_CTX_new());
    std::size_t length = 0;
    auto const* bytes = reinterpret_cast<unsigned char const*>(text.data());
    if (!key || EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1
        || EVP_DigestSign(digest.get(), nullptr, &length, bytes, text.size()) != 1)
        return openssl_failed("signing");
    std::string signature(length, '\0');
    if (EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, bytes, text.size())
        != 1)
        return openssl_failed("signing");
    signature.resize(length);
    return base64(signature);
}

} // namespace

Result<DemoTopic> DemoTopic::make(std::string topic_arn, Time now) {
    Key const key(EVP_RSA_gen(2048));
    Certificate const certificate(X509_new());
    if (!key || !certificate)
        return openssl_failed("making a key");
    std::time_t seconds = std::chrono::floor<Seconds>(now).time_since_epoch().count();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_set_version(certificate.get(), X509_VERSION_3);
    X509_time_adj_ex(X509_getm_notBefore(certificate.get()), -1, 0, &seconds);
    X509_time_adj_ex(X509_getm_notAfter(certificate.get()), 1, 0, &seconds);
    if (X509_set_pubkey(certificate.get(), key.get()) != 1 || !name_it(certificate.get())
        || X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0)
        return openssl_failed("making a certificate");
    Memory const key_out(BIO_new(BIO_s_mem()));
    Memory const certificate_out(BIO_new(BIO_s_mem()));
    if (PEM_write_bio_PrivateKey(key_out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1
        || PEM_write_bio_X509(certificate_out.get(), certificate.get()) != 1)
        return openssl_failed("writing a certificate");
    DemoTopic topic;
    topic.arn_ = std::move(topic_arn);
    topic.key_pem_ = text_of(key_out.get());
    topic.certificate_pem_ = text_of(certificate_out.get());
    return topic;
}

Result<std::string> DemoTopic::notification(
    std::string const& message, std::string const& message_id, std::string const& certificate_url, Time at) const {
    SnsEnvelope envelope;
    envelope.type = SnsType::notification;
    envelope.message_id = message_id;
    envelope.topic_arn = arn_;
    envelope.message = message;
    envelope.timestamp = format_time(at);
    envelope.signature_version = 2;
    auto const signature = TRY(sign(key_pem_, string_to_sign(envelope)));
    return to_text(JsonObject { { "Type", "Notification" }, { "MessageId", message_id }, { "TopicArn", arn_ },
        { "Message", message }, { "Timestamp", envelope.timestamp }, { "SignatureVersion", "2" },
        { "Signature", signature }, { "SigningCertURL", certificate_url } });
}

} // namespace convops
