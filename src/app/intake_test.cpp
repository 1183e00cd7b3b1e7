#include "app/intake_doubles.h"
#include "app/routes.h"
#include "base/text.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace convops {
namespace {

using namespace doubles;

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
Signer const& shared_signer() {
    static Signer const signer;
    return signer;
}

struct SigningBench : doubles::Bench {
    SigningBench()
        : doubles::Bench(shared_signer().pem) { }
    Signer const& signer = shared_signer();
};

std::optional<std::string> sample(std::string_view name) {
    auto const* named = std::getenv("CONVOPS_SHARED_DATA");
    auto const path
        = std::filesystem::path(named != nullptr ? named : "../shared/data") / "aws-samples/sns-signed" / name;
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        std::cout << "SNS samples not found (CONVOPS_SHARED_DATA): nothing checked\n";
        return std::nullopt;
    }
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

std::string const genuine_url
    = "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem";
std::vector<std::string> const genuine_notifications { "test-notification-no-subject.json",
    "test-notification-with-subject.json", "test-notification-signature-v2.json" };

// False where the samples are absent.
bool serve_genuine_certificate(SigningBench& bench) {
    auto const pem = sample("SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem");
    if (pem)
        bench.web.serve(genuine_url, *pem);
    return pem.has_value();
}

JsonObject object_of(std::string const& text) {
    return parse_json(text)->as_object();
}

void expect_refused(SigningBench& bench, std::string const& body, std::string_view what, ErrorKind kind) {
    auto const outcome = take_sns(bench.intake, bench.main(), body);
    ASSERT_FALSE(outcome) << what;
    EXPECT_EQ(to_string(outcome.error().kind), to_string(kind)) << what << ": " << outcome.error().message;
    EXPECT_TRUE(bench.store.items.empty()) << what;
}

TEST(SnsIntake, every_genuine_notification_is_believed) {
    SigningBench bench;
    if (!serve_genuine_certificate(bench))
        return;
    for (auto const& name : genuine_notifications) {
        auto const outcome = take_sns(bench.intake, bench.main(), *sample(name));
        ASSERT_TRUE(outcome) << name << ": " << outcome.error().message;
        EXPECT_EQ(*outcome, IntakeOutcome::no_alarm) << name; // they carry plain text
    }
    EXPECT_EQ(bench.web.asked.size(), 1U); // one certificate for all
}

TEST(SnsIntake, each_signed_field_altered_is_refused) {
    SigningBench bench;
    if (!serve_genuine_certificate(bench))
        return;
    std::pair<char const*, std::vector<char const*>> const rows[] = {
        { "test-notification-with-subject.json", { "Message", "MessageId", "Subject", "Timestamp" } },
        { "test-notification-signature-v2.json", { "Message", "MessageId", "Timestamp" } },
        { "test-subscription-confirmation.json", { "Message", "MessageId", "SubscribeURL", "Timestamp", "Token" } },
        { "test-unsubscribe-confirmation.json", { "Message", "MessageId", "SubscribeURL", "Timestamp", "Token" } },
    };
    for (auto const& [name, fields] : rows)
        for (auto const* field : fields) {
            auto forged = object_of(*sample(name));
            std::string value(forged[field].as_string());
            auto& last = value[value.find_last_of("0123456789abcdefghijklmnopqrstuvwxyz")];
            last = last == '0' ? '1' : '0';
            forged[field] = value;
            expect_refused(bench, to_text(forged), std::string(name) + " " + field, ErrorKind::access_denied);
        }
    auto without_subject = object_of(*sample("test-notification-with-subject.json"));
    without_subject.erase("Subject");
    expect_refused(bench, to_text(without_subject), "subject removed", ErrorKind::access_denied);
    auto with_subject = object_of(*sample("test-notification-no-subject.json"));
    with_subject["Subject"] = "added";
    expect_refused(bench, to_text(with_subject), "subject added", ErrorKind::access_denied);
}

TEST(SnsIntake, signatures_types_and_versions_can_not_be_swapped) {
    SigningBench bench;
    if (!serve_genuine_certificate(bench))
        return;
    auto const first = object_of(*sample("test-notification-no-subject.json"));
    auto const second = object_of(*sample("test-notification-with-subject.json"));
    auto swapped = first;
    swapped["Signature"] = second.at("Signature");
    expect_refused(bench, to_text(swapped), "signature of another message", ErrorKind::access_denied);
    for (auto const& name : genuine_notifications) {
        auto version = object_of(*sample(name));
        version["SignatureVersion"] = version["SignatureVersion"] == "1" ? "2" : "1";
        expect_refused(bench, to_text(version), "version swapped", ErrorKind::access_denied);
    }
    auto type = object_of(*sample("test-unsubscribe-confirmation.json"));
    type["Type"] = "SubscriptionConfirmation";
    expect_refused(bench, to_text(type), "type swapped", ErrorKind::access_denied);
    for (auto const* signature : { "", "AA==", "not base64 at all!", "====" }) {
        auto broken = first;
        broken["Signature"] = signature;
        auto const outcome = take_sns(bench.intake, bench.main(), to_text(broken));
        EXPECT_FALSE(outcome) << signature;
    }
}

TEST(SnsIntake, a_certificate_from_elsewhere_is_never_fetched) {
    SigningBench bench;
    if (!serve_genuine_certificate(bench))
        return;
    auto const genuine = object_of(*sample("test-notification-no-subject.json"));
    for (auto const* url : { "http://sns.us-west-2.amazonaws.com/SimpleNotificationService-7506a1e3.pem",
             "https://sns.us-west-2.amazonaws.com.evil.com/a.pem", "https://evil.com/a.pem",
             "https://sns.us-west-2.amazonaws.com@evil.com/a.pem", "https://sns.us-west-2.amazonaws.com:8443/a.pem",
             "https://local.testing/cert.pem" }) {
        auto forged = genuine;
        forged["SigningCertURL"] = url;
        expect_refused(bench, to_text(forged), url, ErrorKind::access_denied);
    }
    EXPECT_TRUE(bench.web.asked.empty());
}

TEST(SnsIntake, an_expired_or_foreign_certificate_is_refused) {
    SigningBench bench;
    auto const expired = sample("expired-cert.pem");
    if (!expired)
        return;
    bench.web.serve(genuine_url, *expired);
    expect_refused(
        bench, *sample("test-notification-no-subject.json"), "expired certificate", ErrorKind::access_denied);
    SigningBench late; // the genuine certificate after its end; the freshness rule is opened wide to reach it
    serve_genuine_certificate(late);
    late.intake.limits.oldest = Minutes { 60 * 24 * 365 };
    late.clock.at = *parse_time("2026-10-15T00:00:01Z");
    expect_refused(late, *sample("test-notification-no-subject.json"), "after its end", ErrorKind::access_denied);
}

TEST(SnsIntake, a_certificate_that_can_not_be_fetched_is_worth_another_try) {
    SigningBench bench;
    auto const body = sample("test-notification-no-subject.json");
    if (body)
        expect_refused(bench, *body, "no certificate", ErrorKind::unavailable);
}

TEST(SnsIntake, another_topic_is_refused_before_anything_is_fetched) {
    SigningBench bench;
    auto const body = sample("test-notification-no-subject.json");
    if (!body)
        return;
    auto const outcome = take_sns(bench.intake, bench.intake.connections[1], *body);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::access_denied);
    EXPECT_TRUE(bench.web.asked.empty());
}

