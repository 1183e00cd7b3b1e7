// What in a log line is a value, by its look alone: numbers, ids, addresses, times, paths.
#pragma once

#include <string_view>

namespace convops {

// Ids made of random letters and digits: hex of 6 and more, UUIDs, base64-like tokens of 16 and more, and words in
// which letters and digits take turns ("jA9HnGQ0004713").
bool looks_random(std::string_view text);
// IPv4 and IPv6 addresses with or without a port or prefix, MAC addresses, clock times and dates: digits (or hex
// digits) and separators only. A word like "dead:beef" has no digit and stays.
bool is_address_or_time(std::string_view text);
// "api.example.com:443" is an address as "10.0.3.7:443" is one. Two dots at least, in small letters: "orders.py:17"
// and "java.lang.Thread.run:745" name places in a program.
bool is_host_and_port(std::string_view text);
// Where a path or URL begins it holds no delimiter but those of a URL: "chdir(/home" is a word before a path.
bool is_path(std::string_view word);
// "Fri Jul 15 10:20:15 2005": a month before a number, a weekday before a month or a number.
bool is_part_of_date(std::string_view word, std::string_view rest);
// "eth1", "tty2", "SOCKS5": a name that ends in one digit. Whether it varies is seen later.
bool is_numbered_name(std::string_view word);
// "s3", "route53", "x86_64", "sha256": names of the trade whose digits never vary, in small or capital letters.
// Without them the IAM action s3:GetObject would read "s<*>:GetObject".
bool is_known_name(std::string_view word);
// What takes the place of a number, an address, a time or an id in whole.
bool is_variable_word(std::string_view word);

} // namespace convops
