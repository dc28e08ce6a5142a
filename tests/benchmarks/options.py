"""How large and how long a run is. A quick look: `BENCH_SIZES=200 BENCH_SECONDS=2 make bench`."""

import os
import sys

__all__ = ["CONNECTIONS", "SCHEDULED", "SECONDS", "SIZES", "WARM_UP_SECONDS"]


def numbers(name: str, default: str) -> list[int]:
    value = os.environ.get(name) or default
    try:
        found = [int(part) for part in value.split(",")]
    except ValueError:
        found = []
    if not found or min(found) < 1:
        sys.exit(f"{name} is {value!r}: set it to whole numbers with commas between, as {default}.")
    return found


SIZES = sorted(numbers("BENCH_SIZES", "200,2000,20000"))
CONNECTIONS = numbers("BENCH_CONNECTIONS", "1,32")
SECONDS = numbers("BENCH_SECONDS", "8")[0]
WARM_UP_SECONDS = numbers("BENCH_WARM_UP_SECONDS", "2")[0]
SCHEDULED = numbers("BENCH_SCHEDULED", "1000")[0]
