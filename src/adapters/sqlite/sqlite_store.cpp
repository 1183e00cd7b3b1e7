#include "adapters/sqlite/sqlite_store.h"

#include "adapters/sqlite/checkpointer.h"
#include "base/leader_line.h"
#include "ports/store_rules.h"

#include <sqlite3.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <fcntl.h>
#include <mutex>
#include <sys/stat.h>
#include <unistd.h>

namespace convops {

namespace {

constexpr int schema_version = 1;
constexpr int application_id = 0x436F4F70; // "CoOp": https://www.sqlite.org/pragma.html#pragma_application_id
// Another process (the command line, a backup) may hold the write lock for a moment.
constexpr int busy_timeout_ms = 10'000;
// Bounds of one SQLite transaction: what shares an fsync also shares its failure.
constexpr std::size_t most_commits_in_group = 64;
constexpr std::size_t most_swept_at_once = 200; // commits wait while it runs

// Keys and bodies are BLOBs, so that they compare as bytes and may hold any byte. The rowid table plus a unique index
// is faster here than WITHOUT ROWID, because bodies are large.
constexpr char const* schema = R"(
CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    workspace BLOB NOT NULL,
    partition BLOB NOT NULL,
    sort BLOB NOT NULL,
    version INTEGER NOT NULL,
    class INTEGER NOT NULL,
    written_at INTEGER NOT NULL,
    expires_at INTEGER,
    body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX items_by_key ON items (workspace, partition, sort);
CREATE INDEX items_by_expiry ON items (expires_at) WHERE expires_at IS NOT NULL;
)";

Error translate(SQLite::Exception const& exception) {
    auto const words = "sqlite: " + std::string(exception.what());
    switch (exception.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return { ErrorKind::timeout, words };
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return { ErrorKind::corrupt, words };
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
        return { ErrorKind::access_denied, words };
    case SQLITE_TOOBIG:
        return { ErrorKind::invalid_input, words };
    default: // SQLITE_FULL, SQLITE_IOERR, SQLITE_NOMEM: the outside failed
        return { ErrorKind::unavailable, words };
    }
}

std::int64_t milliseconds(Time time) {
    return time.time_since_epoch().count();
}

void bind_bytes(SQLite::Statement& statement, int index, std::string_view bytes) {
    // A null pointer would bind NULL; an empty view may have one.
    statement.bindNoCopy(index, bytes.data() == nullptr ? "" : bytes.data(), static_cast<int>(bytes.size()));
}

void bind_key(SQLite::Statement& statement, ItemKey const& key) {
    bind_bytes(statement, 1, key.workspace.text);
    bind_bytes(statement, 2, key.partition);
    bind_bytes(statement, 3, key.sort);
}

std::string bytes_of(SQLite::Column const& column) {
    auto const* bytes = static_cast<char const*>(column.getBlob());
    return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(column.getBytes()));
}

// Resets on the way out, so that no read transaction stays open: an open one would stop checkpoints.
class Use {
public:
    explicit Use(SQLite::Statement& statement)
        : statement_(statement) { }
    ~Use() { (void)statement_.tryReset(); }
    Use(Use const&) = delete;
    Use& operator=(Use const&) = delete;

private:
    SQLite::Statement& statement_;
};

Item item_from(SQLite::Statement& row, ItemKey key) { // columns: version, class, written_at, body
    Item item;
    item.key = std::move(key);
    item.version = static_cast<std::uint64_t>(row.getColumn(0).getInt64());
    item.data_class = static_cast<DataClass>(row.getColumn(1).getInt());
    item.written_at = Time { Milliseconds { row.getColumn(2).getInt64() } };
    item.body = bytes_of(row.getColumn(3));
    return item;
}

void prepare(SQLite::Database& database) {
    database.setBusyTimeout(busy_timeout_ms);
    database.exec("PRAGMA trusted_schema = OFF");
    database.exec("PRAGMA cell_size_check = ON"); // find damage when it is read, not later
    database.exec("PRAGMA secure_delete = ON"); // erased means overwritten (privacy)
    database.exec("PRAGMA temp_store = MEMORY");
}

