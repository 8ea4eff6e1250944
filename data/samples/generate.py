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

NO_PROCESS = {"MT", "CY", "LU"}
NO_PORTFOLIO = {"MT", "CY", "LU", "LV", "BG"}
METHODS = ["interview", "journey_map", "systems_map", "challenge_statement", "ideation", "codesign"]
TRIED = [
    ("Door to door", "We believe that a visit at home brings people who never come to an office."),
    ("Open table", "We believe that a weekly meal makes neighbours help each other."),
    ("One number", "We believe that one telephone number for all services saves people the way."),
    ("Paid peers", "We believe that people who have been through it are better guides."),
    ("Shared key", "We believe that a key at the neighbour's lets older people stay at home."),
    ("Trial days", "We believe that three days of trial work open doors to employers."),
]
LEARNT = [
    "People came when somebody they knew asked them; letters brought nobody.",
    "It works with two people a day and breaks down with six.",
    "The rule on data was the hardest part, not the idea.",
    "Those who need it most came last; the evening hours changed that.",
]
JUDGED_BY = [("reach", "Reach", 3.0), ("proof", "Evidence", 3.0), ("policy", "Fit with policy", 2.0), ("ease", "Ease of running", 2.0)]  # fmt: skip
COMPONENTS = ["Trained staff", "A rule that allows it", "A simple tool for appointments", "Steady money"]  # fmt: skip

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
    lines = list(_assessments_and_maps())
    yield from lines
    yield from _cocreation_and_scaling(lines)
    yield from _seminars()
    yield from _community(lines)


def _assessments_and_maps() -> Iterator[Line]:
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


def _cocreation_and_scaling(lines: list[Line]) -> Iterator[Line]:
    """Steps 3 and 4, from a stream of chance of their own: nothing before them changes."""
    of = {code: [line for line in lines if line["country"] == code] for code in COUNTRIES}
    advanced = [code for code in COUNTRIES if code not in NO_PROCESS and _mean(of[code], "D3") >= 3.5]  # fmt: skip
    for country in COUNTRIES:
        if country not in NO_PROCESS:
            others = [code for code in advanced if code != country]
            yield from _Work(country, of[country], others, country in advanced).lines()


def _mean(lines: list[Line], dimension: str) -> float:
    last = {line["key"]: line["payload"].get("level") for line in lines if line["kind"] == "answer" and line["cycle"] == "2024-1"}  # fmt: skip
    levels = [lvl for key, lvl in last.items() if key.startswith(dimension) and lvl is not None]
    return sum(levels) / len(levels) if levels else 0.0


