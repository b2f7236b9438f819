"""No hostile submission gains a point, stops the batch, or touches a neighbour or the outside."""

import csv
import json
import re

import pytest

from seqkit import ROOT
from seqkit.course.catalogue import Catalogue

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(3600)]

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def entries():
    return Catalogue().lesson("1").entries


def points(report):
    return {exercise.id: exercise.points for exercise in report.exercises}


def most(entry, visible_only=False):
    checks = [c for c in entry.checks if not (visible_only and c.hidden)]
    return round(sum(check.points for check in checks), 6)


def everything(graded):
    """Return the text of every file that grading wrote."""
    return {path: path.read_text("utf-8") for path in graded.out.rglob("*") if path.is_file()}


def test_attacks_what_is_there(attack):
    """An attack on what has moved elsewhere would be none."""
    text = "\n".join(source for _, source in attack.cells)
    named = re.findall(r"(?:@ROOT@|/course)/((?:seqkit|tests)/[\w/.]+)", text)
    named += [name.replace(".", "/") for name in re.findall(r"\bseqkit(?:\.\w+)+", text)]
    gone = [n for n in named if not ((ROOT / n).exists() or (ROOT / f"{n}.py").exists())]
    assert not gone


def test_earns_no_point_it_did_not_earn(attack, graded, entries):
    allowed = {id: most(entries[id]) for id in (*attack.honest, *attack.perhaps)}
    allowed |= {id: most(entries[id], visible_only=True) for id in attack.visible}
    for report in graded.of(attack):
        too_much = {
            id: got for id, got in points(report).items() if got > allowed.get(id, 0.0) + 1e-9
        }
        assert not too_much, f"{attack.tries}: got {too_much}"
        assert report.total == pytest.approx(sum(points(report).values()))
        assert report.total <= sum(allowed.values()) + 1e-9


def test_gets_its_own_report_with_an_honest_status(attack, graded):
    reports = graded.of(attack)
    assert len(reports) == attack.reports
    for report in reports:
        assert report.status in attack.statuses, report.reason
        assert report.reason or report.status == "graded"


def test_keeps_the_points_of_its_honest_part(attack, graded, entries):
    for report in graded.of(attack):
        for id in attack.honest:
            assert points(report)[id] == most(entries[id]), (id, report.reason, report.notes)


def test_no_attack_takes_for_ever(attack, graded):
    seconds = sum(report.seconds for report in graded.of(attack))
    assert seconds < 600  # it may take 60; how much longer a busy machine needs is not asked here


def test_takes_no_classmates_place(attack, graded, entries):
    if attack.victim:
        (report,) = [r for r in graded.reports if attack.victim in r.submission.file]
        assert report.counts and report.status == "graded"
        assert report.total == sum(most(entries[id]) for id in ("1.1", "1.7", "1.9"))


def test_every_neighbour_has_the_report_it_has_alone(graded):
    together = {r.submission.file: r.without_times() for r in graded.reports}
    assert len(graded.alone) > 5
    for report in graded.alone:
        assert report.status == "graded" and report.total > 5
        assert together[report.submission.file] == report.without_times()


def test_the_batch_is_done(graded):
    written = sorted((graded.out / "reports").glob("*.json"))
    assert len(written) == len(graded.reports)
    assert json.loads((graded.out / "summary.json").read_text())["submissions"] == len(written)
    rows = list(csv.DictReader((graded.out / "grades.csv").open(encoding="utf-8")))
    assert len(rows) == len(written)
    assert not [path for path in graded.out.rglob(".*") if path.name != ".lock"]


def test_nothing_outside_is_touched(graded):
    assert graded.canaries.state() == graded.canaries.before


def test_no_socket_outside_is_reached(graded):
    assert graded.canaries.heard() == []
    assert graded.watch.names == set(), "a name in the host's network namespace"


def test_nothing_is_left_behind(graded):
    assert graded.canaries.left_behind() == []


def test_the_grader_loses_no_descriptor_and_stays_small(graded):
    assert graded.watch.descriptors[-1] <= graded.before["descriptors"] + 12
    assert max(graded.watch.descriptors) <= graded.before["descriptors"] + 60
    assert graded.watch.largest < 1.5 * 2**30


def test_secrets_and_hidden_inputs_stay(graded):
    for path, text in everything(graded).items():
        assert graded.canaries.secret not in text, path
        assert f"told-{graded.canaries.token}" not in text, path


def test_what_is_written_can_be_shown_anywhere(graded):
    for path, text in everything(graded).items():
        assert not CONTROL.search(text), path
        assert len(text) < 300_000, path
    rows = csv.reader((graded.out / "grades.csv").open(encoding="utf-8"))
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "-", "\t")]


def test_there_are_enough_attacks_with_an_idea_each(attacks):
    """A folder that is not found, or a source that is copied, would go unnoticed."""
    ideas = [attack.tries for attack in attacks]
    assert len(ideas) >= 120
    assert len(set(ideas)) == len(ideas)
    assert all(len(idea) > 10 for idea in ideas)
