#include "app/workers.h"

#include "base/check.h"

namespace convops {

BoundedWorkers::BoundedWorkers(std::size_t threads) {
    CHECK(threads > 0);
    for (std::size_t i = 0; i < threads; ++i)
        threads_.emplace_back([this] { run(); });
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

void BoundedWorkers::drain() {
    std::unique_lock lock(mutex_);
    is_idle_.wait(lock, [&] { return busy_ == 0; });
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
        if (busy_ == 0)
            is_idle_.notify_all();
    }
}

} // namespace convops
