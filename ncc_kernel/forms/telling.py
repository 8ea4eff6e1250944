"""What the page is told: each function makes one message, or a part of one, of what stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ncc_kernel.analysis.profile import Answers, score_profile
from ncc_kernel.analysis.submission import Checked, Difference, remarks
from ncc_kernel.forms.scene import Allowed, Scene
from ncc_kernel.forms.standing import Shown, Standing
from ncc_kernel.model.evidence import ENDINGS, LARGEST, TAKEN, EvidenceFile
from ncc_kernel.model.guide import Guide
from ncc_kernel.model.revision import Revision
from ncc_kernel.model.text import day_words
from ncc_kernel.model.typed_draft import TypedDraft

Message = dict[str, Any]
OF_A_QUESTION = {"code", "statement", "why", "judge", "levels"}


def everything(scene: Scene, standing: Standing, allowed: Allowed, now: datetime) -> Message:
    """All that a page needs to begin."""
    codes = [one.code for one in scene.guide.questions]
    return {
        "is": "all",
        "guide": of_guide(scene.guide),
        "country": scene.country,
        "country_name": scene.country_name,
        "cycle": scene.cycle,
        "me": {"name": scene.name, "role": scene.role},
        "may": {"write": allowed.write, "submit": allowed.submit, "review": allowed.review},
        "state": of_state(standing, now),
        "values": {
            code: of_value(shown, now)
            for code in codes
            if (shown := standing.shown(code)).seq is not None
        },
        "previous": {code: scene.previous.get(code) for code in codes},
        "median": dict(scene.medians),
        "illustrative": scene.illustrative,
        "place": scene.place or standing.last_of(scene.name),
        "urls": dict(scene.urls),
        "files": of_files(standing, now),
        "taken": {"words": TAKEN, "endings": ENDINGS, "largest": LARGEST},
    }


def of_guide(guide: Guide) -> Message:
    """The guide: nothing of a question stands in code."""
    return {
        "code": guide.code,
        "version": guide.version,
        "title": guide.title,
        "status": guide.status,
        "intro": guide.intro,
        "scale": [one.model_dump(mode="json") for one in guide.scale],
        "dimensions": [
            {
                "code": one.code,
                "name": one.name,
                "about": one.about,
                "questions": [
                    question.model_dump(mode="json", include=OF_A_QUESTION)
                    for question in guide.questions_of(one.code)
                ],
            }
            for one in guide.dimensions
        ],
    }


def of_value(shown: Shown, now: datetime) -> Message:
    """What a question shows."""
    return {
        "fields": shown.typed.fields,
        "seq": shown.seq,
        "saved_at": _when(shown.last, now),
        "by": shown.by,
        "complete": shown.complete,
    }


def of_files(standing: Standing, now: datetime) -> dict[str, list[Message]]:
    """The files beside each question, with who sent them and when."""
    return {
        code: [
            {**(one.payload or {}), "key": one.key, "by": one.author, "at": moment(one.at, now)}
            for one in entries
        ]
        for code, entries in standing.file_entries.items()
    }


def of_state(standing: Standing, now: datetime) -> Message:
    """How the self-assessment stands, and whether it is asked to be opened again."""
    if standing.submitted is None:
        empty = dict.fromkeys(("reference", "digest", "note", "at", "by"), "")
        return {"state": "draft", **empty, "asked": standing.asked}
    said, revision = standing.submitted
    return {
        "state": said.state,
        "reference": said.reference,
        "digest": said.digest,
        "note": said.note,
        "at": with_zone(revision.at, now),
        "by": revision.author,
        "asked": standing.asked,
    }


def saved(
    asked: Mapping[str, Any],
    given: TypedDraft,
    made: Revision | None,
    *,
    name: str,
    files: Sequence[EvidenceFile],
    now: datetime,
) -> Message:
    """These fields are in the record, by this revision; complete, or with what they lack."""
    head = {"id": asked.get("id"), "question": asked["question"]}
    head |= {"seq": made.seq if made else None, "at": moment(made.at if made else now, now)}
    if not given.empty and (faults := given.faults()):
        return {"is": "invalid", **head, "messages": faults}
    found = [] if given.empty else remarks(asked["question"], given.as_answer(""), files=files)
    warnings = [one.as_dict() for one in found]
    by = made.author if made else name
    return {"is": "saved", **head, "by": by, "complete": True, "warnings": warnings}


def conflict(asked: Mapping[str, Any], mine: TypedDraft, shown: Shown, now: datetime) -> Message:
    """Two people changed one question: both texts, for a person to decide."""
    theirs = {"fields": shown.typed.fields, "seq": shown.seq, "by": shown.by}
    return {
        "is": "conflict",
        "id": asked.get("id"),
        "question": asked["question"],
        "mine": mine.fields,
        "theirs": theirs | {"at": _when(shown.last, now)},
    }


def changed(code: str, shown: Shown, now: datetime) -> Message:
    """Somebody else's save."""
    head = {"is": "changed", "question": code, "fields": shown.typed.fields}
    return head | {"seq": shown.seq, "by": shown.by, "at": _when(shown.last, now)}


def checked(found: Checked, changes: tuple[Difference, ...]) -> Message:
    """Errors apart from warnings, and what differs from the version handed in last."""
    return {
        "is": "checked",
        "errors": [one.as_dict() for one in found.errors],
        "warnings": [one.as_dict() for one in found.warnings],
        "summary": found.summary,
        "changes": [one.as_dict() for one in changes],
    }


def progress(scene: Scene, answers: Answers) -> dict[str, dict[str, int]]:
    """Answered of applicable in each dimension."""
    profile = score_profile(scene.guide, answers, country=scene.country, cycle=scene.cycle)
    return {
        one.dimension: {
            "answered": one.answered,
            "applicable": one.applicable,
            "total": one.total,
            "dont_know": one.dont_know,
        }
        for one in profile.scores
    }


def refused(what: str, hint: str, number: object) -> Message:
    """A refusal in words, with the id where there is one."""
    return {"is": "refused", **numbered(number), "message": what, "hint": hint}


def numbered(number: object) -> Message:
    """The id of the message that is answered, where it has one."""
    return {} if number is None else {"id": number}


def moment(at: datetime, now: datetime) -> str:
    """The time of day, with the day where that is not today."""
    here = at.astimezone(now.tzinfo)
    clock = f"{here:%H:%M:%S}"
    return clock if here.date() == now.date() else f"{day_words(here)}, {clock}"


def with_zone(at: datetime, now: datetime) -> str:
    """A moment as it stands on a receipt."""
    here = at.astimezone(now.tzinfo)
    offset = f"{here:%z}"
    return f"{day_words(here)}, {here:%H:%M:%S} (UTC{offset[:3]}:{offset[3:5]})"


def _when(made: Revision | None, now: datetime) -> str:
    return moment(made.at, now) if made else ""
