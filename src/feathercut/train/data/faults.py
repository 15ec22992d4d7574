"""What can be the matter with a data set: the kinds, how bad each is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["hint", "warning", "serious"]

KINDS: dict[str, tuple[Severity, str]] = {
    "no-matte": ("serious", "Add `alpha/<id>.png`, or take the photo out of `images`."),
    "no-photo": ("serious", "Add the photo to `images`, or take the matte out of `alpha`."),
    "twice": ("serious", "Keep one of the files of a name, whatever their endings."),
    "unreadable": ("serious", "Replace the file, or take the pair out."),
    "sizes": ("serious", "Bring the matte to the photo's size; make sure that both are of one photo."),
    "colours": ("serious", "Put the matte there: grey, or the picture's alpha channel."),
    "labels": ("serious", "Multiply the matte so that the subject is white (255)."),
    "trimap": ("serious", "Solve it for a matte first, with `feathercut remove --trimap`; the trimap itself is none."),
    "empty": ("serious", "Draw the matte, or take the pair out; a photo without a subject may stay if that is meant."),
    "full": ("serious", "Draw what is not the subject, or take the pair out."),
    "inverted": ("serious", "Turn the matte round: the subject is white, what is behind it black."),
    "mask": (
        "warning",
        "Give a matte with a soft edge, or say `--truth masks` where inside and outside is all there is.",
    ),
    "elsewhere": ("warning", "Look whether the matte is of this photo, and neither mirrored nor moved."),
    "grey-ground": ("warning", "Make what is not the subject 0, all of it; save mattes as PNG."),
    "lossy": ("hint", "Save mattes as PNG: JPEG puts grey specks along every edge."),
    "same-matte": ("hint", "Make sure that the matte is of each of these photos; keep them on one side of a split."),
    "duplicate": ("warning", "Keep one of them."),
    "near-duplicate": ("warning", "Keep the larger one, unless they are two photos."),
    "two-truths": ("serious", "Keep the pair whose matte is right."),
    "leak": (
        "serious",
        "Bring them to one side: what is held out must not have been learned. `feathercut data split` does it.",
    ),
}
"""In the order in which a person would repair them."""


@dataclass(frozen=True)
class Fault:
    """One thing that is the matter: its kind, the files it is about, as a person names them, and a sentence.

    `number` is the pair's place in the set numbered `folder`, -1 where it is in no pair; `other` is the (folder,
    number) of the second pair that it is about.
    """

    kind: str
    files: tuple[str, ...]
    sentence: str
    folder: int = 0
    number: int = -1
    other: tuple[int, int] | None = None

    @property
    def places(self) -> list[tuple[int, int]]:
        """(folder, number) of the pairs that it is about."""
        return [(self.folder, self.number), *([self.other] if self.other else [])]

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return KINDS[self.kind][0]

    @property
    def remedy(self) -> str:
        """What to do."""
        return KINDS[self.kind][1]

    def as_object(self) -> dict[str, object]:
        """The fault for a JSON document."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "files": list(self.files),
            "sentence": self.sentence,
            "remedy": self.remedy,
        }


@dataclass
class Faults:
    """All that is the matter: counted by kind, of which the first thousand of each kind are kept."""

    most: int = 1000
    counts: dict[str, int] = field(default_factory=dict)
    kept: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> bool:
        """Notes a fault; whether it is among those that are kept."""
        number = self.counts[fault.kind] = self.counts.get(fault.kind, 0) + 1
        if number <= self.most:
            self.kept.append(fault)
        return number <= self.most

    def count(self, kind: str, more: int) -> None:
        """Notes that there are more of a kind than were added."""
        if more > 0:
            self.counts[kind] = self.counts.get(kind, 0) + more

    @property
    def worst(self) -> Severity | None:
        """The worst severity but hints, which ask for nothing; None where nothing is worse."""
        found = {KINDS[kind][0] for kind in self.counts}
        return "serious" if "serious" in found else "warning" if "warning" in found else None
