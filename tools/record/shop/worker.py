"""The receipt worker: takes one message at a time from the queue and stores the receipt document it renders."""
import json
import os
import time

import psycopg
import redis

LOG_EVERY = 60
SMALL_DOCUMENT_BYTES = 600
INSERT_RECEIPT = "INSERT INTO receipt (order_id, document) VALUES (%s, %s)"
READ_SETTING = "SELECT value FROM setting WHERE name = 'receipt_document_bytes'"


def log(level: str, text: str) -> None:
    now = time.time()
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z"
    print(f"{stamp} {level} worker {text}", flush=True)


def connect(env: dict) -> psycopg.Connection:
    return psycopg.connect(f"host={env['DB_HOST']} hostaddr=127.0.0.1 port={env['DB_PORT']} dbname=shop user=shop "
                           "application_name=worker connect_timeout=2", autocommit=True)


def main(env: dict) -> None:
    queue = redis.Redis(port=int(env["QUEUE_PORT"]), decode_responses=True)
    connection, done = None, 0
    log("INFO", "starting")
    while True:
        # The message stays at the head until it is stored, so a failure leaves it visible, as SQS would again show it.
        message = queue.lindex("receipts", 0)
        if message is None:
            time.sleep(0.02)
            continue
        order = json.loads(message)["order"]
        try:
            connection = connection or connect(env)
            size = int(connection.execute(READ_SETTING).fetchone()[0])
            # Random bytes: a rendered PDF does not compress either.
            connection.execute(INSERT_RECEIPT, (order, os.urandom(size)))
        except psycopg.Error as error:
            log("ERROR", f"receipt for order {order} failed: {type(error).__name__}: {str(error).strip().splitlines()[0]}")
            if connection is not None and connection.broken:
                connection.close()
                connection = None
            time.sleep(0.5)
            continue
        queue.pipeline().lpop("receipts").incr("receipts:deleted").execute()
        done += 1
        if done % LOG_EVERY == 0:
            log("INFO", f"receipt for order {order} stored")


if __name__ == "__main__":
    main(dict(os.environ))
