#include "app/incident_pages.h"

#include "adapters/crypto/keyed_digest.h"
#include "adapters/files/files.h"
#include "app/incident_report.h"
#include "app/log.h"
#include "base/text.h"

namespace convops {

namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::string_view query_prefix = "key=";
constexpr std::string_view markdown_end = ".md";

HttpReply not_there() {
    auto reply = error_reply(404, "no such page");
    reply.headers.emplace_back("Cache-Control", "no-store");
    return reply;
}

// Whoever has the link may read; nobody else shall learn of it through a referrer, a search engine or a cache.
HttpReply page(std::string body, std::string content_type) {
    HttpReply reply;
    reply.body = std::move(body);
    reply.content_type = std::move(content_type);
    reply.headers = { { "Content-Security-Policy", std::string(report_policy) + "; frame-ancestors 'none'" },
        { "Referrer-Policy", "no-referrer" }, { "X-Robots-Tag", "noindex, nofollow" },
        { "X-Content-Type-Options", "nosniff" }, { "Cache-Control", "private, no-store" } };
    return reply;
}

HttpReply answer_for(IncidentPages const& pages, ServerRequest const& request, std::string_view segment) {
    bool const markdown = segment.ends_with(markdown_end);
    if (markdown)
        segment.remove_suffix(markdown_end.size());
    IncidentId const incident { std::string(segment) };
    auto const given = request.query.starts_with(query_prefix)
        ? std::string_view(request.query).substr(query_prefix.size())
        : std::string_view();
    if (!same_secret(given, pages.key.of(pages.workspace, incident)))
        return not_there();
    auto const now = pages.clock.now();
    static SharedShelf const none;
    auto const report = report_from_store(pages.store, pages.workspace, incident, pages.capsules, pages.reader(now),
        now, pages.runbooks == nullptr ? none : *pages.runbooks);
    if (!report) {
        if (report.error().kind == ErrorKind::not_found) // Past its retention.
            return not_there();
        log_error("report_failed", { { "incident", incident.text }, { "why", report.error().message } });
        return error_reply(503, "the report can not be read now");
    }
    return markdown ? page(report_markdown(*report), "text/markdown; charset=utf-8")
                    : page(report_html(*report), "text/html; charset=utf-8");
}

} // namespace

Result<PageKey> PageKey::open(std::filesystem::path const& state, Entropy& entropy) {
    auto const file = state / "page.key";
    std::error_code error;
    if (!std::filesystem::exists(file, error)) {
        std::string bytes;
        while (bytes.size() < key_bytes) {
            auto number = entropy.next();
            for (int i = 0; i < 8; ++i, number >>= 8U)
                bytes += static_cast<char>(number & 0xFFU);
        }
        TRY(write_file(file, bytes).with_context("key of the incident pages"));
        return PageKey(std::move(bytes));
    }
    auto bytes = TRY(read_file(file, 2 * key_bytes).with_context("key of the incident pages"));
    if (bytes.size() != key_bytes)
        return Error { ErrorKind::corrupt,
            file.string() + " is not a key; remove it to make a new one, and links sent so far stop to open" };
    return PageKey(std::move(bytes));
}

std::string PageKey::of(WorkspaceId const& workspace, IncidentId const& incident) const {
    // The length in front: no two pairs make the same text.
    auto const text = "convops incident page 1\n" + std::to_string(workspace.text.size()) + "\n" + workspace.text
        + "\n" + incident.text;
    return to_hex(hmac_sha256(bytes_, text));
}

std::vector<HttpRoute> incident_page_routes(IncidentPages const& pages) {
    return { { "GET", "/incidents/*", [&pages](ServerRequest const& request, std::string_view segment) {
                  return answer_for(pages, request, segment);
              } } };
}

} // namespace convops
