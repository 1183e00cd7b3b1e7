// Commands of the AWS CLI around values that strangers chose. Quoting for the shell is half of it. The CLI itself
// takes
// "-x" for an option, reads a file for "file://..." and a page for "https://...", and has a language of its own for
// lists and structures.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html
// https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html
#pragma once

#include "base/json.h"

namespace convops {

// One word of a POSIX shell.
std::string shell_quoted(std::string_view text);

// "--name value" for a text, number, flag (true: the bare option; false: --no-name), list or object. A list goes as
// several words or, when one of them would be taken for something else, as JSON. nullopt: the CLI can not be made to
// take the value as it is, or a reader would not see what the command says (line breaks, characters that do not
// show).
std::optional<std::string> cli_option(std::string_view name, Json const& value);

} // namespace convops
