// A store whose failures are counted for /metrics. What is absent, and a condition that fails, are answers.
#pragma once

#include "ports/store.h"

#include <memory>

namespace convops {

std::unique_ptr<Store> count_store(std::unique_ptr<Store> inner);

} // namespace convops
