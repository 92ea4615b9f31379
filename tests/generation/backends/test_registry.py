"""Backends by alias, and what a wrong setting says."""

import pytest
from django.core.checks import run_checks

from generation.backends import registry
from generation.backends.base import Misconfigured
from generation.checks import check_backends
from tests.generation.scripted import ScriptedBackend

SCRIPTED = "tests.generation.scripted.ScriptedBackend"


def test_a_backend_is_built_once_with_its_options(settings):
    settings.IMAGE_BACKENDS = {"a": {"BACKEND": SCRIPTED, "OPTIONS": {"SECONDS": 2}}}
    backend = registry.get_backend("a")
    assert isinstance(backend, ScriptedBackend)
    assert (backend.alias, backend.options) == ("a", {"SECONDS": 2})
    assert registry.get_backend("a") is backend


def test_changed_settings_give_another_backend(settings):
    settings.IMAGE_BACKENDS = {"a": {"BACKEND": SCRIPTED}}
    first = registry.get_backend("a")
    settings.IMAGE_BACKENDS = {"a": {"BACKEND": SCRIPTED, "OPTIONS": {"SECONDS": 1}}}
    assert registry.get_backend("a") is not first


def test_each_backend_has_its_queue_and_its_lease(settings):
    settings.IMAGE_BACKENDS = {
        "a": {"BACKEND": SCRIPTED, "OPTIONS": {"QUEUE": "gpu", "LEASE_SECONDS": 900}},
        "b": {"BACKEND": SCRIPTED},
    }
    assert registry.available() == ["a", "b"]
    assert [registry.queue_for(alias) for alias in "ab"] == ["gpu", "default"]
    assert [registry.limits(alias).lease_seconds for alias in "ab"] == [900, registry.LEASE_SECONDS]


@pytest.mark.parametrize("seconds", ["soon", 0, -1, None])
def test_a_lease_must_be_a_number_above_0(settings, seconds):
    settings.IMAGE_BACKENDS = {"a": {"BACKEND": SCRIPTED, "OPTIONS": {"LEASE_SECONDS": seconds}}}
    with pytest.raises(Misconfigured, match="LEASE_SECONDS of the backend “a”"):
        registry.limits("a")


@pytest.mark.parametrize(
    ("configuration", "words"),
    [
        ({"BACKEND": "nowhere.Backend"}, "ModuleNotFoundError: No module named 'nowhere'"),
        ({"BACKEND": "generation.backends.base.Nothing"}, "ImportError: "),
        ({"BACKEND": "generation.models.Campaign"}, "it is not an ImageBackend"),
        ({}, "ImportError: "),
        ({"BACKEND": "tests.generation.scripted.UnbuildableBackend"}, "MODEL is required"),
    ],
)
def test_a_backend_that_cannot_be_built_is_told_in_words_and_by_the_system_check(
    settings, configuration, words
):
    settings.IMAGE_BACKENDS = {"a": configuration}
    with pytest.raises(Misconfigured, match="The backend “a” ") as caught:
        registry.get_backend("a")
    assert words in caught.value.public_message
    assert registry.problems("a") == [caught.value.public_message]
    found = check_backends()
    assert [(message.id, message.msg) for message in found] == [
        ("generation.E001", caught.value.public_message)
    ]


def test_an_unknown_alias_names_those_that_are_known(settings):
    settings.IMAGE_BACKENDS = {"a": {"BACKEND": SCRIPTED}}
    for ask in (registry.get_backend, registry.queue_for, registry.limits):
        with pytest.raises(Misconfigured, match="no backend “b” in IMAGE_BACKENDS; it has: a"):
            ask("b")


def test_a_backend_that_is_not_ready_warns(settings):
    settings.IMAGE_BACKENDS = {"a": {"BACKEND": "tests.generation.scripted.UnreadyBackend"}}
    assert [(m.id, m.msg) for m in check_backends()] == [("generation.W001", "the key is missing")]


def test_health_is_the_check_where_a_backend_knows_no_more(settings):
    settings.IMAGE_BACKENDS = {
        "a": {"BACKEND": "tests.generation.scripted.UnreadyBackend"},
        "b": {"BACKEND": "nowhere.Backend"},
    }
    assert registry.health("a") == registry.problems("a") == ["the key is missing"]
    assert registry.health("b") == registry.problems("b")


def test_the_check_is_registered_and_the_shipped_settings_pass(settings):
    settings.IMAGE_BACKENDS = {"broken": {"BACKEND": "nowhere.Backend"}}
    assert "generation.E001" in {message.id for message in run_checks()}
