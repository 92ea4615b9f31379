"""The documents against the code: what they should name they name, what they link to exists."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern

from generation.backends import base
from generation.backends.base import SHARED_OPTIONS, GenerationRequest, Operation
from generation.backends.contract import BackendContract, Recorder
from generation.backends.contract.asking import Asking
from generation.backends.openai.dialects import DIALECTS, Dialect
from generation.backends.openai.options import NAMES
from generation.backends.phantom import DEFECTS, FINDINGS, PhantomBackend
from generation.backends.phantom.atlas import ATLAS
from generation.backends.phantom.prompt import plain
from generation.ledger import COLUMNS
from generation.presets import list_presets
from radrate.api.urls import urlpatterns

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *DOCS]
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def variables_of_settings() -> Iterator[str]:
    for node in ast.walk(ast.parse(read("radrate/settings.py"))):
        match node:
            case ast.Call(
                func=ast.Name(id="env") | ast.Attribute(value=ast.Name(id="env")),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name


def variables_of_compose() -> set[str]:
    """Those that Compose takes from `.env` or the shell; `$$` is Compose's escape."""
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", read("docker-compose.yml")))


def variables_of_make() -> set[str]:
    makefile = read("Makefile")
    exported = re.findall(r"^export (.+)$", makefile, re.MULTILINE)
    return {*" ".join(exported).split(), *re.findall(r"^([A-Z_]+) \?=", makefile, re.MULTILINE)}


def variables_of_commands() -> set[str]:
    reading = re.compile(r"os\.environ\.get\(\"([A-Z_]+)\"")
    files = [*(ROOT / "radrate" / "management").rglob("*.py"), ROOT / "tests" / "browser.py"]
    return {name for file in files for name in reading.findall(file.read_text(encoding="utf-8"))}


def commands() -> list[str]:
    found = [
        *(ROOT / "radrate" / "management" / "commands").glob("*.py"),
        *(ROOT / "generation" / "management" / "commands").glob("*.py"),
    ]
    return sorted(path.stem for path in found if path.stem != "__init__")


def first_cells(page: str) -> set[str]:
    """What stands in backticks in the first column of the page's tables; a * may follow it."""
    return set(re.findall(r"^\| `([^`]+)`(?: \*)? \|", read(page), re.MULTILINE))


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_search_for_variables_finds_them() -> None:
    names = set(variables_of_settings())
    assert {"SECRET_KEY", "DATABASE_URL", "EMAIL_URL", "IMAGE_BACKENDS_FILE"} <= names
    assert "ALLOWED_HOSTS" in variables_of_compose()
    assert {"PORT", "PYTHON"} <= variables_of_make()
    assert {"USERS_PASSWORD", "CHROMIUM"} <= variables_of_commands()


def test_settings_md_lists_exactly_the_variables_that_are_read() -> None:
    assert first_cells("docs/settings.md") == {
        *variables_of_settings(),
        *variables_of_compose(),
        *variables_of_make(),
        *variables_of_commands(),
    }


def test_the_example_names_exactly_what_compose_takes_from_it() -> None:
    named = set(re.findall(r"^([A-Z_]+)=", read(".env.example"), re.MULTILINE))
    assert named == variables_of_compose()


@pytest.mark.parametrize("alias", settings.IMAGE_BACKENDS)
def test_every_backend_has_a_section(alias: str) -> None:
    assert alias in anchors(ROOT / "docs" / "backends.md")


