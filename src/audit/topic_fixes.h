// Fixes about alarm topics that several checks propose.
#pragma once

#include "audit/fixes.h"

namespace convops {

// Subscribes a mailbox that the reader names.
AuditFix subscription_fix(std::string const& topic_arn, std::string const& region);
AuditFix new_topic_fix(std::string_view name, std::string const& region);

} // namespace convops