class _Work:
    """The processes and the portfolio of one country."""

    def __init__(self, country: str, known: list[Line], others: list[str], advanced: bool) -> None:  # noqa: FBT001
        self.chance = random.Random(f"ncc-sample-work-{country}")
        self.country, self.small, self.others, self.advanced = country, country.lower(), others, advanced  # fmt: skip
        self.of = {kind: [line for line in known if line["kind"] == kind] for kind in ("challenge", "agent", "initiative")}  # fmt: skip
        self.early = datetime.fromisoformat(self.of["challenge"][0]["at"])
        self.late = datetime.fromisoformat(self.of["initiative"][0]["at"])
        self.practices: list[tuple[str, Line]] = []

    def lines(self) -> Iterator[Line]:
        challenges = self.of["challenge"][: self.chance.choice([1, 2, 2])]
        for number, challenge in enumerate(challenges, start=1):
            yield from self.process(number, challenge)
        if self.country not in NO_PORTFOLIO:
            yield from self.portfolio()

    def line(self, kind: str, key: str, payload: Line, *, early: bool = False) -> Line:
        at = self.early if early else self.late
        payload = payload | {"source": "sample"}
        return _line(at, f"{self.small}-mapper", self.country, "-", kind, key, payload)

    def process(self, number: int, challenge: Line) -> Iterator[Line]:
        chance, key = self.chance, f"{self.small}-process-{number}"
        begins = datetime(2023, chance.randint(2, 9), chance.randint(1, 28), tzinfo=UTC)
        payload: Line = {
            "title": f"{challenge['payload']['title']}: working on it together (sample)",
            "challenge": challenge["key"],
            "question": "How might we, with those concerned, make this easier? Illustrative.",
            "phase": "deliver" if number == 1 else chance.choice(["discover", "define", "develop"]),
            "depth": chance.choice(["consult", "involve", "collaborate", "collaborate", "empower"]),
            "methods": sorted(chance.sample(METHODS, 3)),
            "begins": begins.date().isoformat(),
            "facilitator": self.of["agent"][0]["payload"]["name"],
            "agents": [self.of["agent"][0]["key"]],
        }
        if chance.random() < 0.7:
            payload["included"] = sorted(chance.sample(["affected", "access", "language", "costs", "unheard"], 3))  # fmt: skip
            payload["inclusion"] = (
                "People on night shifts are missing; one session moves to Sunday."
            )
        if chance.random() < 0.7:
            payload["consent"] = True
            payload["ethics"] = "Everybody agreed to what is kept; nothing about single persons is."
        if number == 1 and self.advanced:
            payload |= {"template": True, "adapt": "Who invites, and the hours; keep the order of steps."}  # fmt: skip
        elif number == 1 and self.others and chance.random() < 0.4:
            giver = chance.choice(self.others)
            payload |= {"origin": f"{giver.lower()}-process-1", "origin_country": giver}
        yield self.line("process", key, payload)
        yield from self.sessions(key, begins)
        yield from self.promises(key)
        if payload["phase"] in ("develop", "deliver"):
            yield from self.prototypes(key, begins)

    def sessions(self, process: str, begins: datetime) -> Iterator[Line]:
        for number in range(1, self.chance.randint(3, 5)):
            day = begins + timedelta(days=21 * number)
            people = {part: self.chance.randint(0, top) for part, top in (("acad", 3), ("ind", 4), ("gov", 6), ("civ", 14), ("env", 1))}  # fmt: skip
            payload: Line = {
                "title": f"Session {number} (sample)",
                "process": process,
                "day": day.date().isoformat(),
                "methods": [self.chance.choice(METHODS)],
                "outputs": "A wall of notes, and three questions to go on with.",
                "decided": "Go on with the question that touches most people.",
            }
            if self.chance.random() < 0.9:
                payload["took_part"] = people
            yield self.line("session", f"{process}-session-{number}", payload)

    def promises(self, process: str) -> Iterator[Line]:
        for number in range(1, self.chance.randint(2, 4) if process.endswith("-1") else 2):
            state = self.chance.choice(["kept", "kept", "open", "in_part", "not_kept"])
            payload: Line = {
                "title": self.chance.choice(["Answer in writing within six weeks", "Lend a room and a person for the test", "Change the form if the test succeeds"]),
                "process": process,
                "authority_name": "Department of Services (sample)",
                "made": "2023-09-15",
                "due": "2024-03-31",
                "state": state,
            }  # fmt: skip
            yield self.line("commitment", f"{process}-commitment-{number}", payload)

    def prototypes(self, process: str, begins: datetime) -> Iterator[Line]:
        verdicts = ["stop", "scale", self.chance.choice(["iterate", "pivot", ""])]
        for number, (title, belief) in enumerate(self.chance.sample(TRIED, self.chance.choice([2, 2, 3])), start=1):  # fmt: skip
            verdict = verdicts[number - 1] if process.endswith("-1") else self.chance.choice(["iterate", ""])  # fmt: skip
            key = f"{process}-prototype-{number}"
            started = begins + timedelta(days=60 + 20 * number)
            payload: Line = {
                "title": f"{title} (sample)",
                "process": process,
                "hypothesis": belief,
                "riskiest": "That people trust it enough to try.",
                "setting": "One neighbourhood, six weeks.",
                "users": self.chance.randint(8, 60),
                "begins": started.date().isoformat(),
                "ends": (started + timedelta(days=42)).date().isoformat(),
                "cost": self.chance.randrange(2000, 15000, 500),
            }
            if verdict:
                reason = {"stop": "Too few came, and those who came found another way", "scale": "The target was reached and two towns ask for it"}.get(verdict, "The need is real, the form is not right yet")  # fmt: skip
                payload |= {"verdict": verdict, "reason": reason, "learning": self.chance.choice(LEARNT), "decided_on": "2024-03-20"}  # fmt: skip
            yield self.line("prototype", key, payload)
            yield self.indicator(key, verdict)
            if verdict == "scale":
                source = {"prototype": key, "title": f"{title} (sample)"}
                self.practices.append((f"{self.small}-practice-1", source))

    def indicator(self, prototype: str, verdict: str) -> Line:
        baseline, target = self.chance.randint(2, 10), self.chance.randint(20, 40)
        payload: Line = {"name": "People who came again", "prototype": prototype, "unit": "people", "baseline": baseline, "target": target}  # fmt: skip
        if verdict:
            payload["result"] = target + self.chance.randint(0, 9) if verdict == "scale" else self.chance.randint(baseline, target - 2)  # fmt: skip
        return self.line("indicator", f"{prototype}-indicator-1", payload)

    def portfolio(self) -> Iterator[Line]:
        for number, initiative in enumerate(self.of["initiative"][: self.chance.randint(2, 5)], start=2):  # fmt: skip
            source = {"initiative": initiative["key"], "title": initiative["payload"]["title"]}
            self.practices.append((f"{self.small}-practice-{number}", source))
        for key, source in self.practices:
            yield from self.practice(key, source)
        yield from self.choice()

    def practice(self, key: str, source: Line) -> Iterator[Line]:
        chance = self.chance
        readiness, evidence = chance.randint(3, 9), chance.choice([1, 1, 2, 2, 2, 3, 3, 4])
        payload: Line = source | {
            "summary": "Illustrative: invented for the sample.",
            "objectives": [chance.choice(OBJECTIVES)],
            "stage": chance.choice(["prototype", "prototype", "sustain", "sustain", "scale"]),
            "readiness": readiness,
            "use": chance.randint(1, max(1, readiness - 2)),
            "evidence": evidence,
            "scaling_type": chance.choice(["out", "out", "up", "deep"]),
            "scaling_level": chance.choice(["local", "local", "regional", "regional", "state"]),
        }
        tested = "prototype" in source  # what came of a prototype has more to show
        if tested or chance.random() < 0.55:
            payload["readiness_shown"] = "Report on the test of spring 2024 (sample)"
            payload["use_shown"] = "List of places that run it (sample)"
        if tested or chance.random() < 0.55:
            payload["evidence_shown"] = "Evaluation of 2024, with numbers before and after (sample)"
        if tested or chance.random() < 0.85:
            payload |= {"scaling_cost": chance.randrange(20_000, 160_000, 5000), "effort": chance.randrange(10, 70, 5), "cost_per_user": chance.randrange(60, 900, 10)}  # fmt: skip
        if chance.random() < 0.7:
            payload |= {"owner": self.of["agent"][0]["payload"]["name"], "partners": [self.of["agent"][-1]["key"]]}  # fmt: skip
        if chance.random() < 0.6:
            payload |= {"conditions": "A town that lends a room, and one person who stays.", "funding": "Half from the region, half not known yet.", "transferable": sorted(chance.sample(["written", "rules", "taught", "core", "free"], chance.randint(1, 4)))}  # fmt: skip
        yield self.line("practice", key, payload | {"readiness": readiness - 1}, early=True)
        yield self.line("practice", key, payload)
        for number in range(1, chance.randint(1, 3)):
            part: Line = {"name": chance.choice(COMPONENTS), "practice": key, "readiness": chance.randint(2, 9)}  # fmt: skip
            if chance.random() < 0.6:
                part["readiness_shown"] = "Agreed with the region in April 2024 (sample)"
            yield self.line("component", f"{key}-component-{number}", part)

    def choice(self) -> Iterator[Line]:
        chance, small = self.chance, self.small
        for code, name, weight in JUDGED_BY:
            payload = {"name": name, "weight": weight + chance.choice([-1, 0, 0, 1]), "about": "0 none, 5 a great deal. Illustrative."}  # fmt: skip
            yield self.line("criterion", f"{small}-criterion-{code}", payload)
        for number, (key, _source) in enumerate(self.practices):
            for code, _name, _weight in JUDGED_BY:
                if number and chance.random() < 0.06:
                    continue
                score: Line = {"practice": key, "criterion": f"{small}-criterion-{code}", "points": chance.randint(1, 5)}  # fmt: skip
                if chance.random() < 0.7:
                    score["evidence"] = "Talk of the board, May 2024 (sample)"
                yield self.line("score", f"{key}-score-{code}", score)
        yield self.line("selection_round", f"{small}-round-1", {"title": "Round of 2024 (sample)", "day": "2024-05-15", "budget": chance.randrange(120_000, 260_000, 10_000), "capacity": chance.randrange(80, 140, 10)})  # fmt: skip
        outcomes = ["scale", chance.choice(["wait", "adapt"])]
        for (key, source), outcome in zip(self.practices, outcomes, strict=False):
            payload = {
                "practice": key,
                "round": f"{small}-round-1",
                "outcome": outcome,
                "day": "2024-05-15",
                "decided_by": "The board (sample)",
                "reason": "It answers an open need and two towns carry it" if outcome == "scale" else "What it rests on is not shown yet",
            }  # fmt: skip
            if "prototype" in source:
                payload["process"] = source["prototype"].partition("-prototype")[0]
            if chance.random() < 0.3:
                payload["dissent"] = "One member would have waited for the second evaluation."
            yield self.line("selection", f"{key}-selection-1", payload)


