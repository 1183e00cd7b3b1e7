// The SNS side of the demo: a topic with a key of its own, made when the demo starts. It signs messages as SNS does
// and serves its certificate, so that the demo's alarm goes the true way into the server.
#pragma once

#include "base/json.h"

#include <memory>

namespace convops {

class DemoTopic {
public:
    // A fresh 2048-bit key and a certificate that is valid around `now`.
    static Result<DemoTopic> make(std::string topic_arn, Time now);

    // Another topic whose messages the same key signs.
    [[nodiscard]] DemoTopic with_arn(std::string arn) const {
        auto other = *this;
        other.arn_ = std::move(arn);
        return other;
    }

    [[nodiscard]] std::string const& certificate_pem() const { return certificate_pem_; }
    [[nodiscard]] std::string const& arn() const { return arn_; }
    // The notification as SNS posts it: signature version 2 over the canonical text.
    [[nodiscard]] Result<std::string> notification(
        std::string const& message, std::string const& message_id, std::string const& certificate_url, Time at) const;

private:
    std::string arn_;
    std::string key_pem_;
    std::string certificate_pem_;
};

} // namespace convops
