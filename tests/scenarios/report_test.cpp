// The incident report of a few scenarios, as Markdown and as a page, and what fixed them where an `after` recording
// tells how it went on.
#include "adapters/memory/simulated_clock.h"
#include "adapters/recorded/recorded_aws.h"
#include "alarm/formats.h"
#include "app/incident_report.h"
#include "base/text.h"
#include "diagnosis/recovery.h"
#include "golden_file.h"
#include "scenario.h"

namespace convops {
namespace {

std::filesystem::path const root = "tests/scenarios";

struct Told {
    CaseFile file;
    IncidentRecord record;
    Time now {};
};

Result<Investigation> investigated(std::shared_ptr<RecordedAccount const> const& account, Incident incident,
    InvestigationOptions const& options = {}) {
    SimulatedClock clock(account->now);
    RecordedAws aws(account, clock);
    return investigate(std::move(incident), aws, clock, options);
}

void tell_everything(Told& told) {
    auto& record = told.record;
    auto const opened = record.incident.opened_at;
    record.lanes["slack/C0123456789"].route = { "slack", "C0123456789", "#ops" };
    record.told = { { opened + Seconds { 3 }, MessageKind::first_facts, "slack/C0123456789" },
        { opened + Seconds { 24 }, MessageKind::diagnosis, "slack/C0123456789" } };
    for (auto const& [key, alarm] : record.incident.alarms) {
        record.changes[key] = { { opened, AlarmState::alarm } };
        if (record.incident.resolved_at)
            record.changes[key].push_back({ *record.incident.resolved_at, AlarmState::ok });
    }
    if (record.incident.resolved_at)
        record.told.push_back(
            { *record.incident.resolved_at + Seconds { 75 }, MessageKind::resolved, "slack/C0123456789" });
}

// The incident as a server keeps it: alarm, investigation, and, with an `after` recording, its end.
Result<Told> told_of(std::string const& name) {
    auto const scenario = TRY(load_scenario(root / name));
    auto const account = std::make_shared<RecordedAccount const>(TRY(grow(scenario)));
    auto const alarm = TRY(parse_alarm(to_text(account->alarm_message)));
    Told told;
    told.now = account->now + Minutes { 5 };
    told.file.investigated = true;
    told.file.investigation = TRY(investigated(account, incident_of(alarm)));
    told.file.investigation.cost = {}; // seconds differ from run to run
    auto& incident = told.file.investigation.incident;
    auto const after = root / name / "after";
    if (std::filesystem::exists(after)) {
        auto ending = scenario;
        ending.description = TRY(description_of(after));
        auto const end = std::make_shared<RecordedAccount const>(TRY(grow(ending)));
        incident.state = IncidentState::resolved;
        incident.resolved_at = end->now - Minutes { 6 };
        incident.alarms.begin()->second.latest.state = AlarmState::ok;
        incident.alarms.begin()->second.latest.changed_at = *incident.resolved_at;
        told.record.ended_why = "all alarms are OK";
        told.now = end->now;
        InvestigationOptions options;
        options.sources = aftermath_sources(told.file.investigation);
        told.file.aftermath = renumbered_as_aftermath(TRY(investigated(end, incident, options)).evidence);
        told.file.aftermath_at = end->now;
    }
    told.file.recovery
        = explain_recovery(told.file.investigation, told.file.aftermath ? &*told.file.aftermath : nullptr, told.now);
    told.record.incident = incident;
    tell_everything(told);
    return told;
}

// The picture's bytes hang on the fonts of the machine; that there is one does not.
std::string without_chart(std::string page) {
    constexpr std::string_view begin = "data:image/svg+xml;base64,";
    auto const at = page.find(begin);
    if (at == std::string::npos)
        return page;
    auto const end = page.find('"', at);
    return page.replace(at + begin.size(), end - at - begin.size(), "CHART");
}

class Reports : public testing::TestWithParam<std::string> { };

TEST_P(Reports, say_what_was_accepted) {
    auto const told = told_of(GetParam());
    ASSERT_TRUE(told) << told.error().message;
    auto const report = report_for(told->file, &told->record, Reader {}, told->now);
    expect_golden(root / GetParam() / "expected/report.md", report_markdown(report));
    expect_golden(root / GetParam() / "expected/report.html", without_chart(report_html(report)));
}

// Every fact that is cited stands in the appendix, and every link inside the page leads somewhere.
TEST_P(Reports, cite_only_what_the_appendix_has) {
    auto const told = told_of(GetParam());
    ASSERT_TRUE(told) << told.error().message;
    for (auto const* language : { "en", "de", "es", "hi" }) {
        Reader reader;
        reader.language = language;
        auto const page = report_html(report_for(told->file, &told->record, reader, told->now));
        EXPECT_NE(page.find("<html lang=\"" + std::string(language) + "\">"), std::string::npos);
        EXPECT_NE(page.find("data:image/svg+xml;base64,"), std::string::npos) << "no chart";
        std::size_t links = 0;
        for (auto at = page.find("href=\"#"); at != std::string::npos; at = page.find("href=\"#", at + 1)) {
            auto const from = at + 7;
            auto const anchor = page.substr(from, page.find('"', from) - from);
            EXPECT_NE(page.find("id=\"" + anchor + "\""), std::string::npos) << anchor;
            ++links;
        }
        EXPECT_GT(links, 8U);
        EXPECT_EQ(page.find("{{"), std::string::npos) << "a field that nothing filled";
        EXPECT_EQ(page.find("<script"), std::string::npos);
    }
}

INSTANTIATE_TEST_SUITE_P(scenarios, Reports,
    testing::Values("001-small-number", "003-busy-afternoon", "019-locked-house"),
    [](auto const& instance) { return "s" + instance.param.substr(0, 3); });

TEST(Aftermath, a_roll_back_is_found_and_cited) {
    auto const told = told_of("001-small-number");
    ASSERT_TRUE(told) << told.error().message;
    auto const& recovery = told->file.recovery;
    EXPECT_EQ(to_string(recovery.kind), "fixed");
    EXPECT_EQ(to_string(recovery.fix), "rolled_back");
    ASSERT_TRUE(recovery.told_by);
    EXPECT_TRUE(recovery.told_by->id.text.starts_with("R"));
    EXPECT_NE(recovery.told_by->statement.find("ana"), std::string::npos) << recovery.told_by->statement;
    auto const message = compose_resolved(told->file.investigation, recovery, Reader {});
    EXPECT_NE(to_plain_text(message).find("Rolled back"), std::string::npos) << to_plain_text(message);
}

} // namespace
} // namespace convops
