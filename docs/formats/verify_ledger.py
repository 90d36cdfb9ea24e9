#!/usr/bin/env python3
"""Checks an exported ledger of linli with nothing but Python: every entry, every
tile, every signature. See ledger.md beside this file for the format.

    python3 verify_ledger.py DIR [--key KEY] [--json]
    python3 verify_ledger.py --proofs DIR --key KEY [--json]

The second checks the proofs of single events (*.tlog-proof) in a folder.

KEY is the public key in base64, or a line that `linli ledger key` printed.
Exit code 0: sound. 1: changed; the first bad event is named. 2: cannot be read.
"""

import argparse
import base64
import hashlib
import json
import os
import sys

WIDTH = 256
FIELDS = ("entry", "community", "seq", "at", "kind", "version", "actor", "role",
          "behalf", "door", "subject", "audience", "body")
TEXTS = {"kind", "actor", "role", "behalf", "door", "subject", "audience", "body"}


class Bad(Exception):
    def __init__(self, seq, why, log=None):
        super().__init__(why)
        self.seq, self.why, self.log = seq, why, log


# --- Ed25519 (RFC 8032), verification only -----------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_M1 = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT_M1 % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


def point(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = add(out, p)
        p, n = add(p, p), n >> 1
    return out


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def signature_holds(key, message, signature):
    a, r = point(key), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(h, a))
    return ((left[0] * right[2] - right[0] * left[2]) % P == 0
            and (left[1] * right[2] - right[1] * left[2]) % P == 0)


# --- signed notes (C2SP signed-note) ------------------------------------------

def read_key(text):
    text = text.strip()
    if text.count("+") >= 2 and "/" in text.split("+")[0]:
        raw = base64.b64decode(text.split("+", 2)[2], validate=True)
        if raw[0] != 1:
            raise ValueError("not an Ed25519 key")
        raw = raw[1:]
    else:
        raw = base64.b64decode(text, validate=True)
    if len(raw) != 32:
        raise ValueError("not an Ed25519 key")
    return raw


def open_note(note, key):
    """The signed text of a note, under the name in its first line."""
    text, cut, lines = note.rpartition("\n\n")
    text += "\n"
    name = text.split("\n")[0]
    if not cut or not lines.endswith("\n"):
        raise ValueError("not a signed note")
    key_id = hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]
    for line in lines[:-1].split("\n"):
        dash, by, signature = line.split(" ")
        raw = base64.b64decode(signature, validate=True)
        if dash != "\u2014":
            raise ValueError("not a signed note")
        if base64.b64encode(raw).decode() != signature:
            raise ValueError("not a signed note")
        if by == name and raw[:4] == key_id:
            if not signature_holds(key, text.encode(), raw[4:]):
                raise ValueError("the signature is false")
            return text
    raise ValueError("not signed by this key")


# --- the tree (RFC 6962) ------------------------------------------------------

def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def perfect_root(hashes):
    while len(hashes) > 1:
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]


def root_of(peaks):
    """The root over the perfect subtrees, largest first."""
    if not peaks:
        return hashlib.sha256(b"").digest()
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


# --- entries (deterministic CBOR, an array of thirteen) -----------------------

def read_entry(raw):
    at = 0

    def head():
        nonlocal at
        first = raw[at]
        at += 1
        major, n = first >> 5, first & 31
        if n >= 24:
            if n > 27:
                raise ValueError
            width = 1 << n - 24
            n = int.from_bytes(raw[at:at + width], "big")
            at += width
            # Deterministic: the shortest form only.
            if n < (24, 1 << 8, 1 << 16, 1 << 32)[width.bit_length() - 1]:
                raise ValueError
        return major, n

    if head() != (4, len(FIELDS)):
        raise ValueError
    entry = {}
    for field in FIELDS:
        major, n = head()
        if field in TEXTS:
            if major != 3 or at + n > len(raw):
                raise ValueError
            entry[field] = raw[at:at + n].decode("utf-8")
            at += n
        elif major in (0, 1):
            entry[field] = n if major == 0 else -1 - n
        else:
            raise ValueError
    if at != len(raw) or entry["entry"] != 1:
        raise ValueError
    return entry


# --- the export ----------------------------------------------------------------

