"""Sound files as visitors have them: read, or refused in one sentence."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
import soundfile

from genlab.data import mulaw, wav
from genlab.data.tones import RATE
from genlab.errors import GenlabError
from genlab.evaluation.sound import heard


def sine(rate: int, seconds: float = 0.5, hertz: float = 220.0, loud: float = 0.5) -> np.ndarray:
    return loud * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def file(sound: np.ndarray, rate: int = RATE, subtype: str = "PCM_16", kind: str = "WAV") -> bytes:
    out = io.BytesIO()
    soundfile.write(out, sound, rate, format=kind, subtype=subtype)
    return out.getvalue()


def samples(levels: bytes) -> np.ndarray:
    return mulaw.decode(np.frombuffer(levels, np.uint8))


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW"])
@pytest.mark.parametrize("kind", ["WAV", "WAVEX"])
def test_every_usual_coding_is_the_same_sound(subtype: str, kind: str) -> None:
    levels, notes = wav.read(file(sine(RATE), subtype=subtype, kind=kind))
    assert not notes
    np.testing.assert_allclose(samples(levels), sine(RATE), atol=0.03)  # μ-law of μ-law


@pytest.mark.parametrize("rate", [11_025, 16_000, 44_100, 48_000, 96_000])
def test_another_rate_keeps_its_pitch_and_is_said(rate: int) -> None:
    levels, notes = wav.read(file(sine(rate), rate))
    assert notes == [f"It was resampled from {rate} to {RATE} samples a second."]
    assert len(levels) == RATE // 2
    assert heard(samples(levels)[None])[0] == pytest.approx(220, rel=0.005)


def test_several_channels_are_mixed_and_said() -> None:
    both = np.stack([sine(RATE, hertz=200.0), sine(RATE, hertz=300.0)], 1)
    levels, notes = wav.read(file(both))
    assert notes == ["2 channels were mixed into one."]
    np.testing.assert_allclose(samples(levels), both.mean(1), atol=0.02)
    assert "6 channels" in wav.read(file(np.tile(sine(RATE)[:, None], 6)))[1][0]


def test_what_is_too_long_or_too_loud_or_silent_is_said() -> None:
    levels, notes = wav.read(file(sine(RATE, 2.0)))
    assert len(levels) == RATE // 2 and notes == ["The first 0.5 s were taken."]
    levels, notes = wav.read(file(sine(RATE, loud=3.0), subtype="FLOAT"))
    assert notes == ["What was louder than a full scale was clipped."]
    assert np.abs(samples(levels)).max() == 1
    assert wav.read(file(np.zeros(100)))[1] == ["It is silent."]


def test_a_file_that_was_cut_is_read_as_far_as_it_goes() -> None:
    levels, notes = wav.read(file(sine(RATE))[: 44 + 2000])
    assert len(levels) == 1000
    assert notes == ["The file ends before its header says: what is there was read."]


@pytest.mark.parametrize("size", [0xFFFFFFFF, 4_000_000_000])
def test_a_size_that_is_not_true_neither_reserves_memory_nor_stops_it(size: int) -> None:
    whole = bytearray(file(sine(RATE, 0.01)))
    whole[40:44] = struct.pack("<I", size)
    assert len(wav.read(bytes(whole))[0]) == 80


def test_chunks_of_odd_size_before_the_data_are_passed_over() -> None:
    whole = file(sine(RATE))
    odd = b"LIST" + struct.pack("<I", 5) + b"INFOx" + b"\0"
    levels, notes = wav.read(whole[:12] + odd + whole[12:])
    assert len(levels) == RATE // 2 and not notes


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"RIFF", "no WAV file"),
        (b"hello, this is no sound at all" * 9, "no WAV file"),
        (file(np.zeros(0)), "no sound"),
        (file(sine(RATE), kind="MP3", subtype="MPEG_LAYER_III"), "of the type MP3"),
        (file(sine(RATE), kind="FLAC"), "of the type FLAC"),
        (file(np.full(100, np.nan), subtype="FLOAT"), "no numbers"),
        (file(sine(RATE))[:30], "no WAV file"),
        (bytes(wav.LARGEST + 1), "at most 32 MB"),
    ],
    ids=["empty", "four bytes", "text", "header", "mp3", "flac", "nan", "cut header", "large"],
)
def test_what_is_no_sound_is_refused_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(GenlabError, match=sentence) as caught:
        wav.read(data)
    assert str(caught.value).endswith(".")
    assert caught.value.args[0].count("\n") == 0
