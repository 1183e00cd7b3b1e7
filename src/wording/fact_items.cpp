#include "wording/fact_items.h"

#include "base/text.h"
#include "wording/item_words.h"

namespace convops {

namespace {

constexpr std::size_t most_quotable_bytes = 8 * 1024; // of one item

// "14:18:20" in a statement is a time of the day; the day is the one that lies nearest before the end of the reading.
Time on_the_day(SaidToken const& clock, Time near) {
    auto const day = std::chrono::floor<Days>(near);
    Time at = day + Hours { clock.hour } + Minutes { clock.minute } + Seconds { std::max(clock.second, 0) };
    return at > near + Minutes { 10 } ? at - Days { 1 } : at;
}

} // namespace

void quote(Citable& item, std::string_view hostile) {
    if (item.quotable.size() + hostile.size() < most_quotable_bytes)
        item.quotable += to_lower(clean_utf8(hostile)) + "\n";
}

namespace {

// Our own words around quoted ones.
std::string outside_quotes(std::string_view statement, Citable& item) {
    std::string outside;
    bool inside = false;
    std::string quoted;
    for (char const c : statement) {
        if (c == '"') {
            if (inside)
                quote(item, quoted);
            quoted.clear();
            inside = !inside;
            outside += ' ';
        } else {
            (inside ? quoted : outside) += c;
        }
    }
    if (inside)
        quote(item, quoted);
    return outside;
}

void read_number(Citable& item, NumberClaim const& claim) {
    item.numbers.push_back({ claim.value, claim.half_unit, claim.measure, claim.role, claim.of });
}

} // namespace

void read_statement(Citable& item, std::string_view statement, Time near, std::set<std::string> const& known) {
    auto const& lexicon = Lexicon::of("en");
    auto const own = outside_quotes(statement, item);
    for (auto const& clause : clauses_of(tokens_of(own, our_own), lexicon, known)) {
        item.topics.insert(clause.topics.begin(), clause.topics.end());
        item.logic.insert(clause.logic.begin(), clause.logic.end());
        item.names.insert(clause.names.begin(), clause.names.end());
        item.words.insert(clause.unknown.begin(), clause.unknown.end());
        for (auto const& number : clause.numbers)
            read_number(item, number);
        for (auto const& clock : clause.clocks)
            item.clocks.push_back({ on_the_day(clock.token, near), clock.begins });
    }
    for (auto clause : clauses_of(tokens_of(item.quotable, our_own), lexicon, {})) {
        for (auto const* universal : { "all", "every", "only" }) // a log line's "all" is no leave to say "all"
            clause.topics.erase(universal);
        item.topics.insert(clause.topics.begin(), clause.topics.end());
        item.names.insert(clause.names.begin(), clause.names.end());
    }
}

void take_back(Citable& item, std::string_view hostile) {
    for (auto const& token : tokens_of(hostile, our_own)) {
        if (token.kind == SaidToken::Kind::word)
            item.words.erase(token.lower);
        if (token.kind == SaidToken::Kind::name)
            item.names.insert(token.lower);
    }
    quote(item, hostile);
}

namespace {

struct FactReading {
    Citable& item;
    Fact const& fact;
    Alarm const& alarm;
    std::optional<Time> onset;

