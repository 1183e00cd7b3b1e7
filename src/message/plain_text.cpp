// The message for terminals: 80 columns, no markup, nothing that a terminal would obey.
#include "base/text.h"
#include "message/compose.h"
#include "message/escape.h"
#include "message/phrases.h"
#include "message/words.h"

namespace convops {

namespace {

constexpr std::size_t columns = 80;

std::string citation(std::vector<FactId> const& facts) {
    if (facts.empty())
        return {};
    std::vector<std::string> names;
    for (auto const& id : facts)
        if (names.size() < 8)
            names.push_back(one_line(id.text, 12));
    return " [" + join(names, ", ") + "]";
}

void add_block(
    std::string& out, std::string_view heading, std::vector<std::string> const& lines, std::string_view bullet) {
    if (lines.empty())
        return;
    out += "\n" + std::string(heading) + "\n";
    for (auto const& line : lines)
        out += wrap(line, columns, "  " + std::string(bullet), bullet.empty() ? "     " : "    ");
}

std::vector<std::string> ranked(Message const& message) {
    std::vector<std::string> out;
    for (auto const& [rank, cause] : causes_to_list(message))
        out.push_back(std::to_string(rank) + ". " + one_line(cause->text, 1200) + citation(cause->facts));
    return out;
}

std::string plain_name(Voter const& voter) {
    return one_line(voter.place, 60);
}

// Who confirmed it, what is known from before, and what it costs.
std::vector<std::string> memory_lines(Message const& message) {
    std::vector<std::string> out;
    for (auto const& [opinion, words] :
        { std::pair { Opinion::right, &message.vote.said_right }, { Opinion::wrong, &message.vote.said_not_it } })
        if (!words->empty())
            out.push_back(say(*words, { voter_names(message.vote, opinion, plain_name) }));
    for (auto const* line : { &message.vote.outcome, &message.vote.track_record })
        if (!line->empty())
            out.push_back(*line);
    if (!message.seen_before.text.empty())
        out.push_back(one_line(message.seen_before.text, 1200) + citation(message.seen_before.facts));
    if (!message.spend.empty())
        out.push_back(message.spend);
    return out;
}

std::vector<std::string> runbook_lines(Message const& message) {
    std::vector<std::string> out;
    for (auto const& runbook : message.runbooks) {
        out.push_back("- " + one_line(runbook.title, 200) + ": " + one_line(runbook.place, 600));
        for (auto const& step : runbook.steps)
            out.push_back("    " + one_line(step, 300));
    }
    return out;
}

std::vector<std::string> texts(std::vector<CitedLine> const& lines) {
    std::vector<std::string> out;
    for (auto const& line : lines)
        out.push_back(one_line(line.text, 1200) + citation(line.facts));
    return out;
}

// One link for each cited fact, in the order of the message.
std::string evidence_links(Message const& message) {
    std::string out;
    std::set<std::string> seen;
    for (auto const* lines : { &message.causes, &message.explained, &message.what_happened, &message.ruled_out })
        for (auto const& line : *lines)
            if (!line.facts.empty() && !line.link.empty() && seen.insert(line.facts.front().text).second)
                out += "  " + one_line(line.facts.front().text, 12) + "  " + one_line(line.link, 2000) + "\n";
    return out;
}

} // namespace

std::string to_plain_text(Message const& message) {
    auto const& say_it = words(message.language);
    auto out = wrap(one_line(message.title), columns, "", "");
    out += "\n" + wrap(one_line(message.headline, 1200) + citation(message.headline_facts), columns, "", "");
    for (auto const& line : texts(message.explained))
        out += wrap(line, columns, "", "");
    if (!message.severity_why.empty())
        out += wrap(one_line(message.severity_why), columns, "", "");
    for (auto const& line : memory_lines(message))
        out += wrap(line, columns, "", "");
    auto const causes = ranked(message);
    add_block(out, causes.size() == message.causes.size() ? say_it.causes : say_it.other_causes, causes, "");
    add_block(out, say_it.what_happened, texts(message.what_happened), "- ");
    add_block(out, say_it.ruled_out_heading, texts(message.ruled_out), "- ");
    std::vector<std::string> gaps;
    for (auto const& gap : message.not_seen)
        gaps.push_back(one_line(gap));
    add_block(out, say_it.not_seen, gaps, "- ");
    std::vector<std::string> actions;
    for (auto const& action : message.actions) {
        auto const statement = one_line(action.statement);
        actions.push_back(statement);
    }
    add_block(out, say_it.suggested, actions, "- ");
    add_block(out, say_it.runbooks.heading, runbook_lines(message), "");
    if (auto const links = evidence_links(message); !links.empty())
        out += "\n" + say_it.evidence.text() + "\n" + links; // not wrapped: a broken URL can not be opened
    if (!message.link.empty())
        out += "\n" + say_it.open_incident.text() + ": " + one_line(message.link, 2000) + "\n";
    if (!message.footer.empty())
        out += "\n" + one_line(message.footer) + "\n";
    return out;
}

} // namespace convops
