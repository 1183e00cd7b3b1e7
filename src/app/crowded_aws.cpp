#include "app/crowded_aws.h"

#include "base/text.h"

#include <charconv>

namespace convops {

namespace {

constexpr std::string_view mark = "crowd-";

std::string name_of(int member) {
    auto digits = std::to_string(member);
    return std::string(mark) + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

// Which part of the crowd is what: services behind the load balancer first.
struct Share {
    int from = 0;
    int to = 0;
};
Share share_of(int resources, int from_percent, int to_percent) {
    return { resources * from_percent / 100, resources * to_percent / 100 };
}
Share services_in(int resources) {
    return share_of(resources, 0, 40);
}
Share databases_in(int resources) {
    return share_of(resources, 40, 50);
}
Share functions_in(int resources) {
    return share_of(resources, 50, 70);
}
Share queues_in(int resources) {
    return share_of(resources, 70, 85);
}
Share rules_in(int resources) {
    return share_of(resources, 85, 100);
}

std::string short_name(std::string_view arn) {
    return std::string(arn.substr(arn.find_last_of("/:") == std::string_view::npos ? 0 : arn.find_last_of("/:") + 1));
}

// The word by which a recorded item is named, so that its clone can bear another one.
std::string own_name(Json const& item) {
    for (auto const* key : { "serviceName", "TargetGroupName", "DBInstanceIdentifier", "family" })
        if (auto const name = text_at(item, key); !name.empty())
            return name;
    return item.is_string() ? short_name(std::string_view(item.get_string().data(), item.get_string().size())) : "";
}

Json renamed(Json const& item, std::string_view from, std::string_view to) {
    auto parsed = parse_json(replace_all(to_text(item), from, to), { .bytes = 1'000'000, .depth = 32 });
    return parsed ? *parsed : Json(nullptr);
}

std::size_t start_of(AwsCall const& call, std::string_view token_in) {
    auto const token = text_at(Json(call.params), token_in);
    std::size_t start = 0;
    if (token.starts_with(mark))
        (void)std::from_chars(token.data() + mark.size(), token.data() + token.size(), start);
    return start;
}

JsonObject metric_of(std::string_view metric_namespace, std::string_view name, JsonObject const& dimensions) {
    JsonArray list;
    for (auto const& [key, value] : dimensions)
        list.push_back(JsonObject { { "Name", key }, { "Value", value } });
    return { { "Namespace", metric_namespace }, { "MetricName", name }, { "Dimensions", std::move(list) } };
}

} // namespace

CrowdedAws::CrowdedAws(Aws& inner, Clock& clock, Crowd const& crowd)
    : inner_(inner)
    , clock_(clock)
    , crowd_(crowd) { }

std::vector<Result<Json>> CrowdedAws::call_all(std::span<AwsCall const> calls) {
    std::vector<Result<Json>> answers;
    answers.reserve(calls.size());
    for (auto const& one : calls)
        answers.push_back(call(one));
    return answers;
}

JsonArray CrowdedAws::clones(Json const& answer, std::string_view list, int from, int to) const {
    JsonArray out;
    auto const& items = list_at(answer, list);
    if (items.empty())
        return out;
    auto const& first = items.front();
    auto const name = own_name(first);
    for (int member = from; member < to && !name.empty(); ++member)
        out.push_back(renamed(first, name, name_of(member)));
    return out;
}

Result<Json> CrowdedAws::call(AwsCall const& call) {
    ++calls_;
    auto const name = call.name();
    auto const all = crowd_.resources;
    auto const cloned
        = [&](std::string_view list, std::string_view in, std::string_view out, std::size_t page, Share share) {
              return listed(call, list, in, out, page, [&, share] {
                  auto const recorded = inner_.call(call);
                  return recorded ? clones(*recorded, list, share.from, share.to) : JsonArray {};
              });
          };
    auto const made = [&](std::string_view list, std::string_view in, std::string_view out, std::size_t page,
                          Share share, auto const& item) {
        return listed(call, list, in, out, page, [&, share] {
            JsonArray items;
            for (int member = share.from; member < share.to; ++member)
                items.push_back(Json(item(name_of(member))));
            return items;
        });
    };
    auto const arn = [&](std::string const& rest) { return "arn:aws:" + rest; };
    auto const here = region() + ":" + account() + ":";
    if (name == "ecs:ListServices")
        return cloned("serviceArns", "nextToken", "nextToken", 100, services_in(all));
    if (name == "ecs:DescribeServices")
        return services(call);
    if (name == "ecs:DescribeTaskDefinition")
        return task_definition(call);
    if (name == "elasticloadbalancing:DescribeTargetGroups")
        return cloned("TargetGroups", "Marker", "NextMarker", 400, services_in(all));
    if (name == "rds:DescribeDBInstances")
        return cloned("DBInstances", "Marker", "Marker", 100, databases_in(all));
    if (name == "lambda:ListFunctions")
        return made("Functions", "Marker", "NextMarker", 50, functions_in(all), [&](std::string const& function) {
            return JsonObject { { "FunctionName", function },
                { "FunctionArn", arn("lambda:" + here + "function:" + function) }, { "Runtime", "python3.12" },
                { "Timeout", 30 }, { "MemorySize", 256 }, { "LastModified", "2026-06-01T00:00:00.000+0000" } };
        });
    if (name == "sqs:ListQueues")
        return made("QueueUrls", "NextToken", "NextToken", 1'000, queues_in(all), [&](std::string const& queue) {
            return "https://sqs." + region() + ".amazonaws.com/" + account() + "/" + queue;
        });
    if (name == "events:ListRules")
        return made("Rules", "NextToken", "NextToken", 100, rules_in(all), [&](std::string const& rule) {
            return JsonObject { { "Name", rule }, { "Arn", arn("events:" + here + "rule/" + rule) },
                { "State", "ENABLED" }, { "ScheduleExpression", "rate(6 hours)" } };
        });
    if (name == "monitoring:ListMetrics")
        return metrics(call);
    if (name == "monitoring:GetMetricData")
        return metric_data(call);
    if (name == "logs:DescribeLogGroups")
        return log_groups(call);
    if (name == "logs:FilterLogEvents")
        return log_events(call);
    if (name == "cloudtrail:LookupEvents")
        return trail(call);
    if (to_text(call.params).find(mark) != std::string::npos)
        return Json(JsonObject {}); // as healthy and empty as can be
    return inner_.call(call);
}

// The recorded items on the first page, then the crowd, page by page.
Result<Json> CrowdedAws::listed(AwsCall const& call, std::string_view list, std::string_view token_in,
    std::string_view token_out, std::size_t page, std::function<JsonArray()> const& crowd) {
    auto plain = call;
    if (start_of(call, token_in) > 0)
        plain.params.erase(token_in);
    auto answer = TRY(inner_.call(plain));
    if (!answer.is_object())
        return answer;
    auto items = list_at(answer, list);
    auto const start = start_of(call, token_in);
    auto const more = crowd();
    if (start > 0)
        items.clear();
    auto at = start;
    for (; at < more.size() && items.size() < page; ++at)
        items.push_back(more[at]);
    answer.as_object()[list] = std::move(items);
    if (at < more.size())
        answer.as_object()[token_out] = std::string(mark) + std::to_string(at);
    return answer;
}

// Those that are asked for.
Result<Json> CrowdedAws::services(AwsCall const& call) {
    JsonArray known;
    JsonArray found;
    auto any = call;
    any.params.erase("services");
    auto const model = TRY(inner_.call(any));
    auto const& models = list_at(model, "services");
    Json const asked(call.params);
    for (auto const& service : list_at(asked, "services")) {
        auto const name = short_name(text_at(JsonObject { { "name", service } }, "name"));
        if (name.starts_with(mark) && !models.empty())
            found.push_back(renamed(models.front(), own_name(models.front()), name));
        else
            known.push_back(service);
    }
    if (!known.empty()) {
        auto plain = call;
        plain.params["services"] = known;
        auto const recorded = TRY(inner_.call(plain));
        for (auto const& service : list_at(recorded, "services"))
            found.push_back(service);
    }
    // A crowd that was just deployed would be a second cause: its deployments are as old as the service.
    for (auto& service : found)
        if (own_name(service).starts_with(mark))
            if (auto* const object = service.if_object(); object != nullptr) {
                auto const created = text_at(service, "createdAt");
                (*object)["events"] = JsonArray {};
                for (auto& deployment : (*object)["deployments"].as_array()) {
                    deployment.as_object()["createdAt"] = created.empty() ? "2026-01-01T00:00:00Z" : created;
                    deployment.as_object()["updatedAt"] = deployment.as_object()["createdAt"];
                }
                (*object)["runningCount"] = (*object)["desiredCount"];
            }
    return Json(JsonObject { { "services", std::move(found) } });
}

Result<Json> CrowdedAws::task_definition(AwsCall const& call) {
    auto const name = text_at(Json(call.params), "taskDefinition");
    auto const at = name.find(mark);
    if (at == std::string::npos)
        return inner_.call(call);
    auto const member = name.substr(at, name.find(':', at) - at);
    auto plain = call;
    plain.params.erase("taskDefinition");
    auto const model = TRY(inner_.call(plain));
    auto const* definition = model.is_object() ? model.get_object().if_contains("taskDefinition") : nullptr;
    return definition == nullptr ? Json(JsonObject {}) : renamed(model, own_name(*definition), member);
}

// Ten or so for each member, in the families that its kind has.
Result<Json> CrowdedAws::metrics(AwsCall const& call) {
    auto const each = crowd_.resources > 0 ? crowd_.metrics / crowd_.resources : 0;
    Json const asked(call.params);
    auto const& wanted = list_at(asked, "Dimensions");
    return listed(call, "Metrics", "NextToken", "NextToken", 500, [&] {
        JsonArray out;
        auto const add = [&](Share share, std::string_view metric_namespace, auto const& dimensions,
                             std::initializer_list<std::string_view> names) {
            for (int member = share.from; member < share.to; ++member) {
                JsonObject const own = dimensions(name_of(member));
                bool const all_asked = std::all_of(wanted.begin(), wanted.end(), [&](Json const& dimension) {
                    auto const* value = own.if_contains(text_at(dimension, "Name"));
                    return value != nullptr && *value == Json(text_at(dimension, "Value"));
                });
                for (int i = 0; all_asked && i < each; ++i) {
                    auto const known = std::size_t(i) < names.size();
                    out.push_back(metric_of(known ? metric_namespace : std::string_view("Crowd/App"),
                        known ? *(names.begin() + i) : "Value" + std::to_string(i), own));
                }
            }
        };
        auto const all = crowd_.resources;
        add(services_in(all), "AWS/ECS",
            [](std::string const& name) { return JsonObject { { "ClusterName", "shop" }, { "ServiceName", name } }; },
            { "CPUUtilization", "MemoryUtilization" });
        add(databases_in(all), "AWS/RDS",
            [](std::string const& name) { return JsonObject { { "DBInstanceIdentifier", name } }; },
            { "CPUUtilization", "DatabaseConnections", "FreeStorageSpace", "ReadLatency" });
        add(functions_in(all), "AWS/Lambda",
            [](std::string const& name) { return JsonObject { { "FunctionName", name } }; },
            { "Errors", "Duration", "Throttles", "Invocations" });
        add(queues_in(all), "AWS/SQS", [](std::string const& name) { return JsonObject { { "QueueName", name } }; },
            { "ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible" });
        return out;
    });
}

// What the recording does not know stays level.
Result<Json> CrowdedAws::metric_data(AwsCall const& call) {
    auto answer = TRY(inner_.call(call));
    Json const asked(call.params);
    auto const from = time_at(asked, "StartTime");
    auto const to = time_at(asked, "EndTime");
    if (!from || !to || !answer.is_object())
        return answer;
    std::map<std::string, Json const*> queries;
    for (auto const& query : list_at(asked, "MetricDataQueries"))
        queries[text_at(query, "Id")] = &query;
    auto& results = answer.as_object()["MetricDataResults"];
    if (!results.is_array())
        return answer;
    for (auto& result : results.as_array()) {
        auto const query = queries.find(text_at(result, "Id"));
        auto const text = query == queries.end() ? std::string() : to_text(*query->second);
        if (text.find(mark) == std::string::npos)
            continue;
        auto const* stat = query->second->get_object().if_contains("MetricStat");
        auto const period = Seconds { stat == nullptr ? 60 : integer_at(*stat, "Period").value_or(60) };
        JsonArray times;
        JsonArray values;
        auto seed = std::hash<std::string>()(text);
        for (auto at = floor_to(std::min(*to, clock_.now()), period) - period; at >= *from; at -= period) {
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            times.push_back(Json(format_time(at)));
            values.push_back(10 + double(seed >> 60) / 10);
        }
        result.as_object()["Timestamps"] = std::move(times);
        result.as_object()["Values"] = std::move(values);
    }
    return answer;
}

Result<Json> CrowdedAws::log_groups(AwsCall const& call) {
    Json const asked(call.params);
    auto const prefix = text_at(asked, "logGroupNamePrefix");
    auto const part = text_at(asked, "logGroupNamePattern");
    return listed(call, "logGroups", "nextToken", "nextToken", 50, [&] {
        JsonArray out;
        auto const services = services_in(crowd_.resources);
        for (int member = services.from; member < services.to; ++member) {
            auto const group = "/ecs/" + name_of(member);
            if (group.starts_with(prefix) && contains_ignoring_case(group, part))
                out.push_back(JsonObject { { "logGroupName", group }, { "creationTime", 1'700'000'000'000 } });
        }
        return out;
    });
}

// Half of the lines in the groups that were recorded, the others evenly in those of ten services; over the three
// hours until now, and as many on every other day.
Result<Json> CrowdedAws::log_events(AwsCall const& call) {
    constexpr int talkers = 10;
    constexpr std::int64_t span_ms
        = 80 * 60'000; // what is read: 20 minutes before the alarm and the hour before them
    constexpr std::size_t page = 10'000;
    Json const asked(call.params);
    auto const group = text_at(asked, "logGroupName");
    bool const crowds = group.find(mark) != std::string::npos;
    auto const start = start_of(call, "nextToken");
    JsonArray events;
    if (!crowds) {
        auto plain = call;
        plain.params.erase("nextToken");
        auto const recorded = TRY(inner_.call(plain));
        if (start == 0)
            events = list_at(recorded, "events");
    }
    auto const lines = crowds         ? (group < "/ecs/" + name_of(talkers) ? crowd_.log_lines / 2 / talkers : 0)
        : group.ends_with("checkout") ? crowd_.log_lines / 2
                                      : 0;
    if (lines == 0)
        return Json(JsonObject { { "events", std::move(events) } });
    auto const step = std::max<std::int64_t>(1, span_ms / lines);
    auto const from = integer_at(asked, "startTime").value_or(0);
    auto const to
        = std::min<std::int64_t>(integer_at(asked, "endTime").value_or(0), clock_.now().time_since_epoch().count());
    auto at = from + static_cast<std::int64_t>(start) * step;
    auto index = start;
    for (; at < to && events.size() < page; at += step, ++index) {
        auto const number = static_cast<std::uint64_t>(at) * 0x9e3779b97f4a7c15ULL;
        events.push_back(JsonObject { { "timestamp", at },
            { "message",
                format_time(Time { Milliseconds { at } }) + " WARN " + short_name(group) + " call "
                    + std::to_string(number) + " of customer " + std::to_string(number % 9'999) + " failed after "
                    + std::to_string(number % 97) + " ms, tried again" } });
    }
    std::stable_sort(events.begin(), events.end(), [](Json const& a, Json const& b) {
        return integer_at(a, "timestamp").value_or(0) < integer_at(b, "timestamp").value_or(0);
    });
    JsonObject answer { { "events", std::move(events) } };
    if (at < to)
        answer["nextToken"] = std::string(mark) + std::to_string(index);
    return Json(std::move(answer));
}

// Somebody deploys something every minute.
Result<Json> CrowdedAws::trail(AwsCall const& call) {
    Json const asked(call.params);
    auto const from = time_at(asked, "StartTime");
    auto const to = time_at(asked, "EndTime");
    return listed(call, "Events", "NextToken", "NextToken", 50, [&] {
        JsonArray out;
        bool const by_name
            = std::any_of(list_at(asked, "LookupAttributes").begin(), list_at(asked, "LookupAttributes").end(),
                [](Json const& attribute) { return text_at(attribute, "AttributeKey") != "ReadOnly"; });
        if (!from || !to || by_name)
            return out;
        auto const functions = functions_in(crowd_.resources);
        int member = functions.from;
        for (auto at = std::min(*to, clock_.now()) - Minutes { 1 }; at > *from && member < functions.to;
            at -= Minutes { 1 }, ++member) {
            JsonObject const record { { "eventVersion", "1.09" }, { "eventTime", format_time(at) },
                { "eventSource", "lambda.amazonaws.com" }, { "eventName", "UpdateFunctionCode20150331v2" },
                { "awsRegion", region() }, { "readOnly", false },
                { "eventID", "crowd-event-" + std::to_string(member) },
                { "userIdentity",
                    JsonObject { { "type", "AssumedRole" }, { "arn", "arn:aws:sts::1:assumed-role/ci/ci" } } },
                { "requestParameters", JsonObject { { "functionName", name_of(member) } } } };
            out.push_back(JsonObject { { "EventId", "crowd-event-" + std::to_string(member) },
                { "EventName", "UpdateFunctionCode20150331v2" }, { "EventTime", format_time(at) },
                { "CloudTrailEvent", to_text(record) } });
        }
        return out;
    });
}

} // namespace convops
