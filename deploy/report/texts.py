"""Every text of the report, in Swedish and English, and the months' names."""

from kiosk.domain.zones import Words

MONTHS = (
    Words("januari", "January"),
    Words("februari", "February"),
    Words("mars", "March"),
    Words("april", "April"),
    Words("maj", "May"),
    Words("juni", "June"),
    Words("juli", "July"),
    Words("augusti", "August"),
    Words("september", "September"),
    Words("oktober", "October"),
    Words("november", "November"),
    Words("december", "December"),
)

TEXTS = {
    "title": Words("Möts myndigheterna?", "Do agencies meet?"),
    "lead": Words(
        "Så användes huset, som antal. Ingen person finns i underlaget: räkningen sker i huset i stunden, utan namn.",
        "How the house was used, as counts. No person is in the data: counting is done in the house as it happens, "
        "without names.",
    ),
    "how": Words(
        "Varje siffra vilar på minst {group_min} personer och {group_min} tillfällen och är avrundad till närmaste "
        "{round_to}. Ett streck ({dash}) är en siffra som hålls inne: för få står bakom den, eller så skyddar den en "
        "annan. Om nästan alla deltog anges alla. Summor kan därför skilja sig från delarna.",
        "At least {group_min} people and {group_min} occasions stand behind every figure, and it is rounded to the "
        "nearest {round_to}. A dash ({dash}) is a figure withheld: too few stand behind it, or it protects another. "
        "Nearly all is given as all. Sums may therefore differ from their parts.",
    ),
    "visits": Words("besök", "visits"),
    "taking_part": Words("besök där någon deltog", "visits with taking part"),
    "meetings_between": Words("möten mellan myndigheter", "meetings between agencies"),
    "guests": Words("gäster", "guests"),
    "closed": Words("automatiska utcheckningar", "automatic check-outs"),
    "activities": Words("aktiviteter", "activities"),
    "meetings": Words("Möten mellan myndigheter", "Meetings between agencies"),
    "meetings_about": Words(
        "Ett möte är ett par: två personer som deltog i samma zon samtidigt. Den som kommer tillbaka räknas igen. "
        "Starkare färg: fler möten. Diagonalen är möten mellan kollegor. Minst ett par hålls alltid inne, och en "
        "myndighet som saknas kan inte visas.",
        "A meeting is a pair: two people taking part in one zone at one time. Whoever comes back is counted again. "
        "Stronger colour: more meetings. The diagonal is meetings between colleagues. At least one pair is always "
        "withheld, and an agency that is missing cannot be shown.",
    ),
    "meetings_sum": Words(
        "Mellan myndigheter: {between}. Inom samma myndighet: {within}.",
        "Between agencies: {between}. Within one agency: {within}.",
    ),
    "no_pairs": Words("Inget par av myndigheter kan visas.", "No pair of agencies can be shown."),
    "agency": Words("myndighet", "agency"),
    "zones": Words("Zonerna, timme för timme", "The zones, hour by hour"),
    "zones_about": Words(
        "Påbörjade vistelser i varje zon, efter lokal timme.", "Stays begun in each zone, by local hour."
    ),
    "hour": Words("timme", "hour"),
    "month": Words("hela månaden", "whole month"),
    "joined": Words("gick dit", "joined"),
    "took_part": Words("deltog", "took part"),
    "part": Words("Hur många deltog", "How many took part"),
    "part_about": Words(
        "Att delta är att ha haft sällskap i zonen i några minuter. Ingen betygsätts: stapeln är huset, "
        "inte den som kom.",
        "To take part is to have had company in the zone for some minutes. Nobody is graded: the bar is the house, not "
        "whoever came.",
    ),
    "zone": Words("zon", "zone"),
    "arrivals": Words("Ankomster, timme för timme", "Arrivals, hour by hour"),
    "arrivals_about": Words("Besök efter den lokala timme de började.", "Visits by the local hour they began in."),
    "offers": Words("Erbjudanden", "Offers"),
    "offers_about": Words(
        "Hur många förslag om en zon som gavs, antogs och ledde till sällskap där.",
        "How many suggestions of a zone were made, taken, and led to company there.",
    ),
    "offers_made": Words("givna", "made"),
    "offers_taken": Words("antagna", "taken"),
    "offers_followed": Words("ledde till sällskap", "led to company"),
    "exit": Words("Träffade du någon ny?", "Did you meet somebody new?"),
    "exit_about": Words(
        "Frivilliga svar på vägen ut. De är inte knutna till någon.",
        "Optional answers on the way out. They are tied to nobody.",
    ),
    "yes": Words("ja", "yes"),
    "no": Words("nej", "no"),
    "skipped": Words("hoppade över", "skipped"),
    "count": Words("antal", "count"),
    "chart": Words(
        "Diagram, med samma siffror i tabellen intill", "Chart, with the same figures in the table beside it"
    ),
    "months": Words("Månad för månad", "Month by month"),
    "method": Words(
        "Metod och gränser: docs/research.md. Siffror som släppts ändras aldrig.",
        "Method and limits: docs/research.md. Figures once released never change.",
    ),
}


def month_name(month: str) -> Words:
    """Return a month, YYYY-MM, in words."""
    year, _, number = month.partition("-")
    name = MONTHS[int(number) - 1]
    return Words(f"{name.sv} {year}", f"{name.en} {year}")
