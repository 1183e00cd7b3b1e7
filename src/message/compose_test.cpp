#include "message/compose.h"

#include "base/text.h"
#include "message/escape.h"
#include "message/investigation_json.h"
#include "message/phrases.h"
#include "message/samples_test.h"
#include "message/words.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>

namespace convops {
namespace {

using samples::at;

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

std::string all_of(std::vector<CitedLine> const& lines) {
    std::string out;
    for (auto const& line : lines)
        out += line.text + "\n";
    return out;
}

TEST(FirstFacts, answer_the_four_questions_with_times_in_the_readers_zone) {
    Reader reader;
    reader.utc_offset = Minutes { 60 };
    reader.zone_label = "CET";
    auto const investigation = samples::pool_shrunk();
    auto const message = compose_first_facts(investigation.incident, investigation.evidence, reader);
    EXPECT_EQ(message.title, "P2 · checkout-5xx: HTTPCode_Target_5XX_Count of load balancer shop");
    EXPECT_EQ(message.headline,
        "Still happening: HTTPCode_Target_5XX_Count of load balancer shop is 44, above 5, since 20:58 CET (10 min).");
    EXPECT_EQ(message.headline_facts.size(), 1U);
    auto const text = all_of(message.what_happened);
    EXPECT_TRUE(has(text, "fired at 21:01:12 CET")) << text;
    EXPECT_TRUE(has(text, "Changed 2 min before") || has(text, "Changed 142 s before")) << text;
    EXPECT_TRUE(has(text, "20:55:38 CET · ci-deployer deployed checkout:43")) << text;
    EXPECT_TRUE(has(text, "AWS's side? Could not look: needs a Support plan.")) << text;
}

TEST(FirstFacts, say_what_is_not_known_yet) {
    auto const message = compose_first_facts(samples::plain_incident(), Evidence {}, Reader {});
    EXPECT_TRUE(has(message.headline, "has not been read yet"));
    EXPECT_TRUE(has(all_of(message.what_happened), "seen so far"));
    Evidence denied;
    denied.gaps = { { "alarm_metric", "cloudwatch:GetMetricData", ErrorKind::access_denied, "access denied", "" },
        { "cloudtrail_changes", "cloudtrail:LookupEvents", ErrorKind::access_denied, "access denied", "" } };
    auto const blind = compose_first_facts(samples::plain_incident(), denied, Reader {});
    EXPECT_TRUE(has(blind.headline, "Could not look: access denied (cloudwatch:GetMetricData)"));
    EXPECT_TRUE(has(all_of(blind.what_happened), "What changed? Could not look"));
    EXPECT_FALSE(has(all_of(blind.what_happened), "No change"));
}

TEST(FirstFacts, see_that_the_metric_is_back) {
    auto investigation = samples::pool_shrunk();
    for (auto& fact : investigation.evidence.facts)
        if (auto* metric = std::get_if<MetricFact>(&fact.detail))
            metric->series.values.back() = 1;
    auto const message = compose_first_facts(investigation.incident, investigation.evidence, Reader {});
    EXPECT_TRUE(has(message.headline, "Not happening now")) << message.headline;
    EXPECT_TRUE(has(message.headline, "since 20:07 UTC")) << message.headline;
}

TEST(Diagnosis, puts_the_first_cause_into_one_sentence_and_cites_facts) {
    auto const message = compose_diagnosis(samples::pool_shrunk(), Reader {});
    EXPECT_TRUE(message.headline.starts_with("Likely cause (86 %): The deploy of checkout")) << message.headline;
    EXPECT_EQ(message.headline_facts.size(), 2U);
    ASSERT_EQ(message.causes.size(), 2U);
    EXPECT_TRUE(message.causes[0].text.starts_with("Likely (86 %): "));
    EXPECT_TRUE(message.causes[1].text.starts_with("Possible (21 %): "));
    EXPECT_TRUE(has(message.causes[1].text, "Against it: F"));
    EXPECT_LE(message.what_happened.size(), 6U);
    EXPECT_TRUE(has(message.what_happened[0].text, "19:55:38 UTC")) << all_of(message.what_happened);
    ASSERT_EQ(message.not_seen.size(), 2U);
    EXPECT_EQ(message.not_seen[0],
        "RDS performance insights: access denied. Allow pi:GetResourceMetrics to see it. "
        "It tells which queries the database worked on.");
    EXPECT_EQ(message.footer, "31 AWS calls · 0 tokens · $0.00 · 2.4 s");
}

TEST(Diagnosis, abstains_in_words_and_never_says_healthy_without_saying_what_it_did_not_see) {
    auto investigation = samples::pool_shrunk();
    investigation.diagnosis = Diagnosis {};
    investigation.diagnosis.best_lead = "look at the deploy of 19:55.";
    EXPECT_EQ(
        compose_diagnosis(investigation, Reader {}).headline, "Not known; best lead: look at the deploy of 19:55.");
    investigation.diagnosis.best_lead.clear();
    EXPECT_TRUE(has(compose_diagnosis(investigation, Reader {}).headline, "2 things could not be read"));
    for (auto const verdict : { IncidentVerdict::healthy, IncidentVerdict::self_healed, IncidentVerdict::aws_side }) {
        investigation.diagnosis.verdict = verdict;
        EXPECT_TRUE(has(compose_diagnosis(investigation, Reader {}).headline, "could not be read"));
    }
}

TEST(Diagnosis, is_bounded_whatever_it_is_given) {
    auto investigation = samples::pool_shrunk();
    for (int i = 0; i < 300; ++i) {
        investigation.diagnosis.causes.push_back(investigation.diagnosis.causes[0]);
        investigation.diagnosis.causes.back().statement = std::string(10'000, 'a');
        investigation.diagnosis.ruled_out.push_back(investigation.diagnosis.ruled_out[0]);
        investigation.evidence.gaps.push_back(
            { "source_" + std::to_string(i), "", ErrorKind::timeout, std::string(5000, 'b'), "" });
        investigation.actions.push_back(investigation.actions[0]);
    }
    auto const message = compose_diagnosis(investigation, Reader {});
    EXPECT_EQ(message.causes.size(), 4U);
    EXPECT_EQ(message.ruled_out.size(), 4U);
    EXPECT_EQ(message.not_seen.size(), 7U);
    EXPECT_EQ(message.not_seen.back(), "and 296 more");
    EXPECT_EQ(message.actions.size(), 3U);
    EXPECT_LT(message.headline.size(), 600U);
}

TEST(Diagnosis, names_two_independent_causes) {
    auto investigation = samples::pool_shrunk();
    investigation.diagnosis.causes[1].score = 0.7;
    auto const headline = compose_diagnosis(investigation, Reader {}).headline;
    EXPECT_TRUE(headline.starts_with("Two likely causes.")) << headline;
    EXPECT_TRUE(has(headline, "Requests rose"));
}

Investigation resolved_investigation() {
    auto investigation = samples::pool_shrunk();
    auto& incident = investigation.incident;
    incident.state = IncidentState::resolved;
    incident.resolved_at = at("20:31:12");
    return investigation;
}

TEST(Resolved, tells_when_and_how_long) {
    auto investigation = resolved_investigation();
    investigation.incident.alarms.begin()->second.fired_at = { at("20:01:12"), at("20:10"), at("20:20") };
    auto const message = compose_resolved(investigation, Recovery {}, Reader {});
    EXPECT_EQ(message.headline, "Resolved at 20:31:12 UTC after 30 min.");
    EXPECT_EQ(message.what_happened.at(0).text, "It fired 3 times.");
    EXPECT_EQ(message.causes.size(), 1U);
}

TEST(Resolved, tells_the_worst_value_and_what_fixed_it_with_its_fact) {
    Recovery recovery { .kind = RecoveryKind::fixed, .fix = FixKind::rolled_back };
    Fact told_by { .id = FactId { "R3" }, .at = at("20:26") };
    told_by.statement = "ana called UpdateService on ECS service checkout at 20:26: taskDefinition checkout:41.";
    told_by.link = "https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home";
    recovery.told_by = told_by;
    recovery.changed_at = at("20:26");
    recovery.recovered_at = at("20:29");
    recovery.peak = MetricPeak { "5XX", { "elb:load_balancer", "app/shop/0123", "" }, "Count", 42, at("20:05"),
        FactId { "R1" } };
    auto const message = compose_resolved(resolved_investigation(), recovery, Reader {});
    ASSERT_EQ(message.what_happened.size(), 2U);
    EXPECT_EQ(message.what_happened[0].text, "At its worst: 5XX of load balancer shop was 42 at 20:05 UTC.");
    EXPECT_TRUE(message.what_happened[1].text.starts_with("Rolled back 3 min before it came back: ana called"));
    EXPECT_EQ(message.what_happened[1].facts, recovery.facts());
    EXPECT_EQ(message.what_happened[1].link, told_by.link);
}

TEST(Resolved, silence_is_no_claim) {
    auto const line = [](Recovery const& recovery) {
        return compose_resolved(resolved_investigation(), recovery, Reader {}).what_happened.back().text;
    };
    EXPECT_EQ(line({ .kind = RecoveryKind::by_itself }), "It came back by itself: no change to it was seen.");
    EXPECT_EQ(line({}), "What fixed it is not known: nothing was read again after the end.");
    EXPECT_EQ(line({ .unknown_why = UnknownWhy::trail_unread,
                  .gap = Gap { "cloudtrail_changes", "cloudtrail:LookupEvents", ErrorKind::access_denied,
                      "access denied", "" } }),
        "What fixed it is not known: CloudTrail could not be read (access denied, cloudtrail:LookupEvents).");
    EXPECT_TRUE(has(line({ .unknown_why = UnknownWhy::trail_late }), "CloudTrail lags up to 15 minutes"));
}

TEST(Flapping, says_why_it_is_batched) {
    auto const message = compose_flapping(samples::plain_incident(), 7, Hours { 2 }, Reader {});
    EXPECT_EQ(message.title, "P2 · checkout-5xx: 7th time, batched");
    EXPECT_TRUE(has(message.headline, "7th time in 2 h"));
}

TEST(Reader, has_a_zone_label_in_every_case) {
    Reader reader;
    EXPECT_EQ(zone_label(reader), "UTC");
    reader.utc_offset = Minutes { -210 };
    EXPECT_EQ(zone_label(reader), "UTC-03:30");
    EXPECT_EQ(clock_words(at("20:01"), at("20:00"), reader), "16:31 UTC-03:30");
    EXPECT_EQ(clock_words(at("20:01") - Days { 2 }, at("20:00"), reader), "2026-11-21 16:31 UTC-03:30");
}

TEST(Words, keep_arguments_as_they_are) {
    EXPECT_EQ(say("{0} and {1}", { "{1}", "b" }), "{1} and b");
    EXPECT_EQ(say("{3}|", { "a" }), "|");
    EXPECT_EQ(language_of("en").ordinal(1), "1st");
    EXPECT_EQ(language_of("en").ordinal(12), "12th");
    EXPECT_EQ(language_of("en").ordinal(22), "22nd");
    EXPECT_EQ(language_of("en").ordinal(103), "103rd");
}

TEST(PlainText, stays_within_eighty_columns_and_sends_nothing_a_terminal_obeys) {
    auto investigation = samples::pool_shrunk();
    investigation.diagnosis.causes[0].statement = "\x1b[31mred\x07 \xC2\x9B words " + std::string(900, 'w') + " end";
    auto const text = to_plain_text(compose_diagnosis(investigation, Reader {}));
    for (unsigned char const c : text)
        EXPECT_TRUE(c >= 0x20 || c == '\n');
    auto const plain = to_plain_text(compose_diagnosis(samples::pool_shrunk(), Reader {}));
    for (auto const& line : split(plain, '\n')) {
        if (!has(line, "https://")) {
            EXPECT_LE(width_of(line), 80U) << line;
        }
    }
    if (std::getenv("CONVOPS_SHOW") != nullptr)
        std::cout << plain;
}

TEST(InvestigationJson, has_every_field_of_the_contract) {
    auto const json = Json(to_json(samples::pool_shrunk(), Reader {}));
    for (auto const* path : { "incident.id", "incident.account", "incident.region", "incident.severity",
             "incident.opened_at", "verdict", "onset", "causes", "ruled_out", "facts", "gaps", "checks", "actions",
             "cost.aws_calls", "cost.input_tokens", "cost.output_tokens", "cost.usd", "cost.seconds", "text" })
        EXPECT_NE(find(json, path), nullptr) << path;
    EXPECT_TRUE(json.as_object().at("incident").as_object().at("resolved_at").is_null());
    EXPECT_EQ(text_at(json, "onset"), "2026-11-23T19:58:00Z");
    auto const& cause = list_at(json, "causes")[0];
    EXPECT_EQ(integer_at(cause, "rank"), 1);
    EXPECT_EQ(text_at(cause, "kind"), "deploy");
    EXPECT_EQ(text_at(cause, "resource"), "arn:aws:ecs:eu-west-1:111122223333:service/shop/checkout");
    EXPECT_EQ(list_at(cause, "facts").size(), 2U);
    auto const& gaps = list_at(json, "gaps");
    EXPECT_EQ(gaps.size(), 2U);
    for (auto const& gap : gaps)
        EXPECT_TRUE(gap.as_object().at("iam_action").is_null() || !text_at(gap, "iam_action").empty());
    EXPECT_EQ(text_at(list_at(json, "actions")[0], "id"), "A1");
    EXPECT_TRUE(flag_at(list_at(json, "actions")[0], "requires_enable_actions"));
}

TEST(InvestigationJson, is_valid_whatever_the_names_contain) {
    auto investigation = samples::pool_shrunk();
    investigation.diagnosis.causes[0].statement = "bad \xff\xfe \x01 bytes";
    investigation.diagnosis.causes[0].score = std::nan("");
    investigation.cost.usd = std::numeric_limits<double>::infinity();
    auto const text = to_text(to_json(investigation, Reader {}));
    EXPECT_TRUE(parse_json(text).has_value());
}

TEST(IncidentLink, is_made_of_plain_ids_only) {
    Reader reader;
    reader.portal_url = "https://ops.example/";
    EXPECT_EQ(incident_link(IncidentId { "inc-42" }, reader), "https://ops.example/incidents/inc-42");
    EXPECT_EQ(incident_link(IncidentId { "../x?y" }, reader), "");
    reader.page_key = [](IncidentId const& incident) { return "k" + incident.text; };
    EXPECT_EQ(incident_link(IncidentId { "inc-42" }, reader), "https://ops.example/incidents/inc-42?key=kinc-42");
    EXPECT_EQ(incident_link(IncidentId { "inc-42" }, Reader {}), "");
}

} // namespace
} // namespace convops
