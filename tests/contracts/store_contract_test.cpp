// What every store promises, run over each of them; and what only the durable one promises: a crash loses nothing
// that was acknowledged and leaves no half transaction.
#include "adapters/memory/memory_store.h"
#include "adapters/sqlite/sqlite_store.h"
#include "base/check.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace convops {
namespace {

Time const start { Milliseconds { 1'795'464'000'000 } };
WorkspaceId const acme { "acme" };

// A directory that is gone with the test.
struct Folder {
    Folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "convops-store-XXXXXX").string();
        CHECK(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    std::filesystem::path path;
};

std::unique_ptr<Store> open_sqlite(std::filesystem::path const& folder) {
    auto store = open_sqlite_store((folder / "store.sqlite").string());
    CHECK(store.has_value());
    return std::move(*store);
}

struct StoreMaker {
    std::string name;
    std::unique_ptr<Store> (*make)(std::filesystem::path const& folder);
};

class StoreContract : public ::testing::TestWithParam<StoreMaker> {
protected:
    Folder folder;
    std::unique_ptr<Store> store = GetParam().make(folder.path);
};

ItemKey key(std::string sort, std::string partition = "things", WorkspaceId workspace = acme) {
    return { std::move(workspace), std::move(partition), std::move(sort) };
}

Write put(ItemKey key, std::string body, Write::Condition condition = Write::Condition::none,
    std::uint64_t version = 0, DataClass data_class = DataClass::pending_work, Time written_at = start) {
    Write write;
    write.item = Item { std::move(key), data_class, written_at, std::move(body), 0 };
    write.condition = condition;
    write.version = version;
    return write;
}

Write remove(ItemKey key, Write::Condition condition = Write::Condition::none, std::uint64_t version = 0) {
    Write write;
    write.kind = Write::Kind::remove;
    write.item.key = std::move(key);
    write.condition = condition;
    write.version = version;
    return write;
}

std::vector<std::string> sorts(Result<std::vector<Item>> const& items) {
    std::vector<std::string> found;
    if (items.has_value())
        for (auto const& item : *items)
            found.push_back(item.key.sort);
    return found;
}

using Sorts = std::vector<std::string>;

TEST_P(StoreContract, what_was_put_is_read_back_whole) {
    std::string const bytes("a\0b\xFFя", 6);
    ASSERT_TRUE(store->commit({ put(key(bytes), bytes, {}, 0, DataClass::action_log) }, start));
    auto const item = store->get(key(bytes), start);
    ASSERT_TRUE(item);
    EXPECT_EQ(item->body, bytes);
    EXPECT_EQ(item->key, key(bytes));
    EXPECT_EQ(item->version, 1U);
    EXPECT_EQ(item->data_class, DataClass::action_log);
    EXPECT_EQ(item->written_at, start);
}

TEST_P(StoreContract, an_absent_item_is_not_found) {
    EXPECT_EQ(store->get(key("none"), start).error().kind, ErrorKind::not_found);
}

TEST_P(StoreContract, an_empty_body_is_a_body) {
    ASSERT_TRUE(store->commit({ put(key("a"), "") }, start));
    EXPECT_EQ(store->get(key("a"), start)->body, "");
}

TEST_P(StoreContract, each_put_raises_the_version_by_one) {
    for (std::uint64_t i = 1; i <= 3; ++i) {
        ASSERT_TRUE(store->commit({ put(key("a"), "x") }, start));
        EXPECT_EQ(store->get(key("a"), start)->version, i);
    }
}

TEST_P(StoreContract, conditions_decide) {
    using Condition = Write::Condition;
    ASSERT_TRUE(store->commit({ put(key("a"), "1", Condition::absent) }, start));
    EXPECT_EQ(store->commit({ put(key("a"), "2", Condition::absent) }, start).error().kind, ErrorKind::conflict);
    EXPECT_EQ(
        store->commit({ put(key("a"), "2", Condition::version_is, 7) }, start).error().kind, ErrorKind::conflict);
    EXPECT_EQ(
        store->commit({ put(key("b"), "2", Condition::version_is, 1) }, start).error().kind, ErrorKind::conflict);
    ASSERT_TRUE(store->commit({ put(key("a"), "2", Condition::version_is, 1) }, start));
    EXPECT_EQ(store->get(key("a"), start)->body, "2");
    EXPECT_EQ(store->commit({ remove(key("a"), Condition::version_is, 1) }, start).error().kind, ErrorKind::conflict);
    ASSERT_TRUE(store->commit({ remove(key("a"), Condition::version_is, 2) }, start));
    EXPECT_FALSE(store->get(key("a"), start));
    EXPECT_TRUE(store->commit({ remove(key("a")) }, start)) << "removing what is not there is fine";
}

TEST_P(StoreContract, a_transaction_is_all_or_nothing) {
    ASSERT_TRUE(store->commit({ put(key("a"), "old") }, start));
    auto const result = store->commit(
        { put(key("a"), "new"), put(key("b"), "new"), put(key("a2"), "", Write::Condition::version_is, 9) }, start);
    EXPECT_EQ(result.error().kind, ErrorKind::conflict);
    EXPECT_EQ(store->get(key("a"), start)->body, "old");
    EXPECT_FALSE(store->get(key("b"), start));
}

TEST_P(StoreContract, limits_are_enforced) {
    std::vector<Write> many;
    for (std::size_t i = 0; i <= most_writes_in_transaction; ++i)
        many.push_back(put(key(std::to_string(i)), "x"));
    EXPECT_EQ(store->commit(many, start).error().kind, ErrorKind::invalid_input);
    many.pop_back();
    EXPECT_TRUE(store->commit(many, start));
    EXPECT_EQ(store->commit({ put(key("big"), std::string(most_item_bytes, 'x')) }, start).error().kind,
        ErrorKind::invalid_input);
    EXPECT_TRUE(store->commit({ put(key("big"), std::string(most_item_bytes - 100, 'x')) }, start));
    EXPECT_EQ(store->commit({ put(key("t"), "1"), remove(key("t")) }, start).error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(store->commit({ put(key(""), "1") }, start).error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(
        store->commit({ put(key("a", "p", WorkspaceId {}), "1") }, start).error().kind, ErrorKind::invalid_input);
    EXPECT_TRUE(store->commit({}, start));
}

TEST_P(StoreContract, a_query_is_a_range_of_one_partition_in_order) {
    ASSERT_TRUE(store->commit({ put(key("b/2"), "x"), put(key("a/1"), "x"), put(key("b/1"), "x"), put(key("c"), "x"),
                                  put(key("b/1", "other"), "x"),
                                  put(key("b/1", "things", WorkspaceId { "evil" }), "x"), put(key("b\xFF"), "x") },
        start));
    EXPECT_EQ(sorts(store->query(acme, "things", {}, 100, start)), (Sorts { "a/1", "b/1", "b/2", "b\xFF", "c" }));
    EXPECT_EQ(
        sorts(store->query(acme, "things", SortRange::starting_with("b/"), 100, start)), (Sorts { "b/1", "b/2" }));
    EXPECT_EQ(sorts(store->query(acme, "things", { "b/1", "b/2" }, 100, start)), (Sorts { "b/1" }));
    EXPECT_EQ(sorts(store->query(acme, "things", {}, 2, start)), (Sorts { "a/1", "b/1" }));
    EXPECT_EQ(sorts(store->query(acme, "things", {}, 0, start)), Sorts {});
    EXPECT_EQ(sorts(store->query(acme, "thing", {}, 9, start)), Sorts {});
}

TEST_P(StoreContract, tenants_never_see_each_other) {
    ASSERT_TRUE(store->commit({ put(key("a"), "secret") }, start));
    EXPECT_FALSE(store->get(key("a", "things", WorkspaceId { "acm" }), start));
    EXPECT_FALSE(store->get(key("a", "things", WorkspaceId { "acme/" }), start));
    ASSERT_TRUE(store->commit({ remove(key("a", "things", WorkspaceId { "other" })) }, start));
    EXPECT_TRUE(store->get(key("a"), start));
}

TEST_P(StoreContract, an_expired_item_does_not_exist) {
    auto const expiry = start + Hours { 24 }; // registration tokens
    auto const token = [&](Write::Condition condition, Time at) {
        return put(key("t"), "x", condition, 0, DataClass::registration_tokens, at);
    };
    ASSERT_TRUE(store->commit({ token(Write::Condition::absent, start) }, start));
    ASSERT_TRUE(store->commit({ token(Write::Condition::none, start) }, start));
    EXPECT_TRUE(store->get(key("t"), expiry - Milliseconds { 1 }));
    EXPECT_FALSE(store->get(key("t"), expiry));
    EXPECT_EQ(sorts(store->query(acme, "things", {}, 9, expiry)), Sorts {});
    EXPECT_EQ(store->commit({ put(key("t"), "y", Write::Condition::version_is, 2) }, expiry).error().kind,
        ErrorKind::conflict);
    ASSERT_TRUE(store->commit({ token(Write::Condition::absent, expiry) }, expiry)) << "expired counts as absent";
    EXPECT_EQ(store->get(key("t"), expiry)->version, 1U);
}

TEST_P(StoreContract, a_sweep_deletes_only_what_has_expired_and_at_most_the_limit) {
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(
            store->commit({ put(key("t" + std::to_string(i)), "x", {}, 0, DataClass::registration_tokens) }, start));
    ASSERT_TRUE(store->commit({ put(key("kept"), "x", {}, 0, DataClass::account_metadata) }, start));
    auto const later = start + Days { 3650 };
    EXPECT_EQ(*store->sweep(start, 100), 0U);
    EXPECT_EQ(*store->sweep(later, 3), 3U);
    EXPECT_EQ(*store->sweep(later, 100), 2U);
    EXPECT_EQ(sorts(store->query(acme, "things", {}, 9, later)), Sorts { "kept" });
}

TEST_P(StoreContract, counting_from_many_threads_loses_no_step) {
    constexpr int threads = 4;
    constexpr int steps = 25;
    ASSERT_TRUE(store->commit({ put(key("n"), "0") }, start));
    std::atomic<int> failures = 0;
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; ++t)
        workers.emplace_back([&] {
            for (int done = 0; done < steps;) {
                auto const item = store->get(key("n"), start);
                if (!item || !store->query(acme, "things", {}, 9, start)) {
                    ++failures;
                    return;
                }
                auto const next = std::to_string(std::stoi(item->body) + 1);
                auto const result
                    = store->commit({ put(key("n"), next, Write::Condition::version_is, item->version) }, start);
                if (result)
                    ++done;
                else if (result.error().kind != ErrorKind::conflict)
                    ++failures;
            }
        });
    for (auto& worker : workers)
        worker.join();
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(store->get(key("n"), start)->body, std::to_string(threads * steps));
}

// Commits that arrive together may share one transaction of the disk; what one of them may not do stays its own.
TEST_P(StoreContract, commits_at_once_fail_each_for_itself) {
    constexpr int threads = 12;
    constexpr int steps = 40;
    ASSERT_TRUE(store->commit({ put(key("taken"), "1") }, start));
    std::atomic<int> surprises { 0 };
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; ++t)
        workers.emplace_back([&, t] {
            for (int i = 0; i < steps; ++i) {
                auto const name = std::to_string(t) + "/" + std::to_string(i);
                std::vector<Write> writes { put(key(name + "/a"), "x"), put(key(name + "/b"), "y") };
                bool const fails = (t + i) % 3 == 0;
                if (fails) // after two writes that must not stay
                    writes.push_back(put(key("taken"), "2", Write::Condition::absent));
                auto const result = store->commit(writes, start);
                bool const as_expected = fails ? !result && result.error().kind == ErrorKind::conflict : bool(result);
                // Committed means readable, at once and from this thread.
                bool const there = store->get(key(name + "/a"), start).has_value()
                    && store->get(key(name + "/b"), start).has_value();
                surprises += as_expected && there != fails ? 0 : 1;
            }
        });
    for (auto& worker : workers)
        worker.join();
    EXPECT_EQ(surprises, 0);
    EXPECT_EQ(store->get(key("taken"), start)->body, "1");
}

TEST_P(StoreContract, a_sweep_beyond_one_batch_takes_all_it_may) {
    for (int i = 0; i < 700; ++i)
        ASSERT_TRUE(store->commit({ put(key(std::to_string(i)), "x") }, start));
    auto const later = start + Days { 8 };
    EXPECT_EQ(*store->sweep(later, 650), 650U);
    EXPECT_EQ(*store->sweep(later, 650), 50U);
    EXPECT_EQ(*store->sweep(later, 650), 0U);
}

INSTANTIATE_TEST_SUITE_P(EveryStore, StoreContract,
    ::testing::Values(
        StoreMaker { "memory",
            [](std::filesystem::path const&) -> std::unique_ptr<Store> { return std::make_unique<MemoryStore>(); } },
        StoreMaker { "sqlite", open_sqlite }),
    [](auto const& instance) { return instance.param.name; });

TEST(SqliteStore, what_was_committed_is_there_after_reopening) {
    Folder folder;
    ASSERT_TRUE(open_sqlite(folder.path)->commit({ put(key("a"), "1") }, start));
    EXPECT_EQ(open_sqlite(folder.path)->get(key("a"), start)->body, "1");
}

TEST(SqliteStore, its_files_are_for_the_owner_only) {
    Folder folder;
    auto const store = open_sqlite(folder.path);
    ASSERT_TRUE(store->commit({ put(key("a"), "1") }, start));
    int files = 0;
    for (auto const& entry : std::filesystem::directory_iterator(folder.path)) {
        struct stat status {};
        ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777, 0600U) << entry.path();
        ++files;
    }
    EXPECT_GE(files, 2) << "the database and its write-ahead log";
}

