"""Healthy queues and tables, the bulk of the account."""
from audit_registry import healthy


@healthy
def queues(account):
    for i in range(account.sizes["queues"]):
        name = f"orders-{i:03}"
        account.sqs.create_queue(QueueName=name)
        account.alarm(f"{name} has old messages", "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": name},
                      Statistic="Maximum", Threshold=600.0)


@healthy
def tables(account):
    for i in range(account.sizes["tables"]):
        name = f"carts-{i:03}"
        account.dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                                      AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
        account.alarm(f"{name} is throttled", "AWS/DynamoDB", "ThrottledRequests", {"TableName": name})
        account.alarm(f"{name} has system errors", "AWS/DynamoDB", "SystemErrors", {"TableName": name})
