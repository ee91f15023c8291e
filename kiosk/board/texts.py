"""The board's texts in both languages. No logic; a text with a hole names it in braces."""

from kiosk.domain.board import ReaderState
from kiosk.domain.presence import State
from kiosk.domain.reasons import Reason
from kiosk.domain.zones import Words, ZoneState

TEXTS: dict[str, Words] = {
    "motto": Words("Här är man med genom att delta.", "Being here means taking part."),
    "wall_title": Words("Läget i huset", "The house now"),
    "skip": Words("Till innehållet", "Skip to content"),
    "pages": Words("Sidor", "Pages"),
    "other_language": Words("English", "Svenska"),
    "for_hosts": Words("För värdar", "For hosts"),
    "to_wall": Words("Väggvyn", "Wall view"),
    "in_house": Words("i huset", "in the house"),
    "of_guests": Words("varav gäster {count}", "guests among them {count}"),
    "uncertain": Words(
        "{count} checkades ut vid stängning och är osäkra.", "{count} checked out at closing time and uncertain."
    ),
    "activities": Words("Aktiviteter", "Activities"),
    "present": Words("närvarande", "present"),
    "waiting": Words("söker sällskap", "seeking company"),
    "zones": Words("Zoner", "Zones"),
    "since": Words("sedan", "since"),
    "people_here": Words("i rummet, enligt sensorerna", "in the room, by the sensors"),
    "joined": Words("har valt zonen", "have joined"),
    "taking_part": Words("deltar", "taking part"),
    "unknown_count": Words("\N{EN DASH}", "\N{EN DASH}"),
    "unknown_count_said": Words("okänt antal", "unknown number"),
    "range": Words("{low}\N{EN DASH}{high}", "{low}\N{EN DASH}{high}"),
    "at_least": Words("minst {low}", "at least {low}"),
    "alike": Words("Sensorer och kort stämmer överens.", "Sensors and badges agree."),
    "more": Words("Minst {by} fler i rummet än de som valt zonen.", "At least {by} more in the room than have joined."),
    "fewer": Words("Minst {by} färre i rummet än de som valt zonen.", "At least {by} fewer in the room than joined."),
    "cannot_tell": Words("Sensorerna kan inte jämföras med korten nu.", "Sensors cannot be compared with badges now."),
    "zone_waiting": Words("{count} söker sällskap här", "{count} seeking company here"),
    "confidence": Words("Säkerhet {percent} %", "Confidence {percent} %"),
    "changed": Words("Nyss ändrat", "Just changed"),
    "no_reason": Words("Ingen sensor har hörts än.", "No sensor has been heard yet."),
    "no_zones": Words("Inga zoner är inlagda.", "No zones are set up."),
    "reader": Words("Kortläsare {reader}", "Badge reader {reader}"),
    "no_readers": Words("Ingen kortläsare är inlagd.", "No badge reader is set up."),
    "roster_age": Words("Medlemslistan är {age} gammal", "Member list is {age} old"),
    "no_roster": Words("Medlemslista saknas", "There is no member list"),
    "confirmed": Words("Läget bekräftat", "Confirmed at"),
    "age_minutes": Words("{n} min", "{n} min"),
    "age_hours": Words("{n} tim", "{n} h"),
    "age_days": Words("{n} dygn", "{n} days"),
    "age_fresh": Words("under en minut", "less than a minute"),
    "lost": Words("Ingen kontakt med disken sedan {time}.", "No contact with the desk since {time}."),
    "lost_picture": Words("Bilden är den senaste vi fick.", "This is the last picture we had."),
    "lost_page": Words(
        "Ingen kontakt med tavlan. Bilden är den senaste vi fick. Vi försöker igen.",
        "No contact with the board. This is the last picture we had. Trying again.",
    ),
    "no_picture": Words("Ingen bild av huset än. Vi väntar på disken.", "No picture yet. Waiting for the desk."),
    "clock_unset": Words("Klockan är inte ställd. Tiderna stämmer inte.", "The clock is not set. Times are wrong."),
    "demonstration": Words(
        "Demonstration: exempelmedlemmar och inspelade zoner, snabbspolade {speed} gånger.",
        "Demonstration: example members and recorded zones, played {speed} times as fast.",
    ),
    "classes": Words(
        "Antal under tre visas som 1\N{EN DASH}2. Inga namn visas här.",
        "Counts under three show as 1\N{EN DASH}2. No names are shown.",
    ),
    "no_script": Words("Sidan hämtas om var 30:e sekund.", "The page reloads every 30 seconds."),
    "pause": Words("Pausa", "Pause"),
    "resume": Words("Fortsätt", "Resume"),
    "host_title": Words("Värdarnas tavla", "The hosts' board"),
    "signed_in": Words("Inloggad som {host}", "Signed in as {host}"),
    "sign_out": Words("Logga ut", "Sign out"),
    "sign_in_title": Words("Logga in som värd", "Sign in as host"),
    "sign_in_name": Words("Ditt namn", "Your name"),
    "sign_in_password": Words("Lösenord", "Password"),
    "sign_in_button": Words("Logga in", "Sign in"),
    "need_sign_in": Words("Den här sidan är för husets värdar.", "This page is for the hosts of the house."),
    "no_hosts": Words(
        "Ingen värd har lösenord än. Den som sköter huset lägger in värdar med samverk board host add.",
        "No host has a password yet. Whoever runs the house adds hosts with samverk board host add.",
    ),
    "or_link": Words(
        "Har du en engångslänk? Öppna den i stället. Den gäller i tio minuter.",
        "Do you have a one-time link? Open it instead. It works for ten minutes.",
    ),
    "wrong_password": Words(
        "Namn och lösenord hör inte ihop. Försök igen.", "Name and password do not belong together. Try again."
    ),
    "too_many_wrong": Words(
        "För många felaktiga försök. Vänta fem minuter.", "Too many wrong attempts. Wait for five minutes."
    ),
    "look": Words("Utseende", "Look"),
    "look_own": Words("Som datorn", "As this computer"),
    "enter_title": Words("Logga in som värd", "Sign in as host"),
    "enter_text": Words(
        "Länken gäller en gång. Du är sedan inloggad i tolv timmar på den här datorn.",
        "The link works once. You then stay signed in for twelve hours on this computer.",
    ),
    "enter_button": Words("Öppna värdarnas tavla", "Open the hosts' board"),
    "dead_link_title": Words("Länken gäller inte längre", "The link no longer works"),
    "dead_link": Words("Den är använd eller för gammal. Be om en ny.", "It is used or too old. Ask for a new one."),
    "people": Words("I huset just nu", "In the house now"),
    "people_hidden": Words(
        "Namnen är dolda. Varje visning skrivs i åtkomstloggen.",
        "Names are hidden. Each showing is written in the access log.",
    ),
    "show_names": Words("Visa namn", "Show names"),
    "hide_names": Words("Dölj namn", "Hide names"),
    "read_at": Words("Läst {time}. Namnen döljs efter tio minuter.", "Read {time}. Names hide after ten minutes."),
    "nobody": Words("Ingen är i huset.", "Nobody is in the house."),
    "name": Words("Namn", "Name"),
    "agency": Words("Myndighet", "Agency"),
    "state": Words("Läge", "State"),
    "zone": Words("Zon", "Zone"),
    "no_zone": Words("ingen zon", "no zone"),
    "waited": Words("Väntat", "Waited"),
    "not_waited": Words("inte alls", "not at all"),
    "actions": Words("Åtgärder", "Actions"),
    "do_confirm": Words("Bekräfta", "Confirm"),
    "do_confirm_said": Words("Bekräfta att {name} deltar", "Confirm that {name} takes part"),
    "do_join": Words("Flytta", "Move"),
    "do_join_said": Words("Flytta {name} till zonen", "Move {name} to the zone"),
    "zone_for": Words("Zon för {name}", "Zone for {name}"),
    "do_leave": Words("Checka ut", "Check out"),
    "do_leave_said": Words("Checka ut {name}", "Check out {name}"),
    "do_undo": Words("Ångra", "Undo"),
    "guest_of": Words("gäst hos {name}", "guest of {name}"),
    "guest_name": Words("Gästens namn", "The guest's name"),
    "guest_name_for": Words("Namn på gäst hos {name}", "Name of a guest of {name}"),
    "do_guest_in": Words("Ta emot gäst", "Let guest in"),
    "do_guest_in_said": Words("Ta emot en gäst hos {name}", "Let a guest of {name} in"),
    "do_guest_out": Words("Checka ut", "Check out"),
    "plan_title": Words("Ny aktivitet", "New activity"),
    "plan_text": Words(
        "Medan den pågår är värden sällskap. Den visas för alla en timme innan.",
        "While it runs its host is company. All are told an hour before.",
    ),
    "title_sv": Words("Rubrik på svenska", "Title in Swedish"),
    "title_en": Words("Rubrik på engelska", "Title in English"),
    "starts": Words("Börjar i dag", "Begins today"),
    "minutes": Words("Minuter", "Minutes"),
    "do_plan": Words("Planera", "Announce"),
    "do_cancel": Words("Ställ in", "Cancel"),
    "do_cancel_said": Words("Ställ in {title}", "Cancel {title}"),
    "done_guest_in": Words("Gästen är incheckad.", "The guest is checked in."),
    "done_guest_out": Words("Gästen är utcheckad.", "The guest is checked out."),
    "done_guest_moved": Words("Gästen är flyttad.", "The guest is moved."),
    "done_activity_planned": Words("Aktiviteten är planerad.", "The activity is announced."),
    "done_activity_cancelled": Words("Aktiviteten är inställd.", "The activity is cancelled."),
    "done_confirmed": Words("Bekräftat.", "Confirmed."),
    "done_joined": Words("Zonen är vald.", "The zone is joined."),
    "done_left": Words("Utcheckad.", "Checked out."),
    "done_leaving_undone": Words("Utcheckningen är ångrad.", "The check-out is undone."),
    "done_other": Words("Klart.", "Done."),
    "desk_away": Words(
        "Disken svarar inte. Ingenting är säkert gjort.", "The desk does not answer. Nothing is surely done."
    ),
    "bad_request_title": Words("Det gick inte att läsa", "That could not be read"),
    "bad_request": Words("Ladda om sidan och försök igen.", "Reload the page and try again."),
    "not_found_title": Words("Sidan finns inte", "There is no such page"),
    "not_found": Words("Gå till väggvyn.", "Go to the wall view."),
    "fault_title": Words("Något gick fel hos oss", "Something went wrong on our side"),
    "fault": Words("Försök igen om en stund.", "Try again in a moment."),
}

