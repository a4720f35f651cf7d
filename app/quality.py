"""How good answers are, for the service: the calibration in words, and the bar that the owner sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.copies import joined, kinds_in_words
from app.opened import Opened
from app.present import Json
from rag.ask.signals import signal_in_words
from rag.confidence import Calibration, in_words
from rag.errors import AccessError, RagError
from rag.safety.bar import set_bar
from rag.safety.in_force import policy_text
from rag.safety.policy import NAME as POLICY
from rag.safety.policy import Masking
from rag.types import DEFAULT_SPACE, LOCAL_OWNER

_N_SIGNALS = 6


class Quality(Opened):
    """What is known of the quality of answers; a part of `app.services.Service`."""

    def may_set_bar(self) -> bool:
        """Return whether the person owns the space; not while there are no stores."""
        try:
            return self.workspace().catalog.role(LOCAL_OWNER, DEFAULT_SPACE) == "owner"
        except RagError:
            return False

    def quality(self) -> Json:
        """Return what the view shows: the bar, what others would cost and save, and how true the confidence is.

        Raises:
            SettingsError: The calibration or the policy of the home directory has a mistake.
        """
        workspace = self.workspace()
        calibration, policy = workspace.calibration, workspace.policy
        return {
            "bar": workspace.ask_choices.min_confidence,
            "from_policy": policy.answers.min_confidence is not None,
            "may_set": self.may_set_bar(),
            "own": calibration.use.ref.startswith("home:"),
            "version": str(calibration.facts.get("version", "")),
            "questions": calibration.n_questions,
            "answerable": calibration.n_answerable,
            "sets": [_set(name, facts) for name, facts in dict(calibration.facts.get("sets") or {}).items()],
            "bars": [
                {"bar": each.bar, "shown": each.shown, "right": each.right, "answerable": each.answerable}
                for each in calibration.bars
            ],
            "bands": [
                {
                    "start": each.start,
                    "end": each.end,
                    "n": each.n,
                    "right": each.right,
                    "words": in_words(each.n, each.right),
                }
                for each in calibration.bands
            ],
            "signals": _heaviest(calibration),
        }

    def policy(self) -> Json:
        """Return the policy in force as it is written, what it masks where, and what is wrong with it.

        Raises:
            AccessError: The person does not own the space.
            SettingsError: The file cannot be read.
        """
        if not self.may_set_bar():
            raise AccessError("Only the owner may read the policy.", hint="Ask the owner of the documents.")
        written = policy_text(self.workspace().home.path / POLICY)
        return asdict(written) | ({} if written.mistake else _masked(self.workspace().policy.masking))

    def set_bar(self, bar: float) -> None:
        """Write the least confidence into the policy of the home directory; it holds from the next question on.

        Raises:
            AccessError: The person does not own the space.
            InputError: The bar is no confidence.
            SettingsError: The policy has a mistake or cannot be written.
        """
        if not self.may_set_bar():
            raise AccessError("Only the owner may set the bar.", hint="Ask the owner of the documents.")
        workspace = self.workspace()
        before = workspace.ask_choices.min_confidence
        set_bar(workspace.home.path / POLICY, bar, before=before, by=LOCAL_OWNER.id)


def _masked(masking: Masking) -> Json:
    """Return what is masked where in words, places with the same kinds together, and the contacts that copies keep."""
    places = {"copies for a customer": masking.copies, "exported receipts": masking.exports, "logs": masking.logs}
    alike: dict[str, list[str]] = {}
    for place, kinds in places.items():
        alike.setdefault(kinds_in_words(kinds), []).append(place)
    told = [{"where": joined(where), "kinds": kinds} for kinds, where in alike.items()]
    return {"masked": told, "contacts": list(masking.contacts)}


def _set(name: str, facts: Mapping[str, Any]) -> Json:
    return {"name": name, "n": facts["measured_on"], "how": facts["how"], "right_at_half": facts["right_at_half"]}


def _heaviest(calibration: Calibration) -> list[Json]:
    """Return the signals that count most, in words: what raises the confidence, and what lowers it."""
    ranked = sorted(calibration.curves.items(), key=lambda each: (-abs(each[1].rise), each[0]))
    return [
        {"words": signal_in_words(name), "raises": curve.rise > 0} for name, curve in ranked[:_N_SIGNALS] if curve.rise
    ]