def _seminars() -> Iterator[Line]:
    """Seminars, events of the SI CoP, who came, what followed, and decisions; a stream of its own."""
    chance = random.Random("ncc-sample-seminars")
    for key, day, payload in COP_EVENTS:
        at = datetime(2024, 2, 5, 9, tzinfo=UTC)
        said = payload | {"first": day, "uid": f"{key}@sample.invalid", "source": "sample"}
        yield _line(at, "coordinator-1", "EU", "-", "cop_event", key, said)
    for key, recorded, payload in SEMINARS:
        at = datetime.fromisoformat(f"{recorded}T10:00:00+00:00")
        yield _line(at, "coordinator-1", "EU", "2024-1", "seminar", key, payload)
    for number, (day, title, why, activity) in enumerate(DECISIONS, start=1):
        at = datetime.fromisoformat(f"{day}T16:00:00+00:00")
        payload = {"title": title, "why": why, "on": day, "activity": activity}
        key = f"decision-{number}"
        yield _line(at, "coordinator-1", "EU", "2024-1", "decision", key, payload)
    for country in COUNTRIES:
        if country not in NOTHING_YET:
            yield from _at_seminars(chance, country)


def _at_seminars(chance: random.Random, country: str) -> Iterator[Line]:
    small = country.lower()
    author = f"{small}-editor-1"
    first = datetime(2024, 5, 2, 9, tzinfo=UTC) + timedelta(days=chance.randrange(14))
    goes, also = chance.random() < 0.8, chance.random() < 0.35
    if also:
        payload: Line = {"seminar": "seminar-financing", "people": chance.randint(1, 3)}
        yield _line(first, author, country, "2024-1", "registration", f"{small}-seat-2", payload)
    if not goes:
        return
    seats = chance.randint(1, 4)
    payload = {"seminar": "seminar-governance", "people": seats, "wishes": chance.choice(WISHES)}
    if chance.random() < 0.3:
        payload["shares"] = "How our advisory board works (sample)."
    key = f"{small}-seat-1"
    yield _line(first, author, country, "2024-1", "registration", key, payload)
    later = datetime(2024, 5, 23, 9, tzinfo=UTC) + timedelta(days=chance.randrange(8))
    came = payload | {"attended": max(0, seats - chance.randint(0, 1))}
    yield _line(later, author, country, "2024-1", "registration", key, came)
    if chance.random() < 0.7:
        marks: Line = {name: chance.randint(2, 5) for name in ("useful", "clear", "applicable")}
        marks |= {"seminar": "seminar-governance", "learned": chance.choice(LEARNED)}
        yield _line(later, author, country, "2024-1", "evaluation", f"{small}-view-1", marks)
    if chance.random() < 0.6:
        title, question = chance.choice(FOLLOW_UPS)
        follow = {
            "title": title,
            "seminar": "seminar-governance",
            "question": question,
            "due": f"2024-{chance.randint(7, 12):02}-15",
            "state": chance.choice(["open", "under_way", "done"]),
        }
        yield _line(later, author, country, "2024-1", "follow_up", f"{small}-next-1", follow)


