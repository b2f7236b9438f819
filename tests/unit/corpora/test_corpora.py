"""The data sets: what is shipped, what is generated, and how the rest is fetched."""

import hashlib
import io
import json
import re
import socket
import tarfile
import threading
import time
from collections import Counter
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqkit import ROOT
from seqkit.corpora import (
    DataError,
    available,
    data_home,
    fetch,
    load_questions,
    load_reviews,
    load_series,
    load_text,
    make_stories,
    reviews,
    strip_gutenberg,
)
from seqkit.corpora import fetching as fetching_module
from seqkit.corpora import listing as listing_module
from seqkit.corpora import texts as texts_module
from seqkit.corpora.fetching import Download, fetch_file, find_file
from seqkit.corpora.stories import AGENTS, OBJECTS, PLACES
from seqkit.text import tokenize

BOOK = (
    "\ufeffThe Project Gutenberg EBook\r\n"
    "*** START OF THIS PROJECT GUTENBERG EBOOK A TALE ***\r\n\r\n"
    "Once upon a time.\r\nThe sea.\r\n\r\n"
    "*** END OF THIS PROJECT GUTENBERG EBOOK A TALE ***\r\nLicence\r\n"
).encode()

# Words that carry the grammar of a question, not what it asks for.
STOP_WORDS = frozenset(
    tokenize(
        """a an the is are am was were be been do does did have has had i you he she it we they me
        my your us our its of to in on at for from and or that this there here with by as can could
        may might shall should will would please any some so"""
    )
)


# --- a server on this machine that misbehaves on request ------------------------------------


class _Server(ThreadingHTTPServer):
    content = b""


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        content = self.server.content
        self.server.asked.append(self.path)
        kind = self.path.rsplit("/", 1)[-1]
        if kind == "error":
            self.send_error(503)
            return
        announced = len(content)
        if kind == "altered":
            content = content[:-1] + b"?"
        if kind == "short":
            content = content[:-5]
            announced = len(content)
        if kind == "broken-off":
            content = content[: len(content) // 2]
        self.send_response(200)
        self.send_header("Content-Length", str(announced))
        self.end_headers()
        if kind == "stalls":
            self.wfile.write(content[:20])
            self.server.given_up.wait(10)
            return
        if kind == "drips":
            for place in range(len(content)):
                self.wfile.write(content[place : place + 1])
                time.sleep(0.005)
            return
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty data home, and no proxy between the tests and this machine."""
    folder = tmp_path / "data home"
    monkeypatch.setenv("SEQKIT_DATA", str(folder))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return folder


@pytest.fixture
def server():
    running = _Server(("127.0.0.1", 0), _Answers)
    running.content = BOOK
    running.asked = []
    running.given_up = threading.Event()
    thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield running
    running.given_up.set()
    running.shutdown()
    running.server_close()
    thread.join()


def book_from(server, *kinds):
    address = f"http://127.0.0.1:{server.server_port}/"
    return Download(
        "book.txt",
        tuple(address + kind for kind in kinds),
        "sha256:" + hashlib.sha256(BOOK).hexdigest(),
        also_named=("other.txt",),
    )


def nowhere():
    """An address of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/book"


# --- fetching -------------------------------------------------------------------------------


def test_a_good_file_is_fetched_once_with_a_progress_bar(home, server, capfd):
    download = book_from(server, "good")
    assert find_file(download) is None
    path = fetch_file("tale", download)
    assert path == home / "book.txt"
    assert path.read_bytes() == BOOK
    assert "100%" in capfd.readouterr().err
    assert fetch_file("tale", download) == path
    assert server.asked == ["/good"]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("short", "another checksum"),
        ("altered", "another checksum"),
        ("broken-off", "broke off|no connection|another checksum"),
        ("error", "the server answered 503"),
    ],
)
def test_a_bad_answer_leaves_nothing_behind(home, server, kind, reason):
    with pytest.raises(DataError, match=reason) as caught:
        fetch_file("tale", book_from(server, kind))
    assert list(home.iterdir()) == []
    message = str(caught.value)
    assert "\n" not in message
    assert "cannot fetch tale" in message
    assert f"put book.txt in {home}" in message


