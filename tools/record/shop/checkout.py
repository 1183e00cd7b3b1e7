"""The checkout API: reads products through a cache, takes orders in PostgreSQL, charges a third-party payment service.

It is configured by environment variables only, as a container is, so that a deploy is a change of these variables.
An order holds its database connection while the payment is made: the usual short cut that makes the pool size matter.
"""
import asyncio
import json
import os
import random
import sys
import time
import uuid

import aiohttp
import psycopg
from aiohttp import web
from aiohttp.abc import AbstractResolver
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from redis import asyncio as redis_asyncio

POOL_WAIT_SECONDS = 2.0
PRODUCT_TTL_SECONDS = 15
LOG_EVERY = 12  # successful orders per log line; every failure is logged
STOCK_QUERY = "SELECT count(*), coalesce(sum(quantity), 0) FROM stock_movement WHERE product_id = %s"
PRODUCT_QUERY = "SELECT id, name, price_cents FROM product WHERE id = %s"
INSERT_ORDER = "INSERT INTO customer_order (id, product_id, basket, state) VALUES (%s, %s, %s, 'new')"
PAY_ORDER = "UPDATE customer_order SET state = 'paid' WHERE id = %s"


def log(level: str, text: str) -> None:
    now = time.time()
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z"
    print(f"{stamp} {level} checkout {text}", flush=True)


class LoopbackNames(AbstractResolver):
    """Resolves every host name to this machine, so that the service can use the names it has in production."""

    async def resolve(self, host, port=0, family=0):
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    async def close(self):
        return None


class Checkout:
    def __init__(self, env: dict):
        self.payments = env["PAYMENTS_URL"]
        self.payment_seconds = float(env["PAYMENTS_TIMEOUT_SECONDS"])
        self.keep_baskets = env.get("BASKET_HISTORY", "off") == "on"
        self.baskets: list[bytes] = []
        self.orders = 0
        conninfo = (f"host={env['DB_HOST']} hostaddr=127.0.0.1 port={env['DB_PORT']} dbname=shop user=shop "
                    "application_name=checkout connect_timeout=2")
        size = int(env["DB_POOL_SIZE"])
        self.pool = AsyncConnectionPool(conninfo, min_size=size, max_size=size, timeout=POOL_WAIT_SECONDS, open=False)
        self.cache = redis_asyncio.Redis(port=int(env["CACHE_PORT"]), decode_responses=True)
        self.queue = redis_asyncio.Redis(port=int(env["QUEUE_PORT"]), decode_responses=True)

    async def start(self, _app) -> None:
        connector = aiohttp.TCPConnector(limit=0, resolver=LoopbackNames())
        self.session = aiohttp.ClientSession(connector=connector)
        await self.pool.open(wait=False)

    async def health(self, _request) -> web.Response:
        return web.Response(text="ok")

    async def product(self, request) -> web.Response:
        product_id = int(request.match_info["id"])
        key = f"product:{product_id}"
        found = await self.cache.get(key)
        if found is None:
            try:
                async with self.pool.connection() as connection:
                    row = await (await connection.execute(PRODUCT_QUERY, (product_id,))).fetchone()
            except (PoolTimeout, psycopg.Error) as error:
                return self.failed(500, f"GET /products/{product_id}", error)
            found = json.dumps(row)
            await self.cache.set(key, found, ex=PRODUCT_TTL_SECONDS)
        return web.Response(text=found)

    async def order(self, request) -> web.Response:
        basket = await request.text()
        order_id = uuid.UUID(int=random.getrandbits(128))
        began = time.time()
        try:
            async with self.pool.connection() as connection:
                await self.place(connection, order_id, basket)
        except asyncio.TimeoutError:
            return self.failed(504, f"order {order_id}", f"payments.example.net POST /v1/charges timed out "
                                                         f"after {self.payment_seconds:.1f} s")
        except (PoolTimeout, psycopg.Error, aiohttp.ClientError) as error:
            return self.failed(500, f"order {order_id}", error)
        await self.send_receipt(order_id)
        self.orders += 1
        if self.orders % LOG_EVERY == 0:
            log("INFO", f"order {order_id} placed in {(time.time() - began) * 1000:.0f} ms")
        return web.json_response({"order": str(order_id)})

    async def place(self, connection, order_id, basket: str) -> None:
        product_id = random.randint(1, 400)
        await connection.execute(STOCK_QUERY, (product_id,))
        await connection.execute(INSERT_ORDER, (order_id, product_id, basket))
        timeout = aiohttp.ClientTimeout(total=self.payment_seconds)
        async with self.session.post(f"{self.payments}/v1/charges", data=basket, timeout=timeout) as answer:
            answer.raise_for_status()
        await connection.execute(PAY_ORDER, (order_id,))
        if self.keep_baskets:
            self.baskets.append(basket.encode() * 2000)

    async def send_receipt(self, order_id) -> None:
        message = json.dumps({"order": str(order_id), "sent": time.time()})
        async with self.queue.pipeline(transaction=True) as pipe:
            await pipe.rpush("receipts", message).incr("receipts:sent").execute()

    def failed(self, status: int, what: str, error) -> web.Response:
        kind = "" if isinstance(error, str) else f"{type(error).__name__}: "
        first_line = str(error).strip().splitlines()[0] if str(error).strip() else "no message"
        log("ERROR", f"{what} failed: {kind}{first_line}")
        return web.Response(status=status, text="checkout failed")


def main(port: int) -> None:
    checkout = Checkout(dict(os.environ))
    app = web.Application()
    app.on_startup.append(checkout.start)
    app.add_routes([web.get("/health", checkout.health), web.get("/products/{id}", checkout.product),
                    web.post("/checkout", checkout.order)])
    log("INFO", f"starting with DB_POOL_SIZE={os.environ['DB_POOL_SIZE']} DB_HOST={os.environ['DB_HOST']}")
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None, shutdown_timeout=3)


if __name__ == "__main__":
    import logging

    # The pool reports lost connections through logging; a container's stderr is its log, so those lines belong here.
    logging.basicConfig(stream=sys.stdout, level=logging.WARNING,
                        format="%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
    logging.Formatter.converter = time.gmtime
    main(int(sys.argv[1]))
