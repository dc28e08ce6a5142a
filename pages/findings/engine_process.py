"""The process in which charts are drawn, run by ``engine``: a line of JSON in, a line out.

It imports nothing of the site, ends when nobody asks for a while, and may be killed at any time.
"""

import json
import select
import sys

import vl_convert

VEGA_LITE = "6.4"
IDLE_SECONDS = 300


def answer(line: str) -> dict[str, str]:
    try:
        # No address is allowed to it: whatever a chart names, nothing is fetched.
        svg = vl_convert.vegalite_to_svg(line, vl_version=VEGA_LITE, allowed_base_urls=[])
    except ValueError as problem:
        return {"problem": str(problem)[:500]}
    return {"svg": svg}


def main() -> None:
    while select.select([sys.stdin], [], [], IDLE_SECONDS)[0]:
        line = sys.stdin.buffer.readline()
        if not line:
            return
        sys.stdout.write(json.dumps(answer(line.decode())) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
