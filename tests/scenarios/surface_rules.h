// What each surface must never show, whoever wrote it: rules about bytes, written without the code that escapes them.
// Each returns what is wrong, empty when nothing is.
#pragma once

#include <string>
#include <string_view>

namespace convops {

// UTF-8, and nothing that a terminal obeys or an eye cannot see.
std::string wrong_in_terminal(std::string_view text);
// The body of a request to Slack: no mention, no link but to the console, nothing parsed that we did not write.
std::string wrong_in_slack(std::string_view body);
// The body of a request to WhatsApp: nothing that a phone makes a link of but the console.
std::string wrong_in_whatsapp(std::string_view body);
// A link anywhere: https, the console or the configured repository, no bytes that end it early.
std::string wrong_in_link(std::string_view url);
// A whole page: no script, no event attribute, no request, no tag that the report does not use.
std::string wrong_in_html(std::string_view page);
// GitHub-flavoured Markdown: no HTML, no image, no mention, no link but to the console.
std::string wrong_in_markdown(std::string_view text);

} // namespace convops
