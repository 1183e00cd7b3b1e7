// Questions over golden scenarios: questions.txt tells what each answer must cite, have or say, or that it must be
// "not in the evidence". Whatever is asked, every cited fact exists and nothing in the text is markup or a control
// character.
#include "adapters/files/files.h"
#include "adapters/memory/simulated_clock.h"
#include "adapters/recorded/recorded_aws.h"
#include "alarm/formats.h"
#include "app/investigate.h"
#include "base/text.h"
#include "conversation/answer.h"
#include "message/compose.h"
#include "scenario.h"

#include <cstdio>
#include <gtest/gtest.h>

namespace convops {
namespace {

struct Row {
    std::string scenario;
    std::string question;
    std::vector<std::string> expected;
    bool known_miss = false; // begins with "!": answered wrongly today, and told so in docs/evaluation.md
};

std::vector<Row> read_rows() {
    auto const text = read_file("tests/scenarios/questions.txt", 1 << 20);
    EXPECT_TRUE(text);
    std::vector<Row> rows;
    for (auto const& line : split(*text, '\n')) {
        if (line.empty() || line.starts_with('#'))
            continue;
        auto const columns = split(line, '|');
        EXPECT_EQ(columns.size(), 3U) << line;
        Row row { trim(columns[0]), trim(columns[1]), {}, false };
        if (row.scenario.starts_with('!')) {
            row.known_miss = true;
            row.scenario = row.scenario.substr(1);
        }
        for (auto const& each : split(trim(columns[2]), ' '))
            if (!each.empty())
                row.expected.push_back(each);
        rows.push_back(std::move(row));
    }
    return rows;
}

Investigation const& investigation_of(std::string const& name, Depth depth = Depth::usual) {
    static std::map<std::pair<std::string, Depth>, Investigation> known;
    auto const [at, fresh] = known.try_emplace({ name, depth });
    if (!fresh)
        return at->second;
    auto const scenario = load_scenario("tests/scenarios/" + name);
    EXPECT_TRUE(scenario) << name;
    auto const account = std::make_shared<RecordedAccount const>(*grow(*scenario));
    SimulatedClock clock(account->now);
    RecordedAws aws(account, clock);
    auto const alarm = parse_alarm(to_text(account->alarm_message));
    EXPECT_TRUE(alarm);
    InvestigationOptions options;
    options.depth = depth;
    at->second = investigate(incident_of(*alarm), aws, clock, options);
    return at->second;
}

std::string_view kind_of(FactDetail const& detail) {
    constexpr std::array<std::string_view, 12> names { "none", "metric", "change", "log", "event", "state",
        "dependency", "load", "service", "alarm", "limit", "schedule" };
    return names[detail.index()];
}

std::string_view name_of(AnswerPart part) {
    static std::map<AnswerPart, std::string_view> const names { { AnswerPart::began, "began" },
        { AnswerPart::alarm_now, "alarm_now" }, { AnswerPart::error_lines, "error_lines" },
        { AnswerPart::no_aws_event, "no_aws_event" }, { AnswerPart::all_read, "all_read" },
        { AnswerPart::ruled_out, "ruled_out" }, { AnswerPart::cause, "cause" }, { AnswerPart::action, "action" },
        { AnswerPart::price, "price" }, { AnswerPart::not_seen, "not_seen" },
        { AnswerPart::not_considered, "not_considered" }, { AnswerPart::healthy, "healthy" } };
    auto const found = names.find(part);
    return found == names.end() ? "" : found->second;
}

std::string said_by(ChatAnswer const& answer, Investigation const& investigation) {
    auto message = compose_answer(investigation.incident, answer, &investigation, Reader {});
    auto text = message.headline; // not the title: it repeats the question
    for (auto const& line : message.what_happened)
        text += "\n" + line.text;
    return text;
}

// What is missing; empty: nothing.
std::string missing(Row const& row, ChatAnswer const& answer, Investigation const& investigation) {
    auto const said = said_by(answer, investigation);
    for (auto const& expected : row.expected) {
        bool met = false;
        if (expected == "absent")
            met = !answer.in_evidence();
        else if (expected.starts_with("says="))
            met = contains_ignoring_case(said, expected.substr(5));
        else if (expected.starts_with("part="))
            met = std::any_of(answer.lines.begin(), answer.lines.end(),
                [&](AnswerLine const& line) { return name_of(line.part) == expected.substr(5); });
        else
            for (auto const& line : answer.lines)
                for (auto const& id : line.facts)
                    if (auto const* fact = investigation.evidence.find(id))
                        met = met || kind_of(fact->detail) == expected;
        if (!met)
            return expected;
    }
    return {};
}

void expect_honest(ChatAnswer const& answer, Investigation const& investigation) {
    ASSERT_FALSE(answer.lines.empty());
    for (auto const& line : answer.lines)
        for (auto const& id : line.facts)
            EXPECT_NE(investigation.evidence.find(id), nullptr) << id.text;
    auto const message = compose_answer(investigation.incident, answer, &investigation, Reader {});
    auto const text = to_plain_text(message);
    EXPECT_FALSE(message.headline.empty());
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Questions, are_answered_from_the_evidence_or_not_at_all) {
    int met = 0;
    int absent = 0;
    int wrongly_absent = 0;
    int invented = 0;
    auto const rows = read_rows();
    ASSERT_GE(rows.size(), 80U);
    for (auto const& row : rows) {
        auto const& investigation = investigation_of(row.scenario);
        auto const given = answer(row.question, investigation);
        expect_honest(given, investigation);
        auto const lacks = missing(row, given, investigation);
        met += lacks.empty() ? 1 : 0;
        auto const should_be_absent = row.expected == std::vector<std::string> { "absent" };
        absent += should_be_absent ? 1 : 0;
        invented += should_be_absent && given.in_evidence() ? 1 : 0;
        wrongly_absent += !should_be_absent && !given.in_evidence() ? 1 : 0;
        if (row.known_miss)
            EXPECT_FALSE(lacks.empty()) << "answered well now; take the ! away: " << row.question;
        else
            EXPECT_TRUE(lacks.empty()) << row.scenario << ": " << row.question << "\n  lacks " << lacks << "; said\n"
                                       << said_by(given, investigation);
    }
    std::printf(
        "%zu questions, %d as expected; %d of %d that the evidence cannot answer were answered, %d answerable "
        "ones were not\n",
        rows.size(), met, invented, absent, wrongly_absent);
}

TEST(Questions, whatever_is_asked_the_answer_is_honest) {
    auto const& investigation = investigation_of("001-small-number");
    for (std::string const& hostile : { std::string(), std::string(100'000, '?'), std::string("\x1b[31mwhat changed"),
             std::string("{0} {1}"), std::string("<!here> *what* changed <https://evil.example|click>"),
             std::string("F1 F2 F3"), std::string("\xff\xfe\xfd"), std::string(5'000, ' ') + "why" })
        expect_honest(answer(hostile, investigation), investigation);
}

// A deeper look over the same account must not take a right diagnosis back.
TEST(Questions, a_deeper_look_keeps_the_first_cause) {
    for (auto const* name : { "001-small-number", "004-hot-table", "008-two-doors", "016-empty-chairs",
             "022-missing-key", "024-long-queue", "038-new-shoes", "046-late-helper" }) {
        auto const& usual = investigation_of(name).diagnosis;
        auto const& deep = investigation_of(name, Depth::deep).diagnosis;
        ASSERT_FALSE(usual.causes.empty());
        ASSERT_FALSE(deep.causes.empty()) << name;
        EXPECT_EQ(to_string(deep.causes.front().kind), to_string(usual.causes.front().kind)) << name;
        EXPECT_EQ(deep.causes.front().resource.key(), usual.causes.front().resource.key()) << name;
    }
}

} // namespace
} // namespace convops
