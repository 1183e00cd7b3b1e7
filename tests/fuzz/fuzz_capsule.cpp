// Bytes of a capsule -> an investigation run again from it: never a crash, whatever the recorded answers hold.
#include "target.h"

#include "adapters/files/files.h"
#include "app/capsule.h"
#include "base/check.h"
#include "message/compose.h"

namespace convops::fuzz {

void one(std::string_view bytes) {
    constexpr std::size_t most_bytes = std::size_t { 256 } * 1024;
    if (bytes.size() > most_bytes)
        return;
    static_cast<void>(zstd_unpack(bytes, most_bytes));
    auto const capsule = capsule_from_bytes(bytes);
    if (!capsule)
        return;
    CHECK(capsule_from_bytes(capsule_bytes(*capsule)));
    if (auto const investigation = replay(*capsule))
        CHECK(!to_plain_text(compose_diagnosis(*investigation, Reader {})).empty());
}

} // namespace convops::fuzz
