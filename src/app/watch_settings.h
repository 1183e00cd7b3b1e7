// The sections [watch] and [[mute]] of the configuration, as the parts that they are for take them.
#pragma once

#include "app/settings.h"
#include "app/watch_service.h"

namespace convops {

WatchServiceSettings watch_settings_from(Settings const& settings);

// `world` without connections and routes, which the settings name. nullptr: nothing is watched, muted or digested.
std::unique_ptr<WatchService> watch_service_from(Settings const& settings, WatchServiceWorld world);

// invalid_input names the mute and what is wrong with it. `now`: a rule that is over is good, and mutes nothing.
Result<std::vector<MuteRule>> mute_rules_from(Settings const& settings, Time now);

// What is wrong with one of them, whatever the time is; "" for nothing.
std::string problem_of(Settings::Mute const& mute);

} // namespace convops
