"""Healthy log groups with their filters and alarms."""
from audit_registry import healthy


@healthy
def groups(account):
    for i in range(account.sizes["groups"]):
        name = f"/shop/worker-{i:03}"
        account.logs.create_log_group(logGroupName=name)
        account.logs.put_retention_policy(logGroupName=name, retentionInDays=90)
        account.logs.put_metric_filter(logGroupName=name, filterName="errors", filterPattern="ERROR", metricTransformations=[
            {"metricName": f"worker-{i:03}-errors", "metricNamespace": "Shop", "metricValue": "1", "defaultValue": 0.0}])
        account.alarm(f"worker-{i:03} logs errors", "Shop", f"worker-{i:03}-errors", {})
