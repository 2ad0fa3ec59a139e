"""Reads packed sessions: docs/packed.md in Python, with nothing but its standard library.

`python3 reader.py values.json sessions.json` checks that all vectors in the files are read as they say, and tells of those that are not.
"""

import base64
import json
import re
import struct
import sys
import zlib


class Unreadable(Exception):
    """The bytes are not what the format says."""


UNDEFINED = {"$undefined": True}


class Reader:
    """MessagePack, one value after the other: as much of it as sessions consist of."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise Unreadable("cut short")
        start, self.at = self.at, self.at + count
        return self.data[start : self.at]

    def uint(self, size):
        return int.from_bytes(self.take(size), "big")

    def value(self):
        """The next value. Extensions are (type, bytes); maps are lists of pairs under the key "map"."""
        first = self.uint(1)
        if first < 0x80:
            return first
        if first < 0x90:
            return self.map(first & 15)
        if first < 0xA0:
            return self.list(first & 15)
        if first < 0xC0:
            return self.text(first & 31)
        if first >= 0xE0:
            return first - 256
        if first in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[first]
        if first in (0xC4, 0xC5, 0xC6):
            return self.take(self.uint(1 << (first - 0xC4)))
        if first in (0xC7, 0xC8, 0xC9):
            return self.extension(self.uint(1 << (first - 0xC7)))
        if first in (0xCA, 0xCB):
            return struct.unpack(">f" if first == 0xCA else ">d", self.take(4 if first == 0xCA else 8))[0]
        if 0xCC <= first <= 0xCF:
            return self.uint(1 << (first - 0xCC))
        if 0xD0 <= first <= 0xD3:
            return int.from_bytes(self.take(1 << (first - 0xD0)), "big", signed=True)
        if 0xD4 <= first <= 0xD8:
            return self.extension(1 << (first - 0xD4))
        if first in (0xD9, 0xDA, 0xDB):
            return self.text(self.uint(1 << (first - 0xD9)))
        if first in (0xDC, 0xDD):
            return self.list(self.uint(2 << (first - 0xDC)))
        if first in (0xDE, 0xDF):
            return self.map(self.uint(2 << (first - 0xDE)))
        raise Unreadable("no MessagePack")

    def list(self, length):
        return [self.value() for _ in range(length)]

    def map(self, size):
        return {"map": [(self.value(), self.value()) for _ in range(size)]}

    def text(self, length):
        return unescaped(self.take(length).decode("utf-8"))

    def extension(self, length):
        kind = self.uint(1)
        return (kind, self.take(length))

    def slice(self):
        """The bytes of the next value."""
        start = self.at
        self.value()
        return self.data[start : self.at]


def unescaped(text):
    """U+FFFD and the number of half a character, or its own, stand for that."""
    return re.sub("\ufffd(fffd|d[89a-f][0-9a-f]{2})", lambda found: chr(int(found[1], 16)), text)


def slots_of(bits):
    """The bits that are set: of an integer, or of bytes, of which the first has the lowest."""
    number = bits if isinstance(bits, int) else int.from_bytes(bits, "little")
    return [slot for slot in range(number.bit_length()) if number >> slot & 1]


def string(value):
    if isinstance(value, str):
        return value
    parts = value if isinstance(value, list) else [value]
    if len(parts) == 1 and len(parts[0]) == 16:
        digits = parts[0].hex()
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def number(value):
    if isinstance(value, list):
        scale, integer = value
        return float(integer) / 10**scale
    return value


def milliseconds(value):
    if not isinstance(value, tuple):
        return number(value)
    content = value[1]
    if len(content) == 4:
        return int.from_bytes(content, "big") * 1000
    if len(content) == 8:
        both = int.from_bytes(content, "big")
        return (both & (2**34 - 1)) * 1000 + (both >> 34) // 1_000_000
    nanoseconds, seconds = struct.unpack(">Iq", content)
    return seconds * 1000 + nanoseconds // 1_000_000


def json_number(value):
    """As vectors have it: what JSON has no notation for is tagged."""
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return {"$number": {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]}
        if value == 0 and str(value) == "-0.0":
            return {"$number": "-0"}
    return value


def json_bytes(value):
    return {"$bytes": base64.b64encode(value).decode()}


def anything(value):
    """A value whose type no schema tells: plain data, tagged already where JSON would tag it, too."""
    if isinstance(value, tuple):
        kind, content = value
        if kind == 0:
            return UNDEFINED
        return {"$date": milliseconds(value)} if kind == 0xFF else json_bytes(content[1:])
    if isinstance(value, bytes):
        return json_bytes(value)
    if isinstance(value, list):
        return [anything(item) for item in value]
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(key): anything(item) for key, item in value["map"]}
    return json_number(value)


SCALARS = {
    "string": string,
    "number": lambda value: json_number(number(value)),
    "bigint": lambda value: {"$bigint": str(value)},
    "boolean": lambda value: value,
    "date": lambda value: {"$date": milliseconds(value)},
    "bytes": json_bytes,
    "null": lambda value: value,
    "undefined": lambda value: UNDEFINED,
    "unknown": anything,
}


def read(schema, value):
    """The value of a schema, as vectors show it."""
    if isinstance(schema, str):
        return SCALARS[schema](value)
    ((kind, inner),) = [pair for pair in schema.items() if pair[0] != "rest"]
    if kind == "enum":
        return inner[value]
    if kind == "list":
        return [read(inner, item) for item in value]
    if kind == "set":
        return {"$set": [read(inner, item) for item in value]}
    if kind == "map":
        return {"$map": [[read(inner[0], key), read(inner[1], item)] for key, item in value["map"]]}
    if kind == "record":
        return members({key: read(inner, item) for key, item in value["map"]})
    if kind == "tuple":
        return [read(item, one) for item, one in zip(inner, value, strict=True)]
    if kind == "union":
        slot, item = value
        return read(dict(inner)[slot], item)
    if kind == "nullable":
        return None if value is None else read(inner, value)
    if kind == "optional":
        return UNDEFINED if value == (0, b"\0") else read(inner, value)
    return read_object(inner, schema.get("rest"), value)


def read_object(properties, rest, value):
    if isinstance(value, list):
        slots, values = range(len(value)), value
    else:
        ((bits, values),) = value["map"]
        slots = slots_of(bits)
    present = dict(zip(slots, values))
    own = {name: read(schema, present[slot]) for slot, name, schema in properties if slot in present}
    if rest is not None and len(values) > len(slots):
        own |= {key: read(rest, item) for key, item in values[-1]["map"]}
    return members(own)


def members(of):
    """An object, as vectors show it: one that would look like a tag is wrapped."""
    return {"$object": of} if len(of) == 1 and next(iter(of)).startswith("$") else of


def inflated(data):
    """The payload in a compressed one: a list of a head with the flag and the size, and of a bin. Never more than it says."""
    if data[:5] != bytes.fromhex("92c4067080"):
        return data
    reader = Reader(data)
    reader.at = 5
    size, content = reader.uint(4), reader.value()
    stream = zlib.decompressobj(-15)
    payload = stream.decompress(content, size + 1)
    if reader.at != len(data) or len(payload) != size or not stream.eof or stream.unused_data:
        raise Unreadable("no compressed session")
    return payload


def read_session(fields, data):
    """A session, as vectors show it."""
    data = inflated(data)
    reader = Reader(data)
    first = reader.uint(1)
    length = first & 15 if first & 0xF0 == 0x90 else reader.uint(2 if first == 0xDC else 4)
    head = Reader(reader.value())
    flags = head.uint(1)
    if flags >> 5 != 3:
        raise Unreadable("another revision")
    more = head.uint(1) if flags & 16 else 0
    if more & 128:
        raise Unreadable("a flag of the future")
    seconds = struct.unpack(">d", head.take(8))[0] if more & 64 else head.uint(4)
    session = {"createdAt": int(seconds * 1000), "permanent": flags & 1 == 1}
    if flags & 2:
        session["marks"] = [head.uint(4) for _ in range(1 + (more & 3))]
    if flags & 8:
        session["epoch"] = head.uint(4)
    if flags & 4:
        session["history"] = history(head).hex()
    if more & 48:
        session["trace"] = "moved" if more & 16 else "ended"
    count = length - 1 - (more >> 2 & 1) - (more >> 3 & 1)
    bits = head.data[head.at :]
    slots = slots_of(bits) if bits else range(count)
    if len(slots) != count:
        raise Unreadable("other slots than values")
    packed = {slot: reader.slice() for slot in slots}
    session["fields"] = {
        name: read(schema, Reader(packed.pop(slot)).value()) for slot, name, schema in fields if slot in packed
    }
    session["unknownSlots"] = {str(slot): value.hex() for slot, value in packed.items()}
    if more & 4:
        session["unknown"] = anything(reader.value())
    if more & 8:
        extras = dict(reader.value()["map"])
        if "ends" in extras:
            session["ends"] = {str(slot): end for slot, end in extras["ends"]["map"]}
        if "binding" in extras:
            session["binding"] = dict(extras["binding"]["map"])
    if reader.at != len(data):
        raise Unreadable("more than a session")
    return session


def history(head):
    """The bytes of the mark: two numbers of seven bits a byte, a hash, and shorter ones of up to three generations before."""
    start = head.at
    numbers = []
    for _ in range(2):
        value = shift = 0
        while True:
            byte = head.uint(1)
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        numbers.append(value)
    head.take(4 + 3 * min(3, numbers[0] - 1))
    return head.data[start : head.at]


def main(files):
    failed = checked = 0
    for file in files:
        with open(file, encoding="utf-8") as opened:
            vectors = json.load(opened)
        for vector in vectors:
            data = bytes.fromhex(vector["hex"])
            if "session" in vector:
                want, got = vector["session"], read_session(vector["fields"], data)
            else:
                reader = Reader(data)
                want, got = vector["value"], read(vector["schema"], reader.value())
                if reader.at != len(data):
                    raise Unreadable("more than a value")
            checked += 1
            if not same(want, got):
                failed += 1
                print(f"{vector['name']}: want {want!r}, got {got!r}")
    print(f"{checked} vectors, {failed} of them read otherwise")
    return 1 if failed or not checked else 0


def same(want, got):
    """As JSON has them: 1 and 1.0 are one number, and neither is true."""
    if isinstance(want, dict) and isinstance(got, dict):
        return want.keys() == got.keys() and all(same(want[key], got[key]) for key in want)
    if isinstance(want, list) and isinstance(got, list):
        return len(want) == len(got) and all(map(same, want, got))
    return want == got and isinstance(want, bool) == isinstance(got, bool)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
