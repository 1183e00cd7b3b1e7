// Everything one investigation produced: what a message is composed of, what `--format json` prints, what a capsule
// holds.
#pragma once

#include "model/diagnosis.h"
#include "model/incident.h"
#include "model/runbook.h"
#include "model/spend.h"
#include "model/wording.h"

namespace convops {

struct Cost {
    int aws_calls = 0;
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;
    double usd = 0;
    double seconds = 0;
};

enum class Hit : std::uint8_t { user_errors, user_latency, user_facing, internal }; // what the alarm is about
enum class Standing : std::uint8_t { happening, healed, unknown };

// How severe it is and why: typed, so that each reader gets the reasons in the own language.
struct SeverityJudgement {
    Severity severity = Severity::p3;
    bool owners_word = false; // the alarm's name says P1: that settles it
    Hit hit = Hit::internal;
    Resource where; // the resource that users reach; empty for internal
    double times_threshold = 0; // the worst value: so many times over it, or under; 0: not known
    double spreads = 0; // from its usual level, where a threshold says little (per cents); 0: not known
    bool at_zero = false; // a minimum was wanted and nothing is left
    int dependants = 0; // services that call what is broken, directly or not
    int alarms = 0; // that fire
    Standing standing = Standing::unknown;
    std::string environment; // "staging", when a name says that it is not production; else empty
};

struct Investigation {
    Incident incident;
    Evidence evidence;
    std::vector<Finding> findings;
    Diagnosis diagnosis;
    std::vector<SuggestedAction> actions;
    Cost cost;
    SeverityJudgement severity;
    Time as_of {}; // the asker's clock when the investigation ended
    std::optional<ExtraSpend> spend; // what the incident costs on the AWS bill; nullopt: nothing that can be told
    std::vector<CitedRunbook>
        runbooks; // best match first; of the folder as it was when this was told, never replayed
    std::optional<WordedDiagnosis> wording; // when a model was asked; a replay never asks one
};

} // namespace convops
