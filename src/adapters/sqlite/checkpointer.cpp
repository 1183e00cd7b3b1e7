#include "adapters/sqlite/checkpointer.h"

#include <sqlite3.h>

namespace convops {

namespace {

constexpr int pages_between_checkpoints = 4'000; // 16 MB
// The log only begins anew when all of it has been moved while nobody writes. Until then it grows.
constexpr int pages_of_a_long_log = 12'000; // 48 MB
constexpr int few_pages = 200; // moved within a pause that nobody notices
constexpr int most_rounds = 20;

} // namespace

Checkpointer::Checkpointer(std::string const& path, std::mutex& writing)
    : database_(path, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX)
    , writing_(writing) {
    database_.setBusyTimeout(0); // Somebody else's checkpoint is as good as ours.
    database_.exec("PRAGMA synchronous = FULL");
    thread_ = std::thread([this] { run(); });
}

Checkpointer::~Checkpointer() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    asked_.notify_all();
    thread_.join();
}

void Checkpointer::log_has(int pages) {
    {
        std::lock_guard const lock(mutex_);
        pages_ = pages;
        if (pages < moved_at_) // It has begun anew.
            moved_at_ = 0;
        if (pages - moved_at_ < pages_between_checkpoints)
            return;
    }
    asked_.notify_one();
}

// An error is left to the next time: nothing is lost, the log is only longer.
int Checkpointer::move_pages() {
    int in_log = 0;
    int moved = 0;
    // PASSIVE waits for nobody: https://www.sqlite.org/c3ref/wal_checkpoint_v2.html
    auto const status
        = sqlite3_wal_checkpoint_v2(database_.getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
    return status == SQLITE_OK && in_log >= 0 ? in_log - moved : 0;
}

void Checkpointer::start_log_anew() {
    for (int round = 0; round < most_rounds && move_pages() > few_pages; ++round) { }
    // What is left is little: nobody writes while it is moved, and the next to write finds the log done with.
    std::lock_guard const nobody_writes(writing_);
    move_pages();
}

void Checkpointer::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        asked_.wait(lock, [&] { return stopping_ || pages_ - moved_at_ >= pages_between_checkpoints; });
        if (stopping_)
            return;
        auto const pages = pages_;
        moved_at_ = pages;
        lock.unlock();
        move_pages();
        if (pages >= pages_of_a_long_log)
            start_log_anew();
        lock.lock();
    }
}

} // namespace convops
