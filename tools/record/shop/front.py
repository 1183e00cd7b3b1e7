"""The load balancer of the recorded shop: proxies to registered targets and writes down every request.

What it writes is the load balancer's view and nothing else: AWS counts a response of a target
(HTTPCode_Target_*) apart from an answer the load balancer makes itself (HTTPCode_ELB_*), so each line says which.
"""
import asyncio
import os
import sys
import time

import aiohttp
from aiohttp import web

HEALTH_INTERVAL_SECONDS = 2.0
HEALTH_TIMEOUT_SECONDS = 1.0
HEALTH_THRESHOLD = 2  # consecutive results that turn a target healthy or unhealthy
TARGET_TIMEOUT_SECONDS = 10.0


class Front:
    def __init__(self, out_dir: str):
        self.targets: dict[str, dict] = {}
        self.turn = 0
        self.requests = open(os.path.join(out_dir, "requests.tsv"), "a", buffering=1 << 16)
        self.health = open(os.path.join(out_dir, "health.tsv"), "a", buffering=1)
        self.session: aiohttp.ClientSession | None = None

    def next_target(self) -> dict | None:
        """Round robin over healthy targets; over all of them when none is healthy, as an ALB fails open."""
        healthy = [t for t in self.targets.values() if t["healthy"] and not t["draining"]]
        pool = healthy or [t for t in self.targets.values() if not t["draining"]]
        if not pool:
            return None
        self.turn += 1
        return pool[self.turn % len(pool)]

    def note(self, began: float, status: int, answered_by: str, target: str) -> None:
        ended = time.time()
        self.requests.write(f"{ended:.3f}\t{ended - began:.4f}\t{status}\t{answered_by}\t{target}\n")

    async def proxy(self, request: web.Request) -> web.Response:
        began = time.time()
        target = self.next_target()
        if target is None:
            self.note(began, 503, "elb", "-")
            return web.Response(status=503)
        url = f"http://127.0.0.1:{target['port']}{request.rel_url}"
        try:
            async with self.session.request(request.method, url, data=await request.read()) as answer:
                body = await answer.read()
                self.note(began, answer.status, "target", target["id"])
                return web.Response(status=answer.status, body=body)
        except asyncio.TimeoutError:
            self.note(began, 504, "elb", target["id"])
            return web.Response(status=504)
        except aiohttp.ClientError:
            self.note(began, 502, "elb", target["id"])
            return web.Response(status=502)

    async def check_health(self, target: dict) -> None:
        run = 0  # length of the current run of equal results
        last = None
        timeout = aiohttp.ClientTimeout(total=HEALTH_TIMEOUT_SECONDS)
        while target["id"] in self.targets:
            try:
                async with self.session.get(f"http://127.0.0.1:{target['port']}/health", timeout=timeout) as answer:
                    good = answer.status == 200
            except (aiohttp.ClientError, asyncio.TimeoutError):
                good = False
            run = run + 1 if good == last else 1
            last = good
            if run >= HEALTH_THRESHOLD:
                target["healthy"] = good
            await asyncio.sleep(HEALTH_INTERVAL_SECONDS)

    async def write_health(self) -> None:
        while True:
            await asyncio.sleep(1.0 - time.time() % 1.0)
            serving = [t for t in self.targets.values() if not t["draining"]]
            good = sum(1 for t in serving if t["healthy"])
            self.health.write(f"{int(time.time())}\t{good}\t{len(serving) - good}\n")
            self.requests.flush()  # a line that is still in memory when the recording ends would read as "no request"

    async def register(self, request: web.Request) -> web.Response:
        body = await request.json()
        target = {"id": body["id"], "port": body["port"], "healthy": False, "draining": False}
        self.targets[target["id"]] = target
        asyncio.create_task(self.check_health(target))
        return web.json_response({})

    async def drain(self, request: web.Request) -> web.Response:
        target = self.targets.get(request.match_info["id"])
        if target:
            target["draining"] = True
        return web.json_response({})

    async def deregister(self, request: web.Request) -> web.Response:
        self.targets.pop(request.match_info["id"], None)
        return web.json_response({})

    async def list_targets(self, _request: web.Request) -> web.Response:
        return web.json_response(list(self.targets.values()))


async def main(port: int, admin_port: int, out_dir: str) -> None:
    front = Front(out_dir)
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=TARGET_TIMEOUT_SECONDS)
    front.session = aiohttp.ClientSession(connector=connector, timeout=timeout)
    public, admin = web.Application(), web.Application()
    public.router.add_route("*", "/{tail:.*}", front.proxy)
    admin.add_routes([web.post("/targets", front.register), web.get("/targets", front.list_targets),
                      web.post("/targets/{id}/drain", front.drain), web.delete("/targets/{id}", front.deregister)])
    for app, at in ((public, port), (admin, admin_port)):
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", at).start()
    await front.write_health()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
