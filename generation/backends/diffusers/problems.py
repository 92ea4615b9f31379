"""What would stop a diffusers backend on this machine, in words, without importing torch."""

import importlib.util
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from generation.backends.diffusers import snapshot
from generation.backends.diffusers.options import Options

PACKAGES = ("torch", "diffusers", "transformers", "accelerate", "peft")
LONGEST_REASON = 300


def missing_packages() -> list[str]:
    """Those of the extra that are not installed here."""
    return [name for name in PACKAGES if importlib.util.find_spec(name) is None]


def versions() -> str:
    """The releases that decide about the pixels, in words."""
    return ", ".join(f"{name} {_version(name)}" for name in ("diffusers", "torch"))


def words(error: BaseException) -> str:
    """An error of the libraries on one line, cut where it becomes a report."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST_REASON]


def find_problems(options: Options) -> list[str]:
    """Of the installation, the model's files and the names in the options."""
    missing = missing_packages()
    if missing:
        installed = [
            f"Not installed here: {', '.join(missing)}. Only a worker that has RadRate's extra "
            "“diffusers” can run its jobs."
        ]
    else:
        installed = _names(options)
    return [*installed, *_model(options), *_lora(options)]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _names(options: Options) -> list[str]:
    """Names that diffusers does not export. Its index of names is read as text."""
    spec = importlib.util.find_spec("diffusers")
    if spec is None or spec.origin is None:
        return []
    known = set(re.findall(r'"([A-Z]\w+)"', Path(spec.origin).read_text(encoding="utf-8")))
    asked = {"PIPELINE_CLASS": options.pipeline_class, "SCHEDULER": options.scheduler}
    return [
        f"{option}: diffusers {_version('diffusers')} has no {name}."
        for option, name in asked.items()
        if name and name not in known
    ]


def _model(options: Options) -> list[str]:
    """Why the model's files are not there or not what diffusers loads."""
    found = snapshot.find(options)
    if found is not None:
        return _index(found, options)
    if not options.model.startswith("/"):
        return _hub(options)
    path = Path(options.model)
    if path.is_file():
        return [f"MODEL: {path} is a file; diffusers needs a folder with {snapshot.INDEX}."]
    if not path.is_dir():
        return [f"MODEL: there is no folder {path}."]
    return [f"MODEL: the folder {path} has no {snapshot.INDEX}."]


def _hub(options: Options) -> list[str]:
    """A hub id whose files are not here is a problem if they may not be fetched."""
    if not options.model or options.hub or missing_packages():
        return []
    return [
        f"MODEL: {options.model} is not on this machine, and HUB does not allow to download it."
    ]


def _index(found: snapshot.Snapshot, options: Options) -> list[str]:
    if options.pipeline_class or found.class_name():
        return []
    return [
        f"MODEL: {snapshot.INDEX} names no pipeline class of diffusers; code that comes with a "
        "model is not run. PIPELINE_CLASS may name one."
    ]


def _lora(options: Options) -> list[str]:
    if not options.lora or snapshot.lora_file(options) is not None:
        return []
    if not Path(options.lora).exists():
        return [f"LORA: there is no {options.lora}."]
    name = options.lora_weight_name
    what = f"no {name}" if name else "not one .safetensors file; LORA_WEIGHT_NAME names the one"
    return [f"LORA: in {options.lora} there is {what}."]
