"""Histories, and what osm-tags makes of them.

    osm-history.py make SEED
        a small file for osm-pbf.py: nodes, ways and relations of random
        versions in random blobs; with an odd SEED, timestamps also go back
    osm-history.py check FILE DATES [OPTION]…
        fails unless, at DATES of the times when something changes (0: all),
        and a second before each, the records of osm-tags --versions that hold
        are those of --at, and no record goes on as one that is the same
"""

import random
import re
import subprocess
import sys
import time

TIMES = re.compile(r',"valid_from":(\d+)(?:,"valid_to":(\d+))?(?=[,}])')
FOREVER = 1 << 62


def stamp(t):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t))


def versions(r, head, body, back):
    """The versions of an object; body() gives tags and what it is made of."""
    t = r.randrange(1, 8)
    for v in range(1, r.randrange(2, 7)):
        gone = v > 1 and r.random() < 0.12
        yield f"{head} v{v} {'dD' if gone else 'dV'} t{stamp(1000 * t)} " + (
            "" if gone else body())
        t = max(1, t + r.randrange(-3 if back else 0, 7))


def make(seed):
    r = random.Random(seed)

    def node():
        tags = r.choice(["", "", "Tnatural=tree", "Thighway=stop"])
        return f"{tags} x{r.randrange(4)} y{r.randrange(4)}".strip()

    def way():
        refs = [f"n{r.randrange(1, 13)}" for _ in range(r.randrange(1, 6))]
        refs += refs[:1] if r.random() < 0.7 else []
        tags = r.choice(["building=yes", "highway=path", "barrier=fence",
                         "natural=coastline,place=island", ""])
        return " ".join(["T" + tags] * bool(tags) + ["N" + ",".join(refs)])

    def relation():
        of = [f"{r.choice('wwwn')}{r.randrange(1, 11)}@"
              for _ in range(r.randrange(1, 4))]
        tags = r.choice(["type=multipolygon,landuse=grass", "type=route,ref=1",
                         "type=boundary,name=x"])
        return f"T{tags} M{','.join(of)}"

    print("header sorted history")
    many, plain = r.choice([0, 0.1, 0.5]), r.choice(["", " plain"])
    for kind, n, body in ("n", 12, node), ("w", 10, way), ("r", 8, relation):
        for i in range(1, n + 1):
            for line in versions(r, f"{kind}{i}", body, seed % 2):
                if many and r.random() < many:
                    print("blob" + plain)
                print(line)


def records(*words):
    """The records as lines, those set aside too."""
    out = []
    subprocess.run(["osm-tags", "-q", "-o", "h.rec", "--reject", "h.aside",
                    *words], check=True)
    for name in "h.rec", "h.aside":
        lines = subprocess.run(["rec-view", "-q", name], check=True,
                               stdout=subprocess.PIPE).stdout.decode()
        out += [name + line for line in lines.splitlines()]
    return out


def check(path, dates, *words):
    held, ends = [], {}
    for line in records("--versions", *words, path):
        begin, end = TIMES.search(line).groups()
        begin, end = int(begin), int(end or FOREVER)
        line = TIMES.sub("", line)
        assert begin < end, line
        assert ends.get(line) != begin, f"could be one: {line}"
        ends[line] = end
        held.append((begin, end, line))
    times = sorted({t for h in held for t in h[:2] if t != FOREVER})
    if int(dates) and len(times) > int(dates):
        times = random.Random(1).sample(times, int(dates))
    for t in sorted({0} | {t - back for t in times for back in (0, 1)}):
        want = sorted(records("--at", stamp(t), *words, path))
        got = sorted(h[2] for h in held if h[0] <= t < h[1])
        if want != got:
            sys.exit(f"at {stamp(t)}: not {want} but {got}")
    print(len(held), "records,", len(times), "times")


if sys.argv[1] == "make":
    make(int(sys.argv[2]))
else:
    check(*sys.argv[2:])
