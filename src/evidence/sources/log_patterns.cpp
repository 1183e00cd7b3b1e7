// What the logs near the alarm say that they did not say before: error lines since shortly before the alarm, grouped
// into patterns and compared with the hour before. Where that shows something new, the same hours of yesterday and a
// week ago are read too, as far as the group still has them: what comes every night is not new.
#include "evidence/answering.h"
#include "evidence/log_facts.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::array iam_actions {
    IamAction { "logs:FilterLogEvents", "which errors the services logged, and since when" },
    IamAction { "logs:DescribeLogGroups", "which log groups belong to the alarm" },
    IamAction { "logs:DescribeMetricFilters", "which log group a log alarm counts" },
};

constexpr SourceCard the_card {
    .name = "log_patterns",
    .says = "Error lines near the alarm, grouped into patterns: new, surging or as usual.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
    .looks_back = Minutes { 80 },
    .settles_after = Minutes { 1 },
};

constexpr Minutes before_alarm { 20 }; // the trouble began before the alarm told
constexpr Minutes after_alarm { 60 }; // of an alarm that is looked at later
constexpr std::size_t most_groups = 12;
constexpr std::size_t most_lookups = 24;
constexpr std::size_t most_resources = 12;
constexpr int most_incident_pages = 6; // of at most 1 MB or 10,000 lines each
constexpr int most_reference_pages = 4;
constexpr std::size_t most_lines = 20'000; // of one group and window
constexpr std::array earlier_days { Days { 1 }, Days { 7 } };
constexpr std::size_t most_groups_of_earlier_days = 4; // those with the greatest surprise
constexpr int most_earlier_pages = 2;
constexpr std::size_t most_surprising = 20;
constexpr std::size_t most_usual = 5;
constexpr int few_groups = 50; // one page of DescribeLogGroups

// "?term" is an OR: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
constexpr std::string_view error_filter
    = R"(?ERROR ?Error ?error ?Exception ?exception ?FATAL ?Fatal ?fatal ?PANIC ?panic ?CRITICAL ?WARN ?Warn ?warn )"
      R"(?timeout ?Timeout ?"timed out" ?denied ?Denied ?refused ?failed ?Failed ?FAILED ?failure ?OOM ?OutOfMemory )"
      R"(?"out of memory" ?killed ?Killed ?"No space left" ?Traceback ?deadlock ?exhausted ?throttl ?Throttl ?"too many" ?unavailable)";

struct Lookup {
    Resource resource;
    std::string prefix; // either a prefix
    std::string part; // or a part of the name
};

// Where AWS and its documentation put the logs of a resource.
std::vector<Lookup> lookups_for(Resource const& resource) {
    auto const name = resource.short_name();
    auto const& type = resource.type;
    std::vector<Lookup> out;
    if (name.empty() || name.size() > 200)
        return out;
    if (type == "lambda:function")
        out.push_back({ resource, "/aws/lambda/" + name, "" });
    else if (type == "rds:instance")
        out.push_back({ resource, "/aws/rds/instance/" + name + "/", "" });
    else if (type == "rds:cluster")
        out.push_back({ resource, "/aws/rds/cluster/" + name + "/", "" });
    else if (type == "apigateway:api")
        out.push_back({ resource, "API-Gateway-Execution-Logs_" + name, "" });
    else if (type == "logs:group")
        out.push_back({ resource, name, "" });
    else if (type == "eks:cluster")
        out.push_back({ resource, "/aws/containerinsights/" + name + "/", "" });
    if (type == "ecs:service" || type == "apigateway:api" || type == "elb:load_balancer" || type == "elb:target_group"
        || type == "autoscaling:group" || type == "states:machine" || type == "elasticache:cluster")
        if (name.size() >= 3) // Shorter names are part of too many others.
            out.push_back({ resource, "", name });
    return out;
}

