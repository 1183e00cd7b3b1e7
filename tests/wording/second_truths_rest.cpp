#include "second_author.h"

#include "base/text.h"

#include <cmath>

namespace convops::second {

namespace {

// The longest piece of a pattern without a wildcard, cut at whole words.
std::string quotable(std::string const& pattern) {
    std::string best;
    std::size_t from = 0;
    while (from < pattern.size()) {
        auto const to = std::min(pattern.find("<*>", from), pattern.size());
        auto piece = std::string(trim(std::string_view(pattern).substr(from, to - from)));
        if (piece.size() > best.size() && piece.find('"') == std::string::npos)
            best = piece;
        from = to + 3;
    }
    if (best.find("//") != std::string::npos || best.find_first_of("@<>[") != std::string::npos)
        return {}; // links and markup may never be quoted
    return best.size() > 90 || best.size() < 12 ? std::string() : best;
}

void logs(Desk& desk) {
    for (auto const& [fact, log] : desk.investigation.evidence.all<LogPatternFact>()) {
        auto const text = quotable(log->pattern);
        if (text.empty() || log->count < 2 || log->severity != LogSeverity::error)
            continue;
        std::vector<std::string> const id { fact->id.text };
        auto const count = desk.value(double(log->count), "");
        desk.say("log said",
            desk.named(log->resource) + desk.dice.pick({ " logged \"", " has been logging \"", " reported \"" })
                + text + "\" " + count + " times.",
            id);
        desk.say("log times since",
            "\"" + text + "\" was logged " + count + " times since " + desk.clock(log->first_seen) + ".", id);
        desk.say("log appeared",
            "The error \"" + text + "\""
                + desk.dice.pick({ " first appeared at ", " started at ", " appeared at ", " was first seen at " })
                + desk.clock(log->first_seen) + ".",
            id);
        desk.say("log shows",
            desk.dice.pick({ "The logs of ", "Logs from " }) + desk.named(log->resource) + " show \"" + text
                + "\" from " + desk.clock(log->first_seen) + " on.",
            id);
        desk.say("log contains",
            desk.dice.pick({ "The log group ", "Log group " }) + log->group + " contains " + count + " lines with \""
                + text + "\".",
            id);
        if (log->usual_count == 0) {
            desk.say("log is new",
                "The error \"" + text + "\" is new"
                    + desk.dice.pick(
                        { ".", ": it did not occur in the hour before.", "; it was not seen in the hour before." }),
                id);
            desk.say("log count, none before",
                desk.named(log->resource) + " logged \"" + text + "\" " + count
                    + " times, and never in the hour before.",
                id);
        }
    }
}

void loads(Desk& desk) {
    for (auto const& [fact, load] : desk.investigation.evidence.all<LoadFact>()) {
        if (load->now < 1 || load->now < load->before * 1.5 || load->label.size() > 120 || load->dimension != "sql")
            continue;
        std::vector<std::string> const id { fact->id.text };
        desk.say("statement load",
            "The statement \"" + load->label + "\" rose from " + format_number(load->before) + " to "
                + format_number(load->now) + " active sessions.",
            id);
        desk.say("statement averages",
            "\"" + load->label + "\" now averages " + format_number(load->now) + " active sessions on "
                + desk.named(load->resource) + ", up from " + format_number(load->before) + ".",
            id);
    }
}

void events(Desk& desk) {
    std::size_t written = 0;
    for (auto const& fact : desk.investigation.evidence.facts) {
        bool const event = std::holds_alternative<ResourceEventFact>(fact.detail)
            || std::holds_alternative<StateFact>(fact.detail);
        if (!event || fact.statement.size() > 300 || ++written > 6)
            continue;
        desk.say("fact copied", fact.statement + (fact.statement.ends_with(".") ? "" : "."), { fact.id.text });
    }
    for (auto const& [fact, change] : desk.investigation.evidence.all<ChangeFact>()) {
        if (change->touched.empty() || change->actor.empty() || change->failed)
            continue;
        desk.say("change made",
            change->actor + desk.dice.pick({ " called ", " made the call " }) + change->event_name + " on "
                + desk.named(change->touched.front()) + " at " + desk.clock(fact->at) + ".",
            { fact->id.text });
        desk.say("change passive",
            change->event_name + " was called on " + desk.named(change->touched.front()) + " at "
                + desk.clock(fact->at) + " by " + change->actor + ".",
            { fact->id.text });
        auto const arrow = change->what.find(" → ");
        auto const end = change->what.find_first_of(";,", arrow);
        if (arrow == std::string::npos)
            continue;
        auto const left = std::string(trim(std::string_view(change->what).substr(0, arrow)));
        auto const last = left.find_last_of(' ');
        if (last == std::string::npos || left.find_first_of(";, ") != last)
            continue;
        auto const key = left.substr(0, last);
        auto const old = left.substr(last + 1);
        auto const now = std::string(
            trim(std::string_view(change->what).substr(arrow + 5, end == std::string::npos ? end : end - arrow - 5)));
        desk.say("setting changed",
            key + desk.dice.pick({ " was changed from ", " went from ", " was set from " }) + old + " to " + now
                + ".",
            { fact->id.text });
        desk.say("setting changed by",
            "The change took " + key + " from " + old + " to " + now + " at " + desk.clock(fact->at) + ".",
            { fact->id.text });
    }
}

std::string lower_first(std::string text) {
    if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0)
        text[0] = char(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

void gaps(Desk& desk) {
    auto const& all = desk.investigation.evidence.gaps;
    for (std::size_t i = 0; i < all.size(); ++i) {
        std::vector<std::string> const id { "G" + std::to_string(i + 1) };
        auto const& gap = all[i];
        auto const words = replace_all(gap.source, "_", " ");
        bool const denied = gap.kind == ErrorKind::access_denied;
        auto const source = gap.source == "cloudtrail_changes"
            ? std::string(desk.dice.pick({ "CloudTrail", "CloudTrail changes" }))
            : gap.source == "log_patterns" ? std::string(desk.dice.pick({ "the logs", "log patterns" }))
                                           : words;
        desk.say("could not read",
            desk.dice.pick({ "We could not read ", "ConvOps could not see ", "It was not possible to read ",
                "We were unable to read " })
                + source + ".",
            id);
        desk.say("was not readable",
            source + desk.dice.pick({ " could not be read", " was not available", " could not be checked" })
                + (denied ? desk.dice.pick({ " because access was denied", ": access denied", "" }) : std::string())
                + ".",
            id);
        if (!gap.would_have_told.empty() && gap.would_have_told.size() < 140)
            desk.say("so unknown",
                source + " could not be read, so we do not know " + lower_first(gap.would_have_told) + ".", id);
        if (!gap.iam_action.empty())
            desk.say("permission missing",
                desk.dice.pick({ "The permission ", "Permission " }) + gap.iam_action + " is missing.",
                denied ? id : std::vector<std::string> {});
    }
    std::erase_if(desk.said, [](Sentence const& sentence) { return sentence.cites.empty(); });
}

void actions(Desk& desk) {
    for (auto const& action : desk.investigation.actions) {
        auto const bare = action.statement.ends_with(".") ? action.statement.substr(0, action.statement.size() - 1)
                                                          : action.statement;
        desk.say("advice", bare + ".", { action.id });
        desk.say("advice, next step",
            desk.dice.pick({ "Suggested next step: ", "Next step: ", "Recommended action: ", "Suggested: " })
                + lower_first(bare) + ".",
            { action.id });
        desk.say("advice, to",
            desk.dice.pick({ "The suggested next step is to ", "We suggest to ", "The recommended fix is to ",
                "It is recommended to " })
                + lower_first(bare) + ".",
            { action.id });
        if (action.kind == "ecs_roll_back") {
            auto const dash = action.statement.find("ECS service ");
            auto const name = action.statement.substr(dash + 12, action.statement.find(' ', dash + 12) - dash - 12);
            desk.say("advice, in own words",
                desk.dice.pick(
                    { "Consider rolling back ", "Consider rolling back the service ", "We recommend rolling back " })
                    + name + " to its previous task definition.",
                { action.id });
        }
    }
}

void standing(Desk& desk) {
    auto const& diagnosis = desk.investigation.diagnosis;
    auto const* m = desk.alarm_metric();
    if (diagnosis.verdict == IncidentVerdict::self_healed && m != nullptr) {
        desk.say("healed",
            desk.dice.pick({ "The incident resolved on its own", "It healed itself", "The incident is over",
                "The issue recovered on its own" })
                + ".",
            { "I1" });
        desk.say("back to normal",
            desk.metric(*m) + " on " + desk.named(m->resource)
                + desk.dice.pick(
                    { " is back to normal.", " has returned to normal.", " returned to its usual level." }),
            { m->id, "I1" });
    }
    if (desk.investigation.severity.standing == Standing::happening && diagnosis.verdict == IncidentVerdict::incident)
        desk.say("still going",
            desk.dice.pick({ "The incident is still ongoing.", "It is still happening.", "The problem is ongoing.",
                "The incident is ongoing." }),
            { "I1" });
    desk.say("severity",
        desk.dice.pick({ "The severity is ", "This is a ", "Severity: " })
            + std::string(to_string(desk.investigation.severity.severity)) + ".",
        { "I1" });
    if (diagnosis.causes.empty() && diagnosis.verdict == IncidentVerdict::unknown)
        desk.say("no cause",
            desk.dice.pick({ "No cause was found.", "The cause is not known.", "The cause is unknown.",
                "No clear cause could be identified." }),
            { "I1" });
}

void abroad(Desk& desk) {
    auto const& language = desk.reader.language;
    for (auto const& m : desk.metrics) {
        auto const where = m.resource.short_name();
        auto const before = format_value(m.before, m.unit);
        auto const since = format_value(m.since, m.unit);
        bool const dots = before.find('.') != std::string::npos || since.find('.') != std::string::npos;
        if (m.direction == 0 || (dots && language != "hi"))
            continue;
        bool const up = m.direction > 0;
        if (language == "de")
            desk.say("metric in German",
                m.name + " von " + where + (up ? " stieg von " : " fiel von ") + before + " auf " + since + ".",
                { m.id });
        if (language == "es")
            desk.say("metric in Spanish",
                m.name + " de " + where + (up ? " subió de " : " bajó de ") + before + " a " + since + ".", { m.id });
        if (language == "hi")
            desk.say("metric in Hindi",
                where + " का " + m.name + " " + before + " से " + (up ? "बढ़कर " : "घटकर ") + since + " हो गया।",
                { m.id });
    }
}

} // namespace

void write_rest(Desk& desk) {
    logs(desk);
    loads(desk);
    events(desk);
    gaps(desk);
    actions(desk);
    standing(desk);
    if (desk.reader.language != "en") {
        desk.said.clear();
        abroad(desk);
    }
}

} // namespace convops::second
