"""Tables, charts, JSON and pages."""

from xml.etree import ElementTree

import pytest
from bench import charts, json_report, markdown, publishing, tables
from reports import report, rounds, work


def two_works():
    unsteady = rounds(9.0, factors=(0.5, 0.7, 0.9, 1, 1.1, 1.3, 1.5))
    return report(work(martlet=rounds(8.0), bjoern=rounds(10.0)), work("django", martlet=rounds(8.0), bjoern=unsteady))


def test_a_table_says_how_a_peer_relates_to_ours_or_that_it_is_unsure():
    hello, django = two_works().works
    assert tables.render_work(hello, "martlet", 0.1).splitlines()[-1].split()[-1] == "1.25"
    assert tables.render_work(django, "martlet", 0.1).splitlines()[-1].split()[-1] == "unsure"


def test_a_table_has_what_was_excluded_what_failed_and_who_disturbed():
    hello = work(martlet=rounds(8.0, other=20.0), bjoern=[*rounds(9.0)[:6], {}])
    hello.excluded["granian"] = "another body"
    hello.peers[1].failures.append("round 7: no answer")
    text = tables.render_work(hello, "martlet", 0.1)
    assert "excluded: granian: another body" in text
    assert "failed: bjoern: round 7: no answer" in text
    assert "disturbed: in 7 of 7 measurements" in text


def test_json_comes_back_as_it_was():
    before = two_works()
    after = json_report.parse(json_report.render(before, "martlet"))
    assert after == before


def test_json_has_no_relation_that_a_table_would_withhold():
    text = json_report.render(two_works(), "martlet")
    assert text.count('"relation": null') == 3  # ours to itself twice, and the unsteady one


def test_a_file_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "figures.json"
    path.write_text("earlier")
    json_report.save(two_works(), "martlet", path)
    assert json_report.parse(path.read_text()) == two_works()
    assert list(tmp_path.iterdir()) == [path]


def test_a_work_measured_again_takes_the_place_of_the_first():
    whole = two_works()
    whole.add(work(martlet=rounds(7.0)))
    assert [each.name for each in whole.works] == ["hello", "django"]
    assert len(whole.works[0].peers) == 1


def test_figures_of_two_machines_or_versions_do_not_mix():
    earlier, later = two_works(), two_works()
    later.machine["date"] = "2026-02-02"
    later.versions["granian"] = "granian 2"
    assert later.differs_from(earlier) is None
    later.versions["Python"] = "3.14"
    assert later.differs_from(earlier) == "another version: Python is 3.14, and was 3.11.2 (main)"


def test_what_is_continued_on_another_day_says_both():
    earlier, later = two_works(), two_works()
    assert earlier.continued(later).machine["date"] == "2026-01-01"
    later.machine["date"] = "2026-02-02"
    continued = earlier.continued(later)
    assert continued.machine["date"] == "2026-01-01 to 2026-02-02"
    later.machine["date"] = "2026-03-03"
    assert continued.continued(later).machine["date"] == "2026-01-01 to 2026-03-03"


def test_a_chart_is_xml_with_the_best_first_and_ours_marked():
    hello = work(martlet=rounds(8.0), bjoern=rounds(7.0), granian=rounds(9.0), floor=rounds(6.0))
    drawing = ElementTree.fromstring(charts.draw(hello, "martlet"))
    space = "{http://www.w3.org/2000/svg}"
    labels = [text.text for text in drawing.iter(f"{space}text") if text.get("text-anchor") == "end"]
    assert labels == ["floor", "bjoern", "martlet", "granian"]
    assert [bar.get("class") for bar in drawing.iter(f"{space}rect")] == ["bar beside", "bar", "bar ours", "bar"]


def test_a_chart_of_nothing_is_not_drawn():
    assert charts.draw(work(martlet=[{}]), "martlet") is None


def test_the_summary_sets_ours_beside_the_best_other():
    lines = markdown.summary(two_works(), "martlet", "charts", "page.md").splitlines()
    assert "| Title of hello | CPU time per request, µs | 8.00 | 10.00 | bjoern | 0.80 |" in lines
    assert "| Title of django | CPU time per request, µs | 8.00 | 9.00 | bjoern | unsure |" in lines
    assert "2026-01-01" in lines[-1]


def test_publishing_replaces_what_is_between_the_marks_and_nothing_else(tmp_path):
    (tmp_path / "docs").mkdir()
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{publishing.BEGIN}\nold\n{publishing.END}\nafter\n")
    for _ in range(2):
        publishing.publish(two_works(), tmp_path, "martlet")
    text = readme.read_text()
    assert text.startswith(f"before\n{publishing.BEGIN}\n## How fast it is\n")
    assert text.endswith(f"\n{publishing.END}\nafter\n")
    assert "old" not in text
    assert (tmp_path / "docs/charts/hello.svg").exists()
    assert "## Title of django" in (tmp_path / "docs/benchmarks.md").read_text()


def test_without_marks_nothing_is_written(tmp_path):
    (tmp_path / "README.md").write_text("no marks")
    with pytest.raises(SystemExit, match="has no lines"):
        publishing.publish(two_works(), tmp_path, "martlet")
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
