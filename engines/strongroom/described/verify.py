#!/usr/bin/env python3
"""Checks a strongroom with Python's standard library alone; opens a room with `age` beside it.

  verify.py check [--root DIR] [--heads heads.json] [--json]
      Every declaration, inventory, sidecar and digest. With the heads that the ledger keeps
      ({"root": "<sha512>", "objects": {"<id>": {"version": N, "inventory_sha512": "…"}}})
      also rollbacks and missing objects. Exit 0: sound, 1: damaged, 2: not to be read.
  verify.py list [--root DIR]
      The ids of all objects and the documents in each.
  verify.py combine SHARE SHARE SHARE
      Three of the escrow cards' texts (each quoted, or a file that holds it) into the key.
  verify.py open OBJECT --keys KEYSTORE --key KEYFILE --out DIR [--root DIR]
      Decrypts the newest version of one object into DIR. Needs the program `age` in PATH.
"""
import argparse
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import tempfile

TYPE = "https://ocfl.io/1.1/spec/#inventory"
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def sha512(path):
    digest = hashlib.sha512()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def place(object_id):
    d = hashlib.sha512(object_id.encode()).hexdigest()
    return os.path.join(d[:3], d[3:6], d[6:9], d)


def safe(path):
    return not path.startswith("/") and all(n not in ("", ".", "..") for n in path.split("/"))


class Check:
    def __init__(self, root):
        self.root, self.damages, self.files, self.objects = root, [], 0, 0

    def damage(self, path, kind):
        self.damages.append({"path": path, "kind": kind})

    def file(self, path, expected):
        """One file against its digest."""
        self.files += 1
        at = os.path.join(self.root, path)
        if os.path.islink(at):
            self.damage(path, "link")
        elif not os.path.isfile(at):
            self.damage(path, "missing")
        else:
            found = sha512(at)
            if found != expected:
                self.damage(path, "altered")
            return found == expected
        return False

    def text(self, path, expected):
        return self.file(path, hashlib.sha512(expected.encode()).hexdigest())

    def top(self, known):
        self.text("0=ocfl_1.1", "ocfl_1.1\n")
        if known and not self.file("strongroom.json", known):
            return
        try:
            with open(os.path.join(self.root, "strongroom.json"), encoding="utf-8") as file:
                record = json.load(file)
            listed = set(record["files"]) | {"strongroom.json"}
        except (OSError, ValueError, KeyError) as error:
            self.damage("strongroom.json", str(error))
            return
        for path, digest in record["files"].items():
            self.file(path, digest)
        for name in os.listdir(self.root):
            tree = re.fullmatch("[0-9a-f]{3}", name) or name == "extensions"
            if not tree and name not in listed:
                self.damage(name, "extra")

    def object(self, at, head):
        self.objects += 1
        here = os.path.join(self.root, at)
        inventory = self.inventory(at, head)
        if inventory is None:
            return None
        expected = {"0=ocfl_object_1.1"}
        self.text(os.path.join(at, "0=ocfl_object_1.1"), "ocfl_object_1.1\n")
        for digest, paths in inventory["manifest"].items():
            for path in paths:
                if not safe(path):
                    self.damage(at, "a path leads out of the object: " + path)
                    continue
                expected.add(path)
                self.file(os.path.join(at, path), digest)
        top = hashlib.sha512(self.bytes(os.path.join(at, "inventory.json"))).hexdigest()
        number, digest = int(inventory["head"][1:]), top
        expected |= {"inventory.json", "inventory.json.sha512"}
        self.text(os.path.join(at, "inventory.json.sha512"), top + " inventory.json\n")
        # Each version's public.json tells the digest of the inventory before it.
        while number > 0:
            folder = "v%d" % number
            expected |= {folder + "/inventory.json", folder + "/inventory.json.sha512"}
            path = os.path.join(at, folder, "inventory.json")
            if digest:
                self.file(path, digest)
                self.text(path + ".sha512", digest + " inventory.json\n")
            try:
                public = json.loads(self.bytes(os.path.join(at, folder, "content", "public.json")))
                digest = public["previous"]
            except (OSError, ValueError, KeyError):
                digest = None
            number -= 1
        for folder, folders, names in os.walk(here):
            inside = os.path.relpath(folder, here)
            if inside.split(os.sep)[0] == "logs":
                continue
            for name in names:
                path = os.path.normpath(os.path.join(inside, name)).replace(os.sep, "/")
                if path not in expected:
                    self.damage(os.path.join(at, path), "extra")
            if not names and not folders:
                self.damage(os.path.join(at, inside), "empty folder")
        return inventory

    def bytes(self, path):
        with open(os.path.join(self.root, path), "rb") as file:
            return file.read()

    def inventory(self, at, head):
        path = os.path.join(at, "inventory.json")
        try:
            raw = self.bytes(path)
            inventory = json.loads(raw)
            count = len(inventory["versions"])
            rules = (
                inventory["type"] == TYPE
                and inventory["digestAlgorithm"] == "sha512"
                and inventory["head"] == "v%d" % count
                and all("v%d" % n in inventory["versions"] for n in range(1, count + 1))
                and place(inventory["id"]) == at
            )
            for version in inventory["versions"].values():
                rules = rules and all(d in inventory["manifest"] for d in version["state"])
        except FileNotFoundError:
            self.damage(path, "missing")
            return None
        except (OSError, ValueError, KeyError) as error:
            self.damage(path, "not an inventory: %s" % error)
            return None
        if not rules:
            self.damage(path, "breaks a rule of OCFL 1.1")
            return None
        if head:
            if count < head["version"]:
                self.damage(path, "rolled back: the ledger knows version %d" % head["version"])
            elif count > head["version"]:
                self.damage(path, "unrecorded: the ledger knows version %d" % head["version"])
            elif hashlib.sha512(raw).hexdigest() != head["inventory_sha512"]:
                self.damage(path, "altered")
        return inventory

    def places(self):
        found = []

        def down(at, depth):
            names = sorted(os.listdir(os.path.join(self.root, at)))
            if not names:
                self.damage(at, "empty folder")
            for name in names:
                path = os.path.join(at, name)
                folder = os.path.isdir(os.path.join(self.root, path))
                letters = 128 if depth == 3 else 3
                if folder and re.fullmatch("[0-9a-f]{%d}" % letters, name):
                    found.append(path) if depth == 3 else down(path, depth + 1)
                elif depth > 0:
                    self.damage(path, "extra")

        down("", 0)
        return found


