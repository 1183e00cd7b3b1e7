#include "evidence/answering.h"

#include "base/text.h"
#include "model/aws_command.h"

#include <array>

namespace convops {

namespace {

// "DescribeDBInstances" -> "describe-db-instances": a run of capitals is one word, as the AWS CLI spells it.
std::string dashed(std::string_view name) {
    std::string out;
    auto const upper = [&](std::size_t i) { return i < name.size() && name[i] >= 'A' && name[i] <= 'Z'; };
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (upper(i) && i != 0 && (!upper(i - 1) || (i + 1 < name.size() && !upper(i + 1) && name[i + 1] != 's')))
            out += '-';
        out += upper(i) ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
    }
    return out;
}

std::string cli_service(std::string_view service) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 2> renamed { {
        { "monitoring", "cloudwatch" },
        { "elasticloadbalancing", "elbv2" },
    } };
    for (auto const& [prefix, name] : renamed)
        if (prefix == service)
            return std::string(name);
    return std::string(service);
}

std::string url_escaped(std::string_view text) {
    std::string out;
    for (char const c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("-_.~").find(c) != std::string_view::npos;
        out += plain ? std::string(1, c) : "%" + to_hex(std::string_view(&c, 1));
    }
    return out;
}

} // namespace

AwsCall call_of(std::string_view service, std::string_view operation, JsonObject params) {
    return { std::string(service), std::string(operation), std::move(params) };
}

// Empty when the AWS CLI can not be made to take a name as it is.
std::string command_of(AwsCall const& call, std::string_view region) {
    std::string command = "aws " + cli_service(call.service) + " " + dashed(call.operation);
    for (auto const& pair : call.params) {
        auto const option = cli_option(dashed({ pair.key().data(), pair.key().size() }), pair.value());
        if (!option)
            return {};
        command += " " + *option;
    }
    return region.empty() ? command : command + " --region " + shell_quoted(region);
}

std::string console_page(Resource const& resource, std::string_view region) {
    auto const at = [&](std::string_view path) {
        return "https://" + std::string(region) + ".console.aws.amazon.com/" + std::string(path);
    };
    auto const name = url_escaped(resource.name);
    auto const type = std::string_view(resource.type);
    if (region.empty() || type == "external:host")
        return {};
    if (type == "ecs:service") {
        auto const slash = resource.name.find('/');
        return at("ecs/v2/clusters/" + url_escaped(resource.name.substr(0, slash)) + "/services/"
            + url_escaped(resource.short_name()) + "/health");
    }
    if (type == "ecs:cluster")
        return at("ecs/v2/clusters/" + name + "/services");
    if (type == "rds:instance")
        return at("rds/home#database:id=" + name + ";is-cluster=false");
    if (type == "rds:cluster")
        return at("rds/home#database:id=" + name + ";is-cluster=true");
    if (type == "lambda:function")
        return at("lambda/home#/functions/" + name);
    if (type == "ec2:instance")
        return at("ec2/home#InstanceDetails:instanceId=" + name);
    if (type == "ebs:volume")
        return at("ec2/home#VolumeDetails:volumeId=" + name);
    if (type == "elb:target_group")
        return at("ec2/home#TargetGroups:search=" + url_escaped(resource.short_name()));
    if (type == "elb:load_balancer")
        return at("ec2/home#LoadBalancers:search=" + url_escaped(resource.short_name()));
    if (type == "sqs:queue")
        return at("sqs/v3/home#/queues");
    if (type == "dynamodb:table")
        return at("dynamodbv2/home#table?name=" + name);
    if (type == "elasticache:cluster")
        return at("elasticache/home#/redis/" + name);
    if (type == "events:rule")
        return at("events/home#/eventbus/default/rules/" + name);
    if (type == "apigateway:api") // By its name alone; a source that knows the id sets the page of the API.
        return at("apigateway/main/apis");
    if (type == "nat:gateway")
        return at("vpcconsole/home#NatGatewayDetails:natGatewayId=" + name);
    if (type == "eks:cluster" || type == "eks:workload")
        return at("eks/home#/clusters/" + url_escaped(resource.name.substr(0, resource.name.find('/'))));
    if (type == "s3:bucket")
        return at("s3/buckets/" + name);
    if (type == "autoscaling:group")
        return at("ec2/home#AutoScalingGroupDetails:id=" + name);
    if (type == "logs:group") // The console escapes the name twice and writes "$" for "%".
        return at("cloudwatch/home#logsV2:log-groups/log-group/" + replace_all(url_escaped(name), "%", "$"));
    return at("console/home");
}

