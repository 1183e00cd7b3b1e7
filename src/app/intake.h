// From bytes that somebody sent to an alarm that is recorded: who may send, whether it was seen, and what to answer.
// A webhook only records. The alarm goes to the sink, which stores it; investigations happen elsewhere.
#pragma once

#include "adapters/sns/certificate_cache.h"
#include "alarm/sns_envelope.h"
#include "base/ids.h"
#include "model/alarm.h"
#include "ports/clock.h"
#include "ports/store.h"

#include <functional>

namespace convops {

// Stores the alarm durably, exactly once per transition_key(), and `mark` with it: a mark alone would make the next
// delivery a duplicate of nothing. An error means: not stored, let it be sent again.
using AlarmSink = std::function<Result<>(WorkspaceId const&, ConnectionId const&, Alarm const&, Write const& mark)>;

// One connection as intake sees it.
struct IntakeConnection {
    WorkspaceId workspace;
    ConnectionId id;
    std::string account; // empty: any
    std::string topic_arn; // empty: no SNS delivery for this connection
    std::string eventbridge_secret; // empty: no EventBridge delivery for this connection
};

struct IntakeLimits {
    // SNS retries for at most 3,600 s, and a retry carries the time of the first try:
    // https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
    Minutes oldest { 65 };
    Minutes future { 5 };
};

enum class IntakeOutcome : std::uint8_t {
    accepted, // an alarm, stored
    duplicate, // seen before: acknowledged, nothing stored again
    no_alarm, // genuine, but no alarm: recorded, not investigated
    confirmed, // a subscription was confirmed
    unsubscribed, // recorded; never followed
};
std::string_view to_string(IntakeOutcome outcome);

struct Intake {
    Store& store;
    Clock& clock;
    Http& http;
    CertificateCache& certificates;
    AlarmSink sink;
    IntakeLimits limits;
    std::vector<IntakeConnection> connections;
    // Asked after a delivery was found genuine, so that nobody else can use a connection's rate up; an error
    // (throttled) refuses it until later. Empty: no limit.
    std::function<Result<>(IntakeConnection const&)> admit;

    [[nodiscard]] IntakeConnection const* connection(std::string_view id) const;
};

// One HTTPS delivery of SNS. Errors: invalid_input (not an envelope), access_denied (forged, stale, another topic),
// unavailable and timeout (try again: certificate or store not reachable).
Result<IntakeOutcome> take_sns(Intake& intake, IntakeConnection const& connection, std::string_view body);

// One delivery of an EventBridge API destination with the given secret header.
Result<IntakeOutcome> take_eventbridge(
    Intake& intake, IntakeConnection const& connection, std::string_view secret, std::string_view body);

// One SQS message: an alarm, an SNS notification or an event. Its SNS signature is not checked: who may put a message
// into the queue is decided by the queue's policy, which is as strong as the certificate, and polling needs
// credentials.
Result<IntakeOutcome> take_sqs(
    Intake& intake, IntakeConnection const& connection, std::string_view message_id, std::string_view body);

// Compares without telling by its duration where the two differ. An empty expectation matches nothing.
bool same_secret(std::string_view given, std::string_view expected);

} // namespace convops
