// A line of threads that want work of one kind done, where doing many at once costs about as much as doing one (a
// commit with its fsync). The first in line leads: it takes what waits, does it for all, and hands the lead on; who
// came meanwhile is the next group. Nobody waits for company: a thread alone is done at once.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <span>
#include <vector>

namespace convops {

template <class Work> class LeaderLine {
public:
    // Returns when `work` was in a group that was performed, by this thread or by another.
    // `fits(first, next)`: whether `next` may be in the group that `first` begins.
    // `perform(group)`: does it, outside of any lock of the line, one group of a line at a time. When it throws, the
    // exception leaves through its leader; the others of the group return as they went in, so a Work begins as
    // failed.
    template <class Fits, class Perform>
    void run(Work& work, std::size_t most_in_group, Fits const& fits, Perform const& perform) {
        Entry mine { &work, false };
        std::unique_lock lock(mutex_);
        waiting_.push_back(&mine);
        while (!mine.done) {
            if (led_) {
                changed_.wait(lock);
                continue;
            }
            Lead const lead(*this, lock, take(most_in_group, fits));
            lead.perform(perform);
        }
    }

private:
    struct Entry {
        Work* work;
        bool done;
    };

    class Lead { // gives the lead back however performing ends
    public:
        Lead(LeaderLine& line, std::unique_lock<std::mutex>& lock, std::vector<Entry*> group)
            : line_(line)
            , lock_(lock)
            , group_(std::move(group)) {
            line_.led_ = true;
            lock_.unlock();
        }
        ~Lead() {
            lock_.lock();
            line_.led_ = false;
            for (auto* entry : group_)
                entry->done = true;
            line_.changed_.notify_all();
        }
        Lead(Lead const&) = delete;
        Lead& operator=(Lead const&) = delete;

        template <class Perform> void perform(Perform const& perform) const {
            std::vector<Work*> works;
            for (auto const* entry : group_)
                works.push_back(entry->work);
            perform(std::span<Work* const>(works));
        }

    private:
        LeaderLine& line_;
        std::unique_lock<std::mutex>& lock_;
        std::vector<Entry*> group_;
    };

    template <class Fits> std::vector<Entry*> take(std::size_t most, Fits const& fits) {
        std::vector<Entry*> group;
        auto const* first = waiting_.front()->work;
        std::erase_if(waiting_, [&](Entry* entry) {
            bool const taken = group.size() < most && (entry->work == first || fits(*first, *entry->work));
            if (taken)
                group.push_back(entry);
            return taken;
        });
        return group;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Entry*> waiting_;
    bool led_ = false;
};

} // namespace convops
