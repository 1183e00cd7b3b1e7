#include "model/message.h"

#include <array>

namespace convops {

std::string_view to_string(MessageKind kind) {
    constexpr std::array<std::string_view, 5> names { "first_facts", "diagnosis", "resolved", "flapping", "answer" };
    return names[static_cast<std::size_t>(kind)];
}

} // namespace convops
