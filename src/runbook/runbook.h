// Runbooks: plain Markdown files with a front matter that says when they fit. Reading and matching are pure; the
// folder is read by adapters/files. What a runbook says is its author's: it is shown, never obeyed.
//
//     ---
//     title: Checkout runs out of connections
//     alarm: shop-checkout-*, shop-orders-*
//     resource: checkout
//     kind: deploy, connection_exhaustion
//     ---
//     1. Look at the pool of the newest task definition.
//     2. Roll back when it is smaller.
#pragma once

#include "base/result.h"
#include "model/investigation.h"

namespace convops {

inline constexpr std::size_t most_runbooks = 500; // of one folder
inline constexpr std::size_t most_runbook_bytes = 64 * 1024;
inline constexpr std::size_t most_front_matter_lines = 40;
inline constexpr std::size_t most_patterns = 20; // of one key
inline constexpr std::size_t most_pattern_bytes = 255; // an alarm's name has at most 255
inline constexpr std::size_t most_steps = 3; // shown of a runbook; the file has them all
inline constexpr std::size_t most_step_bytes = 200;
inline constexpr std::size_t most_title_bytes = 120;

// invalid_input: "pool.md line 3: ...", with what to do.
Result<Runbook> parse_runbook(std::string_view file, std::string_view text);

// The best that fit, at most most_cited_runbooks. Everything that a front matter names must fit, so the one that
// names more fits better; then by file. `address`: what links begin with; empty: paths are cited.
std::vector<CitedRunbook> runbooks_for(
    Investigation const& investigation, std::vector<Runbook> const& runbooks, std::string_view address);

} // namespace convops
