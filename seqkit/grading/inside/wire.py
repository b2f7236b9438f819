"""Turn plain data into bytes and back, trusting nothing about the bytes.

The grader and the process that runs a learner's code talk in *frames*. A frame is eight bytes
of header (two big-endian lengths), a msgpack *structure*, and the raw *buffers* of the arrays
the structure announces. Data that msgpack would lose (tuples, sets, integers beyond 64 bits,
dict keys, arrays, tensors) travels as a tagged list, ``["t", ...]``.

Decoding builds every value anew from exact built-in types. Lengths are compared with limits
before anything is allocated, dtypes come from a fixed list, depth is bounded, and every byte
must be exactly as announced; whatever is not raises :class:`WireError`.
"""

from __future__ import annotations

import dataclasses
import importlib
import math
import operator
import struct
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np

from seqkit.limits import (
    CHUNK,
    FRAME_BUFFERS,
    FRAME_DEPTH,
    FRAME_EMPTY,
    FRAME_STRUCTURE,
    INTEGER_BITS,
    SAME_HASH,
    STRING_ITEM,
)

HEADER = struct.Struct(">II")

_KINDS = ["bool", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
_NUMERIC = {np.dtype(k).newbyteorder("<").str: np.dtype(k).newbyteorder("<") for k in _KINDS}
_TENSOR_DTYPES = {
    "bool": "|b1", "int8": "|i1", "int16": "<i2", "int32": "<i4", "int64": "<i8",
    "uint8": "|u1", "uint16": "<u2", "uint32": "<u4", "uint64": "<u8",
    "float16": "<f2", "float32": "<f4", "float64": "<f8",
    "complex64": "<c8", "complex128": "<c16", "bfloat16": "<u2",
}  # fmt: skip
_PLAIN = frozenset({type(None), bool, int, float, str, bytes})  # these travel as they are
_NODES = _PLAIN | {list}
FRAMEWORKS = ("torch", "tensorflow")
#: Dataclasses of ``seqkit.corpora`` that are data: a story is one.
RECORDS = ("Story", "Intent", "Unrelated", "Questions")


class WireError(ValueError):
    """A value that cannot travel, or bytes that are not what they claim to be."""


class TooLarge(WireError):
    """A value, or a frame that announces itself, beyond the limits."""


@dataclass(frozen=True, eq=False)
class Tensor:
    """A PyTorch or TensorFlow tensor as the grader holds it: its data, and where it came from.

    Parameters
    ----------
    framework : {"torch", "tensorflow"}
    dtype : str
        The framework's name without prefix: ``"float32"``, ``"bfloat16"``.
    array : ndarray
        The values; bfloat16 is held as float32.

    Examples
    --------
    >>> t = Tensor("torch", "float32", np.zeros((2, 3), np.float32))
    >>> t.shape, np.asarray(t).sum()
    ((2, 3), np.float32(0.0))
    """

    framework: str
    dtype: str
    array: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the tensor."""
        return self.array.shape

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return self.array.ndim

    def numpy(self) -> np.ndarray:
        """Return the values as an array."""
        return self.array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """Let NumPy read the values."""
        return np.array(self.array, dtype=dtype) if dtype else self.array


@dataclass(frozen=True)
class Reference:
    """Something that stays where it is and travels as a number: an object or a function.

    ``kind`` is ``"object"`` (it lives in the learner's process) or ``"function"`` (it lives in
    the grader and the learner's side calls back).
    """

    kind: str
    number: int
    name: str = ""


# ---------------------------------------------------------------- encoding


def encode(value: Any, export: Callable[[Any], Reference | None] | None = None) -> bytes:
    """Return the frame of ``value``.

    Parameters
    ----------
    value : plain data
        None, bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, slice,
        NumPy arrays and scalars (numeric, bool, fixed-width strings), torch and TensorFlow
        tensors, :class:`Tensor`, :class:`Reference`, the dataclasses in ``RECORDS``.
    export : callable, optional
        Asked about anything else: a :class:`Reference` to send instead, or None to refuse.

    Raises
    ------
    TooLarge
        If the frame would pass the limits.
    WireError
        If a value is not data and ``export`` does not take it.

    Examples
    --------
    >>> decode(encode({"a": (1, 2**70), "b": np.arange(3)}))
    {'a': (1, 1180591620717411303424), 'b': array([0, 1, 2])}
    """
    buffers: list[bytes] = []
    tree = _Encoder(buffers, export).node(value, 0)
    try:
        structure = msgpack.packb(tree, default=_large_integer)
    except TooLarge:
        raise
    except (ValueError, OverflowError, RecursionError) as error:
        raise WireError(f"cannot be carried: {error}") from None
    size = sum(map(len, buffers))
    if len(structure) > FRAME_STRUCTURE or size > FRAME_BUFFERS:
        raise TooLarge(f"{len(structure) + size:,} bytes are more than one answer may hold")
    return b"".join([HEADER.pack(len(structure), size), structure, *buffers])


class _Encoder:
    """Rewrite a value as the msgpack tree of its frame, collecting buffers on the way."""

    def __init__(
        self, buffers: list[bytes], export: Callable[[Any], Reference | None] | None
    ) -> None:
        self.buffers = buffers
        self.export = export
        self.total = 0

    def node(self, value: Any, depth: int) -> Any:
        if depth > FRAME_DEPTH:
            raise WireError(f"nested deeper than {FRAME_DEPTH} levels")
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is list:
            return self.items("l", value, depth)
        if kind is tuple:
            return self.items("t", value, depth)
        if kind is dict:
            return self.items("d", [x for pair in value.items() for x in pair], depth)
        if kind is np.ndarray:
            return self.array(value, value)
        return self.other(value, depth)

    def items(self, tag: str, items: Iterable[Any], depth: int) -> list[Any]:
        nodes = list(items)
        if not _PLAIN.issuperset(map(type, nodes)):
            nodes = [x if type(x) in _PLAIN else self.node(x, depth + 1) for x in nodes]
        if 0 < len(nodes) <= CHUNK:
            return [tag, nodes]
        return [tag, *(nodes[i : i + CHUNK] for i in range(0, len(nodes), CHUNK))]

    def other(self, value: Any, depth: int) -> Any:
        if isinstance(value, Reference):
            return ["o" if value.kind == "object" else "f", value.number, value.name[:200]]
        if isinstance(value, np.generic) and value.dtype.kind not in "OVMm":
            array = np.asarray(value)
            if array.dtype.newbyteorder("<").str in _NUMERIC:
                return [
                    "n",
                    array.dtype.newbyteorder("<").str,
                    array.astype("<" + array.dtype.str[1:]).tobytes(),
                ]
            return self.node(value.item(), depth)
        if isinstance(value, np.ndarray):
            return self.array(np.asarray(value), value)
        if isinstance(value, complex):
            return ["c", value.real, value.imag]
        if isinstance(value, frozenset):
            return self.items("z", value, depth)
        if isinstance(value, set):
            return self.items("s", value, depth)
        if isinstance(value, slice):
            return ["r", *map(self.bound, (value.start, value.stop, value.step))]
        if isinstance(value, range):
            return self.items("l", value, depth)
        if isinstance(value, bytearray | memoryview):
            return bytes(value)
        if type(value).__name__ in RECORDS and type(value) is _record(type(value).__name__):
            fields = [getattr(value, field.name) for field in dataclasses.fields(value)]
            return ["R", type(value).__name__, self.items("t", fields, depth + 1)]
        tensor = as_tensor(value)
        if tensor is not None:
            return self.tensor(tensor)
        # subclasses of built-in types travel as the built-in type
        for base in (int, float, str, bytes, list, tuple):
            if isinstance(value, base):
                return self.node(_exact(base, value), depth)
        if isinstance(value, dict):
            return self.node(dict(value.items()), depth)
        return self.exported(value)

    def bound(self, value: Any) -> Any:
        """Return a bound of a slice: None, a float, or what can index as a plain integer."""
        if value is None or type(value) is float:
            return value
        return self.node(operator.index(value), 0)

    def exported(self, value: Any) -> Any:
        reference = self.export(value) if self.export is not None else None
        if reference is None:
            raise WireError(f"an object of type {type(value).__name__} is not plain data")
        return self.other(reference, 0)

    def array(self, array: np.ndarray, original: Any) -> Any:
        if array.dtype.kind in "US":
            if array.dtype.itemsize > STRING_ITEM * 4:
                raise TooLarge("an array of very long strings")
        elif array.dtype.newbyteorder("<").str not in _NUMERIC:
            return self.exported(original)
        dtype = array.dtype.newbyteorder("<")
        return ["a", dtype.str, list(array.shape), self.buffer(array, dtype)]

    def tensor(self, tensor: Tensor) -> Any:
        array = tensor.array
        if tensor.dtype == "bfloat16":
            array = (np.ascontiguousarray(array, np.float32).view(np.uint32) >> 16).astype("<u2")
        dtype = np.dtype(_TENSOR_DTYPES[tensor.dtype])
        size = self.buffer(array, dtype)
        return ["T", tensor.framework, tensor.dtype, list(array.shape), size]

    def buffer(self, array: np.ndarray, dtype: np.dtype) -> int:
        self.total += array.nbytes
        if self.total > FRAME_BUFFERS:
            raise TooLarge(f"arrays of {self.total:,} bytes")
        self.buffers.append(array.astype(dtype, copy=False).tobytes())
        return array.nbytes


def _large_integer(value: Any) -> list[str]:
    """Return the node of an integer that msgpack does not take."""
    if type(value) is not int:
        raise WireError(f"an object of type {type(value).__name__} is not plain data")
    if value.bit_length() > INTEGER_BITS:
        raise TooLarge(f"an integer of {value.bit_length():,} bits")
    return ["i", hex(value)]


def _exact(base: Any, value: Any) -> Any:
    """Return ``value``, an instance of a subclass of ``base``, as exactly ``base``."""
    if base in (list, tuple):
        return base(base.__iter__(value))
    if base in (int, float):
        return base.__add__(value, base(0))
    return base.__getitem__(value, slice(None))


def as_tensor(value: Any) -> Tensor | None:
    """Return a torch or TensorFlow tensor (or Keras variable) as a :class:`Tensor`, else None."""
    if isinstance(value, Tensor):
        return value
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        if value.layout != torch.strided or value.is_quantized:
            return None
        value = value.detach().resolve_conj().resolve_neg().cpu()
        name = str(value.dtype).removeprefix("torch.")
        if name not in _TENSOR_DTYPES:
            return None
        return Tensor("torch", name, (value.float() if name == "bfloat16" else value).numpy())
    tf = sys.modules.get("tensorflow")
    if tf is not None and hasattr(value, "dtype") and hasattr(value, "numpy"):
        if type(value).__module__.partition(".")[0] == "keras":
            value = getattr(value, "value", value)  # a Keras variable wraps TensorFlow's
        if not isinstance(value, tf.Tensor | tf.Variable):
            return None
        name = tf.as_dtype(value.dtype).name
        array = value.numpy()
        if name not in _TENSOR_DTYPES:
            return None
        return Tensor(
            "tensorflow", name, np.asarray(array, np.float32 if name == "bfloat16" else None)
        )
    return None


# ---------------------------------------------------------------- decoding


def lengths(header: bytes) -> int:
    """Return how many bytes follow a frame's header, refusing what is over the limits.

    Examples
    --------
    >>> lengths(encode("ab")[:8])
    3
    >>> lengths(b"\\xff" * 8)
    Traceback (most recent call last):
    seqkit.grading.inside.wire.TooLarge: a frame announces 4,294,967,295 + 4,294,967,295 bytes
    """
    structure, buffers = HEADER.unpack(header)
    if structure > FRAME_STRUCTURE or buffers > FRAME_BUFFERS:
        raise TooLarge(f"a frame announces {structure:,} + {buffers:,} bytes")
    return structure + buffers


def structure_of(frame: bytes) -> int:
    """Return how many bytes of a frame are its structure: what it costs to look at."""
    return int.from_bytes(frame[:4])


def decode(
    frame: bytes | bytearray | memoryview,
    resolve: Callable[[Reference], Any] | None = None,
    native: bool = False,
) -> Any:
    """Return the value of a frame.

    Parameters
    ----------
    frame : bytes
        As :func:`encode` made it, or as a stranger wrote it.
    resolve : callable, optional
        Turns a :class:`Reference` into what it stands for; without it references are refused.
    native : bool, default False
        Build real torch and TensorFlow tensors instead of :class:`Tensor`.

    Raises
    ------
    WireError
        If anything about the frame is not as it must be.
    """
    view = memoryview(frame)
    header = bytes(view[: HEADER.size])
    if len(header) < HEADER.size or len(view) - HEADER.size != lengths(header):
        raise WireError("a frame is not as long as it says")
    end = HEADER.size + HEADER.unpack(header)[0]
    try:
        tree = msgpack.unpackb(
            view[HEADER.size : end],
            max_array_len=CHUNK + 8,
            max_map_len=0,
            max_ext_len=0,
            max_str_len=FRAME_STRUCTURE,
            max_bin_len=FRAME_STRUCTURE,
        )
    except Exception as error:
        raise WireError(f"a frame is not msgpack: {type(error).__name__}") from None
    decoder = _Decoder(view[end:], resolve, native)
    try:
        value = decoder.value(tree, 0)
    except WireError:
        raise
    except (TypeError, ValueError, OverflowError, KeyError, IndexError, MemoryError) as error:
        raise WireError(f"a frame is malformed: {type(error).__name__}") from None
    if decoder.position != len(decoder.buffers):
        raise WireError("a frame carries bytes that nothing announces")
    return value


class _Decoder:
    """Build the value of a msgpack tree from exact built-in types."""

    def __init__(
        self, buffers: memoryview, resolve: Callable[[Reference], Any] | None, native: bool
    ) -> None:
        self.buffers = buffers
        self.position = 0
        self.empty = 0  # rows that cost no byte to send
        self.resolve = resolve
        self.native = native

    def value(self, node: Any, depth: int) -> Any:
        if type(node) is not list:
            if type(node) not in _PLAIN:
                raise WireError("an unknown kind of value")
            return node
        if depth > FRAME_DEPTH:
            raise WireError(f"nested deeper than {FRAME_DEPTH} levels")
        if not node or type(node[0]) is not str:
            raise WireError("a list without a tag")
        build = self.BUILD.get(node[0])
        if build is None:
            raise WireError("an unknown kind of value")
        return build(self, node, depth)

    def build_list(self, node: list[Any], depth: int) -> list[Any]:
        items: list[Any] = []
        for chunk in node[1:]:
            if type(chunk) is not list or not 0 < len(chunk) <= CHUNK:
                raise WireError("a chunk that is none")
            kinds = set(map(type, chunk))
            if not kinds <= _NODES:
                raise WireError("an unknown kind of value")
            if list in kinds:
                chunk = [self.value(x, depth + 1) if type(x) is list else x for x in chunk]
            items += chunk
        return items

    def build_tuple(self, node: list[Any], depth: int) -> tuple[Any, ...]:
        return tuple(self.build_list(node, depth))

    def build_set(self, node: list[Any], depth: int) -> set[Any]:
        return set(_hashable(self.build_list(node, depth)))

    def build_frozenset(self, node: list[Any], depth: int) -> frozenset[Any]:
        return frozenset(_hashable(self.build_list(node, depth)))

    def build_dict(self, node: list[Any], depth: int) -> dict[Any, Any]:
        flat = self.build_list(node, depth)
        if len(flat) % 2:
            raise WireError("a dict with a key and no value")
        return dict(zip(_hashable(flat[::2]), flat[1::2], strict=True))

    def build_integer(self, node: list[Any], depth: int) -> int:
        (text,) = _exactly(node, str)
        if len(text) > INTEGER_BITS // 4 + 3:
            raise TooLarge("an integer")
        return int(text, 16)

    def build_complex(self, node: list[Any], depth: int) -> complex:
        return complex(*_exactly(node, float, float))

    def build_slice(self, node: list[Any], depth: int) -> slice:
        if len(node) != 4:
            raise WireError("a slice of other than three")
        bounds = [self.value(x, depth + 1) for x in node[1:]]
        if any(type(x) not in (int, float, type(None)) for x in bounds):
            raise WireError("a slice of something else than numbers")
        return slice(*bounds)

    def build_scalar(self, node: list[Any], depth: int) -> np.generic:
        name, data = _exactly(node, str, bytes)
        dtype = _NUMERIC[name]
        if len(data) != dtype.itemsize:
            raise WireError("a number of the wrong size")
        return _checked(np.frombuffer(data, dtype)).astype(dtype.newbyteorder("="))[0]

    def build_array(self, node: list[Any], depth: int) -> np.ndarray:
        name, shape, size = _exactly(node, str, list, int)
        if name[:2] in ("<U", "|S") and name[2:].isdecimal() and len(name) < 8:
            dtype = np.dtype(name)
            if dtype.itemsize > STRING_ITEM * 4:
                raise TooLarge("an array of very long strings")
        else:
            dtype = _NUMERIC[name]
        return self.take(dtype, shape, size)

    def build_tensor(self, node: list[Any], depth: int) -> Any:
        framework, name, shape, size = _exactly(node, str, str, list, int)
        if framework not in FRAMEWORKS:
            raise WireError("a tensor of an unknown framework")
        array = self.take(np.dtype(_TENSOR_DTYPES[name]), shape, size)
        if name == "bfloat16":
            array = (array.astype(np.uint32) << 16).view(np.float32)
        tensor = Tensor(framework, name, array)
        return _native(tensor) if self.native else tensor

    def build_record(self, node: list[Any], depth: int) -> Any:
        name, fields = _exactly(node, str, list)
        values = self.value(fields, depth + 1)
        kind = _record(name) if name in RECORDS else None
        if kind is None or type(values) is not tuple:
            raise WireError("a record that is none")
        return kind(*values)

    def build_reference(self, node: list[Any], depth: int) -> Any:
        number, name = _exactly(node, int, str)
        if self.resolve is None:
            raise WireError("a reference where only data is expected")
        kind = "object" if node[0] == "o" else "function"
        return self.resolve(Reference(kind, number, name[:200]))

    def take(self, dtype: np.dtype, shape: list[Any], size: int) -> np.ndarray:
        """Cut the next array out of the buffers."""
        if len(shape) > FRAME_DEPTH or any(type(n) is not int or not 0 <= n < 2**31 for n in shape):
            raise WireError("an array of an impossible shape")
        count = math.prod(shape)
        if size != count * dtype.itemsize or size > len(self.buffers) - self.position:
            raise WireError("an array that is not as large as it says")
        if size == 0:  # lists of nothing, or empty strings, which take memory all the same
            rows = math.prod(max(n, 1) for n in shape)
            self.empty += rows if rows > 1 else 0
            if self.empty > FRAME_EMPTY:
                raise TooLarge("arrays of nothing")
            return np.zeros(shape, dtype.newbyteorder("="))
        data = self.buffers[self.position : self.position + size]
        self.position += size
        array = _checked(np.frombuffer(data, dtype, count))
        return array.astype(dtype.newbyteorder("=")).reshape(shape)

    BUILD: Mapping[str, Callable[..., Any]] = {
        "l": build_list, "t": build_tuple, "s": build_set, "z": build_frozenset,
        "d": build_dict, "i": build_integer, "c": build_complex, "r": build_slice,
        "n": build_scalar, "a": build_array, "T": build_tensor,
        "o": build_reference, "f": build_reference, "R": build_record,
    }  # fmt: skip


def _record(name: str) -> Any:
    """Return a dataclass of the corpora: no other code is reached by its name."""
    return getattr(importlib.import_module("seqkit.corpora"), name)


def _exactly(node: list[Any], *types: type) -> list[Any]:
    """Return the items after the tag if they are exactly of these types."""
    if [type(x) for x in node[1:]] != list(types):
        raise WireError("a value with the wrong parts")
    return node[1:]


def _hashable(keys: list[Any]) -> list[Any]:
    """Return keys that are hashable and do not collide on purpose."""
    if len(keys) > SAME_HASH and max(Counter(map(hash, keys)).values()) > SAME_HASH:
        raise WireError("keys that collide")
    return keys


def _checked(array: np.ndarray) -> np.ndarray:
    """Return an array whose bytes are valid for its dtype: bools are 0 or 1, text is Unicode."""
    if array.dtype.kind == "b":
        if array.size and array.view(np.uint8).max() > 1:
            raise WireError("a bool that is neither")
    elif array.dtype.kind == "U" and array.size:
        points = array.view("<u4")
        if points.max() > 0x10FFFF or np.any((points >= 0xD800) & (points < 0xE000)):
            raise WireError("text that is not Unicode")
    return array


def _native(tensor: Tensor) -> Any:
    """Return the framework's own tensor."""
    if tensor.framework == "torch":
        import torch

        return torch.from_numpy(tensor.array).to(getattr(torch, tensor.dtype))
    import tensorflow as tf

    return tf.constant(tensor.array, dtype=tensor.dtype)