class Export:
    def __init__(self, folder, key):
        self.folder, self.key, self.seen = folder, key, set()

    def read(self, path):
        self.seen.add(path)
        with open(os.path.join(self.folder, *path.split("/")), "rb") as file:
            return file.read()

    def manifest(self):
        try:
            text = open_note(self.read("manifest").decode(), self.key)
        except (OSError, ValueError) as error:
            raise Bad(0, f"manifest: {error}") from error
        lines = text.split("\n")
        prefix, logs = lines[0][:-len("export")], []
        for line in lines[1:-1]:
            digest, path = line.split("  ")
            try:
                found = hashlib.sha256(self.read(path)).hexdigest()
            except OSError as error:
                raise Bad(0, f"{path} is missing", log_of(path)) from error
            if found != digest:
                raise Bad(0, f"{path} was changed", log_of(path))
            if path.endswith("/checkpoint"):
                logs.append(path.split("/")[0])
        return prefix, logs

    def log(self, number, prefix):
        try:
            text = open_note(self.read(f"{number}/checkpoint").decode(), self.key)
        except (OSError, ValueError) as error:
            raise Bad(0, f"{number}/checkpoint: {error}") from error
        origin, size, root = text.split("\n")[:3]
        size, root = int(size), base64.b64decode(root)
        if origin != f"{prefix}{number}":
            raise Bad(0, f"{number}/checkpoint is of another log")
        tiles, last = [[]], None
        for start in range(0, size, WIDTH):
            width = min(WIDTH, size - start)
            bundle = self.bundle(number, start, width)
            there = self.tile(number, 0, start // WIDTH, width, start + 1)
            for i, raw in enumerate(bundle):
                seq = start + i + 1
                leaf = leaf_hash(raw)
                if there[i * 32:i * 32 + 32] != leaf:
                    raise Bad(seq, "the entry is not what was recorded")
                try:
                    entry = read_entry(raw)
                except (ValueError, IndexError) as error:
                    raise Bad(seq, "the entry cannot be read") from error
                if entry["seq"] != seq or entry["community"] != int(number):
                    raise Bad(seq, "the entry belongs elsewhere")
                if last is not None and entry["at"] < last:
                    raise Bad(seq, "time runs backwards")
                last = entry["at"]
                self.grow(number, tiles, 0, leaf)
        peaks = []
        for level in range(len(tiles) - 1, -1, -1):
            if level and tiles[level]:
                self.compare(number, tiles, level)
            row, at = tiles[level], 0
            while at < len(row):
                step = 1 << (len(row) - at).bit_length() - 1
                peaks.append(perfect_root(row[at:at + step]))
                at += step
        if root_of(peaks) != root:
            raise Bad(size, "the entries do not make up the signed root")
        name = self.read(f"{number}/name").decode().rstrip("\n")
        return {"name": name, "events": size, "root": root.hex()}

    def grow(self, number, tiles, level, value):
        """Adds a hash to a level; a tile that is full goes up as one hash."""
        if level == len(tiles):
            tiles.append([])
        tiles[level].append(value)
        if len(tiles[level]) == WIDTH:
            if level:
                self.compare(number, tiles, level)
            whole, tiles[level] = perfect_root(tiles[level]), []
            self.full = getattr(self, "full", {})
            self.full[number, level] = self.full.get((number, level), 0) + 1
            self.grow(number, tiles, level + 1, whole)

    def compare(self, number, tiles, level):
        index = getattr(self, "full", {}).get((number, level), 0)
        there = self.tile(number, level, index, len(tiles[level]), 0)
        if there != b"".join(tiles[level]):
            raise Bad(0, f"{number}/tile/{level}: tile {index} does not fit the entries")

    def tile(self, number, level, index, width, seq):
        path = f"{number}/{tile_path(level, index, width)}"
        try:
            raw = self.read(path)
        except OSError as error:
            raise Bad(seq, f"{path} is missing") from error
        if len(raw) != 32 * width:
            raise Bad(seq, f"{path} does not hold its number of hashes")
        return raw

    def bundle(self, number, start, width):
        path = f"{number}/{tile_path('entries', start // WIDTH, width)}"
        try:
            raw = self.read(path)
        except OSError as error:
            raise Bad(start + 1, f"{path} is missing") from error
        entries, at = [], 0
        while at < len(raw):
            length = int.from_bytes(raw[at:at + 2], "big")
            entries.append(raw[at + 2:at + 2 + length])
            at += 2 + length
        if at != len(raw) or len(entries) != width:
            raise Bad(start + 1, f"{path} does not hold its number of entries")
        return entries

    def strangers(self):
        for folder, _, files in os.walk(self.folder):
            for name in files:
                path = os.path.relpath(os.path.join(folder, name), self.folder)
                path = path.replace(os.sep, "/")
                if path not in self.seen:
                    raise Bad(0, f"{path} is not part of the export", log_of(path))


def log_of(path):
    """The log in whose folder a file lies, if any."""
    folder, slash, _ = path.partition("/")
    return folder if slash else ""


def tile_path(level, index, width):
    parts = [f"{index % 1000:03}"]
    index //= 1000
    while index:
        parts.insert(0, f"x{index % 1000:03}")
        index //= 1000
    return f"tile/{level}/" + "/".join(parts) + (f".p/{width}" if width < WIDTH else "")


# --- proofs of single events ---------------------------------------------------

def split(size):
    """The largest power of two below size."""
    return 1 << (size - 1).bit_length() - 1


def root_from(leaf, index, size, path):
    """The root over `size` leaves that the path leads to from a leaf (RFC 6962 2.1.1)."""
    turns, low, high = [], 0, size
    while high - low > 1:
        middle = low + split(high - low)
        left = index < middle
        turns.append(left)
        low, high = (low, middle) if left else (middle, high)
    if len(turns) != len(path):
        raise ValueError("the path has a wrong length")
    for left, sibling in zip(reversed(turns), path):
        leaf = node_hash(leaf, sibling) if left else node_hash(sibling, leaf)
    return leaf


def check_proof(text, key):
    """The event of a proof that holds."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("extra ") \
            or not lines[2].startswith("index "):
        raise ValueError("not a proof")
    raw, index = base64.b64decode(lines[1][6:], validate=True), int(lines[2][6:])
    path = [base64.b64decode(line, validate=True) for line in lines[3:]]
    signed = open_note(note, key).split("\n")
    size, root = int(signed[1]), base64.b64decode(signed[2])
    try:
        entry = read_entry(raw)
    except (ValueError, IndexError) as error:
        raise ValueError("the event cannot be read") from error
    if not 0 <= index < size or entry["seq"] != index + 1:
        raise ValueError("the event's number is not its place")
    if signed[0].rpartition("/")[2] != str(entry["community"]):
        raise ValueError("the head is of another log")
    if root_from(leaf_hash(raw), index, size, path) != root:
        raise ValueError("the event does not stand under the signed root")
    return entry


def check_proofs(folder, key, as_json):
    names = sorted(n for n in os.listdir(folder) if n.endswith(".tlog-proof"))
    done, bad = [], []
    for name in names:
        try:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                entry = check_proof(file.read(), key)
            done.append({"file": name, "seq": entry["seq"], "at": entry["at"], "kind": entry["kind"]})
        except (OSError, ValueError, IndexError) as error:
            bad.append({"file": name, "why": str(error)})
    if as_json:
        print(json.dumps({"proven": done, "bad": bad, "sound": not bad and bool(done)}))
    else:
        for one in done:
            print(f"{one['file']}: event {one['seq']} {one['kind']}")
        for one in bad:
            print(f"{one['file']}: {one['why']}", file=sys.stderr)
        if not bad and done:
            print(f"sound: {len(done)} events")
    return 2 if not names else 1 if bad else 0


def main():
    parser = argparse.ArgumentParser(description="Checks an exported ledger of linli.")
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--proofs", help="a folder of proofs of single events")
    parser.add_argument("--key", help="the public key to trust instead of ledger.pub")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if not args.folder and not (args.proofs and args.key):
        parser.error("a folder is needed, or --proofs with --key")
    try:
        if args.key:
            key = read_key(args.key)
        else:
            with open(os.path.join(args.folder, "ledger.pub"), encoding="utf-8") as file:
                key = read_key(file.read())
    except (OSError, ValueError) as error:
        print(f"the key cannot be read: {error}", file=sys.stderr)
        return 2
    if args.proofs:
        try:
            return check_proofs(args.proofs, key, args.json)
        except OSError as error:
            print(f"the proofs cannot be read: {error}", file=sys.stderr)
            return 2
    export, done, bad, log = Export(args.folder, key), [], None, ""
    try:
        prefix, logs = export.manifest()
        for log in logs:
            done.append(export.log(log, prefix))
        log = ""
        export.strangers()
    except Bad as found:
        log = log if found.log is None else found.log
        bad = {"log": log, "seq": found.seq, "why": found.why}
    if args.json:
        print(json.dumps({"communities": done, "sound": bad is None, "first_bad": bad},
                         ensure_ascii=False))
    else:
        for one in done:
            print(f"{one['name']}: {one['events']} events, root {one['root']}")
        place = f"log {bad['log']}, event {bad['seq']}: " if bad and bad["log"] else ""
        print("sound" if bad is None else f"NOT SOUND: {place}{bad['why']}")
    return 0 if bad is None else 1


if __name__ == "__main__":
    sys.exit(main())
