"""What the decoder says of a message that does not fit its contract, in Chinese."""

import re

_NAMES = {
    "str": "文字",
    "int": "整数",
    "float": "数",
    "bool": "true 或 false",
    "null": "空",
    "object": "对象",
    "array": "数组",
    "datetime": "时刻",
    "date": "日期",
    "bytes": "字节",
}
_SAID: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), zh)
    for pattern, zh in (
        (r"Expected `datetime` with a timezone component", "须为带时差的时刻，例如 2026-11-23T09:00:00+08:00"),
        (r"Invalid RFC3339 encoded datetime", "不是时刻，写法如 2026-11-23T09:00:00+08:00"),
        (r"Expected `(?P<wanted>[^`]+)`, got `(?P<found>[^`]+)`", "须为{wanted}，实为{found}"),
        (r"Expected `(?P<wanted>[^`]+)`(?P<rest>.*)", "须为{wanted}{rest}"),
        (r"Object missing required field `(?P<name>[^`]+)`", "缺少必填字段 {name}"),
        (r"Object contains unknown field `(?P<name>[^`]+)`", "未知字段 {name}"),
        (r"Invalid (?:enum )?value (?P<name>.+)", "不允许的值 {name}"),
        (r"Input data was truncated", "内容不完整，中途断开"),
        (r"JSON is malformed: (?P<rest>.*)", "不是合法的 JSON（{rest}）"),
    )
)


def in_chinese(reason: str) -> str:
    """A reason of the decoder in Chinese; what it says in other words is kept beside a Chinese beginning."""
    for pattern, zh in _SAID:
        if found := pattern.fullmatch(reason):
            parts = found.groupdict()
            for key in ("wanted", "found"):
                if key in parts:
                    parts[key] = "或".join(_NAMES.get(name, name) for name in parts[key].split(" | "))
            return zh.format(**parts)
    return f"无法读取（{reason}）"
