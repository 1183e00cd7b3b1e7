// The long names of Regions that CloudWatch writes into its SNS messages, and their codes.
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
#include "alarm/reading.h"

#include <array>
#include <cctype>

namespace convops::reading {

namespace {

struct RegionName {
    std::string_view name;
    std::string_view code;
};

// SNS writes "EU (Ireland)" where the documentation says "Europe (Ireland)": `letters` below makes them one.
constexpr std::array<RegionName, 42> names { {
    { "US East (N. Virginia)", "us-east-1" }, { "US East (Northern Virginia)", "us-east-1" },
    { "US East (Ohio)", "us-east-2" }, { "US West (N. California)", "us-west-1" },
    { "US West (Northern California)", "us-west-1" }, { "US West (Oregon)", "us-west-2" },
    { "Africa (Cape Town)", "af-south-1" }, { "Asia Pacific (Hong Kong)", "ap-east-1" },
    { "Asia Pacific (Taipei)", "ap-east-2" }, { "Asia Pacific (Tokyo)", "ap-northeast-1" },
    { "Asia Pacific (Seoul)", "ap-northeast-2" }, { "Asia Pacific (Osaka)", "ap-northeast-3" },
    { "Asia Pacific (Osaka-Local)", "ap-northeast-3" }, { "Asia Pacific (Mumbai)", "ap-south-1" },
    { "Asia Pacific (Hyderabad)", "ap-south-2" }, { "Asia Pacific (Singapore)", "ap-southeast-1" },
    { "Asia Pacific (Sydney)", "ap-southeast-2" }, { "Asia Pacific (Jakarta)", "ap-southeast-3" },
    { "Asia Pacific (Melbourne)", "ap-southeast-4" }, { "Asia Pacific (Malaysia)", "ap-southeast-5" },
    { "Asia Pacific (New Zealand)", "ap-southeast-6" }, { "Asia Pacific (Thailand)", "ap-southeast-7" },
    { "Canada (Central)", "ca-central-1" }, { "Canada West (Calgary)", "ca-west-1" },
    { "Europe (Frankfurt)", "eu-central-1" }, { "Europe (Zurich)", "eu-central-2" },
    { "Europe (Stockholm)", "eu-north-1" }, { "Europe (Milan)", "eu-south-1" }, { "Europe (Spain)", "eu-south-2" },
    { "Europe (Ireland)", "eu-west-1" }, { "Europe (London)", "eu-west-2" }, { "Europe (Paris)", "eu-west-3" },
    { "Israel (Tel Aviv)", "il-central-1" }, { "Middle East (UAE)", "me-central-1" },
    { "Middle East (Bahrain)", "me-south-1" }, { "Mexico (Central)", "mx-central-1" },
    { "South America (Sao Paulo)", "sa-east-1" }, { "AWS GovCloud (US-East)", "us-gov-east-1" },
    { "AWS GovCloud (US-West)", "us-gov-west-1" }, { "China (Beijing)", "cn-north-1" },
    { "China (Ningxia)", "cn-northwest-1" },
    { "South America (So Paulo)", "sa-east-1" }, // the non-ASCII letter of "São" is dropped
} };

// Lower-case ASCII letters only, so that "EU - Ireland" and "EU (Ireland)" compare equal; "eu" reads as "europe".
std::string letters(std::string_view text) {
    std::string out;
    for (char c : text)
        if (std::isalpha(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80)
            out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (out.starts_with("eu") && !out.starts_with("europe"))
        out.insert(2, "rope");
    return out;
}

} // namespace

bool is_region_code(std::string_view text) {
    // "eu-west-1", "us-gov-east-1", "us-iso-east-1": words of lower-case letters, then a number.
    if (text.size() > 32)
        return false;
    int words = 0;
    std::size_t at = 0;
    while (at < text.size() && text[at] >= 'a' && text[at] <= 'z') {
        while (at < text.size() && text[at] >= 'a' && text[at] <= 'z')
            ++at;
        if (at == text.size() || text[at] != '-')
            return false;
        ++at;
        ++words;
    }
    auto const digits = text.size() - std::min(at, text.size());
    return words >= 2 && digits >= 1 && digits <= 2
        && std::all_of(
            text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string region_code(std::string_view name) {
    if (is_region_code(name))
        return std::string(name);
    auto const wanted = letters(name);
    if (wanted.empty() || name.size() > 64)
        return {};
    for (auto const& row : names)
        if (letters(row.name) == wanted)
            return std::string(row.code);
    return {};
}

} // namespace convops::reading
