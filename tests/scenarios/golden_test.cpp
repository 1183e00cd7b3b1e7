// Every golden scenario: the rules of expected.json hold, and the diagnosis and the Slack message are those that a
// person read and accepted (expected/). UPDATE_GOLDEN=1 rewrites them and then fails, so that it cannot pass unread.
#include "adapters/memory/simulated_clock.h"
#include "adapters/recorded/recorded_aws.h"
#include "alarm/formats.h"
#include "app/capsule.h"
#include "base/text.h"
#include "faulty_aws.h"
#include "golden_file.h"
#include "kept_rules.h"
#include "message/channels.h"
#include "message/compose.h"
#include "message/investigation_json.h"
#include "message/words.h"
#include "scenario.h"

#include <gmock/gmock.h>

namespace convops {
namespace {

using testing::HasSubstr;

std::filesystem::path const root = "tests/scenarios";

// What one scenario leads to.
struct Outcome {
    Investigation investigation;
    Message message;
    std::shared_ptr<RecordedAccount const> account;
};

using Account = std::shared_ptr<RecordedAccount const>;

Result<Outcome> run_on(Account const& account, Fault const& fault = {}) {
    SimulatedClock clock(account->now);
    RecordedAws recorded(account, clock);
    FaultyAws aws(recorded, fault);
    auto const alarm = TRY(parse_alarm(to_text(account->alarm_message)));
    auto investigation = investigate(incident_of(alarm), aws, clock);
    auto message = compose_diagnosis(investigation, Reader {});
    return Outcome { std::move(investigation), std::move(message), account };
}

Result<Outcome> run(Scenario const& scenario, ScenarioTwist const& twist = {}) {
    return run_on(std::make_shared<RecordedAccount const>(TRY(grow(scenario, twist)))).with_context(scenario.name);
}

std::vector<std::string> kinds_of(std::vector<Cause> const& causes) {
    std::vector<std::string> kinds;
    for (auto const& cause : causes)
        kinds.emplace_back(to_string(cause.kind));
    return kinds;
}

// Whatever was read or not: no cited fact is missing, nothing hostile is left in the text, and no score is out of
// range.
void expect_honest(Outcome const& outcome) {
    auto const& evidence = outcome.investigation.evidence;
    auto const& diagnosis = outcome.investigation.diagnosis;
    for (auto const& cause : diagnosis.causes) {
        EXPECT_FALSE(cause.facts.empty()) << cause.statement;
        for (auto const* list : { &cause.facts, &cause.against })
            for (auto const& id : *list)
                EXPECT_NE(evidence.find(id), nullptr) << id.text << " in " << cause.statement;
        EXPECT_GE(cause.score, 0);
        EXPECT_LE(cause.score, 1);
    }
    for (auto const& ruled_out : diagnosis.ruled_out)
        for (auto const& id : ruled_out.facts)
            EXPECT_NE(evidence.find(id), nullptr) << id.text << " in " << ruled_out.why;
    auto const text = to_plain_text(outcome.message);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_FALSE(text.empty());
    // A gap is shown: the message admits that something was not seen.
    EXPECT_TRUE(evidence.gaps.empty() || !outcome.message.not_seen.empty());
}

class Golden : public testing::TestWithParam<std::filesystem::path> {
protected:
    void SetUp() override {
        auto loaded = load_scenario(GetParam());
        ASSERT_TRUE(loaded) << loaded.error().message;
        scenario_ = std::move(*loaded);
    }
    Scenario scenario_;
};

TEST_P(Golden, keeps_its_rules) {
    auto const outcome = run(scenario_);
    ASSERT_TRUE(outcome) << outcome.error().message;
    auto const& diagnosis = outcome->investigation.diagnosis;
    // --gtest_output=json: the scores can be compared with how often they were right.
    if (!diagnosis.causes.empty()) {
        RecordProperty("first_cause", std::string(to_string(diagnosis.causes[0].kind)));
        RecordProperty("score", std::to_string(diagnosis.causes[0].score));
    }
    auto const listed = not_yet_kept(root / "not-yet-kept.txt");
    ASSERT_TRUE(listed) << listed.error().message;
    auto const broken = broken_rules(scenario_.rules, outcome->investigation);
    bool const excused = listed->contains(scenario_.name);
    for (auto const& rule : broken)
        if (excused && rule.kind != RuleKind::must_admit && rule.kind != RuleKind::honest)
            std::cout << "not yet kept: " << scenario_.name << ": " << to_string(rule.kind) << ": " << rule.what
                      << "\n";
        else
            ADD_FAILURE() << to_string(rule.kind) << ": " << rule.what << "\n" << to_plain_text(outcome->message);
    EXPECT_FALSE(excused && broken.empty())
        << scenario_.name << " keeps its rules now: remove its line from not-yet-kept.txt";
    expect_honest(*outcome);
}

TEST(NotYetKept, names_scenarios_that_exist) {
    auto const listed = not_yet_kept(root / "not-yet-kept.txt");
    ASSERT_TRUE(listed) << listed.error().message;
    for (auto const& name : *listed)
        EXPECT_TRUE(std::filesystem::exists(root / name / "scenario.json")) << name;
}

TEST_P(Golden, says_what_was_accepted) {
    auto outcome = run(scenario_);
    ASSERT_TRUE(outcome) << outcome.error().message;
    outcome->investigation.cost = {}; // seconds differ from run to run
    auto const message = compose_diagnosis(outcome->investigation, Reader {});
    expect_golden(GetParam() / "expected/diagnosis.txt", to_plain_text(message));
    for (auto const& channel : channels::all())
        if (channel.name == "slack") {
            auto const request
                = channel.render({ { "slack", "C0123456789", "#ops" }, message, std::nullopt, "golden" },
                    { "https://slack.com", "token", {} });
            auto const body = parse_json(request.body);
            ASSERT_TRUE(body) << request.body.substr(0, 200);
            expect_golden(GetParam() / "expected/slack.json", to_canonical_text(*body) + "\n");
        }
}

// What others wrote, names and links taken out: the words that are ours.
std::string own_words(std::string text, Catalogue const& say_it, Outcome const& outcome) {
    auto const pattern = say_it.quoted.text();
    auto const open = pattern.substr(0, pattern.find('{'));
    auto const close = pattern.substr(pattern.find('}') + 1);
    for (auto at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
        auto const end = text.find(close, at + open.size());
        if (end == std::string::npos)
            break;
        text.erase(at, end + close.size() - at);
    }
    for (auto const& [key, alarm] : outcome.investigation.incident.alarms)
        text = replace_all(std::move(text), alarm.latest.name, "");
    return replace_all(to_lower(text), "out of memory", ""); // a term of its own
}

// The words that hold English sentences together. "on", "was", "die" and the like are words of other languages too.
std::vector<std::string> english_words_in(std::string const& text) {
    static constexpr std::array english { "the", "of", "and", "is", "with", "from", "which", "fired", "above",
        "below", "before", "since", "could", "cause", "likely", "stayed", "rose", "fell", "times", "changed", "read",
        "that", "what", "been", "has", "have", "seen", "look", "its", "this", "usual", "same", "yesterday", "week",
        "happened", "suggested", "ruled", "out", "evidence", "calls", "than", "went", "while", "their", "to" };
    std::vector<std::string> found;
    std::string word;
    for (char const c : text + " ") {
        bool const part = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '/'
            || c == '.' || c == ':' || (c & 0x80) != 0;
        if (part) {
            word += c;
            continue;
        }
        while (word.ends_with('.') || word.ends_with(':'))
            word.pop_back();
        if (std::find(english.begin(), english.end(), word) != english.end())
            found.push_back(word);
        word.clear();
    }
    return found;
}

TEST_P(Golden, speaks_no_english_to_other_readers) {
    auto const outcome = run(scenario_);
    ASSERT_TRUE(outcome) << outcome.error().message;
    for (auto const& code : language_codes()) {
        if (code == "en")
            continue;
        Reader reader;
        reader.language = code;
        reader.utc_offset = Minutes { 90 };
        reader.zone_label = "XYZ";
        auto const message = compose_diagnosis(outcome->investigation, reader);
        auto const first
            = compose_first_facts(outcome->investigation.incident, outcome->investigation.evidence, reader);
        auto const over = compose_resolved(outcome->investigation, Recovery {}, reader);
        for (auto const* each : { &message, &first, &over }) {
            auto text = to_plain_text(*each);
            std::string lines; // as one, because quotations are wrapped
            for (auto const& line : split(text, '\n'))
                lines
                    += line.starts_with("  F") && line.find("https://") != std::string::npos ? "" : trim(line) + " ";
            auto const ours = own_words(lines, words(code), *outcome);
            auto allowed = english_words_in(ours);
            if (code == "hi") // engineers in India write these
                std::erase_if(allowed, [](std::string const& word) { return word == "calls"; });
            EXPECT_THAT(allowed, testing::IsEmpty()) << code << "\n" << text;
            EXPECT_EQ(ours.find(" utc"), std::string::npos)
                << text; // The clock is the reader's; a quoted line has its own.
        }
    }
}

TEST_P(Golden, is_the_same_when_time_is_shifted) {
    auto const plain = run(scenario_);
    auto const shifted = run(scenario_, { .shift = Hours { 24 * 7 } });
    ASSERT_TRUE(plain && shifted);
    EXPECT_EQ(kinds_of(plain->investigation.diagnosis.causes), kinds_of(shifted->investigation.diagnosis.causes));
    EXPECT_EQ(plain->investigation.diagnosis.verdict, shifted->investigation.diagnosis.verdict);
    auto const& onset = plain->investigation.diagnosis.onset;
    ASSERT_EQ(onset.has_value(), shifted->investigation.diagnosis.onset.has_value());
    if (onset) {
        EXPECT_EQ(*onset + Hours { 24 * 7 }, *shifted->investigation.diagnosis.onset);
    }
}

TEST_P(Golden, is_the_same_when_resources_are_renamed) {
    auto const plain = run(scenario_);
    ScenarioTwist const twist { .rename
        = { { "orders-db", "zulu-1" }, { "catalog-db", "alfa-2" }, { "checkout", "kilo" }, { "thumbnailer", "lima" },
            { "order-worker", "mike-svc" }, { "i-0a1b2c3d4e5f60718", "i-0f0f0f0f0f0f0f0f0" } } };
    auto const renamed = run(scenario_, twist);
    ASSERT_TRUE(plain && renamed);
    auto const& a = plain->investigation.diagnosis.causes;
    auto const& b = renamed->investigation.diagnosis.causes;
    ASSERT_EQ(kinds_of(a), kinds_of(b));
    for (std::size_t i = 0; i < a.size(); ++i)
        EXPECT_NEAR(a[i].score, b[i].score, 0.02);
}

TEST_P(Golden, survives_every_fault_of_every_read_and_names_the_gap) {
    auto const plain = run(scenario_);
    ASSERT_TRUE(plain);
    SimulatedClock clock(plain->account->now);
    RecordedAws recorded(plain->account, clock);
    FaultyAws counting(recorded, {});
    auto const alarm = parse_alarm(to_text(plain->account->alarm_message));
    (void)investigate(incident_of(*alarm), counting, clock);
    for (auto const& operation : counting.operations_seen())
        for (auto const kind : { FaultKind::denied, FaultKind::throttled, FaultKind::timed_out, FaultKind::truncated,
                 FaultKind::hostile }) {
            SCOPED_TRACE(operation + " " + std::string(to_string(kind)));
            auto const outcome = run_on(plain->account, { operation, kind });
            ASSERT_TRUE(outcome);
            expect_honest(*outcome);
            auto const& evidence = outcome->investigation.evidence;
            if (kind == FaultKind::denied || kind == FaultKind::throttled || kind == FaultKind::timed_out) {
                EXPECT_FALSE(evidence.gaps.empty()); // what failed is a gap,
                EXPECT_NE(outcome->investigation.diagnosis.verdict == IncidentVerdict::healthy
                        && evidence.gap_in("alarm_metric") != nullptr,
                    true)
                    << "healthy without having seen the alarm's metric"; // and silence is not health.
            }
        }
}

TEST_P(Golden, replays_from_its_capsule_bit_for_bit) {
    auto const account = grow(scenario_);
    ASSERT_TRUE(account);
    SimulatedClock clock(account->now);
    RecordedAws aws(std::make_shared<RecordedAccount const>(*account), clock);
    auto const alarm = parse_alarm(to_text(account->alarm_message));
    ASSERT_TRUE(alarm);
    auto const [investigation, capsule] = investigate_and_record(incident_of(*alarm), aws, clock, {});
    auto const read_back = capsule_from_bytes(capsule_bytes(capsule));
    ASSERT_TRUE(read_back) << read_back.error().message;
    auto const replayed = replay(*read_back);
    ASSERT_TRUE(replayed) << replayed.error().message;
    EXPECT_EQ(to_text(to_json(*replayed, Reader {})), to_text(to_json(investigation, Reader {})));
    EXPECT_EQ(capsule_bytes(capsule).find("hunter2"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(scenarios, Golden, testing::ValuesIn(scenario_folders(root)), [](auto const& instance) {
    auto name = instance.param.filename().string();
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

} // namespace
} // namespace convops
