// Answers from small investigations made by hand; the table over golden scenarios is tests/scenarios/questions.txt.
#include "conversation/answer.h"
#include "conversation/deeper.h"
#include "conversation/tokens.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

Time const noon = *parse_time("2026-11-20T12:00:00Z");

Fact change(std::string id, std::string actor, std::string statement, Minutes before = Minutes { 5 }) {
    Fact fact;
    fact.id = FactId { std::move(id) };
    fact.source = "cloudtrail_changes";
    fact.at = noon - before;
    fact.statement = std::move(statement);
    ChangeFact detail;
    detail.kind = ChangeKind::deploy;
    detail.event_name = "UpdateService";
    detail.actor = std::move(actor);
    fact.detail = detail;
    return fact;
}

Investigation an_investigation() {
    Investigation made;
    Alarm alarm;
    alarm.name = "checkout-errors";
    alarm.changed_at = noon;
    made.incident.alarms["checkout-errors"] = { alarm, { noon } };
    made.as_of = noon + Minutes { 1 };
    made.evidence.facts.push_back(change("F1", "ada", "ada deployed checkout"));
    made.diagnosis.verdict = IncidentVerdict::incident;
    made.diagnosis.onset = noon - Minutes { 4 };
    made.diagnosis.causes.push_back(
        { CauseKind::deploy, {}, "Deploy of checkout", 0.9, { FactId { "F1" } }, {}, {} });
    return made;
}

AnswerPart first_part(std::string_view question, Investigation const& investigation) {
    return answer(question, investigation).lines.front().part;
}

TEST(Answer, each_line_about_a_fact_cites_it) {
    auto const given = answer("who deployed?", an_investigation());
    ASSERT_EQ(given.lines.front().facts, std::vector<FactId> { FactId { "F1" } });
    EXPECT_EQ(given.question, "who deployed?");
}

TEST(Answer, silence_is_an_answer_only_where_we_could_listen) {
    auto investigation = an_investigation();
    investigation.evidence.facts.clear();
    investigation.diagnosis.causes.clear();
    EXPECT_EQ(first_part("what changed?", investigation), AnswerPart::no_change);
    EXPECT_EQ(first_part("was it AWS?", investigation), AnswerPart::no_aws_event);
    EXPECT_EQ(first_part("which errors?", investigation), AnswerPart::no_error_lines);
    for (auto const* source : { "cloudtrail_changes", "aws_health", "log_patterns" })
        investigation.evidence.gaps.push_back({ source, "x:Y", ErrorKind::access_denied, "access denied", "what" });
    for (auto const* question : { "what changed?", "was it AWS?", "which errors?" })
        EXPECT_EQ(first_part(question, investigation), AnswerPart::not_seen) << question;
}

TEST(Answer, a_cause_that_nobody_looked_at_is_not_called_ruled_out) {
    auto investigation = an_investigation();
    EXPECT_EQ(first_part("was it the network?", investigation), AnswerPart::not_considered);
    investigation.diagnosis.ruled_out.push_back({ CauseKind::network, "stayed as before", { FactId { "F1" } } });
    EXPECT_EQ(first_part("was it the network?", investigation), AnswerPart::ruled_out);
    EXPECT_EQ(first_part("was it the deploy?", investigation), AnswerPart::cause);
}

TEST(Answer, outside_of_the_evidence_it_says_so_and_names_the_call) {
    auto const given = answer("which security group blocks us?", an_investigation());
    ASSERT_FALSE(given.in_evidence());
    ASSERT_EQ(given.lines.size(), 2U);
    EXPECT_EQ(given.lines[1].values[1], "ec2:DescribeSecurityGroups");
    EXPECT_EQ(answer("what is the meaning of life?", an_investigation()).lines.size(), 1U)
        << "no AWS call tells that";
}

TEST(Tokens, fold_what_people_type) {
    EXPECT_EQ(folded("¿Qué CAMBIÓ?"), " que cambio?");
    EXPECT_EQ(tokens_of("orders-db, DB_POOL_SIZE!"), (std::vector<std::string> { "orders-db", "db_pool_size" }));
    EXPECT_EQ(parts_of("FreeStorageSpace"), (std::vector<std::string> { "free", "storage", "space" }));
    EXPECT_EQ(parts_of("CPUUtilization"), (std::vector<std::string> { "cpu", "utilization" }));
    EXPECT_EQ(tokens_of("क्या बदला।").size(), 2U);
    EXPECT_LE(tokens_of(std::string(100'000, ' ') + "a b c").size(), most_tokens);
}

TEST(Deeper, says_what_is_new_and_when_nothing_is) {
    auto const before = an_investigation();
    auto after = before;
    auto const same = what_was_added(&before, after, { Minutes { 1440 }, 40 });
    EXPECT_EQ(same.lines[0].part, AnswerPart::deeper_same);
    EXPECT_EQ(same.lines[0].values, (std::vector<std::string> { "1440", "40" }));
    EXPECT_EQ(same.lines[1].part, AnswerPart::cause_same);
    after.evidence.facts.push_back(change("F2", "bob", "bob changed the table", Minutes { 600 }));
    after.diagnosis.causes.front()
        = { CauseKind::config_change, {}, "bob's change", 0.8, { FactId { "F2" } }, {}, {} };
    auto const more = what_was_added(&before, after, { Minutes { 1440 }, 40 });
    EXPECT_EQ(more.lines[0].part, AnswerPart::deeper_new);
    EXPECT_EQ(more.lines[0].values[2], "1");
    EXPECT_EQ(more.lines[1].part, AnswerPart::cause_changed);
    EXPECT_EQ(more.lines[2].facts, std::vector<FactId> { FactId { "F2" } });
    EXPECT_EQ(what_was_added(nullptr, after, {}).lines[0].part, AnswerPart::nothing_to_compare);
}

} // namespace
} // namespace convops
