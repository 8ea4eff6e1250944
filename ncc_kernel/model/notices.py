"""What is right to record and still deserves a word to the person who records it."""

from collections.abc import Mapping

from ncc_kernel.model.revision import Payload
from ncc_kernel.model.vocabulary import Vocabulary


def notices(
    kind: str, payload: Payload | None, vocabularies: Mapping[str, Vocabulary]
) -> tuple[str, ...]:
    """Sentences about this entry of the map; none where there is nothing to say.

    Article 14 of Regulation (EU) 2021/1057: innovative actions are programmed under the
    objectives of Article 4(1)(a) to (l) only. An initiative counts as one unless it says no.
    """
    if kind != "initiative" or payload is None or payload.get("innovative") is False:
        return ()
    said = payload.get("objectives")
    if not said:
        return ()
    outside = [
        term.code
        for term in vocabularies["esf_objective"].terms
        if term.code in said and not term.si_priority
    ]
    return tuple(
        f"{code} cannot hold an innovative action: these are programmed under ESO4.1 to ESO4.12 "
        "only (Regulation (EU) 2021/1057, Art. 14). Keep it if this one is not innovative."
        for code in outside
    )
