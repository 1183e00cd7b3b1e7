#include "app/github_aws.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

constexpr std::size_t most_answer_bytes = std::size_t { 4 } << 20; // 100 pull requests are about 2 MB
constexpr std::size_t most_repositories = 10;
constexpr std::size_t most_token_bytes = 512;
constexpr std::size_t most_title_bytes = 300;
constexpr Seconds longest_wait { 5 }; // for a rate limit; a longer one is a gap
constexpr int most_tries = 2;

struct Operation {
    std::string_view name;
    std::string_view path; // behind /repos/{owner}/{name}
    std::string_view list; // how the answer is called
    std::string_view query;
};
// https://docs.github.com/en/rest/deployments/deployments#list-deployments
// https://docs.github.com/en/rest/deployments/statuses#list-deployment-statuses
// https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
// https://docs.github.com/en/rest/commits/commits#list-commits
constexpr auto operations = std::to_array<Operation>({ { "ListDeployments", "/deployments", "deployments", "" },
    { "ListDeploymentStatuses", "/deployments/{deployment}/statuses", "statuses", "" },
    { "ListPullRequests", "/pulls", "pulls", "state=closed&sort=updated&direction=desc" },
    { "ListCommits", "/commits", "commits", "" } });

Operation const* operation_of(std::string_view name) {
    for (auto const& operation : operations)
        if (operation.name == name)
            return &operation;
    return nullptr;
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 20
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A time as our own formatter writes it: digits, "-", ":", "T", "Z" and ".".
std::string time_parameter(Json const& params, std::string_view name) {
    auto const time = time_at(params, name);
    return time ? "&" + std::string(name) + "=" + replace_all(format_time(*time), ":", "%3A") : "";
}

Result<std::string> url_of(Operation const& operation, AwsCall const& call, std::string const& api_url) {
    Json const params(call.params);
    auto const id = text_at(params, "deployment");
    if (operation.path.find("{deployment}") != std::string_view::npos && !is_number(id))
        return Error { ErrorKind::invalid_input, "github " + call.operation + " needs a deployment's number" };
    auto url = api_url + "/repos/" + text_at(params, "repository")
        + replace_all(std::string(operation.path), "{deployment}", id) + "?per_page=100";
    if (!operation.query.empty())
        url += "&" + std::string(operation.query);
    if (operation.name == "ListCommits")
        url += time_parameter(params, "since") + time_parameter(params, "until");
    if (auto const page = text_at(params, "page"); is_number(page))
        url += "&page=" + page;
    return url;
}

// Seconds until GitHub wants to be asked again, when it says so.
// https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
std::optional<Seconds> wait_asked(HttpResponse const& response, Time now) {
    if (response.status != 403 && response.status != 429)
        return std::nullopt;
    if (auto const after = response.header("retry-after"); is_number(after))
        return Seconds { std::min<long long>(std::atoll(after.c_str()), 86'400) };
    if (response.header("x-ratelimit-remaining") == "0") {
        auto const reset = parse_time(response.header("x-ratelimit-reset"));
        return reset ? std::max(Seconds { 1 }, std::chrono::ceil<Seconds>(*reset - now)) : Seconds { 60 };
    }
    return response.status == 429 ? std::optional(Seconds { 60 }) : std::nullopt;
}

// In our own words: GitHub's may be anybody's, and nothing of the request is repeated.
Error refusal(HttpResponse const& response, std::string const& what, Time now) {
    if (auto const wait = wait_asked(response, now))
        return { ErrorKind::throttled, what + ": GitHub's rate limit is used up for " + format_duration(*wait) };
    switch (response.status) {
    case 401:
        return { ErrorKind::access_denied, what + ": GitHub does not accept the token" };
    case 403:
        return { ErrorKind::access_denied, what + ": the token may not read this" };
    case 404: // "...404 Not Found ... to avoid confirming the existence of private repositories"
        // https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#404-not-found-for-an-existing-resource
        return { ErrorKind::access_denied,
            what + ": GitHub knows no such repository, or the token may not see it (404)" };
    case 301:
    case 302:
    case 307:
        return { ErrorKind::invalid_input, what + ": the repository was renamed or moved" };
    default:
        return { response.status >= 500 ? ErrorKind::unavailable : ErrorKind::invalid_input,
            what + ": GitHub answered " + std::to_string(response.status) };
    }
}

Json picked(Json const& entry, std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
    JsonObject kept;
    for (auto const& [name, path] : members)
        if (auto const* value = find(entry, path); value != nullptr && !value->is_null() && !value->is_structured())
            kept[boost::json::string_view(name.data(), name.size())]
                = value->is_string() ? Json(shorten(clean_utf8(text_at(entry, path)), most_title_bytes)) : *value;
    return kept;
}

Json commit_of(Json const& entry) {
    auto kept = picked(entry,
        { { "sha", "sha" }, { "at", "commit.committer.date" }, { "author", "author.login" },
            { "name", "commit.author.name" } });
    auto const message = text_at(entry, "commit.message");
    kept.as_object()["title"] = shorten(
        clean_utf8(message.substr(0, std::min(message.find('\n'), 2 * most_title_bytes))), most_title_bytes);
    return kept;
}

} // namespace

Json github_answer(std::string_view operation, Json const& body) {
    JsonArray kept;
    auto const* entries = body.if_array();
    for (auto const& entry : entries == nullptr ? JsonArray {} : *entries) {
        if (operation == "ListDeployments")
            kept.push_back(picked(entry,
                { { "id", "id" }, { "sha", "sha" }, { "ref", "ref" }, { "task", "task" },
                    { "environment", "environment" }, { "description", "description" },
                    { "created_at", "created_at" }, { "creator", "creator.login" } }));
        else if (operation == "ListDeploymentStatuses")
            kept.push_back(picked(
                entry, { { "state", "state" }, { "created_at", "created_at" }, { "description", "description" } }));
        else if (operation == "ListPullRequests")
            kept.push_back(picked(entry,
                { { "number", "number" }, { "title", "title" }, { "user", "user.login" },
                    { "merged_at", "merged_at" }, { "updated_at", "updated_at" }, { "sha", "merge_commit_sha" },
                    { "base", "base.ref" } }));
        else
            kept.push_back(commit_of(entry));
    }
    auto const* known = operation_of(operation);
    std::string_view const list = known == nullptr ? std::string_view("items") : known->list;
    return JsonObject { { boost::json::string_view(list.data(), list.size()), std::move(kept) } };
}

std::string next_page_in(std::string_view link_header) {
    for (auto const& link : split(link_header, ',')) {
        if (link.find("rel=\"next\"") == std::string::npos)
            continue;
        for (auto const* key : { "?page=", "&page=" }) {
            auto const at = link.find(key);
            if (at == std::string::npos)
                continue;
            auto const from = at + 6;
            auto const page = link.substr(from, link.find_first_not_of("0123456789", from) - from);
            return is_number(page) ? page : "";
        }
    }
    return "";
}

std::string github_pages_of(std::string_view api_url) {
    std::string url(api_url);
    if (url == "https://api.github.com")
        return "https://github.com";
    auto const host = url.find("://");
    auto const path = host == std::string::npos ? std::string::npos : url.find('/', host + 3);
    return url.substr(0, path);
}

Result<Secret> github_token_in(std::string_view secret_string) {
    std::string text(trim(secret_string));
    if (text.starts_with('{'))
        if (auto const json = parse_json(text)) {
            zero(text);
            text = text_at(*json, "token", text_at(*json, "github_token"));
        }
    // It goes into a header: nothing but visible ASCII.
    bool const good = !text.empty() && text.size() <= most_token_bytes
        && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (good)
        return Secret(std::move(text));
    zero(text);
    return Error { ErrorKind::invalid_input,
        "the secret holds no GitHub token: neither plain text nor a JSON object with the key \"token\"" };
}

Result<Secret> GithubAws::token() {
    std::lock_guard const lock(mutex_);
    if (!token_)
        token_ = access_.read_token ? access_.read_token().with_context("secretsmanager:GetSecretValue")
                                    : Result<Secret>(Error { ErrorKind::invalid_input, "no token is configured" });
    return *token_;
}

Result<HttpResponse> GithubAws::send(HttpRequest const& request, AwsCall const& call) {
    for (int tries = 1;; ++tries) {
        auto response = http_.send(request);
        bool const last = tries == most_tries;
        if (!response) {
            if (last || response.error().kind != ErrorKind::unavailable)
                return Error { response.error().kind, "github " + call.operation + ": GitHub gave no answer" };
            continue;
        }
        auto const wait = wait_asked(*response, clock_.now());
        if (last || (response->status < 500 && (!wait || *wait > longest_wait || *wait >= call.time_left)))
            return response;
        if (wait)
            clock_.wait(*wait);
    }
}

Result<Json> GithubAws::ask(AwsCall const& call) {
    if (call.operation == "ListRepositories") {
        JsonArray repositories;
        for (auto const& [name, services] : access_.repositories)
            if (repositories.size() < most_repositories)
                repositories.push_back(JsonObject { { "name", name }, { "services", services } });
        return Json(JsonObject {
            { "repositories", std::move(repositories) }, { "pages", github_pages_of(access_.api_url) } });
    }
    auto const* operation = operation_of(call.operation);
    auto const repository = text_at(Json(call.params), "repository");
    if (operation == nullptr || !access_.repositories.contains(repository))
        return Error { ErrorKind::invalid_input, "github " + call.operation + ": no such read is configured" };
    auto const url = TRY(url_of(*operation, call, access_.api_url));
    auto const secret = TRY(token());
    HttpRequest request;
    request.url = url;
    request.timeout = call.time_left;
    request.most_response_bytes = most_answer_bytes;
    // "Requests without a User-Agent header will be rejected."
    // https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent
    request.headers = { { "Accept", "application/vnd.github+json" }, { "X-GitHub-Api-Version", "2022-11-28" },
        { "User-Agent", "ConvOps" }, { "Authorization", "Bearer " + secret.reveal() } };
    auto response = send(request, call);
    zero(request.headers.back().second);
    if (!response)
        return response.error();
    auto const what = "github " + call.operation + " " + repository;
    if (response->status != 200)
        return refusal(*response, what, clock_.now());
    auto const body = parse_json(response->body, { .bytes = most_answer_bytes, .depth = 32 });
    if (!body || !body->is_array())
        return Error { ErrorKind::corrupt, what + ": the answer is no list" };
    auto answer = github_answer(call.operation, *body);
    if (auto const next = next_page_in(response->header("link")); !next.empty())
        answer.as_object()["nextPage"] = next;
    return answer;
}

Result<Json> GithubAws::call(AwsCall const& call) {
    return call.service == "github" ? ask(call) : inner_->call(call);
}

std::vector<Result<Json>> GithubAws::call_all(std::span<AwsCall const> calls) {
    if (std::none_of(calls.begin(), calls.end(), [](AwsCall const& call) { return call.service == "github"; }))
        return inner_->call_all(calls);
    std::vector<Result<Json>> answers;
    for (auto const& one : calls)
        answers.push_back(call(one));
    return answers;
}

int GithubAws::calls_made() const {
    std::lock_guard const lock(mutex_);
    return inner_->calls_made() + (token_ ? 1 : 0);
}

std::string github_url_of(Settings::Connection const& connection, EnvironmentLookup const& environment) {
    auto url = environment ? environment("CONVOPS_GITHUB_URL").value_or("") : "";
    if (url.empty())
        url = connection.github_url.empty() ? GithubAccess {}.api_url : connection.github_url;
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

std::unique_ptr<Aws> with_github(std::unique_ptr<Aws> inner, Settings::Connection const& connection,
    EnvironmentLookup const& environment, std::function<Result<Secret>()> read_secret, Http& http, Clock& clock) {
    GithubAccess access;
    access.api_url = github_url_of(connection, environment);
    access.repositories = connection.github_repositories;
    access.read_token = [read = std::move(read_secret)]() -> Result<Secret> {
        auto const secret = TRY(read());
        return github_token_in(secret.reveal());
    };
    return std::make_unique<GithubAws>(std::move(inner), std::move(access), http, clock);
}

} // namespace convops
