// The command line: parses arguments, calls app/, prints. Exit status as contracts.md says.
#pragma once

namespace convops {
int run(int argc, char** argv);
}