class Groups {
public:
    explicit Groups(std::size_t most)
        : most_(most) { }
    void take(std::string const& name, Resource const& resource) {
        if (!name.empty() && groups_.size() < most_ && names_.insert(name).second)
            groups_.push_back({ name, resource, {}, Days { 0 } });
    }
    // Since when a group is there, and how long it keeps lines.
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html
    void describe(Json const& described) {
        for (auto& group : groups_) {
            if (group.name != text_at(described, "logGroupName"))
                continue;
            if (auto const created = integer_at(described, "creationTime"))
                group.created = Time { Milliseconds { *created } };
            group.kept
                = Days { std::clamp<std::int64_t>(integer_at(described, "retentionInDays").value_or(0), 0, 10'000) };
        }
    }
    [[nodiscard]] std::vector<LogGroup> const& list() const { return groups_; }

private:
    std::size_t most_;
    std::vector<LogGroup> groups_;
    std::set<std::string> names_;
};

std::vector<Resource> nearest(Question const& question) {
    std::vector<Resource> out;
    auto const take = [&](Resource const& resource) {
        if (out.size() < reach(question.depth, most_resources) * 2
            && std::find(out.begin(), out.end(), resource) == out.end())
            out.push_back(resource);
    };
    for (auto const& resource : question.centre)
        take(resource);
    for (auto const& [resource, distance] : question.nearby)
        take(resource);
    return out;
}

// What the map already knows: the log group of a task definition or of a function.
void take_known(Groups& groups, Question const& question, Resource const& resource) {
    for (auto const& [fact, state] : question.map.all<StateFact>())
        if (state->resource == resource)
            if (auto const at = state->attributes.find("log_group"); at != state->attributes.end())
                groups.take(at->second, resource);
}

AwsCall call_for(Lookup const& lookup) {
    if (!lookup.prefix.empty())
        return call_of(
            "logs", "DescribeLogGroups", { { "logGroupNamePrefix", lookup.prefix }, { "limit", few_groups } });
    return call_of("logs", "DescribeLogGroups", { { "logGroupNamePattern", lookup.part }, { "limit", few_groups } });
}

std::vector<AwsCall> filter_calls(Question const& question) {
    std::vector<AwsCall> calls;
    for (auto const& metric : question.alarm.metrics)
        if (metric.metric && !metric.metric->metric_namespace.starts_with("AWS/") && calls.size() < 3)
            calls.push_back(call_of("logs", "DescribeMetricFilters",
                { { "metricName", metric.metric->name }, { "metricNamespace", metric.metric->metric_namespace } }));
    return calls;
}

// A group that is named like a resource but is older than what we look for still counts: reading it is cheap.
std::vector<LogGroup> groups_near(Answering& answering) {
    auto const& question = answering.question();
    Groups groups(reach(question.depth, most_groups));
    auto const near = nearest(question);
    for (auto const& resource : near)
        take_known(groups, question, resource);
    std::vector<Lookup> lookups;
    for (auto const& resource : near)
        for (auto& lookup : lookups_for(resource))
            if (lookups.size() < reach(question.depth, most_lookups))
                lookups.push_back(std::move(lookup));
    auto calls = filter_calls(question);
    auto const filters = calls.size();
    for (auto const& lookup : lookups)
        calls.push_back(call_for(lookup));
    calls.push_back(call_of("logs", "DescribeLogGroups", { { "limit", few_groups } }));
    auto const answers = answering.read_all(calls);
    Resource const own
        = question.centre.empty() ? Resource { "account", question.account, {} } : question.centre.front();
    for (std::size_t i = 0; i < filters; ++i)
        if (answers[i])
            for (auto const& filter : list_at(*answers[i], "metricFilters"))
                groups.take(text_at(filter, "logGroupName"), own);
    for (std::size_t i = 0; i < lookups.size(); ++i) {
        if (!answers[filters + i])
            continue;
        for (auto const& group : list_at(*answers[filters + i], "logGroups")) {
            auto const name = text_at(group, "logGroupName");
            if (name.starts_with(lookups[i].prefix) && contains_ignoring_case(name, lookups[i].part))
                groups.take(name, lookups[i].resource);
        }
    }
    // A small account is read whole: an application's group need not be named after anything.
    auto const& all = answers.back();
    if (all && text_at(*all, "nextToken").empty() && list_at(*all, "logGroups").size() <= most_groups)
        for (auto const& group : list_at(*all, "logGroups"))
            groups.take(text_at(group, "logGroupName"), { "logs:group", text_at(group, "logGroupName"), {} });
    for (std::size_t i = filters; i < answers.size(); ++i)
        if (answers[i])
            for (auto const& group : list_at(*answers[i], "logGroups"))
                groups.describe(group);
    return groups.list();
}

AwsCall filter_call(LogGroup const& group, Window window) {
    auto const ms = [](Time time) { return time.time_since_epoch().count(); };
    return call_of("logs", "FilterLogEvents",
        { { "logGroupName", group.name }, { "startTime", ms(window.from) }, { "endTime", ms(window.to) },
            { "filterPattern", error_filter } });
}

// The most surprising patterns, then a few of the usual ones, so that "as usual" can be said too.
std::vector<Fact> worth_telling(std::vector<Fact> facts) {
    std::stable_sort(facts.begin(), facts.end(), [](Fact const& a, Fact const& b) {
        return surprise_of(std::get<LogPatternFact>(a.detail)) > surprise_of(std::get<LogPatternFact>(b.detail));
    });
    std::vector<Fact> kept;
    std::size_t usual = 0;
    for (auto& fact : facts) {
        bool const surprising = surprise_of(std::get<LogPatternFact>(fact.detail)) > 0;
        if (kept.size() < most_surprising && (surprising || usual++ < most_usual))
            kept.push_back(std::move(fact));
    }
    return kept;
}

// A page may hold 10,000 lines: what is mined is bounded, and what is left out is said.
void bound_lines(Answering& answering, std::vector<JsonArray>& lists, std::vector<ListEnd>& ends) {
    for (std::size_t i = 0; i < lists.size(); ++i) {
        if (lists[i].size() <= most_lines)
            continue;
        lists[i].resize(most_lines);
        ends[i] = ListEnd::cut;
        answering.not_read(
            "a log group had more than " + std::to_string(most_lines) + " error lines; the rest was not read",
            "which errors the services logged later");
    }
}

// What was read of one group.
struct GroupRead {
    LogGroup group;
    AwsCall call; // that read the incident
    LogEvents incident;
    LogEvents reference;
    std::vector<LogEvents> earlier;
    std::vector<Fact> facts;
};

std::vector<GroupRead> read_groups(Answering& answering, std::vector<LogGroup> const& groups) {
    auto const& question = answering.question();
    Window const incident { question.alarm_at - reach(question.depth, before_alarm),
        std::min(question.now, question.alarm_at + after_alarm) };
    Window const reference { incident.from - reach(question.depth, Hours { 1 }), incident.from };
    std::vector<PagedRead> reads;
    for (auto const& group : groups) {
        reads.push_back({ filter_call(group, incident), "events", "nextToken", "nextToken", most_incident_pages });
        reads.push_back({ filter_call(group, reference), "events", "nextToken", "nextToken", most_reference_pages });
    }
    std::vector<ListEnd> ends;
    auto lists = answering.read_lists(reads, &ends);
    bound_lines(answering, lists, ends);
    std::vector<GroupRead> out;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        auto const events = [&](std::size_t read, Window window) {
            return LogEvents { window, std::move(lists[read]), ends[read] == ListEnd::cut,
                ends[read] == ListEnd::failed };
        };
        out.push_back(
            { groups[i], reads[2 * i].call, events(2 * i, incident), events(2 * i + 1, reference), {}, {} });
        out.back().facts = log_pattern_facts(groups[i], out.back().incident, out.back().reference);
    }
    return out;
}

double greatest_surprise(GroupRead const& read) {
    return read.facts.empty() ? 0 : surprise_of(std::get<LogPatternFact>(read.facts.front().detail));
}

// The groups that say something surprising, held against the same hours of earlier days.
void compare_with_earlier_days(Answering& answering, std::vector<GroupRead>& groups) {
    std::vector<GroupRead*> asked;
    for (auto& group : groups)
        if (greatest_surprise(group) > 0)
            asked.push_back(&group);
    std::stable_sort(asked.begin(), asked.end(),
        [](GroupRead const* a, GroupRead const* b) { return greatest_surprise(*a) > greatest_surprise(*b); });
    asked.resize(std::min(asked.size(), most_groups_of_earlier_days));
    std::vector<PagedRead> reads;
    std::vector<std::pair<GroupRead*, Window>> owners;
    for (auto* const group : asked)
        for (auto const days : earlier_days) {
            auto const& window = group->incident.window;
            Window const earlier { window.from - days, window.to - days };
            if (!still_has(group->group, earlier, answering.question().now))
                continue;
            owners.emplace_back(group, earlier);
            reads.push_back(
                { filter_call(group->group, earlier), "events", "nextToken", "nextToken", most_earlier_pages });
        }
    std::vector<ListEnd> ends;
    auto lists = answering.read_lists(reads, &ends);
    bound_lines(answering, lists, ends);
    for (std::size_t i = 0; i < owners.size(); ++i)
        owners[i].first->earlier.push_back(
            { owners[i].second, std::move(lists[i]), ends[i] == ListEnd::cut, ends[i] == ListEnd::failed });
    for (auto* const group : asked)
        if (!group->earlier.empty())
            group->facts = log_pattern_facts(group->group, group->incident, group->reference, group->earlier);
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    auto groups = read_groups(answering, groups_near(answering));
    compare_with_earlier_days(answering, groups);
    std::vector<Fact> facts;
    std::map<std::string, AwsCall> read_by; // group -> the call that read its incident
    for (auto& group : groups) {
        read_by.emplace(group.group.name, group.call);
        std::move(group.facts.begin(), group.facts.end(), std::back_inserter(facts));
    }
    for (auto& fact : worth_telling(std::move(facts))) {
        auto const group = std::get<LogPatternFact>(fact.detail).group;
        answering.add(std::move(fact), read_by.at(group));
    }
    return answering.take();
}

} // namespace

sources::Registered make_log_patterns() {
    return { &the_card, collect };
}

} // namespace convops
