import asyncio
import io
import shutil
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from deploy.embedded.data_folder import DataFolder
from deploy.importing import check_mapping, halls_in_force, import_job, with_bar
from deploy.shipped import hall_folder
from streams.contracts.errors import UnreadableError
from streams.intake.file_import import ImportResult, Progress
from streams.registry.loading import load_hall
from streams.source import SourceMapping


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "boston311-part.csv"
    file.write_text("CASE_ENQUIRY_ID,OPEN_DT\n", encoding="utf-8")
    return file


def test_the_mapping_names_the_hall_unless_the_caller_does(log: Path, tmp_path: Path) -> None:
    job, hall = import_job(log, DataFolder(tmp_path / "data"))
    assert (hall.hall.code, job.mapping.hall, job.zone.key) == ("boston", "boston", "America/New_York")
    copy = shutil.copytree(hall_folder("boston"), tmp_path / "hall")
    (copy / "hall.yaml").write_text(
        (copy / "hall.yaml").read_text().replace("code: boston", "code: harbour"), encoding="utf-8"
    )
    other, harbour = import_job(log, DataFolder(tmp_path / "data"), hall=str(copy))
    assert (harbour.hall.code, other.mapping.hall, other.feeds) == ("harbour", "harbour", {"harbour": ("boston311",)})


def test_a_mapping_whose_feed_the_hall_does_not_have_is_refused_before_anything_is_read(
    log: Path, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableError, match="'boston311' is no feed of hall 'wabo'; it has: receipt, permits"):
        import_job(log, DataFolder(tmp_path / "data"), hall=str(hall_folder("wabo")))


def test_a_hall_that_is_not_in_force_is_named_with_what_to_do() -> None:
    mapping = SourceMapping(source="csv_mapping", feed="boston311", hall="boston")
    with pytest.raises(
        UnreadableError, match="'boston' is not in force; apply it first: hallwatch registry apply boston"
    ):
        check_mapping(mapping, {"pingliang": ["approvals"]})
    check_mapping(mapping, {"boston": ["boston311"]})


def test_one_folder_masks_the_same_in_every_import_and_another_folder_differently(log: Path, tmp_path: Path) -> None:
    first, again = (import_job(log, DataFolder(tmp_path / "data"))[0].mask("Ann") for _ in range(2))
    assert first == again != import_job(log, DataFolder(tmp_path / "other"))[0].mask("Ann")


def test_a_file_that_is_not_there_or_that_no_mapping_fits_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"gone\.csv: no such file"):
        import_job(tmp_path / "gone.csv", DataFolder(tmp_path))
    (tmp_path / "odd.csv").touch()
    with pytest.raises(UnreadableError, match=r"odd\.csv: no mapping fits"):
        import_job(tmp_path / "odd.csv", DataFolder(tmp_path))


def test_the_bar_is_told_how_far_the_file_is_read(log: Path) -> None:
    shown = io.StringIO()

    async def run(progress: Progress) -> ImportResult:
        progress(12, 24)
        return ImportResult(events=3)

    console = Console(file=shown, force_terminal=True, width=120)
    assert asyncio.run(with_bar(run, log, console)).events == 3
    assert "12/24 bytes" in shown.getvalue()


def test_a_hall_in_force_is_found_by_its_code_and_not_replaced_by_its_folder(log: Path, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    assert halls_in_force(folder) == {}
    shipped = load_hall(hall_folder("boston"))
    now = replace(shipped, hall=msgspec.structs.replace(shipped.hall, name_zh="改过的大厅"))
    for named in ("boston", str(hall_folder("boston"))):
        assert import_job(log, folder, hall=named, in_force={"boston": now})[1] is now
    own = replace(shipped, hall=msgspec.structs.replace(shipped.hall, code="t5"))
    job, hall = import_job(log, folder, hall="t5", in_force={"t5": own})
    assert (hall.hall.code, job.mapping.hall) == ("t5", "t5")