def check(args):
    heads = {}
    if args.heads:
        with open(args.heads, encoding="utf-8") as file:
            heads = json.load(file)
    run = Check(args.root)
    if not os.path.isdir(args.root):
        sys.exit("no folder: " + args.root)
    run.top(heads.get("root"))
    known = {place(i): (i, h) for i, h in heads.get("objects", {}).items()}
    there = run.places()
    for at in there:
        if args.heads and at not in known:
            run.damage(at, "an object that the ledger does not know")
        run.object(at, known.get(at, (None, None))[1])
    for at, (object_id, _) in known.items():
        if at not in there:
            run.damage(at, "the whole object is gone: " + object_id)
    report = {"objects": run.objects, "files": run.files, "damages": run.damages}
    if args.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        for damage in run.damages:
            print("%s: %s" % (damage["path"], damage["kind"]))
        print("%d objects, %d files, %d damages" % (run.objects, run.files, len(run.damages)))
    return 1 if run.damages else 0


def state(root, at):
    """The newest version: name to content path, each digest checked by the caller."""
    with open(os.path.join(root, at, "inventory.json"), encoding="utf-8") as file:
        inventory = json.load(file)
    files = {}
    for digest, names in inventory["versions"][inventory["head"]]["state"].items():
        for name in names:
            if not safe(name) or not safe(inventory["manifest"][digest][0]):
                sys.exit("a path leads out of the object: " + name)
            files[name] = (digest, inventory["manifest"][digest][0])
    return inventory, files


def show(args):
    run = Check(args.root)
    for at in run.places():
        inventory, files = state(args.root, at)
        print(inventory["id"], inventory["head"])
        for name in sorted(files):
            if name.endswith(".age"):
                print("   ", name)
    return 0


# ---- the escrow cards ----


def mul32(a, b):
    product = 0
    for bit in range(5):
        product ^= a * (b >> bit & 1)
        a = a << 1 ^ 0x25 * (a >> 4)
    return product & 31


def symbol(letter):
    letter = {"o": "0", "i": "1", "l": "1"}.get(letter.lower(), letter.lower())
    return ALPHABET.find(letter)


def share(text):
    if os.path.isfile(text):
        with open(text, encoding="utf-8") as file:
            text = file.read()
    text = text.strip()
    if text.startswith("LINLI1:"):
        symbols = [symbol(c) for c in text[7:]]
    else:
        letters = [c for c in text if not c.isspace() and c != "-"]
        groups = [letters[i : i + 5] for i in range(0, len(letters), 5)]
        if len(groups) != 20:
            sys.exit("%d groups, there must be 20" % len(groups))
        symbols = []
        for number, group in enumerate(groups):
            read = [symbol(c) for c in group]
            total, weight = number ^ 0x15, 2
            for value in read[:4]:
                total, weight = total ^ mul32(value, weight), mul32(weight, 2)
            if len(read) != 5 or min(read) < 0 or total != read[4]:
                sys.exit("group %d was mistyped: %s" % (number + 1, "".join(group)))
            symbols += read[:4]
    if len(symbols) != 80 or min(symbols) < 0:
        sys.exit("this is no share of an escrow key")
    bits = "".join("{:05b}".format(s) for s in symbols)
    raw = bytes(int(bits[i : i + 8], 2) for i in range(0, 384, 8))
    if raw[0] != 1 or hashlib.sha512(raw[:44]).digest()[:4] != raw[44:]:
        sys.exit("the share does not check")
    return {"number": raw[1], "need": raw[2], "set": raw[4:12], "bytes": raw[12:44]}


