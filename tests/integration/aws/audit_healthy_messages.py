"""Healthy queues and tables, the bulk of the account. Queries of Metrics Insights watch most of them: one alarm for all."""

from audit_healthy_services import AT_LEAST, query, watch
from audit_registry import GLOBAL_REGION, REGION, healthy

WATCHED_ONE_BY_ONE = 20


@healthy
def queues(account):
    for i in range(account.sizes["queues"]):
        name = f"orders-{i:03}"
        account.sqs.create_queue(QueueName=name)
        if i < WATCHED_ONE_BY_ONE:
            account.alarm(f"{name} has old messages", "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": name}, Statistic="Maximum", Threshold=600.0)
    for region in (REGION, GLOBAL_REGION):
        for label, metric, limit in (("has old messages", "ApproximateAgeOfOldestMessage", 600), ("fills up", "ApproximateNumberOfMessagesVisible", 10_000)):
            query(account, f"any queue {label}", f'SELECT MAX({metric}) FROM SCHEMA("AWS/SQS", QueueName) GROUP BY QueueName', limit, region=region)


@healthy
def dead_letters(account):
    for dead, living, region in (("refused-orders", "priority-orders", REGION), ("refused-mail", "mail", GLOBAL_REGION)):
        account.dead_letter_queue(dead, living, region)
        watch(account, dead, "AWS/SQS", {"QueueName": dead}, ("ApproximateNumberOfMessagesVisible", "Maximum", AT_LEAST, 1, (300, 1, 1), "notBreaching"),
              region=region)
    # Once it took in five messages, and its alarm fired.
    account.dead_letters("refused-mail", 5, hours_ago=24)


@healthy
def tables(account):
    for i in range(account.sizes["tables"]):
        account.dynamodb.create_table(TableName=f"carts-{i:03}", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                                      AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    for metric in ("ReadThrottleEvents", "WriteThrottleEvents", "SystemErrors"):
        query(account, f"{metric} of any table", f'SELECT SUM({metric}) FROM SCHEMA("AWS/DynamoDB", TableName) GROUP BY TableName', 10)


@healthy
def topics(account):
    for region in (REGION, GLOBAL_REGION):
        query(account, "any topic fails to deliver", 'SELECT SUM(NumberOfNotificationsFailed) FROM SCHEMA("AWS/SNS", TopicName) GROUP BY TopicName', 0,
              region=region)


@healthy
def own_metrics(account):
    account.datapoints("Shop", "SignUps", {"page": "home"}, [40 + hour % 24 for hour in range(130)], hours_ago=130)
    account.alarm("too many sign-ups", "Shop", "SignUps", {"page": "home"}, region=GLOBAL_REGION, Statistic="Maximum", Period=3600, Threshold=80.0)
    account.every_five_seconds("pulse")
    account.alarm("pulse is too quick", "Shop", "pulse", {}, region=GLOBAL_REGION, Statistic="Maximum", Period=10, Threshold=9.0)
