#include "message/preview.h"

#include "base/text.h"
#include "message/compose.h"
#include "message/samples_test.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>

namespace convops {
namespace {

Delivery delivery_to(std::string channel) {
    Delivery delivery;
    delivery.route = { std::move(channel), "C0123456789", "#ops" };
    delivery.message = compose_diagnosis(samples::pool_shrunk(), Reader {});
    delivery.message.chart_alt = "Chart of errors";
    return delivery;
}

TEST(Preview, shows_what_the_payload_says) {
    for (auto const* channel : { "slack", "slack_webhook", "whatsapp" }) {
        auto const preview = render_preview(delivery_to(channel), ChannelAccess {}, PreviewStyle::plain);
        ASSERT_TRUE(preview.has_value());
        EXPECT_NE(preview->find("Likely cause (86 %): The deploy of checkout"), std::string::npos);
        EXPECT_EQ(preview->find('\x1b'), std::string::npos);
        EXPECT_EQ(preview->find("&lt;"), std::string::npos);
        if (std::getenv("CONVOPS_SHOW") != nullptr)
            std::cout << *preview;
    }
}

TEST(Preview, uses_escape_sequences_only_when_asked) {
    auto const preview = render_preview(delivery_to("slack"), ChannelAccess {}, PreviewStyle::ansi);
    ASSERT_TRUE(preview.has_value());
    EXPECT_NE(preview->find("\x1b[1m"), std::string::npos);
}

TEST(Preview, of_an_unknown_channel_is_an_error) {
    EXPECT_FALSE(render_preview(delivery_to("pager"), ChannelAccess {}, PreviewStyle::plain).has_value());
}

} // namespace
} // namespace convops
