#include "app/incident_pages.h"

#include "adapters/memory/memory_store.h"
#include "adapters/memory/simulated_clock.h"
#include "app/working_set.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace convops {
namespace {

WorkspaceId const acme { "acme" };
IncidentId const known { "INC-20261120T143000-0102030405" };
Time const opened { Milliseconds { 1'795'464'000'000 } };

// A store with one incident that nothing was kept of but its record, and the pages over it.
struct Pages {
    MemoryStore store;
    SimulatedClock clock { opened + Hours { 1 } };
    SeededEntropy entropy { 7 };
    std::filesystem::path folder;
    std::optional<IncidentPages> pages;
    std::vector<HttpRoute> routes;

    Pages() {
        auto pattern = (std::filesystem::temp_directory_path() / "convops-pages-XXXXXX").string();
        folder = mkdtemp(pattern.data());
        auto key = PageKey::open(folder, entropy);
        EXPECT_TRUE(key);
        IncidentRecord record;
        record.incident.id = known;
        record.incident.workspace = acme;
        record.incident.opened_at = opened;
        Alarm alarm;
        alarm.name = "<b>checkout</b>";
        alarm.changed_at = opened;
        record.incident.alarms["arn:x"] = { alarm, { opened } };
        Write write;
        write.item
            = { keys::incident(acme, known), DataClass::diagnosis_summaries, opened, to_text(to_json(record)), 0 };
        EXPECT_TRUE(store.commit({ write }, opened));
        pages.emplace(
            IncidentPages { store, clock, *key, acme, folder / "capsules", [](Time) { return Reader {}; } });
        routes = incident_page_routes(*pages);
    }
    ~Pages() { std::filesystem::remove_all(folder); }
    Pages(Pages const&) = delete;
    Pages& operator=(Pages const&) = delete;

    HttpReply get(std::string path, std::string query) {
        ServerRequest request;
        request.method = "GET";
        request.path = std::move(path);
        request.query = std::move(query);
        return answer(routes, request);
    }
    [[nodiscard]] std::string key_of(IncidentId const& incident) const {
        return "key=" + pages->key.of(acme, incident);
    }
};

std::string header_of(HttpReply const& reply, std::string_view name) {
    for (auto const& [key, value] : reply.headers)
        if (key == name)
            return value;
    return {};
}

TEST(IncidentPages, a_link_opens_the_report_as_a_page_and_as_markdown) {
    Pages pages;
    auto const page = pages.get("/incidents/" + known.text, pages.key_of(known));
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_NE(page.body.find("&lt;b&gt;checkout"), std::string::npos) << "hostile text is shown, not obeyed";
    EXPECT_EQ(page.body.find("<b>checkout"), std::string::npos);
    EXPECT_NE(header_of(page, "Content-Security-Policy").find("default-src 'none'"), std::string::npos);
    EXPECT_EQ(header_of(page, "Referrer-Policy"), "no-referrer");
    EXPECT_EQ(header_of(page, "X-Robots-Tag"), "noindex, nofollow");
    auto const markdown = pages.get("/incidents/" + known.text + ".md", pages.key_of(known));
    EXPECT_EQ(markdown.status, 200);
    EXPECT_EQ(markdown.content_type, "text/markdown; charset=utf-8");
    EXPECT_TRUE(markdown.body.starts_with("# Incident report: &lt;b&gt;checkout"));
}

TEST(IncidentPages, whatever_is_wrong_is_answered_alike) {
    Pages pages;
    IncidentId const unknown { "INC-20261120T143000-ffffffffff" };
    auto right = pages.key_of(known);
    auto forged = right;
    forged.back() = forged.back() == '0' ? '1' : '0';
    auto const first = pages.get("/incidents/" + known.text, "");
    EXPECT_EQ(first.status, 404);
    for (auto const& [incident, query] : std::initializer_list<std::pair<IncidentId, std::string>> {
             { known, forged }, { known, "key=" }, { known, right + "0" }, { unknown, right },
             { unknown, pages.key_of(unknown) }, { unknown, "" }, { known, "x=" + right } }) {
        auto const reply = pages.get("/incidents/" + incident.text, query);
        EXPECT_EQ(reply.status, 404) << query;
        EXPECT_EQ(reply.body, first.body);
        EXPECT_EQ(reply.headers, first.headers);
    }
    pages.clock.advance(Days { 91 });
    EXPECT_EQ(pages.get("/incidents/" + known.text, right).status, 404) << "past its retention";
}

TEST(IncidentPages, the_key_outlives_a_restart_and_only_its_owner_reads_it) {
    Pages pages;
    auto const again = PageKey::open(pages.folder, pages.entropy);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->of(acme, known), pages.pages->key.of(acme, known));
    EXPECT_NE(again->of(WorkspaceId { "other" }, known), again->of(acme, known));
    auto const mode = std::filesystem::status(pages.folder / "page.key").permissions();
    EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

} // namespace
} // namespace convops