COP_EVENTS: list[tuple[str, str, Line]] = [
    (
        "cop-sample-evaluation",
        "2024-06-05",
        {
            "title": "Evidence of social impact: exchange of practice (sample)",
            "topic": "impact-evaluation",
            "begins": "10:00",
            "ends": "12:30",
        },
    ),
    (
        "cop-sample-scaling",
        "2024-09-19",
        {
            "title": "Scaling-up and transfer: working session (sample)",
            "topic": "scaling-transfer",
            "last": "2024-09-20",
        },
    ),
    (
        "cop-sample-calls",
        "2024-11-21",
        {"title": "Preparing calls for social innovation (sample)", "topic": "call-preparation"},
    ),
]
SEMINARS: list[tuple[str, str, Line]] = [
    (
        "seminar-governance",
        "2024-04-10",
        {
            "title": "Governance and evaluation of a centre (sample)",
            "topic": "governance_evaluation",
            "first": "2024-05-22",
            "begins": "10:00",
            "ends": "12:30",
            "state": "announced",
        },
    ),
    (
        "seminar-governance",
        "2024-05-22",
        {
            "title": "Governance and evaluation of a centre (sample)",
            "topic": "governance_evaluation",
            "first": "2024-05-22",
            "begins": "10:00",
            "ends": "12:30",
            "state": "held",
            "materials": ["Slides of the day (sample) https://example.org/slides"],
        },
    ),
    (
        "seminar-financing",
        "2024-05-28",
        {
            "title": "Financing of a centre (sample)",
            "topic": "financing",
            "first": "2024-09-25",
            "begins": "10:00",
            "ends": "12:30",
            "state": "planned",
        },
    ),
]
DECISIONS = [
    (
        "2024-01-12",
        "Every centre answers the same draft guide (sample).",
        "So that profiles can be laid side by side.",
        "self_assessment",
    ),
    (
        "2024-03-13",
        "Centres that are further on show the others how they map (sample).",
        "Half of the centres begin from nothing.",
        "ecosystem_mapping",
    ),
    (
        "2024-05-22",
        "The next seminar is on financing (sample).",
        "It presses in most countries.",
        "seminars",
    ),
]
WISHES = [
    "How others set up an advisory board (sample).",
    "A small set of indicators that we can keep up (sample).",
    "How to talk with the managing authority (sample).",
]
LEARNED = [
    "A board of nine people is enough (sample).",
    "Begin with three indicators, not with thirty (sample).",
    "Ask users what counts as a result (sample).",
]
FOLLOW_UPS = [
    ("Draft the terms of an advisory board (sample)", "D5.2"),
    ("Agree on three indicators with the managing authority (sample)", "D6.1"),
    ("Invite users to read the results with us (sample)", "D6.4"),
]


