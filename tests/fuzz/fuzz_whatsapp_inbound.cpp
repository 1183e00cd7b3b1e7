// Bytes that claim to be a WhatsApp webhook -> utterances and failed deliveries, bounded; and the query of Meta's
// GET.
#include "target.h"

#include "base/check.h"
#include "conversation/formats.h"

namespace convops::fuzz {

void one(std::string_view bytes) {
    CHECK(form_fields(bytes).size() <= 64);
    auto const inbound = parse_whatsapp_webhook(bytes);
    if (!inbound)
        return;
    CHECK(inbound->utterances.size() <= most_utterances && inbound->undelivered.size() <= most_utterances);
    for (auto const& utterance : inbound->utterances) {
        CHECK(utterance.channel == "whatsapp" && !utterance.event_id.empty());
        CHECK(
            utterance.address.find_first_not_of("0123456789") == std::string::npos && utterance.address.size() >= 5);
    }
}

} // namespace convops::fuzz
