"""The customers: an open loop with Poisson arrivals, so that a slow shop does not slow its customers down."""
import asyncio
import json
import random
import sys
import time

import aiohttp

ORDER_SHARE = 0.8
CUSTOMER_PATIENCE_SECONDS = 12.0


async def visit(session: aiohttp.ClientSession, base: str) -> None:
    try:
        if random.random() < ORDER_SHARE:
            basket = json.dumps({"lines": [{"product": random.randint(1, 400), "quantity": 1}] * 8})
            async with session.post(f"{base}/checkout", data=basket) as answer:
                await answer.read()
        else:
            async with session.get(f"{base}/products/{random.randint(1, 400)}") as answer:
                await answer.read()
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return  # what the customer sees is not measured; the load balancer's own record is


async def main(base: str, per_second: float) -> None:
    timeout = aiohttp.ClientTimeout(total=CUSTOMER_PATIENCE_SECONDS)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as session:
        due, running = time.time(), set()
        while True:
            due += random.expovariate(per_second)
            await asyncio.sleep(max(0.0, due - time.time()))
            task = asyncio.create_task(visit(session, base))
            running.add(task)
            task.add_done_callback(running.discard)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