    void operator()(std::monostate const&) const { }
    void operator()(MetricFact const& metric) const;
    void operator()(ChangeFact const& change) const {
        add_change_words(item, change.kind);
        for (auto const& resource : change.touched)
            add_resource_words(item, resource);
        take_back(item, change.what);
        item.names.insert(to_lower(change.actor));
        item.clocks.push_back({ fact.at, true });
        item.at = fact.at;
    }
    void operator()(LogPatternFact const& log) const {
        add_resource_words(item, log.resource);
        take_back(item, log.pattern);
        take_back(item, log.example);
        item.new_pattern = log.usual_count <= 0 && fact.statement.find("never in ") != std::string::npos;
        item.clocks.push_back({ log.first_seen, true });
        item.clocks.push_back({ log.first_seen, false });
        item.numbers.push_back({ double(log.count), 0, Measure::count, Role::times });
        item.numbers.push_back({ double(log.count), 0, Measure::count, Role::plain });
        item.at = log.first_seen;
        item.topics.insert({ "error", "message" });
    }
    void operator()(ResourceEventFact const& event) const {
        add_resource_words(item, event.resource);
        add_event_words(item, event.kind);
        take_back(item, event.message);
        item.numbers.push_back({ double(event.count), 0, Measure::count, Role::plain });
        item.clocks.push_back({ fact.at, true });
        item.at = fact.at;
    }
    void operator()(StateFact const& state) const { add_resource_words(item, state.resource); }
    void operator()(DependencyFact const& edge) const {
        add_resource_words(item, edge.from);
        add_resource_words(item, edge.to);
        item.edge = &edge;
        item.topics.insert("dependency");
    }
    void operator()(LoadFact const& load) const {
        add_resource_words(item, load.resource);
        take_back(item, load.label);
        item.numbers.push_back({ load.now, 0, Measure::count, Role::since });
        item.numbers.push_back({ load.before, 0, Measure::count, Role::before });
        item.topics.insert({ "session", "query" });
        item.logic.insert(load.now > load.before ? "up" : "down");
    }
    void operator()(ServiceEventFact const&) const {
        item.clocks.push_back({ fact.at, true });
        item.at = fact.at;
    }
    void operator()(AlarmTransitionFact const& transition) const { take_back(item, transition.alarm_name); }
    void operator()(LimitFact const& limit) const {
        add_resource_words(item, limit.resource);
        add_metric_words(item, limit.metric_name);
    }
    void operator()(ScheduleFact const& schedule) const {
        add_resource_words(item, schedule.rule);
        for (auto const& target : schedule.targets)
            add_resource_words(item, target);
    }
    void operator()(SecurityFindingFact const& finding) const {
        add_resource_words(item, finding.resource);
        item.names.insert(to_lower(finding.type));
        item.topics.insert("security");
        item.clocks.push_back({ finding.first_seen, true });
        item.at = finding.first_seen;
    }
    void operator()(CertificateFact const& certificate) const {
        add_resource_words(item, certificate.certificate);
        item.names.insert(to_lower(certificate.domain));
        for (auto const& user : certificate.used_by)
            add_resource_words(item, user);
        if (certificate.expires_at)
            item.clocks.push_back({ *certificate.expires_at, false });
    }
    void operator()(PastIncidentFact const& past) const {
        add_resource_words(item, past.resource);
        take_back(item, past.what_fixed_it);
        item.clocks.push_back({ past.opened_at, true });
        item.at = past.opened_at;
    }
};

Measure measure_of(std::string_view unit) {
    if (unit == "Percent")
        return Measure::percent;
    if (unit == "Seconds" || unit == "Milliseconds" || unit == "Microseconds")
        return Measure::seconds;
    if (unit == "Bytes/Second")
        return Measure::bytes_per_second;
    if (unit.starts_with("Bytes") || unit == "Kilobytes" || unit == "Megabytes" || unit == "Gigabytes")
        return Measure::bytes;
    return unit == "Count/Second" ? Measure::per_second : Measure::count;
}

double scale_of(std::string_view unit) {
    return unit == "Milliseconds" ? 1e-3 : unit == "Microseconds" ? 1e-6 : 1;
}

void FactReading::operator()(MetricFact const& metric) const {
    item.metric = &metric;
    add_resource_words(item, metric.resource);
    add_metric_words(item, metric.series.metric.name);
    item.names.insert(to_lower(metric.series.metric.name));
    auto const measure = measure_of(metric.series.unit);
    auto const scale = scale_of(metric.series.unit);
    auto const put = [&](double value, Role role) { item.numbers.push_back({ value * scale, 0, measure, role }); };
    if (metric.limit)
        put(*metric.limit, Role::limit);
    if (fact.source == "alarm_metric" && alarm.threshold) {
        put(*alarm.threshold, Role::threshold);
        item.logic.insert(alarm.fires_above() ? "above" : "below");
    }
    item.topics.insert("onset");
    for (auto const* universal : { "all", "every", "only" }) // in a label: "errors of every hundred requests"
        item.topics.erase(universal);
    // "98 % since 14:18" in the statement is where its two levels were parted, not when anything began.
    for (auto& clock : item.clocks)
        clock.begins = false;
    if (fact.source == "alarm_metric")
        item.topics.insert("alarm-on");
    item.logic.erase("up"); // "fires above" is not "rose": the series itself says how it moved
    item.logic.erase("down");
    if (!onset)
        return;
    item.clocks.push_back({ *onset, true });
    item.at = *onset;
    item.levels = levels_around(metric, *onset);
    if (!item.levels)
        return;
    item.logic.insert(!item.levels->moved() ? "steady" : item.levels->since > item.levels->before ? "up" : "down");
    if (item.levels->moved() && item.levels->since > item.levels->before && item.topics.contains("latency"))
        item.topics.insert("slow");
    put(item.levels->before, Role::before);
    put(item.levels->since, Role::since);
    auto const since = metric.series.within({ *onset, Time::max() });
    auto const [least, most] = std::minmax_element(since.values.begin(), since.values.end());
    put(item.levels->since > item.levels->before ? *most : *least, Role::plain);
    item.levels->before *= scale;
    item.levels->since *= scale;
}

} // namespace

void read_fact(Citable& item, Fact const& fact, Alarm const& alarm, std::optional<Time> onset) {
    std::visit(FactReading { item, fact, alarm, onset }, fact.detail);
}

} // namespace convops
