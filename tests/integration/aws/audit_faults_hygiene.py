"""Faults of category B, alarm hygiene (checks 23 to 49), one function each."""

from audit_healthy_services import instance, math
from audit_registry import ACCOUNT, NOT_HEALTHY_IN_MOTO, NOT_IN_MOTO, REGION, SMALL_REGION, fault

NOT_IN_MOTO |= {
    "alarm_does_not_flap": "DescribeAlarmHistory",
    "insufficient_data_action_does_not_storm": "DescribeAlarmHistory",
    "anomaly_detector_is_trained": "DescribeAnomalyDetectors",
    "alarm_is_not_muted": "ListAlarmMuteRules, and ActionsSuppressor of composite alarms",
    "composite_and_children_do_not_both_page": "PutCompositeAlarm",
    "composite_children_exist": "PutCompositeAlarm",
    "alarms_were_tested": "DescribeAlarmHistory",
}
NOT_HEALTHY_IN_MOTO |= {"many_alarms_have_a_composite": "PutCompositeAlarm"}


def silent(account, name, metric="NumberOfMessagesSent", queue="orders-000", **changes):
    account.alarm(name, "AWS/SQS", metric, {"QueueName": queue}, **changes)


@fault
def alarm_has_action(account):
    silent(account, "silent alarm", "ApproximateNumberOfMessagesVisible", AlarmActions=None)
    return "silent alarm"


@fault
def alarm_actions_enabled(account):
    silent(account, "muzzled alarm", queue="orders-001", ActionsEnabled=False)
    return "muzzled alarm"


