"""Why something was decided as it was, for people: rule, roster, evidence and clock. Pure; names nobody."""

from collections.abc import Mapping

from kiosk.domain import events
from kiosk.domain.instant import ClockState, Instant
from kiosk.domain.reasons import EXPLANATIONS
from kiosk.domain.zones import Words, ZoneState

_KINDS: Mapping[type[events.Happened], Words] = {
    events.Arrived: Words("Medlemmen släpptes in.", "The member was let in."),
    events.SeenAgain: Words(
        "Kortet visades av någon som redan var inne.", "The badge was shown by somebody already in."
    ),
    events.JoinedZone: Words("Medlemmen gick med i en zon.", "The member joined a zone."),
    events.LeftZone: Words("Medlemmen lämnade en zon.", "The member left a zone."),
    events.ConfirmedByHost: Words("En värd såg att medlemmen deltog.", "A host saw the member taking part."),
    events.CompanyBegan: Words("Medlemmen fick sällskap.", "The member got company."),
    events.CompanyEnded: Words("Medlemmen hade inte längre sällskap.", "The member had company no longer."),
    events.TookPart: Words("Medlemmen blev närvarande.", "The member became present."),
    events.Lapsed: Words("Medlemmen söker sällskap.", "The member is looking for company."),
    events.Left: Words("Medlemmen checkade ut.", "The member checked out."),
    events.ClosedAutomatically: Words(
        "Besöket stängdes vid husets stängning.", "The visit was closed when the house closed."
    ),
    events.ArrivalUndone: Words("Incheckningen ångrades.", "The check-in was undone."),
    events.LeavingUndone: Words("Utcheckningen ångrades.", "The check-out was undone."),
    events.TapRefused: Words("Kortet släpptes inte in.", "The badge was not let in."),
    events.ArrivalCorrected: Words("En värd rättade när medlemmen kom.", "A host corrected when the member came."),
    events.LeavingCorrected: Words("En värd rättade när medlemmen gick.", "A host corrected when the member left."),
    events.VisitAnnulled: Words("En värd tog tillbaka besöket.", "A host took the visit back."),
    events.ClearedByHost: Words("En värd vet att medlemmen har gått.", "A host knows that the member has left."),
    events.OfferMade: Words("Medlemmen fick ett förslag på en zon.", "The member was offered a zone."),
    events.NamingChosen: Words("Medlemmen valde om namnet får visas.", "The member chose whether to be named."),
    events.OffersChosen: Words("Medlemmen valde om förslag ska ges.", "The member chose whether to get offers."),
    events.LanguageChosen: Words("Medlemmen valde språk.", "The member chose a language."),
    events.GuestArrived: Words("En gäst kom in med en medlem.", "A guest came in with a member."),
    events.GuestJoinedZone: Words("En gäst gick till en egen zon.", "A guest went to a zone of their own."),
    events.GuestHandedOver: Words("En gäst fick en annan värdmedlem.", "A guest went over to another member."),
    events.GuestLeft: Words("En gäst gick före sin medlem.", "A guest left before their member."),
    events.SeatsExceeded: Words(
        "Fler än avtalat från en myndighet var inne.", "More people of an agency than agreed were in."
    ),
    events.ActivityPlanned: Words("En aktivitet planerades.", "An activity was announced."),
    events.ActivityCancelled: Words("En aktivitet ställdes in.", "An activity was cancelled."),
    events.BadgeEnrolled: Words("Ett kort knöts till en medlem.", "A badge was tied to a member."),
    events.BadgeRekeyed: Words(
        "Ett kort fick en ny nyckel vid byte av hemlighet.", "A badge got a new key as the secret was changed."
    ),
    events.BadgeReportedLost: Words("Ett kort anmäldes som borttappat.", "A badge was reported lost."),
    events.BadgeFound: Words("Ett borttappat kort kom till rätta.", "A lost badge was found."),
    events.BadgeCopied: Words(
        "Ett kort kunde inte visa att det är äkta.", "A badge could not show that it is genuine."
    ),
    events.RuleTaken: Words("Regelns tal togs i bruk.", "The numbers of the rule were taken into use."),
    events.BrakeLifted: Words(
        "En värd godtog en medlemslista som tar bort många.", "A host accepted a list that removes many members."
    ),
    events.QuarantineRetried: Words(
        "En värd lät det som lagts åt sidan skickas igen.", "A host had what was put aside sent again."
    ),
    events.RetentionRan: Words("Uppgifter som sparats länge nog togs bort.", "What was kept long enough was removed."),
    events.PersonErased: Words("En medlems uppgifter raderades.", "What was kept of a member was erased."),
}
_NUMBERS: Mapping[type[events.Happened], tuple[str, ...]] = {
    events.Arrived: ("rights_old_s", "rights_limit_s"),
    events.TapRefused: ("rights_old_s", "rights_limit_s"),
    events.SeenAgain: ("guard_s", "leave_again_s"),
    events.Left: ("leave_again_s",),
    events.ArrivalUndone: ("undo_s",),
    events.LeavingUndone: ("undo_s",),
    events.CompanyBegan: ("company_min", "join_fresh_s", "join_company_s"),
    events.CompanyEnded: ("company_min", "join_fresh_s", "join_company_s"),
    events.TookPart: ("settle_s", "company_min", "join_fresh_s", "join_company_s"),
    events.Lapsed: ("linger_s",),
    events.OfferMade: ("grace_s", "offers_ignored_max", "offers_pause_s"),
    events.ClosedAutomatically: ("uncertain_s",),
    events.ArrivalCorrected: ("correct_s",),
    events.LeavingCorrected: ("correct_s",),
    events.VisitAnnulled: ("correct_s",),
}
"""Which numbers of the rule each kind of event hangs on."""
_CLOCKS = {
    ClockState.UNSET: Words("Klockan hade aldrig ställts; tiden är osäker.", "The clock had never been set."),
    ClockState.SET: Words("Klockan var ställd men inte synkad.", "The clock was set, and not synchronised."),
    ClockState.SYNCED: Words("Klockan var synkad.", "The clock was synchronised."),
}
_ZONES = {
    ZoneState.OCCUPIED: Words("Zonens sensorer såg folk.", "The zone's sensors saw people."),
    ZoneState.VACANT: Words("Zonens sensorer såg ingen.", "The zone's sensors saw nobody."),
    ZoneState.UNKNOWN: Words(
        "Zonens sensorer visste inget: obekräftat, och ingen nackdel för medlemmen.",
        "The zone's sensors could not tell: uncorroborated, and never held against the member.",
    ),
}
_DAY_S = 86_400


