"""What takes the place of a person: keyed digests that cannot be turned back without SECRET_KEY."""

from dataclasses import asdict, replace
from typing import Any

from django.utils.crypto import salted_hmac

from radrate.images.manifest import Manifest, ManifestRow

_KEY_LENGTH = 32


def subject_key(subject: str) -> str:
    """The pseudonym, 32 hexadecimal digits, of a person's identifier; of an unknown one, none."""
    subject = subject.strip()
    if not subject:
        return ""
    digest = salted_hmac("radrate.subject_key", subject, algorithm="sha256")
    return digest.hexdigest()[:_KEY_LENGTH]


def uid_salt() -> bytes:
    """32 bytes from which the UIDs of de-identified DICOM files are derived."""
    return salted_hmac("radrate.uid_salt", "", algorithm="sha256").digest()


def pseudonymised(manifest: Manifest) -> Manifest:
    """The same manifest with subject keys in place of subjects. Only this form is kept."""
    rows = {
        name: replace(row, subject=subject_key(row.subject)) for name, row in manifest.rows.items()
    }
    return replace(manifest, rows=rows)


def to_json(manifest: Manifest) -> dict[str, Any]:
    """Of a pseudonymised manifest."""
    rows = {name: asdict(row) for name, row in manifest.rows.items()}
    return {"rows": rows, "unknown_columns": list(manifest.unknown_columns)}


def from_json(stored: dict[str, Any]) -> Manifest:
    rows = {name: ManifestRow(**row) for name, row in stored.get("rows", {}).items()}
    return Manifest(rows=rows, unknown_columns=tuple(stored.get("unknown_columns", ())))