def section(page: str, title: str) -> str:
    """From a title to the next one of its level or above."""
    level = title.count("#")
    rest = read(page).partition(f"\n{title}\n")[2]
    assert rest, title
    return re.split(rf"^#{{1,{level}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def first_cells_of(text: str) -> set[str]:
    return set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


def test_backends_md_names_exactly_the_defects_and_findings_of_the_phantom() -> None:
    told = section("docs/backends.md", "## phantom")
    names = set(re.findall(r"^\| `([^`]+)`(?: \*)? \|", told, re.MULTILINE))
    places = {"defect_kind", "defect_bones", "defect_box", "defect_mask"}
    assert names - places == {*DEFECTS, *FINDINGS}


def test_backends_md_names_exactly_the_options_that_are_read_for_every_backend() -> None:
    assert first_cells_of(section("docs/backends.md", "## Options")) == SHARED_OPTIONS


def test_backends_md_names_exactly_the_options_of_openai() -> None:
    told = section("docs/backends.md", "## openai").partition("### Dialects")[0]
    assert first_cells_of(told) == set(NAMES)


def test_backends_md_names_exactly_the_dialects() -> None:
    assert first_cells_of(section("docs/backends.md", "### Dialects")) == set(DIALECTS)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_backends_md_tells_what_a_dialect_can(dialect: Dialect) -> None:
    rows = section("docs/backends.md", "### Dialects").splitlines()
    (row,) = (row for row in rows if row.startswith(f"| `{dialect.name}` |"))
    _start, _name, title, sizes, seed, negative, inpaints, params, _end = row.split("|")
    assert title.strip() == dialect.title
    assert seed.strip().startswith("yes" if dialect.seeded else "no")
    assert negative.strip().startswith("yes" if dialect.negative_prompt else "no")
    assert inpaints.strip().startswith("yes" if dialect.edits else "no")
    if params.strip() == "as OpenAI":
        assert dialect.params == DIALECTS["openai"].params
    else:
        assert set(re.findall(r"`([a-z_]+)`", params)) == dialect.params
    if sizes.strip() == "as OpenAI":
        assert dialect.sizes == DIALECTS["openai"].sizes
    elif dialect.sizes:
        told = re.findall(r"(\d+)x(\d+)", sizes)
        assert {(int(width), int(height)) for width, height in told} == set(dialect.sizes)
    else:
        numbers = [int(number) for number in re.findall(r"\d+", sizes)]
        assert numbers == [dialect.size_multiple, dialect.min_side, dialect.max_side]


@pytest.mark.parametrize("name", [*DEFECTS, *FINDINGS])
def test_backends_md_tells_where_it_can_be_shown_and_whether_it_has_a_strength(name: str) -> None:
    row = re.search(
        rf"^\| `{name}`( \*)? \|[^|]+\|([^|]+)\|$", read("docs/backends.md"), re.MULTILINE
    )
    assert row
    family = {**DEFECTS, **FINDINGS}[name]
    told = {part.strip().upper() for part in row[2].split(",")}
    every = {region for region, _view in ATLAS}
    assert (every if told == {"EVERY REGION"} else told) == family.regions
    assert name in FINDINGS or bool(row[1]) == family.graded


def test_backends_md_names_the_keys_of_the_known_answer() -> None:
    request = GenerationRequest("r", Operation.TEXT_TO_IMAGE, "knee, missing fibula", 1, 256, 256)
    made = PhantomBackend("phantom", {}).run(request, Recorder()).images[0]
    told = re.search(r"^\| key \| content \|\n(.*?)\n\n", read("docs/backends.md"), re.M | re.S)
    assert told
    keys = set(re.findall(r"`(defect\w*|finding|strength)`", told[1]))
    assert keys == {key for key in made.metadata if key.startswith("defect")} | {
        "finding",
        "strength",
    }


@pytest.mark.parametrize("region", sorted({region for region, _view in ATLAS}))
def test_backends_md_tells_the_views_of_a_region(region: str) -> None:
    row = re.search(
        rf"^\| {plain(region)} \|([^|]+)\|[^|]+\|$", read("docs/backends.md"), re.MULTILINE
    )
    assert row
    assert {view.strip().upper() for view in row[1].split(",")} == {
        view for known, view in ATLAS if known == region
    }


@pytest.fixture(scope="module")
def example() -> dict[str, type]:
    """What the code in the guide for authors defines."""
    blocks = re.findall(
        r"^```python\n(.*?)^```", read("docs/adding-a-backend.md"), re.MULTILINE | re.DOTALL
    )
    names: dict[str, type] = {}
    for block in blocks:
        exec(block, names)
    return names


def test_the_example_backend_works(example: dict[str, type]) -> None:
    backend = example["GreyBackend"]("grey", {})
    request = GenerationRequest(
        "r", Operation.TEXT_TO_IMAGE, "any", n=2, width=256, height=512, seeds=(7, 300)
    )
    context = Recorder()
    result = backend.run(request, context)
    assert [image.image.getpixel((9, 9)) for image in result.images] == [7, 44]
    assert result.images[0].image.size == (256, 512)
    assert context.fractions == [0.5, 1.0]


@pytest.mark.parametrize("name", [name for name in dir(BackendContract) if name[:5] == "test_"])
def test_the_example_backend_keeps_the_contract(example: dict[str, type], name: str) -> None:
    getattr(example["TestGrey"](), name)()


def test_the_guide_names_what_an_author_may_override() -> None:
    own = {name for name in vars(Asking) if not name.startswith("_")} - {"backend", "must_raise"}
    asked = {
        "capabilities",
        "offered",
        "enough",
        "request",
        "run",
        "result",
        "images",
        "must_raise",
    }
    table = section("docs/adding-a-backend.md", "## The contract")
    told = {name for row in re.findall(r"^\| (`.+?) \|", table, re.M) for name in row.split("`")}
    assert own - asked == told - {"", ", "}


def test_the_guide_names_every_error() -> None:
    told = first_cells_of(section("docs/adding-a-backend.md", "## Errors"))
    errors = {
        name
        for name, value in vars(base).items()
        if isinstance(value, type) and issubclass(value, base.BackendError)
    }
    assert told == errors - {"BackendError"}


@pytest.mark.parametrize("route", urlpatterns, ids=lambda route: route.name)
def test_every_route_is_in_api_md(route: URLPattern) -> None:
    path = re.sub(r"<\w+:(\w+)>", _placeholder, str(route.pattern))
    view = getattr(route.callback, "view_class", None)
    method = "GET" if hasattr(view, "get") else "POST"
    assert f"`{method} /api/v1/{path}`" in read("docs/api.md")


def _placeholder(found: re.Match[str]) -> str:
    return "{id}" if found[1].endswith("_id") else f"{{{found[1]}}}"


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_operating_md(command: str) -> None:
    assert re.search(rf"^\| `{command}\b", read("docs/operating.md"), re.MULTILINE)


def test_every_make_target_is_told() -> None:
    targets = re.findall(r"^([a-z-]+):.*##", read("Makefile"), re.MULTILINE)
    told = read("README.md") + read("CONTRIBUTING.md")
    missing = [name for name in targets if not re.search(rf"\bmake {name}(?![\w-])", told)]
    assert len(targets) > 5
    assert missing == []


def test_presets_named_in_commands_exist() -> None:
    told = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"run_campaign ([a-z][\w-]+)", told))
    assert named
    assert named <= {preset.name for preset in list_presets()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_something(page: Path) -> None:
    for target in LINK.findall(CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))):
        if target.startswith("https://"):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.is_file(), target
        if anchor:
            assert anchor in anchors(file), target


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_document_is_linked_from_the_readme(page: Path) -> None:
    assert f"](docs/{page.name})" in read("README.md")


def test_every_module_that_architecture_md_names_exists() -> None:
    dotted = re.findall(r"`((?:generation|[a-z]+)(?:\.[a-z_]+)+)`", read("docs/architecture.md"))
    names = [name for name in dotted if not name.endswith((".md", ".toml", ".py"))]
    assert len(names) > 5
    for name in names:
        room, module, *function = name.split(".")
        folder = ROOT / room if room == "generation" else ROOT / "radrate" / room
        source = (folder / f"{module}.py").read_text(encoding="utf-8")
        assert all(f"def {one}(" in source for one in function), name


def test_campaigns_md_names_exactly_the_columns_of_the_ledger_and_the_papers_presets() -> None:
    told = section("docs/campaigns.md", "## What it leaves behind")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", told, re.MULTILINE))
    assert rows == {column.name: str(column.meaning) for column in COLUMNS}
    presets = {preset.name for preset in list_presets() if preset.name.startswith("adams2023")}
    assert first_cells_of(section("docs/campaigns.md", "## Presets")) == presets
