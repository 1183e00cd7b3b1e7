#include "adapters/files/memory_use.h"

#include <fstream>
#include <string>

namespace convops {

// VmRSS and VmHWM, in kB: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
MemoryUse memory_use() {
    MemoryUse use;
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        std::size_t kilobytes = 0;
        if (word == "VmRSS:" && status >> kilobytes)
            use.resident_bytes = kilobytes * 1024;
        else if (word == "VmHWM:" && status >> kilobytes)
            use.peak_resident_bytes = kilobytes * 1024;
    }
    return use;
}

} // namespace convops
