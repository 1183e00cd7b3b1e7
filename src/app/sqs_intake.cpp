#include "app/sqs_intake.h"

#include "app/log.h"

namespace convops {

namespace {

enum class Fate : std::uint8_t { remove, leave };

Fate deal_with(Intake& intake, IntakeConnection const& connection, Json const& message, SqsLimits const& limits,
    SqsPolled& polled) {
    auto const id = text_at(message, "MessageId");
    auto const outcome = take_sqs(intake, connection, id, text_at(message, "Body"));
    if (outcome) {
        ++(*outcome == IntakeOutcome::accepted         ? polled.accepted
                : *outcome == IntakeOutcome::duplicate ? polled.duplicates
                                                       : polled.no_alarm);
        return Fate::remove;
    }
    log_warning("intake_refused",
        { { "source", "sqs" }, { "connection", connection.id.text }, { "message", id },
            { "why", outcome.error().message } });
    bool const hopeless
        = outcome.error().kind == ErrorKind::invalid_input || outcome.error().kind == ErrorKind::access_denied;
    if (!hopeless) {
        ++polled.failed;
        return Fate::leave;
    }
    // It will never be readable. Left alone it goes to the dead-letter queue, where there is one; without one it
    // would come back for days and cost a call each time.
    ++polled.refused;
    auto const received = integer_at(message, "Attributes.ApproximateReceiveCount").value_or(1);
    return received >= limits.tries ? Fate::remove : Fate::leave;
}

AwsCall receive_call(SqsQueue const& queue, SqsLimits const& limits) {
    AwsCall call;
    call.service = "sqs";
    call.operation = "ReceiveMessage";
    call.region = queue.region;
    call.params = { { "QueueUrl", queue.url }, { "MaxNumberOfMessages", limits.messages },
        { "WaitTimeSeconds", limits.wait.count() }, { "VisibilityTimeout", limits.hidden.count() },
        { "MessageSystemAttributeNames", JsonArray { "ApproximateReceiveCount" } } };
    call.time_left = limits.wait + Seconds { 10 }; // An empty queue answers when the wait is over.
    return call;
}

} // namespace

Result<SqsPolled> poll_sqs(Aws& aws, SqsQueue const& queue, Intake& intake, SqsLimits const& limits) {
    auto const* connection = intake.connection(queue.connection.text);
    if (connection == nullptr)
        return Error { ErrorKind::invalid_input, "queue " + queue.url + " belongs to no known connection" };
    auto const answer = TRY(aws.call(receive_call(queue, limits)).with_context("sqs ReceiveMessage"));
    SqsPolled polled;
    // The JSON protocol says "Messages", the older query protocol "Message".
    auto const& messages
        = find(answer, "Messages") != nullptr ? list_at(answer, "Messages") : list_at(answer, "Message");
    for (auto const& message : messages) {
        ++polled.received;
        if (deal_with(intake, *connection, message, limits, polled) == Fate::leave)
            continue;
        AwsCall call;
        call.service = "sqs";
        call.operation = "DeleteMessage";
        call.region = queue.region;
        call.params = { { "QueueUrl", queue.url }, { "ReceiptHandle", text_at(message, "ReceiptHandle") } };
        // A message that could not be deleted comes again and is known by then.
        if (auto const deleted = aws.call(call); !deleted)
            log_warning(
                "sqs_not_deleted", { { "connection", connection->id.text }, { "why", deleted.error().message } });
    }
    return polled;
}

SqsPoller::SqsPoller(Aws& aws, SqsQueue queue, Intake& intake, SqsLimits limits)
    : aws_(aws)
    , queue_(std::move(queue))
    , intake_(intake)
    , limits_(limits) { }

void SqsPoller::start() {
    running_ = true;
    thread_ = std::thread([this] { run(); });
}

void SqsPoller::ask_to_stop() {
    std::lock_guard const lock(mutex_);
    stop_asked_ = true;
    stopping_.notify_all();
}

void SqsPoller::stop() {
    ask_to_stop();
    if (thread_.joinable())
        thread_.join();
}

void SqsPoller::run() {
    constexpr Seconds longest_pause { 60 };
    Seconds pause { 0 };
    while (true) {
        {
            std::unique_lock lock(mutex_);
            if (stopping_.wait_for(lock, pause, [this] { return stop_asked_; }))
                break;
        }
        auto const polled = poll_sqs(aws_, queue_, intake_, limits_);
        if (polled && polled->failed == 0) {
            pause = Seconds { 0 };
            if (polled->received > 0)
                log_info("sqs_polled",
                    { { "connection", queue_.connection.text }, { "received", std::to_string(polled->received) },
                        { "accepted", std::to_string(polled->accepted) } });
            continue;
        }
        pause = std::min(longest_pause, std::max(Seconds { 1 }, pause * 2));
        if (!polled)
            log_warning("sqs_failed",
                { { "connection", queue_.connection.text }, { "why", polled.error().message },
                    { "next_try_in", format_duration(pause) } });
    }
    running_ = false;
}

} // namespace convops
