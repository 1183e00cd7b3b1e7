"""Faults of category A, coverage (checks 1 to 22), one function each."""
import json

from audit_registry import ACCOUNT, REGION, fault


@fault
def backlog_has_alarm(account):
    account.sqs.create_queue(QueueName="unwatched-backlog")
    return "unwatched-backlog"


@fault
def dead_letter_queue_has_alarm(account):
    account.sqs.create_queue(QueueName="dead-orders")
    account.sqs.create_queue(QueueName="living-orders", Attributes={"RedrivePolicy": json.dumps(
        {"deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead-orders", "maxReceiveCount": 3})})
    return "dead-orders"


@fault
def production_resource_has_alarm(account):
    account.dynamodb.create_table(TableName="forgotten-table", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                                  AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    return "forgotten-table"
