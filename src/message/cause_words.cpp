#include "message/cause_words.h"

#include "base/text.h"

namespace convops {

namespace {

constexpr std::size_t most_sentence_bytes = 700; // Devanagari takes three bytes a letter
constexpr std::size_t most_gap_bytes = 160;

bool is_of_a_change(Fact const& fact) {
    if (std::holds_alternative<ChangeFact>(fact.detail))
        return true;
    auto const* event = std::get_if<ResourceEventFact>(&fact.detail);
    return event != nullptr
        && (event->kind == ResourceEventKind::deployment_started
            || event->kind == ResourceEventKind::deployment_finished);
}

bool is_of_the_alarm(Fact const& fact) {
    auto const* metric = std::get_if<MetricFact>(&fact.detail);
    return metric != nullptr && metric->closeness == Closeness::alarm;
}

// Something that happened at one moment; other causes last.
bool is_moment(CauseKind kind) {
    using enum CauseKind;
    switch (kind) {
    case deploy:
    case config_change:
    case scaling_change:
    case permission_change:
    case failover:
    case security_event:
    case scheduled_job:
        return true;
    default:
        return false;
    }
}

std::vector<Fact const*> facts_of(std::vector<FactId> const& ids, Evidence const& evidence) {
    std::vector<Fact const*> facts;
    for (auto const& id : ids)
        if (auto const* fact = evidence.find(id))
            facts.push_back(fact);
    return facts;
}

// What a change changed, as its record tells best: something that became something else.
std::string what_changed(std::vector<Fact const*> const& facts) {
    std::string best;
    for (auto const* fact : facts)
        if (auto const* change = std::get_if<ChangeFact>(&fact->detail); change != nullptr && !change->what.empty()) {
            bool const difference
                = change->what.find("->") != std::string::npos || change->what.find("→") != std::string::npos;
            if (best.empty() || (difference && best.find("→") == std::string::npos))
                best = replace_all(change->what, "->", "→");
        }
    return best;
}

// The fact that makes the cause believable: the first that is neither the change itself nor the alarm.
Fact const* telling_fact(std::vector<Fact const*> const& facts) {
    for (auto const* fact : facts)
        if (!is_of_a_change(*fact) && !is_of_the_alarm(*fact)
            && !std::holds_alternative<std::monostate>(fact->detail))
            return fact;
    for (auto const* fact : facts)
        if (is_of_the_alarm(*fact))
            return fact;
    return nullptr;
}

using SourceTable = decltype(Sentences::sources);

SourceWords const* source_of(std::string_view name, SourceTable const& table) {
    static std::map<std::string_view, SourceWords SourceTable::*> const known {
        { "alarm_metric", &SourceTable::alarm_metric },
        { "alarm_history", &SourceTable::alarm_history },
        { "related_metrics", &SourceTable::related_metrics },
        { "cloudtrail_changes", &SourceTable::cloudtrail_changes },
        { "log_patterns", &SourceTable::log_patterns },
        { "ecs_state", &SourceTable::ecs_state },
        { "ec2_state", &SourceTable::ec2_state },
        { "autoscaling_activity", &SourceTable::autoscaling_activity },
        { "rds_state", &SourceTable::rds_state },
        { "rds_events", &SourceTable::rds_events },
        { "rds_performance_insights", &SourceTable::rds_performance_insights },
        { "lambda_state", &SourceTable::lambda_state },
        { "elb_health", &SourceTable::elb_health },
        { "sqs_state", &SourceTable::sqs_state },
        { "dynamodb_state", &SourceTable::dynamodb_state },
        { "elasticache_state", &SourceTable::elasticache_state },
        { "aws_health", &SourceTable::aws_health },
        { "xray_graph", &SourceTable::xray_graph },
        { "deployments", &SourceTable::deployments },
        { "guardduty_findings", &SourceTable::guardduty_findings },
        { "security_hub_findings", &SourceTable::security_hub_findings },
        { "inspector_findings", &SourceTable::inspector_findings },
        { "github_changes", &SourceTable::github_changes },
        { "schedules", &SourceTable::schedules },
        { "api_gateway_state", &SourceTable::api_gateway_state },
        { "eks_state", &SourceTable::eks_state },
        { "s3_state", &SourceTable::s3_state },
        { "ebs_state", &SourceTable::ebs_state },
        { "nat_gateway_state", &SourceTable::nat_gateway_state },
        { "past_incidents", &SourceTable::past_incidents },
        { "acm_certificates", &SourceTable::acm_certificates },
        { "waf_state", &SourceTable::waf_state },
        { "sns_delivery", &SourceTable::sns_delivery },
        { "service_quotas", &SourceTable::service_quotas },
        { "network_state", &SourceTable::network_state },
        { "alarm_neighbours", &SourceTable::alarm_neighbours },
    };
    auto const found = known.find(name);
    return found == known.end() ? nullptr : &(table.*(found->second));
}

using ActionTable = decltype(Sentences::actions);

Words const* action_of(std::string_view kind, ActionTable const& table) {
    static std::map<std::string_view, Words ActionTable::*> const known {
        { "ecs_roll_back", &ActionTable::ecs_roll_back },
        { "lambda_roll_back", &ActionTable::lambda_roll_back },
        { "roll_back", &ActionTable::roll_back },
        { "ecs_restart", &ActionTable::ecs_restart },
        { "eks_restart", &ActionTable::eks_restart },
        { "eks_scale", &ActionTable::eks_scale },
        { "lambda_raise_memory", &ActionTable::lambda_raise_memory },
        { "rds_scale_up", &ActionTable::rds_scale_up },
        { "ecs_scale", &ActionTable::ecs_scale },
        { "autoscaling_set_desired", &ActionTable::autoscaling_set_desired },
        { "lambda_set_concurrency", &ActionTable::lambda_set_concurrency },
        { "dynamodb_raise_capacity", &ActionTable::dynamodb_raise_capacity },
        { "raise_limit", &ActionTable::raise_limit },
        { "ec2_reboot", &ActionTable::ec2_reboot },
        { "add_capacity", &ActionTable::add_capacity },
        { "revert_change", &ActionTable::revert_change },
        { "rds_increase_storage", &ActionTable::rds_increase_storage },
        { "free_storage", &ActionTable::free_storage },
        { "raise_iops", &ActionTable::raise_iops },
        { "request_quota", &ActionTable::request_quota },
        { "contact_provider", &ActionTable::contact_provider },
        { "renew_certificate", &ActionTable::renew_certificate },
        { "renew_this", &ActionTable::renew_this },
        { "wait", &ActionTable::wait },
    };
    auto const found = known.find(kind);
    return found == known.end() ? nullptr : &(table.*(found->second));
}

// "AWS Health", "Log patterns": the file name of a source, readable.
std::string english_source(std::string_view source) {
    auto text = replace_all(std::string(source), "_", " ");
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    for (auto const& [from, to] :
        { std::pair { "Aws ", "AWS " }, { "Ecs ", "ECS " }, { "Eks ", "EKS " }, { "Ec2 ", "EC2 " },
            { "Ebs ", "EBS " }, { "Rds ", "RDS " }, { "Elb ", "ELB " }, { "Sqs ", "SQS " }, { "Sns ", "SNS " },
            { "Dynamodb ", "DynamoDB " }, { "Cloudtrail ", "CloudTrail " }, { "Guardduty ", "GuardDuty " },
            { "Api ", "API " }, { "Nat ", "NAT " }, { "Acm ", "ACM " }, { "Waf ", "WAF " }, { "Github ", "GitHub " },
            { "Xray ", "X-Ray " }, { "Elasticache ", "ElastiCache " } })
        if (text.starts_with(from))
            text = to + text.substr(std::string_view(from).size());
    return one_line(text, most_name_bytes);
}

} // namespace

std::string cause_words(Cause const& cause, Evidence const& evidence, Telling const& telling) {
    auto const* sentences = telling.sentences();
    if (sentences == nullptr)
        return in_readers_zone(one_line(cause.statement), telling.reader);
    auto const& say_it = telling.words();
    auto const resource = resource_words(cause.resource, telling.reader.language);
    bool const itself = cause.kind == CauseKind::certificate && cause.resource.type == "acm:certificate";
    auto text
        = say(itself ? sentences->certificate_invalid : sentences->causes.at(static_cast<std::size_t>(cause.kind)),
            { resource });
    if (cause.began_at)
        text = say(is_moment(cause.kind) ? sentences->at_clock : sentences->since_clock,
            { text, clock_words(*cause.began_at, telling.near, telling.reader) });
    auto const facts = facts_of(cause.facts, evidence);
    if (auto const what = what_changed(facts); is_moment(cause.kind) && !what.empty())
        text = say(sentences->change_what, { text, quoted_words(what, say_it, 160) });
    if (auto const* fact = telling_fact(facts))
        text = say(sentences->because, { text, fact_words(*fact, telling) });
    return say(sentences->full_stop, { one_line(text, most_sentence_bytes) });
}

std::string ruled_out_words(RuledOut const& ruled_out, Evidence const& evidence, Telling const& telling) {
    auto const* sentences = telling.sentences();
    if (sentences == nullptr)
        return in_readers_zone(one_line(ruled_out.why, 240), telling.reader);
    auto const facts = facts_of(ruled_out.facts, evidence);
    if (facts.empty())
        return quoted_words(ruled_out.why, telling.words(), 240);
    auto const& fact = *facts.front();
    auto text = fact_words(fact, telling);
    if (auto const* metric = std::get_if<MetricFact>(&fact.detail); metric != nullptr && !metric->series.empty()) {
        auto const& series = metric->series;
        auto const shown = [&](double value) { return value_words(value, series.unit, telling.words()); };
        text = say(sentences->metric_steady,
            { metric_name_words(*metric, telling.reader.language), shown(series.values.back()) });
        if (tells_limit(*metric))
            text = say(sentences->of_limit, { text, shown(*metric->limit) });
    } else if (auto const* change = std::get_if<ChangeFact>(&fact.detail); change != nullptr && !change->failed) {
        bool const late = fact.at > telling.onset.value_or(telling.near);
        text = say(late ? sentences->after_onset : sentences->not_connected, { text });
    } else if (std::holds_alternative<ServiceEventFact>(fact.detail)) {
        text = say(sentences->over_before_onset, { text });
    }
    return say(sentences->full_stop, { one_line(text, most_sentence_bytes) });
}

std::string lead_words(Diagnosis const& diagnosis, Evidence const& evidence, Telling const& telling) {
    if (telling.sentences() == nullptr)
        return in_readers_zone(one_line(diagnosis.best_lead), telling.reader);
    for (auto const* fact : facts_of(diagnosis.lead_facts, evidence))
        if (!is_of_the_alarm(*fact))
            return say(telling.sentences()->full_stop, { one_line(fact_words(*fact, telling), most_sentence_bytes) });
    return {};
}

std::string finding_words(Finding const& finding, Evidence const& evidence, Telling const& telling) {
    auto const* sentences = telling.sentences();
    if (sentences == nullptr)
        return in_readers_zone(one_line(finding.why), telling.reader);
    for (auto const* fact : facts_of(finding.facts, evidence)) {
        auto const* metric = std::get_if<MetricFact>(&fact->detail);
        if (metric == nullptr || metric->series.empty())
            return say(sentences->full_stop, { fact_words(*fact, telling) });
        return say(sentences->full_stop,
            { say(sentences->metric_at,
                { metric_name_words(*metric, telling.reader.language),
                    value_words(metric->series.values.back(), metric->series.unit, telling.words()) }) });
    }
    return {};
}

std::string action_words(SuggestedAction const& action, std::vector<Cause> const& causes, std::string_view language) {
    auto const* sentences = language_of(language).sentences;
    if (sentences == nullptr)
        return action.statement;
    auto const cause = std::ranges::find_if(
        causes, [&](Cause const& each) { return each.resource.arn_or_name() == action.resource; });
    auto const resource = cause == causes.end() ? one_line(action.resource, most_name_bytes)
                                                : resource_words(cause->resource, language);
    if (auto const* pattern = action_of(action.kind, sentences->actions))
        return say(*pattern, { resource });
    auto const kind = cause == causes.end() ? CauseKind::unknown : cause->kind;
    return say(sentences->look_at.at(static_cast<std::size_t>(kind)), { resource });
}

std::string source_words(std::string_view source_name, std::string_view language) {
    auto const* sentences = language_of(language).sentences;
    auto const* source = sentences == nullptr ? nullptr : source_of(source_name, sentences->sources);
    return source == nullptr ? english_source(source_name) : source->name.text();
}

std::string gap_why_words(Gap const& gap, std::string_view language) {
    auto const* sentences = language_of(language).sentences;
    auto why = one_line(gap.why, most_gap_bytes);
    if (sentences == nullptr)
        return why;
    // A source whose reads all succeeded, but whose events come late. evidence/sources/cloudtrail_changes.cpp
    if (why.ends_with("nothing seen yet"))
        return sentences->settling.text();
    if (gap.kind == ErrorKind::access_denied || gap.kind == ErrorKind::timeout || gap.kind == ErrorKind::throttled)
        return sentences->errors.at(static_cast<std::size_t>(gap.kind)).text();
    return sentences->errors.at(static_cast<std::size_t>(gap.kind)).text() + " – "
        + quoted_words(why, words(language), most_gap_bytes);
}

std::string gap_tells_words(Gap const& gap, std::string_view language) {
    auto const* sentences = language_of(language).sentences;
    auto const* source = sentences == nullptr ? nullptr : source_of(gap.source, sentences->sources);
    if (source != nullptr)
        return source->tells.text();
    auto const tells = one_line(gap.would_have_told, most_gap_bytes);
    return sentences == nullptr || tells.empty() ? tells : quoted_words(tells, words(language), most_gap_bytes);
}

} // namespace convops
