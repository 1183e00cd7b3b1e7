#include "alarm/sns_envelope.h"

#include "alarm/reading.h"
#include "base/percent.h"
#include "base/text.h"

namespace convops {

std::string_view to_string(SnsType type) {
    switch (type) {
    case SnsType::notification:
        return "Notification";
    case SnsType::subscription_confirmation:
        return "SubscriptionConfirmation";
    case SnsType::unsubscribe_confirmation:
        return "UnsubscribeConfirmation";
    }
    return "Notification";
}

namespace {

Error wrong(std::string_view field, std::string_view what) {
    return { ErrorKind::invalid_input, std::string(field) + " " + std::string(what) };
}

// The text byte for byte, because it is signed: nothing is cleaned or trimmed.
Result<std::string> exact_text(Json const& json, std::string_view field, std::size_t most_bytes) {
    auto const* value = find(json, field);
    if (value == nullptr)
        return wrong(field, "is missing");
    auto const* text = value->if_string();
    if (text == nullptr)
        return wrong(field, "is not a text");
    if (text->size() > most_bytes)
        return wrong(field, "is longer than " + std::to_string(most_bytes) + " bytes");
    return std::string(text->data(), text->size());
}

Result<std::string> one_line(Json const& json, std::string_view field, std::size_t most_bytes) {
    auto text = TRY(exact_text(json, field, most_bytes));
    if (text.empty())
        return wrong(field, "is empty");
    for (char c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            return wrong(field, "holds a control character");
    return text;
}

Result<SnsType> type_from(std::string_view text) {
    for (auto const type :
        { SnsType::notification, SnsType::subscription_confirmation, SnsType::unsubscribe_confirmation })
        if (to_string(type) == text)
            return type;
    return wrong("Type", "is \"" + shorten(clean_utf8(text), 40) + "\", which SNS does not send");
}

} // namespace

Result<SnsEnvelope> parse_sns_envelope(std::string_view body) {
    auto const json = TRY(parse_json(body, { .bytes = most_sns_envelope_bytes, .depth = 8 }));
    if (!json.is_object())
        return Error { ErrorKind::invalid_input, "the SNS envelope is not a JSON object" };
    SnsEnvelope envelope;
    auto const type = TRY(one_line(json, "Type", 64));
    envelope.type = TRY(type_from(type));
    envelope.message_id = TRY(one_line(json, "MessageId", 128));
    envelope.topic_arn = TRY(one_line(json, "TopicArn", 512));
    envelope.message = TRY(exact_text(json, "Message", most_sns_envelope_bytes));
    envelope.timestamp = TRY(one_line(json, "Timestamp", 64));
    auto const sent_at = parse_time(envelope.timestamp);
    if (!sent_at)
        return wrong("Timestamp", "is not a time");
    envelope.sent_at = *sent_at;
    if (envelope.type == SnsType::notification) {
        if (find(json, "Subject") != nullptr) {
            auto const subject = TRY(exact_text(json, "Subject", 1024));
            if (subject.find_first_of("\r\n") != std::string::npos)
                return wrong("Subject", "holds a line break");
            envelope.subject = subject;
        }
    } else {
        envelope.token = TRY(one_line(json, "Token", 4096));
        envelope.subscribe_url = TRY(one_line(json, "SubscribeURL", 8192));
    }
    auto const version = TRY(one_line(json, "SignatureVersion", 8));
    if (version != "1" && version != "2")
        return wrong("SignatureVersion", "is neither 1 nor 2");
    envelope.signature_version = version == "1" ? 1 : 2;
    envelope.signature = TRY(one_line(json, "Signature", 4096));
    envelope.signing_cert_url = TRY(one_line(json, "SigningCertURL", 2048));
    return envelope;
}

std::string string_to_sign(SnsEnvelope const& envelope) {
    std::string text;
    auto const add = [&](std::string_view name, std::string_view value) {
        text.append(name).append("\n").append(value).append("\n");
    };
    add("Message", envelope.message);
    add("MessageId", envelope.message_id);
    if (envelope.type == SnsType::notification) {
        if (envelope.subject)
            add("Subject", *envelope.subject);
    } else {
        add("SubscribeURL", envelope.subscribe_url);
    }
    add("Timestamp", envelope.timestamp);
    if (envelope.type != SnsType::notification)
        add("Token", envelope.token);
    add("TopicArn", envelope.topic_arn);
    add("Type", to_string(envelope.type));
    return text;
}

namespace {

Error refused(std::string_view what, std::string_view why) {
    return { ErrorKind::access_denied, std::string(what) + " refused: " + std::string(why) };
}

struct SnsUrl {
    std::string_view path; // "/SimpleNotificationService-0123.pem"
    std::string_view query; // without "?"
};

// Only URLs of the form https://sns.<region>.amazonaws.com[.cn][:443]/path[?query]. Everything that clients read
// differently (backslashes, user names, encoded dots, fragments, spaces) is refused before it is taken apart.
Result<SnsUrl> read_sns_url(std::string_view url, std::string_view what) {
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme))
        return refused(what, "it is not https");
    for (char c : url) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7F || c == '\\' || c == '@' || c == '#' || c == '"' || c == '<' || c == '>')
            return refused(what, "it holds a character that no SNS URL has");
    }
    url.remove_prefix(scheme.size());
    auto const slash = url.find('/');
    if (slash == std::string_view::npos)
        return refused(what, "it has no path");
    auto host = url.substr(0, slash);
    if (host.ends_with(":443"))
        host.remove_suffix(4);
    constexpr std::string_view prefix = "sns.";
    auto const suffix
        = std::string_view(host.ends_with(".amazonaws.com.cn") ? ".amazonaws.com.cn" : ".amazonaws.com");
    if (!host.starts_with(prefix) || !host.ends_with(suffix) || host.size() <= prefix.size() + suffix.size()
        || !reading::is_region_code(host.substr(prefix.size(), host.size() - prefix.size() - suffix.size())))
        return refused(what, "its host is not sns.<region>.amazonaws.com");
    auto const rest = url.substr(slash);
    auto const mark = rest.find('?');
    return SnsUrl { rest.substr(0, mark),
        mark == std::string_view::npos ? std::string_view {} : rest.substr(mark + 1) };
}

} // namespace

