from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, also inside ES modules' import statements."""

    support_js_module_import_aggregation = True
