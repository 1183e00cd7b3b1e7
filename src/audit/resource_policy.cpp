#include "audit/resource_policy.h"

#include "base/text.h"

#include <algorithm>

namespace convops {

namespace {

// IAM takes one value where it takes a list.
std::vector<std::string> texts(Json const* value) {
    std::vector<std::string> all;
    if (value == nullptr)
        return all;
    if (value->is_string())
        all.emplace_back(value->as_string());
    if (value->is_bool())
        all.emplace_back(value->as_bool() ? "true" : "false");
    if (value->is_array())
        for (auto const& entry : value->as_array())
            if (entry.is_string())
                all.emplace_back(entry.as_string());
    return all;
}

bool any_matches(std::vector<std::string> const& patterns, std::string const& text, bool ignoring_case) {
    return std::any_of(patterns.begin(), patterns.end(), [&](auto const& pattern) {
        return ignoring_case ? glob_matches(to_lower(pattern), to_lower(text)) : glob_matches(pattern, text);
    });
}

Permitted principal(Json const& statement, PolicyQuestion const& question) {
    if (find(statement, "NotPrincipal") != nullptr)
        return Permitted::not_known;
    auto const* who = find(statement, "Principal");
    if (who == nullptr)
        return Permitted::no;
    if (who->is_string())
        return who->as_string() == "*" ? Permitted::yes : Permitted::no;
    if (!who->is_object())
        return Permitted::not_known;
    for (auto const& [kind, value] : who->as_object())
        for (auto const& one : texts(&value))
            // "AWS": "*" is everybody, services with it: the policy that SNS gives a new topic relies on that.
            if ((kind == "Service" && one == question.service)
                || (one == "*" && (kind == "AWS" || kind == "Service")))
                return Permitted::yes;
    return Permitted::no;
}

// What is known of the request that CloudWatch sends; nullopt: this key may or may not be there.
std::optional<std::string> value_of(std::string const& key, PolicyQuestion const& question) {
    if (key == "aws:sourceowner" || key == "aws:sourceaccount")
        return question.account;
    if (key == "aws:sourcearn")
        return question.source_arn;
    if (key == "aws:securetransport")
        return "true";
    return std::nullopt;
}

Permitted condition_holds(std::string const& operation, std::string const& key,
    std::vector<std::string> const& wanted, PolicyQuestion const& question) {
    auto op = to_lower(operation);
    if (op.ends_with("ifexists"))
        op.resize(op.size() - 8);
    auto const value = value_of(to_lower(key), question);
    if (!value) {
        // A service that acts for itself belongs to no organisation and has no user.
        bool const of_a_caller = to_lower(key).starts_with("aws:principalorg");
        if (of_a_caller && op == "stringequals" && !operation.ends_with("IfExists"))
            return Permitted::no;
        return Permitted::not_known;
    }
    auto const as = [](bool holds) { return holds ? Permitted::yes : Permitted::no; };
    if (op == "stringequals" || op == "bool")
        return as(std::find(wanted.begin(), wanted.end(), *value) != wanted.end());
    if (op == "stringnotequals")
        return as(std::find(wanted.begin(), wanted.end(), *value) == wanted.end());
    if (op == "stringequalsignorecase")
        return as(any_matches(wanted, *value, true));
    if (op == "stringlike" || op == "arnlike" || op == "arnequals")
        return as(any_matches(wanted, *value, false));
    if (op == "stringnotlike" || op == "arnnotlike" || op == "arnnotequals")
        return as(!any_matches(wanted, *value, false));
    return Permitted::not_known;
}

Permitted conditions_hold(Json const& statement, PolicyQuestion const& question) {
    auto result = Permitted::yes;
    auto const* conditions = find(statement, "Condition");
    if (conditions == nullptr || !conditions->is_object())
        return result;
    for (auto const& [operation, keys] : conditions->as_object()) {
        if (!keys.is_object())
            return Permitted::not_known;
        for (auto const& [key, wanted] : keys.as_object()) {
            auto const holds = condition_holds(std::string(operation), std::string(key), texts(&wanted), question);
            if (holds == Permitted::no)
                return Permitted::no;
            if (holds == Permitted::not_known)
                result = Permitted::not_known;
        }
    }
    return result;
}

// Is the statement about this request?
Permitted applies(Json const& statement, PolicyQuestion const& question) {
    auto const who = principal(statement, question);
    if (who == Permitted::no)
        return Permitted::no;
    if (auto const* action = find(statement, "Action")) {
        if (!any_matches(texts(action), question.action, true))
            return Permitted::no;
    } else if (any_matches(texts(find(statement, "NotAction")), question.action, true)) {
        return Permitted::no;
    }
    if (auto const* resource = find(statement, "Resource");
        resource != nullptr && !any_matches(texts(resource), question.resource, false))
        return Permitted::no;
    auto const holds = conditions_hold(statement, question);
    return holds == Permitted::yes ? who : holds;
}

} // namespace

Permitted permitted(Json const& policy, PolicyQuestion const& question) {
    if (policy.is_string()) {
        auto const parsed = parse_json({ policy.as_string().data(), policy.as_string().size() });
        return parsed ? permitted(*parsed, question) : Permitted::not_known;
    }
    JsonArray single;
    auto const* statements = find(policy, "Statement");
    if (statements != nullptr && statements->is_object())
        single.push_back(*statements);
    auto result = Permitted::no;
    for (auto const& statement : single.empty() ? list_at(policy, "Statement") : single) {
        auto const here = applies(statement, question);
        if (here == Permitted::no)
            continue;
        if (text_at(statement, "Effect") == "Deny") {
            if (here == Permitted::yes)
                return Permitted::no;
            // A denial that may or may not hold leaves nothing certain, whatever else allows.
            return Permitted::not_known;
        }
        if (result == Permitted::no || here == Permitted::yes)
            result = here;
    }
    return result;
}

} // namespace convops
