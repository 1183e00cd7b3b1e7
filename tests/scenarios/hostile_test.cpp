// Hostile text in every place of every scenario: the verdict, the causes and the actions are those of the clean run,
// and no surface obeys it. What a log line says about the system is evidence, and a stranger who may write log lines
// may lie there; what it says to us is not.
#include "adapters/memory/simulated_clock.h"
#include "adapters/recorded/recorded_aws.h"
#include "alarm/formats.h"
#include "app/investigate.h"
#include "base/text.h"
#include "hostile_texts.h"
#include "injection.h"
#include "message/channels.h"
#include "message/compose.h"
#include "message/investigation_json.h"
#include "message/report.h"
#include "privacy/redaction.h"
#include "scenario.h"
#include "surface_rules.h"
#include "wording/prompt.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

std::filesystem::path const root = "tests/scenarios";

Result<Investigation> investigated(RecordedAccount account) {
    auto const shared = std::make_shared<RecordedAccount const>(std::move(account));
    SimulatedClock clock(shared->now);
    RecordedAws aws(shared, clock);
    auto const alarm = TRY(parse_alarm(to_text(shared->alarm_message)));
    return investigate(incident_of(alarm), aws, clock);
}

// What must not move: verdict, causes in their order, actions. A security event is named by its actor, whom this test
// renames.
std::string decision_of(Investigation const& investigation) {
    auto const& diagnosis = investigation.diagnosis;
    std::string text(to_string(diagnosis.verdict));
    std::string actor;
    for (auto const& cause : diagnosis.causes) {
        if (cause.kind == CauseKind::security_event && actor.empty())
            actor = cause.resource.arn_or_name();
        auto const resource = cause.resource.arn_or_name();
        text += "\ncause " + std::string(to_string(cause.kind)) + " " + (resource == actor ? "the actor" : resource);
    }
    for (auto const& action : investigation.actions)
        text += "\naction " + action.kind + " " + (action.resource == actor ? "the actor" : action.resource);
    return text;
}

RecordedAccount with_text_everywhere(RecordedAccount account, std::string_view text) {
    for (int place = 0; place < places; ++place)
        account = with_text_at(std::move(account), static_cast<Place>(place), text);
    return account;
}

// Which place it was, for the message of a failing test.
std::string guilty_places(RecordedAccount const& account, std::string_view text, std::string const& clean) {
    std::string guilty;
    for (int place = 0; place < places; ++place) {
        auto const one = investigated(with_text_at(account, static_cast<Place>(place), text));
        if (!one || decision_of(*one) != clean)
            guilty += std::string(to_string(static_cast<Place>(place))) + "; ";
    }
    return guilty;
}

// Words of ours in what a model is asked: everything that is not marked as data.
void collect_own_words(Json const& json, std::string& words) {
    if (auto const* object = json.if_object()) {
        for (auto const& pair : *object)
            if (pair.key() != "untrusted_data")
                collect_own_words(pair.value(), words);
    } else if (auto const* array = json.if_array()) {
        for (auto const& element : *array)
            collect_own_words(element, words);
    } else if (auto const* text = json.if_string()) {
        words += std::string(*text) + "\n";
    }
}

void expect_marked_as_data(Investigation const& investigation, std::string const& text) {
    Redaction redaction;
    auto const hide = [&](std::string_view part) { return redaction.hide(part); };
    auto const material = parse_json(wording_material(investigation, Readership {}, hide));
    ASSERT_TRUE(material) << material.error().message;
    std::string words;
    collect_own_words(*material, words);
    constexpr std::size_t least_bytes = 12; // shorter ones may be words of ours
    if (text.size() >= least_bytes)
        EXPECT_EQ(words.find(text.substr(0, least_bytes)), std::string::npos);
    EXPECT_EQ(wrong_in_terminal(words), "");
}

void expect_harmless(Investigation const& investigation, std::string const& language) {
    auto const message = compose_diagnosis(investigation, Reader { .language = language });
    EXPECT_EQ(wrong_in_terminal(to_plain_text(message)), "");
    for (auto const& channel : channels::all()) {
        Delivery const delivery { { std::string(channel.name), "C0123456789", "#ops" }, message, std::nullopt,
            "key" };
        auto const request
            = channel.render(delivery, { std::string(channel.default_base_url), "https://hooks.example/T0", {} });
        bool const is_slack = channel.name.starts_with("slack");
        EXPECT_EQ(is_slack ? wrong_in_slack(request.body) : wrong_in_whatsapp(request.body), "") << channel.name;
    }
    ReportInput input;
    input.investigation = &investigation;
    input.made_at = investigation.incident.opened_at + Hours { 1 };
    auto const report = report_of(input, Reader { .language = language });
    EXPECT_EQ(wrong_in_html(report_html(report)), "");
    auto prose = report;
    for (auto& fact : prose.evidence)
        fact.cli.clear(); // A command stands in a code span, which is literal: markdown_code() has its own tests.
    EXPECT_EQ(wrong_in_markdown(report_markdown(prose)), "");
    for (auto const& fact : investigation.evidence.facts)
        if (!fact.link.empty())
            EXPECT_EQ(wrong_in_link(fact.link), "");
    EXPECT_TRUE(parse_json(to_text(to_json(investigation, Reader {}))));
}

class Hostile : public testing::TestWithParam<std::filesystem::path> { };

TEST_P(Hostile, text_in_every_place_decides_nothing_and_is_obeyed_nowhere) {
    auto const scenario = load_scenario(GetParam());
    ASSERT_TRUE(scenario) << scenario.error().message;
    auto const account = grow(*scenario);
    ASSERT_TRUE(account) << account.error().message;
    auto const plain = investigated(*account);
    ASSERT_TRUE(plain);
    auto const clean = decision_of(*plain);
    std::vector<std::string> const languages { "en", "de", "es", "hi" };
    std::size_t turn = 0;
    for (auto const& text : hostile_texts()) {
        SCOPED_TRACE("text: " + text.substr(0, 120));
        auto const attacked = investigated(with_text_everywhere(*account, text));
        ASSERT_TRUE(attacked) << attacked.error().message;
        EXPECT_EQ(decision_of(*attacked), clean) << "because of: " << guilty_places(*account, text, clean);
        expect_marked_as_data(*attacked, text);
        expect_harmless(*attacked, languages[turn++ % languages.size()]);
    }
}

INSTANTIATE_TEST_SUITE_P(scenarios, Hostile, testing::ValuesIn(scenario_folders(root)), [](auto const& instance) {
    auto name = instance.param.filename().string();
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

} // namespace
} // namespace convops
