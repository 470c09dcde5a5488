"""`hallwatch confirm`: a supervisor confirms that what is proposed to be withdrawn was never true."""

from contextlib import closing
from typing import Annotated

import typer

from deploy.client import StackClient
from deploy.clock import wall_now_ms
from deploy.commands.options import Data, Lang, SettingsFile, settings_and_folder
from streams.contracts.alert import ConfirmWithdrawal
from streams.contracts.codec import encode, identity
from streams.contracts.errors import UnavailableError
from streams.contracts.instants import from_ms
from streams.contracts.words import Words


def confirm(
    finding_id: Annotated[str, typer.Argument(help="The finding, as it stands in the table `findings`.")],
    person: Annotated[str, typer.Option(help="Who confirms.")],
    why: Annotated[str, typer.Option(help="On what ground; kept with the decision.")] = "",
    lang: Lang = "zh",
    data: Data = None,
    settings_file: SettingsFile = None,
) -> None:
    """Withdraw a finding whose withdrawal is proposed, in the running stack: it counts nowhere from then on."""
    _, folder = settings_and_folder(settings_file, data)
    running = folder.running()
    if not running:
        zh = f"{folder.root} 上没有正在运行的实例，请先启动：hallwatch up"
        raise UnavailableError(f"no stack runs on {folder.root}: start it first, hallwatch up", zh=zh)
    command = ConfirmWithdrawal(
        command_id=identity("confirm", finding_id, person),
        alert_id=finding_id,
        person=person,
        given_at=from_ms(wall_now_ms()),
        why=why,
    )
    with closing(StackClient(running)) as client:
        client.post("/api/commands", encode(command))
    told = Words(f"{finding_id}：{person} 已确认撤回", f"{finding_id}: the withdrawal is confirmed by {person}")
    typer.echo(told.in_language(lang))
