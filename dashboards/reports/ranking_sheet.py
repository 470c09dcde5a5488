"""A ranking as a sheet to be handed out: Chinese by default, every figure with its definition (晒成绩单, PL-45)."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from dashboards.export import Cell, Column, Kind, Sheet
from streams.contracts.ranking import Ranking, RankingRow
from streams.contracts.words import Language
from streams.scoring.on_time import LimitWeights


class _Figure(NamedTuple):
    name: str
    kind: Kind
    zh: str
    en: str
    meaning_zh: str
    meaning_en: str


_FIGURES = (
    _Figure("accepted", "count", "受理量", "Accepted", "统计期内受理的办件数。", "Cases accepted in the period."),
    _Figure("finished", "count", "办结量", "Finished", "统计期内办结的办件数。", "Cases finished in the period."),
    _Figure(
        "judged", "count", "计入办结", "Judged",
        "统计期内结束且有时限结论的办件数；退件、作废、撤回等仅在已超期时计入。",
        "Cases that ended in the period with a verdict; those stopped without a finish only if already overdue.",
    ),
    _Figure("on_time", "count", "按时办结", "On time", "计入办结中未超期的办件数。", "Of the judged, those in time."),
    _Figure(
        "open_overdue", "count", "超期未结", "Open overdue",
        "期末仍未办结且已超期的办件数；每期均计入分母。",
        "Still open and overdue at the end of the period; in every period's denominator.",
    ),
    _Figure(
        "on_time_rate", "share", "按时办结率", "On-time rate",
        "按时办结 ÷（计入办结 + 超期未结）。",
        "On time ÷ (judged + open overdue).",
    ),
    _Figure(
        "early_rate", "share", "提前办结率", "Early rate",
        "统计期内办结时限至少剩余一个计时单位的办件占比。",
        "Share of the finished cases with at least one whole unit of their limit left.",
    ),
    _Figure(
        "used_share", "share", "平均用时占比", "Mean used share",
        "统计期内办结办件的已用时限 ÷ 时限的平均值。",
        "Mean of time used ÷ limit over the cases finished in the period.",
    ),
    _Figure(
        "yellow", "count", "黄牌", "Yellow cards",
        "最高级别为黄牌、且在统计期内达到该级别的监察发现数；已撤回、暂定的不计。",
        "Findings whose highest level is yellow, reached in the period; withdrawn and provisional ones not counted.",
    ),
    _Figure(
        "red", "count", "红牌", "Red cards",
        "最高级别为红牌、且在统计期内达到该级别的监察发现数；已撤回、暂定的不计。",
        "Findings whose highest level is red, reached in the period; withdrawn and provisional ones not counted.",
    ),
    _Figure(
        "deduction", "number", "扣分", "Deduction",
        "100 ×（黄牌 × {yellow:g} + 红牌 × {red:g}）÷（计入办结 + 超期未结）。",
        "100 × (yellow × {yellow:g} + red × {red:g}) ÷ (judged + open overdue).",
    ),
)  # fmt: skip
_BOARDS = {
    "org": ("部门", "Department"),
    "item": ("事项", "Item"),
    "window": ("窗口", "Window"),
    "staff": ("人员", "Person"),
}


def ranking_sheet(
    ranking: Ranking,
    zone: str,
    language: Language = "zh",
    hall_name: str = "",
    weights: LimitWeights | None = None,
) -> Sheet:
    """The sheet of a ranking; its instants are shown in the hall's zone. `weights` are those it was made with."""
    zh = language == "zh"
    weights = weights or LimitWeights()
    board = _BOARDS[ranking.board][0 if zh else 1]
    hall = hall_name or ranking.hall
    made = ranking.made_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    if zh:
        title = f"{hall}{board}办理时限排名 {ranking.period}"
        notes = (
            f"统计期：{ranking.period}",
            f"生成时间：{made}（{zone}）",
            "名次并列时下一名次顺延；办件不足者不排名。",
        )
    else:
        title = f"{hall} {board} ranking by time limits {ranking.period}".strip()
        notes = (
            f"Period: {ranking.period}",
            f"Made at {made} ({zone})",
            "Ties share a place; too few cases: no place.",
        )
    return Sheet(
        title=title,
        notes=notes,
        columns=_columns(board, zh, weights),
        rows=[_cells(row) for row in ranking.rows],
        made_at=ranking.made_at,
    )


def _columns(board: str, zh: bool, weights: LimitWeights) -> tuple[Column, ...]:
    minimum = weights.minimum
    place = (
        f"按得分从高到低；计入办结与超期未结合计不足 {minimum} 件的不排名。"
        if zh
        else f"By score, the highest first; fewer than {minimum} judged and open overdue cases: no place."
    )
    score = "100 × 按时办结率 − 扣分，最低 0 分。" if zh else "100 × on-time rate − deduction, at least 0."
    return (
        Column("名次" if zh else "Place", "count", place),
        Column("编码" if zh else "Code"),
        Column(board),
        Column("得分" if zh else "Score", "number", score),
        *(_column(figure, zh, weights) for figure in _FIGURES),
    )


def _column(figure: _Figure, zh: bool, weights: LimitWeights) -> Column:
    meaning = figure.meaning_zh if zh else figure.meaning_en
    return Column(figure.zh if zh else figure.en, figure.kind, meaning.format(yellow=weights.yellow, red=weights.red))


def _cells(row: RankingRow) -> list[Cell]:
    return [row.place, row.subject, row.name, row.score, *(row.figures.get(figure.name) for figure in _FIGURES)]
