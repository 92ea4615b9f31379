"""Studies of pairs become studies of one phase, their two images rows of a case."""

from django.db import migrations

PHASES = """
INSERT INTO radrate_phase (study_id, position, title, design, images, rubric_id, verdict_first,
  offers_both, offers_unsure, told, consent, allocation, anchors, repeats, minimum_lag, sessions,
  washout_days)
SELECT id, 1, '', 'pair', 2, rubric_id, false, false, false, '', '', 'crossed', 0, 0, 10, 1, 28
FROM radrate_readerstudy
"""
CASES = """
UPDATE radrate_case SET phase_id = phase.id
FROM radrate_phase phase WHERE phase.study_id = radrate_case.study_id
"""
IMAGES = """
INSERT INTO radrate_caseimage (case_id, number, radiograph_id, arm_id, is_reference)
SELECT id, 1, reference_id, NULL::bigint, true FROM radrate_case
UNION ALL SELECT id, 2, candidate_id, arm_id, false FROM radrate_case
"""
LAYOUTS = """
UPDATE radrate_assignment SET layout = CASE reference_side WHEN 'A' THEN '12' ELSE '21' END
"""


class Migration(migrations.Migration):
    dependencies = [("radrate", "0007_phases")]

    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (PHASES, CASES, IMAGES, LAYOUTS)
    ]
