"""What the system check says of a diffusers backend. Nothing here needs torch."""

import importlib.util
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from django.core.checks import run_checks

from generation.backends import registry
from generation.backends.base import Misconfigured
from generation.backends.diffusers import DiffusersBackend, problems
from tests.generation.backends.diffusers.asking import Context, request

ROOT = Path(__file__).resolve().parents[4]
PATH = "generation.backends.diffusers.DiffusersBackend"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "model_index.json").write_text('{"_class_name": "StableDiffusionPipeline"}')
    return tmp_path


@pytest.fixture
def installed(monkeypatch, tmp_path_factory):
    """As if the extra were installed, with an index of diffusers that has two names."""
    index = tmp_path_factory.mktemp("diffusers") / "__init__.py"
    index.write_text('_structure = ["FluxFillPipeline", "DDIMScheduler"]')
    spec = ModuleSpec("diffusers", None, origin=str(index))
    monkeypatch.setattr(problems, "missing_packages", list)
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: spec if name == "diffusers" else None
    )


@pytest.fixture
def absent(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)


def check(folder, **options):
    return DiffusersBackend("a", {"MODEL": str(folder), **options}).check()


def test_a_folder_with_an_index_is_ready(installed, folder):
    assert check(folder) == []


def test_the_extra_that_is_not_installed_is_named(absent, folder):
    assert check(folder) == [
        "Not installed here: torch, diffusers, transformers, accelerate, peft. Only a worker that "
        "has RadRate's extra “diffusers” can run its jobs."
    ]


def test_a_model_that_is_not_there_is_told(installed, tmp_path):
    assert check(tmp_path / "no") == [f"MODEL: there is no folder {tmp_path / 'no'}."]
    assert check(tmp_path) == [f"MODEL: the folder {tmp_path} has no model_index.json."]
    file = tmp_path / "knees.safetensors"
    file.write_bytes(b"")
    assert check(file) == [
        f"MODEL: {file} is a file; diffusers needs a folder with model_index.json."
    ]


def test_a_model_of_the_hub_needs_to_be_here_or_allowed_to_come(installed):
    assert check("owner/knees") == [
        "MODEL: owner/knees is not on this machine, and HUB does not allow to download it."
    ]
    assert check("owner/knees", HUB=True) == []


def test_code_that_comes_with_a_model_is_not_run(installed, folder):
    (folder / "model_index.json").write_text('{"_class_name": ["own", "OwnPipeline"]}')
    (problem,) = check(folder)
    assert problem.startswith("MODEL: model_index.json names no pipeline class of diffusers; code")
    assert check(folder, PIPELINE_CLASS="FluxFillPipeline") == []


def test_names_that_diffusers_does_not_have_are_told(installed, folder, monkeypatch):
    monkeypatch.setattr(problems, "_version", lambda name: "0.42.1")
    assert check(folder, PIPELINE_CLASS="FluxFillPipeline", SCHEDULER="DDIMScheduler") == []
    assert check(folder, PIPELINE_CLASS="FluxFulPipeline", SCHEDULER="DimScheduler") == [
        "PIPELINE_CLASS: diffusers 0.42.1 has no FluxFulPipeline.",
        "SCHEDULER: diffusers 0.42.1 has no DimScheduler.",
    ]


def test_a_lora_that_is_not_there_or_not_clear_is_told(installed, folder, tmp_path_factory):
    loras = tmp_path_factory.mktemp("loras")
    assert check(folder, LORA=f"{loras}/no.safetensors") == [
        f"LORA: there is no {loras}/no.safetensors."
    ]
    assert check(folder, LORA=str(loras)) == [
        f"LORA: in {loras} there is not one .safetensors file; LORA_WEIGHT_NAME names the one."
    ]
    assert check(folder, LORA=str(loras), LORA_WEIGHT_NAME="a.safetensors") == [
        f"LORA: in {loras} there is no a.safetensors."
    ]


def test_everything_that_is_wrong_is_told_at_once(installed, tmp_path):
    assert check(tmp_path, DTYPE="int8", STEP=1)[1:] == [
        "DTYPE must be one of float32, float16, bfloat16.",
        f"MODEL: the folder {tmp_path} has no model_index.json.",
    ]


def test_the_system_check_warns_and_the_site_starts_all_the_same(absent, settings, tmp_path):
    settings.IMAGE_BACKENDS = {
        "sd": {"BACKEND": PATH, "OPTIONS": {"MODEL": str(tmp_path), "DEVICE": "gpu"}}
    }
    told = [(message.id, message.msg) for message in run_checks()]
    assert ("generation.W001", "DEVICE must be cpu, cuda, cuda:0, mps or xpu.") in told
    assert [words for _id, words in told] == registry.problems("sd")


def test_constructing_and_checking_import_no_torch(folder):
    script = (
        "import sys\n"
        f"from {PATH.rpartition('.')[0]} import DiffusersBackend\n"
        f"options = {{'MODEL': {str(folder)!r}, 'SCHEDULER': 'XScheduler'}}\n"
        "backend = DiffusersBackend('a', options)\n"
        "backend.check(), backend.capabilities()\n"
        "print(*sorted({'torch', 'diffusers', 'transformers'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_a_backend_that_could_not_load_can_be_closed(absent, folder):
    backend = DiffusersBackend("a", {"MODEL": str(folder)})
    with pytest.raises(Misconfigured, match="Not installed here: torch"):
        backend.run(request(), Context())
    backend.close()
    backend.close()


def test_an_error_is_told_on_one_line():
    assert problems.words(ValueError("a\n  b")) == "ValueError: a b"
    assert len(problems.words(ValueError("x" * 999))) == 300
