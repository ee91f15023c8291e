"""The reference central system: SCIM for agencies and members, a door for presence events. Knows no house's store."""
