"""The order of a run, with peers and works that are none."""

from bench import runner
from bench.peers.peer import Peer
from bench.works.work import WrongAnswer


class Bench:
    seconds = 1.0


class Work:
    """Notes whom it measures; `wrong` and `failing` are names of peers."""

    name, title, figures = "hello", "Hello", ("cpu",)

    def __init__(self, wrong=(), failing=()):
        self.wrong, self.failing, self.order = wrong, failing, []

    def check(self, bench, peer):
        if peer.name in self.wrong:
            raise WrongAnswer("status 500 instead of 200")

    def measure(self, bench, peer):
        self.order.append(peer.name)
        if peer.name in self.failing:
            raise ValueError("nothing that can be read")
        return {"cpu": 1.0}


def run(work, rounds=3):
    peers = [Peer(name, commands=None, can=frozenset()) for name in "abc"]
    return runner.run(work, peers, Bench(), rounds)


def test_each_round_measures_all_and_begins_with_another():
    work = Work()
    run(work)
    assert "".join(work.order) == "abcbcacab"


def test_a_peer_with_a_wrong_answer_is_excluded_and_not_measured():
    work = Work(wrong="b")
    result = run(work, rounds=1)
    assert result.excluded == {"b": "status 500 instead of 200"}
    assert work.order == ["a", "c"]


def test_what_fails_in_a_round_is_noted_and_the_others_go_on():
    result = run(Work(failing="b"), rounds=2)
    assert [len(peer.rounds) for peer in result.peers] == [2, 2, 2]
    assert result.peers[1].rounds == [{}, {}]
    assert result.peers[1].failures[0] == "round 1: ValueError: nothing that can be read"
    assert result.peers[2].values("cpu") == [1.0, 1.0]
