"""A design's own questions are marked and offer options; what is frozen cannot be changed."""

from django.db import migrations, models

OPTIONS = """
UPDATE radrate_criterion SET anchors = '{}', options = (
  SELECT coalesce(
    jsonb_agg(jsonb_build_object('value', key::int, 'label', value) ORDER BY key::int), '[]')
  FROM jsonb_each_text(anchors))
WHERE kind IN ('side', 'verdict')
"""
PLACES = "UPDATE radrate_criterion SET per_image = true WHERE kind = 'place'"
VERDICTS = "UPDATE radrate_rubric SET is_verdict = true WHERE name LIKE 'verdict-%'"
TITLES = "UPDATE radrate_rubric SET title = name WHERE title = ''"


class Migration(migrations.Migration):
    dependencies = [("radrate", "0010_rubric_kinds")]

    operations = [
        *(
            migrations.RunSQL(statement, migrations.RunSQL.noop)
            for statement in (OPTIONS, PLACES, VERDICTS, TITLES)
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "place"), _negated=True), ("per_image", True), _connector="OR"
                ),
                name="place_lies_on_an_image",
            ),
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION radrate_frozen_rubric() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE touched bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.rubric_id
                                                 ELSE OLD.rubric_id END;
            BEGIN
                IF EXISTS (SELECT 1 FROM radrate_rubric WHERE id = touched AND frozen) THEN
                    RAISE EXCEPTION 'rubric % is frozen: % of % is forbidden',
                        touched, TG_OP, TG_TABLE_NAME
                        USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
            END $$;
            CREATE TRIGGER frozen_rubric BEFORE INSERT OR UPDATE OR DELETE ON radrate_criterion
                FOR EACH ROW EXECUTE FUNCTION radrate_frozen_rubric();
            CREATE TRIGGER frozen_rubric BEFORE INSERT OR UPDATE OR DELETE ON radrate_defecttag
                FOR EACH ROW EXECUTE FUNCTION radrate_frozen_rubric();
            """,
            """
            DROP TRIGGER frozen_rubric ON radrate_criterion;
            DROP TRIGGER frozen_rubric ON radrate_defecttag;
            DROP FUNCTION radrate_frozen_rubric();
            """,
        ),
    ]
