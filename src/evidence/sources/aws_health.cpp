// Whether AWS itself reports a problem in this Region. Most accounts can not ask: the API needs a Support plan.
#include "base/text.h"
#include "evidence/read.h"

namespace convops {

namespace {

constexpr IamAction iam_actions[] = {
    { "health:DescribeEvents", "whether AWS reports a problem of its own" },
};

constexpr SourceCard the_card {
    .name = "aws_health",
    .says = "Problems that AWS itself reports for this Region.",
    .iam_actions = iam_actions,
    .stage = SourceStage::alone,
    .looks_back = Hours { 24 },
    .deadline = Seconds { 10 },
};

constexpr int most_pages = 3;
constexpr std::size_t most_events = 100;

// "You must have a Business, Enterprise On-Ramp, or Enterprise Support plan ... to use the AWS Health API. If you
// call the AWS Health API from an AWS account that doesn't have [one], you receive a SubscriptionRequiredException
// error." https://docs.aws.amazon.com/health/latest/APIReference/Welcome.html
bool needs_support_plan(Error const& error) {
    return contains_ignoring_case(error.message, "SubscriptionRequired")
        || contains_ignoring_case(error.message, "support plan")
        || contains_ignoring_case(error.message, "premium support");
}

std::string event_page(std::string_view arn) {
    auto escaped = replace_all(std::string(arn), "/", "%2F");
    std::erase_if(escaped, [](char c) { return c <= ' ' || c == '"' || c == '<' || c == '>' || c == '&'; });
    return "https://health.console.aws.amazon.com/health/home#/event-log?eventID=" + shorten(escaped, 400)
        + "&eventTab=details";
}

std::string words_for(ServiceEventFact const& event) {
    auto const where = event.region.empty() || event.region == "global" ? "" : " in " + event.region;
    auto const about = shown(event.service, 60) + shown(where, 60) + " (" + shown(event.code, 120) + ")";
    auto const from = format_clock(event.when.from) + " on " + format_time(event.when.from).substr(0, 10);
    if (event.category == "scheduledChange")
        return "AWS Health announces a change of " + about + " at " + from + ".";
    if (event.category == "accountNotification")
        return "AWS Health has a notice about " + about + " of " + from + ".";
    if (event.status == "closed")
        return "AWS Health reported a problem of " + about + " from " + from + " to " + format_clock(event.when.to)
            + "; it is over.";
    return "AWS Health reports an open problem of " + about + " since " + from + ".";
}

std::optional<Fact> fact_from(Json const& entry, Question const& question) {
    auto const began = time_at(entry, "startTime");
    auto const status = text_at(entry, "statusCode");
    if (!began || text_at(entry, "eventTypeCode").empty())
        return std::nullopt;
    // Asked about the past, an event that was not there yet must not be known; an announced one was.
    if (*began > question.now && status != "upcoming")
        return std::nullopt;
    ServiceEventFact event;
    event.service = shown(text_at(entry, "service"), 60);
    event.region = shown(text_at(entry, "region"), 60);
    event.code = shown(text_at(entry, "eventTypeCode"), 120);
    event.status = status;
    event.category = text_at(entry, "eventTypeCategory");
    event.when = { *began, time_at(entry, "endTime").value_or(std::max(question.now, *began)) };
    Fact fact;
    fact.at = *began;
    fact.resource = shown(text_at(entry, "arn"), 400);
    fact.statement = words_for(event);
    fact.value = { { "service", event.service }, { "region", event.region }, { "code", event.code },
        { "status", event.status }, { "category", event.category }, { "scope", text_at(entry, "eventScopeCode") } };
    fact.link = event_page(text_at(entry, "arn"));
    fact.detail = std::move(event);
    return fact;
}

// Open and upcoming events whenever they began, and closed ones of the last day.
std::vector<AwsCall> calls_for(Question const& question) {
    JsonArray const regions { question.region, "global" };
    JsonObject const open { { "regions", regions }, { "eventStatusCodes", JsonArray { "open", "upcoming" } } };
    JsonObject const closed { { "regions", regions }, { "eventStatusCodes", JsonArray { "closed" } },
        { "endTimes",
            JsonArray {
                JsonObject { { "from", format_time(question.now - look_back(the_card, question.depth)) } } } } };
    std::vector<AwsCall> calls;
    for (auto const& filter : { open, closed }) {
        calls.push_back(call_of("health", "DescribeEvents", { { "filter", filter }, { "maxResults", 100 } }));
        // AWS Health has one endpoint for the whole partition.
        // https://docs.aws.amazon.com/health/latest/ug/health-api.html
        calls.back().region = "us-east-1";
    }
    return calls;
}

Answer collect(Question const& question, Aws& aws) {
    Answering answering(the_card, question, aws);
    std::set<std::string> seen;
    auto const calls = calls_for(question);
    auto const first_pages = aws.call_all(calls);
    for (std::size_t i = 0; i < calls.size(); ++i) {
        auto const& first = first_pages[i];
        if (!first) {
            if (!needs_support_plan(first.error())) {
                answering.failed(calls[i], first.error());
                continue;
            }
            // No permission would help, so the gap names none. Everybody may look at the public page:
            // https://docs.aws.amazon.com/health/latest/ug/aws-health-dashboard-status.html
            Answer answer;
            answer.gaps.push_back({ std::string(the_card.name), "", ErrorKind::unavailable,
                "the account has no Business or Enterprise Support plan, so AWS Health's API can not be asked; see "
                "https://health.aws.amazon.com/health/status",
                std::string(iam_actions[0].would_have_told) });
            return answer;
        }
        for (auto const& entry :
            answering.read_pages_after(*first, calls[i], "events", "nextToken", "nextToken", most_pages)) {
            auto fact = fact_from(entry, question);
            if (!fact || seen.size() == most_events || !seen.insert(text_at(entry, "arn") + fact->statement).second)
                continue;
            answering.add(*std::move(fact), calls[i]);
        }
    }
    return answering.take();
}

} // namespace

EvidenceSource make_aws_health() {
    return { &the_card, collect };
}

} // namespace convops
