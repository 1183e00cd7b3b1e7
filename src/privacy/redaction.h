// Personal data and secrets taken out of text before it leaves, and put back into what comes back. Secrets are gone
// for good ("[secret]"); personal data become numbered stand-ins ("[email-1]"), the same one for the same value, so
// that a rewritten sentence can be restored. One Redaction lives as long as one exchange.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace convops {

class Redaction {
public:
    // Keys, tokens, passwords: "[secret]". E-mail addresses, phone numbers, card numbers, IP addresses, names of
    // people: stand-ins. Names of AWS resources, ARNs, times, numbers and ids stay readable.
    std::string hide(std::string_view text);
    // Stand-ins replaced by what they stood for; one that was never given out stays as it is.
    [[nodiscard]] std::string restore(std::string_view text) const;
    [[nodiscard]] std::size_t hidden() const { return originals_.size(); }

private:
    std::string stand_in(std::string_view kind, std::string_view value);

    std::map<std::string, std::string, std::less<>> stand_ins_; // value -> stand-in
    std::map<std::string, std::string, std::less<>> originals_; // stand-in -> value
    std::map<std::string, int, std::less<>> counts_; // by kind
};

} // namespace convops