Result<> check_certificate_url(std::string_view url) {
    constexpr std::string_view what = "SigningCertURL";
    auto const parts = TRY(read_sns_url(url, what));
    if (url.find('?') != std::string_view::npos)
        return refused(what, "it has a query");
    if (!parts.path.ends_with(".pem"))
        return refused(what, "its path does not end in .pem");
    // One plain file name, as every real one is: no folders, no "..", no percent-encoding.
    for (char c : parts.path.substr(1)) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
            || c == '.' || c == '_';
        if (!plain)
            return refused(what, "its path is not one plain file name");
    }
    if (parts.path.find("..") != std::string_view::npos || parts.path.size() < 6)
        return refused(what, "its path is not one plain file name");
    return {};
}

Result<> check_subscribe_url(SnsEnvelope const& envelope) {
    constexpr std::string_view what = "SubscribeURL";
    auto const parts = TRY(read_sns_url(envelope.subscribe_url, what));
    if (parts.path != "/")
        return refused(what, "its path is not /");
    bool action = false;
    bool topic = false;
    bool token = false;
    for (auto const& pair : split(parts.query, '&')) {
        action = action || pair == "Action=ConfirmSubscription";
        topic = topic || percent_decoded(pair) == "TopicArn=" + envelope.topic_arn;
        token = token || percent_decoded(pair) == "Token=" + envelope.token;
    }
    if (!action || !topic || !token)
        return refused(what, "it does not confirm this topic with this token");
    return {};
}

} // namespace convops
