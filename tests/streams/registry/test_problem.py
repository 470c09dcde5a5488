from streams.registry.problem import Notes, Problem


def test_a_problem_tells_its_place_in_both_languages() -> None:
    problem = Problem(file="orgs.csv", line=3, field="hours", reason_zh="没有", reason_en="none")
    assert problem.text() == "orgs.csv:3 hours: 没有"
    assert problem.text("en") == "orgs.csv:3 hours: none"


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    assert Problem(file="a.csv", line=0, field="", reason_zh="空", reason_en="empty").text("en") == "a.csv empty"


def test_notes_keep_the_file_of_every_problem() -> None:
    notes = Notes("a.csv")
    notes.add(1, "b", "错", "wrong")
    assert [(problem.file, problem.line) for problem in notes.problems] == [("a.csv", 1)]
