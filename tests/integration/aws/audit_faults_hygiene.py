"""Faults of category B, alarm hygiene (checks 23 to 49), one function each."""

from audit_registry import ACCOUNT, REGION, fault


@fault
def alarm_has_action(account):
    account.alarm("silent alarm", "AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": "orders-000"}, AlarmActions=None)
    return "silent alarm"


@fault
def alarm_actions_enabled(account):
    account.alarm("muzzled alarm", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-001"}, ActionsEnabled=False)
    return "muzzled alarm"


@fault
def alarm_action_target_exists(account):
    account.alarm("alarm to nowhere", "AWS/SQS", "NumberOfMessagesSent", {"QueueName": "orders-002"},
                  AlarmActions=[f"arn:aws:sns:{REGION}:{ACCOUNT}:deleted-topic"])
    return "alarm to nowhere"


@fault
def alarm_resource_exists(account):
    account.alarm("alarm on a ghost", "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "deleted-queue"}, Statistic="Maximum")
    return "alarm on a ghost"


@fault
def alarm_fires_on_more_than_one_datapoint(account):
    account.alarm("nervous alarm", "AWS/DynamoDB", "SuccessfulRequestLatency", {"TableName": "carts-000", "Operation": "GetItem"}, Statistic="Average",
                  Threshold=100.0, ComparisonOperator="GreaterThanThreshold", Period=60, EvaluationPeriods=1, DatapointsToAlarm=1)
    return "nervous alarm"


@fault
def alarm_treats_missing_data_well(account):
    account.alarm("errors of carts missing", "AWS/DynamoDB", "SystemErrors", {"TableName": "carts-001"}, TreatMissingData="breaching", Threshold=7.0)
    return "errors of carts missing"


@fault
def alarm_has_ok_action(account):
    account.alarm("alarm without an end", "AWS/SQS", "NumberOfMessagesReceived", {"QueueName": "orders-003"}, OKActions=None)
    return "alarm without an end"


@fault
def alarm_tells_what_to_do(account):
    account.alarm("alarm without advice", "AWS/SQS", "NumberOfMessagesDeleted", {"QueueName": "orders-004"}, AlarmDescription=None, Tags=None)
    return "alarm without advice"


@fault
def alarm_name_tells_what_it_watches(account):
    account.alarm("alarm1", "AWS/SQS", "NumberOfEmptyReceives", {"QueueName": "orders-005"})
    return "alarm1"


@fault
def alarms_are_not_duplicates(account):
    for name in ("first of two", "second of two"):
        account.alarm(name, "AWS/SQS", "ApproximateNumberOfMessagesDelayed", {"QueueName": "orders-006"}, AlarmActions=[account.topic], OKActions=[account.topic])
    return "of two"


@fault
def alarm_looks_back_at_most_a_day(account):
    account.alarm("slow alarm", "AWS/SQS", "SentMessageSize", {"QueueName": "orders-007"}, Period=21600, EvaluationPeriods=8, DatapointsToAlarm=8)
    return "slow alarm"


@fault
def percentile_alarm_ignores_few_samples(account):
    account.alarm("percentile of few", "AWS/DynamoDB", "SuccessfulRequestLatency", {"TableName": "carts-002", "Operation": "GetItem"},
                  Statistic=None, ExtendedStatistic="p99", Threshold=100.0)
    return "percentile of few"
