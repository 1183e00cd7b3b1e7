"""Faults of category D, logs (checks 61 to 73), one function each."""

from audit_registry import fault


@fault
def log_group_expires(account):
    account.logs.create_log_group(logGroupName="/shop/for-ever")
    return "/shop/for-ever"


@fault
def log_retention_is_long_enough(account):
    account.logs.create_log_group(logGroupName="aws-cloudtrail-logs-shop")
    account.logs.put_retention_policy(logGroupName="aws-cloudtrail-logs-shop", retentionInDays=30)
    return "aws-cloudtrail-logs-shop"


@fault
def metric_filter_has_alarm(account):
    account.logs.put_metric_filter(logGroupName="/shop/worker-000", filterName="unwatched", filterPattern="FATAL", metricTransformations=[
        {"metricName": "unwatched", "metricNamespace": "Shop", "metricValue": "1", "defaultValue": 0.0}])
    return "unwatched"


@fault
def metric_filter_counts(account):
    account.logs.put_metric_filter(logGroupName="/shop/worker-001", filterName="no-default", filterPattern="PANIC", metricTransformations=[
        {"metricName": "no-default", "metricNamespace": "Shop", "metricValue": "1"}])
    account.alarm("worker panics", "Shop", "no-default", {})
    return "no-default"
