"""Bounded memories: what was given, used and read."""

from __future__ import annotations

import pytest

from federation.books import MAX_SHELVED_BYTES, DocumentShelf, NonceBook, ReplayBook
from federation.errors import RefusalCode, Refused
from tests.federation.support import document, refused, text_of


def test_a_challenge_is_answered_once() -> None:
    book = NonceBook(10)
    book.issue("a", now_s=0)
    book.redeem("a", now_s=59.9)
    with refused(RefusalCode.WRONG_NONCE):
        book.redeem("a", now_s=59.9)


def test_a_challenge_ends() -> None:
    book = NonceBook(10, life_s=5)
    book.issue("a", now_s=0)
    with refused(RefusalCode.WRONG_NONCE):
        book.redeem("a", now_s=5)


def test_a_challenge_of_nobody_is_refused() -> None:
    with refused(RefusalCode.WRONG_NONCE):
        NonceBook(10).redeem("a", now_s=0)


def test_challenges_are_bounded() -> None:
    book = NonceBook(3)
    for number in range(100):
        book.issue(str(number), now_s=number / 100)
        assert len(book) <= 3
    book.redeem("99", now_s=1)
    with refused(RefusalCode.WRONG_NONCE):
        book.redeem("96", now_s=1)


def test_old_challenges_are_forgotten() -> None:
    book = NonceBook(1000)
    for number in range(50):
        book.issue(str(number), now_s=number)
    book.issue("late", now_s=1000)
    assert len(book) == 1


def test_an_identifier_is_used_once() -> None:
    book = ReplayBook(10)
    book.use("a", ends_s=60, now_s=0)
    book.use("b", ends_s=60, now_s=0)
    with refused(RefusalCode.REPLAYED):
        book.use("a", ends_s=60, now_s=59.9)


def test_an_identifier_is_forgotten_when_it_no_longer_counts() -> None:
    book = ReplayBook(10)
    book.use("long", ends_s=100, now_s=0)
    book.use("short", ends_s=10, now_s=0)
    book.use("new", ends_s=20, now_s=10)
    assert len(book) == 2
    with refused(RefusalCode.REPLAYED):
        book.use("long", ends_s=100, now_s=99)


def test_a_full_book_refuses_instead_of_forgetting() -> None:
    book = ReplayBook(2)
    book.use("a", ends_s=60, now_s=0)
    book.use("b", ends_s=60, now_s=0)
    with refused(RefusalCode.TOO_BUSY):
        book.use("c", ends_s=60, now_s=1)
    with refused(RefusalCode.REPLAYED):
        book.use("a", ends_s=60, now_s=1)
    book.use("c", ends_s=120, now_s=60)


def test_a_document_is_read_once() -> None:
    shelf = DocumentShelf(2)
    text = text_of(document())
    first = shelf.read(text)
    assert shelf.read(text) is first
    assert shelf.read(text.encode()) is first
    assert shelf.read(text + " ") is not first


def test_the_least_used_document_makes_room() -> None:
    shelf = DocumentShelf(2)
    texts = [text_of(document(sequence=number)) for number in range(3)]
    first, second = shelf.read(texts[0]), shelf.read(texts[1])
    shelf.read(texts[0])
    shelf.read(texts[2])
    assert len(shelf) == 2
    assert shelf.read(texts[0]) is first
    assert shelf.read(texts[1]) is not second


def test_a_large_document_is_not_kept() -> None:
    shelf = DocumentShelf(2)
    everything = document(devices=[f"device {number}" for number in range(16)])
    assert shelf.read(text_of(everything)) is shelf.read(text_of(everything))
    spaced = text_of(everything) + " " * MAX_SHELVED_BYTES
    assert shelf.read(spaced) is not shelf.read(spaced)
    assert len(shelf) == 1


def test_refusals_are_not_remembered() -> None:
    shelf = DocumentShelf(2)
    for bad in ("{}", "\ud800", b"\xff"):
        with pytest.raises(Refused):
            shelf.read(bad)
    assert len(shelf) == 0