def test_without_a_network_the_error_is_one_line_that_says_what_to_do(home):
    download = Download("book.txt", (nowhere(),), "sha256:00")
    with pytest.raises(DataError, match=r"no connection\): put book\.txt in .*SEQKIT_DATA") as e:
        fetch_file("tale", download)
    assert "\n" not in str(e.value)


def test_a_silent_server_is_given_up(home, monkeypatch):
    monkeypatch.setattr(fetching_module, "FETCH_SECONDS", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/book"
        with pytest.raises(DataError, match=r"no answer within 0\.2 s"):
            fetch_file("tale", Download("book.txt", (address,), "sha256:00"))


def test_a_server_that_stops_half_way_is_given_up(home, server, monkeypatch):
    monkeypatch.setattr(fetching_module, "FETCH_SECONDS", 0.2)
    with pytest.raises(DataError, match=r"no answer within 0\.2 s"):
        fetch_file("tale", book_from(server, "stalls"))
    assert list(home.iterdir()) == []


def test_a_slow_server_is_waited_for_as_long_as_it_sends(home, server, monkeypatch):
    monkeypatch.setattr(fetching_module, "FETCH_SECONDS", 0.5)
    started = time.monotonic()
    assert fetch_file("tale", book_from(server, "drips")).read_bytes() == BOOK
    assert time.monotonic() - started > 0.5


def test_the_next_address_is_tried_when_one_fails(home, server):
    path = fetch_file("tale", book_from(server, "error", "altered", "good"))
    assert path.read_bytes() == BOOK
    assert server.asked == ["/error", "/altered", "/good"]


@pytest.mark.parametrize("file_name", ["book.txt", "other.txt"])
def test_a_file_put_there_by_hand_needs_no_network(home, file_name):
    home.mkdir()
    (home / file_name).write_bytes(BOOK)
    download = Download(
        "book.txt", (nowhere(),), "sha256:" + hashlib.sha256(BOOK).hexdigest(), ("other.txt",)
    )
    assert fetch_file("tale", download) == home / file_name


def test_a_broken_file_in_the_home_is_replaced(home, server):
    home.mkdir()
    (home / "book.txt").write_bytes(BOOK[:50])
    path = fetch_file("tale", book_from(server, "good"))
    assert path.read_bytes() == BOOK
    assert (home / "book.txt.broken").read_bytes() == BOOK[:50]


def test_a_broken_file_is_not_left_in_place_without_a_network_either(home):
    home.mkdir()
    download = Download("book.txt", (nowhere(),), "sha256:00")
    for expected in ("book.txt.broken", "book.txt.broken2"):
        (home / "book.txt").write_bytes(BOOK[:50])
        with pytest.raises(DataError, match=f"damaged edition, now {re.escape(expected)};"):
            fetch_file("tale", download)
        assert not (home / "book.txt").exists()
        assert (home / expected).exists()


def test_a_home_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SEQKIT_DATA", str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"cannot write to the data folder .*file"):
        fetch_file("tale", Download("book.txt", (nowhere(),), "sha256:00"))


def test_seqkit_data_chooses_the_folder(monkeypatch):
    monkeypatch.setenv("SEQKIT_DATA", "~/somewhere")
    assert data_home() == Path.home() / "somewhere"
    monkeypatch.setenv("SEQKIT_DATA", " ")
    assert data_home().name == "seqkit"


# --- texts ----------------------------------------------------------------------------------


def test_the_book_is_fetched_and_its_frame_cut_off(home, server, monkeypatch):
    monkeypatch.setattr(texts_module, "MYSTERIOUS_ISLAND", book_from(server, "good"))
    assert load_text("mysterious_island") == "Once upon a time.\nThe sea."


def test_the_book_is_pinned_to_the_edition_of_the_seed():
    assert texts_module.MYSTERIOUS_ISLAND.checksum.startswith("sha256:355bfdc3")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("no frame at all", "no .* START .* cut off"),
        ("*** START OF THE PROJECT GUTENBERG EBOOK A ***\ntext", "no .* END .* cut short"),
        (
            "*** END OF THE PROJECT GUTENBERG EBOOK A ***\n"
            "*** START OF THE PROJECT GUTENBERG EBOOK A ***\ntext",
            "no .* END .* after its START",
        ),
    ],
)
def test_strip_gutenberg_never_fails_silently(raw, message):
    with pytest.raises(ValueError, match=message):
        strip_gutenberg(raw)


