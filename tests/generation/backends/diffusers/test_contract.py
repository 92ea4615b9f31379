"""The contract of backends, kept by diffusion models that fill and by one trained to."""

import pytest

from generation.backends.contract import BackendContract
from generation.backends.diffusers import DiffusersBackend

pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("ignore")]


class OnTinyModels(BackendContract):
    seed_tolerance = 1.0  # rounding within a batch

    @pytest.fixture(autouse=True)
    def _built(self, models):
        self.models = models

    def backend(self):
        model = str(self.models / self.name)
        return DiffusersBackend("sd", {"MODEL": model, "STEPS": 2, "DEVICE": "cpu"})


class TestPlainModel(OnTinyModels):
    name = "plain"


class TestInpaintingModel(OnTinyModels):
    name = "inpaint"