LOOKS: dict[str, Words] = {
    "light": Words("Ljust", "Light"),
    "dark": Words("Mörkt", "Dark"),
    "contrast": Words("Hög kontrast", "High contrast"),
}
"""The looks that can be chosen instead of the browser's own."""

ZONE_STATES: dict[ZoneState, Words] = {
    ZoneState.OCCUPIED: Words("Folk här", "People here"),
    ZoneState.VACANT: Words("Tomt", "Empty"),
    ZoneState.UNKNOWN: Words("Vet inte", "Not known"),
}

READER_STATES: dict[ReaderState, Words] = {
    ReaderState.STARTING: Words("startar", "is starting"),
    ReaderState.READY: Words("är klar", "is ready"),
    ReaderState.NO_READER: Words("är inte inkopplad", "is not plugged in"),
    ReaderState.NO_DAEMON: Words("saknar sin tjänst", "lacks its service"),
    ReaderState.FAULT: Words("har ett fel", "has a fault"),
}

PERSON_STATES: dict[State, Words] = {
    State.ARRIVED: Words("har kommit", "has arrived"),
    State.PRESENT: Words("närvarande", "present"),
    State.PASSIVE: Words("söker sällskap", "seeking company"),
    State.OUT: Words("ute", "out"),
}

HOST_REASONS: dict[Reason, Words] = {
    Reason.NOT_IN_HOUSE: Words("Personen är inte incheckad.", "The person is not checked in."),
    Reason.NOT_IN_ZONE: Words("Personen är inte med i någon zon.", "The person has not joined a zone."),
    Reason.DESK_BUSY: Words("Disken är upptagen. Försök igen.", "The desk is busy. Try again."),
}
"""Reasons whose own sentence speaks to the member; all others say the same to a host."""
