// Test doubles of the intake tests: a store in memory, a fake web, a clock that stands still, a signer of envelopes.
#pragma once

#include "app/intake.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sstream>

namespace convops::doubles {

class StillClock : public Clock {
public:
    Time at = *parse_time("2026-03-06T20:03:00Z"); // within an hour of every genuine sample
    [[nodiscard]] Time now() const override { return at; }
    [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return at.time_since_epoch(); }
    void wait(Milliseconds duration) override { at += duration; }
};

class MapStore : public Store {
public:
    std::map<ItemKey, Item> items;
    bool fails = false;
    Result<Item> get(ItemKey const& key, Time) override {
        if (fails)
            return Error { ErrorKind::unavailable, "disk full" };
        auto const found = items.find(key);
        if (found == items.end())
            return Error { ErrorKind::not_found, "no item" };
        return found->second;
    }
    Result<> commit(std::vector<Write> const& writes, Time) override {
        if (fails)
            return Error { ErrorKind::unavailable, "disk full" };
        for (auto const& write : writes)
            if (write.condition == Write::Condition::absent && items.contains(write.item.key))
                return Error { ErrorKind::conflict, "exists" };
        for (auto const& write : writes)
            items[write.item.key] = write.item;
        return {};
    }
    Result<std::vector<Item>> query(
        WorkspaceId const&, std::string_view, SortRange const&, std::size_t, Time) override {
        return std::vector<Item> {};
    }
    Result<std::size_t> sweep(Time, std::size_t) override { return std::size_t { 0 }; }
};

class FakeWeb : public Http {
public:
    std::map<std::string, HttpResponse> pages; // by URL
    std::vector<std::string> asked;
    void serve(std::string const& url, std::string body, int status = 200) {
        pages[url].status = status;
        pages[url].body = std::move(body);
    }
    Result<HttpResponse> send(HttpRequest const& request) override {
        asked.push_back(request.url);
        auto const page = pages.find(request.url);
        if (page == pages.end())
            return Error { ErrorKind::unavailable, "no route to host" };
        return page->second;
    }
    std::vector<Result<HttpResponse>> send_all(std::span<HttpRequest const> requests) override {
        std::vector<Result<HttpResponse>> answers;
        for (auto const& request : requests)
            answers.push_back(send(request));
        return answers;
    }
};

// A self-signed certificate and its key, made on the spot, valid from 2020 to 2050.
class Signer {
public:
    Signer()
        : key_(EVP_RSA_gen(2048)) {
        X509* certificate = X509_new();
        X509_set_version(certificate, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
        ASN1_TIME_set_string(X509_getm_notBefore(certificate), "20200101000000Z");
        ASN1_TIME_set_string(X509_getm_notAfter(certificate), "20491231000000Z");
        X509_set_pubkey(certificate, key_);
        auto* name = X509_get_subject_name(certificate);
        X509_NAME_add_entry_by_txt(
            name, "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>("local test"), -1, -1, 0);
        X509_set_issuer_name(certificate, name);
        X509_sign(certificate, key_, EVP_sha256());
        BIO* bio = BIO_new(BIO_s_mem());
        PEM_write_bio_X509(bio, certificate);
        char* bytes = nullptr;
        auto const length = BIO_get_mem_data(bio, &bytes);
        pem.assign(bytes, static_cast<std::size_t>(length));
        BIO_free(bio);
        X509_free(certificate);
    }
    ~Signer() { EVP_PKEY_free(key_); }
    Signer(Signer const&) = delete;
    Signer& operator=(Signer const&) = delete;

    // The envelope with a fitting signature.
    std::string sign(JsonObject envelope) const {
        envelope["Signature"] = "AA==";
        auto const text = string_to_sign(*parse_sns_envelope(to_text(envelope)));
        auto* context = EVP_MD_CTX_new();
        bool const second = envelope["SignatureVersion"] == "2";
        EVP_DigestSignInit(context, nullptr, second ? EVP_sha256() : EVP_sha1(), nullptr, key_);
        std::size_t size = 0;
        auto const* signed_bytes = reinterpret_cast<unsigned char const*>(text.data());
        EVP_DigestSign(context, nullptr, &size, signed_bytes, text.size());
        std::string signature(size, '\0');
        EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, signed_bytes, text.size());
        EVP_MD_CTX_free(context);
        std::string base64((size + 2) / 3 * 4 + 1, '\0');
        auto const length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
            reinterpret_cast<unsigned char const*>(signature.data()), static_cast<int>(size));
        base64.resize(static_cast<std::size_t>(length));
        envelope["Signature"] = base64;
        return to_text(envelope);
    }
    std::string pem;

private:
    EVP_PKEY* key_;
};

// Making a key takes a tenth of a second: one is enough for all tests.
inline Signer const& shared_signer() {
    static Signer const signer;
    return signer;
}

inline std::string const topic = "arn:aws:sns:us-west-2:131990247566:dongie-standard-topic"; // of the genuine samples

// Everything that intake needs, wired as the application wires it.
struct Bench {
    StillClock clock;
    MapStore store;
    FakeWeb web;
    Signer const& signer = shared_signer();
    std::vector<Alarm> stored;
    bool sink_fails = false;
    CertificateCache certificates { web, clock, TestCertificate { "https://local.test/", signer.pem } };
    Intake intake { store, clock, web, certificates,
        [this](WorkspaceId const&, ConnectionId const&, Alarm const& alarm) -> Result<> {
            if (sink_fails)
                return Error { ErrorKind::unavailable, "disk full" };
            stored.push_back(alarm);
            return {};
        },
        {},
        { { WorkspaceId("w"), ConnectionId("main"), "", topic, "s3cret" },
            { WorkspaceId("w"), ConnectionId("other"), "999988887777", topic + "-other", "" } } };

    [[nodiscard]] IntakeConnection const& main() const { return intake.connections[0]; }
    // An envelope that the local test certificate signs.
    [[nodiscard]] JsonObject envelope(std::string_view message) const {
        return { { "Type", "Notification" }, { "MessageId", "m-1" }, { "TopicArn", topic },
            { "Message", boost::json::string_view(message.data(), message.size()) },
            { "Timestamp", format_time(clock.at) }, { "SignatureVersion", "1" },
            { "SigningCertURL", "https://local.test/cert.pem" } };
    }
};

inline std::string const alarm_message = R"json({ "AlarmName": "cpu", "AWSAccountId": "131990247566",
  "NewStateValue": "ALARM", "OldStateValue": "OK", "NewStateReason": "because", "Region": "US West (Oregon)",
  "StateChangeTime": "2026-03-06T20:02:59.000+0000" })json";

} // namespace convops::doubles
