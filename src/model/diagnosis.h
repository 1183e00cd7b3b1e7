// Findings of the checks, and the diagnosis: ranked causes with the facts for and against, what was ruled out, what
// is unknown.
#pragma once

#include "model/cause_kind.h"
#include "model/evidence.h"

namespace convops {

enum class CheckVerdict : std::uint8_t { supports, refutes, cannot_tell };
enum class CheckEffect : std::uint8_t { suppress, context, digest };
std::string_view to_string(CheckVerdict verdict);
std::string_view to_string(CheckEffect effect);

struct Finding {
    std::string check; // file name of the check: "self_healed"
    CheckVerdict verdict = CheckVerdict::cannot_tell;
    CheckEffect effect = CheckEffect::context;
    std::string why; // one sentence
    std::vector<FactId> facts;
};

struct Cause {
    CauseKind kind = CauseKind::unknown;
    Resource resource;
    std::string statement; // one sentence
    double score = 0; // 0..1: of the causes shown with 0.8, about 80 % should be right
    std::vector<FactId> facts; // at least one
    std::vector<FactId> against;
    std::optional<Time> began_at;
};

struct RuledOut {
    CauseKind kind = CauseKind::unknown;
    std::string why; // one sentence
    std::vector<FactId> facts;
};

enum class IncidentVerdict : std::uint8_t { incident, healthy, self_healed, aws_side, unknown };
std::string_view to_string(IncidentVerdict verdict);

struct Diagnosis {
    IncidentVerdict verdict = IncidentVerdict::unknown;
    std::optional<Time> onset;
    std::vector<Cause> causes; // ranked; rank = index + 1; empty when healthy or not known
    std::vector<RuledOut> ruled_out;
    std::string best_lead; // when nothing clears the bar: what to look at first; else empty
    std::vector<FactId> lead_facts;
};

// A suggested fix. Executing it belongs to action/; here it is only worded.
struct SuggestedAction {
    std::string id; // "A1"
    std::string kind; // "ecs_roll_back", "rds_increase_storage", "look_at"
    std::string resource;
    std::string statement;
    bool requires_enable_actions = false; // true: ConvOps could do it from chat once actions are enabled
};

} // namespace convops
