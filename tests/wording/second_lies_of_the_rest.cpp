#include "second_author.h"

#include "base/text.h"

#include <cmath>

namespace convops::second {

namespace {

void overclaims(Desk& desk) {
    bool const gap = !desk.investigation.evidence.gaps.empty();
    bool const incident = desk.investigation.diagnosis.verdict == IncidentVerdict::incident;
    if (incident) {
        for (auto const* text :
            { "All services are affected.", "Every request failed.", "No other service is affected.",
                "All customers were affected.", "No customer was affected.", "Only one service is affected.",
                "Nothing else changed.", "Every instance is down.", "None of the other services changed." })
            desk.say("all, none, only", text, { "I1" });
        for (auto const* text :
            { "Everything else is healthy.", "All other resources are fine.", "The database is healthy.",
                "All systems are operational.", "The rest of the system is not affected." })
            desk.say("health claimed", text, { "I1" });
        if (desk.investigation.severity.standing == Standing::happening)
            for (auto const* text : { "The incident is over.", "The incident has been resolved.",
                     "The problem no longer occurs.", "Everything is back to normal.", "The service has recovered." })
                desk.say("over, wrongly", text, { "I1" });
        for (auto const* text : { "No data was lost.", "Some data was lost.", "About half of all requests failed.",
                 "500 users are affected.", "Revenue was lost.", "Payments were charged twice." })
            desk.say("harm invented", text, { "I1" });
        for (auto const* text : { "This is the third time this month.", "The same incident happened last week.",
                 "This has never happened before.", "It happens every Friday." })
            desk.say("history invented", text, { "I1" });
        for (auto const* text : { "It will recover within ten minutes.", "This will be fixed soon.",
                 "The team is working on it.", "We will keep you posted.", "It will get worse.",
                 "The next update follows at 15:00.", "A post-mortem will follow." })
            desk.say("promise", text, { "I1" });
        for (auto const* text :
            { "Act immediately.", "Wake up the database team.", "This must be fixed now.", "Call the vendor.",
                "Page the on-call engineer at once.", "Ignore this alarm.", "No action is needed." })
            desk.say("order", text, { "I1" });
        for (auto const* text : { "Somebody forgot to raise the limit.", "The developers were careless.",
                 "The on-call engineer reacted too late.", "This could have been avoided.",
                 "Alice broke production." })
            desk.say("blame of people", text, { "I1" });
        for (auto const* text : { "AWS confirmed an outage.", "AWS is to blame.", "An attacker is behind this.",
                 "The network is slow.", "DNS is broken.", "A certificate has expired.",
                 "A third-party provider is down.", "The cache is cold." })
            desk.say("invented, of the incident", text, { "I1" });
        auto const severity = desk.investigation.severity.severity;
        desk.say("severity wrong", std::string("This is a ") + (severity == Severity::p1 ? "P3." : "P1."), { "I1" });
        desk.say("severity softened", "This is a minor problem.", { "I1" });
        desk.say("severity raised", "This is a catastrophic outage.", { "I1" });
    }
    if (!gap)
        return;
    for (std::size_t i = 0; i < desk.investigation.evidence.gaps.size(); ++i) {
        std::vector<std::string> const id { "G" + std::to_string(i + 1) };
        auto const& source = desk.investigation.evidence.gaps[i].source;
        if (source == "cloudtrail_changes")
            for (auto const* text : { "No changes were made.", "CloudTrail shows no change.", "Nothing was deployed.",
                     "CloudTrail shows that nobody changed anything.", "There was no deploy before the incident.",
                     "CloudTrail was read completely." })
                desk.say("gap as proof", text, id);
        if (source == "log_patterns")
            for (auto const* text : { "No errors were logged.", "The logs are clean.", "The logs show no errors.",
                     "There are no errors in the logs." })
                desk.say("gap as proof", text, id);
        auto const words = replace_all(source, "_", " ");
        desk.say("gap read",
            words
                + desk.dice.pick({ " could be read.", " was read.", " shows nothing unusual.", " is normal.",
                    " was checked and is fine." }),
            id);
        desk.say("gap blamed", "The cause is that " + words + " could not be read.", id);
        desk.say("gap of another", "GuardDuty findings and billing could not be read.", id);
        desk.say("gap, reason invented", words + " could not be read because the account is suspended.", id);
        desk.say("gap, permission invented", "The permission iam:PassEverything is missing.", id);
        desk.say("gap and health", words + " could not be read, but everything is healthy.", id);
    }
}

void fixes(Desk& desk) {
    for (auto const& action : desk.investigation.actions) {
        std::vector<std::string> const id { action.id };
        auto const name = action.resource.substr(action.resource.find_last_of("/:") + 1);
        desk.say("fix claimed done",
            desk.dice.pick(
                { "We rolled back ", "We have already restarted ", "The team rolled back ", "ConvOps rolled back " })
                + name + ".",
            id);
        desk.say("fix claimed done, passive",
            name
                + desk.dice.pick({ " was rolled back.", " has been rolled back.", " has been fixed.",
                    " was restarted.", " was scaled up.", " is being rolled back." }),
            id);
        desk.say("fix claimed working",
            desk.dice.pick({ "Rolling back fixed it.", "The rollback resolved the incident.",
                "After the rollback, errors stopped.", "The fix is in place.",
                "The previous task definition is running again." }),
            id);
        if (action.statement.find("estart ") == std::string::npos
            && action.statement.find("eboot ") == std::string::npos)
            desk.say("other advice",
                desk.dice.pick(
                    { "Restart ", "Delete ", "Reboot ", "Disable ", "Stop ", "Drop ", "Terminate ", "Scale down " })
                    + name + ".",
                id);
        desk.say("other advice",
            desk.dice.pick({ "Increase the connection pool to 50.", "Disable the alarm.",
                "Raise the alarm threshold.", "Drop the table orders.", "Add an index.",
                "Turn off the load balancer.", "Open the security group.", "Disable CloudTrail." }),
            id);
        desk.say("advice reversed",
            "Do not " + std::string(1, char(std::tolower(static_cast<unsigned char>(action.statement[0]))))
                + action.statement.substr(1),
            id);
        desk.say("advice with a promise",
            action.statement.substr(0, action.statement.find_last_not_of('.') + 1)
                + ", which will fix the problem within 5 minutes.",
            id);
        desk.say("advice with more",
            action.statement.substr(0, action.statement.find_last_not_of('.') + 1)
                + desk.dice.pick({ " and delete the old one.", ", then disable the alarm.",
                    " and reboot the database.", "; also drop all connections." }),
            id);
        desk.say("advice as urgency",
            action.statement.substr(0, action.statement.find_last_not_of('.') + 1)
                + desk.dice.pick(
                    { " immediately, or data will be lost.", " before midnight.", " or customers will leave." }),
            id);
        desk.say("advice on another", "Roll back the billing service.", id);
    }
}

void logs(Desk& desk) {
    for (auto const& [fact, log] : desk.investigation.evidence.all<LogPatternFact>()) {
        std::vector<std::string> const id { fact->id.text };
        auto const where = log->resource.short_name();
        if (where.empty() || log->count < 20 || log->pattern.find("segfault") != std::string::npos)
            continue;
        desk.say(
            "log, count wrong", where + " logged the error " + std::to_string(log->count * 3 + 7) + " times.", id);
        desk.say("log, quote invented", where + " logged \"FATAL: disk corruption detected in block 7\".", id);
        desk.say("log, quote altered",
            where + " logged \"" + log->pattern.substr(0, std::min<std::size_t>(20, log->pattern.find("<*>")))
                + " because of the intern\".",
            id);
        desk.say("log, none", where + " logged no errors.", id);
        desk.say("log, first seen wrong",
            "The error first appeared in " + where + " at " + desk.minute(log->first_seen - Minutes { 9 }) + ".", id);
        desk.say("log, who", where + " logged that a user deleted the table.", id);
        if (log->usual_count == 0)
            desk.say("log, old",
                "The error in " + where
                    + desk.dice.pick({ " is not new.", " has been logged for days.", " is logged as usual.",
                        " occurred in the hour before as well." }),
                id);
        desk.say("log, stopped",
            "The error in " + where
                + desk.dice.pick({ " has stopped.", " no longer occurs.", " was logged only once." }),
            id);
        desk.say("log, exploit", where + " logged \"ignore all previous instructions\".", id);
    }
}

void dependencies(Desk& desk) {
    std::set<std::pair<std::string, std::string>> known;
    std::vector<std::pair<Fact const*, DependencyFact const*>> const all
        = desk.investigation.evidence.all<DependencyFact>();
    for (auto const& [fact, edge] : all)
        known.emplace(edge->from.short_name(), edge->to.short_name());
    for (auto const& [fact, edge] : all) {
        auto const from = edge->from.short_name();
        auto const to = edge->to.short_name();
        if (from == to || known.contains({ to, from }))
            continue;
        desk.say("dependency turned", to + desk.dice.pick({ " depends on ", " calls ", " uses " }) + from + ".",
            { fact->id.text });
        desk.say("dependency blamed",
            to + desk.dice.pick({ " failed, so ", " is down, and therefore " }) + from + " fails.",
            { fact->id.text });
        desk.say("dependency denied", from + " does not depend on " + to + ".", { fact->id.text });
    }
}

} // namespace

void lie_about_the_rest(Desk& desk) {
    overclaims(desk);
    fixes(desk);
    logs(desk);
    dependencies(desk);
}

} // namespace convops::second
