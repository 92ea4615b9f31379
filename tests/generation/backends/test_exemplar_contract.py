"""The contract of backends, kept by the exemplar backend on phantoms."""

from PIL import Image

from generation.backends.base import Anatomy, Operation
from generation.backends.contract import BackendContract
from generation.backends.exemplar import ExemplarBackend
from tests.generation.backends.exemplars import film, guide

SIZE = (256, 384)


class OnPhantoms(BackendContract):
    def backend(self):
        return ExemplarBackend("exemplar", {})

    def sizes(self):
        return [SIZE]


class TestInpaintingOfAKnee(OnPhantoms):
    anatomy = Anatomy(body_part_examined="KNEE", view_position="AP")

    def offered(self):
        return [Operation.INPAINT]

    def source(self, size):
        return film("KNEE", "AP", 7).resize(size)

    def mask(self, size):
        mask = Image.new("L", size)
        mask.paste(255, (size[0] // 3, size[1] // 3, size[0] * 2 // 3, size[1] // 2))
        return mask

    def guides(self):
        return [guide(seed) for seed in (11, 12, 13)]


class TestOutpaintingIntoTheAir(OnPhantoms):
    anatomy = Anatomy(body_part_examined="HAND", view_position="PA")

    def offered(self):
        return [Operation.OUTPAINT]

    def source(self, size):
        hand = film("HAND", "PA", 7).resize((size[0] - 40, size[1] - 40))
        framed = Image.new("L", size, 6)
        framed.paste(hand, (40, 40))
        return framed
