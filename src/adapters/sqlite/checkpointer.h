// Moves the write-ahead log into the database file beside the commits, not within them: a checkpoint writes megabytes
// and syncs twice, and a commit that has to do it keeps everybody waiting who stands behind it.
// https://www.sqlite.org/wal.html#ckpt
#pragma once

#include <condition_variable>
#include <mutex>
#include <SQLiteCpp/SQLiteCpp.h>
#include <thread>

namespace convops {

class Checkpointer {
public:
    // `database` is a connection of its own; `writing` is held by whoever writes through any other connection.
    Checkpointer(std::string const& path, std::mutex& writing);
    ~Checkpointer();
    Checkpointer(Checkpointer const&) = delete;
    Checkpointer& operator=(Checkpointer const&) = delete;

    // From the thread that has just committed: the log holds so many pages now.
    void log_has(int pages);

private:
    void run();
    int move_pages(); // how many the log holds that are not in the database yet
    void start_log_anew();

    SQLite::Database database_;
    std::mutex& writing_;
    std::mutex mutex_;
    std::condition_variable asked_;
    int pages_ = 0; // guarded by mutex_
    int moved_at_ = 0; // guarded by mutex_: pages_ when we last began
    bool stopping_ = false; // guarded by mutex_
    std::thread thread_;
};

} // namespace convops
