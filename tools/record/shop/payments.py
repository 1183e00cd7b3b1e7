"""The third party: a payment service outside the account. Its pace can be changed while it runs (POST /pace)."""
import asyncio
import random
import sys

from aiohttp import web

# Seconds: (median, sigma) of a log-normal, the usual shape of a card authorisation's latency.
PACES = {"usual": (0.28, 0.18), "slow": (1.4, 0.6)}


class Payments:
    def __init__(self):
        self.pace = "usual"

    async def charge(self, _request) -> web.Response:
        median, sigma = PACES[self.pace]
        await asyncio.sleep(median * random.lognormvariate(0.0, sigma))
        return web.json_response({"status": "authorised"})

    async def set_pace(self, request) -> web.Response:
        self.pace = (await request.text()).strip()
        return web.Response(text=self.pace)


if __name__ == "__main__":
    payments = Payments()
    app = web.Application()
    app.add_routes([web.post("/v1/charges", payments.charge), web.post("/pace", payments.set_pace)])
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
