#!/usr/bin/env python3
"""Approving and opening a granted page while the house is asked ten times too much.

    bench/overload.py

Starts the demo from the binary that offices run (built first), measures what eight connections get out
of it, and then lets many more than ten times the places of ordinary pages ask at once, each
again as soon as it was answered or sent away. Meanwhile the manager approves viewings and a
reader turns pages, one after the other. Prints a markdown table; the bar is 2 s at p99 for both
(the owner archive's requirement), and fails above it.
"""
import asyncio
import html
import http.cookiejar
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
CALM, CROWD = 8, 1_000
CALM_SECONDS, CROWD_SECONDS = 5, 45
APPROVALS, BAR = 60, 2.0


class Person:
    """Somebody signed in by the demo's link, with forms filled in as a browser would."""

    def __init__(self, url, link):
        self.url, self.jar = url, http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        # A browser says where a form stands; the house takes none from elsewhere.
        opener.addheaders.append(("Origin", url))
        self.open = opener.open
        self.send(self.get(link), {})

    def get(self, path):
        return self.answer(urllib.parse.urljoin(self.url, path), None)

    def answer(self, address, data):
        try:
            with self.open(address, data, timeout=60) as found:
                return found.url, found.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.url, f"{error.code} {error.read().decode('utf-8', 'replace')}"

    def send(self, page, filled, action=""):
        """Sends the form of `page` whose address ends so, with its own values and these."""
        address, text = page
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.S):
            to = re.search(r"action=\"([^\"]*)\"", form.split(">", 1)[0])
            to = html.unescape(to.group(1)) if to else address
            if not to.endswith(action):
                continue
            fields = []
            for tag in re.findall(r"<input[^>]*>", form):
                value = dict(re.findall(r"(\w+)=\"([^\"]*)\"", tag))
                kind, name = value.get("type", "text"), value.get("name")
                if not name or name in filled or kind == "submit":
                    continue
                if kind in ("checkbox", "radio") and not re.search(r"\schecked[\s>]", tag):
                    continue
                fields.append((name, html.unescape(value.get("value", ""))))
            for name, values in filled.items():
                fields += [(name, one) for one in (values if isinstance(values, list) else [values])]
            data = urllib.parse.urlencode(fields).encode()
            return self.factor(self.answer(urllib.parse.urljoin(address, to), data))
        sys.exit(f"no form that goes to {action!r} at {address}: {text[:400]}")

    def factor(self, page):
        """Shows the second factor where it is asked for; the demo says its code."""
        code = re.search(r"data-demo-code=\"(\d+)\"", page[1])
        field = re.search(r"name=\"((?:step-up-)?code)\"", page[1])
        if not code:
            return page
        if page[1].startswith("422 "):
            sys.exit("the second factor was not taken")
        return self.send(page, {field.group(1): code.group(1)})

    def cookies(self):
        return "; ".join(f"{one.name}={one.value}" for one in self.jar)