int pragma_number(SQLite::Database& database, char const* text) {
    SQLite::Statement statement(database, text);
    return statement.executeStep() ? statement.getColumn(0).getInt() : 0;
}

struct Connection {
    Connection(std::string const& path, char const* pragma)
        : database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX) {
        prepare(database);
        database.exec(pragma);
        database.exec("PRAGMA wal_autocheckpoint = 0"); // the checkpointer's work
    }
    SQLite::Database database;
};

struct Writer : Connection {
    explicit Writer(std::string const& path)
        : Connection(path, "PRAGMA synchronous = FULL")
        , version_of(database,
              "SELECT version FROM items WHERE workspace=?1 AND partition=?2 AND sort=?3"
              " AND (expires_at IS NULL OR expires_at > ?4)")
        , put(database,
              "INSERT INTO items (workspace,partition,sort,version,class,written_at,expires_at,body)"
              " VALUES (?1,?2,?3,?4,?5,?6,?7,?8) ON CONFLICT (workspace,partition,sort) DO UPDATE SET"
              " version=?4, class=?5, written_at=?6, expires_at=?7, body=?8")
        , remove(database, "DELETE FROM items WHERE workspace=?1 AND partition=?2 AND sort=?3")
        , sweep(database,
              "DELETE FROM items WHERE id IN"
              " (SELECT id FROM items WHERE expires_at IS NOT NULL AND expires_at <= ?1 LIMIT ?2)")
        , begin_one(database, "SAVEPOINT one")
        , undo_one(database, "ROLLBACK TO one")
        , end_one(database, "RELEASE one") { }
    std::mutex mutex; // held while writing
    SQLite::Statement version_of;
    SQLite::Statement put;
    SQLite::Statement remove;
    SQLite::Statement sweep;
    // Within the transaction of a group, each logical transaction can be undone for itself.
    SQLite::Statement begin_one;
    SQLite::Statement undo_one;
    SQLite::Statement end_one;
};

struct Reader : Connection {
    explicit Reader(std::string const& path)
        : Connection(path, "PRAGMA query_only = ON")
        , get(database,
              "SELECT version, class, written_at, body FROM items WHERE workspace=?1 AND partition=?2 AND sort=?3"
              " AND (expires_at IS NULL OR expires_at > ?4)")
        , query(database,
              "SELECT version, class, written_at, body, sort FROM items WHERE workspace=?1 AND partition=?2"
              " AND sort>=?3 AND (?4 OR sort<?5) AND (expires_at IS NULL OR expires_at > ?6) ORDER BY sort LIMIT "
              "?7") { }
    SQLite::Statement get;
    SQLite::Statement query;
};

// A few reading connections, so that a reader that is slow, or that the scheduler has put aside, holds up nobody.
class Readers {
public:
    explicit Readers(std::string const& path) {
        for (std::size_t i = 0; i < how_many; ++i)
            free_.push_back(std::make_unique<Reader>(path));
    }

    class Lent {
    public:
        explicit Lent(Readers& readers)
            : readers_(readers)
            , reader_(readers.take()) { }
        ~Lent() { readers_.give_back(std::move(reader_)); }
        Lent(Lent const&) = delete;
        Lent& operator=(Lent const&) = delete;
        Reader* operator->() const { return reader_.get(); }

    private:
        Readers& readers_;
        std::unique_ptr<Reader> reader_;
    };

private:
    std::unique_ptr<Reader> take() {
        std::unique_lock lock(mutex_);
        given_back_.wait(lock, [&] { return !free_.empty(); });
        auto reader = std::move(free_.back());
        free_.pop_back();
        return reader;
    }
    void give_back(std::unique_ptr<Reader> reader) {
        {
            std::lock_guard const lock(mutex_);
            free_.push_back(std::move(reader));
        }
        given_back_.notify_one();
    }

    static constexpr std::size_t how_many = 4;
    std::mutex mutex_;
    std::condition_variable given_back_;
    std::vector<std::unique_ptr<Reader>> free_; // guarded by mutex_
};