def test_strip_gutenberg_takes_either_wording_and_a_title_over_two_lines():
    raw = "x\n***START OF THE PROJECT GUTENBERG EBOOK A LONG\nTITLE***\nbody\n" + (
        "*** END OF THIS PROJECT GUTENBERG EBOOK A LONG\nTITLE ***\ny"
    )
    assert strip_gutenberg(raw) == "body"


def test_python_help_is_long_english_and_the_same_every_time():
    text = load_text("python")
    assert len(text) > 300_000
    assert text.count(" the ") > 2_000
    assert text == load_text("python")


def test_unknown_names_are_told_with_the_known_ones():
    for load in (load_text, load_series, load_reviews, fetch):
        with pytest.raises(ValueError, match=r"unknown .*'weather'.*choose"):
            load("weather")


# --- reviews --------------------------------------------------------------------------------


def small_imdb():
    """The files of a tiny aclImdb, two reviews a folder; folder order is not number order."""
    return {
        f"aclImdb/{part}/{label}/{number}_{rating}.txt": f"{label} {part} {number} é<br />"
        for part in ("train", "test")
        for label, rating in (("neg", 2), ("pos", 9))
        for number in (10, 9)
    }


def pack(files, extras=()):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
        for info in extras:
            tar.addfile(info)
    return buffer.getvalue()


def expect_small(monkeypatch, files):
    monkeypatch.setattr(reviews, "REVIEWS_PER_FOLDER", 2)
    characters = {
        part: sum(len(text) for name, text in files.items() if f"/{part}/" in name)
        for part in ("train", "test")
    }
    monkeypatch.setattr(reviews, "CHARACTERS", characters)


def serve(monkeypatch, server, archive):
    server.content = archive
    url = f"http://127.0.0.1:{server.server_port}/good"
    checksum = "md5:" + hashlib.md5(archive, usedforsecurity=False).hexdigest()
    monkeypatch.setattr(reviews, "IMDB", replace(reviews.IMDB, urls=(url,), checksum=checksum))


def offline(monkeypatch):
    monkeypatch.setattr(reviews, "IMDB", replace(reviews.IMDB, urls=(nowhere(),)))


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def assert_small(loaded):
    assert loaded.validation is None
    for part, split in (("train", loaded.train), ("test", loaded.test)):
        assert split.ids == [
            f"{part}/{where}" for where in ("neg/9_2", "neg/10_2", "pos/9_9", "pos/10_9")
        ]
        assert split.texts[0] == f"neg {part} 9 é<br />"
        assert split.labels.tolist() == [0, 0, 1, 1]
        assert split.labels.dtype == np.int64
        assert len(split) == 4


def test_reviews_from_a_folder_in_the_home(home, monkeypatch):
    files = small_imdb()
    expect_small(monkeypatch, files)
    offline(monkeypatch)
    write(home, files)
    assert_small(load_reviews("imdb"))


def test_reviews_are_fetched_and_unpacked_without_what_is_not_labelled(home, server, monkeypatch):
    files = small_imdb()
    expect_small(monkeypatch, files)
    serve(monkeypatch, server, pack(files | {"aclImdb/train/unsup/0_0.txt": "unlabelled"}))
    assert_small(load_reviews("imdb"))
    assert not (home / "aclImdb/train/unsup").exists()
    assert sorted(path.name for path in home.iterdir()) == ["aclImdb", "aclImdb_v1.tar.gz"]
    assert_small(load_reviews("imdb"))
    assert len(server.asked) == 1


def test_nothing_is_written_outside_the_home(home, server, monkeypatch, tmp_path):
    files = small_imdb()
    expect_small(monkeypatch, files)
    link = tarfile.TarInfo("aclImdb/train/pos/7_7.txt")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    outside = {"../evil.txt": "x", "/tmp/evil.txt": "x", "aclImdb/train/pos/../../../../e.txt": "x"}
    serve(monkeypatch, server, pack(files | outside, [link]))
    assert_small(load_reviews("imdb"))
    assert [path.name for path in tmp_path.iterdir()] == [home.name]
    assert sorted(path.name for path in home.iterdir()) == ["aclImdb", "aclImdb_v1.tar.gz"]