async def asking(port, path, cookie, until, seen):
    """One connection of the crowd, kept open and asking again at once."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode()
    while time.monotonic() < until:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            while time.monotonic() < until:
                writer.write(request)
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                seen[head.split(" ", 2)[1]] = seen.get(head.split(" ", 2)[1], 0) + 1
                size = re.search(r"content-length: (\d+)", head)
                if size:
                    await reader.readexactly(int(size.group(1)))
                else:
                    while (n := int((await reader.readline()).strip() or b"0", 16)):
                        await reader.readexactly(n + 2)
                    await reader.readline()
            writer.close()
        except (OSError, asyncio.IncompleteReadError, ValueError):
            seen["broken"] = seen.get("broken", 0) + 1
            await asyncio.sleep(0.05)


async def crowd(port, path, cookie, people, seconds):
    seen, until = {}, time.monotonic() + seconds
    await asyncio.gather(*(asking(port, path, cookie, until, seen) for _ in range(people)))
    return seen


def crowd_apart(port, path, cookie, people, seconds):
    """The crowd in a process of its own, so that it does not hold up what is measured."""
    given = json.dumps([port, path, cookie, people, seconds])
    return subprocess.Popen([sys.executable, __file__, "--crowd", given], stdout=subprocess.PIPE)


def p99(all_seconds):
    return sorted(all_seconds)[max(0, -(-len(all_seconds) * 99 // 100) - 1)]


def asked_for(reader, base, n):
    """So many requests to look into dossiers, sent to the manager."""
    made = []
    for i in range(n):
        form = reader.get(f"{base}/viewings/new")
        room = f"1-1-{i // 4 % 6 + 1}0{i % 4 + 1}"
        filled = {"rooms": room, "reason": "業主來電核對登記表上的聯絡方式", "kinds": "a",
                  "modes": "view", "minutes": "30", "purpose": "service", "act": "send"}
        address, text = reader.send(form, filled, "")
        found = re.search(rf"{base}/viewings/([0-9a-z]{{16}})", address)
        if not found:
            sys.exit(f"a viewing was not asked for: {address} {text[:1500]}")
        made.append(found.group(1))
    return made


def open_page(reader, base):
    """The address of a page of a viewing that is open."""
    listed = reader.get(f"{base}/viewings")[1]
    for one in dict.fromkeys(re.findall(rf"{base}/viewings/([0-9a-z]{{16}})", listed)):
        shown = reader.get(f"{base}/viewings/{one}")
        if "/activate\"" in shown[1]:
            address, text = reader.send(shown, {}, "/activate")
            paper = re.search(r"href=\"([^\"]*/view\?[^\"]*)\"", text)
            turned = reader.get(html.unescape(paper.group(1))) if paper else (address, text)
            picture = re.search(rf"{base}/viewings/{one}/pages/[^\"]+", turned[1])
            if picture:
                return html.unescape(picture.group(0))
    sys.exit("no viewing of the demo can be opened by this reader")


def main():
    subprocess.run(["cargo", "build", "-q", "--profile", "dist", "-p", "linli", "-p", "bench"], cwd=ROOT, check=True)
    linli = TARGET / "dist" / "linli"
    with tempfile.TemporaryDirectory() as scratch:
        demo = subprocess.Popen(
            [linli, "demo", "--json", "--data", f"{scratch}/data", "--port", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        try:
            measure(json.loads(demo.stdout.readline()))
        finally:
            demo.terminate()
            demo.wait()


def measure(told):
    url = told["url"]
    port, base = urllib.parse.urlsplit(url).port, f"/c/{told['slug']}"
    reader, manager = (Person(url, told["links"][who]) for who in ("supervisor", "manager"))
    picture = open_page(reader, base)
    waiting = asked_for(reader, base, APPROVALS)
    # The factor is shown before, as it is in a day's work.
    manager.factor(manager.get(f"/step-up?to={base}"))
    reads, approvals = [], []
    ordinary = (port, f"{base}/roster", manager.cookies())
    calm = json.loads(crowd_apart(*ordinary, CALM, CALM_SECONDS).communicate()[0])
    rush = crowd_apart(*ordinary, CROWD, CROWD_SECONDS)
    time.sleep(3)
    until = time.monotonic() + CROWD_SECONDS - 6
    while time.monotonic() < until:
        begun = time.monotonic()
        answer = reader.get(picture)[1]
        reads.append(time.monotonic() - begun)
        if answer[:4] in ("429 ", "503 "):
            sys.exit("a granted page was sent away")
        if waiting:
            form = manager.get(f"{base}/viewings/{waiting.pop()}")
            begun = time.monotonic()
            answer = manager.send(form, {}, "/approve")[1]
            approvals.append(time.monotonic() - begun)
            if answer[:4] in ("429 ", "503 "):
                sys.exit("an approval was sent away")
    seen = json.loads(rush.communicate()[0])
    rate = calm.get("200", 0) / CALM_SECONDS
    offered = sum(seen.values()) / CROWD_SECONDS
    print("| overload | |\n|---|---|")
    print(f"| ordinary pages a second, {CALM} connections | {rate:.0f} |")
    print(f"| asked a second by {CROWD} connections | {offered:.0f} |")
    print(f"| of these served a second | {seen.get('200', 0) / CROWD_SECONDS:.0f} |")
    print(f"| sent away with a time to come again | {seen.get('503', 0)} |")
    print(f"| errors | {sum(n for word, n in seen.items() if word not in ('200', '503'))} |")
    for what, took in (("a granted page", reads), ("approving", approvals)):
        middle = statistics.median(took)
        print(f"| {what}, {len(took)} times: middle, p99 (bar {BAR:.0f} s) "
              f"| {middle:.2f} s, {p99(took):.2f} s |")
    raise SystemExit(0 if max(p99(reads), p99(approvals)) <= BAR else 1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--crowd"]:
        print(json.dumps(asyncio.run(crowd(*json.loads(sys.argv[2])))))
    else:
        main()
