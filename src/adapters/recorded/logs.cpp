#include "adapters/recorded/recorded_aws.h"

namespace convops {

namespace {

struct Term {
    enum class Sort : std::uint8_t { all, any, none } sort = Sort::all;
    std::string text;
};

std::vector<Term> terms_of(std::string_view pattern) {
    std::vector<Term> terms;
    for (std::size_t at = 0; at < pattern.size();) {
        if (pattern[at] == ' ') {
            ++at;
            continue;
        }
        Term term;
        if (pattern[at] == '?' || pattern[at] == '-')
            term.sort = pattern[at++] == '?' ? Term::Sort::any : Term::Sort::none;
        auto const quoted = at < pattern.size() && pattern[at] == '"';
        auto const end = quoted ? pattern.find('"', at + 1) : pattern.find(' ', at);
        term.text = pattern.substr(
            quoted ? at + 1 : at, (end == std::string_view::npos ? pattern.size() : end) - (quoted ? at + 1 : at));
        at = end == std::string_view::npos ? pattern.size() : end + 1;
        if (!term.text.empty())
            terms.push_back(std::move(term));
    }
    return terms;
}

bool matches_terms(std::string_view line, std::vector<Term> const& terms) {
    bool wants_any = false;
    bool has_any = false;
    for (auto const& term : terms) {
        bool const found = line.find(term.text) != std::string_view::npos;
        if (term.sort == Term::Sort::any) {
            wants_any = true;
            has_any = has_any || found;
        } else if (found != (term.sort == Term::Sort::all)) {
            return false;
        }
    }
    return !wants_any || has_any;
}

} // namespace

bool matches_filter_pattern(std::string_view line, std::string_view pattern) {
    if (pattern.starts_with('{') || pattern.starts_with('['))
        return true;
    return matches_terms(line, terms_of(pattern));
}

Result<Json> recorded_log_groups(RecordedAccount const& account, JsonObject const& params, Time now) {
    Json const asked(params);
    auto const prefix = text_at(asked, "logGroupNamePrefix");
    auto const part = text_at(asked, "logGroupNamePattern");
    JsonArray groups;
    for (auto const& [group, events] : account.logs) {
        bool const exists = events.empty() || events.front().at <= now;
        if (!exists || !group.starts_with(prefix) || group.find(part) == std::string::npos || groups.size() == 50)
            continue;
        JsonObject described { { "logGroupName", group },
            { "arn", "arn:aws:logs:" + account.region + ":" + account.account + ":log-group:" + group + ":*" },
            { "storedBytes", 0 } };
        if (!events.empty()) // What the recording has not seen, it cannot say to be kept.
            described["creationTime"] = events.front().at.time_since_epoch().count();
        groups.push_back(std::move(described));
    }
    return Json(JsonObject { { "logGroups", std::move(groups) } });
}

Result<Json> recorded_log_events(RecordedAccount const& account, JsonObject const& params, Time now) {
    Json const asked(params);
    auto group = text_at(asked, "logGroupName", text_at(asked, "logGroupIdentifier"));
    if (auto const at = group.find(":log-group:"); at != std::string::npos)
        group = group.substr(at + 11);
    auto const found = account.logs.find(group);
    if (found == account.logs.end())
        return Error { ErrorKind::not_found, "logs FilterLogEvents: the log group " + group + " does not exist" };
    auto const from = time_at(asked, "startTime").value_or(Time {});
    auto const to = std::min(time_at(asked, "endTime").value_or(now), now);
    auto const terms = terms_of(text_at(asked, "filterPattern"));
    auto const most
        = static_cast<std::size_t>(std::clamp<std::int64_t>(integer_at(asked, "limit").value_or(10'000), 1, 10'000));
    auto offset = static_cast<std::size_t>(std::max<std::int64_t>(0, integer_at(asked, "nextToken").value_or(0)));
    JsonArray events;
    for (; offset < found->second.size(); ++offset) {
        auto const& event = found->second[offset];
        if (event.at < from || event.at > to || !matches_terms(event.message, terms))
            continue;
        if (events.size() == most)
            break;
        events.push_back(JsonObject { { "timestamp", event.at.time_since_epoch().count() },
            { "message", event.message }, { "logStreamName", event.stream }, { "eventId", std::to_string(offset) } });
    }
    JsonObject answer { { "events", std::move(events) } };
    if (offset < found->second.size())
        answer["nextToken"] = std::to_string(offset);
    return Json(std::move(answer));
}

} // namespace convops