PATH_TYPES = ["method", "resource", "peer_visit", "method", "funding"]
PATH_TITLES = {
    "method": "Try the method with one real challenge (sample)",
    "resource": "Read the guidance note together (sample)",
    "peer_visit": "Visit a centre that does this already (sample)",
    "funding": "Draw up a budget for three years (sample)",
}


def _community(lines: list[Line]) -> Iterator[Line]:
    """Learning paths that some countries have begun, and the coordinator's rules for the groups."""
    for country in COUNTRIES:
        chance = random.Random(f"ncc-sample-path-{country}")
        given = [line for line in lines if line["country"] == country and line["kind"] == "answer"]
        for cycle, share in (("2023-1", 0.6), ("2024-1", 0.5)):
            weak = [
                line["key"]
                for line in given
                if line["cycle"] == cycle and line["payload"].get("level", 9) <= 2
            ]
            if weak and chance.random() < share:
                yield from _path(chance, country, cycle, sorted(set(weak)))
    rules = (
        {"rule": "number", "number": 4, "reason": "Illustrative: four facilitators are there."},
        {
            "rule": "together",
            "countries": ["CY", "EL"],
            "reason": "Illustrative: the two centres share their workshops.",
        },
    )
    at = datetime(2024, 4, 2, 10, tzinfo=UTC)
    for number, rule in enumerate(rules, start=1):
        yield _line(at, "coordinator", "EU", "2024-1", "group_rule", f"rule-{number}", rule)


def _path(chance: random.Random, country: str, cycle: str, weak: list[str]) -> Iterator[Line]:
    past = cycle == "2023-1"
    at = datetime(2023, 12, 12, 10, tzinfo=UTC) if past else datetime(2024, 4, 8, 10, tzinfo=UTC)
    author = f"{country.lower()}-editor-1"
    for number, question in enumerate(chance.sample(weak, min(len(weak), 3)), start=1):
        kind = chance.choice(PATH_TYPES)
        payload: Line = {
            "title": PATH_TITLES[kind],
            "type": kind,
            "question": question,
            "lead": "Team of the centre",
            "due": "2023-12-20" if past else f"2024-{chance.randint(6, 11):02}-15",
            "state": chance.choice(
                ["done", "done", "under_way", "dropped"]
                if past
                else ["planned", "planned", "under_way", "done"]
            ),
        }
        if kind == "peer_visit":
            payload["partner"] = chance.choice([code for code in COUNTRIES if code != country])
        key = f"{country.lower()}-{cycle}-path-{number}"
        yield _line(at, author, country, cycle, "path_item", key, payload)


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
