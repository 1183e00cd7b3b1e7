// Deployments and merges of the configured GitHub repositories before the alarm. A merge alone reached nothing yet; a
// deployment did, and the configuration says which service a repository becomes.
#include "evidence/answering.h"

#include "base/text.h"

#include <array>

namespace convops {

namespace {

// The token is read through the customer's role; every other call goes to GitHub.
constexpr std::array iam_actions {
    IamAction { "secretsmanager:GetSecretValue", "what was deployed and merged through GitHub" },
};

constexpr SourceCard the_card {
    .name = "github_changes",
    .says = "Deployments and merged pull requests of the configured GitHub repositories.",
    .iam_actions = iam_actions,
    .stage = SourceStage::reading,
    .looks_back = Minutes { 90 },
    .looks_back_deep = Hours { 24 },
    .deadline = Seconds { 15 },
};

constexpr std::size_t most_repositories = 10;
constexpr std::size_t most_statuses = 5; // deployments whose outcome is asked for
constexpr std::size_t most_commits = 10; // facts of one repository

struct Repository {
    std::string name;
    std::vector<Resource> reaches; // resources near the alarm that it becomes
    std::string pages; // "https://github.com"
};

bool runs_programs(Resource const& resource) {
    static constexpr auto types = std::to_array<std::string_view>(
        { "ecs:service", "lambda:function", "eks:workload", "autoscaling:group", "ec2:instance", "states:machine" });
    return std::find(types.begin(), types.end(), resource.type) != types.end();
}

// "checkout" is the ECS service shop/checkout, the function checkout, or whatever near the alarm is called so.
std::vector<Resource> resources_named(std::string_view services, Question const& question) {
    std::vector<Resource> found;
    auto const take = [&](Resource const& resource) {
        for (auto const& raw : split(services, ',')) {
            auto const wanted = trim(raw);
            bool const matches = !wanted.empty()
                && (resource.short_name() == wanted || resource.name == wanted || resource.arn == wanted);
            if (matches && std::find(found.begin(), found.end(), resource) == found.end())
                found.push_back(resource);
        }
    };
    for (auto const& resource : question.centre)
        take(resource);
    for (auto const& [resource, distance] : question.nearby)
        take(resource);
    // A target group and a service may share a name; what a repository becomes is the one that runs programs.
    if (std::any_of(found.begin(), found.end(), runs_programs))
        std::erase_if(found, [](Resource const& resource) { return !runs_programs(resource); });
    return found;
}

std::vector<Repository> repositories_in(Json const& answer, Question const& question) {
    auto pages = text_at(answer, "pages");
    if (!pages.starts_with("https://") || pages.find_first_of(" \"<>&") != std::string::npos)
        pages.clear();
    std::vector<Repository> repositories;
    for (auto const& entry : list_at(answer, "repositories")) {
        auto const name = shown(text_at(entry, "name"), 140);
        if (name.empty() || repositories.size() == most_repositories)
            continue;
        repositories.push_back({ name, resources_named(text_at(entry, "services"), question), pages });
    }
    return repositories;
}

std::string short_sha(std::string_view sha) {
    return shown(sha, 64).substr(0, 7);
}

bool is_plain_sha(std::string_view sha) {
    return sha.size() >= 7 && sha.size() <= 64 && sha.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Fact change_of(Repository const& repository, Time at, std::string statement, ChangeFact change, Json value) {
    change.event_source = "github.com";
    change.kind = ChangeKind::deploy;
    change.touched = repository.reaches;
    Resource const home { "github:repository", repository.name, {} };
    change.touched.push_back(home);
    auto const subject = change.touched.front();
    auto fact = fact_about(subject, at, std::move(statement), std::move(change), std::move(value));
    fact.link = repository.pages.empty() ? "" : repository.pages + "/" + repository.name;
    fact.cli = "";
    return fact;
}

} // namespace

// The state of a deployment as its newest status says: "success", "failure", ...; "" when nobody told.
std::string github_outcome(JsonArray const& statuses) {
    std::string newest;
    std::optional<Time> at;
    for (auto const& status : statuses) {
        auto const when = time_at(status, "created_at");
        auto const state = text_at(status, "state");
        // A newer deployment makes this one inactive: that says nothing about how it went.
        if (when && state != "inactive" && (!at || *when >= *at)) {
            at = when;
            newest = shown(state, 20);
        }
    }
    return newest;
}

std::optional<Fact> github_deployment_fact(Json const& deployment, std::string const& outcome,
    std::string const& repository_name, std::vector<Resource> const& reaches, std::string const& pages, Window look) {
    auto const at = time_at(deployment, "created_at");
    if (!at || !look.contains(*at))
        return std::nullopt;
    Repository const repository { repository_name, reaches, pages };
    auto const sha = text_at(deployment, "sha");
    auto const environment = shown(text_at(deployment, "environment"), 80);
    ChangeFact change;
    change.event_name = "deployment";
    change.actor = shown(text_at(deployment, "creator"), 80);
    change.what = shown(text_at(deployment, "ref"), 80) + " at " + short_sha(sha)
        + (environment.empty() ? "" : " to " + environment) + (outcome.empty() ? "" : ", " + outcome);
    auto const what = change.what;
    auto fact = change_of(repository, *at,
        (change.actor.empty() ? "Somebody" : change.actor) + " deployed " + repository_name + " through GitHub at "
            + format_clock(*at) + ": " + what + ".",
        change,
        { { "repository", repository_name }, { "sha", shown(sha, 64) }, { "environment", environment },
            { "outcome", outcome } });
    if (!fact.link.empty())
        fact.link += "/deployments";
    return fact;
}

std::optional<Fact> github_merge_fact(Json const& pull, std::string const& repository_name,
    std::vector<Resource> const& reaches, std::string const& pages, Window look) {
    auto const at = time_at(pull, "merged_at");
    auto const number = integer_at(pull, "number");
    if (!at || !number || !look.contains(*at))
        return std::nullopt;
    auto const sha = text_at(pull, "sha");
    auto const title = shown(text_at(pull, "title"), 160);
    ChangeFact change;
    change.event_name = "merge";
    change.actor = shown(text_at(pull, "user"), 80);
    change.what = "#" + std::to_string(*number) + " " + quoted_words(title, 160) + ", " + short_sha(sha);
    auto fact = change_of({ repository_name, reaches, pages }, *at,
        "Pull request #" + std::to_string(*number) + " of " + (change.actor.empty() ? "somebody" : change.actor)
            + " was merged into " + repository_name + " at " + format_clock(*at) + ": " + quoted_words(title, 160)
            + " (" + short_sha(sha) + ").",
        change,
        { { "repository", repository_name }, { "pull_request", *number }, { "title", title },
            { "sha", shown(sha, 64) }, { "base", shown(text_at(pull, "base"), 80) } });
    if (!fact.link.empty())
        fact.link += "/pull/" + std::to_string(*number);
    return fact;
}

std::optional<Fact> github_commit_fact(Json const& commit, std::string const& repository_name,
    std::vector<Resource> const& reaches, std::string const& pages, Window look) {
    auto const at = time_at(commit, "at");
    auto const sha = text_at(commit, "sha");
    if (!at || !look.contains(*at) || sha.empty())
        return std::nullopt;
    auto const title = shown(text_at(commit, "title"), 160);
    ChangeFact change;
    change.event_name = "merge";
    change.actor = shown(text_at(commit, "author", text_at(commit, "name")), 80);
    change.what = quoted_words(title, 160) + ", " + short_sha(sha);
    auto fact = change_of({ repository_name, reaches, pages }, *at,
        (change.actor.empty() ? "Somebody" : change.actor) + " committed to " + repository_name + " at "
            + format_clock(*at) + ": " + quoted_words(title, 160) + " (" + short_sha(sha) + ").",
        change, { { "repository", repository_name }, { "title", title }, { "sha", shown(sha, 64) } });
    if (!fact.link.empty() && is_plain_sha(sha))
        fact.link += "/commit/" + sha;
    return fact;
}

namespace {

class Reading {
public:
    Reading(Question const& question, Aws& aws)
        : answering_(the_card, question, aws)
        , question_(question)
        , aws_(aws)
        , look_ { question.alarm_at - look_back(the_card, question.depth), question.now + Milliseconds { 1 } } { }