def test_an_archive_without_all_reviews_is_not_used(home, server, monkeypatch):
    files = small_imdb()
    expect_small(monkeypatch, files)
    del files["aclImdb/test/pos/9_9.txt"]
    serve(monkeypatch, server, pack(files))
    with pytest.raises(DataError, match="has 1 reviews in test/pos, expected 2"):
        load_reviews("imdb")
    assert not (home / "aclImdb").exists()


def test_an_archive_cut_short_is_not_used_even_with_the_right_checksum(home, server, monkeypatch):
    files = small_imdb()
    expect_small(monkeypatch, files)
    serve(monkeypatch, server, pack(files)[:-40])
    with pytest.raises(DataError, match="cannot unpack"):
        load_reviews("imdb")
    assert [path.name for path in home.iterdir()] == ["aclImdb_v1.tar.gz"]


def test_an_incomplete_folder_is_not_used(home, monkeypatch):
    files = small_imdb()
    expect_small(monkeypatch, files)
    offline(monkeypatch)
    del files["aclImdb/train/neg/10_2.txt"]
    write(home, files)
    with pytest.raises(DataError, match=r"no connection.*put aclImdb_v1.*1 reviews in train/neg"):
        load_reviews("imdb")


def test_an_incomplete_folder_is_replaced(home, server, monkeypatch):
    files = small_imdb()
    expect_small(monkeypatch, files)
    serve(monkeypatch, server, pack(files))
    write(home, {"aclImdb/train/neg/10_2.txt": "alone"})
    assert_small(load_reviews("imdb"))
    assert (home / "aclImdb.broken/train/neg/10_2.txt").read_text() == "alone"


def test_a_folder_with_a_damaged_review_is_set_aside(home, monkeypatch):
    files = small_imdb()
    expect_small(monkeypatch, files)
    offline(monkeypatch)
    files["aclImdb/test/neg/9_2.txt"] = ""
    write(home, files)
    with pytest.raises(DataError, match=r"test holds .* now called aclImdb\.broken"):
        load_reviews("imdb")
    assert not (home / "aclImdb").exists()


# --- the list -------------------------------------------------------------------------------


def test_every_set_is_listed_with_its_state(home):
    assert {data.name: data.state for data in available()} == {
        "reviews": "shipped",
        "sunspots": "shipped",
        "questions": "shipped",
        "stories": "generated",
        "python": "installed",
        "imdb": "missing",
        "mysterious_island": "missing",
    }
    assert not home.exists()


def test_the_list_sees_what_has_been_fetched(home, server, monkeypatch):
    book = book_from(server, "good")
    monkeypatch.setattr(listing_module, "MYSTERIOUS_ISLAND", book)
    files = small_imdb()
    expect_small(monkeypatch, files)
    write(home, files)
    assert fetch("mysterious_island") == home / "book.txt"
    assert fetch("imdb") == home / "aclImdb"
    states = {data.name: data.state for data in available()}
    assert states["mysterious_island"] == states["imdb"] == "fetched"


def test_what_is_here_needs_no_fetching():
    with pytest.raises(ValueError, match="questions needs no fetching: written for this course"):
        fetch("questions")


def test_the_readme_documents_every_set_and_the_list_counts_right():
    readme = (ROOT / "data/README.md").read_text(encoding="utf-8")
    sizes = {data.name: data.size for data in available()}
    for name in sizes:
        assert f"| `{name}` |" in readme
        assert re.search(rf"^### {name}\b", readme, re.MULTILINE)
    assert sizes["reviews"] == "8,000 reviews"
    shipped = load_reviews("reviews")
    assert len(shipped.train) + len(shipped.validation) + len(shipped.test) == 8_000
    questions = load_questions()
    asked = len(questions.train.texts) + len(questions.held_out.texts)
    counted = f"{len(questions.intents)} intents, {asked} questions, 90 unrelated"
    assert sizes["questions"] == counted
    assert counted in readme


