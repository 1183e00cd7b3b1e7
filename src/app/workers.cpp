#include "app/workers.h"

#include "base/check.h"

#include <sys/resource.h>
#include <unistd.h>

namespace convops {

namespace {

// The nice value is a thread's own on Linux, and threads that it starts inherit it. A refusal changes nothing but the
// speed: https://man7.org/linux/man-pages/man2/setpriority.2.html
// Low enough that others go first, and not so low that a lock they wait for is held for long.
constexpr int lower_by = 5;
void lower_priority_of_this_thread() {
    auto const thread = static_cast<id_t>(::gettid());
    (void)::setpriority(PRIO_PROCESS, thread, ::getpriority(PRIO_PROCESS, thread) + lower_by);
}

} // namespace

BoundedWorkers::BoundedWorkers(std::size_t threads, WorkerPriority priority) {
    CHECK(threads > 0);
    for (std::size_t i = 0; i < threads; ++i)
        threads_.emplace_back([this, priority] {
            if (priority == WorkerPriority::low)
                lower_priority_of_this_thread();
            run();
        });
}

BoundedWorkers::~BoundedWorkers() {
    stop();
}

std::size_t BoundedWorkers::free() const {
    std::scoped_lock const lock(mutex_);
    return stopping_ ? 0 : threads_.size() - busy_;
}

bool BoundedWorkers::try_run(std::function<void()> work) {
    {
        std::scoped_lock const lock(mutex_);
        if (stopping_ || busy_ >= threads_.size())
            return false;
        ++busy_;
        accepted_.push_back(std::move(work));
    }
    has_work_.notify_one();
    return true;
}

void BoundedWorkers::run_and_wait(std::function<void()> const& work) {
    bool done = false;
    {
        std::unique_lock lock(mutex_);
        CHECK(!stopping_);
        has_ended_.wait(lock, [&] { return busy_ < threads_.size(); });
        ++busy_;
        accepted_.emplace_back([&] {
            work();
            std::scoped_lock const done_lock(mutex_);
            done = true;
        });
    }
    has_work_.notify_one();
    std::unique_lock lock(mutex_);
    has_ended_.wait(lock, [&] { return done; });
}

void BoundedWorkers::drain() {
    std::unique_lock lock(mutex_);
    has_ended_.wait(lock, [&] { return busy_ == 0; });
}

void BoundedWorkers::stop() {
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
    }
    has_work_.notify_all();
    for (auto& thread : threads_)
        if (thread.joinable())
            thread.join();
}

void BoundedWorkers::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        has_work_.wait(lock, [&] { return stopping_ || !accepted_.empty(); });
        if (accepted_.empty())
            return;
        auto const work = std::move(accepted_.back());
        accepted_.pop_back();
        lock.unlock();
        work();
        lock.lock();
        --busy_;
        has_ended_.notify_all();
    }
}

} // namespace convops
