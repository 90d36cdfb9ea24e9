#!/usr/bin/env python3
"""How long linli takes to be there, and what it costs to let it lie: starting an existing
compound of 3,000 households, the first page of an owner's way in, memory when nobody asks,
the demo's year. `--rebuild` adds what a changed handler costs whoever builds it.

    bench/start.py [--rebuild]

Prints a markdown table; medians of five starts. Builds the binary that offices run first.
"""
import json, os, pathlib, random, re, signal, socket, statistics, subprocess, sys, tempfile, time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
HOUSEHOLDS = 3_000
STARTS = 5


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def resident(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


def roster(path):
    """An office's list: two owners in every third room, a phone each."""
    chance = random.Random(3)
    lines = ["房號,業主姓名,電話,面積"]
    for n in range(HOUSEHOLDS):
        room = f"{n // 150 + 1}-{n % 150 // 75 + 1}-{n % 75 // 3 + 1:02}{n % 3 + 1:02}"
        names = "、".join(chance.choice("王李張劉陳楊") + chance.choice("偉芳娜敏靜麗強磊") + chance.choice("軍洋勇艷傑娟濤明") for _ in range(2 if n % 3 == 0 else 1))
        lines.append(f"{room},{names},139{chance.randrange(10**8):08},{chance.randrange(60, 180)}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def start(linli, data, key):
    """Seconds until the first page, and the process."""
    port = free_port()
    began = time.monotonic()
    process = subprocess.Popen(
        [linli, "serve", "--data", data, "--key-file", key, "--listen", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}/sign-in"
    while not answers(url):
        if process.poll() is not None or time.monotonic() - began > 60:
            sys.exit("linli serve did not come up")
        time.sleep(0.005)
    return time.monotonic() - began, process, port


def stop(process):
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def demo(linli, folder):
    began = time.monotonic()
    process = subprocess.Popen(
        [linli, "demo", "--data", folder / "demo", "--key-file", folder / "demo.key", "--port", str(free_port()), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )
    told = json.loads(process.stdout.readline())
    assert answers(told["url"] + "/sign-in")
    took = time.monotonic() - began
    stop(process)
    return took


def rebuild():
    """Seconds from a changed sentence in a handler to a program that can be started."""
    file = ROOT / "house/people/roster/src/pages.rs"
    before = file.read_text(encoding="utf-8")
    build = ["cargo", "build", "-q", "--locked", "-p", "linli"]
    subprocess.run(build, cwd=ROOT, check=True)
    times = []
    try:
        for n in range(3):
            file.write_text(before.replace('"***".into()', f'"***{"*" * (n + 1)}".into()', 1), encoding="utf-8")
            began = time.monotonic()
            subprocess.run(build, cwd=ROOT, check=True)
            times.append(time.monotonic() - began)
    finally:
        file.write_text(before, encoding="utf-8")
    return statistics.median(times)


def main():
    subprocess.run(["cargo", "build", "-q", "--profile", "dist", "--locked", "-p", "linli", "-p", "bench"], cwd=ROOT, check=True)
    linli = TARGET / "dist/linli"
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        data, key, sheet = folder / "data", folder / "site.key", folder / "roster.csv"
        roster(sheet)
        began = time.monotonic()
        subprocess.run(
            [linli, "import", "roster", sheet, "--community", "春和苑", "--create", "--data", data, "--key-file", key],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        rows.append((f"a new compound of {HOUSEHOLDS:,} households from its list", f"{time.monotonic() - began:.1f} s", ""))
        times, idle = [], 0.0
        for n in range(STARTS):
            took, process, port = start(linli, data, key)
            times.append(took)
            if n + 1 == STARTS:
                for page in ("/sign-in", "/sign-in/staff", "/assets/linli.css") * 20:
                    try:
                        urllib.request.urlopen(f"http://127.0.0.1:{port}{page}", timeout=5).read()
                    except OSError:
                        pass
                time.sleep(5)
                idle = resident(process.pid)
            stop(process)
        rows.append(("start of an existing compound, to the first page", f"{statistics.median(times):.2f} s", "< 0.5 s"))
        rows.append(("memory when nobody asks", f"{idle:.0f} MB", "< 100 MB"))
        rows.append(("the demo: 1,200 rooms and a year, to the first page", f"{demo(linli, folder):.1f} s", ""))
    if "--rebuild" in sys.argv[1:]:
        rows.append(("a changed handler, to a program that starts", f"{rebuild():.1f} s", "<= 6 s"))
    print("| what | measured | aim |\n|---|---|---|")
    for what, measured, aim in rows:
        print(f"| {what} | {measured} | {aim} |")


main()
