// The incident report: what a team reads the day after. The model only, as plain text in order; report_markdown() and
// report_html() shape it, and escape what others wrote. Pure.
#pragma once

#include "message/compose.h"

namespace convops {

struct ReportAlarmChange {
    Time at {};
    std::string alarm; // name; hostile text
    AlarmState state = AlarmState::alarm;
};

struct ReportMessage { // that somebody was sent
    Time at {};
    MessageKind kind = MessageKind::first_facts;
    std::string route; // "#ops"
};

// Everything that a report is written from.
struct ReportInput {
    Investigation const* investigation = nullptr; // required; its incident is the incident
    bool investigated = true; // false: no investigation was kept
    Evidence const* aftermath = nullptr; // R1, R2, ...; may be absent
    Recovery recovery;
    Assessment const* assessment = nullptr; // whether the first cause was right; nullptr: nobody could say
    std::vector<ReportAlarmChange> alarm_changes; // empty: read from the incident's alarms
    std::vector<ReportMessage> told;
    std::string ended_why; // may be empty
    Time made_at {};
};

struct ReportRow { // of the summary
    std::string label;
    std::string text;
    std::vector<FactId> facts;
};

struct ReportMoment {
    enum class Kind : std::uint8_t { alarm, onset, change, fact, told, recovery };
    Time at {};
    Kind kind = Kind::fact;
    std::string clock;
    std::string text;
    std::vector<FactId> facts;
};

struct ReportLine {
    std::string text;
    std::vector<FactId> facts;
};

struct ReportCause {
    std::string statement; // with its score: "Likely (86 %): ..."
    std::vector<ReportLine> supporting; // one a fact
    std::vector<ReportLine> against;
};

struct ReportGap {
    std::string source;
    std::string why;
    std::string iam_action; // may be empty
    std::string would_have_told;
};

struct ReportAction {
    std::string statement;
    bool can_be_done = false; // by ConvOps, once actions are enabled
};

struct ReportFact {
    FactId id;
    std::string source;
    Time at {};
    std::string clock;
    std::string statement;
    std::string link; // console URL; may be empty
    std::string cli; // may be empty
};

struct Report {
    std::string language; // as the reader asked
    std::string title;
    Severity severity = Severity::p3;
    bool resolved = false;
    std::string conclusion; // the one sentence to remember
    std::vector<FactId> conclusion_facts;
    std::vector<ReportRow> summary;
    std::vector<ReportMoment> timeline; // ascending
    std::size_t moments_left_out = 0;
    std::vector<ReportCause> causes;
    std::string without_cause; // set when `causes` is empty
    std::vector<ReportLine> ruled_out;
    std::vector<ReportGap> gaps;
    std::vector<ReportAction> actions;
    std::vector<ReportFact> evidence; // every fact that is cited above
    std::string chart_svg; // bytes; the caller draws it. Empty: no chart
    std::string chart_alt;
    std::string price;
    std::string zone; // "UTC"
    std::string made_at;
    std::string portal_url; // links to it are allowed
};

Report report_of(ReportInput const& input, Reader const& reader);

// GitHub-flavoured Markdown. What others wrote can be no link, mention, image, heading or HTML.
std::string report_markdown(Report const& report);

// One page that needs nothing else: no script, no request. `report_policy` is its Content-Security-Policy, which the
// page also carries itself, so that a saved file is as safe.
std::string report_html(Report const& report);
inline constexpr std::string_view report_policy
    = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

} // namespace convops