TEST(SnsIntake, a_stale_or_future_message_is_refused) {
    SigningBench bench;
    if (!serve_genuine_certificate(bench))
        return;
    auto const body = *sample("test-notification-no-subject.json"); // sent at 19:55:38.903
    for (auto const* when : { "2026-03-06T21:00:39Z", "2026-03-06T19:50:38Z" }) {
        bench.clock.at = *parse_time(when);
        expect_refused(bench, body, when, ErrorKind::access_denied);
    }
    for (auto const* when : { "2026-03-06T21:00:38Z", "2026-03-06T19:50:39Z" }) {
        bench.clock.at = *parse_time(when);
        EXPECT_TRUE(take_sns(bench.intake, bench.main(), body)) << when;
    }
}

TEST(SnsIntake, an_alarm_is_stored_once_however_often_it_is_delivered_also_after_a_restart) {
    SigningBench bench;
    for (auto const* version : { "1", "2" }) {
        auto envelope = bench.envelope(alarm_message);
        envelope["SignatureVersion"] = version;
        envelope["MessageId"] = version;
        auto const body = bench.signer.sign(envelope);
        EXPECT_EQ(*take_sns(bench.intake, bench.main(), body), IntakeOutcome::accepted);
        EXPECT_EQ(*take_sns(bench.intake, bench.main(), body), IntakeOutcome::duplicate);
    }
    EXPECT_EQ(bench.stored.size(), 2U);
    SigningBench restarted;
    restarted.store.items = bench.store.items;
    auto envelope = restarted.envelope(alarm_message);
    envelope["MessageId"] = "1";
    EXPECT_EQ(
        *take_sns(restarted.intake, restarted.main(), restarted.signer.sign(envelope)), IntakeOutcome::duplicate);
    EXPECT_TRUE(restarted.stored.empty());
}

