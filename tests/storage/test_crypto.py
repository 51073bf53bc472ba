"""Tokens, derived keys and seals."""

import time
from itertools import zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiver_card.storage.crypto import (
    ALPHABET,
    TOKEN_LENGTH,
    BrokenSeal,
    UnreadableToken,
    associated_data,
    lookup_id,
    new_key,
    new_record_id,
    new_token,
    open_sealed,
    read_token,
    seal,
    wrapping_key,
)

TOKEN = "0123456789ABCDEFGHJKMNPQRS"
tokens = st.text(ALPHABET, min_size=TOKEN_LENGTH, max_size=TOKEN_LENGTH)
keys = st.binary(min_size=32, max_size=32)
SPELLINGS = {"0": "0Oo", "1": "1IiLl"}


@st.composite
def spelled(draw: st.DrawFn) -> tuple[str, str]:
    """A token and a way to write it: any case, look-alikes, hyphens anywhere."""
    token = draw(tokens)
    letters = [
        draw(st.sampled_from(SPELLINGS.get(letter, letter + letter.lower()))) for letter in token
    ]
    hyphens = draw(st.lists(st.sampled_from(["", "-"]), max_size=TOKEN_LENGTH))
    pairs = zip_longest(letters, hyphens, fillvalue="")
    return token, "".join(letter + hyphen for letter, hyphen in pairs)


def test_a_new_token_is_canonical_and_never_the_same() -> None:
    """Two hundred new tokens are 26 letters of the alphabet each, and all different."""
    made = [new_token() for _ in range(200)]

    assert all(read_token(token) == token and len(token) == 26 for token in made)
    assert len(set(made)) == 200


def test_new_tokens_use_the_whole_alphabet_in_every_place() -> None:
    """Each of the 26 places takes each of the 32 letters: 130 bits and not fewer."""
    columns = zip(*(new_token() for _ in range(2000)), strict=True)

    assert all(set(column) == set(ALPHABET) for column in columns)


@given(spelled())
def test_any_spelling_reads_the_same(pair: tuple[str, str]) -> None:
    """Case, I and L for 1, O for 0 and hyphens make no difference."""
    token, spelling = pair

    assert read_token(spelling) == token


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("-" * 26, id="hyphens only"),
        pytest.param(TOKEN[:-1], id="one short"),
        pytest.param(TOKEN + "A", id="one long"),
        pytest.param(TOKEN[:-1] + "U", id="the letter U"),
        pytest.param(TOKEN[:-1] + "u", id="a small u"),
        pytest.param(TOKEN[:-1] + " ", id="a space"),
        pytest.param(TOKEN + "\n", id="a line end"),
        pytest.param(TOKEN[:-1] + "_", id="an underscore, which int() would skip"),
        pytest.param(TOKEN[:-1] + "\u0131", id="a dotless i, whose capital is I"),
        pytest.param(TOKEN[:-1] + "\u017f", id="a long s, whose capital is S"),
        pytest.param(TOKEN[:-1] + "\u0415", id="a Cyrillic E"),
        pytest.param(TOKEN[:-1] + "\uff11", id="a full-width 1"),
        pytest.param(TOKEN[:-1] + "\u0661", id="an Arabic 1"),
        pytest.param(TOKEN.replace("A", "\u2010A"), id="a typographic hyphen"),
        pytest.param(TOKEN + "-" * 100, id="more hyphens than there are places for"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """What is no spelling of a token raises, and the error does not repeat it."""
    with pytest.raises(UnreadableToken) as refusal:
        read_token(text)

    assert not str(refusal.value)


def test_a_huge_text_is_refused_at_once() -> None:
    """A hundred million characters cost no more than a glance at the length."""
    huge = "-" * 100_000_000
    start = time.perf_counter()

    with pytest.raises(UnreadableToken):
        read_token(huge)

    assert time.perf_counter() - start < 0.01


@given(tokens, tokens)
def test_derived_ids_and_keys_differ(one: str, other: str) -> None:
    """Lookup ids and wrapping keys are all different, and the same whenever derived again."""
    derived = {lookup_id(one), wrapping_key(one), lookup_id(other), wrapping_key(other)}

    assert len(derived) == (4 if one != other else 2)
    assert derived == {f(t) for f in (lookup_id, wrapping_key) for t in (one, other)}
    assert {len(each) for each in derived} == {32}


def test_derivation_never_changes() -> None:
    """A token printed today opens with any coming version: the bytes are fixed here."""
    assert (lookup_id(TOKEN).hex(), wrapping_key(TOKEN).hex()) == DERIVED


DERIVED = (
    "e7dcf6a4b6280d9573a6d79627301c7397efaf084f0c4c9fd8f52b17ba3464f4",
    "f1b967ecf16168bdf15686df9758b066d3a1e0a73fe3fb82b16af12414f28bc4",
)


def test_an_old_seal_still_opens() -> None:
    """A seal of format 1, made when the format was new, opens for ever."""
    about = associated_data(bytes(16), 1, "card")

    assert open_sealed(bytes(32), bytes.fromhex(SEALED), about) == b"a card"


SEALED = "0103eddf5a11819bd7af7097de71d6b8327ad9daf2f7e848b64f0c732f09871e0edaf7"


@given(keys, st.binary(), st.binary())
def test_what_is_sealed_opens(key: bytes, plain: bytes, about: bytes) -> None:
    """Opening gives back what was sealed, and 29 bytes are the whole cost."""
    sealed = seal(key, plain, about)

    assert open_sealed(key, sealed, about) == plain
    assert len(sealed) == len(plain) + 29


@given(keys, st.binary(max_size=40), st.binary(max_size=40), st.data())
def test_any_flipped_bit_fails(key: bytes, plain: bytes, about: bytes, data: st.DataObject) -> None:
    """One bit of the seal, the key or the subject is enough."""
    whole = [bytearray(seal(key, plain, about)), bytearray(key), bytearray(about)]
    part = data.draw(st.sampled_from([each for each in whole if each]))
    part[data.draw(st.integers(0, len(part) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    sealed, other_key, other_about = map(bytes, whole)

    with pytest.raises(BrokenSeal):
        open_sealed(other_key, sealed, other_about)


@pytest.mark.parametrize("length", range(30))
def test_a_cut_seal_fails(length: int) -> None:
    """What is left of a seal is no seal, however little is missing."""
    key = new_key()

    with pytest.raises(BrokenSeal):
        open_sealed(key, seal(key, b"x", b"")[:length], b"")


def test_the_same_text_never_seals_the_same() -> None:
    """The nonce is new each time, so equal notes do not look equal."""
    key = new_key()

    assert len({seal(key, b"same", b"") for _ in range(100)}) == 100


def test_new_keys_and_ids_have_their_lengths_and_differ() -> None:
    """A key has 256 bits, a record id 128."""
    assert len(new_key()) == 32 and len(new_record_id()) == 16
    assert new_key() != new_key() and new_record_id() != new_record_id()


triples = st.tuples(
    st.binary(max_size=60), st.integers(0, 2**63), st.sampled_from(["", "card", "page", "a card"])
)


@given(triples, triples)
def test_subjects_are_unambiguous(
    one: tuple[bytes, int, str], other: tuple[bytes, int, str]
) -> None:
    """Different records, versions or purposes never give the same bytes."""
    assert (associated_data(*one) == associated_data(*other)) == (one == other)


def test_subjects_do_not_flow_into_one_another() -> None:
    """The end of the record cannot be taken for the beginning of the purpose."""
    assert associated_data(b"ab", 1, "c") != associated_data(b"a", 1, "bc")
