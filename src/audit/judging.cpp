#include "audit/judging.h"

namespace convops {

AuditJudgement passes(std::string region, std::string resource) {
    AuditJudgement judgement;
    judgement.region = std::move(region);
    judgement.resource = std::move(resource);
    return judgement;
}

AuditJudgement fails(
    std::string region, std::string resource, std::string why, std::vector<AuditEvidence> evidence, AuditFix fix) {
    auto judgement = passes(std::move(region), std::move(resource));
    judgement.result = AuditResult::fail;
    judgement.why = std::move(why);
    judgement.evidence = std::move(evidence);
    judgement.fix = std::move(fix);
    return judgement;
}

AuditJudgement not_known(std::string region, std::string resource, std::string why, std::string iam_action) {
    auto judgement = passes(std::move(region), std::move(resource));
    judgement.result = AuditResult::unknown;
    judgement.why = std::move(why);
    judgement.iam_action = std::move(iam_action);
    return judgement;
}

std::string name_of(EstateAlarm const& alarm) {
    return alarm.alarm.arn.empty() ? alarm.alarm.name : alarm.alarm.arn;
}

AuditEvidence field_of(std::string_view api, Json const& item, std::string_view field) {
    auto const* value = find(item, field);
    return { std::string(api), std::string(field), value == nullptr ? Json(nullptr) : *value };
}

} // namespace convops
