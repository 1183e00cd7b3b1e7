#include "second_author.h"

#include "base/text.h"
#include "model/metric_evidence.h"

#include <cmath>

namespace convops::second {

namespace {

std::map<std::string, std::vector<std::string>> const& paraphrases() {
    static std::map<std::string, std::vector<std::string>> const all {
        { "CPUUtilization", { "CPU", "CPU utilization", "CPU usage", "CPUUtilization" } },
        { "MemoryUtilization", { "memory", "memory usage", "memory utilization" } },
        { "FreeableMemory", { "free memory", "freeable memory" } },
        { "FreeStorageSpace", { "free storage", "free storage space", "free disk space" } },
        { "DatabaseConnections", { "connections", "database connections", "open connections" } },
        { "HTTPCode_Target_5XX_Count", { "5xx errors", "5xx responses", "HTTP 5xx errors", "target 5xx errors" } },
        { "HTTPCode_Target_2XX_Count", { "2xx responses", "successful responses" } },
        { "TargetResponseTime", { "response time", "latency", "target response time" } },
        { "RequestCount", { "requests", "traffic", "request volume" } },
        { "ReadIOPS", { "read IOPS", "ReadIOPS" } },
        { "WriteIOPS", { "write IOPS" } },
        { "ReadLatency", { "read latency" } },
        { "WriteLatency", { "write latency" } },
        { "Throttles", { "throttles", "throttled invocations" } },
        { "Errors", { "errors", "function errors" } },
        { "Duration", { "duration", "execution time" } },
        { "Invocations", { "invocations" } },
        { "ApproximateAgeOfOldestMessage", { "age of the oldest message", "oldest message age" } },
        { "ApproximateNumberOfMessagesVisible", { "visible messages", "queue depth", "backlog" } },
        { "NumberOfMessagesSent", { "messages sent" } },
        { "NumberOfMessagesDeleted", { "messages deleted" } },
        { "HealthyHostCount", { "healthy hosts", "healthy targets" } },
        { "UnHealthyHostCount", { "unhealthy hosts", "unhealthy targets" } },
    };
    return all;
}

std::string unit_of(MetricFact const& metric) {
    if (!metric.series.unit.empty() && metric.series.unit != "None")
        return metric.series.unit;
    auto const& name = metric.series.metric.name;
    if (name.ends_with("Utilization"))
        return "Percent";
    if (name == "TargetResponseTime")
        return "Seconds";
    return "";
}

} // namespace

bool near(double a, double b, double share) {
    return std::abs(a - b) <= share * std::max({ std::abs(a), std::abs(b), 1e-9 });
}

std::string upper_first(std::string text) {
    if (!text.empty())
        text[0] = char(std::toupper(static_cast<unsigned char>(text[0])));
    return text;
}

std::vector<double> numbers_in(std::string_view text) {
    std::vector<double> found;
    for (std::size_t i = 0; i < text.size();) {
        if (std::isdigit(static_cast<unsigned char>(text[i])) == 0) {
            ++i;
            continue;
        }
        auto end = i;
        while (end < text.size() && (std::isdigit(static_cast<unsigned char>(text[end])) != 0 || text[end] == '.'))
            ++end;
        found.push_back(std::strtod(std::string(text.substr(i, end - i)).c_str(), nullptr));
        i = end;
    }
    return found;
}

Desk::Desk(Investigation const& about, Readership for_whom, Dice& with)
    : investigation(about)
    , reader(std::move(for_whom))
    , dice(with) {
    std::set<std::string> cited;
    auto const& diagnosis = about.diagnosis;
    for (std::size_t i = 0; i < diagnosis.causes.size(); ++i) {
        auto const& cause = diagnosis.causes[i];
        CauseView view { "C" + std::to_string(i + 1), &cause, "", {} };
        for (auto const& id : cause.facts) {
            cited.insert(id.text);
            view.facts.push_back(id.text);
        }
        view.noun = kind_noun(cause.kind, cause.resource.short_name());
        causes.push_back(std::move(view));
    }
    for (auto const& out : diagnosis.ruled_out)
        for (auto const& id : out.facts)
            cited.insert(id.text);
    if (!diagnosis.onset)
        return;
    for (auto const& [fact, metric] : about.evidence.all<MetricFact>()) {
        auto const levels = levels_around(*metric, *diagnosis.onset);
        if (!levels || !(cited.contains(fact->id.text) || metric->closeness == Closeness::alarm))
            continue;
        int const direction = !levels->moved() ? 0 : levels->since > levels->before ? 1 : -1;
        metrics.push_back({ fact->id.text, metric->resource, metric->series.metric.name, unit_of(*metric),
            levels->before, levels->since, direction, fact->statement });
    }
}

void Desk::say(std::string kind, std::string text, std::vector<std::string> cites) {
    said.push_back({ upper_first(std::move(text)), std::move(cites), true, std::move(kind) });
}

std::string Desk::minute(Time at) const {
    return format_clock(floor_to(at, Seconds { 60 }), reader.utc_offset) + " " + reader.zone_label;
}

std::string Desk::second(Time at) const {
    return format_clock(at, reader.utc_offset) + " " + reader.zone_label;
}

std::string Desk::clock(Time at) {
    switch (dice.below(4)) {
    case 0:
        return minute(at);
    case 1:
        return second(at);
    case 2:
        return format_clock(at, Minutes { 0 }) + " UTC";
    default:
        return format_clock(floor_to(at, Seconds { 60 }), reader.utc_offset);
    }
}

std::string Desk::value(double number, std::string_view unit) {
    auto shown = format_value(number, unit);
    if (unit == "Percent" && number > 20 && dice.one_in(2))
        shown = std::to_string(std::lround(number)) + " %";
    if (unit.empty() && number >= 1000 && number < 1e6 && dice.one_in(2)) {
        auto const whole = std::to_string(std::lround(number));
        return whole.substr(0, whole.size() - 3) + "," + whole.substr(whole.size() - 3);
    }
    if (dice.one_in(3))
        shown = replace_all(shown, " %", "%");
    if (shown.ends_with(" s") && dice.one_in(3))
        shown = shown.substr(0, shown.size() - 1) + "seconds";
    return shown;
}

std::string Desk::rough(double number, std::string_view unit) {
    if (number == 0)
        return format_value(number, unit);
    auto const scale = std::pow(10.0, std::floor(std::log10(std::abs(number))) - 1);
    return format_value(std::round(number / scale) * scale, unit);
}

std::string Desk::named(Resource const& resource) {
    auto const shorter = resource.short_name();
    static std::map<std::string, std::vector<std::string>> const nouns {
        { "ecs:service", { "service" } },
        { "rds:instance", { "database", "instance", "RDS instance" } },
        { "lambda:function", { "function", "Lambda function" } },
        { "elb:load_balancer", { "load balancer" } },
        { "elb:target_group", { "target group" } },
        { "sqs:queue", { "queue" } },
        { "dynamodb:table", { "table" } },
        { "ec2:instance", { "instance" } },
    };
    auto const noun = nouns.find(resource.type);
    switch (dice.below(3)) {
    case 0:
        return shorter;
    case 1:
        return noun == nouns.end() ? shorter : "the " + shorter + " " + dice.pick(noun->second);
    default:
        return resource.display();
    }
}

std::string Desk::metric(MetricView const& view) {
    auto const known = paraphrases().find(view.name);
    return known == paraphrases().end() ? view.name : dice.pick(known->second);
}

std::string Desk::subject(MetricView const& view) {
    auto const what = metric(view);
    switch (dice.below(4)) {
    case 0:
        return what + " on " + named(view.resource);
    case 1:
        return what + " of " + named(view.resource);
    case 2:
        return view.resource.short_name() + "'s " + what;
    default:
        return what + " for " + named(view.resource);
    }
}

Fact const* Desk::fact(std::string const& id) const {
    return investigation.evidence.find(FactId { id });
}

Fact const* Desk::alarm_fact() const {
    for (auto const& [fact, metric] : investigation.evidence.all<MetricFact>())
        if (metric->closeness == Closeness::alarm && fact->source == "alarm_metric")
            return fact;
    return nullptr;
}

MetricView const* Desk::alarm_metric() const {
    auto const* fact = alarm_fact();
    for (auto const& view : metrics)
        if (fact != nullptr && view.id == fact->id.text)
            return &view;
    return nullptr;
}

bool Desk::blamed(Resource const& resource) const {
    return std::any_of(causes.begin(), causes.end(), [&](CauseView const& view) {
        return view.cause->resource == resource
            || view.cause->statement.find(resource.short_name()) != std::string::npos;
    });
}

std::string kind_noun(CauseKind kind, std::string const& where) {
    static std::map<CauseKind, std::string> const nouns {
        { CauseKind::deploy, "the deploy of " },
        { CauseKind::config_change, "the configuration change on " },
        { CauseKind::scaling_change, "the scaling change on " },
        { CauseKind::permission_change, "the permission change on " },
        { CauseKind::traffic_surge, "the traffic surge on " },
        { CauseKind::traffic_drop, "the traffic drop on " },
        { CauseKind::query_load, "the query load on " },
        { CauseKind::cpu_saturation, "the CPU saturation on " },
        { CauseKind::memory_exhaustion, "the memory exhaustion of " },
        { CauseKind::storage_exhaustion, "the full storage of " },
        { CauseKind::connection_exhaustion, "the connection exhaustion on " },
        { CauseKind::throttling, "the throttling of " },
        { CauseKind::failover, "the failover of " },
        { CauseKind::certificate, "the certificate of " },
        { CauseKind::dependency_failure, "the failing dependency " },
        { CauseKind::timeout, "the timeout of " },
        { CauseKind::host_failure, "the host failure of " },
    };
    auto const found = nouns.find(kind);
    return found == nouns.end() ? std::string() : found->second + where;
}

std::vector<Sentence> truths(Investigation const& investigation, Readership const& reader, Dice& dice) {
    Desk desk(investigation, reader, dice);
    write_metrics(desk);
    write_causes(desk);
    write_rest(desk);
    return desk.said;
}

std::vector<Sentence> lies(Investigation const& investigation, Readership const& reader, Dice& dice) {
    Desk desk(investigation, reader, dice);
    lie_about_numbers(desk);
    lie_about_causes(desk);
    lie_about_the_rest(desk);
    lie_in_disguise(desk);
    for (auto& sentence : desk.said)
        sentence.is_true = false;
    return desk.said;
}

} // namespace convops::second
