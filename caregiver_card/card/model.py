"""The frozen ``Card`` and its parts.

A value that is absent is ``None``, shown as "not recorded". Units are in the field names.
``docs/card-format.md`` says which fields are required.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from caregiver_card.card import quantities, rules, telephones, values
from caregiver_card.card.fields import (
    LONG_TEXT,
    NAME,
    RISK,
    SHORT_TEXT,
    Part,
    optional,
    part,
    parts,
    required,
)
from caregiver_card.card.regimen import Regimen, status
from caregiver_card.card.rules import Fault

FORMAT = "caregiver-card/1"
# Administrative gender, as hospitals' records have it (FHIR R4, value set administrative-gender).
GENDERS = ("female", "male", "other", "unknown")
_line = values.text(120)
_note = values.text(300, lines=True)


class InvalidCard(ValueError):
    """A card breaks a rule between its fields; ``faults`` lists each with its path."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.code}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Risks(Part):
    """What makes withdrawal or overdose likelier or harder to see: yes, no or unknown each."""

    cord_injury_t6_or_above: str | None = optional(RISK)
    communication_difficulty: str | None = optional(RISK)
    past_withdrawal: str | None = optional(RISK)
    seizure_history: str | None = optional(RISK)
    kidney_disease: str | None = optional(RISK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient(Part):
    """The person whom the card is about."""

    full_name: str = required(NAME)
    # As it stands in the full name.
    family_name: str | None = optional(NAME)
    date_of_birth: date = required(values.day)
    gender: str | None = optional(values.choice(*GENDERS))
    weight_kg: Decimal | None = optional(quantities.number(0, 400, "kg", above_low=True))
    reason_for_pump: str | None = optional(_line)
    record_number: str | None = optional(SHORT_TEXT)
    baseline: str | None = optional(_note)
    communication: str | None = optional(_note)
    risks: Risks | None = part(Risks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pump(Part):
    """The implanted pump and its catheter."""

    maker: str = required(SHORT_TEXT)
    model: str = required(SHORT_TEXT)
    serial: str | None = optional(SHORT_TEXT)
    location: str = required(values.text(80))
    implanted_on: date | None = optional(values.day)
    reservoir_ml: Decimal | None = optional(quantities.number(0, 60, "mL", above_low=True))
    alarm_volume_ml: Decimal | None = optional(quantities.number(0, 60, "mL"))
    catheter_access_port: str | None = optional(RISK)
    catheter: str | None = optional(_line)
    alarms: str | None = optional(values.choice("single_and_two_tone", "none", "unknown"))
    replace_by: date | None = optional(values.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refill(Part):
    """The last refill and the next; ``volume_ml`` is the reservoir's content after the refill."""

    last_refill_on: date = required(values.day)
    volume_ml: Decimal | None = optional(quantities.number(0, 60, "mL", above_low=True))
    next_appointment_on: date | None = optional(values.day)
    alarm_date: date | None = optional(values.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Team(Part):
    """The team that manages the pump."""

    hospital: str = required(NAME)
    clinic: str | None = optional(_line)
    physician: str | None = optional(NAME)
    implanted_by: str | None = optional(_line)
    phone_24h: str = required(telephones.phone)
    phone_clinic: str | None = optional(telephones.phone)
    note: str | None = optional(_note)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakerSupport(Part):
    """The maker's telephone line for clinicians, and when somebody last checked it."""

    phone: str = required(telephones.phone)
    # The key in the file is "for", a keyword in Python.
    meant_for: str | None = field(default=None, metadata={"parse": _line, "key": "for"})
    checked_on: date | None = optional(values.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy(Part):
    """One allergy."""

    substance: str = required(NAME)
    reaction: str | None = optional(_line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergies(Part):
    """The allergies, and whether they are known."""

    status: str = required(status)
    items: tuple[Allergy, ...] = parts(Allergy, 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicine(Part):
    """One medicine other than the drugs in the pump."""

    name: str = required(NAME)
    dose: str | None = optional(SHORT_TEXT)
    frequency: str | None = optional(_line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicines(Part):
    """The other medicines, and whether they are known."""

    status: str = required(status)
    items: tuple[Medicine, ...] = parts(Medicine, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Part):
    """A person or place to ask about the patient."""

    name: str = required(NAME)
    relation: str | None = optional(SHORT_TEXT)
    phone: str | None = optional(telephones.phone)
    language: str | None = optional(values.text(80))


@dataclass(frozen=True, slots=True, kw_only=True)
class Directives(Part):
    """A reported wish about treatment, and where its document is; never a legal order."""

    status: str = required(status)
    text: str | None = optional(LONG_TEXT)
    written_on: date | None = optional(values.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified(Part):
    """Who last compared the card with the clinic's printout, and when."""

    on: date = required(values.day)
    by: str = required(values.text(120))


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(Part):
    """Everything that a stranger may need to know about one person and one pump.

    Raises ``InvalidCard`` where a rule between fields is broken. The rules that depend on the day
    ("not in the future") are in ``rules.errors(card, today)``.
    """

    region: str = required(telephones.region)
    time_zone: str | None = optional(values.time_zone)
    # Of its free text, its prints and its messages; English where it is absent.
    language: str | None = optional(values.language)
    patient: Patient = part(Patient, needed=True)
    regimen: Regimen = part(Regimen, needed=True)
    pump: Pump = part(Pump, needed=True)
    refill: Refill = part(Refill, needed=True)
    team: Team = part(Team, needed=True)
    maker_support: MakerSupport | None = part(MakerSupport)
    allergies: Allergies = part(Allergies, needed=True)
    medicines: Medicines = part(Medicines, needed=True)
    contacts: tuple[Contact, ...] = parts(Contact, 10)
    directives: Directives | None = part(Directives)
    verified: Verified = part(Verified, needed=True)
    # The paths whose warnings a person has confirmed.
    confirmed: tuple[str, ...] = parts(values.text(80), 60)

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        faults = tuple(rules.errors(self, None))
        if faults:
            raise InvalidCard(faults)
