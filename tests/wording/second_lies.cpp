#include "second_author.h"

#include "base/text.h"

#include <cmath>

namespace convops::second {

namespace {

// Whether nobody could read `number` out of the fact.
bool foreign(Desk const& desk, MetricView const& m, double number) {
    if (near(number, m.before, 0.12) || near(number, m.since, 0.12))
        return false;
    for (auto const in : numbers_in(m.statement))
        for (auto const scale : { 1.0, 1000.0, 0.001, 1e9, 1e6 })
            if (near(number, in * scale, 0.12))
                return false;
    auto const* fact = desk.fact(m.id);
    auto const* metric = fact == nullptr ? nullptr : std::get_if<MetricFact>(&fact->detail);
    if (metric == nullptr)
        return false;
    auto const& values = metric->series.values;
    return std::none_of(values.begin(), values.end(), [&](double value) { return near(number, value, 0.13); });
}

std::string digits_as(std::string text, std::array<char const*, 10> const& digits) {
    std::string out;
    for (char const c : text)
        if (std::isdigit(static_cast<unsigned char>(c)) != 0)
            out += digits[std::size_t(c - '0')];
        else
            out += c;
    return out;
}

constexpr std::array<char const*, 10> devanagari { "०", "१", "२", "३", "४", "५", "६", "७", "८", "९" };
constexpr std::array<char const*, 10> full_width { "０", "１", "２", "３", "４", "５", "６", "７", "８", "９" };
constexpr std::array<char const*, 10> arabic { "٠", "١", "٢", "٣", "٤", "٥", "٦", "٧", "٨", "٩" };

void wrong_numbers(Desk& desk, MetricView const& m) {
    std::vector<std::string> const id { m.id };
    auto const verb = m.direction > 0 ? " rose to " : m.direction < 0 ? " fell to " : " stayed at ";
    auto const value = [&](double number) { return format_value(number, m.unit); };
    for (double const factor : { 1.4, 0.6, 2.0, 10.0, 0.1 }) {
        auto const wrong = m.since * factor;
        if (m.since == 0 || !foreign(desk, m, wrong))
            continue;
        desk.say("number wrong", desk.subject(m) + verb + value(wrong) + ".", id);
        desk.say("number wrong, about", desk.subject(m) + verb + "about " + desk.rough(wrong, m.unit) + ".", id);
        desk.say("number wrong, Devanagari", desk.subject(m) + verb + digits_as(value(wrong), devanagari) + ".", id);
        desk.say("number wrong, full width", desk.subject(m) + verb + digits_as(value(wrong), full_width) + ".", id);
        desk.say("number wrong, Arabic", desk.subject(m) + verb + digits_as(value(wrong), arabic) + ".", id);
        desk.say("number wrong, in brackets",
            desk.subject(m)
                + (m.direction > 0        ? " rose"
                        : m.direction < 0 ? " fell"
                                          : " did not change")
                + " (" + value(wrong) + ").",
            id);
    }
    for (auto const& other : desk.metrics)
        if (other.id != m.id && other.unit == m.unit && other.resource.short_name() != m.resource.short_name()
            && foreign(desk, m, other.since)) {
            desk.say("number of another fact", desk.subject(m) + verb + value(other.since) + ".", id);
            desk.say("number of another fact, both cited", desk.subject(m) + verb + value(other.since) + ".",
                { m.id, other.id });
        }
    if (foreign(desk, m, 7) && foreign(desk, m, 70) && m.unit.empty())
        desk.say("number wrong, spelled out", desk.subject(m) + verb + "seventy.", id);
    if (foreign(desk, m, 12) && m.unit == "Percent")
        desk.say("number wrong, spelled out", desk.subject(m) + verb + "twelve per cent.", id);
    if (m.unit == "Seconds" && m.since >= 0.01) {
        auto const in_ms = std::to_string(std::lround(m.since < 1 ? m.since * 1000 : m.since));
        desk.say("ms for s", desk.subject(m) + verb + in_ms + (m.since < 1 ? " s." : " ms."), id);
    }
    if (m.unit == "Bytes" && m.since >= 1e9) {
        desk.say("TB for GB", desk.subject(m) + verb + format_number(m.since / 1e9) + " TB.", id);
        desk.say("MB for GB", desk.subject(m) + verb + format_number(m.since / 1e9) + " MB.", id);
    }
    if (m.unit == "Percent" && m.since > 5 && foreign(desk, m, 200))
        desk.say("per cent dropped", desk.subject(m) + verb + format_number(m.since) + " MB.", id);
    desk.say("zero width in a number", desk.subject(m) + verb + "9\u200b" + value(m.since) + ".", id);
    if (!near(m.since, 0, 0) && foreign(desk, m, m.since / 2))
        desk.say("maximum wrong", desk.subject(m) + " never exceeded " + value(m.since / 2) + ".", id);
}

void wrong_movement(Desk& desk, MetricView const& m) {
    std::vector<std::string> const id { m.id };
    auto const before = format_value(m.before, m.unit);
    auto const since = format_value(m.since, m.unit);
    if (m.direction == 0) {
        desk.say("rose for stayed",
            desk.subject(m) + desk.dice.pick({ " rose", " surged", " spiked", " increased sharply" }) + " to " + since
                + ".",
            id);
        desk.say("fell for stayed",
            desk.subject(m) + desk.dice.pick({ " fell", " dropped", " collapsed" }) + " to " + since + ".", id);
        desk.say("doubled for stayed", desk.subject(m) + " doubled.", id);
        desk.say("unusually, for stayed", desk.subject(m) + " was unusually high at " + since + ".", id);
        return;
    }
    bool const up = m.direction > 0;
    desk.say("before and since swapped",
        desk.subject(m) + (up ? " fell from " : " rose from ") + since + " to " + before + ".", id);
    desk.say("swapped, verb kept",
        desk.subject(m) + (up ? " rose from " : " fell from ") + since + " to " + before + ".", id);
    desk.say("direction wrong", desk.subject(m) + (up ? " fell" : " rose") + " to " + since + ".", id);
    desk.say("direction negated",
        desk.subject(m)
            + desk.dice.pick(
                { " did not change.", " stayed flat.", " remained stable.", " was unaffected.", " never moved." }),
        id);
    desk.say(
        "not, before a verb", desk.subject(m) + (up ? " did not rise" : " did not fall") + " to " + since + ".", id);
    desk.say("before for now", desk.subject(m) + " is now " + before + ", compared with " + since + " before.", id);
    auto const ratio = m.before > 0 && m.since > 0 ? m.since / m.before : 0;
    if (ratio > 2.6 || (ratio > 1.2 && ratio < 1.6))
        desk.say("doubled, wrongly",
            desk.subject(m) + desk.dice.pick({ " doubled.", " roughly doubled.", " has doubled since." }), id);
    if (ratio > 4 || (ratio > 1.2 && ratio < 2.2))
        desk.say("tripled, wrongly", desk.subject(m) + desk.dice.pick({ " tripled.", " roughly tripled." }), id);
    if (ratio > 4)
        desk.say("factor wrong",
            desk.subject(m) + " grew by a factor of " + format_number(std::round(ratio * 3)) + ".", id);
    auto const points = m.since - m.before;
    if (m.unit == "Percent" && m.before > 1 && !near(100 * points / m.before, points, 0.2) && std::abs(points) > 5)
        desk.say("per cent for points",
            desk.subject(m) + (up ? " rose by " : " fell by ")
                + format_number(std::round(100 * std::abs(points) / m.before * 2)) + " %.",
            id);
    if (m.unit == "Percent" && foreign(desk, m, points))
        desk.say("by for to", desk.subject(m) + (up ? " rose by " : " fell by ") + since + ".", id);
    if (desk.investigation.diagnosis.verdict != IncidentVerdict::self_healed)
        desk.say("recovered, wrongly",
            desk.subject(m)
                + desk.dice.pick({ " has returned to normal.", " is back to its usual level.", " has recovered." }),
            id);
    auto const yesterday = m.statement.find("yesterday: ");
    auto const then
        = yesterday == std::string::npos ? std::vector<double> { -1 } : numbers_in(m.statement.substr(yesterday));
    auto const shown = numbers_in(m.statement);
    auto const alike
        = std::count_if(shown.begin(), shown.end(), [&](double each) { return near(each, m.since, 0.12); });
    if (!near(then[0], m.since, 0.15) && alike < 2)
        desk.say("usual, wrongly",
            desk.subject(m) + " is " + since + ", which is "
                + desk.dice.pick({ "usual for this time.", "normal.", "as it was yesterday.", "as expected." }),
            id);
    desk.say("since when, wrongly",
        "Since yesterday, " + desk.subject(m) + (up ? " rose to " : " fell to ") + since + ".", id);
}

void wrong_resource(Desk& desk, MetricView const& m) {
    for (auto const& other : desk.metrics)
        if (other.resource.short_name() != m.resource.short_name()
            && m.resource.name.find(other.resource.short_name()) == std::string::npos
            && m.statement.find(other.resource.short_name()) == std::string::npos) {
            MetricView swapped = m;
            swapped.resource = other.resource;
            auto const verb = m.direction > 0 ? " rose to " : m.direction < 0 ? " fell to " : " stayed at ";
            if (other.name == m.name && near(other.since, m.since, 0.12))
                continue;
            desk.say(
                "another resource", desk.subject(swapped) + verb + format_value(m.since, m.unit) + ".", { m.id });
            if (other.name != m.name && other.unit == m.unit)
                desk.say("another metric",
                    other.name + " of " + m.resource.short_name() + verb + format_value(m.since, m.unit) + ".",
                    { m.id });
            if (!near(other.since, m.since, 0.2) && other.unit == m.unit)
                desk.say("both cited, numbers swapped",
                    m.name + " of " + m.resource.short_name() + " is " + format_value(other.since, m.unit) + " and "
                        + other.name + " of " + other.resource.short_name() + " is " + format_value(m.since, m.unit)
                        + ".",
                    { m.id, other.id });
            desk.say("right sentence, wrong cite",
                m.name + " of " + m.resource.short_name() + verb + format_value(m.since, m.unit) + ".", { other.id });
        }
    auto const verb = m.direction > 0 ? " rose to " : m.direction < 0 ? " fell to " : " stayed at ";
    desk.say("cites nothing", desk.subject(m) + verb + format_value(m.since, m.unit) + ".", {});
    desk.say("cites what is not there", desk.subject(m) + verb + format_value(m.since, m.unit) + ".", { "F9999" });
    desk.say(
        "cites what is not there", desk.subject(m) + verb + format_value(m.since, m.unit) + ".", { m.id, "C77" });
    desk.say(
        "invented zone", desk.subject(m) + verb + format_value(m.since, m.unit) + " in eu-central-1b.", { m.id });
    desk.say("invented number of hosts", desk.subject(m) + verb + format_value(m.since, m.unit) + " on three hosts.",
        { m.id });
}

void wrong_times(Desk& desk) {
    auto const& diagnosis = desk.investigation.diagnosis;
    auto const& lead = desk.investigation.incident.leading_alarm();
    auto const text = desk.investigation.incident.opened_at;
    auto const fired = lead.changed_at;
    desk.say("alarm at another minute",
        "The alarm " + lead.name + " fired at " + desk.minute(fired + Minutes { desk.dice.one_in(2) ? 3 : -4 }) + ".",
        { "I1" });
    desk.say("alarm at another second",
        "The alarm " + lead.name + " fired at " + desk.second(fired + Seconds { 27 }) + ".", { "I1" });
    desk.say("another day", "The alarm " + lead.name + " fired yesterday at " + desk.minute(fired) + ".", { "I1" });
    desk.say(
        "another date", "The alarm " + lead.name + " fired on 3 January at " + desk.minute(fired) + ".", { "I1" });
    desk.say(
        "another date", "The alarm " + lead.name + " fired on 2025-01-03 at " + desk.minute(fired) + ".", { "I1" });
    desk.say(
        "another hour, spelled", "The alarm " + lead.name + " fired at half past three in the morning.", { "I1" });
    desk.say("another zone", "The alarm " + lead.name + " fired at " + format_clock(fired, Minutes { 0 }) + " PST.",
        { "I1" });
    desk.say("another alarm", "The alarm " + lead.name + "-critical fired at " + desk.minute(fired) + ".", { "I1" });
    if (!diagnosis.onset || text == Time {})
        return;
    auto const onset = *diagnosis.onset;
    if (fired - onset > Minutes { 4 } || onset - fired > Minutes { 4 }) {
        desk.say("onset for alarm", "The alarm " + lead.name + " fired at " + desk.minute(onset) + ".", { "I1" });
        desk.say("onset wrong", "The incident began at " + desk.minute(fired + Minutes { 2 }) + ".", { "I1" });
        desk.say("onset after the alarm", "The alarm " + lead.name + " fired before the incident began.", { "I1" });
    }
    desk.say("onset off", "The incident began at " + desk.minute(onset - Minutes { 6 }) + ".", { "I1" });
    desk.say("duration wrong", "The incident has been going on for three hours.", { "I1" });
    desk.say("duration wrong", "The incident lasted 47 hours.", { "I1" });
    for (auto const& [fact, change] : desk.investigation.evidence.all<ChangeFact>()) {
        if (change->touched.empty() || change->actor.empty() || change->failed)
            continue;
        auto const where = change->touched.front().short_name();
        auto const call = change->actor + " called " + change->event_name + " on " + where + " at ";
        std::vector<std::string> const id { fact->id.text };
        desk.say("change at another minute", call + desk.minute(fact->at + Minutes { 2 }) + ".", id);
        desk.say("change at another second", call + desk.second(fact->at + Seconds { 13 }) + ".", id);
        desk.say("change by another",
            "maria.lopez called " + change->event_name + " on " + where + " at " + desk.minute(fact->at) + ".", id);
        desk.say("another call",
            change->actor + " called DeleteService on " + where + " at " + desk.minute(fact->at) + ".", id);
        desk.say("version invented",
            change->actor + " called " + change->event_name + " on " + where + ", rolling out version 9.41.0.", id);
        desk.say("change by nobody", change->event_name + " was called on " + where + " by mistake.", id);
        if (fact->at < onset - Minutes { 1 })
            desk.say("order turned",
                "The incident began before " + change->actor + " called " + change->event_name + " on " + where + ".",
                { fact->id.text, "I1" });
        if (fact->at < onset - Minutes { 3 })
            desk.say("within seconds, wrongly",
                "The incident began within seconds of " + change->event_name + " on " + where + ".",
                { fact->id.text, "I1" });
        if (fact->at > onset + Minutes { 1 })
            desk.say("order turned", change->event_name + " on " + where + " came before the incident began.",
                { fact->id.text, "I1" });
    }
}

void wrong_limits(Desk& desk) {
    auto const* m = desk.alarm_metric();
    auto const& lead = desk.investigation.incident.leading_alarm();
    if (m == nullptr || !lead.threshold || *lead.threshold == 0)
        return;
    auto const shown = format_value(*lead.threshold * 3, m->unit);
    if (foreign(desk, *m, *lead.threshold * 3))
        desk.say("threshold wrong", desk.subject(*m) + " is above the alarm threshold of " + shown + ".", { m->id });
    if (lead.fires_above() && m->since > *lead.threshold * 1.1) {
        desk.say("below for above",
            desk.subject(*m) + " is below the threshold of " + format_value(*lead.threshold, m->unit) + ".",
            { m->id });
        desk.say("within the threshold", desk.subject(*m) + " is within its threshold.", { m->id });
    }
    auto const times = m->since / *lead.threshold;
    if (times > 1.2)
        desk.say("times the threshold, wrongly",
            desk.subject(*m) + " is about " + format_number(std::round(times * 4)) + " times the alarm threshold.",
            { m->id });
}

// Kinds that were added after the checker had been read: what it takes for grammar, what it takes one clause at a
// time.
void lie_having_read(Desk& desk, MetricView const& m) {
    std::vector<std::string> const id { m.id };
    auto const since = format_value(m.since, m.unit);
    auto const named = desk.named(m.resource);
    auto const verb = m.direction > 0 ? " rose to " : m.direction < 0 ? " fell to " : " stayed at ";
    for (auto const* text : { " is gone", " is out", " is off", " was hit", " left", " came back", " is clear",
             " got it", " is known", " is on fire", " is cut", " is lost", " is open", " is free", " is new",
             " is refused", " is secondary", " is primary", " is down", " is up", " fell", " rose", " crashed",
             " failed", " is slow", " is unreachable" })
        if (std::string_view(text) != " is slow" || m.direction <= 0) // of a latency that rose it is true
            desk.say("read: bare predicate", named + text + ".", id);
    desk.say("read: future",
        desk.subject(m)
            + desk.dice.pick({ " will stay at ", " is going to stay at ", " will soon reach ", " will fall to " })
            + since + ".",
        id);
    if (m.direction != 0) {
        desk.say("read: true, denied", "It is not true that " + desk.subject(m) + verb + since + ".", id);
        desk.say("read: hardly", desk.subject(m) + " hardly" + verb + since + ".", id);
        desk.say("read: not N", desk.subject(m) + " is not " + since + ".", id);
        desk.say("read: never", desk.subject(m) + " never" + verb + since + ".", id);
        desk.say("read: without", desk.subject(m) + " is without change at " + since + ".", id);
    }
    desk.say("read: for hours", desk.subject(m) + verb + since + " for three hours.", id);
    desk.say("read: every minute", desk.subject(m) + verb + since + " every second.", id);
    desk.say("read: every day", desk.subject(m) + verb + since + ", as on every day.", id);
    desk.say("read: and others", desk.subject(m) + " and billing-db's CPU" + verb + since + ".", id);
    desk.say("read: others too", desk.subject(m) + verb + since + ", and so did latency of billing.", id);
    desk.say("read: because of itself", desk.subject(m) + verb + since + " because of a surge.", id);
    desk.say("read: of users", desk.subject(m) + verb + since + " for all users.", id);
    if (auto const ratio = m.before > 0 ? m.since / m.before : 0; ratio > 3) {
        auto const& lead = desk.investigation.incident.leading_alarm();
        auto const times = lead.threshold && *lead.threshold > 0 ? m.since / *lead.threshold : ratio;
        if (!near(times, ratio, 0.3))
            desk.say("read: wrong yardstick",
                desk.subject(m) + " is about " + desk.rough(ratio, "") + " times the alarm threshold.", id);
        auto const at = m.statement.find("yesterday: ");
        auto const then = at == std::string::npos ? std::vector<double> {} : numbers_in(m.statement.substr(at));
        if (then.empty() || (then[0] > 0 && foreign(desk, m, ratio * 6 * then[0])))
            desk.say("read: wrong yardstick",
                desk.subject(m) + " is about " + desk.rough(ratio * 6, "") + " times what it was yesterday.", id);
    }
    if (!desk.investigation.diagnosis.onset)
        return;
    for (auto const& [fact, change] : desk.investigation.evidence.all<ChangeFact>())
        if (!change->touched.empty() && fact->at != *desk.investigation.diagnosis.onset) {
            if (fact->at > *desk.investigation.diagnosis.onset)
                desk.say("read: comma before",
                    change->event_name + " was called on " + change->touched.front().short_name()
                        + desk.dice.pick({ ", before the incident began.", ", shortly before the incident began." }),
                    { fact->id.text, "I1" });
            else
                desk.say("read: comma after",
                    change->event_name + " was called on " + change->touched.front().short_name()
                        + desk.dice.pick({ ", after the incident began.", ", just after the incident began." }),
                    { fact->id.text, "I1" });
            bool const earlier = fact->at < *desk.investigation.diagnosis.onset;
            desk.say("read: it, turned",
                std::string("It began ") + (earlier ? "before " : "after ") + change->event_name + " on "
                    + change->touched.front().short_name() + ".",
                { fact->id.text });
        }
}

} // namespace

void lie_about_numbers(Desk& desk) {
    for (auto const& m : desk.metrics) {
        lie_having_read(desk, m);
        wrong_numbers(desk, m);
        wrong_movement(desk, m);
        wrong_resource(desk, m);
    }
    wrong_times(desk);
    wrong_limits(desk);
}

} // namespace convops::second
