// Noisy and useless alarms, and settings that the last 14 days say are better: tried, not guessed.
#pragma once

#include "audit/alarm_log.h"
#include "audit/wrong_moments.h"
#include "model/audit.h"

namespace convops {

// A stay in ALARM was real when
//   it lasted at least 15 minutes and three periods, unless the alarm stays so for a tenth of the time; or
//   another metric was plainly wrong within 10 minutes of it; or
//   another alarm that is not noisy itself, on another metric, went off within 5 minutes.
struct JudgedStay {
    AlarmStay stay;
    bool real = false;
};

inline constexpr std::size_t most_tunings = 20;

// Worst first: those that rang in vain most often.
std::vector<AlarmTuning> alarm_tunings(Estate const& estate, WrongMoments const& moments);

} // namespace convops
