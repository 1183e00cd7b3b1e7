// A bounded number of threads for work that blocks. Nothing waits in line here: who has work asks how many threads
// are free and takes no more than that out of the (durable) queue that it reads from.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace convops {

// Low: gets the processor when nobody else wants it. Investigating and drawing must not make an alarm wait to be
// acknowledged.
enum class WorkerPriority : std::uint8_t { usual, low };

class BoundedWorkers {
public:
    explicit BoundedWorkers(std::size_t threads, WorkerPriority priority = WorkerPriority::usual);
    ~BoundedWorkers(); // stop()
    BoundedWorkers(BoundedWorkers const&) = delete;
    BoundedWorkers& operator=(BoundedWorkers const&) = delete;

    [[nodiscard]] std::size_t free() const;
    [[nodiscard]] std::size_t size() const { return threads_.size(); }
    // False when every thread is busy, or after stop(). The work must not throw.
    bool try_run(std::function<void()> work);
    void run_and_wait(std::function<void()> const& work); // as soon as a thread is free; returns when it is done
    void drain(); // returns when nothing runs
    void stop(); // finishes what runs; idempotent

private:
    void run();

    mutable std::mutex mutex_;
    std::condition_variable has_work_;
    std::condition_variable has_ended_; // some work
    std::vector<std::function<void()>> accepted_;
    std::size_t busy_ = 0; // accepted or running
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace convops