# --- shipped --------------------------------------------------------------------------------


def test_sunspots_are_the_yearly_numbers_of_1700_to_2008():
    series = load_series("sunspots")
    assert series.years.tolist() == list(range(1700, 2009))
    assert (series.years.dtype, series.values.dtype) == (np.int64, np.float64)
    by_year = dict(zip(series.years.tolist(), series.values.tolist(), strict=True))
    assert [by_year[year] for year in (1700, 1778, 1810, 1957, 2008)] == [5, 154.4, 0, 190.2, 2.9]
    assert series.values.mean() == pytest.approx(49.752104)
    assert series.values.std(ddof=1) == pytest.approx(40.452595)


def test_a_missing_shipped_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr("seqkit.corpora.shipped.ROOT", tmp_path)
    with pytest.raises(DataError, match=r"questions\.json is missing: it comes with the course"):
        load_questions()


def every_question():
    """Each question with where it belongs and its use."""
    questions = load_questions()
    found = []
    for intent in questions.intents:
        found += [(text, intent.name, "train") for text in intent.train]
        found += [(text, intent.name, "held_out") for text in intent.held_out]
    found += [(text, None, "tune") for text in questions.unrelated_tune.texts]
    found += [(text, None, "test") for text in questions.unrelated_test.texts]
    return found


def meaning(question):
    """What is left of a question without the words that carry only its grammar."""
    return frozenset(word for word in tokenize(question) if word not in STOP_WORDS | set("?!"))


def test_there_are_enough_questions():
    questions = load_questions()
    assert len(questions.intents) >= 42
    assert all(len(intent.train) + len(intent.held_out) >= 9 for intent in questions.intents)
    assert all(len(intent.held_out) >= 2 for intent in questions.intents)
    for unrelated in (questions.unrelated_tune, questions.unrelated_test):
        assert len(unrelated.near) >= 20
        assert len(unrelated.far) >= 20


def test_no_question_occurs_twice():
    counts = Counter(" ".join(tokenize(text)) for text, *_ in every_question())
    assert [text for text, count in counts.items() if count > 1] == []


def test_no_question_is_a_training_question_with_other_stop_words():
    seen = {meaning(text): text for text, _, use in every_question() if use == "train"}
    others = [text for text, _, use in every_question() if use != "train"]
    assert [(text, seen[meaning(text)]) for text in others if meaning(text) in seen] == []


@pytest.mark.parametrize("intent", load_questions().intents, ids=lambda intent: intent.name)
def test_no_held_out_question_is_a_training_question_with_one_word_changed(intent):
    for held_out in map(tokenize, intent.held_out):
        for seen in map(tokenize, intent.train):
            shorter, longer = sorted((seen, held_out), key=len)
            if len(longer) == len(shorter):
                changed = sum(a != b for a, b in zip(seen, held_out, strict=True))
                assert changed > 1, (seen, held_out)
            else:
                without_one = [longer[:n] + longer[n + 1 :] for n in range(len(longer))]
                assert shorter not in without_one


def test_every_question_means_something_and_ends_like_a_sentence():
    for text, *_ in every_question():
        assert meaning(text), text
        assert re.fullmatch(r"[A-Z][^?!.]+[?!.]", text), text
        assert text == " ".join(text.split())


def test_names_and_answers_are_one_to_an_intent():
    questions = load_questions()
    assert len(set(questions.names)) == len(set(questions.answers)) == len(questions.intents)


def test_labels_are_places_among_the_intents():
    questions = load_questions()
    for labelled, use in ((questions.train, "train"), (questions.held_out, "held_out")):
        assert labelled.labels.dtype == np.int64
        assert len(labelled.texts) == len(labelled.labels)
        for text, label in zip(*labelled, strict=True):
            assert text in getattr(questions.intents[label], use)


def test_the_five_questions_of_the_seed_have_an_answer_each():
    five = {
        "What is your name?": "name",
        "How are you?": "wellbeing",
        "What is your profession?": "profession",
        "Where do you live?": "home",
        "What is your favorite color?": "colour",
    }
    trained = {text: name for text, name, use in every_question() if use == "train"}
    assert {text: trained[text] for text in five} == five
    answers = dict(zip(load_questions().names, load_questions().answers, strict=True))
    assert len({answers[name] for name in five.values()}) == 5