class SqliteStore final : public Store {
public:
    explicit SqliteStore(std::string const& path)
        : writer_(path)
        , readers_(path)
        , checkpointer_(path, writer_.mutex) {
        // Called after each commit with the length of the log: https://www.sqlite.org/c3ref/wal_hook.html
        sqlite3_wal_hook(
            writer_.database.getHandle(),
            [](void* checkpointer, sqlite3*, char const*, int pages) {
                static_cast<Checkpointer*>(checkpointer)->log_has(pages);
                return SQLITE_OK;
            },
            &checkpointer_);
    }

    Result<Item> get(ItemKey const& key, Time now) override {
        Readers::Lent const reader(readers_);
        try {
            auto& get = reader->get;
            Use const use(get);
            bind_key(get, key);
            get.bind(4, milliseconds(now));
            if (!get.executeStep())
                return Error { ErrorKind::not_found, "store: no " + key.partition + " " + key.sort };
            return item_from(get, key);
        } catch (SQLite::Exception const& exception) {
            return translate(exception);
        }
    }

    // Durable when it returns. Commits that arrive while another one syncs share the next transaction and its fsync.
    Result<> commit(std::vector<Write> const& writes, Time now) override {
        TRY(check_writes(writes));
        OneCommit one { &writes, now };
        line_.run(
            one, most_commits_in_group, [](OneCommit const&, OneCommit const&) { return true; },
            [this](std::span<OneCommit* const> group) { commit_group(group); });
        return one.result;
    }

    Result<std::vector<Item>> query(WorkspaceId const& workspace, std::string_view partition, SortRange const& range,
        std::size_t limit, Time now) override {
        Readers::Lent const reader(readers_);
        try {
            auto& query = reader->query;
            Use const use(query);
            bind_bytes(query, 1, workspace.text);
            bind_bytes(query, 2, partition);
            bind_bytes(query, 3, range.from);
            query.bind(4, range.to.empty() ? 1 : 0);
            bind_bytes(query, 5, range.to);
            query.bind(6, milliseconds(now));
            query.bind(7, static_cast<std::int64_t>(std::min<std::size_t>(limit, INT64_MAX)));
            std::vector<Item> found;
            while (query.executeStep())
                found.push_back(
                    item_from(query, { workspace, std::string(partition), bytes_of(query.getColumn(4)) }));
            return found;
        } catch (SQLite::Exception const& exception) {
            return translate(exception);
        }
    }

    Result<std::size_t> sweep(Time now, std::size_t limit) override {
        std::size_t swept = 0;
        while (swept < limit) {
            auto const at_once = std::min(limit - swept, most_swept_at_once);
            auto const now_swept = TRY(sweep_some(now, at_once));
            swept += now_swept;
            if (now_swept < at_once)
                break;
        }
        return swept;
    }

private:
    struct OneCommit {
        std::vector<Write> const* writes;
        Time now;
        Result<> result = Error { ErrorKind::unavailable, "sqlite: the group of this commit was given up" };
    };

    // One SQLite transaction, and one fsync, for all of them. A condition that does not hold undoes its own writes
    // only; an error of the disk undoes all.
    void commit_group(std::span<OneCommit* const> group) {
        std::scoped_lock const lock(writer_.mutex);
        try {
            // IMMEDIATE: takes the write lock now, so that a condition checked here still holds at the commit.
            SQLite::Transaction transaction(writer_.database, SQLite::TransactionBehavior::IMMEDIATE);
            for (auto* one : group)
                one->result = apply_one(*one);
            transaction.commit();
        } catch (SQLite::Exception const& exception) {
            // Also those that looked good: nothing was written.
            for (auto* one : group)
                if (one->result || one->result.error().kind != ErrorKind::conflict)
                    one->result = translate(exception);
        }
    }

    Result<> apply_one(OneCommit const& one) {
        run(writer_.begin_one);
        auto result = apply_writes(one);
        // A full disk and its like end the whole transaction: https://www.sqlite.org/lang_transaction.html
        if (sqlite3_get_autocommit(writer_.database.getHandle()) != 0)
            throw SQLite::Exception(writer_.database.getHandle());
        if (!result)
            run(writer_.undo_one);
        run(writer_.end_one);
        return result;
    }

    Result<> apply_writes(OneCommit const& one) {
        try {
            for (auto const& write : *one.writes)
                TRY(apply(write, one.now));
            return {};
        } catch (SQLite::Exception const& exception) {
            return translate(exception);
        }
    }

