#include "second_author.h"

#include "base/text.h"

#include <cmath>

namespace convops::second {

namespace {

// A metric that the diagnosis neither blames nor calls a symptom: it stayed, or its resource is named by no cause.
std::vector<MetricView const*> bystanders(Desk const& desk) {
    std::vector<MetricView const*> found;
    for (auto const& m : desk.metrics) {
        bool const cited = std::any_of(desk.causes.begin(), desk.causes.end(), [&](CauseView const& view) {
            return std::find(view.facts.begin(), view.facts.end(), m.id) != view.facts.end();
        });
        if (!cited && m.direction == 0 && !desk.blamed(m.resource))
            found.push_back(&m);
    }
    return found;
}

void links(Desk& desk) {
    auto const* alarm = desk.alarm_metric();
    if (alarm == nullptr)
        return;
    auto const effect = desk.subject(*alarm);
    for (auto const* m : bystanders(desk)) {
        if (m->id == alarm->id)
            continue;
        std::vector<std::string> const cites { alarm->id, m->id };
        auto const cause = desk.subject(*m);
        auto const rose = alarm->direction >= 0 ? " rose" : " fell";
        desk.say("because of a bystander", effect + rose + " because of " + cause + ".", cites);
        desk.say("because, clause",
            effect + rose + " because " + cause + " stayed at " + format_value(m->since, m->unit) + ".", cites);
        desk.say("caused by a bystander", effect + " is caused by " + cause + ".", cites);
        desk.say("led to, bystander", cause + " led to the change in " + effect + ".", cites);
        desk.say("triggered, bystander", cause + " triggered the alarm.", cites);
        desk.say("due to a bystander",
            effect + rose + " due to " + cause + " at " + format_value(m->since, m->unit) + ".", cites);
        desk.say("so, bystander",
            cause + " stayed at " + format_value(m->since, m->unit) + ", so " + effect + rose + ".", cites);
        desk.say("hence, bystander", cause + " stayed at " + format_value(m->since, m->unit) + " - hence the alarm.",
            cites);
        desk.say("explains, bystander", cause + " explains " + effect + ".", cites);
        desk.say("contributed, bystander", cause + " may have contributed to this.", { m->id });
        desk.say("bottleneck", desk.named(m->resource) + " is the bottleneck.", { m->id });
        desk.say("culprit",
            desk.named(m->resource)
                + desk.dice.pick({ " is the culprit.", " is to blame.", " is responsible.", " is at fault.",
                    " is where the problem lies." }),
            { m->id });
        desk.say("likely cause, bystander", "The most likely cause is " + desk.named(m->resource) + ".", { m->id });
        desk.say("as a result", effect + rose + " as a result of " + cause + ".", cites);
        desk.say("thanks to", effect + rose + " thanks to " + cause + ".", cites);
        desk.say("driven by", effect + rose + ", driven by " + cause + ".", cites);
        desk.say("stems from", "The incident stems from " + cause + ".", { m->id, "I1" });
        desk.say("correlates", effect + " correlates with " + cause + ".", cites);
        desk.say("under pressure",
            desk.named(m->resource)
                + desk.dice.pick({ " is under pressure.", " is overloaded.", " is struggling.", " is saturated.",
                    " is degraded." }),
            { m->id });
        desk.say("participle link",
            cause + " stayed at " + format_value(m->since, m->unit) + ", causing errors for users.", { m->id });
        desk.say("which link", cause + " stayed at " + format_value(m->since, m->unit) + ", which broke the service.",
            { m->id });
        desk.say("colon link", "Root cause: " + cause + ".", { m->id });
        desk.say("health of bystander", desk.named(m->resource) + " is healthy.", { m->id });
    }
}

void about_the_cause(Desk& desk) {
    for (auto const& view : desk.causes) {
        if (view.noun.empty())
            continue;
        std::vector<std::string> const id { view.id };
        auto const noun = view.noun;
        desk.say("certain",
            noun
                + desk.dice.pick({ " is definitely the cause.", " is certainly the cause.",
                    " is without doubt the cause.", " is the proven cause.", " is the confirmed root cause." }),
            id);
        desk.say("denied",
            noun
                + desk.dice.pick({ " is not the cause.", " did not cause this.", " can be ruled out.",
                    " is unrelated.", " has nothing to do with it." }),
            id);
        desk.say("hardly", noun + " is unlikely to be the cause.", id);
        desk.say("only cause",
            noun
                + desk.dice.pick(
                    { " is the only possible cause.", " alone caused all of it.", " and nothing else caused this." }),
            id);
        desk.say("confidence wrong",
            "The most likely cause is " + noun + ", with "
                + std::to_string(std::lround(view.cause->score * 100) > 50 ? 41 : 97) + " % confidence.",
            id);
        desk.say("confidence wrong", "The most likely cause is " + noun + ", with 100 % confidence.", id);
        desk.say("bug in code",
            noun
                + desk.dice.pick({ " introduced a bug in the retry logic.", " introduced a memory leak.",
                    " contained a null pointer error.", " shipped a race condition.",
                    " broke the connection handling code." }),
            id);
        desk.say("because of code",
            "The most likely cause is " + noun
                + desk.dice.pick(
                    { ", which leaks connections.", " because of an N+1 query.", " due to a missing index.",
                        ", which forgot to close connections.", ", whose new code holds locks too long." }),
            id);
        desk.say("person",
            noun
                + desk.dice.pick({ " was approved by John Smith.", " was done by the platform team.",
                    " was made by an inexperienced engineer.", " was pushed by the on-call engineer." }),
            id);
        desk.say("turned round", "The incident caused " + noun + ".", id);
        desk.say("turned round", noun + " was a consequence of the incident.", id);
        desk.say("second cause",
            noun
                + desk.dice.pick(
                    { " and a network problem are the likely causes.", ", together with a DNS problem, caused this.",
                        " was made worse by a traffic surge.", " and the cold cache are to blame." }),
            id);
        desk.say("users hurt",
            noun
                + desk.dice.pick({ " took the whole site down.", " affected all customers.", " caused data loss.",
                    " hit 500 users.", " cost 10000 dollars." }),
            id);
        desk.say("happened before",
            noun
                + desk.dice.pick({ " also caused an outage last week.", " has happened many times before.",
                    " is a known problem." }),
            id);
        desk.say("chain invented",
            noun
                + desk.dice.pick({ " overloaded the network, which in turn broke DNS.",
                    " filled the disk, which stopped the backups.", " exhausted the file descriptors." }),
            id);
        desk.say("intention",
            noun
                + desk.dice.pick({ " was an attack.", " was deliberate.", " was a mistake.", " was careless.",
                    " was not tested." }),
            id);
    }
    if (desk.causes.size() == 1)
        desk.say("number of causes", "There are three likely causes.", { "C1" });
}

void about_ruled_out(Desk& desk) {
    auto const& all = desk.investigation.diagnosis.ruled_out;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto noun = kind_noun(all[i].kind, "");
        bool const is_cause = std::any_of(desk.causes.begin(), desk.causes.end(),
            [&](CauseView const& view) { return view.cause->kind == all[i].kind; });
        if (noun.size() < 8 || is_cause)
            continue;
        noun = "a" + noun.substr(3, noun.rfind(' ', noun.size() - 2) - 3);
        std::vector<std::string> const id { "R" + std::to_string(i + 1) };
        desk.say("ruled out, affirmed", "The most likely cause is " + noun + ".", id);
        desk.say("ruled out, hinted",
            noun
                + desk.dice.pick({ " may also have contributed.", " cannot be ruled out.", " remains possible.",
                    " is still a candidate.", " might be involved.", " should not be excluded." }),
            id);
        desk.say("ruled out, not yet",
            noun
                + desk.dice.pick({ " was not ruled out.", " has yet to be ruled out.",
                    " was almost certainly involved.", " was ruled out too early.", " was wrongly ruled out." }),
            id);
        desk.say("ruled out, happened", "There was " + noun + ".", id);
        desk.say("ruled out, but",
            noun
                + desk.dice.pick(
                    { " was ruled out, but it is the likely cause.", " was ruled out; still, it caused the errors.",
                        " was ruled out, although it made things worse." }),
            id);
        desk.say("ruled out, everything", "Everything else was ruled out.", id);
        desk.say("ruled out, another", "A network problem was ruled out.", id);
        desk.say("ruled out, DNS", "A DNS failure can be ruled out.", id);
        if (!desk.causes.empty() && !desk.causes[0].noun.empty()) {
            desk.say("ruled out, by glue", desk.causes[0].noun + " was ruled out.", { id[0], "C1" });
            desk.say("cause and ruled out joined", desk.causes[0].noun + " and " + noun + " are the likely causes.",
                { id[0], "C1" });
        }
    }
}

} // namespace

void lie_about_causes(Desk& desk) {
    links(desk);
    about_the_cause(desk);
    about_ruled_out(desk);
}

} // namespace convops::second
