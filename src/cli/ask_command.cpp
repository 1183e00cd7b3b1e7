// A question to a saved investigation, offline.
#include "app/capsule.h"
#include "cli/commands.h"
#include "conversation/answer.h"
#include "message/compose.h"

#include <cstdio>

namespace convops {

int ask_command(AskArguments const& arguments) {
    auto const capsule = load_capsule(arguments.file);
    if (!capsule) {
        static_cast<void>(report(capsule.error()));
        return 2; // Whatever is wrong with it, the file that was named can not be used.
    }
    auto const investigation = replay(*capsule);
    if (!investigation)
        return report(investigation.error());
    auto const given = answer(arguments.question, *investigation);
    Reader const reader;
    auto const message = compose_answer(investigation->incident, given, &*investigation, reader);
    std::fputs(to_plain_text(message).c_str(), stdout);
    return given.in_evidence() ? 0 : 1; // 1: it ran, and the evidence does not say
}

} // namespace convops
