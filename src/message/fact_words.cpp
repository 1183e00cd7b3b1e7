#include "message/fact_words.h"

#include "message/memory_words.h"

#include "base/text.h"

namespace convops {

namespace {

constexpr Minutes before_onset { 30 }; // what counts as "before"

using ResourceNouns = decltype(Sentences::resources);

Words const* noun_of(std::string_view type, ResourceNouns const& nouns) {
    static std::map<std::string_view, Words ResourceNouns::*> const known {
        { "elb:load_balancer", &ResourceNouns::load_balancer },
        { "elb:target_group", &ResourceNouns::target_group },
        { "ecs:cluster", &ResourceNouns::ecs_cluster },
        { "ecs:service", &ResourceNouns::ecs_service },
        { "ecs:task_definition", &ResourceNouns::task_definition },
        { "rds:instance", &ResourceNouns::rds_instance },
        { "rds:cluster", &ResourceNouns::rds_cluster },
        { "lambda:function", &ResourceNouns::lambda_function },
        { "ec2:instance", &ResourceNouns::ec2_instance },
        { "autoscaling:group", &ResourceNouns::autoscaling_group },
        { "ebs:volume", &ResourceNouns::ebs_volume },
        { "sqs:queue", &ResourceNouns::sqs_queue },
        { "sns:topic", &ResourceNouns::sns_topic },
        { "dynamodb:table", &ResourceNouns::dynamodb_table },
        { "elasticache:cluster", &ResourceNouns::elasticache_cluster },
        { "apigateway:api", &ResourceNouns::api },
        { "s3:bucket", &ResourceNouns::s3_bucket },
        { "nat:gateway", &ResourceNouns::nat_gateway },
        { "kinesis:stream", &ResourceNouns::kinesis_stream },
        { "states:machine", &ResourceNouns::state_machine },
        { "events:rule", &ResourceNouns::eventbridge_rule },
        { "eks:cluster", &ResourceNouns::eks_cluster },
        { "eks:workload", &ResourceNouns::eks_workload },
        { "cloudfront:distribution", &ResourceNouns::cloudfront_distribution },
        { "logs:group", &ResourceNouns::log_group },
        { "acm:certificate", &ResourceNouns::certificate },
        { "efs:file_system", &ResourceNouns::efs_file_system },
        { "waf:web_acl", &ResourceNouns::web_acl },
        { "ec2:security_group", &ResourceNouns::security_group },
        { "external:host", &ResourceNouns::external_host },
        { "custom:metric", &ResourceNouns::custom_metric },
    };
    auto const found = known.find(type);
    return found == known.end() ? nullptr : &(nouns.*(found->second));
}

// One visitor: each sort of detail has its sentence, and a new sort does not compile without one.
class FactTeller {
public:
    FactTeller(Fact const& fact, Telling const& telling, Sentences const& sentences)
        : fact_(fact)
        , telling_(telling)
        , words_(telling.words())
        , sentences_(sentences) { }

    std::string operator()(std::monostate const&) const { return quoted(fact_.statement, 240); }

    std::string operator()(MetricFact const& metric) const {
        auto const name = metric_name_words(metric, telling_.reader.language);
        auto const& series = metric.series;
        if (series.empty())
            return say(sentences_.metric_silent, { name });
        auto const shown = [&](double value) { return value_words(value, series.unit, words_); };
        auto text = say(sentences_.metric_at, { name, shown(series.values.back()) });
        if (telling_.onset) {
            auto const before = middle_within(series, { *telling_.onset - before_onset, *telling_.onset });
            auto const since = middle_within(series, { *telling_.onset, Time::max() });
            if (before && since)
                text = std::abs(*since - *before) > least_share_moved * std::max(std::abs(*before), std::abs(*since))
                    ? say(sentences_.metric_moved, { name, shown(*before), shown(*since) })
                    : say(sentences_.metric_steady, { name, shown(*since) });
        }
        return tells_limit(metric) ? say(sentences_.of_limit, { text, shown(*metric.limit) }) : text;
    }

    std::string operator()(ChangeFact const& change) const {
        auto const actor
            = change.actor.empty() ? sentences_.somebody.text() : one_line(change.actor, most_name_bytes);
        auto const call = one_line(change.event_name, most_name_bytes);
        bool const deploy = change.kind == ChangeKind::deploy && change.actor.empty() && !change.touched.empty();
        auto text = deploy           ? say(sentences_.causes.at(static_cast<std::size_t>(CauseKind::deploy)),
                                           { resource(change.touched.front()) })
            : change.touched.empty() ? say(sentences_.change_of, { actor, call })
                                     : say(sentences_.change_on, { actor, call, resource(change.touched.front()) });
        if (!change.what.empty())
            text = say(sentences_.change_what, { text, quoted(replace_all(change.what, "->", "→"), 160) });
        if (change.automatic)
            text = say(sentences_.change_automatic, { text });
        return change.failed ? say(sentences_.change_refused, { text }) : text;
    }

