"""Invent the sample record: 27 countries, two cycles, and maps. Run it to write record.jsonl anew.

Everything is invented from a seed, says so in its words, and names no real organisation.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COUNTRIES = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "EL",
    "ES",
    "FI",
    "FR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
]
QUESTIONS = [f"D{dimension}.{number}" for dimension in range(1, 9) for number in range(1, 6)]
NO_BASELINE = {"HR", "LU", "MT", "NL", "CY"}
NOTHING_YET = {"MT"}
HARDLY_BEGUN = {"CY", "LU"}
NO_MAP = {"MT"}
# Latitude and longitude of towns, in degrees: public knowledge, rounded.
TOWNS = {
    "AT": [("Vienna", 48.21, 16.37), ("Graz", 47.07, 15.44), ("Linz", 48.31, 14.29)],
    "BE": [("Brussels", 50.85, 4.35), ("Ghent", 51.05, 3.72), ("Namur", 50.47, 4.87)],
    "BG": [("Sofia", 42.70, 23.32), ("Plovdiv", 42.15, 24.75), ("Ruse", 43.85, 25.97)],
    "CY": [("Nicosia", 35.15, 33.35), ("Limassol", 34.71, 33.02)],
    "CZ": [("Prague", 50.08, 14.44), ("Brno", 49.20, 16.61), ("Ostrava", 49.83, 18.28)],
    "DE": [("Berlin", 52.52, 13.40), ("Leipzig", 51.34, 12.37), ("Munich", 48.14, 11.58)],
    "DK": [("Aarhus", 56.16, 10.20), ("Odense", 55.40, 10.39), ("Roskilde", 55.64, 12.08)],
    "EE": [("Tallinn", 59.40, 24.75), ("Tartu", 58.38, 26.72)],
    "EL": [("Athens", 38.00, 23.73), ("Larissa", 39.64, 22.42), ("Ioannina", 39.66, 20.85)],
    "ES": [("Madrid", 40.42, -3.70), ("Zaragoza", 41.65, -0.89), ("Seville", 37.39, -5.98)],
    "FI": [("Helsinki", 60.25, 24.94), ("Tampere", 61.50, 23.76), ("Oulu", 65.01, 25.55)],
    "FR": [("Paris", 48.86, 2.35), ("Lyon", 45.76, 4.84), ("Rennes", 48.11, -1.68)],
    "HR": [("Zagreb", 45.81, 15.98), ("Osijek", 45.55, 18.69)],
    "HU": [("Budapest", 47.50, 19.04), ("Szeged", 46.25, 20.15), ("Debrecen", 47.53, 21.63)],
    "IE": [("Athlone", 53.42, -7.94), ("Kilkenny", 52.65, -7.25), ("Limerick", 52.66, -8.60)],
    "IT": [("Rome", 41.90, 12.50), ("Turin", 45.07, 7.69), ("Bologna", 44.49, 11.34)],
    "LT": [("Vilnius", 54.69, 25.20), ("Kaunas", 54.90, 23.90)],
    "LU": [("Luxembourg", 49.61, 6.13), ("Ettelbruck", 49.85, 6.10)],
    "LV": [("Riga", 56.93, 24.15), ("Valmiera", 57.54, 25.43)],
    "MT": [("Valletta", 35.90, 14.51)],
    "NL": [("Utrecht", 52.09, 5.12), ("Eindhoven", 51.44, 5.47), ("Zwolle", 52.51, 6.09)],
    "PL": [("Warsaw", 52.23, 21.01), ("Krakow", 50.06, 19.94), ("Poznan", 52.41, 16.93)],
    "PT": [("Lisbon", 38.80, -9.10), ("Coimbra", 40.21, -8.40), ("Evora", 38.57, -7.91)],
    "RO": [("Bucharest", 44.43, 26.10), ("Cluj-Napoca", 46.77, 23.59), ("Iasi", 47.16, 27.50)],
    "SE": [("Orebro", 59.27, 15.21), ("Linkoping", 58.41, 15.62), ("Umea", 63.83, 20.20)],
    "SI": [("Ljubljana", 46.06, 14.51), ("Maribor", 46.54, 15.60)],
    "SK": [("Nitra", 48.31, 18.09), ("Zilina", 49.20, 18.74), ("Kosice", 48.72, 21.20)],
}
TYPES = [
    "ngo",
    "foundation",
    "social_enterprise",
    "university",
    "municipality",
    "regional_authority",
    "si_lab",
    "line_ministry",
    "managing_authority",
    "employment_service",
    "social_partner",
    "company",
    "investor",
]
STAGES = ["prompt", "proposal", "prototype", "sustain", "scale", "system"]
LINKS = ["leads", "delivers_with", "funds", "partners", "advises", "evaluates"]
OBJECTIVES = ["ESO4.1", "ESO4.4", "ESO4.7", "ESO4.8", "ESO4.11", "ESO4.12"]
FIRST = [
    "Open",
    "Bridge",
    "Common",
    "North",
    "Green",
    "Shared",
    "New",
    "River",
    "Civic",
    "Second",
    "Harbour",
    "Bright",
]
SECOND = [
    "Workshop",
    "Alliance",
    "House",
    "Network",
    "Commons",
    "Lab",
    "Works",
    "Forum",
    "Circle",
    "Fund",
    "Garden",
    "Hub",
]
THEMES = [
    ("Young people out of school and work", "ESO4.1"),
    ("Loneliness of older people", "ESO4.11"),
    ("Long waiting for housing", "ESO4.12"),
    ("Care that relatives can combine with work", "ESO4.11"),
    ("Work for people with disabilities", "ESO4.8"),
    ("Newcomers finding their way into services", "ESO4.12"),
]
IDEAS = [
    "Neighbourhood kitchen",
    "Second-chance class",
    "Home-share scheme",
    "Care exchange",
    "Repair street",
    "Peer guides",
    "Night-school on wheels",
    "Shared workshop",
    "Time bank",
    "Youth council budget",
]
COMMENTS = [
    "Agreed in the team meeting.",
    "The work depends on two colleagues for now.",
    "A first pilot ran last year; figures are being collected.",
    "The managing authority has asked for this too.",
    "Planned for autumn.",
    "Regions differ; the level is a middle.",
]
EVIDENCE = ["Minutes of the board", "Internal report", "Survey of partners", "Draft protocol"]

Line = dict[str, Any]


def main() -> None:
    """Write the sample record beside this script."""
    (HERE / "record.jsonl").write_text(text(), encoding="utf-8")


def text() -> str:
    """The whole sample record, one JSON object a line, in the order of its dates."""
    lines = sorted(_lines(), key=lambda line: (line["at"], line["author"]))
    return "".join(
        json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
        for line in lines
    )


def _lines() -> Iterator[Line]:
    for country in COUNTRIES:
        chance = random.Random(f"ncc-sample-{country}")
        base = chance.uniform(1.7, 3.5)
        leaning = {f"D{number}": chance.gauss(0, 0.55) for number in range(1, 9)}
        if country not in NO_BASELINE:
            yield from _answers(chance, country, "2023-1", base - 0.35, leaning)
        if country not in NOTHING_YET:
            yield from _answers(chance, country, "2024-1", base, leaning)
        if country not in NO_MAP:
            yield from _map(chance, country)


def _answers(
    chance: random.Random, country: str, cycle: str, base: float, leaning: dict[str, float]
) -> Iterator[Line]:
    share = 0.3 if country in HARDLY_BEGUN else chance.choice([0.72, 0.85, 0.95, 1.0, 1.0])
    begin = (
        datetime(2023, 10, 2, 9, tzinfo=UTC)
        if cycle == "2023-1"
        else datetime(2024, 1, 15, 9, tzinfo=UTC)
    )
    sittings = [
        begin + timedelta(days=chance.randrange(55), minutes=chance.randrange(400))
        for _ in range(4)
    ]
    sittings.sort()
    given: list[Line] = []
    for index, question in enumerate(QUESTIONS):
        if chance.random() > share:
            continue
        at = sittings[index * 4 // len(QUESTIONS)]
        payload = _answer(chance, base + leaning[question[:2]])
        author = f"{country.lower()}-editor-{1 + index % 20 // 10}"
        given.append(_line(at, author, country, cycle, "answer", question, payload))
    yield from given
    if cycle == "2024-1" and given:
        yield from _second_thoughts(chance, given, country, begin + timedelta(days=60))


def _second_thoughts(
    chance: random.Random, given: list[Line], country: str, at: datetime
) -> Iterator[Line]:
    """A few answers are changed late in March, so that the record has a history."""
    settled = [line for line in given if line["payload"]["state"] == "answered"]
    for line in chance.sample(settled, min(2, len(settled))):
        level = min(5, line["payload"]["level"] + 1)
        payload = line["payload"] | {
            "level": level,
            "comment": "Raised after talking it over with the board.",
        }
        payload.pop("needs", None)
        yield _line(
            at, f"{country.lower()}-reviewer", country, "2024-1", "answer", line["key"], payload
        )


def _answer(chance: random.Random, mean: float) -> Line:
    luck = chance.random()
    if luck < 0.03:
        return {
            "state": "not_applicable",
            "reason": "Another body is in charge of this in our country.",
            "guide": "0.1",
        }
    if luck < 0.08:
        return {"state": "dont_know", "guide": "0.1"}
    level = max(0, min(5, round(chance.gauss(mean, 0.9))))
    payload: Line = {"state": "answered", "level": level, "guide": "0.1"}
    payload["confidence"] = chance.choice(["low", "medium", "medium", "high"])
    if chance.random() < 0.75:
        payload["priority"] = (
            chance.choice([2, 3, 3, 4, 5]) if level <= 2 else chance.choice([1, 2, 3])
        )
        payload["target"] = min(5, level + chance.choice([0, 1, 1, 2]))
    if chance.random() < 0.3:
        payload["comment"] = chance.choice(COMMENTS)
    if chance.random() < 0.3:
        payload["evidence"] = chance.choice(EVIDENCE)
    if level >= 4 and chance.random() < 0.7:
        payload["offers"] = True
    if level <= 2 and chance.random() < 0.4:
        payload["needs"] = True
    return payload


def _map(chance: random.Random, country: str) -> Iterator[Line]:
    small = country.lower()
    at = datetime(2024, 4, 8, 10, tzinfo=UTC) + timedelta(days=chance.randrange(20))
    author = f"{small}-mapper"
    challenges = [f"{small}-challenge-{number}" for number in (1, 2, 3)]
    for key, (title, objective) in zip(challenges, chance.sample(THEMES, 3), strict=True):
        payload = {
            "title": title,
            "description": "Illustrative: invented for the sample.",
            "objectives": [objective],
            "urgency": chance.randint(2, 5),
            "severity": chance.randint(2, 5),
            "visibility": "working_group",
            "source": "sample",
        }
        yield _line(at, author, country, "-", "challenge", key, payload)
    agents = [f"{small}-agent-{number:02}" for number in range(1, chance.randint(7, 15))]
    for key in agents:
        yield _line(at, author, country, "-", "agent", key, _agent(chance, country))
    later = at + timedelta(days=chance.randrange(10, 60))
    initiatives = [f"{small}-initiative-{number:02}" for number in range(1, chance.randint(6, 11))]
    for key in initiatives:
        payload = _initiative(chance, country, challenges)
        yield _line(later, author, country, "-", "initiative", key, payload)
    pairs = {(chance.choice(agents), chance.choice(initiatives)) for _ in range(18)}
    for number, (agent, target) in enumerate(sorted(pairs), start=1):
        payload = {
            "agent": agent,
            "target": target,
            "kind": chance.choice(LINKS),
            "source": "sample",
        }
        yield _line(later, author, country, "-", "link", f"{small}-link-{number:02}", payload)


def _agent(chance: random.Random, country: str) -> Line:
    payload: Line = {
        "name": f"{chance.choice(FIRST)} {chance.choice(SECOND)} (sample)",
        "type": chance.choice(TYPES),
        "place": _place(chance, country),
        "objectives": sorted(chance.sample(OBJECTIVES, chance.randint(0, 2))),
        "capabilities": _degrees(chance),
        "needs": _degrees(chance),
        "visibility": chance.choice(["working_group"] * 6 + ["public"] * 3 + ["private"]),
        "source": "sample",
    }
    return payload


def _initiative(chance: random.Random, country: str, challenges: list[str]) -> Line:
    return {
        "title": f"{chance.choice(IDEAS)} (sample)",
        "summary": "Illustrative: invented for the sample.",
        "stage": chance.choice(STAGES[:3] + STAGES),
        "place": _place(chance, country),
        "challenges": sorted(chance.sample(challenges[:2], chance.randint(0, 2))),
        "objectives": [chance.choice(OBJECTIVES)],
        "needs": _degrees(chance),
        "source": "sample",
    }


def _place(chance: random.Random, country: str) -> Line:
    town, lat, lon = chance.choice(TOWNS[country])
    if chance.random() < 0.15:
        return {"precision": "nuts0"}
    apart = 0.02 if country in {"MT", "LU", "CY"} else 0.08
    return {
        "name": town,
        "precision": "point",
        "lat": round(lat + chance.uniform(-apart, apart), 3),
        "lon": round(lon + chance.uniform(-apart, apart), 3),
    }


def _degrees(chance: random.Random) -> Line:
    kinds = ("cocreation", "scaling", "evaluation")
    return {kind: chance.randint(0, 3) for kind in kinds if chance.random() < 0.75}


def _line(
    at: datetime, author: str, country: str, cycle: str, kind: str, key: str, payload: Line
) -> Line:
    return {
        "at": at.isoformat(),
        "author": author,
        "country": country,
        "cycle": cycle,
        "kind": kind,
        "key": key,
        "payload": payload,
    }


if __name__ == "__main__":
    main()
