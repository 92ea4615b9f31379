"""Readers as one tidy row per place, under the pseudonyms of the other tables."""

from radrate.exports.columns import READER_COLUMNS
from radrate.exports.streams import Export

READERS = Export(
    name="readers",
    columns=READER_COLUMNS,
    rows="radrate_studyreader reader",
    joins="""JOIN radrate_readerstudy study ON study.id = reader.study_id
LEFT JOIN radrate_readerprofile profile ON profile.study_reader_id = reader.id
LEFT JOIN LATERAL (
    SELECT text.version, consent.given_at, consent.language
    FROM radrate_consent consent JOIN radrate_consenttext text ON text.id = consent.consent_text_id
    WHERE consent.study_reader_id = reader.id ORDER BY text.version DESC LIMIT 1
) consent ON true
WHERE study.id = %s""",
    order="reader.id",
)