Fact fact_about(Resource const& resource, Time at, std::string statement, FactDetail detail, Json value) {
    Fact fact;
    fact.at = at;
    fact.resource = resource.arn_or_name();
    fact.statement = std::move(statement);
    fact.value = std::move(value);
    fact.detail = std::move(detail);
    // The page depends on the region, which only the question knows: Answering::add completes it.
    fact.link = console_page(resource, "{region}");
    return fact;
}

namespace {

// Only words: a person does not say that an instance calls its disk.
std::string_view verb_of(Resource const& from, Resource const& to) {
    if (from.type == "autoscaling:group" || from.type == "rds:cluster" || from.type == "ecs:cluster"
        || from.type == "eks:cluster")
        return "contains";
    if (from.type == "eks:workload" && to.type == "eks:cluster")
        return "runs on";
    if (from.type == to.type && from.type == "apigateway:api")
        return "is";
    if (from.type == to.type && from.type == "s3:bucket")
        return "is copied to";
    if (from.type == "sns:topic" || from.type == "kinesis:stream")
        return "feeds";
    if (from.type == "events:rule")
        return "starts";
    if (from.type == "sqs:queue" && to.type == "lambda:function")
        return "feeds";
    if (from.type == "external:host")
        return "is";
    for (std::string_view const type : { "ebs:volume", "sqs:queue", "dynamodb:table", "s3:bucket", "rds:instance",
             "rds:cluster", "elasticache:cluster", "acm:certificate" })
        if (to.type == type)
            return "uses";
    return "calls";
}

} // namespace

std::string quoted_words(std::string_view text, std::size_t bytes) {
    auto words = shown(text, bytes);
    while (words.ends_with('.'))
        words.pop_back();
    return "\"" + words + "\"";
}

Fact dependency_fact(Resource const& from, Resource const& to, std::string basis, Time at, bool declared) {
    auto statement = from.display() + (declared ? " " : " probably ") + std::string(verb_of(from, to)) + " "
        + to.display() + " (" + basis + ").";
    Json value = { { "from", from.key() }, { "to", to.key() }, { "basis", basis }, { "declared", declared } };
    return fact_about(
        from, at, std::move(statement), DependencyFact { from, to, std::move(basis), declared }, std::move(value));
}

std::string shown(std::string_view text, std::size_t bytes) {
    auto clean = clean_utf8(text.substr(0, bytes * 2)); // Cleaning reads no more than what could be shown.
    for (auto& c : clean)
        if (c == '\n' || c == '\t')
            c = ' ';
    return shorten(clean, bytes);
}

Time likely_onset(Question const& question) {
    auto const needed = question.alarm.period() * std::max(1, question.alarm.evaluation_periods);
    return question.alarm_at - std::clamp<Seconds>(needed, Minutes { 2 }, Minutes { 30 });
}

std::optional<Json> Answering::read(AwsCall const& call) {
    auto answers = read_all(std::span(&call, 1));
    return std::move(answers.front());
}

std::vector<std::optional<Json>> Answering::read_all(std::span<AwsCall const> calls) {
    std::vector<std::optional<Json>> out;
    if (calls.empty())
        return out;
    auto answers = aws_.call_all(calls);
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (i < answers.size() && answers[i].has_value()) {
            out.emplace_back(*std::move(answers[i]));
            continue;
        }
        failed(calls[i], i < answers.size() ? answers[i].error() : Error { ErrorKind::unavailable, "no answer" });
        out.emplace_back(std::nullopt);
    }
    return out;
}

JsonArray Answering::read_pages(PagedRead const& read) {
    return std::move(read_lists({ read }).front());
}