TEST(SqliteStore, a_file_that_is_not_ours_is_refused_and_left_alone) {
    Folder folder;
    auto const path = folder.path / "store.sqlite";
    std::ofstream(path) << "dear diary, this is certainly not a database, however long it is made\n";
    auto const before = std::filesystem::file_size(path);
    auto const store = open_sqlite_store(path.string());
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().kind, ErrorKind::corrupt);
    EXPECT_EQ(std::filesystem::file_size(path), before);
    EXPECT_EQ(open_sqlite_store((folder.path / "no" / "such").string()).error().kind, ErrorKind::not_found);
}

TEST(SqliteStore, two_processes_worth_of_connections_share_one_file) {
    Folder folder;
    auto const one = open_sqlite(folder.path);
    auto const two = open_sqlite(folder.path);
    ASSERT_TRUE(one->commit({ put(key("a"), "1", Write::Condition::absent) }, start));
    EXPECT_EQ(two->commit({ put(key("a"), "2", Write::Condition::absent) }, start).error().kind, ErrorKind::conflict);
    EXPECT_EQ(two->get(key("a"), start)->body, "1");
}

TEST(SqliteStore, the_log_does_not_grow_without_end_while_threads_write) {
    Folder folder;
    auto const store = open_sqlite(folder.path);
    std::string const body(20'000, 'x');
    std::vector<std::thread> workers;
    for (int t = 0; t < 4; ++t)
        workers.emplace_back([&, t] {
            for (int i = 0; i < 1'500; ++i)
                EXPECT_TRUE(store->commit({ put(key(std::to_string(t)), body) }, start));
        });
    for (auto& worker : workers)
        worker.join();
    // 6,000 commits of at least 5 pages are more than 120 MB of log.
    EXPECT_LT(std::filesystem::file_size(folder.path / "store.sqlite-wal"), std::uintmax_t { 100 } << 20);
}

// --- Crash: a child commits in a loop, tells each commit through a pipe once it returned, and is killed. ---

constexpr int writes_per_crash_transaction = 3;

[[noreturn]] void commit_until_killed(std::filesystem::path const& folder, int round, int pipe) {
    auto const store = open_sqlite(folder);
    for (std::uint32_t n = 0;; ++n) {
        std::vector<Write> writes;
        for (int part = 0; part < writes_per_crash_transaction; ++part)
            writes.push_back(put(key(std::to_string(round) + "/" + std::to_string(n) + "/" + std::to_string(part)),
                std::string(500, 'x'), Write::Condition::absent));
        if (!store->commit(writes, start) || ::write(pipe, &n, sizeof n) != sizeof n)
            ::_exit(1);
    }
}

TEST(SqliteStore, a_killed_process_loses_no_acknowledged_commit_and_leaves_no_half_transaction) {
    Folder folder;
    constexpr int rounds = 5;
    for (int round = 0; round < rounds; ++round) {
        int ends[2];
        ASSERT_EQ(::pipe(ends), 0);
        auto const child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0)
            commit_until_killed(folder.path, round, ends[1]);
        ::close(ends[1]);
        std::uint32_t acknowledged = 0;
        auto const wanted = static_cast<std::uint32_t>(5 + 7 * round); // die in a different place each time
        while (::read(ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged && acknowledged < wanted) {
        }
        ::kill(child, SIGKILL);
        // What it managed to acknowledge between our last read and its death counts as well.
        while (::read(ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) { }
        ::close(ends[0]);
        ::waitpid(child, nullptr, 0);
        ASSERT_GE(acknowledged, wanted);

        auto const store = open_sqlite(folder.path);
        std::map<std::string, int> parts; // transaction -> writes found
        for (auto const& sort : sorts(store->query(
                 acme, "things", SortRange::starting_with(std::to_string(round) + "/"), 1'000'000, start)))
            ++parts[sort.substr(0, sort.rfind('/'))];
        for (std::uint32_t n = 0; n <= acknowledged; ++n)
            EXPECT_TRUE(parts.contains(std::to_string(round) + "/" + std::to_string(n))) << "lost commit " << n;
        for (auto const& [transaction, count] : parts)
            EXPECT_EQ(count, writes_per_crash_transaction) << "half transaction " << transaction;
    }
}

} // namespace
} // namespace convops
