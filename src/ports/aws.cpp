#include "ports/aws.h"

namespace convops {

Result<PagedAnswer> call_paged(Aws& aws, AwsCall call, std::string_view list_path, std::string_view token_in,
    std::string_view token_out, int most_pages) {
    PagedAnswer all;
    for (int page = 0; page < most_pages; ++page) {
        auto const answer = TRY(aws.call(call));
        auto const& items = list_at(answer, list_path);
        all.items.insert(all.items.end(), items.begin(), items.end());
        auto const token = text_at(answer, token_out);
        if (token.empty())
            return all;
        call.params[boost::json::string_view(token_in.data(), token_in.size())] = token;
    }
    all.truncated = true;
    return all;
}

} // namespace convops