    void read(Repository const& repository) {
        auto const deployments = list("ListDeployments", repository, "deployments", "created_at");
        if (stopped_)
            return;
        for (auto const& deployment : deployments)
            if (auto const at = time_at(deployment, "created_at"); at && look_.contains(*at))
                keep(github_deployment_fact(deployment, outcome(repository, deployment), repository.name,
                         repository.reaches, repository.pages, look_),
                    repository, "/deployments");
        std::set<std::string> merged;
        for (auto const& pull : list("ListPullRequests", repository, "pulls", "updated_at"))
            if (auto fact = github_merge_fact(pull, repository.name, repository.reaches, repository.pages, look_)) {
                merged.insert(text_at(pull, "sha"));
                keep(std::move(fact), repository, "/pulls?state=closed");
            }
        std::size_t commits = 0;
        for (auto const& commit : list("ListCommits", repository, "commits", "at"))
            if (!merged.contains(text_at(commit, "sha")) && commits++ < reach(question_.depth, most_commits))
                keep(github_commit_fact(commit, repository.name, repository.reaches, repository.pages, look_),
                    repository, "/commits");
    }

    Answer take() {
        auto answer = answering_.take();
        // The command that reads the same is GitHub's, not AWS's.
        for (std::size_t i = 0; i < answer.facts.size() && i < commands_.size(); ++i)
            answer.facts[i].cli = commands_[i];
        answer.gaps.insert(answer.gaps.end(), gaps_.begin(), gaps_.end());
        return answer;
    }

