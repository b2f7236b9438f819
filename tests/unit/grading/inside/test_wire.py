"""What crosses between the grader and a learner's process arrives as it was, or is refused."""

import contextlib
import enum
import io
import struct
import tracemalloc
from collections import Counter, OrderedDict, namedtuple

import msgpack
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from seqkit.checking.asks import RemoteError, value_of
from seqkit.grading.inside import wire
from seqkit.grading.inside.wire import Reference, Tensor, TooLarge, WireError, decode, encode
from seqkit.limits import (
    CHUNK,
    FRAME_BUFFERS,
    FRAME_DEPTH,
    FRAME_STRUCTURE,
    INTEGER_BITS,
    STRING_ITEM,
)

KINDS = ["bool", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
PLAIN = (type(None), bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset,
         slice, np.ndarray, Tensor)  # fmt: skip
THOROUGH = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=200)


def shown(value):
    """Show a value as `repr` does, but a set in an order that its making does not change."""
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(shown, value)))}}}"
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))})"
    return repr(value)


def same(a, b):
    """Tell whether two values are of the same types throughout and hold the same."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        bits = np.asarray(a).tobytes() == np.asarray(b).tobytes()
        return a.dtype == b.dtype and a.shape == b.shape and bits
    if isinstance(a, Tensor):
        return (a.framework, a.dtype) == (b.framework, b.dtype) and same(a.array, b.array)
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a), list(b)) and same(list(a.values()), list(b.values()))
    if isinstance(a, set | frozenset):  # NaN is not equal to itself
        return len(a) == len(b) and same(sorted(a, key=shown), sorted(b, key=shown))
    if isinstance(a, slice):
        return same((a.start, a.stop, a.step), (b.start, b.stop, b.step))
    return a == b


def is_plain(value):
    """Tell whether a value consists of the types of the wire alone, exactly."""
    if isinstance(value, np.ndarray):
        return type(value) is np.ndarray and value.dtype.kind in "biufcUS"
    if isinstance(value, np.generic):
        return value.dtype.kind in "biufc"
    if type(value) not in (*PLAIN, Reference):
        return False
    if type(value) is dict:
        return all(map(is_plain, value)) and all(map(is_plain, value.values()))
    if type(value) in (list, tuple, set, frozenset):
        return all(map(is_plain, value))
    return True


# ---------------------------------------------------------------- there and back

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**8000), 2**8000),
    st.floats(),
    st.complex_numbers(),
    st.text(),
    st.binary(),
)
bounds = st.none() | st.integers()
slices = st.builds(slice, bounds, bounds, bounds)
shapes = hnp.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4)
arrays = st.one_of(
    st.sampled_from(KINDS).flatmap(lambda kind: hnp.arrays(kind, shapes)),
    st.sampled_from(["<U0", "<U1", "<U7", "|S0", "|S3"]).map(np.dtype).flatmap(
        lambda dtype: hnp.arrays(dtype, shapes)
    ),
)  # fmt: skip
numbers = st.sampled_from(KINDS).flatmap(lambda kind: hnp.arrays(kind, ())).map(lambda a: a[()])
tensors = st.builds(
    lambda framework, array: Tensor(framework, array.dtype.name, array),
    st.sampled_from(wire.FRAMEWORKS),
    st.sampled_from(KINDS).flatmap(lambda kind: hnp.arrays(kind, shapes)),
)
hashable = st.recursive(
    scalars, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=4
)
data = st.recursive(
    scalars | slices | arrays | numbers | tensors,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(hashable, inner, max_size=4),
        st.sets(hashable, max_size=4),
    ),
    max_leaves=12,
)


@THOROUGH
@given(data)
def test_data_comes_back_as_it_was(value):
    assert same(decode(encode(value)), value)


@pytest.mark.parametrize(
    "value",
    [
        None, True, False, 0, -1, 2**63, 2**64, -(2**63), -(2**63) - 1, 2**8191, -(2**8191),
        0.0, -0.0, float("inf"), float("nan"), 1e-320, 1 + 2j, complex("nan"),
        "", "a", "é中\U0001f600", "\x00\x1b", b"", b"\xff\x00",
        [], [[]], (), ((),), {}, set(), frozenset(), {1: 1}, {(1, 2): [3]}, {None: None},
        {frozenset({0}), frozenset({-2.769784831400557e275, 2.02216013815454e99})},
        [1, (2, [3, {4: (5,)}])], {1, "1", b"1"}, slice(None), slice(1, -1, 2),
        list(range(10_000)), [0.5] * 5000, [2**64] * 5, [1, 2**70], [True, 1], [1.0, 1],
        tuple(range(4096)), tuple(range(4097)), {i: i for i in range(5000)}, set(range(9000)),
    ],
    # the order in which a set of strings is shown differs from process to process
    ids=lambda value: "set" if isinstance(value, set) else repr(value)[:30],
)  # fmt: skip
def test_every_kind_of_plain_value_survives(value):
    assert same(decode(encode(value)), value)


@pytest.mark.parametrize("kind", [*KINDS, "<U5", "|S5"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 3), (1,) * 20])
def test_every_kind_of_array_survives(kind, shape):
    array = np.arange(np.prod(shape, dtype=int)).astype(kind).reshape(shape)
    assert same(decode(encode(array)), array)


def test_an_array_is_its_values_not_its_layout():
    array = np.arange(24).reshape(2, 3, 4)
    for view in (array[::-1], array.T, array[:, ::2], np.broadcast_to(array[0, 0], (5, 4))):
        assert same(decode(encode(view)), np.ascontiguousarray(view))
    assert same(decode(encode(np.arange(3, dtype=">i4"))), np.arange(3, dtype="i4"))


def test_an_array_that_came_can_be_written_and_shares_nothing():
    frame = bytearray(encode([np.arange(3), np.arange(3)]))
    one, other = decode(frame)
    one[0] = 7
    frame[-24:] = bytes(24)
    assert one.tolist() == [7, 1, 2] and other.tolist() == [0, 1, 2]


def test_torch_tensors_survive_both_ways():
    torch = pytest.importorskip("torch")
    for dtype in (torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.bool,
                  torch.uint8, torch.complex64):  # fmt: skip
        tensor = torch.arange(6).reshape(2, 3).to(dtype)
        frame = encode(tensor)
        here = decode(frame)
        assert here.framework == "torch" and here.dtype == str(dtype)[6:] and here.shape == (2, 3)
        there = decode(frame, native=True)
        assert there.dtype == dtype and torch.equal(there, tensor)
        assert torch.equal(decode(encode(here), native=True), tensor)


def test_torch_tensors_of_odd_kinds_are_values_or_refused():
    torch = pytest.importorskip("torch")
    tensor = torch.ones(2, 2, requires_grad=True)
    assert np.asarray(decode(encode(tensor.T))).sum() == 4
    conjugate = torch.tensor([1 + 2j]).conj()
    assert decode(encode(conjugate)).array[0] == 1 - 2j
    with pytest.raises(WireError):
        encode(tensor.detach().to_sparse())


def test_tensorflow_tensors_survive_both_ways():
    tf = pytest.importorskip("tensorflow")
    for dtype in (tf.float32, tf.bfloat16, tf.int64, tf.bool):
        tensor = tf.cast(tf.reshape(tf.range(6), (2, 3)), dtype)
        here = decode(encode(tensor))
        assert (here.framework, here.dtype, here.shape) == ("tensorflow", dtype.name, (2, 3))
        there = decode(encode(here), native=True)
        assert there.dtype == dtype and bool(tf.reduce_all(there == tensor))
    assert decode(encode(tf.Variable([1.0]))).framework == "tensorflow"


# ---------------------------------------------------------------- look-alikes lose their powers


class Yes(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class Long(list):
    def __len__(self):
        return 10**9

    def __iter__(self):
        return iter([1] * 10)


class Name(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__

    def encode(self, *_):
        return b"many"

    def __str__(self):
        return "many"


class Agreeable(np.ndarray):
    def __array_function__(self, *_):
        return True

    def __array_ufunc__(self, *_, **__):
        return True

    @property
    def shape(self):
        return (9, 9)


def test_subclasses_arrive_as_the_built_in_type():
    class Colour(enum.IntEnum):
        RED = 1

    pair = namedtuple("pair", "a b")
    for odd, plain in [
        (Yes(5), 5), (Name("one"), "one"), (Long([7, 8]), [7, 8]), (pair(1, 2), (1, 2)),
        (Colour.RED, 1), (OrderedDict(a=1), {"a": 1}), (Counter("aab"), {"a": 2, "b": 1}),
        (np.float64(0.5), np.float64(0.5)), (np.str_("x"), "x"), (range(3), [0, 1, 2]),
        (bytearray(b"ab"), b"ab"), (memoryview(b"ab"), b"ab"), (np.bool_(True), np.bool_(True)),
    ]:  # fmt: skip
        assert same(decode(encode(odd)), plain), odd


def test_an_array_that_agrees_with_everything_arrives_as_its_values():
    array = np.arange(4.0).view(Agreeable)
    assert same(decode(encode(array)), np.arange(4.0))
    masked = np.ma.masked_array([1.0, 2.0], mask=[True, False])
    assert same(decode(encode(masked)), np.array([1.0, 2.0]))


# ---------------------------------------------------------------- what cannot travel


@pytest.mark.parametrize(
    "thing",
    [object(), print, lambda: 0, type, io.StringIO(), iter([]), (x for x in "ab"), np,
     np.array([object()]), np.array(["2020"], "M8[D]"), np.zeros(2, "i4,f8"), ValueError("x"),
     np.datetime64("2020"), np.zeros(1, "V3"), "\ud800", ["\udfff"]],
    ids=lambda thing: type(thing).__name__,
)  # fmt: skip
def test_what_is_no_data_is_refused(thing):
    with pytest.raises(WireError):
        encode(thing)
    with pytest.raises(WireError):
        encode({"a": [thing]})


def test_what_is_no_data_goes_as_a_reference_where_that_is_wanted():
    kept = []

    def export(thing):
        kept.append(thing)
        return Reference("object", len(kept), type(thing).__name__)

    frame = encode({"a": [print, 1]}, export)
    with pytest.raises(WireError):
        decode(frame)
    asked = []
    value = decode(frame, lambda reference: asked.append(reference) or "here")
    assert value == {"a": ["here", 1]}
    assert asked == [Reference("object", 1, "builtin_function_or_method")]


@pytest.mark.parametrize(
    "value",
    [
        "x" * (FRAME_STRUCTURE + 1),
        b"x" * (FRAME_STRUCTURE + 1),
        np.zeros(FRAME_BUFFERS // 8 + 1),
        [np.zeros(FRAME_BUFFERS // 16 + 1)] * 2,
        np.broadcast_to(np.float64(1), (10**6, 10**6)),
        list(range(FRAME_STRUCTURE)),
        1 << INTEGER_BITS + 1,
        np.array(["x" * (STRING_ITEM + 1)]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_too_large_is_refused_by_the_sender(value):
    with pytest.raises(TooLarge):
        encode(value)


def test_depth_is_bounded_on_both_sides():
    value = 1
    for _ in range(FRAME_DEPTH):
        value = [value]
    assert same(decode(encode(value)), value)
    with pytest.raises(WireError, match="deep"):
        encode([[value]])
    own = []
    own.append(own)
    with pytest.raises(WireError, match="deep"):
        encode(own)
    tree = 1
    for _ in range(FRAME_DEPTH + 2):
        tree = ["l", [tree]]
    with pytest.raises(WireError, match="deep"):
        decode(frame(tree))


# ---------------------------------------------------------------- what a stranger writes


def frame(tree, buffers=b""):
    """Return the frame of a msgpack tree, as anybody could write it."""
    structure = msgpack.packb(tree)
    return struct.pack(">II", len(structure), len(buffers)) + structure + buffers


def raw(structure, buffers=b""):
    """Return a frame of any bytes."""
    return struct.pack(">II", len(structure), len(buffers)) + structure + buffers


EIGHT = bytes(8)
REFUSED = {
    "nothing": b"",
    "half a header": b"\0\0\0",
    "shorter than it says": struct.pack(">II", 5, 0) + b"\xc0",
    "longer than it says": struct.pack(">II", 1, 0) + b"\xc0\xc0",
    "buffers nobody announces": raw(b"\xc0", b"x"),
    "no structure": raw(b""),
    "two structures": raw(b"\xc0\xc0"),
    "a byte that is no msgpack": raw(b"\xc1"),
    "half a string": raw(b"\xa5ab"),
    "a string that is no UTF-8": raw(b"\xa2\xff\xfe"),
    "a surrogate": raw(b"\xa3\xed\xa0\x80"),
    "a map": raw(b"\x81\x01\x02"),
    "an empty map": raw(b"\x80"),
    "an endless map": raw(b"\xdf\xff\xff\xff\xff"),
    "an extension": raw(b"\xd4\x05x"),
    "an extension without a payload": raw(b"\xc7\x00\x05"),
    "a time stamp": raw(b"\xd6\xff\0\0\0\0"),
    "an endless list": raw(b"\xdd\xff\xff\xff\xff"),
    "an endless string": raw(b"\xdb\xff\xff\xff\xff"),
    "endless bytes": raw(b"\xc6\xff\xff\xff\xff"),
    "nested a million deep": raw(b"\x91" * 1_000_000),
    "a list without a tag": frame([]),
    "a tag that is no text": frame([1, [2]]),
    "an unknown tag": frame(["q", [1]]),
    "a class": frame(["builtins.eval", ["1"]]),
    "a chunk that is none": frame(["l", 1]),
    "an empty chunk": frame(["l", []]),
    "a chunk too long": frame(["l", [0] * (CHUNK + 1)]),
    "a key without a value": frame(["d", [1]]),
    "a key that cannot be hashed": frame(["d", [["l", [1]], 1]]),
    "an item that cannot be hashed": frame(["s", [["d", [1, 1]]]]),
    "an integer that is none": frame(["i", "0x"]),
    "an integer of bytes": frame(["i", b"0x1"]),
    "an integer too long": frame(["i", "0x" + "f" * 3000]),
    "an integer with more": frame(["i", "0x1", 1]),
    "a complex number of integers": frame(["c", 1, 2]),
    "half a complex number": frame(["c", 1.0]),
    "a slice of two": frame(["r", 1, 2]),
    "a slice of texts": frame(["r", "a", "b", "c"]),
    "a slice of a list": frame(["r", ["l", [1]], None, None]),
    "a number of no dtype": frame(["n", "object", EIGHT]),
    "a number of wrong size": frame(["n", "<f8", b"123"]),
    "a bool that is neither": frame(["n", "|b1", b"\x02"]),
    "an array of objects": frame(["a", "|O", [1], 8], EIGHT),
    "an array of records": frame(["a", "i4,f8", [1], 8], EIGHT),
    "an array of dates": frame(["a", "<M8[s]", [1], 8], EIGHT),
    "an array of bytes that are none": frame(["a", "|V8", [1], 8], EIGHT),
    "an array of a field": frame(["a", "<f8", [1], 8, 1], EIGHT),
    "an array of negative size": frame(["a", "<f8", [-1], -8], EIGHT),
    "an array of a float's size": frame(["a", "<f8", [1.0], 8], EIGHT),
    "an array of True": frame(["a", "<f8", [True], 8], EIGHT),
    "an array smaller than it says": frame(["a", "<f8", [2], 16], EIGHT),
    "an array larger than it says": frame(["a", "<f8", [1], 4], EIGHT),
    "an array of 33 dimensions": frame(["a", "<f8", [1] * 33, 8], EIGHT),
    "an array beyond every memory": frame(["a", "<f8", [2**31 - 1] * 30, 8], EIGHT),
    "an array that overflows": frame(["a", "<f8", [2**31, 2**31, 4], 0]),
    "two billion rows of nothing": frame(["a", "<f8", [2**31 - 1, 0], 0]),
    "two billion empty texts": frame(["a", "<U0", [2**31 - 1], 0]),
    "many arrays of nothing": frame(["l", [["a", "<f8", [2**15, 0], 0]] * 3]),
    "many arrays of empty texts": frame(["l", [["a", "<U0", [2**15], 0]] * 3]),
    "an array of long texts": frame(["a", "<U99999", [0], 0]),
    "an array of texts of a negative length": frame(["a", "<U-1", [1], 4], b"abcd"),
    "an array of texts in odd digits": frame(["a", "<U²", [1], 8], EIGHT),
    "text beyond Unicode": frame(["a", "<U1", [1], 4], b"\xff\xff\xff\xff"),
    "text of a surrogate": frame(["a", "<U1", [1], 4], b"\x00\xd8\x00\x00"),
    "bools that are neither": frame(["a", "|b1", [2], 2], b"\x01\x07"),
    "one buffer for two arrays": frame(["l", [["a", "<f8", [1], 8], ["a", "<f8", [1], 8]]], EIGHT),
    "a tensor of no framework": frame(["T", "os", "float32", [2], 8], EIGHT),
    "a tensor of no dtype": frame(["T", "torch", "object", [2], 8], EIGHT),
    "a tensor of a dunder": frame(["T", "torch", "__class__", [2], 8], EIGHT),
    "a reference": frame(["o", 1, "x"]),
    "a function": frame(["f", 1, "x"]),
    "colliding keys": frame(["s", [["i", hex(n * (2**61 - 1))] for n in range(100)]]),
    "colliding tuples": frame(
        ["s", [["t", [-1 - (n >> bit & 1) for bit in range(8)]] for n in range(256)]]
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name):
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            decode(REFUSED[name])
        with pytest.raises(WireError):
            decode(REFUSED[name], native=True)
        assert tracemalloc.get_traced_memory()[1] < 60 * 2**20
    finally:
        tracemalloc.stop()


def test_a_frame_that_announces_too_much_is_refused_before_a_byte_is_read():
    for structure, buffers in [(2**32 - 1, 0), (0, 2**32 - 1), (FRAME_STRUCTURE + 1, 0),
                               (0, FRAME_BUFFERS + 1)]:  # fmt: skip
        with pytest.raises(TooLarge):
            wire.lengths(struct.pack(">II", structure, buffers))
    most = struct.pack(">II", FRAME_STRUCTURE, FRAME_BUFFERS)
    assert wire.lengths(most) == FRAME_STRUCTURE + FRAME_BUFFERS


@pytest.mark.parametrize("item", [0, None, "", ["l"], ["n", "|u1", b"x"], ["a", "|u1", [0], 0]])
def test_of_the_largest_structures_every_item_is_looked_at_once(item, monkeypatch):
    looked, value = [], wire._Decoder.value

    def counted(self, node, depth):
        looked.append(depth)
        return value(self, node, depth)

    monkeypatch.setattr(wire._Decoder, "value", counted)
    chunk = [item] * CHUNK
    chunks = min((FRAME_STRUCTURE - 100) // len(msgpack.packb(chunk)), CHUNK)
    assert len(decode(frame(["l", *[chunk] * chunks]))) == chunks * CHUNK
    assert len(looked) <= chunks * (CHUNK + 1) + 1


@pytest.mark.parametrize(
    "reply",
    [5, ("value",), ["value", 1], ("value", 1, 2), (b"value", 1), (np.zeros(0), 1),
     (np.zeros(3), {}), (np.array(["error"]), {}), ("callback", 1), ("error", "text")],
    ids=repr,
)  # fmt: skip
def test_what_is_no_reply_is_refused(reply):
    with pytest.raises(WireError):
        value_of(encode(reply))


# ---------------------------------------------------------------- fuzzing


def look_at(bytes_):
    """Decode a frame: whatever comes is plain data or a refusal, and goes back as it came."""
    try:
        value = decode(bytes_, lambda reference: reference)
    except WireError:
        return
    with contextlib.suppress(WireError, RemoteError):
        value_of(bytes_)
    assert is_plain(value)
    again = decode(encode(value, lambda thing: None), lambda reference: reference)
    assert same(again, value) or "nan" in repr(value).lower()


leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(), st.text(max_size=5),
    st.binary(max_size=20),
    st.sampled_from(["<f8", "|b1", "<U2", "torch", "float32", "0x1", "<U0"]),
)  # fmt: skip
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.tuples(st.sampled_from(list("ltszdicrnaTof")), st.lists(inner, max_size=4)).map(list),
        st.tuples(st.sampled_from("lts"), st.lists(inner, min_size=1, max_size=4)).map(list),
        st.builds(
            lambda tag, dtype, shape, size: [tag, dtype, shape, size],
            st.just("a"),
            st.sampled_from(["<f8", "<i4", "|b1", "<U1", "|S1", "<U0", "<c16"]),
            st.lists(st.integers(0, 3) | inner, max_size=3),
            st.integers(0, 64),
        ),
    ),
    max_leaves=15,
)


@settings(THOROUGH, max_examples=600)
@given(st.binary(max_size=300))
def test_any_bytes_are_data_or_refused(structure):
    look_at(raw(structure))
    look_at(structure)


@settings(THOROUGH, max_examples=400)
@given(trees, st.binary(max_size=64))
def test_any_structure_is_data_or_refused(tree, buffers):
    look_at(frame(tree, buffers))


@settings(THOROUGH, max_examples=250)
@given(data, st.data())
def test_a_damaged_frame_is_data_or_refused(value, draw):
    good = bytearray(encode(value))
    for _ in range(draw.draw(st.integers(1, 3))):
        at = draw.draw(st.integers(0, len(good) - 1))
        how = draw.draw(st.sampled_from(["flip", "cut", "insert", "double"]))
        if how == "flip":
            good[at] ^= 1 << draw.draw(st.integers(0, 7))
        elif how == "cut":
            del good[at : at + draw.draw(st.integers(1, 4))]
        elif how == "insert":
            good[at:at] = draw.draw(st.binary(min_size=1, max_size=4))
        else:
            good[at:at] = good[at : at + 8]
        if len(good) < 9:
            break
    look_at(bytes(good))
    body = bytes(good[8:])
    old = struct.unpack(">II", encode(value)[:8])
    cut = min(old[0], len(body))
    look_at(raw(body[:cut], body[cut:]))