def explain(event: events.Happened, numbers: Mapping[str, int]) -> tuple[Words, ...]:
    """Return what happened and all that it rested on, one sentence each; `numbers` are the rule's, then in force."""
    return (_KINDS[type(event)], *_because(event), *_rule(event, numbers), _clock(event.at))


def _because(event: events.Happened) -> tuple[Words, ...]:
    match event:
        case events.TapRefused(reason=reason, basis=basis):
            return (EXPLANATIONS[reason].sentence, *_roster(basis))
        case events.Arrived(basis=basis, rights=rights):
            old = Words("Beslutet togs på gamla uppgifter.", "The decision was made on old data.")
            return (*_roster(basis), *((old,) if rights is events.Rights.OLD else ()))
        case events.CompanyBegan(evidence=evidence) | events.TookPart(evidence=evidence):
            return _evidence(evidence)
        case events.SeatsExceeded(limit=limit, inside=inside):
            return (
                Words(f"Avtalet gäller {limit} åt gången; {inside} var inne.", f"{limit} agreed; {inside} were in."),
            )
        case _:
            return ()


def _roster(basis: events.Basis | None) -> tuple[Words, ...]:
    if basis is None or basis.roster_age_s is None:
        return (Words("Det fanns ingen medlemslista.", "There was no member list."),)
    days, rest_s = divmod(int(basis.roster_age_s), _DAY_S)
    age = f"{days} d {rest_s // 3600:02}:{rest_s % 3600 // 60:02}"
    name = basis.roster or "?"
    return (Words(f"Medlemslistan {name} var {age} gammal.", f"The member list {name} was {age} old."),)


def _evidence(evidence: events.Evidence) -> tuple[Words, ...]:
    others = Words(f"{evidence.others} andra var med.", f"{evidence.others} others had joined.")
    sensed = (
        ()
        if evidence.sensed is None
        else (Words(f"Sensorerna var säkra på {evidence.sensed}.", f"The sensors were sure of {evidence.sensed}."),)
    )
    host = (Words("En värd hade bekräftat.", "A host had confirmed."),) if evidence.host else ()
    activity = (Words("En värd ledde en aktivitet där.", "A host ran an activity."),) if evidence.activity else ()
    return (others, *sensed, *host, *activity, _ZONES[evidence.zone_state])


def _rule(event: events.Happened, numbers: Mapping[str, int]) -> tuple[Words, ...]:
    wanted = _NUMBERS.get(type(event), ())
    told = ", ".join(f"{name} = {numbers[name]}" for name in wanted if name in numbers)
    if told:
        return (Words(f"Regeln: {told}.", f"The rule: {told}."),)
    return (Words("Regelns tal från då finns inte kvar.", "The rule's numbers of then are lost."),) if wanted else ()


def _clock(at: Instant) -> Words:
    return _CLOCKS[at.clock]
