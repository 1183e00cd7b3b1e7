// What a sum of log-odds is worth: the share of causes of that strength that were right on incidents which nobody had
// tuned the diagnosis on. Decides nothing: bars compare log-odds, readers see the chance.
#pragma once

namespace convops {

// 0..1, rising with the log-odds. Source: docs/decisions/0056-what-a-score-means.md.
double chance_of_being_right(double log_odds);

} // namespace convops
