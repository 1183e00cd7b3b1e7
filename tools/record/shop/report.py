"""The nightly report: one session per sales region, each adding up the whole stock history several ways."""
import os
import random
import threading
import time

import psycopg

REGIONS = 24
SLICES = 8  # a region is added up in slices, so that a pass takes seconds
REPORT_QUERY = ("SELECT m.product_id, count(*), sum(m.quantity), stddev(m.quantity * o.quantity) "
                "FROM stock_movement m JOIN stock_movement o ON o.product_id = m.product_id "
                "WHERE m.id %% %s = %s GROUP BY m.product_id ORDER BY 4 DESC NULLS LAST LIMIT 50")


def log(level: str, text: str) -> None:
    now = time.time()
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z"
    print(f"{stamp} {level} report {text}", flush=True)


def report_region(env: dict, region: int, until: float) -> None:
    with psycopg.connect(f"host={env['DB_HOST']} hostaddr=127.0.0.1 port={env['DB_PORT']} dbname=shop user=shop "
                         "application_name=nightly-report", autocommit=True) as connection:
        while time.time() < until:
            began = time.time()
            connection.execute(REPORT_QUERY, (REGIONS * SLICES, region + REGIONS * random.randrange(SLICES)))
            log("INFO", f"region {region} pass took {time.time() - began:.1f} s")


def main(env: dict) -> None:
    until = time.time() + float(env["REPORT_SECONDS"])
    log("INFO", f"starting, {REGIONS} regions")
    sessions = [threading.Thread(target=report_region, args=(env, region, until)) for region in range(REGIONS)]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join()
    log("INFO", "done")


if __name__ == "__main__":
    main(dict(os.environ))