TEST(SnsIntake, an_alarm_that_could_not_be_stored_is_not_taken_for_seen) {
    SigningBench bench;
    auto const body = bench.signer.sign(bench.envelope(alarm_message));
    bench.sink_fails = true;
    EXPECT_EQ(take_sns(bench.intake, bench.main(), body).error().kind, ErrorKind::unavailable);
    bench.sink_fails = false;
    EXPECT_EQ(*take_sns(bench.intake, bench.main(), body), IntakeOutcome::accepted);
    SigningBench broken;
    broken.store.fails = true;
    EXPECT_EQ(take_sns(broken.intake, broken.main(), broken.signer.sign(broken.envelope(alarm_message))).error().kind,
        ErrorKind::unavailable);
    EXPECT_TRUE(broken.stored.empty());
}

TEST(SnsIntake, an_alarm_of_another_account_is_refused) {
    SigningBench bench;
    bench.intake.connections[0].account = "111122223333";
    expect_refused(bench, bench.signer.sign(bench.envelope(alarm_message)), "account", ErrorKind::access_denied);
}

TEST(SnsIntake, a_genuine_subscription_is_confirmed_once_at_sns) {
    SigningBench bench;
    if (!serve_genuine_certificate(bench))
        return;
    bench.clock.at = *parse_time("2026-03-06T19:32:00Z");
    auto const body = *sample("test-subscription-confirmation.json");
    std::string const url(object_of(body)["SubscribeURL"].as_string());
    EXPECT_EQ(take_sns(bench.intake, bench.main(), body).error().kind, ErrorKind::unavailable);
    bench.web.serve(url, "<ConfirmSubscriptionResponse/>");
    EXPECT_EQ(*take_sns(bench.intake, bench.main(), body), IntakeOutcome::confirmed);
    EXPECT_EQ(*take_sns(bench.intake, bench.main(), body), IntakeOutcome::duplicate);
    EXPECT_EQ(std::count(bench.web.asked.begin(), bench.web.asked.end(), url), 2);
}

TEST(SnsIntake, an_unsubscribe_confirmation_is_recorded_and_never_followed) {
    SigningBench bench;
    if (!serve_genuine_certificate(bench))
        return;
    auto const outcome = take_sns(bench.intake, bench.main(), *sample("test-unsubscribe-confirmation.json"));
    ASSERT_TRUE(outcome);
    EXPECT_EQ(*outcome, IntakeOutcome::unsubscribed);
    EXPECT_EQ(bench.web.asked, std::vector<std::string> { genuine_url });
}

std::string const event
    = R"json({ "id": "e-1", "source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change",
  "account": "131990247566", "region": "us-west-2", "resources": [],
  "detail": { "alarmName": "cpu", "state": { "value": "ALARM", "timestamp": "2026-03-06T20:02:59.000+0000" } } })json";

TEST(EventBridgeIntake, only_the_right_secret_is_let_in) {
    SigningBench bench;
    for (auto const* secret : { "", "s3cre", "s3cret ", "S3CRET", "s3cretx" })
        EXPECT_EQ(take_eventbridge(bench.intake, bench.main(), secret, event).error().kind, ErrorKind::access_denied);
    EXPECT_EQ(take_eventbridge(bench.intake, bench.intake.connections[1], "", event).error().kind,
        ErrorKind::access_denied); // no secret configured is no secret at all
    EXPECT_EQ(*take_eventbridge(bench.intake, bench.main(), "s3cret", event), IntakeOutcome::accepted);
    EXPECT_EQ(*take_eventbridge(bench.intake, bench.main(), "s3cret", event), IntakeOutcome::duplicate);
    EXPECT_EQ(take_eventbridge(bench.intake, bench.main(), "s3cret", "{}").error().kind, ErrorKind::invalid_input);
}

