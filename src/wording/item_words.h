// Words that an item supports although its statement does not hold them: what a metric is about, what a kind of cause
// is called, which sort of thing a resource is.
#pragma once

#include "wording/items.h"

namespace convops {

void add_metric_words(Citable& item, std::string_view metric_name);
void add_cause_words(Citable& item, CauseKind kind);
void add_resource_words(Citable& item, Resource const& resource);
void add_event_words(Citable& item, ResourceEventKind kind);
void add_change_words(Citable& item, ChangeKind kind);

} // namespace convops
