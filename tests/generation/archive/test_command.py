"""import_archive, as an operator types it."""

import io

import pytest
from django.core.management import CommandError, call_command

from generation.archive.queries import campaigns_of
from generation.models import Campaign
from radrate.images.models import Batch
from tests.generation.archive.making import made, told, zipped

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> tuple[str, list[str]]:
    """What was written to stdout, and the lines about files on stderr."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_archive", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), [line for line in err.getvalue().splitlines() if ": " in line]


def test_each_file_that_is_not_taken_and_each_note_has_a_line(folder, manager):
    made(folder, "1.png", "extra.png")
    told(
        folder,
        "filename,prompt,operation,source",
        "1.png,a knee,inpaint,k.png",
        "2.png,a knee,inpaint,k.png",
    )
    out, lines = run(zipped(folder), "--title", "Knees [1]", "--user", "manager")
    assert lines == [
        "dalle2.zip/extra.png: not in the manifest",
        "2.png: the archive has no such file",
    ]
    campaign = Campaign.objects.get(title="Knees [1]", created_by=manager)
    assert out.splitlines() == [
        "dalle2.zip/1.png: the source “k.png” is no radiograph of the library",
        f"Knees [1]: 1 of 2 made, 1 failed. Campaign {campaign.pk}.",
        "1 wait in the review queue.",
    ]


def test_a_manifest_prompt_model_and_licence_may_be_given(folder, tmp_path):
    given = tmp_path / "other.csv"
    given.write_text("filename,prompt\n1.png,a hand\n")
    made(folder, "1.png", "2.png")
    run(folder, "--manifest", given, "--prompt", "a knee", "--model", "gan", "--licence", "CC0")
    images = Batch.objects.get().radiographs.order_by("source_name")
    told_ = [(i.provenance["prompt"], i.provenance["model"], i.licence) for i in images]
    assert told_ == [("a hand", "gan", "CC0"), ("a knee", "gan", "CC0")]


def test_the_second_time_it_names_the_first_and_says_how_to_do_it_even_so(folder):
    made(folder, "1.png")
    run(folder, "--prompt", "a knee", "--title", "Knees")
    with pytest.raises(CommandError, match=r"as “Knees”\. --again imports it once more"):
        run(folder, "--prompt", "a knee")
    run(folder, "--prompt", "a knee", "--again", "--reviewed")
    assert Campaign.objects.count() == 2


def test_what_was_interrupted_goes_on_with_the_command_that_is_told(folder, monkeypatch):
    made(folder, "1.png")

    def full(*args, **kwargs):
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("radrate.images.importer.store_file", full)
        with pytest.raises(CommandError) as caught:
            run(folder, "--prompt", "a knee")
    batch = Batch.objects.get()
    assert str(caught.value).endswith(f"manage.py import_archive {folder} --resume {batch.pk}")
    run(folder, "--resume", batch.pk)
    assert campaigns_of(batch).get().batch.made == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["nowhere", "--prompt", "x"], "no file or folder nowhere"),
        (["."], "no manifest"),
        ([".", "--prompt", "x"], "Nothing of this archive"),
        ([".", "--manifest", "gone.csv"], "cannot be read"),
        ([".", "--user", "nobody"], "no manager nobody"),
        ([".", "--resume", "7d0b1a3e-6d7c-4a5c-8b1a-0d5f6a7b8c9d"], "no import"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(folder, monkeypatch, options, message):
    monkeypatch.chdir(folder)
    with pytest.raises(CommandError, match=message):
        run(*options)
    assert not Campaign.objects.exists()
