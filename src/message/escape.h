// Hostile text made inert. Names, log lines and reasons are chosen by strangers: each channel shows them as they are
// to the eye, and never as a mention, a link, markup or an emoji. Characters that a channel would obey are replaced
// by look-alikes, because neither Slack nor WhatsApp has an escape for them.
#pragma once

#include <string>
#include <string_view>

namespace convops {

// One line of Slack mrkdwn of at most `most_bytes`: & < > as entities, * _ ~ ` inert, no broadcast mention, no URL,
// no :emoji:. An ARN becomes a code span, so that it can be copied.
// https://docs.slack.dev/messaging/formatting-message-text
std::string slack_mrkdwn(std::string_view hostile, std::size_t most_bytes);
// The same without code spans: for plain_text objects, alt texts and the notification fallback.
std::string slack_plain(std::string_view hostile, std::size_t most_bytes);
// One line of a WhatsApp text: no formatting, nothing that the phone would make a link.
// https://faq.whatsapp.com/539178204879377 (formatting)
std::string whatsapp_line(std::string_view hostile, std::size_t most_bytes);

// One line of GitHub-flavoured Markdown, also fit for a table cell: no markup, HTML, link, mention, reference, emoji.
std::string markdown_text(std::string_view hostile, std::size_t most_bytes);
// The same as a code span, for what is copied: commands and names of IAM actions.
std::string markdown_code(std::string_view hostile, std::size_t most_bytes);

// May this URL become a link? Only to the AWS console and to our own portal, https (the portal also http, for
// loopback), no user part, nothing that could end a link early.
bool may_link(std::string_view url, std::string_view portal_url);

// Broken into lines of at most `columns` characters at spaces; a longer word keeps its own line. Ends with a newline.
std::string wrap(std::string_view text, std::size_t columns, std::string_view first_indent, std::string_view indent);
std::size_t width_of(std::string_view text); // in characters, not bytes

} // namespace convops