    // Without a token, or past the rate limit, the other repositories would fail alike.
    [[nodiscard]] bool stopped() const { return stopped_; }

    void failed(Error const& error, std::string_view about) {
        bool const no_token = contains_ignoring_case(error.message, "GetSecretValue");
        stopped_ = stopped_ || no_token || error.kind == ErrorKind::throttled;
        Gap gap;
        gap.source = std::string(the_card.name);
        gap.iam_action = no_token ? std::string(iam_actions[0].action) : "";
        // Words of our own for a refusal by GitHub: an IAM permission would not help.
        gap.kind = error.kind == ErrorKind::access_denied && !no_token ? ErrorKind::unavailable : error.kind;
        gap.why = no_token && error.kind == ErrorKind::access_denied ? "access denied" : shown(error.message, 160);
        gap.would_have_told = std::string(iam_actions[0].would_have_told);
        if (!about.empty() && gap.why.find(about) == std::string::npos)
            gap.why += " (" + shown(about, 140) + ")";
        for (auto const& known : gaps_)
            if (known.why == gap.why)
                return;
        gaps_.push_back(std::move(gap));
    }

private:
    static constexpr int most_pages = 2;

    // The newest first; older pages are not asked for once a page reaches back behind the window.
    JsonArray list(
        std::string_view operation, Repository const& repository, std::string_view name, std::string_view time) {
        JsonArray all;
        auto call = call_of("github", operation, { { "repository", repository.name } });
        if (operation == "ListCommits") {
            call.params["since"] = format_time(look_.from);
            call.params["until"] = format_time(look_.to);
        }
        for (int page = 1; page <= reach(question_.depth, most_pages); ++page) {
            auto const answer = aws_.call(call);
            if (!answer) {
                failed(answer.error(), repository.name);
                return all;
            }
            auto const& items = list_at(*answer, name);
            all.insert(all.end(), items.begin(), items.end());
            auto const next = text_at(*answer, "nextPage");
            auto const oldest = items.empty() ? std::nullopt : time_at(items.back(), time);
            if (next.empty() || (oldest && *oldest < look_.from))
                return all;
            call.params["page"] = next;
        }
        answering_.not_read(
            "GitHub " + std::string(operation) + " of " + repository.name + ": more pages; the rest was not read",
            "the older changes");
        return all;
    }

    std::string outcome(Repository const& repository, Json const& deployment) {
        if (asked_ == reach(question_.depth, most_statuses))
            return "";
        ++asked_;
        auto const id = integer_at(deployment, "id");
        if (!id)
            return "";
        auto const answer = aws_.call(call_of("github", "ListDeploymentStatuses",
            { { "repository", repository.name }, { "deployment", std::to_string(*id) } }));
        if (answer)
            return github_outcome(list_at(*answer, "statuses"));
        failed(answer.error(), repository.name);
        return "";
    }

    void keep(std::optional<Fact> fact, Repository const& repository, std::string_view path) {
        if (!fact)
            return;
        answering_.add(*std::move(fact), call_of("github", "ListDeployments"));
        commands_.push_back("gh api 'repos/" + replace_all(repository.name, "'", "") + std::string(path) + "'");
    }

    Answering answering_;
    Question const& question_;
    Aws& aws_;
    Window look_;
    std::vector<Gap> gaps_;
    std::vector<std::string> commands_; // one for each fact
    std::size_t asked_ = 0;
    bool stopped_ = false;
};

Answer collect(Question const& question, Aws& aws) {
    Reading reading(question, aws);
    auto const known = aws.call(call_of("github", "ListRepositories"));
    if (!known) {
        reading.failed(known.error(), "");
        return reading.take();
    }
    for (auto const& repository : repositories_in(*known, question)) {
        if (reading.stopped())
            break;
        reading.read(repository);
    }
    return reading.take();
}

} // namespace

sources::Registered make_github_changes() {
    return { &the_card, collect };
}

} // namespace convops