def mul256(a, b):
    product = 0
    for bit in range(8):
        product ^= a if b >> bit & 1 else 0
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
    return product


def inverse256(a):
    return next(b for b in range(1, 256) if mul256(a, b) == 1)


def bech32(prefix, raw):
    """Bech32 of BIP 173, as age writes its keys."""
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    bits = "".join("{:08b}".format(b) for b in raw)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[i : i + 5], 2) for i in range(0, len(bits), 5)]
    codes = [ord(c) for c in prefix]
    stream = [c >> 5 for c in codes] + [0] + [c & 31 for c in codes] + values + [0] * 6
    check_sum = 1
    for value in stream:
        top = check_sum >> 25
        check_sum = (check_sum & 0x1FFFFFF) << 5 ^ value
        for i, g in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check_sum ^= g if top >> i & 1 else 0
    check_sum ^= 1
    values += [check_sum >> 5 * (5 - i) & 31 for i in range(6)]
    return (prefix + "1" + "".join(letters[v] for v in values)).upper()


def combine(args):
    shares = [share(text) for text in args.shares]
    numbers = [s["number"] for s in shares]
    if len(set(numbers)) != len(numbers):
        sys.exit("a share is there twice")
    if len({s["set"] for s in shares}) > 1:
        sys.exit("the shares are of different splittings")
    if len(shares) < shares[0]["need"]:
        sys.exit("%d shares, %d are needed" % (len(shares), shares[0]["need"]))
    secret = [0] * 32
    for s in shares:
        weight = 1
        for other in numbers:
            if other != s["number"]:
                weight = mul256(weight, mul256(other, inverse256(other ^ s["number"])))
        secret = [v ^ mul256(b, weight) for v, b in zip(secret, s["bytes"])]
    print(bech32("age-secret-key-", bytes(secret)))
    return 0


# ---- opening ----


def age(key, path):
    done = subprocess.run(["age", "-d", "-i", key, path], stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit("age does not open " + path)
    return done.stdout


def open_object(args):
    at = place(args.object)
    _, files = state(args.root, at)
    slots = os.path.join(args.keys, "slots", hashlib.sha512(args.object.encode()).hexdigest())
    sealed = {}
    for name, (digest, content) in files.items():
        path = os.path.join(args.root, at, content)
        if sha512(path) != digest:
            sys.exit("damaged: " + path)
        if name.endswith("/digest.json"):
            with open(path, encoding="utf-8") as file:
                for part, record in json.load(file)["parts"].items():
                    sealed[name[: -len("digest.json")] + part + ".age"] = record
    if "meta.json.age" in files:
        version = files["meta.json.age"][1].split("/")[0]
        with open(os.path.join(args.root, at, version, "content", "public.json"), encoding="utf-8") as file:
            sealed["meta.json.age"] = json.load(file)["meta"]
    opened = 0
    for name, record in sorted(sealed.items()):
        slot = os.path.join(slots, record["slot"] + ".key.age")
        if not os.path.exists(slot):
            print("no key, shredded or lost:", name)
            continue
        identity = age(args.key, slot)
        digest_key = re.search(rb"^# digest-key: ([0-9a-f]{64})$", identity, re.M).group(1)
        with tempfile.NamedTemporaryFile() as file:
            file.write(identity)
            file.flush()
            plain = age(file.name, os.path.join(args.root, at, files[name][1]))
        found = hmac.new(bytes.fromhex(digest_key.decode()), plain, hashlib.sha256).hexdigest()
        if found != record["hmac_sha256"]:
            sys.exit("the plaintext is not what was taken in: " + name)
        to = os.path.join(args.out, name[: -len(".age")])
        os.makedirs(os.path.dirname(to) or ".", exist_ok=True)
        with open(to, "wb") as file:
            file.write(plain)
        print(to, record["media"], len(plain))
        opened += 1
    return 0 if opened else 1


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name, act in (("check", check), ("list", show), ("open", open_object)):
        verb = verbs.add_parser(name)
        verb.set_defaults(act=act)
        verb.add_argument("--root", default=here)
        if name == "check":
            verb.add_argument("--heads")
            verb.add_argument("--json", action="store_true")
        if name == "open":
            verb.add_argument("object")
            for option in ("--keys", "--key", "--out"):
                verb.add_argument(option, required=True)
    verb = verbs.add_parser("combine")
    verb.set_defaults(act=combine)
    verb.add_argument("shares", nargs="+")
    args = parser.parse_args()
    sys.exit(args.act(args))


if __name__ == "__main__":
    main()
