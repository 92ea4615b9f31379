"""Whose rubric it is: shipped ones are everybody's to read, own ones their owner's alone."""

from typing import Any

import rules

from radrate.accounts.access import is_manager
from radrate.studies.rubrics.models import Rubric

READ, EDIT = "radrate.read_rubric", "radrate.edit_rubric"


@rules.predicate
def owns(user: Any, rubric: Rubric) -> bool:
    return rubric.owner_id is not None and rubric.owner_id == user.pk


@rules.predicate
def is_shipped(_user: Any, rubric: Rubric) -> bool:
    return rubric.owner_id is None and not rubric.is_verdict


rules.add_perm(READ, is_manager & (owns | is_shipped))
rules.add_perm(EDIT, is_manager & owns)
