"""SQL for tables that are only ever appended to."""

from django.db import migrations

FUNCTION = migrations.RunSQL(
    """
    CREATE FUNCTION radrate_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only: % is forbidden', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    """,
    "DROP FUNCTION radrate_append_only();",
)


def append_only(table: str) -> migrations.RunSQL:
    """Forbid UPDATE, DELETE and TRUNCATE on `table`, for superusers too."""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION radrate_append_only();
        CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION radrate_append_only();
        """,
        f"""
        DROP TRIGGER append_only_rows ON {table};
        DROP TRIGGER append_only_table ON {table};
        """,
    )
