"""Faults of category E, depth (checks 74 to 78), and F, cost (79 and 80), one function each."""
import json

from audit_healthy_services import function
from audit_registry import GLOBAL_REGION, fault


@fault
def insight_is_on(account):
    function(account, "untraced-function", TracingConfig={"Mode": "PassThrough"})
    return "untraced-function"


@fault
def trail_covers_all_regions(account):
    account.at("cloudtrail").stop_logging(Name="everything")
    return ""


@fault
def dashboards_are_alive(account):
    account.cloudwatch.put_dashboard(DashboardName="museum", DashboardBody=json.dumps({"widgets": [
        {"type": "metric", "properties": {"metrics": [["AWS/Lambda", "Errors", "FunctionName", "deleted-function"]]}}]}))
    return "museum"


@fault
def health_events_are_routed(account):
    account.events.disable_rule(Name="aws-health")
    return ""


@fault
def threat_detection_is_on(account):
    """Security Hub tells by an error that it is off."""
    account.at("securityhub").disable_security_hub()
    return "Security Hub"


@fault
def monitoring_spend_is_used(account):
    account.at("cloudwatch", GLOBAL_REGION).put_metric_data(Namespace="Forgotten", MetricData=[
        {"MetricName": f"counter-{i:02}", "Value": 1.0} for i in range(20)])
    return "custom metrics"


@fault
def fine_metrics_are_alarmed(account):
    """Twelve points a minute, which no alarm reads."""
    account.every_five_seconds("heartbeat")
    return "heartbeat"
