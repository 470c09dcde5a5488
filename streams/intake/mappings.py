"""Reads mapping files and finds the one that fits a file."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path

import msgspec
import yaml

from streams.contracts.decoding_words import in_chinese
from streams.contracts.errors import UnreadableError
from streams.contracts.words import Words
from streams.source import Source, SourceMapping

_NONE_FITS = Words("没有适用的映射文件", "no mapping fits")


def load_mapping(path: Path, sources: Mapping[str, Source]) -> SourceMapping:
    """One mapping file (YAML), as the struct of the source that it names.

    Raises:
        UnreadableError: the file cannot be read, names no known source, or has a wrong or unknown key; names the file.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UnreadableError(str(error), zh=f"无法读取（{error}）", field=path.name) from error
    name = raw.get("source") if isinstance(raw, dict) else None
    source = sources.get(str(name))
    if source is None:
        there = ", ".join(sources)
        raise UnreadableError(
            f"source {name!r} is none of {there}", zh=f"没有来源 {name}；有：{there}", field=path.name
        )
    try:
        return msgspec.convert(raw, source.mapping_type)
    except msgspec.ValidationError as error:
        raise UnreadableError(str(error), zh=in_chinese(str(error)), field=path.name) from error


def load_mappings(folders: Iterable[Path], sources: Mapping[str, Source]) -> dict[str, SourceMapping]:
    """All mapping files (`*.yaml`) of some folders, by file name without its ending.

    Raises:
        UnreadableError: a file is wrong, or two have one name.
    """
    found: dict[str, SourceMapping] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            if path.stem in found:
                reason = "another folder has a mapping of this name"
                raise UnreadableError(reason, zh="另一个文件夹里有同名的映射", field=str(path))
            found[path.stem] = load_mapping(path, sources)
    return found


def choose_mapping(mappings: Mapping[str, SourceMapping], file_name: str, name: str = "") -> SourceMapping:
    """The mapping to read a file with: the one called `name`, else the only one (of source `name`) that matches.

    Raises:
        UnreadableError: none or several fit; says which there are.
    """
    if name in mappings:
        return mappings[name]
    fitting = {
        key: mapping
        for key, mapping in mappings.items()
        if name in ("", mapping.source) and any(fnmatch(file_name, pattern) for pattern in mapping.matches)
    }
    if len(fitting) == 1:
        return next(iter(fitting.values()))
    there, fit = ", ".join(sorted(mappings)), ", ".join(fitting)
    why = Words(f"不止一个映射适用：{fit}", f"more than one mapping fits: {fit}") if fit else _NONE_FITS
    zh = f"{why.zh}；现有：{there or '无'}"
    raise UnreadableError(f"{why.en}; there are {there or 'none'}", zh=zh, field=file_name)
