// Bytes of any text -> the text that may leave: never a crash, what is no secret comes back as it was, and a second
// look finds no secret that the first one left.
#include "target.h"

#include "base/check.h"
#include "privacy/redaction.h"
#include "privacy/secrets.h"

namespace convops::fuzz {

void one(std::string_view bytes) {
    auto const without = without_secrets(bytes);
    CHECK(without.size() <= bytes.size() * 8 + 16);
    Redaction redaction;
    auto const shown = redaction.hide(bytes);
    CHECK(redaction.restore(shown) == without);
    CHECK(redaction.hide(bytes) == shown);
}

} // namespace convops::fuzz
