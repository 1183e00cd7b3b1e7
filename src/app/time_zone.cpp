#include "app/time_zone.h"

#include <cstdlib>
#include <ctime>
#include <mutex>

namespace convops {

Reader reader_at(Reader reader, Time at) {
    static std::once_flag once;
    std::call_once(once, [&] {
        // The leading colon makes POSIX read a zone file.
        // https://pubs.opengroup.org/onlinepubs/9699919799/basedefs/V1_chap08.html
        ::setenv("TZ", (":" + reader.time_zone).c_str(), 1);
        ::tzset();
    });
    // Not system_clock::to_time_t: it goes by nanoseconds, which overflow in the year 2262.
    std::time_t const seconds = std::chrono::floor<Seconds>(at).time_since_epoch().count();
    std::tm local {};
    if (::localtime_r(&seconds, &local) == nullptr)
        return reader;
    reader.utc_offset = Minutes { local.tm_gmtoff / 60 };
    reader.zone_label = local.tm_zone == nullptr ? "" : local.tm_zone;
    return reader;
}

} // namespace convops