TEST(SqsIntake, an_alarm_a_notification_and_an_event_are_all_taken) {
    SigningBench bench;
    auto const notification = to_text(bench.envelope(alarm_message)); // its signature is not looked at
    int id = 0;
    for (auto const& body : { alarm_message, notification, event })
        EXPECT_EQ(*take_sqs(bench.intake, bench.main(), std::to_string(++id), body), IntakeOutcome::accepted);
    EXPECT_EQ(*take_sqs(bench.intake, bench.main(), "1", alarm_message), IntakeOutcome::duplicate);
    EXPECT_EQ(*take_sqs(bench.intake, bench.main(), "4", "hello"), IntakeOutcome::no_alarm);
    ASSERT_EQ(bench.stored.size(), 3U);
    EXPECT_EQ(bench.stored[0].transition_key(), bench.stored[1].transition_key());
}

ServerRequest request(std::string method, std::string path, std::string body = "", HttpHeaders headers = {}) {
    ServerRequest made;
    made.method = std::move(method);
    made.path = std::move(path);
    made.body = std::move(body);
    made.headers = std::move(headers);
    return made;
}

TEST(Routes, each_request_gets_its_status) {
    SigningBench bench;
    bool workers_up = true;
    auto routes = intake_routes(bench.intake);
    for (auto& route : health_routes(bench.store, bench.clock, [&] { return workers_up; }))
        routes.push_back(std::move(route));
    auto const status = [&](ServerRequest const& each) { return answer(routes, each).status; };
    auto const alarm = bench.signer.sign(bench.envelope(alarm_message));
    EXPECT_EQ(status(request("GET", "/healthz")), 200);
    EXPECT_EQ(status(request("HEAD", "/healthz")), 200);
    EXPECT_EQ(status(request("GET", "/readyz")), 200);
    EXPECT_EQ(status(request("GET", "/nothing")), 404);
    EXPECT_EQ(status(request("POST", "/healthz")), 405);
    EXPECT_EQ(status(request("GET", "/v1/sns/main")), 405);
    EXPECT_EQ(status(request("POST", "/v1/sns/")), 404);
    EXPECT_EQ(status(request("POST", "/v1/sns/main/x")), 404);
    EXPECT_EQ(status(request("POST", "/v1/sns/nobody", alarm)), 404);
    EXPECT_EQ(status(request("POST", "/v1/sns/main", "not json")), 400);
    EXPECT_EQ(status(request("POST", "/v1/sns/other", alarm)), 403);
    EXPECT_EQ(status(request("POST", "/v1/sns/main", alarm)), 200);
    EXPECT_EQ(status(request("POST", "/v1/sns/main", alarm)), 200);
    EXPECT_EQ(bench.stored.size(), 1U);
    EXPECT_EQ(status(request("POST", "/v1/eventbridge/main", event)), 401);
    EXPECT_EQ(status(request("POST", "/v1/eventbridge/nobody", event, { { "x-convops-secret", "s3cret" } })), 401);
    EXPECT_EQ(status(request("POST", "/v1/eventbridge/main", event, { { "x-convops-secret", "s3cret" } })), 200);
    workers_up = false;
    EXPECT_EQ(status(request("GET", "/readyz")), 503);
    workers_up = true;
    bench.store.fails = true;
    EXPECT_EQ(status(request("GET", "/readyz")), 503);
    auto busy = bench.envelope(alarm_message);
    busy["MessageId"] = "m-2";
    auto const reply = answer(routes, request("POST", "/v1/sns/main", bench.signer.sign(busy)));
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(std::count(reply.body.begin(), reply.body.end(), '\n'), 1);
}

TEST(Routes, a_refusal_does_not_say_which_check_failed) {
    SigningBench bench;
    auto const routes = intake_routes(bench.intake);
    auto const reply = answer(routes, request("POST", "/v1/sns/other", bench.signer.sign(bench.envelope("x"))));
    EXPECT_EQ(reply.body, "{\"error\":\"refused\"}\n");
}

} // namespace
} // namespace convops
