"""The README is the contract for programs written against the simulator: nothing is missing."""

from __future__ import annotations

from pathlib import Path

import bot.simulator
from bot.simulator.bell import Bell
from bot.simulator.control import Control
from bot.simulator.methods import METHODS
from bot.simulator.world import World, standing_clock

FOLDER = Path(bot.simulator.__file__).parent
README = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_every_method_and_route_is_described() -> None:
    """Each method of the Bot API and each route of the control API stands in the README."""
    for method in METHODS:
        assert f"{method.name}," in README or f"{method.name}." in README, method.name
    for route in Control(World(), Bell()).routes():
        path = route.path.replace("{chat:int}", "{id}").replace("{message:int}", "{message_id}")
        path = path.replace("people/{id}", "people/77").removesuffix("/{file_id}")
        assert path in README, path


def test_every_member_of_the_view_is_described() -> None:
    """Each member of the chat as a person sees it stands in the README."""
    world = World(standing_clock)
    for name in world.view(world.add_person("Asha")):
        assert f'"{name}"' in README, name


def test_every_file_is_named() -> None:
    """The order of the files tells of each one."""
    order = README.partition("## Its files")[2]
    for path in FOLDER.glob("*.py"):
        assert path.stem == "__init__" or f"`{path.stem}`" in order, path.stem


def test_the_example_runs() -> None:
    """The Python example does what it says."""
    example = README.partition("```python\n")[2].partition("```")[0]
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - our own README
