"""The card as an International Patient Summary: HL7 IPS 2.0 on FHIR R4, for hospital records."""