def test_most_words_of_held_out_questions_occur_in_training():
    known = {word for text, _, use in every_question() if use == "train" for word in tokenize(text)}
    words = [w for text, _, use in every_question() if use == "held_out" for w in tokenize(text)]
    assert np.mean([word in known for word in words]) > 0.95


def test_the_question_file_is_plain_utf8_json():
    raw = (ROOT / "data/questions.json").read_bytes()
    assert b"\r" not in raw
    assert set(json.loads(raw)) == {"guide", "intents", "unrelated"}


# --- stories --------------------------------------------------------------------------------


def solve(story, facts):
    """Find the answer by reading the given facts only, in order."""
    where, carrier = {}, {}
    for number in facts:
        who, *verb, _, what = tokenize(story.sentences[number])
        if what in PLACES:
            where[who] = what
        elif verb in (["dropped"], ["put", "down"]):
            where[what] = where.get(who)
            carrier.pop(what, None)
        else:
            carrier[what] = who
    asked = tokenize(story.question)[-2]
    return where.get(carrier.get(asked, asked))


@settings(deadline=None)  # the machine may be busy
@given(st.integers(0, 10_000), st.integers(1, 2), st.integers(2, 12))
def test_the_answer_follows_from_the_story_and_from_its_supporting_facts(seed, supporting, length):
    story = make_stories(1, length, supporting, seed)[0]
    everything = range(len(story.sentences))
    assert len(everything) == length
    assert story.answer in PLACES
    assert list(story.supporting) == sorted(set(story.supporting))
    assert len(story.supporting) == supporting
    assert solve(story, everything) == solve(story, story.supporting) == story.answer
    for needed in story.supporting:
        rest = [number for number in story.supporting if number != needed]
        assert solve(story, rest) is None


@settings(deadline=None)  # the machine may be busy
@given(st.integers(0, 1000))
def test_nobody_takes_what_another_has_or_what_lies_elsewhere(seed):
    for story in make_stories(3, 12, 2, seed):
        where, holder = {}, {}
        for sentence in story.sentences:
            who, *verb, _, what = tokenize(sentence)
            if what in PLACES:
                assert where.get(who) != what
                where[who] = what
            elif verb in (["dropped"], ["put", "down"]):
                assert holder.pop(what) == who
                where[what] = where.get(who)
            else:
                assert what not in holder
                if where.get(what) and where.get(who):
                    assert where[what] == where[who]
                holder[what] = who


def test_one_seed_gives_the_same_stories_and_a_generator_goes_on():
    assert make_stories(5, seed=1) == make_stories(5, seed=1)
    assert make_stories(5, seed=1) != make_stories(5, seed=2)
    rng = np.random.default_rng(1)
    assert make_stories(5, seed=rng) != make_stories(5, seed=rng)
    assert make_stories(0) == []


def test_stories_differ_in_length_within_the_limits():
    lengths = {len(story.sentences) for story in make_stories(200, (3, 6))}
    assert lengths == {3, 4, 5, 6}


def test_no_place_is_a_good_guess():
    for supporting in (1, 2):
        counts = Counter(story.answer for story in make_stories(2000, 8, supporting))
        assert max(counts.values()) < 0.22 * 2000


def test_everybody_and_everything_is_asked_for():
    asked = {tokenize(story.question)[-2] for n in (1, 2) for story in make_stories(300, 8, n)}
    assert asked == {name.lower() for name in AGENTS + OBJECTS}


def test_story_tokens_are_lower_case_words():
    story = make_stories(1, 1, 1, seed=0)[0]
    assert story.tokens == story.sentences[0].lower().rstrip(".").split()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, 6, 3), "supporting must be 1 or 2, got 3"),
        ((1, 1, 2), "num_facts must be at least 2.*got 1"),
        ((1, (5, 3)), r"in order, got \(5, 3\)"),
        ((-1,), "count must not be negative, got -1"),
    ],
)
def test_make_stories_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_stories(*arguments)
