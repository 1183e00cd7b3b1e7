"""moto's server with a clock that a test can set back: moto_clock.py FILE [arguments of moto_server].

moto stamps whatever is made with its own clock; FILE holds the seconds by which that is behind. So an account gets alarms that have been ringing
for days and log groups of last month. Only the clock is changed: what moto answers is its own."""
import datetime
import sys

import moto.core.utils

behind = sys.argv[1]


class Set(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        with open(behind, encoding="ascii") as file:
            return datetime.datetime.now(tz) - datetime.timedelta(seconds=float(file.read() or 0))


class Module:
    """The module datetime as moto.core.utils sees it; its utcnow() and what is made of it ask datetime.datetime.now()."""

    def __getattr__(self, name):
        return Set if name == "datetime" else getattr(datetime, name)


moto.core.utils.datetime = Module()

if __name__ == "__main__":
    from moto.server import main

    main(sys.argv[2:])
