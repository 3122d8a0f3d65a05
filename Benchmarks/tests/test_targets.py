"""What a run says of a target."""

import pytest
from bench.figures import FIGURES
from bench.peers import PEERS
from bench.targets.rows import rows as rows_of
from bench.targets.table import TARGETS
from bench.targets.target import Form, least, more_than, most, ratio
from bench.targets.verdicts import State, judge
from bench.works import WORKS
from reports import report, rounds, work


def verdict(target, *works):
    [found] = judge([target], report(*works), "martlet")
    return found


def test_ours_is_compared_with_the_best_of_those_named():
    hello = work(martlet=rounds(8.0), bjoern=rounds(8.5), granian=rounds(12.0), waitress=rounds(2.0))
    found = verdict(ratio("hello", 1.0, "granian", "bjoern"), hello)
    assert (found.state, found.other) == (State.MET, "bjoern")
    assert found.value.median == pytest.approx(8.0 / 8.5)


def test_without_names_it_is_the_best_of_all_that_are_servers():
    hello = work(martlet=rounds(8.0), floor=rounds(7.0), bjoern=rounds(7.5), granian=rounds(12.0))
    found = verdict(ratio("hello", 1.0), hello)
    assert (found.state, found.other) == (State.MISSED, "bjoern")


def test_where_more_is_better_the_best_is_the_greatest():
    large = work("static-10m", martlet=rounds(500, "rate"), nginx=rounds(450, "rate"), peregrine=rounds(400, "rate"))
    found = verdict(ratio("static-10m", 1.0, figure="rate", is_most=False), large)
    assert (found.state, found.other) == (State.MET, "nginx")


def test_a_peer_whose_requests_fail_is_not_the_best():
    hello = work(martlet=rounds(8.0), bjoern=rounds(5.0, errors=3.0), granian=rounds(12.0, errors=0.0))
    assert verdict(ratio("hello", 1.0), hello).other == "granian"


def test_a_figure_of_ours_with_failed_requests_meets_nothing():
    hello = work(martlet=rounds(8.0, errors=3.0), bjoern=rounds(9.0))
    assert verdict(ratio("hello", 1.0), hello).state is State.UNSURE


def test_a_relation_whose_rounds_spread_beyond_the_bound_is_refused():
    hello = work(martlet=rounds(8.0, factors=(0.5, 0.7, 0.9, 1, 1.1, 1.3, 1.5)), bjoern=rounds(80.0))
    found = verdict(ratio("hello", 1.0), hello)
    assert found.state is State.UNSURE
    assert found.reason.startswith("rounds spread by ")
    [row] = rows_of([found], report(hello))
    assert row[-2] == "-"


def test_too_few_rounds_say_nothing():
    hello = work(martlet=rounds(8.0)[:4], bjoern=rounds(9.0)[:4])
    found = verdict(ratio("hello", 1.0), hello)
    assert (found.state, found.reason) == (State.UNSURE, "4 of at least 5 rounds")


@pytest.mark.parametrize(("ours", "state"), [(1.004, State.MET), (1.006, State.MISSED)])
def test_a_relation_is_judged_as_it_is_printed(ours, state):
    hello = work(martlet=rounds(ours), bjoern=rounds(1.0))
    assert verdict(ratio("hello", 1.0), hello).state is state


@pytest.mark.parametrize(("ours", "state"), [(8.4, State.MET), (8.6, State.MISSED)])
def test_a_difference_has_its_limit_in_the_unit_of_the_figure(ours, state):
    handler = work("handler", martlet=rounds(ours), floor=rounds(7.0))
    assert verdict(more_than("handler", 1.5, "floor", figure="cpu"), handler).state is state


def test_a_small_difference_of_steady_figures_is_no_unsteady_one():
    ours = [{"cpu": value} for value in (7.1, 7.2, 7.0, 7.15, 7.05, 7.1, 7.1)]
    handler = work("handler", martlet=ours, floor=rounds(7.0, factors=(1,) * 7))
    assert verdict(more_than("handler", 1.5, "floor", figure="cpu"), handler).state is State.MET


def test_a_value_may_spread_on_its_own_side_of_the_limit_and_not_across_it():
    wild = (0.5, 0.7, 0.9, 1, 1.1, 1.3, 1.5)
    files = work("files", figures=("p99",), martlet=rounds(1.0, "p99", wild))
    assert verdict(most("files", "p99", 2.0), files).state is State.MET
    assert verdict(most("files", "p99", 0.4), files).state is State.MISSED
    assert verdict(most("files", "p99", 1.2), files).state is State.UNSURE


def test_at_least():
    files = work("files", figures=("rate",), martlet=rounds(26_000, "rate"))
    assert verdict(least("files", "rate", 25_000), files).state is State.MET
    assert verdict(least("files", "rate", 27_000), files).state is State.MISSED


def test_what_was_not_measured_is_said_to_be_so():
    assert verdict(ratio("hello", 1.0)).state is State.UNMEASURED
    assert verdict(ratio("hello", 1.0), work(martlet=rounds(8.0))).state is State.UNMEASURED
    assert verdict(ratio("hello", 1.0), work(bjoern=rounds(8.0))).state is State.UNMEASURED
    half = [*rounds(8.0)[:3], {}, {}, {}, {}]
    assert verdict(ratio("hello", 1.0), work(martlet=half, bjoern=rounds(9.0))).state is State.UNMEASURED


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: f"{target.work}-{target.figure}-{target.limit}")
def test_each_target_is_of_a_work_that_measures_it_and_whom_it_names(target):
    measured = next(each for each in WORKS if each.name == target.work)
    assert target.figure in measured.figures
    assert target.figure in FIGURES
    assert not measured.is_extra
    assert "martlet" in measured.peers
    assert set(target.against) <= set(measured.peers)
    assert (target.form is Form.VALUE) <= (target.against == ())


@pytest.mark.parametrize("measured", WORKS, ids=lambda each: each.name)
def test_the_peers_of_each_work_are_able_to_do_it(measured):
    able = {peer.name for peer in PEERS if peer.is_able(measured.needs)}
    assert set(measured.peers) <= able
