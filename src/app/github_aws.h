// The port Aws with GitHub behind it: calls of the service "github" become requests to GitHub's REST API, everything
// else goes on to AWS. So what GitHub said is recorded, replayed, bounded and turned into gaps like every other read.
//
// The token lies in the customer's Secrets Manager. It is read when the first request needs it, kept in memory for
// this reader alone (one investigation) and zeroed with it. It is in no answer, so no capsule can hold it.
#pragma once

#include "adapters/aws/secret.h"
#include "app/settings.h"
#include "ports/aws.h"
#include "ports/clock.h"
#include "ports/http.h"

#include <memory>
#include <mutex>

namespace convops {

struct GithubAccess {
    std::string api_url = "https://api.github.com"; // of GitHub Enterprise: "https://github.example.com/api/v3"
    std::map<std::string, std::string>
        repositories; // "owner/name" -> "checkout, mailer"; empty: no service of its own
    std::function<Result<Secret>()> read_token; // through the customer's role
};

class GithubAws final : public Aws {
public:
    GithubAws(std::unique_ptr<Aws> inner, GithubAccess access, Http& http, Clock& clock)
        : inner_(std::move(inner))
        , access_(std::move(access))
        , http_(http)
        , clock_(clock) { }

    Result<Json> call(AwsCall const& call) override;
    std::vector<Result<Json>> call_all(std::span<AwsCall const> calls) override;
    // Requests to AWS: GitHub's are not AWS calls, reading the token is one.
    [[nodiscard]] int calls_made() const override;
    [[nodiscard]] std::string account() const override { return inner_->account(); }
    [[nodiscard]] std::string region() const override { return inner_->region(); }

private:
    Result<Json> ask(AwsCall const& call);
    Result<HttpResponse> send(HttpRequest const& request, AwsCall const& call);
    Result<Secret> token();

    std::unique_ptr<Aws> inner_;
    GithubAccess access_;
    Http& http_;
    Clock& clock_;
    mutable std::mutex mutex_;
    std::optional<Result<Secret>> token_; // guarded by mutex_; a refusal is remembered too
};

// The token in a secret's text: the text itself, or the member "token" of a JSON object, as the console writes pairs.
// invalid_input, without any of the text, when it can be no token.
Result<Secret> github_token_in(std::string_view secret_string);

// The members of GitHub's answer that a source reads; the rest (mail addresses, pictures, a hundred links) is dropped
// before anything is kept.
Json github_answer(std::string_view operation, Json const& body);

// The `page` of the link whose rel is "next"; "" on the last page.
// https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
std::string next_page_in(std::string_view link_header);

// "https://api.github.com" -> "https://github.com", "https://github.example.com/api/v3" ->
// "https://github.example.com".
std::string github_pages_of(std::string_view api_url);

// Where the API of a connection's repositories is: CONVOPS_GITHUB_URL, its own Enterprise server, or github.com's.
std::string github_url_of(Settings::Connection const& connection, EnvironmentLookup const& environment);

// The reader with GitHub behind it, as the connection configures it; without repositories it only says that there are
// none.
std::unique_ptr<Aws> with_github(std::unique_ptr<Aws> inner, Settings::Connection const& connection,
    EnvironmentLookup const& environment, std::function<Result<Secret>()> read_secret, Http& http, Clock& clock);

} // namespace convops
