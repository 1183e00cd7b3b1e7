// How an investigation is printed by the commands that end with one.
#pragma once

#include "cli/commands.h"
#include "evidence/sources.h"
#include "message/compose.h"

namespace convops {

void print_investigation(Investigation const& investigation, Reader const& reader, OutputFormat format);

// Writes the chart of the alarm's metric; says so in one line when there is no metric to draw.
Result<> write_chart(Investigation const& investigation, Reader const& reader, std::string const& file);

// One line a source on stderr while it works, only on a terminal.
ProgressObserver terminal_progress();

} // namespace convops
