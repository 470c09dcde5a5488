"""The example halls that are shipped: where they lie, and the mapping files that come with them."""

from pathlib import Path

import deploy
from streams.contracts.errors import UnreadableError

HALLS = Path(deploy.__file__).parent / "halls"
"""One folder a hall, as an office would edit it."""


def hall_folder(name_or_path: str) -> Path:
    """The folder of a shipped hall by its name, or a hall folder by its path.

    Raises:
        UnreadableError: there is neither.
    """
    for folder in (HALLS / name_or_path, Path(name_or_path)):
        if (folder / "hall.yaml").is_file():
            return folder
    shipped = ", ".join(sorted(folder.name for folder in HALLS.iterdir() if (folder / "hall.yaml").is_file()))
    zh = f"没有大厅 {name_or_path}：请给出含有 hall.yaml 的文件夹，或者 {shipped} 之一"
    raise UnreadableError(f"no hall {name_or_path!r}: give a folder with a hall.yaml, or one of {shipped}", zh=zh)


def mapping_folders(extra: Path | None = None) -> list[Path]:
    """Every folder that holds mapping files: those of the shipped halls, and one more."""
    folders = sorted(folder for folder in HALLS.glob("*/sources") if folder.is_dir())
    return [*folders, extra] if extra else folders
