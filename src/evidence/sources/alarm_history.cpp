// How often this alarm fired, whether somebody changed the alarm itself, and which other alarms fire now.
#include "base/text.h"
#include "evidence/read.h"

namespace convops {

namespace {

constexpr IamAction iam_actions[] = {
    { "cloudwatch:DescribeAlarmHistory", "how often the alarm fired before" },
    { "cloudwatch:DescribeAlarms", "which other alarms fire now" },
};

// "CloudWatch saves alarm history for 30 days":
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
constexpr Days history_days { 14 };

constexpr SourceCard the_card {
    .name = "alarm_history",
    .says = "How often the alarm fired in the last 14 days, and which other alarms fire now.",
    .iam_actions = iam_actions,
    .stage = SourceStage::alone,
    .looks_back = history_days,
};

constexpr int most_history_pages = 5; // of 100 items each
constexpr std::size_t most_transitions = 20; // told one by one; all of them are counted
constexpr std::size_t most_other_alarms = 50;
constexpr std::size_t most_changed_fields = 5;

// CloudWatch stamps the history a moment after the state change that it sends.
constexpr Seconds same_moment { 30 };

struct Transition {
    Time at {};
    AlarmState from = AlarmState::insufficient_data;
    AlarmState to = AlarmState::insufficient_data;
};

// HistoryData is JSON in a string; the summary says the same in words and is always there.
std::optional<Transition> transition_from(Json const& item) {
    auto const at = time_at(item, "Timestamp");
    if (!at)
        return std::nullopt;
    Transition transition { *at };
    if (auto const details = parse_json(text_at(item, "HistoryData"), { .bytes = 64 * 1024, .depth = 16 })) {
        auto const from = alarm_state_from(text_at(*details, "oldState.stateValue"));
        auto const to = alarm_state_from(text_at(*details, "newState.stateValue"));
        if (from && to) {
            transition.from = *from;
            transition.to = *to;
            return transition;
        }
    }
    auto const words = split(text_at(item, "HistorySummary"), ' '); // "Alarm updated from OK to ALARM"
    for (std::size_t i = 0; i + 3 < words.size(); ++i) {
        auto const from = alarm_state_from(words[i + 1]);
        auto const to = alarm_state_from(words[i + 3]);
        if (words[i] == "from" && from && to) {
            transition.from = *from;
            transition.to = *to;
            return transition;
        }
    }
    return std::nullopt;
}

// Ascending in time; nothing later than the asker's now.
std::vector<Transition> transitions_from(JsonArray const& items, Time now) {
    std::vector<Transition> found;
    for (auto const& item : items)
        if (auto const transition = transition_from(item); transition && transition->at <= now)
            found.push_back(*transition);
    std::stable_sort(found.begin(), found.end(), [](auto const& a, auto const& b) { return a.at < b.at; });
    return found;
}

// The earlier times that the alarm fired; this time is not one of them.
struct Firings {
    std::vector<Time> at;
    std::vector<Milliseconds> lengths; // of those that ended
};

Firings firings_of(std::vector<Transition> const& transitions, Time alarm_at) {
    Firings firings;
    std::optional<Time> began;
    for (auto const& transition : transitions) {
        if (transition.at >= alarm_at - same_moment)
            break;
        if (transition.to == AlarmState::alarm) {
            began = transition.at;
            firings.at.push_back(transition.at);
        } else if (began) {
            firings.lengths.push_back(transition.at - *began);
            began.reset();
        }
    }
    std::sort(firings.lengths.begin(), firings.lengths.end());
    return firings;
}

// "; often between 20:00 and 21:00 (5 of 7)": when more than half, and at least three, fell into one hour of the day.
std::string hour_words(std::vector<Time> const& times) {
    std::array<std::size_t, 24> by_hour {};
    for (auto const at : times)
        ++by_hour[static_cast<std::size_t>((at - std::chrono::floor<Days>(at)) / Hours { 1 })];
    auto const busiest = std::max_element(by_hour.begin(), by_hour.end());
    if (*busiest < 3 || *busiest * 2 <= times.size())
        return "";
    auto const hour = Time {} + Hours { busiest - by_hour.begin() };
    return "; often between " + format_clock(hour) + " and " + format_clock(hour + Hours { 1 }) + " ("
        + std::to_string(*busiest) + " of " + std::to_string(times.size()) + ")";
}

Fact summary_fact(Alarm const& alarm, std::vector<Transition> const& transitions, Time alarm_at) {
    auto const firings = firings_of(transitions, alarm_at);
    auto statement = "Alarm " + shown(alarm.name, 255);
    JsonObject value { { "fired", firings.at.size() }, { "days", history_days.count() } };
    if (firings.at.empty()) {
        statement += " has not fired in the " + std::to_string(history_days.count()) + " days before.";
    } else {
        statement += " fired " + std::to_string(firings.at.size()) + (firings.at.size() == 1 ? " time" : " times")
            + " in the " + std::to_string(history_days.count()) + " days before; last on "
            + format_time(firings.at.back()).substr(0, 10) + " at " + format_clock(firings.at.back());
        value["last"] = format_time(firings.at.back());
        if (!firings.lengths.empty()) {
            auto const typical = firings.lengths[firings.lengths.size() / 2];
            statement += "; typical length " + format_duration(typical);
            value["typical_seconds"] = std::chrono::duration_cast<Seconds>(typical).count();
        }
        statement += hour_words(firings.at) + ".";
    }
    Fact fact;
    fact.at = alarm_at;
    fact.resource = alarm.arn.empty() ? alarm.name : alarm.arn;
    fact.statement = std::move(statement);
    fact.value = std::move(value);
    return fact;
}

Fact transition_fact(std::string const& name, std::string const& arn, Transition const& transition) {
    Fact fact;
    fact.at = transition.at;
    fact.resource = arn.empty() ? name : arn;
    fact.statement = "Alarm " + shown(name, 255) + " went from " + std::string(to_string(transition.from)) + " to "
        + std::string(to_string(transition.to)) + " at " + format_clock(transition.at) + " on "
        + format_time(transition.at).substr(0, 10) + ".";
    fact.value = { { "from", to_string(transition.from) }, { "to", to_string(transition.to) } };
    fact.detail = AlarmTransitionFact { name, transition.from, transition.to };
    return fact;
}

std::string plain(Json const& value) {
    if (value.is_double())
        return format_number(value.get_double());
    auto const* text = value.if_string();
    return shown(text == nullptr ? to_text(value) : std::string(text->data(), text->size()), 80);
}

// "threshold 100 -> 50"; empty when the item does not say.
std::string changed_fields(Json const& details) {
    std::vector<std::string> changes;
    auto const* before = find(details, "originalUpdatedFields");
    if (before == nullptr || !before->is_object())
        return "";
    for (auto const& pair : before->get_object()) {
        if (changes.size() == most_changed_fields)
            break;
        auto const* after = find(details, "updatedAlarm." + std::string(pair.key()));
        changes.push_back(shown(std::string_view(pair.key().data(), pair.key().size()), 60) + " "
            + plain(pair.value()) + " -> " + (after == nullptr ? "?" : plain(*after)));
    }
    return join(changes, ", ");
}

std::optional<Fact> change_fact(Alarm const& alarm, Json const& item, Time now) {
    auto const at = time_at(item, "Timestamp");
    if (!at || *at > now)
        return std::nullopt;
    auto const details = parse_json(text_at(item, "HistoryData"), { .bytes = 256 * 1024, .depth = 32 });
    ChangeFact change;
    change.event_name = "PutMetricAlarm";
    change.event_source = "monitoring.amazonaws.com";
    change.what = details ? changed_fields(*details) : "";
    Fact fact;
    fact.at = *at;
    fact.resource = alarm.arn.empty() ? alarm.name : alarm.arn;
    fact.statement = "The alarm itself was changed at " + format_clock(*at)
        + (change.what.empty() ? "" : ": " + change.what) + ".";
    fact.value = { { "summary", shown(text_at(item, "HistorySummary"), 200) }, { "what", change.what } };
    fact.detail = std::move(change);
    return fact;
}

std::optional<Fact> other_alarm_fact(Json const& entry, Alarm const& alarm, Time now, std::string_view region) {
    auto const name = text_at(entry, "AlarmName");
    auto const since = time_at(entry, "StateTransitionedTimestamp");
    auto const at = since ? since : time_at(entry, "StateUpdatedTimestamp");
    if (name.empty() || name == alarm.name || !at || *at > now || text_at(entry, "StateValue") != "ALARM")
        return std::nullopt;
    MetricId metric { text_at(entry, "Namespace"), text_at(entry, "MetricName"), {} };
    for (auto const& dimension : list_at(entry, "Dimensions"))
        metric.dimensions[text_at(dimension, "Name")] = text_at(dimension, "Value");
    auto const resource = metric.metric_namespace.empty() ? std::nullopt : resource_of(metric);
    Fact fact;
    fact.at = *at;
    fact.resource = resource ? resource->arn_or_name() : text_at(entry, "AlarmArn", name);
    fact.statement = "Alarm " + shown(name, 255)
        + (resource ? " on " + shown(metric.name, 120) + " of " + shown(resource->display(), 120) : "")
        + " fires too, since " + format_clock(*at)
        + (now - *at > Hours { 12 } ? " on " + format_time(*at).substr(0, 10) : "") + ".";
    fact.value = { { "alarm", name }, { "metric", metric.name }, { "since", format_time(*at) } };
    fact.link = alarm_page(name, region);
    fact.detail = AlarmTransitionFact { name, AlarmState::ok, AlarmState::alarm };
    return fact;
}

// CloudWatch does not know what the watch raised: ConvOps' own store answers, in the same shape.
AwsCall own_history_call(Question const& question, Time from) {
    return call_of("convops", "ListAnomalies",
        { { "AlarmName", question.alarm.name }, { "StartDate", format_time(from) },
            { "EndDate", format_time(question.now) } });
}

AwsCall history_call(Question const& question, std::string_view type, Time from) {
    return call_of("monitoring", "DescribeAlarmHistory",
        { { "AlarmName", question.alarm.name }, { "AlarmTypes", JsonArray { "MetricAlarm", "CompositeAlarm" } },
            { "HistoryItemType", type }, { "StartDate", format_time(from) }, { "EndDate", format_time(question.now) },
            { "MaxRecords", 100 }, { "ScanBy", "TimestampDescending" } });
}

void add_history(Answering& answering, JsonArray const& items, AwsCall const& read_by) {
    auto const& question = answering.question();
    auto const& alarm = question.alarm;
    auto const transitions = transitions_from(items, question.now);
    auto const link = alarm_page(alarm.name, question.region);
    auto const add = [&](Fact fact) {
        fact.link = link;
        answering.add(std::move(fact), read_by);
    };
    add(summary_fact(alarm, transitions, question.alarm_at));
    auto const first = transitions.size() - std::min(transitions.size(), most_transitions);
    for (std::size_t i = first; i < transitions.size(); ++i)
        add(transition_fact(alarm.name, alarm.arn, transitions[i]));
}

void add_other_alarms(Answering& answering, Json const& answer, AwsCall const& read_by) {
    auto const& question = answering.question();
    std::size_t others = 0;
    for (auto const* list : { "MetricAlarms", "CompositeAlarms" })
        for (auto const& entry : list_at(answer, list))
            if (auto fact = other_alarm_fact(entry, question.alarm, question.now, question.region);
                fact && others++ < most_other_alarms)
                answering.add(*std::move(fact), read_by);
    if (!text_at(answer, "NextToken").empty() || others > most_other_alarms)
        answering.not_read("more than " + std::to_string(std::min(others, most_other_alarms))
                + " alarms fire; the rest was not read",
            "which other alarms fire now");
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    bool const own = question.alarm.kind == AlarmKind::watch;
    AwsCall const calls[] = {
        own ? own_history_call(question, question.now - history_days)
            : history_call(question, "StateUpdate", question.now - history_days),
        history_call(question, "ConfigurationUpdate", question.now - Days { 1 }),
        call_of("monitoring", "DescribeAlarms",
            { { "StateValue", "ALARM" }, { "AlarmTypes", JsonArray { "MetricAlarm", "CompositeAlarm" } },
                { "MaxRecords", 100 } }),
    };
    auto const answers = answering.read_all(calls);
    if (answers[0] && own)
        add_history(answering, list_at(*answers[0], "AlarmHistoryItems"), calls[0]);
    else if (answers[0])
        add_history(answering,
            answering.read_pages_after(
                answers[0], calls[0], "AlarmHistoryItems", "NextToken", "NextToken", most_history_pages),
            calls[0]);
    if (answers[1])
        for (auto const& item : list_at(*answers[1], "AlarmHistoryItems"))
            if (auto fact = change_fact(question.alarm, item, question.now)) {
                fact->link = alarm_page(question.alarm.name, question.region);
                answering.add(*std::move(fact), calls[1]);
            }
    if (answers[2])
        add_other_alarms(answering, *answers[2], calls[2]);
    return answering.take();
}

} // namespace

EvidenceSource make_alarm_history() {
    return { &the_card, collect };
}

} // namespace convops
