"""States behind the form: unfinished entries, reading back, calling, and doubt."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.states.capturing import FAILS_TO_SAVE
from tests.states.stage import Stage

PHRASE = "three wet umbrellas"
AUTHENTICATOR = {
    "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal",
    "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True, "hasPrf": True,
}  # fmt: skip


def unfinished(stage: Stage) -> Iterator[str]:
    """What an interruption left."""
    stage.phone()
    stage.signal(False)
    stage.write(about="Jamie Example", shared="He told me th")
    stage.unfinished()
    stage.signal(True)
    stage.again()
    stage.sees("#left")
    yield "unfinished, without a copy"
    stage.tap("#left [data-part=bin]")
    yield "asked whether to bin it"
    stage.tap("#left [data-part=bin-no]")
    stage.page.evaluate(FAILS_TO_SAVE)
    stage.tap("#left [data-part=send]")
    stage.sees("#left [data-part=problem]")
    yield "unfinished could not be sent"
    stage.tap("#left [data-part=send]")
    stage.sees(".status--note")
    yield "sent as it was"


def reading(stage: Stage) -> Iterator[str]:
    """From no passphrase to an entry that is read, and everything that can go wrong."""
    stage.phone()
    devtools = stage.page.context.new_cdp_session(stage.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    stage.log()
    stage.tap("[data-read]")
    stage.sees("#read-set")
    yield "set a passphrase"
    stage.write(read_new="12345678901234")
    stage.tap("#read-set [type=submit]")
    stage.sees("#read-problem")
    yield "too easy a passphrase"
    _set(stage)
    stage.sees("#read-none")
    yield "nothing to read yet"
    stage.tap("#read-change")
    stage.sees("#read-change-why")
    yield "changing the passphrase"
    stage.back()
    stage.write(told="Ms Jones", about="Robin Example", shared="He told me that he is afraid.")
    stage.press()
    stage.sees(".status--saved")
    stage.tap("#another")
    stage.write(about="Kit Sample", shared="Half a sen")
    stage.unfinished()
    stage.tap("#hide")
    stage.sees("#curtain")
    yield "hidden"
    stage.tap("#curtain")
    stage.sees("#left [data-part=continue]")
    yield "unfinished, to go on with"
    yield from _locked(stage)


def _set(stage: Stage) -> None:
    stage.write(read_new=PHRASE, read_again=PHRASE)
    stage.tap("#read-set [type=submit]")
    stage.sees("#read-open")


def _locked(stage: Stage) -> Iterator[str]:
    stage.tap("[data-read]")
    stage.sees("#read-locked")
    yield "locked"
    stage.write(read_phrase="a wrong passphrase")
    stage.tap("#read-locked [type=submit]")
    stage.sees("#read-problem")
    yield "wrong passphrase"
    stage.write(read_phrase=PHRASE)
    stage.tap("#read-locked [type=submit]")
    stage.sees("#read-list > li")
    yield "reading list"
    stage.tap("#read-list summary")
    yield "an entry read back"
    stage.tap("#read-add")
    stage.sees("#read-said:not(:empty)")
    yield "the phone's own lock added"
    stage.tap("#read-lock")
    stage.sees("#read-platform")
    yield "locked, with the phone's own lock"
    far = {"count": 9, "until": stage.page.evaluate("Date.now() + 90_000")}
    stage.store("reading", far, "tries")
    stage.write(read_phrase="a wrong passphrase")
    stage.tap("#read-locked [type=submit]")
    stage.sees("#read-problem")
    yield "too many wrong ones"
    stage.tap("#read-forgotten")
    stage.sees("#read-forgot-warning")
    yield "passphrase forgotten"


def calling(stage: Stage) -> Iterator[str]:
    """A call, how it went, and whoever was not reached."""
    stage.phone()
    stage.tap("#open-advice")
    stage.sees("#advice-contacts a")
    yield "can I share"
    stage.back()
    stage.tap("#open-call")
    stage.sees("#call-groups a")
    yield "call list"
    stage.write(call_search="xyzzy")
    stage.sees("#call-none:not(:empty)")
    yield "nobody found"
    stage.write(call_search="midwifery")
    expect(stage.at("#call-groups a")).to_have_count(0)
    yield "no number"
    stage.write(call_search="")
    stage.tap("#call-groups button")
    stage.tap("#call-groups a")
    stage.sees("#called")
    yield "how did the call go"
    stage.page.evaluate(FAILS_TO_SAVE)
    stage.tap("[data-went=no-answer]")
    stage.sees("#called-problem strong")
    yield "the call could not be kept"
    stage.page.go_back()
    stage.sees("#standing-list button")
    yield "a call to be told of"
    stage.tap("#standing-list button")
    stage.tap("[data-went=message]")
    stage.sees("#log")
    stage.sees("#standing-list button")
    yield "not yet told"
    stage.tap("#standing-list button")
    stage.sees("#untold")
    yield "who was not reached"