@fault
def alarm_action_target_exists(account):
    silent(account, "alarm to a deleted topic", queue="orders-002", AlarmActions=[f"arn:aws:sns:{REGION}:{ACCOUNT}:deleted-topic"])
    silent(account, "alarm to a deleted function", queue="orders-008", AlarmActions=[f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:deleted-function"])
    silent(account, "alarm to a deleted policy", queue="orders-009", AlarmActions=[
        f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:scalingPolicy:0f5a2ab6-0000-0000-0000-000000000000:autoScalingGroupName/web:policyName/grow"])
    return "deleted topic", "deleted function", "deleted policy"


@fault
def alarm_recovers(account):
    with account.back(days=9):
        silent(account, "ringing for days", "SentMessageSize", "orders-020", Statistic="Average")
        account.cloudwatch.set_alarm_state(AlarmName="ringing for days", StateValue="ALARM", StateReason="Threshold Crossed")
    return "ringing for days"


@fault
def alarm_has_data(account):
    with account.back(days=3):
        account.alarm("nothing to see", "Shop", "Turnover", {"country": "de"}, Statistic="Average")
        account.alarm("misspelt namespace", "AWS/Sqs", "SentMessageSize", {"QueueName": "orders-021"}, Statistic="Average")
        account.alarm("misspelt dimension", "AWS/SQS", "SentMessageSize", {"Queuename": "orders-022"}, Statistic="Average")
        for name in ("nothing to see", "misspelt namespace", "misspelt dimension"):
            account.cloudwatch.set_alarm_state(AlarmName=name, StateValue="INSUFFICIENT_DATA", StateReason="Unchecked: Initial alarm creation")
    return "nothing to see", "misspelt namespace", "misspelt dimension"


@fault
def alarm_resource_exists(account):
    silent(account, "alarm on a ghost", "ApproximateAgeOfOldestMessage", "deleted-queue", Statistic="Maximum")
    return "alarm on a ghost"


@fault
def alarm_changes_state(account):
    with account.back(days=100):
        silent(account, "never anything", "SentMessageSize", "orders-023", Statistic="Average", Threshold=250_000.0)
    return "never anything"


@fault
def alarm_fires_on_more_than_one_datapoint(account):
    account.alarm("nervous alarm", "AWS/DynamoDB", "SuccessfulRequestLatency", {"TableName": "carts-000", "Operation": "GetItem"}, Statistic="Average",
                  Threshold=100.0, ComparisonOperator="GreaterThanThreshold", Period=60, EvaluationPeriods=1, DatapointsToAlarm=1)
    return "nervous alarm"


@fault
def alarm_treats_missing_data_well(account):
    account.alarm("errors of carts missing", "AWS/DynamoDB", "SystemErrors", {"TableName": "carts-001"}, TreatMissingData="breaching", Threshold=7.0)
    account.alarm("silence is fine", "Shop", "Heartbeat", {"job": "nightly"}, ComparisonOperator="LessThanThreshold", TreatMissingData="notBreaching")
    return "errors of carts missing", "silence is fine"


@fault
def alarm_period_fits_its_metric(account):
    """Basic monitoring publishes every five minutes."""
    one = instance(account, Monitoring={"Enabled": False})
    account.alarm("quicker than its metric", "AWS/EC2", "CPUUtilization", {"InstanceId": one}, Statistic="Average", Period=60, Threshold=90.0,
                  TreatMissingData="missing")
    silent(account, "ten seconds of a minute", "SentMessageSize", "orders-024", Statistic="Average", Period=10)
    return "quicker than its metric", "ten seconds of a minute"


@fault
def alarm_has_ok_action(account):
    silent(account, "alarm without an end", "NumberOfMessagesReceived", "orders-003", AlarmActions=[account.topic], OKActions=None)
    return "alarm without an end"


@fault
def alarms_are_not_duplicates(account):
    for name in ("first of two", "second of two"):
        silent(account, name, "ApproximateNumberOfMessagesDelayed", "orders-006", AlarmActions=[account.topic], OKActions=[account.topic])
    return "of two"


@fault
def warning_and_critical_reach_different_people(account):
    for name, limit in (("orders are large", 100_000.0), ("orders are huge", 200_000.0)):
        silent(account, name, "SentMessageSize", "orders-025", Statistic="Maximum", Threshold=limit, AlarmActions=[account.topic], OKActions=[account.topic])
    return "orders are huge"


@fault
def alarm_tells_what_to_do(account):
    silent(account, "alarm without advice", "NumberOfMessagesDeleted", "orders-004", AlarmDescription=None, Tags=None)
    return "alarm without advice"


@fault
def alarm_name_tells_what_it_watches(account):
    silent(account, "alarm1", "NumberOfEmptyReceives", "orders-005")
    return "alarm1"


@fault
def alarms_use_more_than_one_topic(account):
    """In a Region of its own: twelve alarms, one topic."""
    topic = account.topic_of("everything", region=SMALL_REGION)
    for i in range(12):
        account.alarm(f"parcels of depot {i:02}", "Shop", "Parcels", {"depot": f"{i:02}"}, region=SMALL_REGION, AlarmActions=[topic], OKActions=[topic])
    return "everything"


@fault
def ec2_action_is_on_a_plain_metric(account):
    one = instance(account)
    recover = [f"arn:aws:automate:{REGION}:ec2:recover", account.topic]
    math(account, "recovers nothing", "broken * 1", 0, {"broken": ("AWS/EC2", "StatusCheckFailed_System", {"InstanceId": one}, "Maximum")},
         AlarmActions=recover, TreatMissingData="missing")
    account.alarm("group recovers", "AWS/EC2", "StatusCheckFailed_System", {"AutoScalingGroupName": "web"}, Statistic="Maximum", Period=60,
                  AlarmActions=recover, TreatMissingData="missing")
    return "recovers nothing", "group recovers"


@fault
def percentile_alarm_ignores_few_samples(account):
    account.alarm("percentile of few", "AWS/DynamoDB", "SuccessfulRequestLatency", {"TableName": "carts-002", "Operation": "GetItem"},
                  Statistic=None, ExtendedStatistic="p99", Threshold=100.0)
    return "percentile of few"


@fault
def alarm_looks_back_at_most_a_day(account):
    silent(account, "slow alarm", "SentMessageSize", "orders-007", Period=21600, EvaluationPeriods=8, DatapointsToAlarm=8)
    return "slow alarm"


@fault
def many_alarms_have_a_composite(account):
    for i in range(50):
        silent(account, f"parcels stuck {i:02}", "SentMessageSize", f"orders-{100 + i:03}", AlarmActions=[account.topic], OKActions=[account.topic])
    return ""