    std::string operator()(LogPatternFact const& log) const {
        auto const where = log.resource.name.empty() ? one_line(log.group, most_name_bytes) : resource(log.resource);
        auto const count = std::to_string(log.count);
        if (log.usual_count < 1)
            return say(sentences_.log_new, { where, quoted(log.pattern), count });
        return say(sentences_.log_more,
            { where, quoted(log.pattern), count, value_words(std::round(log.usual_count), "", words_) });
    }

    std::string operator()(ResourceEventFact const& event) const {
        auto text = say(sentences_.events.at(static_cast<std::size_t>(event.kind)), { resource(event.resource) });
        auto const& said = event.message.empty() ? event.code : event.message;
        if (!said.empty())
            text = say(sentences_.event_said, { text, quoted(said) });
        return event.count > 1 ? say(sentences_.event_times, { text, std::to_string(event.count) }) : text;
    }

    std::string operator()(StateFact const& state) const {
        auto text = say(sentences_.states.at(static_cast<std::size_t>(state.health)), { resource(state.resource) });
        auto const status = state.attributes.find("status");
        if (status != state.attributes.end() && state.health != StateHealth::healthy)
            text = say(sentences_.event_said, { text, quoted(status->second, 60) });
        return text;
    }

    std::string operator()(DependencyFact const& edge) const {
        return say(
            edge.declared ? sentences_.calls : sentences_.probably_calls, { resource(edge.from), resource(edge.to) });
    }

    std::string operator()(LoadFact const& load) const {
        return say(sentences_.load,
            { quoted(load.label, 160), resource(load.resource), value_words(load.now, "", words_),
                value_words(load.before, "", words_) });
    }

    std::string operator()(ServiceEventFact const& event) const {
        std::string_view const pattern = event.status == "closed" ? sentences_.service_closed
            : event.status == "upcoming"                          ? sentences_.service_upcoming
                                                                  : sentences_.service_open;
        auto const at = event.status == "closed" ? event.when.to : event.when.from;
        return say(pattern, { one_line(event.service, 40), one_line(event.region, 40), clock(at) });
    }

    std::string operator()(AlarmTransitionFact const& transition) const {
        return say(sentences_.transition,
            { one_line(transition.alarm_name, most_name_bytes), to_string(transition.from),
                to_string(transition.to) });
    }

    std::string operator()(LimitFact const& limit) const {
        return say(sentences_.limit,
            { one_line(limit.metric_name, most_name_bytes), resource(limit.resource),
                value_words(limit.limit, "", words_) });
    }

    std::string operator()(ScheduleFact const& schedule) const {
        return say(sentences_.schedule, { resource(schedule.rule), one_line(schedule.expression, 60) });
    }

    std::string operator()(SecurityFindingFact const& finding) const {
        return say(sentences_.security_finding,
            { one_line(finding.service, 40), quoted(finding.type, most_name_bytes), resource(finding.resource) });
    }

    std::string operator()(CertificateFact const& certificate) const {
        auto const domain = one_line(certificate.domain, most_name_bytes);
        if (certificate.expires_at)
            return say(sentences_.certificate_expires,
                { resource(certificate.certificate), domain, clock(*certificate.expires_at) });
        return say(
            sentences_.certificate, { resource(certificate.certificate), domain, quoted(certificate.status, 40) });
    }

    std::string operator()(PastIncidentFact const& past) const {
        auto text = say(sentences_.past_incident,
            { kind_words(past.kind, words_), resource(past.resource), clock(past.opened_at) });
        auto const ending = ending_words(recovery_of(fact_), fix_of(fact_), past.resource, telling_.reader.language);
        return ending.empty() ? text : say(sentences_.past_incident_fixed, { text, ending });
    }

private:
    [[nodiscard]] std::string resource(Resource const& it) const {
        return resource_words(it, telling_.reader.language);
    }
    [[nodiscard]] std::string quoted(std::string_view text, std::size_t most = 140) const {
        return quoted_words(text, words_, most);
    }
    [[nodiscard]] std::string clock(Time at) const { return clock_words(at, telling_.near, telling_.reader); }

