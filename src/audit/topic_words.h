// What the checks of the delivery path share: which topics matter, and how an endpoint is shown.
#pragma once

#include "audit/alarm_nature.h"

namespace convops {

// Topics of the Region that alarms send to, in their order.
std::vector<EstateTopic const*> topics_of_alarms(EstateRegion const& here);

// The alarms that send to it in any state.
std::vector<EstateAlarm const*> senders_to(EstateRegion const& here, EstateTopic const& topic);

// Personal data and keys stay out of reports: "a***@example.com", "***42", "https://events.pagerduty.com". ARNs are
// shown.
std::string shown_endpoint(EstateSubscription const& subscription);

// "alerts@", "on-call@": an address of several people or of a tool.
bool is_shared_mailbox(std::string_view address);

std::vector<EstateSubscription const*> confirmed(EstateTopic const& topic);

// With the weight of a sandbox when its name says so.
AuditJudgement weighed(AuditJudgement judgement, std::string_view name);

} // namespace convops
