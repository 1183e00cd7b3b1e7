// A fixed number of threads and a bounded queue in front of them.
#pragma once

#include "base/check.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace convops {

class WorkerPool {
public:
    WorkerPool(std::size_t workers, std::size_t most_waiting)
        : most_waiting_(most_waiting) {
        CHECK(workers > 0);
        for (std::size_t i = 0; i < workers; ++i)
            threads_.emplace_back([this] { work(); });
    }
    ~WorkerPool() { stop(); }
    WorkerPool(WorkerPool const&) = delete;
    WorkerPool& operator=(WorkerPool const&) = delete;

    // False when as many wait already as may.
    bool offer(std::function<void()> job) {
        {
            std::lock_guard const lock(mutex_);
            if (stopping_ || waiting_.size() >= most_waiting_)
                return false;
            waiting_.push_back(std::move(job));
        }
        ready_.notify_one();
        return true;
    }
    [[nodiscard]] std::size_t waiting() const {
        std::lock_guard const lock(mutex_);
        return waiting_.size();
    }
    // Finishes the jobs that run; those that wait are dropped.
    void stop() {
        {
            std::lock_guard const lock(mutex_);
            stopping_ = true;
            waiting_.clear();
        }
        ready_.notify_all();
        for (auto& thread : threads_)
            if (thread.joinable())
                thread.join();
    }

private:
    void work() {
        while (true) {
            std::function<void()> job;
            {
                std::unique_lock lock(mutex_);
                ready_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
                if (stopping_)
                    return;
                job = std::move(waiting_.front());
                waiting_.pop_front();
            }
            job();
        }
    }

    std::size_t most_waiting_;
    mutable std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<std::function<void()>> waiting_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace convops
