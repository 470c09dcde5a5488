import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.command_line import app
from deploy.commands.import_file import report
from deploy.shipped import hall_folder
from streams.contracts.errors import UnreadableError
from streams.contracts.words import Words
from streams.intake.file_import import ImportResult
from streams.source import Rejection, line_place
from tests.deploy.running_hall import RunningHall, city_log, said

pytestmark = pytest.mark.usefixtures("logs")
COUNT = ("sql", "SELECT count() FROM case_events FINAL WHERE hall = 'boston'", "--format", "csv")


def test_a_file_is_imported_into_an_idle_folder(hall: RunningHall) -> None:
    assert hall.imported.stdout == "4 events of 2 cases taken in, 0 set aside\n"


def test_the_same_file_into_the_running_stack_changes_nothing_and_a_bad_row_is_told(
    hall: RunningHall, tmp_path: Path
) -> None:
    before = said(hall.folder, *COUNT)
    file = city_log(tmp_path, "3,sometime,,,ONTIME,Open,Sign Repair,Q,BTDT,S,R,Call")
    done = CliRunner().invoke(app, ["import", str(file), "--lang", "en", "--data", str(hall.folder)])
    assert done.exit_code == 1, done.exception
    assert "1 set aside: " in done.stdout
    assert done.stdout.endswith("4 events of 2 cases taken in, 1 set aside\n")
    assert said(hall.folder, *COUNT) == before
    letters = said(hall.folder, "sql", "SELECT place FROM dead_letters FINAL", "--format", "csv")
    assert f"{file.name}, line 4" in letters


def test_a_hall_that_is_not_in_force_in_the_running_stack_is_named(hall: RunningHall, tmp_path: Path) -> None:
    file = city_log(tmp_path)
    folder = shutil.copytree(hall_folder("boston"), tmp_path / "salem", ignore=shutil.ignore_patterns("sources"))
    told = folder / "hall.yaml"
    told.write_text(told.read_text(encoding="utf-8").replace("code: boston", "code: salem"), encoding="utf-8")
    words = ["import", str(file), "--hall", str(folder), "--data", str(hall.folder)]
    refused = CliRunner().invoke(app, words).exception
    assert isinstance(refused, UnreadableError)
    assert "hallwatch registry apply salem" in str(refused)


def test_what_was_set_aside_is_told_in_either_language_with_its_place_and_field() -> None:
    result = ImportResult(events=2, ends_ms={})
    year = UnreadableError("the year 1948 is not between 1990 and 2100", zh="年份 1948 不在 1990 至 2100 之间")
    for number in (4, 9):
        result.count_dead(Rejection(line_place(number), year.words, "opened"))
    result.broken = UnreadableError("the compressed file breaks off", zh="压缩文件在此中断", field="byte 70")
    assert list(report(result, "zh", stored=False)) == [
        "         2 条未接收：opened: 年份 1948 不在 1990 至 2100 之间（首个：第 4 行）",
        "  文件在此中断；数据完整时点不前移",
        "  存储没有应答：数据已保留，恢复后会写入",
        "接收 0 个办件的 2 个事件，2 条未接收",
    ]
    assert list(report(result, "en", stored=True)) == [
        "         2 set aside: opened: the year 1948 is not between 1990 and 2100 (first: line 4)",
        "  the file breaks off there; how far its feed is complete is not moved",
        "2 events of 0 cases taken in, 2 set aside",
    ]


def test_a_file_that_is_refused_whole_says_why_in_either_language() -> None:
    result = ImportResult(dead=1, broken=UnreadableError("the file is empty", zh="文件为空", field="header"))
    assert next(report(result, "zh", stored=True)) == "  文件未被接收：header: 文件为空"
    assert next(report(result, "en", stored=True)) == "  the file is refused: header: the file is empty"


def test_of_very_many_reasons_the_rest_is_counted() -> None:
    result = ImportResult(events=1)
    for number in range(12):
        result.count_dead(Rejection(line_place(number), Words(f"第{number}种", f"kind {number}")))
    assert list(report(result, "en", stored=True))[10] == "  and 2 more reasons"
