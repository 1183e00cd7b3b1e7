#include "app/intake_pace.h"

#include <gtest/gtest.h>

namespace convops {
namespace {

using std::chrono::seconds;

IntakeConnection connection(std::string id, std::string workspace = "w") {
    IntakeConnection made;
    made.workspace = WorkspaceId(std::move(workspace));
    made.id = ConnectionId(std::move(id));
    return made;
}

int admitted(IntakePace& pace, IntakeConnection const& from, std::chrono::nanoseconds now, int tries) {
    int count = 0;
    for (int i = 0; i < tries; ++i)
        count += pace.admit(from, now) ? 1 : 0;
    return count;
}

TEST(IntakePace, a_connection_has_its_own_rate_and_the_workspace_bounds_all_of_its_connections) {
    IntakePace pace({ { 1, 5 }, { 1, 8 } });
    EXPECT_EQ(admitted(pace, connection("a"), seconds { 1 }, 10), 5);
    EXPECT_EQ(admitted(pace, connection("b"), seconds { 1 }, 10), 3) << "the workspace has 8";
    EXPECT_EQ(admitted(pace, connection("a", "other"), seconds { 1 }, 10), 5);
    EXPECT_EQ(admitted(pace, connection("a"), seconds { 3 }, 10), 2);
}

TEST(IntakePace, what_is_too_much_is_throttled_so_that_the_sender_comes_again) {
    IntakePace pace({ { 1, 1 }, {} });
    EXPECT_TRUE(pace.admit(connection("a"), seconds { 1 }));
    auto const refused = pace.admit(connection("a"), seconds { 1 });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::throttled);
}

} // namespace
} // namespace convops
