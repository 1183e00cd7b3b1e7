// A model's answer of any bytes: read within its bounds and judged without a crash, and nothing that is shown holds a
// mention or a link.
#include "target.h"

#include "base/check.h"
#include "wording/worded.h"

#include <array>

namespace convops::fuzz {

namespace {

Investigation small_case() {
    Investigation all;
    Alarm alarm;
    alarm.name = "shop-5xx";
    alarm.region = "eu-west-1";
    alarm.changed_at = Time { Milliseconds { 1'795'464'000'000 } };
    all.incident.region = "eu-west-1";
    all.incident.alarms["a"] = { alarm, { alarm.changed_at } };
    all.as_of = alarm.changed_at;
    Fact fact;
    fact.id = FactId { "F1" };
    fact.at = alarm.changed_at;
    fact.statement = "\"PoolTimeout @channel https://evil.example\" 244 times since 20:11:38 UTC in /ecs/checkout.";
    fact.detail = LogPatternFact {
        .group = "/ecs/checkout", .pattern = "PoolTimeout @channel", .count = 244, .first_seen = alarm.changed_at
    };
    all.evidence.facts.push_back(fact);
    all.diagnosis.verdict = IncidentVerdict::incident;
    all.diagnosis.causes.push_back({ CauseKind::deploy, { "ecs:service", "shop/checkout", "" },
        "Deploy of ECS service checkout at 20:11:28 changed A 20 → 2.", 0.9, { FactId { "F1" } }, {},
        alarm.changed_at });
    return all;
}

} // namespace

void one(std::string_view bytes) {
    static Investigation const all = small_case();
    static std::array<Readership, 4> const readers { Readership { "en", Minutes { 0 }, "UTC" },
        { "de", Minutes { 60 }, "CET" }, { "es", Minutes { 60 }, "CET" }, { "hi", Minutes { 330 }, "IST" } };
    ModelDraft draft;
    if (auto const json = parse_json(bytes, { .bytes = 1 << 16, .depth = 16 }))
        draft = draft_from(*json);
    draft.lines.push_back({ std::string(bytes), { "F1", "C1", "I1" } });
    for (auto const& reader : readers) {
        auto const wording = checked(all, reader, draft);
        for (auto const* sentences : { &wording.headline, &wording.lines })
            for (auto const& sentence : *sentences) {
                CHECK(sentence.text.find("://") == std::string::npos);
                CHECK(sentence.text.find('@') == std::string::npos);
            }
    }
}

} // namespace convops::fuzz
