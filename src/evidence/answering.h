// What every source does around its own reading: calls that leave a gap when they fail, and facts that carry their
// source, their console link and the command that reads the same.
#pragma once

#include "evidence/sources.h"

namespace convops {

// A call of this question: its region, and the card's deadline for all tries.
AwsCall call_of(std::string_view service, std::string_view operation, JsonObject params = {});

// The `aws ...` command that sends the same request, each argument quoted for a POSIX shell.
std::string command_of(AwsCall const& call, std::string_view region);

// The page of the AWS console that shows the resource; the service's front page for a type without its own.
std::string console_page(Resource const& resource, std::string_view region);

// A fact without source, link and command: what the pure part of a source makes.
Fact fact_about(Resource const& resource, Time at, std::string statement, FactDetail detail, Json value = nullptr);
Fact dependency_fact(Resource const& from, Resource const& to, std::string basis, Time at, bool declared = true);

// Hostile text inside a statement: cleaned, on one line and bounded.
std::string shown(std::string_view text, std::size_t bytes = 200);

// The same between quotation marks, without its full stop: the sentence around it has one.
std::string quoted_words(std::string_view text, std::size_t bytes = 300);

// When the trouble may have begun, as far as the alarm alone tells: it needed so many periods to fire.
Time likely_onset(Question const& question);

enum class ListEnd : std::uint8_t { whole, cut, failed };

struct PagedRead {
    AwsCall call;
    std::string_view list_path;
    std::string_view token_in;
    std::string_view token_out;
    int most_pages = 3;
};

class Answering {
public:
    Answering(SourceCard const& card, Question const& question, Aws& aws)
        : card_(card)
        , question_(question)
        , aws_(aws) { }

    // nullopt: failed, and the gap is noted. A resource that is not there (not_found) is no gap.
    std::optional<Json> read(AwsCall const& call);
    // All at the same time, in order.
    std::vector<std::optional<Json>> read_all(std::span<AwsCall const> calls);
    // The list at `list_path` over at most `most_pages` pages; a cut list leaves a gap that says so.
    JsonArray read_pages(PagedRead const& read);
    JsonArray read_pages(AwsCall const& call, std::string_view list_path, std::string_view token_in,
        std::string_view token_out, int most_pages) {
        return read_pages({ call, list_path, token_in, token_out, most_pages });
    }
    // The same, when the first page is known already.
    JsonArray read_pages_after(std::optional<Json> const& first, AwsCall call, std::string_view list_path,
        std::string_view token_in, std::string_view token_out, int most_pages);

    // Several paginated lists at once: page by page, all lists in parallel, so that the chain of dependent calls is
    // as long as the longest list.
    // `ends` says how each list ended: a list that could not be read is not an empty one.
    std::vector<JsonArray> read_lists(std::vector<PagedRead> reads, std::vector<ListEnd>* ends = nullptr);

    void add(Fact fact, AwsCall const& read_by);
    void add(std::vector<Fact> facts, AwsCall const& read_by);

    // Something that was not looked at, for another reason than a failed call.
    void not_read(std::string_view what_and_why, std::string_view would_have_told);

    [[nodiscard]] Question const& question() const { return question_; }
    // Neither a fact nor a gap yet.
    [[nodiscard]] bool nothing_so_far() const { return answer_.facts.empty() && answer_.gaps.empty(); }
    Answer take() { return std::move(answer_); }

    // The gap of a call that the source sent by itself.
    void failed(AwsCall const& call, Error const& error);

private:
    SourceCard const& card_;
    Question const& question_;
    Aws& aws_;
    Answer answer_;
};

// The ARN of something in the alarm's own account and Region: "sns", "orders". Empty when the account is not known.
std::string own_arn(Question const& question, std::string_view service, std::string_view tail);

// Distinct resources of one type: the centre for map sources, the neighbourhood for reading sources; nearest first,
// at most `most`.
std::vector<Resource> near_of_type(Question const& question, std::string_view type, std::size_t most);
bool is_centre(Question const& question, Resource const& resource);

} // namespace convops
