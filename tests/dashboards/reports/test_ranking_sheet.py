from datetime import UTC, datetime

from dashboards.reports.ranking_sheet import ranking_sheet
from streams.contracts.ranking import Ranking, RankingRow
from streams.scoring.on_time import LimitWeights

RANKING = Ranking(
    board="org", period="2015-03", hall="pl", made_at=datetime(2015, 3, 31, 17, tzinfo=UTC),
    rows=(
        RankingRow(subject="hr", name="人社局", place=1, score=98.5, figures={"accepted": 7, "on_time_rate": 0.985}),
        RankingRow(subject="amr", name="市监局", place=None, score=None, figures={}),
    ),
)  # fmt: skip


def test_the_sheet_says_what_it_is_about_and_when_it_was_made_in_the_halls_zone() -> None:
    sheet = ranking_sheet(RANKING, "Asia/Shanghai", hall_name="平凉市政务大厅")
    assert sheet.title == "平凉市政务大厅部门办理时限排名 2015-03"
    assert any("2015-04-01 01:00" in note for note in sheet.notes)
    assert sheet.made_at == RANKING.made_at


def test_each_row_stands_under_its_headings() -> None:
    sheet = ranking_sheet(RANKING, "Asia/Shanghai")
    headings = [column.heading for column in sheet.columns]
    first, second = (dict(zip(headings, row, strict=True)) for row in sheet.rows)
    assert (first["名次"], first["编码"], first["部门"], first["得分"]) == (1, "hr", "人社局", 98.5)
    assert (first["受理量"], first["按时办结率"], first["红牌"]) == (7, 0.985, None)
    assert (second["名次"], second["得分"]) == (None, None)


def test_every_figure_is_defined_with_the_weights_that_were_used() -> None:
    weights = LimitWeights(yellow=0.25, minimum=12)
    for language in ("zh", "en"):
        columns = ranking_sheet(RANKING, "Asia/Shanghai", language, weights=weights).columns
        assert [column.heading for column in columns if not column.definition] == [
            columns[1].heading, columns[2].heading,
        ]  # fmt: skip
        said = " ".join(column.definition for column in columns)
        assert "0.25" in said
        assert "12" in said
        assert "{" not in said


def test_it_can_be_had_in_english() -> None:
    sheet = ranking_sheet(RANKING, "UTC", "en", hall_name="Pingliang")
    assert sheet.title == "Pingliang Department ranking by time limits 2015-03"
    assert "On-time rate" in [column.heading for column in sheet.columns]
    assert not any(
        "\u4e00" <= letter <= "\u9fff" for column in sheet.columns for letter in column.heading + column.definition
    )