    static void run(SQLite::Statement& statement) {
        Use const use(statement);
        statement.exec();
    }

    Result<std::size_t> sweep_some(Time now, std::size_t limit) {
        std::scoped_lock const lock(writer_.mutex);
        try {
            Use const use(writer_.sweep);
            writer_.sweep.bind(1, milliseconds(now));
            writer_.sweep.bind(2, static_cast<std::int64_t>(limit));
            return static_cast<std::size_t>(writer_.sweep.exec());
        } catch (SQLite::Exception const& exception) {
            return translate(exception);
        }
    }

    std::optional<std::uint64_t> live_version(ItemKey const& key, Time now) {
        Use const use(writer_.version_of);
        bind_key(writer_.version_of, key);
        writer_.version_of.bind(4, milliseconds(now));
        if (!writer_.version_of.executeStep())
            return std::nullopt;
        return static_cast<std::uint64_t>(writer_.version_of.getColumn(0).getInt64());
    }

    Result<> apply(Write const& write, Time now) {
        auto const version = live_version(write.item.key, now);
        if ((write.condition == Write::Condition::absent && version)
            || (write.condition == Write::Condition::version_is && version != write.version))
            return condition_failed(write);
        if (write.kind == Write::Kind::remove) {
            Use const use(writer_.remove);
            bind_key(writer_.remove, write.item.key);
            writer_.remove.exec();
            return {};
        }
        auto& put = writer_.put;
        Use const use(put);
        bind_key(put, write.item.key);
        put.bind(4, static_cast<std::int64_t>(version.value_or(0) + 1));
        put.bind(5, static_cast<int>(write.item.data_class));
        put.bind(6, milliseconds(write.item.written_at));
        if (auto const expiry = expiry_of(write.item))
            put.bind(7, milliseconds(*expiry));
        else
            put.bind(7);
        bind_bytes(put, 8, write.item.body);
        put.exec();
        return {};
    }

    Writer writer_;
    Readers readers_;
    Checkpointer checkpointer_; // after writer_, whose mutex it uses and whose hook names it
    LeaderLine<OneCommit> line_;
};

// Created by us with mode 0600 before SQLite sees it; SQLite gives its -wal and -shm files the mode of the database:
// https://www.sqlite.org/src/file?name=src/os_unix.c (findCreateFileMode)
Result<> create_private_file(std::string const& path) {
    auto const file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        return Error { errno == ENOENT ? ErrorKind::not_found : ErrorKind::access_denied,
            "can not open the store at " + path };
    ::fchmod(file, S_IRUSR | S_IWUSR);
    ::close(file);
    return {};
}

Result<> set_up(std::string const& path) {
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    prepare(database);
    auto const tables = pragma_number(database, "SELECT count(*) FROM sqlite_master");
    if (tables != 0 && pragma_number(database, "PRAGMA application_id") != application_id)
        return Error { ErrorKind::corrupt, path + " is an SQLite file of another program" };
    auto const version = pragma_number(database, "PRAGMA user_version");
    if (version > schema_version)
        return Error { ErrorKind::corrupt, path + " was written by a newer version of ConvOps" };
    SQLite::Statement check(database, "PRAGMA quick_check(1)");
    if (!check.executeStep() || check.getColumn(0).getString() != "ok")
        return Error { ErrorKind::corrupt, path + " is damaged: restore the last backup" };
    check.reset();
    database.exec("PRAGMA journal_mode = WAL"); // stays with the file
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    // Again, now that the lock is ours: another process may have created the table meanwhile.
    if (pragma_number(database, "PRAGMA user_version") == 0) {
        database.exec("PRAGMA application_id = " + std::to_string(application_id));
        database.exec(schema);
        database.exec("PRAGMA user_version = " + std::to_string(schema_version));
    }
    transaction.commit();
    return {};
}

} // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(std::string const& path) {
    TRY(create_private_file(path));
    try {
        TRY(set_up(path));
        return Result<std::unique_ptr<Store>>(std::make_unique<SqliteStore>(path));
    } catch (SQLite::Exception const& exception) {
        return translate(exception).with_context(path);
    }
}

} // namespace convops
