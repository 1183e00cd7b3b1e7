#include "app/intake.h"

#include "alarm/formats.h"
#include "app/log.h"
#include "base/text.h"

namespace convops {

std::string_view to_string(IntakeOutcome outcome) {
    switch (outcome) {
    case IntakeOutcome::accepted:
        return "accepted";
    case IntakeOutcome::duplicate:
        return "duplicate";
    case IntakeOutcome::no_alarm:
        return "no_alarm";
    case IntakeOutcome::confirmed:
        return "confirmed";
    case IntakeOutcome::unsubscribed:
        return "unsubscribed";
    }
    return "no_alarm";
}

IntakeConnection const* Intake::connection(std::string_view id) const {
    for (auto const& each : connections)
        if (each.id.text == id)
            return &each;
    return nullptr;
}

bool same_secret(std::string_view given, std::string_view expected) {
    if (expected.empty())
        return false;
    // The loop's length is the given one's, which its sender knows anyway.
    unsigned difference = given.size() == expected.size() ? 0U : 1U;
    for (std::size_t i = 0; i < given.size(); ++i)
        difference
            |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(expected[i % expected.size()]);
    return difference == 0;
}

namespace {

// Deliveries that were dealt with, by their sender's id. Kept in the store, so that a restart does not forget them,
// and for longer (a week) than a delivery stays fresh enough to be believed.
ItemKey seen_key(IntakeConnection const& connection, std::string_view source, std::string_view id) {
    return { connection.workspace, "seen/" + std::string(source) + "/" + connection.id.text, std::string(id) };
}

Result<bool> was_seen(Intake& intake, ItemKey const& key) {
    auto const item = intake.store.get(key, intake.clock.now());
    if (item)
        return true;
    if (item.error().kind == ErrorKind::not_found)
        return false;
    return item.error().with_context("looking up a delivery");
}

// Without a condition: the same delivery may come twice at once, and then says the same.
Write mark_of(ItemKey const& key, IntakeOutcome outcome, Time now) {
    Write write;
    write.item = { key, DataClass::pending_work, now, std::string(to_string(outcome)), 0 };
    return write;
}

Result<> mark_seen(Intake& intake, ItemKey const& key, IntakeOutcome outcome) {
    auto const now = intake.clock.now();
    return intake.store.commit({ mark_of(key, outcome, now) }, now).with_context("recording a delivery");
}

Result<> check_account(IntakeConnection const& connection, Alarm const& alarm) {
    if (connection.account.empty() || alarm.account.empty() || alarm.account == connection.account)
        return {};
    // Investigating it would need another role; taking it for this connection's would read the wrong account.
    return Error { ErrorKind::access_denied,
        "the alarm is of account " + alarm.account + ", connection \"" + connection.id.text + "\" is account "
            + connection.account };
}

Result<IntakeOutcome> record(
    Intake& intake, IntakeConnection const& connection, ItemKey const& key, std::string_view document) {
    auto const alarm = parse_alarm(document);
    if (!alarm && alarm.error().kind == ErrorKind::not_found) {
        TRY(mark_seen(intake, key, IntakeOutcome::no_alarm));
        return IntakeOutcome::no_alarm;
    }
    if (!alarm)
        return alarm.error();
    TRY(check_account(connection, *alarm));
    auto const mark = mark_of(key, IntakeOutcome::accepted, intake.clock.now());
    TRY(intake.sink(connection.workspace, connection.id, *alarm, mark).with_context("storing the alarm"));
    return IntakeOutcome::accepted;
}

Result<> check_freshness(Intake& intake, SnsEnvelope const& envelope) {
    auto const now = intake.clock.now();
    if (envelope.sent_at + intake.limits.oldest < now)
        return Error { ErrorKind::access_denied, "the message was sent at " + envelope.timestamp + ": too long ago" };
    if (envelope.sent_at > now + intake.limits.future)
        return Error { ErrorKind::access_denied,
            "the message was sent at " + envelope.timestamp + ": in the future" };
    return {};
}

Result<> check_signature(Intake& intake, SnsEnvelope const& envelope) {
    if (!intake.certificates.is_test_url(envelope.signing_cert_url))
        TRY(check_certificate_url(envelope.signing_cert_url));
    auto const certificate = TRY(intake.certificates.get(envelope.signing_cert_url));
    return certificate.check_signature(string_to_sign(envelope), envelope.signature, envelope.signature_version);
}

Result<IntakeOutcome> confirm(Intake& intake, ItemKey const& key, SnsEnvelope const& envelope) {
    // A test certificate signs for a topic of a local SNS, which answers at the same place as its certificate.
    if (!intake.certificates.is_test_url(envelope.subscribe_url))
        TRY(check_subscribe_url(envelope));
    HttpRequest request;
    request.url = envelope.subscribe_url;
    request.timeout = Milliseconds { 8'000 }; // SNS itself waits 15 s for our answer.
    request.most_response_bytes = std::size_t { 64 } * 1024;
    auto const response = TRY(intake.http.send(request).with_context("confirming the subscription"));
    if (response.status != 200)
        return Error { ErrorKind::unavailable,
            "confirming the subscription: SNS answered " + std::to_string(response.status) };
    TRY(mark_seen(intake, key, IntakeOutcome::confirmed));
    return IntakeOutcome::confirmed;
}

} // namespace

Result<IntakeOutcome> take_sns(Intake& intake, IntakeConnection const& connection, std::string_view body) {
    auto const envelope = TRY(parse_sns_envelope(body));
    // The cheap checks come first: whoever does not know the topic makes us fetch nothing.
    if (connection.topic_arn.empty() || envelope.topic_arn != connection.topic_arn)
        return Error { ErrorKind::access_denied,
            "the topic is not the one of connection \"" + connection.id.text + "\"" };
    TRY(check_freshness(intake, envelope));
    TRY(check_signature(intake, envelope));
    if (intake.admit)
        TRY(intake.admit(connection));
    // From here on SNS has sent it. A genuine message again is SNS's at-least-once delivery or somebody's replay;
    // either way it is acknowledged and does nothing: an error would make SNS send it once more.
    auto const key = seen_key(connection, "sns", envelope.message_id);
    if (TRY(was_seen(intake, key)))
        return IntakeOutcome::duplicate;
    switch (envelope.type) {
    case SnsType::notification:
        return record(intake, connection, key, envelope.message);
    case SnsType::subscription_confirmation:
        return confirm(intake, key, envelope);
    case SnsType::unsubscribe_confirmation:
        // Its SubscribeURL would subscribe again: that is the user's decision, not ours.
        log_warning("sns_unsubscribed", { { "connection", connection.id.text } });
        TRY(mark_seen(intake, key, IntakeOutcome::unsubscribed));
        return IntakeOutcome::unsubscribed;
    }
    return Error { ErrorKind::invalid_input, "unknown SNS type" };
}

Result<IntakeOutcome> take_eventbridge(
    Intake& intake, IntakeConnection const& connection, std::string_view secret, std::string_view body) {
    if (!same_secret(secret, connection.eventbridge_secret))
        return Error { ErrorKind::access_denied, "the secret is wrong or missing" };
    if (intake.admit)
        TRY(intake.admit(connection));
    constexpr JsonLimits limits { .bytes = std::size_t { 256 } * 1024, .depth = 32 }; // EventBridge's own limit
    auto const event = TRY(parse_json(body, limits));
    auto const id = text_at(event, "id");
    if (id.empty() || id.size() > 128)
        return Error { ErrorKind::invalid_input, "the event has no id: send it untransformed" };
    auto const key = seen_key(connection, "eventbridge", id);
    if (TRY(was_seen(intake, key)))
        return IntakeOutcome::duplicate;
    return record(intake, connection, key, body);
}

Result<IntakeOutcome> take_sqs(
    Intake& intake, IntakeConnection const& connection, std::string_view message_id, std::string_view body) {
    auto const key = seen_key(connection, "sqs", message_id);
    if (TRY(was_seen(intake, key)))
        return IntakeOutcome::duplicate;
    return record(intake, connection, key, body);
}

} // namespace convops
