// The numbers that decide how an incident lives, in one place. Each connection may have its own.
#pragma once

#include "incident/mutes.h"
#include "model/message.h"

namespace convops {

struct Policy {
    std::vector<Route> routes; // who is told
    std::vector<MuteWindow> mutes; // of this connection, that are open or were until recently
    Minutes group_within { 5 }; // product.md: alarms within 5 minutes that share a resource are one incident
    Minutes reopen_within { 5 }; // ALARM again so soon after it was OK: the same incident
    Seconds resolve_hold { 60 }; // all OK for so long before "resolved" is said: one period of a usual alarm
    Seconds resolved_notice_within { 15 }; // so long the resolved notice waits for what fixed it
    Seconds first_facts_within { 8 }; // plain facts when the investigation brought none (product.md: 10 s)
    int flapping_firings = 4; // so many firings of one alarm within flapping_window are batched
    Hours flapping_window { 2 };
    Hours batch_every { 1 }; // at most one update so often while flapping
    Minutes flapping_calm { 20 }; // a flapping incident is resolved after so long without ALARM
    Days close_after { 7 };
    int most_investigations = 4; // per incident: a budget, not a retry count
    int most_aftermaths = 4; // per incident; one for each time that it ends
    int most_deeper_looks = 2; // per incident, beside those; each costs a few hundred AWS calls
    Hours outcome_after { 2 }; // so long after its end an incident must stay over before what followed says anything
    int most_questions = 100; // per incident; each is an answer from what is stored and costs no AWS call
};

// Bounds of one record, so that it stays below the store's item limit of 400 KiB; a test builds the largest one.
inline constexpr std::size_t most_alarms_of_incident = 60; // the next alarm opens a further incident
inline constexpr std::size_t most_changes_of_alarm = 24; // older ones are forgotten
inline constexpr std::size_t most_firings_of_alarm = 24;
inline constexpr std::size_t most_alarm_bytes = 2'600; // metrics and text beyond are cut
inline constexpr std::size_t most_lanes = 20;
inline constexpr std::size_t most_waiting_messages = 8; // per lane
inline constexpr std::size_t most_note_bytes = 300;
inline constexpr std::size_t most_told_messages = 60; // of the timeline; the first ten and the newest are kept
inline constexpr std::size_t first_told_messages = 10;
inline constexpr std::size_t most_waiting_answers = 3; // per lane, of those; a question beyond is refused
inline constexpr std::size_t most_question_bytes = 400; // as kept and shown
inline constexpr std::size_t most_diggers = 8;
inline constexpr std::size_t most_votes = 40; // people of one incident; the next one is refused
inline constexpr std::size_t most_person_bytes = 64;
inline constexpr std::size_t most_requests = 32; // remembered for idempotency; the intake remembers all for a week
inline constexpr std::size_t most_request_bytes = 160;
// A wake-up is pending work, and pending work is kept 7 days: a long sleep is a chain of short ones.
inline constexpr Hours longest_sleep { 24 };

} // namespace convops
