"""What each key of the site file is for, in both languages, and an example of each that has no default."""

from collections.abc import Mapping
from types import MappingProxyType

from kiosk.domain.zones import Words

HEAD = """\
# Husets fil. Varje nyckel finns här; de som inleds med # visar värdet som gäller om inget annat sägs.
# Kör `samverk config check` efter varje ändring, och starta sedan om tjänsterna. Hemligheter skrivs aldrig här.
# The house's file. Every key is here; those that begin with # show the value that holds unless another is given.
# Run `samverk config check` after each change, and then restart the services. Secrets are never written here.
"""

TEXTS: Mapping[str, Words] = MappingProxyType(
    {
        "site": Words("Huset", "The house"),
        "site.id": Words("Kort namn: a-z, siffror och bindestreck. Ändras aldrig", "Short name, for ever"),
        "site.name": Words("Namnet som människor läser", "The name that people read"),
        "site.state_dir": Words("Katalogen som tjänsterna skriver i", "The one directory that the services write in"),
        "site.closes": Words("När huset stänger, lokal tid", "When the house closes, local time"),
        "site.languages": Words("Skärmens språk, det första först", "The screen's languages, the first one first"),
        "site.host": Words(
            'Var värden finns: "here" i huset, "phone" på telefon, "none" ingen',
            'Where the host is: "here" in the house, "phone" by telephone, "none" nobody',
        ),
        "site.host_phone": Words("Numret, om värden nås på telefon", "The number, if the host is reached by telephone"),
        "site.exact_counts": Words(
            "true: en och två personer publiceras som 1 och 2, inte som 1-2",
            "true: one and two people are published as 1 and 2, not as 1-2",
        ),
        "rule": Words("Husregelns tal, i sekunder om inget annat sägs", "The rule's numbers, in seconds"),
        "rule.settle_s": Words("Så länge i sällskap: har deltagit", "So long in company: has taken part"),
        "rule.grace_s": Words("Så länge utan sällskap: ett erbjudande", "So long without company: one offer"),
        "rule.linger_s": Words("Så länge ensam i en zon: söker sällskap", "So long alone in a zone: looks for company"),
        "rule.company_min": Words("Så många är sällskap, en själv medräknad", "So many are company, oneself counted"),
        "rule.guard_s": Words("Samma kort inom tiden är en händelse", "The same badge within it is one event"),
        "rule.undo_s": Words("Så länge kan man ångra sig", "So long can it be undone"),
        "rule.rights_old_s": Words("Äldre rättigheter än så märks ut", "Rights older than this are marked as old"),
        "rule.rights_limit_s": Words("Äldre än så: värden frågas", "Older than this: a host is asked"),
        "zone": Words("Zonerna, i stigens ordning", "The zones, in the order of the path"),
        "zone.about": Words("Vad zonen är till för", "What the zone is for"),
        "zone.counts": Words("false: att vara här är inte att delta", "false: being here is not taking part"),
        "sensor": Words(
            "Sensorerna; se docs/add-a-sensor.md och `samverk broker issue`",
            "The sensors; see docs/add-a-sensor.md and `samverk broker issue`",
        ),
        "sensor.hold_s": Words("Så länge gäller ett tecken på folk", "How long one sign of people lasts"),
        "sensor.silent_s": Words("Längre tystnad än så är ett fel", "Longer silence than this is a fault"),
        "reader": Words("Kortläsarna", "The badge readers"),
        "reader.direction": Words('"both", "in" eller "out"', '"both", "in" or "out"'),
        "reader.match": Words("En del av läsarens namn, om de är flera", "A part of its name, if there are several"),
        "broker": Words(
            "MQTT-mäklaren; `samverk broker ca` skriver ut raderna", "The MQTT broker; `samverk broker ca` prints this"
        ),
        "broker.discovery": Words("Berätta zonerna för Home Assistant", "Tell Home Assistant of the zones"),
        "centre": Words(
            "Centralen. Token läggs i <state_dir>/credentials/centre-token, läsbar bara för ägaren",
            "The centre. Its token goes into <state_dir>/credentials/centre-token, mode 0600",
        ),
        "centre.source": Words("Husets namn hos centralen", "The house's name at the centre"),
        "centre.took_part_rounding_min": Words(
            "Deltagandets tid avrundas till så många minuter", "The time of having taken part is rounded to this"
        ),
        "badge": Words("Nycklarna som kort göms med", "The keys that badges are hidden with"),
        "badge.key_versions": Words(
            "Varje version finns som badge-key-v1 och så vidare bland hemligheterna",
            "Each version is there among the credentials as badge-key-v1 and so on",
        ),
        "board": Words("Värdarnas tavla i webbläsaren", "The hosts' board in a browser"),
        "roll_call": Words("Utrymningslistan på papper varje timme", "The evacuation list on paper every hour"),
        "roll_call.printer": Words("Skrivarens namn i CUPS; tomt: inget papper", "Its name in CUPS; empty: no paper"),
        "retention": Words("Hur länge uppgifter om människor finns kvar", "How long data about people is kept"),
        "retention.decision": Words("Gallringsbeslutets diarienummer", "The reference of the deletion decision"),
        "research": Words("Siffror för referensgruppen", "Figures for the reference group"),
        "research.group_min": Words("Minst så många bakom varje siffra", "At least so many behind each figure"),
        "demonstration": Words("Bara för att prova: påhittade kort", "Only for trying: made-up badges"),
    }
)

EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "sensor.id": '"lagerelden-1"',
        "sensor.zone": '"lagerelden"',
        "sensor.profile": '"zigbee2mqtt"',
        "sensor.kind": '"pir"',
        "sensor.topic": '"zigbee2mqtt/lagerelden/pir-1"',
        "sensor.hold_s": "60",
        "sensor.silent_s": "3900",
        "sensor.reports": '"totals"',
        "sensor.wraps_at": "65536",
        "sensor.paths": '{ motion = "/occupancy" }',
        "reader.id": '"entrance"',
        "reader.driver": '"pcsc"',
        "zone.id": '"lagerelden"',
        "zone.name.sv": '"Lägerelden"',
        "zone.name.en": '"The campfire"',
        "zone.about.sv": '"för djupare samtal"',
        "zone.about.en": '"for deeper talks"',
        "centre.url": '"https://centre.example"',
        "centre.source": '"se.samverket.stockholm"',
        "demonstration.reader": '"entrance"',
        "demonstration.badge": '[{ key = "1", uid = "04E0015A3C2B80", name = "Astrid Exempel" }]',
        "badge.key_versions": "[1]",
    }
)
