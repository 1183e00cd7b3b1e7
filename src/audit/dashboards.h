// Dashboards as a fix writes them: a first one, and one again without the rows of what is gone.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
#pragma once

#include "audit/recommended.h"

#include <functional>

namespace convops {

// The alarms of the Region and the metrics of its resources that page. Empty: there is nothing to show.
AuditFix first_dashboard(Estate const& estate, std::string const& region);

// The dashboard with the rows left out that `is_gone` names; a widget of nothing else goes with its rows. Empty where
// a row can not be taken out alone: others repeat it (".") or compute with it (an id).
using MetricRow = JsonArray;
AuditFix dashboard_without(std::string const& name, Json const& body,
    std::function<bool(Json const& widget, MetricRow const& row)> const& is_gone, std::string const& region);

} // namespace convops
