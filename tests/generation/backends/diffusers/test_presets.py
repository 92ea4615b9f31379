"""The paper's experiments on a diffusion model: the first four presets, small, from plan to end."""

import pytest

from generation import queries
from generation.models import Campaign
from generation.planning import plan_campaign
from generation.presets import load_preset
from generation.states import move_campaign
from tests.factories.images import make_radiograph
from tests.generation.backends.diffusers.asking import SIDE
from tests.generation.campaigns import run_all, states_of

pytestmark = [pytest.mark.long, pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]
FIRST_FOUR = {
    "adams2023-text-to-image": 8,
    "adams2023-modalities": 24,
    "adams2023-inpainting": 7,
    "adams2023-outpainting": 30,
}


@pytest.fixture
def library():
    """A film of each body part and view that the presets edit."""
    for preset in FIRST_FOUR:
        for wanted in {
            target.name: target.wanted for target in load_preset(preset).targets
        }.values():
            make_radiograph(**({"view_position": "AP"} | wanted))


@pytest.mark.parametrize(("name", "rows"), FIRST_FOUR.items())
def test_every_row_of_the_preset_ends_with_an_image(models, settings, library, name, rows):
    settings.IMAGE_BACKENDS = {
        "sd": {
            "BACKEND": "generation.backends.diffusers.DiffusersBackend",
            "OPTIONS": {"MODEL": str(models / "plain"), "STEPS": 2, "DEVICE": "cpu"},
        }
    }
    preset = load_preset(name)
    campaign = plan_campaign(
        actor=None,
        title=name,
        backend="sd",
        operation=preset.operation,
        prompts=preset.prompts,
        targets=preset.targets,
        n=1,
        width=SIDE,
        height=SIDE,
        seed=1,
    )
    assert campaign.left_out == []
    move_campaign(campaign, Campaign.State.RUNNING)
    run_all(campaign)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.FINISHED
    assert states_of(campaign) == ["succeeded"] * rows
    assert queries.count(campaign).made == rows