    Fact const& fact_;
    Telling const& telling_;
    Catalogue const& words_;
    Sentences const& sentences_;
};

} // namespace

std::string resource_words(Resource const& resource, std::string_view language) {
    auto const* sentences = language_of(language).sentences;
    auto const* noun = sentences == nullptr ? nullptr : noun_of(resource.type, sentences->resources);
    return noun == nullptr ? one_line(resource.display(), most_name_bytes)
                           : say(*noun, { one_line(resource.short_name(), most_name_bytes) });
}

std::string metric_name_words(MetricFact const& metric, std::string_view language) {
    return say(words(language).metric_of,
        { one_line(metric.series.metric.name, most_name_bytes), resource_words(metric.resource, language) });
}

std::string quoted_words(std::string_view text, Catalogue const& say_it, std::size_t most_bytes) {
    auto line = one_line(text, most_bytes);
    for (auto const* mark : { "„", "“", "”", "«", "»" })
        line = replace_all(std::move(line), mark, "'");
    return say(say_it.quoted, { line });
}

bool tells_limit(MetricFact const& metric) {
    // Of a percentage everybody knows it.
    return metric.limit && *metric.limit > 0 && metric.series.unit != "Percent";
}

std::optional<double> middle_within(Series const& series, Window window) {
    auto values = series.within(window).values;
    if (values.empty())
        return std::nullopt;
    std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(values.size() / 2), values.end());
    return values[values.size() / 2];
}

std::string peak_words(
    MetricFact const& metric, std::optional<double> threshold, bool above, Telling const& telling) {
    auto const* sentences = telling.sentences();
    if (sentences == nullptr || metric.series.empty())
        return {};
    auto const& say_it = telling.words();
    auto const& series = metric.series;
    auto const shown = [&](double value) { return value_words(value, series.unit, say_it); };
    auto const name = metric_name_words(metric, telling.reader.language);
    auto const onset = telling.onset.value_or(series.at.front());
    auto values = series.within({ onset, Time::max() }).values;
    if (values.empty())
        values = { series.values.back() };
    auto const peak
        = above ? *std::max_element(values.begin(), values.end()) : *std::min_element(values.begin(), values.end());
    auto const usual = middle_within(series, { onset - before_onset, onset });
    auto text = usual ? say(sentences->metric_usual, { name, shown(peak), shown(*usual) })
                      : say(sentences->metric_at, { name, shown(peak) });
    return threshold ? say(sentences->of_threshold, { text, shown(*threshold) }) : text;
}

std::string in_readers_zone(std::string_view sentence, Reader const& reader) {
    if (reader.utc_offset == Minutes { 0 })
        return std::string(sentence);
    auto const digits = [&](std::size_t at) {
        return at + 1 < sentence.size() && std::isdigit(static_cast<unsigned char>(sentence[at])) != 0
            && std::isdigit(static_cast<unsigned char>(sentence[at + 1])) != 0;
    };
    auto const starts_clock = [&](std::size_t at) {
        // Our own sentences put one of these words before a clock.
        auto const before = sentence.substr(0, at);
        return std::ranges::any_of(std::array { "at ", "At ", "from ", "since ", "before ", "until " },
                   [&](std::string_view word) { return before.ends_with(word); })
            && digits(at) && sentence.substr(at + 2, 1) == ":" && digits(at + 3);
    };
    std::string out;
    bool inside_quotes = false;
    for (std::size_t i = 0; i < sentence.size();) {
        inside_quotes = sentence[i] == '"' ? !inside_quotes : inside_quotes;
        if (inside_quotes || !starts_clock(i)) {
            out += sentence[i++];
            continue;
        }
        bool const with_seconds = sentence.substr(i + 5, 1) == ":" && digits(i + 6);
        auto const length = with_seconds ? 8U : 5U;
        auto const number = [&](std::size_t at) { return std::stoi(std::string(sentence.substr(at, 2))); };
        auto const utc = Time { Days { 1 } } + Hours { number(i) } + Minutes { number(i + 3) }
            + Seconds { with_seconds ? number(i + 6) : 0 };
        auto const local = format_clock(utc, reader.utc_offset);
        out += (with_seconds || local.size() == 5 ? local : local.substr(0, 5)) + " " + zone_label(reader);
        i += length;
        if (sentence.substr(i).starts_with(" UTC"))
            i += 4;
    }
    return out;
}

std::string fact_words(Fact const& fact, Telling const& telling) {
    auto const* sentences = telling.sentences();
    if (sentences == nullptr)
        return in_readers_zone(one_line(fact.statement), telling.reader);
    return std::visit(FactTeller(fact, telling, *sentences), fact.detail);
}

} // namespace convops
