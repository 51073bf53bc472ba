"""The frozen ``Card`` and its parts: what one clinic printout and one family know.

What a part leaves out is ``None``, which is "not recorded".
Units are in the names; see CONTRACT "The card file" for what is required.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from caregiver_card.card import quantities, rules, telephones, values
from caregiver_card.card.fields import (
    NAME,
    OWN_WORDS,
    RISK,
    SHORT,
    Part,
    optional,
    part,
    parts,
    required,
)
from caregiver_card.card.regimen import Regimen, status
from caregiver_card.card.rules import Fault

FORMAT = "caregiver-card/1"
_line = values.text(120)
_note = values.text(300, lines=True)


class InvalidCard(ValueError):
    """A card that breaks a rule between its fields; ``faults`` says which, each with its path."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.code}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Risks(Part):
    """Yes, no or unknown for what makes withdrawal or overdose likelier or harder to see."""

    cord_injury_t6_or_above: str | None = optional(RISK)
    communication_difficulty: str | None = optional(RISK)
    past_withdrawal: str | None = optional(RISK)
    seizure_history: str | None = optional(RISK)
    kidney_disease: str | None = optional(RISK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient(Part):
    """Who the card is about."""

    full_name: str = required(NAME)
    date_of_birth: date = required(values.day)
    weight_kg: Decimal | None = optional(quantities.number(0, 400, "kg", above_low=True))
    reason_for_pump: str | None = optional(_line)
    record_number: str | None = optional(SHORT)
    baseline: str | None = optional(_note)
    communication: str | None = optional(_note)
    risks: Risks | None = part(Risks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pump(Part):
    """The implanted pump and its catheter."""

    maker: str = required(SHORT)
    model: str = required(SHORT)
    serial: str | None = optional(SHORT)
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
    """The last refill and what comes next; ``volume_ml`` is what the reservoir then held."""

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
    """The maker's line for clinicians, and when somebody last checked it."""

    phone: str = required(telephones.phone)
    # The file calls it "for", which Python keeps for itself.
    meant_for: str | None = field(default=None, metadata={"parse": _line, "key": "for"})
    checked_on: date | None = optional(values.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy(Part):
    """One allergy."""

    substance: str = required(NAME)
    reaction: str | None = optional(_line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergies(Part):
    """What is known of allergies."""

    status: str = required(status)
    items: tuple[Allergy, ...] = parts(Allergy, 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicine(Part):
    """One medicine beside the pump's."""

    name: str = required(NAME)
    dose: str | None = optional(SHORT)
    frequency: str | None = optional(_line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicines(Part):
    """What is known of other medicines."""

    status: str = required(status)
    items: tuple[Medicine, ...] = parts(Medicine, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Part):
    """A person or place to ask about the patient."""

    name: str = required(NAME)
    relation: str | None = optional(SHORT)
    phone: str | None = optional(telephones.phone)
    language: str | None = optional(values.text(80))


@dataclass(frozen=True, slots=True, kw_only=True)
class Directives(Part):
    """A reported wish about treatment, and where the paper is; never a legal order."""

    status: str = required(status)
    text: str | None = optional(OWN_WORDS)
    written_on: date | None = optional(values.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified(Part):
    """When somebody last compared the card with the clinic's printout, and who."""

    on: date = required(values.day)
    by: str = required(values.text(120))


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(Part):
    """Everything that a stranger may need to know of one person and one pump.

    Raises ``InvalidCard`` where a rule between fields is broken; rules that need to know the
    day ("not in the future") are ``rules.errors(card, today)``.
    """

    region: str = required(telephones.region)
    time_zone: str | None = optional(values.time_zone)
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
    # The paths whose warnings a person has answered.
    confirmed: tuple[str, ...] = parts(values.text(80), 60)

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        broken = tuple(rules.errors(self, None))
        if broken:
            raise InvalidCard(broken)
