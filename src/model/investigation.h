// Everything one investigation produced: what a message is composed of, what `--format json` prints, what a capsule
// holds.
#pragma once

#include "model/diagnosis.h"
#include "model/incident.h"
#include "model/wording.h"

namespace convops {

struct Cost {
    int aws_calls = 0;
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;
    double usd = 0;
    double seconds = 0;
};

struct Investigation {
    Incident incident;
    Evidence evidence;
    std::vector<Finding> findings;
    Diagnosis diagnosis;
    std::vector<SuggestedAction> actions;
    Cost cost;
    Time as_of {}; // the asker's clock when the investigation ended
    std::optional<Wording> wording; // when a model was asked; a replay never asks one
};

} // namespace convops
