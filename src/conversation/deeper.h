// What a deeper look added to what was known: fine answers are "nothing new" and "the cause is another one".
#pragma once

#include "model/answer.h"

namespace convops {

struct Reached {
    Minutes changes_back { 0 }; // how far back changes were read
    std::size_t neighbours = 0; // resources near the alarm's own that were looked at
};

// `before`: nullptr when there was no diagnosis. Facts are cited by their ids in `after`.
ChatAnswer what_was_added(Investigation const* before, Investigation const& after, Reached reached);

} // namespace convops
