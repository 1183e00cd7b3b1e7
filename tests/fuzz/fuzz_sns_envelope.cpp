// Bytes of an SNS delivery -> envelope, and its URL rules. A URL that passes has exactly the host that it seems to.
#include "target.h"

#include "alarm/sns_envelope.h"
#include "base/check.h"

namespace convops::fuzz {

void one(std::string_view bytes) {
    // The bytes as a URL of their own: reaches the rule without a whole envelope around it.
    if (check_certificate_url(bytes)) {
        CHECK(bytes.starts_with("https://sns.") && bytes.ends_with(".pem"));
        CHECK(bytes.find_first_of("@\\?#% \n\r") == std::string_view::npos
            && bytes.find("..") == std::string_view::npos);
        auto const slash = bytes.find('/', 8);
        auto host = bytes.substr(8, slash - 8);
        if (host.ends_with(":443"))
            host.remove_suffix(4);
        CHECK(host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"));
        CHECK(host.find(':') == std::string_view::npos);
    }
    auto const envelope = parse_sns_envelope(bytes);
    if (!envelope)
        return;
    // The last lines of the signed text name the topic and the type, whatever the message holds.
    auto const text = string_to_sign(*envelope);
    CHECK(text.ends_with(
        "\nTopicArn\n" + envelope->topic_arn + "\nType\n" + std::string(to_string(envelope->type)) + "\n"));
    CHECK(envelope->topic_arn.find('\n') == std::string::npos);
    static_cast<void>(check_certificate_url(envelope->signing_cert_url));
    static_cast<void>(check_subscribe_url(*envelope));
}

} // namespace convops::fuzz
