from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from radrate.studies.invitations.addresses import MOST, entries


class InviteForm(forms.Form):
    addresses = forms.CharField(
        label=_("E-mail addresses"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("One a line, or as your mail program lists them: Name <name@example.org>; …"),
    )

    def clean_addresses(self) -> list[str]:
        """Nothing is sent while one of them cannot be written to."""
        found = entries(self.cleaned_data["addresses"])
        problems: list[Any] = [
            forms.ValidationError(
                _("Line %(line)s: “%(text)s” %(problem)s."),
                params={"line": entry.line, "text": entry.text, "problem": entry.problem},
            )
            for entry in found
            if entry.problem
        ]
        if len(found) > MOST:
            problems.append(
                forms.ValidationError(
                    _("At most %(most)s addresses at once."), params={"most": MOST}
                )
            )
        if problems or not found:
            raise forms.ValidationError(problems or _("There is no address."))
        return [entry.email for entry in found]