std::vector<JsonArray> Answering::read_lists(std::vector<PagedRead> reads, std::vector<ListEnd>* ends) {
    std::vector<JsonArray> lists(reads.size());
    std::vector<ListEnd> how(reads.size(), ListEnd::whole);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < reads.size(); ++i)
        open.push_back(i);
    for (int page = 1; !open.empty(); ++page) {
        std::vector<AwsCall> calls;
        for (auto const i : open)
            calls.push_back(reads[i].call);
        auto const answers = read_all(calls);
        std::vector<std::size_t> still_open;
        for (std::size_t k = 0; k < open.size(); ++k) {
            if (!answers[k]) {
                how[open[k]] = ListEnd::failed;
                continue;
            }
            auto& read = reads[open[k]];
            auto const& items = list_at(*answers[k], read.list_path);
            lists[open[k]].insert(lists[open[k]].end(), items.begin(), items.end());
            auto const token = text_at(*answers[k], read.token_out);
            if (token.empty())
                continue;
            read.call.params[boost::json::string_view(read.token_in.data(), read.token_in.size())] = token;
            if (page < reach(question_.depth, read.most_pages)) {
                still_open.push_back(open[k]);
                continue;
            }
            how[open[k]] = ListEnd::cut;
            not_read(read.call.name() + ": more than " + std::to_string(page) + " pages; the rest was not read",
                "the rest of the list");
        }
        open = std::move(still_open);
    }
    if (ends != nullptr)
        *ends = std::move(how);
    return lists;
}

JsonArray Answering::read_pages_after(std::optional<Json> const& first, AwsCall call, std::string_view list_path,
    std::string_view token_in, std::string_view token_out, int most_pages) {
    if (!first)
        return {};
    auto items = list_at(*first, list_path);
    auto const token = text_at(*first, token_out);
    if (token.empty())
        return items;
    call.params[boost::json::string_view(token_in.data(), token_in.size())] = token;
    for (auto& item : read_pages(call, list_path, token_in, token_out, most_pages - 1))
        items.push_back(std::move(item));
    return items;
}

void Answering::failed(AwsCall const& call, Error const& error) {
    if (error.kind == ErrorKind::not_found)
        return;
    auto gap = gap_from(card_, call, error);
    for (auto const& known : answer_.gaps) // Twelve denied log groups are one missing permission.
        if (known.iam_action == gap.iam_action && known.kind == gap.kind)
            return;
    answer_.gaps.push_back(std::move(gap));
}

void Answering::not_read(std::string_view what_and_why, std::string_view would_have_told) {
    Gap gap;
    gap.source = std::string(card_.name);
    gap.why = std::string(what_and_why);
    gap.would_have_told = std::string(would_have_told);
    answer_.gaps.push_back(std::move(gap));
}

void Answering::add(Fact fact, AwsCall const& read_by) {
    // Names come from the account too. Whatever they hold, a statement is one clean line of bounded length.
    constexpr std::size_t most_statement_bytes = 1'000;
    fact.statement = shown(fact.statement, most_statement_bytes);
    fact.source = std::string(card_.name);
    fact.cli = command_of(read_by, read_by.region.empty() ? question_.region : read_by.region);
    fact.link = question_.region.empty() ? "" : replace_all(std::move(fact.link), "{region}", question_.region);
    if (fact.at == Time {})
        fact.at = question_.now;
    answer_.facts.push_back(std::move(fact));
}

void Answering::add(std::vector<Fact> facts, AwsCall const& read_by) {
    for (auto& fact : facts)
        add(std::move(fact), read_by);
}

std::string own_arn(Question const& question, std::string_view service, std::string_view tail) {
    if (question.account.empty() || question.region.empty())
        return {};
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    std::string_view const partition = question.region.starts_with("cn-") ? "aws-cn"
        : question.region.starts_with("us-gov-")                          ? "aws-us-gov"
                                                                          : "aws";
    return "arn:" + std::string(partition) + ":" + std::string(service) + ":" + question.region + ":"
        + question.account + ":" + std::string(tail);
}

std::vector<Resource> near_of_type(Question const& question, std::string_view type, std::size_t most) {
    std::vector<Resource> found;
    auto const take = [&](Resource const& resource) {
        if (resource.type == type && found.size() < reach(question.depth, most)
            && std::find(found.begin(), found.end(), resource) == found.end())
            found.push_back(resource);
    };
    for (auto const& resource : question.centre)
        take(resource);
    for (auto const& [resource, distance] : question.nearby)
        take(resource);
    return found;
}

bool is_centre(Question const& question, Resource const& resource) {
    return std::find(question.centre.begin(), question.centre.end(), resource) != question.centre.end();
}

} // namespace convops
