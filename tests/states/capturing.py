"""States of the form: before it can seal, empty, in doubt, full, refused, and after saving."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.states.stage import Stage

STATES = ("received", "in-record", "needs-look", "parked", "disposed")
FAILS_TO_SAVE = """() => {
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function () {
    IDBObjectStore.prototype.add = add;
    throw new DOMException('full', 'QuotaExceededError');
  };
}"""
KEEPS_NOTHING_UNFINISHED = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...words) {
    if (this.name === 'unfinished') throw new DOMException('full', 'QuotaExceededError');
    return put.apply(this, words);
  };
}"""
MANY_MORE = """() => new Promise((resolve, reject) => {
  indexedDB.open('sharelog').onsuccess = ({ target }) => {
    const tx = target.result.transaction('events', 'readwrite');
    const events = tx.objectStore('events');
    events.getAll().onsuccess = (got) => {
      const last = got.target.result.at(-1);
      for (let n = 1; n <= 60; n += 1) {
        const { n: _, ...row } = last;
        const at = row.at - n * 6e7;
        events.add({ ...row, id: `${row.id}${n}`, device: 'another', seq: n, at });
      }
    };
    tx.oncomplete = () => { target.result.close(); resolve(); };
    tx.onerror = () => reject(tx.error);
  };
})"""


def before_the_first_contact(stage: Stage) -> Iterator[str]:
    """A phone that has never reached its organisation."""
    stage.phone(added=False, no_door=True)
    stage.here()
    yield "needs signal once"
    stage.tap("#open-advice")
    stage.sees("#advice-nobody")
    yield "advice without contacts"
    stage.back()
    stage.tap("#open-call")
    stage.sees("#call-none:not(:empty)")
    yield "no numbers yet"
    stage.back()
    stage.write(told="School", about="Jamie Example", shared="What was seen.")
    stage.press()
    stage.sees("#warning strong")
    yield "cannot seal yet"


def the_form(stage: Stage) -> Iterator[str]:
    """From a first visit to everything that can be said."""
    stage.phone(added=False)
    stage.sees("#demo")
    stage.here()
    yield "first visit"
    stage.phone()
    yield "capture"
    stage.press()
    stage.sees("#problems")
    yield "problems"
    stage.again()
    for more in stage.at("[data-chips] > .chip--more").all():
        if more.is_visible():
            more.click()
    stage.tap("#more summary")
    yield "everything open"
    yield from _everything_said(stage)
    yield from _not_shared(stage)


def _everything_said(stage: Stage) -> Iterator[str]:
    stage.tap("#often .chip")
    stage.write(about="Jamie Example, about 4", risk_name="A neighbour")
    stage.tap("#another-child")
    row = stage.at("#other-children fieldset")
    row.locator("[data-child=name]").fill("Kit Sample")
    row.locator("[data-open]").click()
    stage.tap("#about-more [data-who=unborn]")
    stage.tap("#works-with-children")
    stage.tap("#known [value=other]")
    stage.tap("#family [value=not-safe]")
    stage.tap("#danger")
    stage.tap("#when [value=choose]")
    stage.write(shared="A few lines. " * 60)
    stage.sees("#length-guide:not(:empty)")
    yield "everything said"
    stage.write(moment="")
    stage.press()
    stage.sees("#moment-problem")
    yield "no date and time"
    stage.tap(".foot [data-leaves=practice]")
    stage.sees("#warning strong")
    yield "practice while something is typed"
    stage.tap("#when [value=now]")
    stage.tap("#unknown")
    stage.page.evaluate(FAILS_TO_SAVE)
    stage.press()
    stage.sees("#warning strong")
    yield "not saved"


def _not_shared(stage: Stage) -> Iterator[str]:
    stage.phone()
    stage.page.evaluate(KEEPS_NOTHING_UNFINISHED)
    stage.write(shared="Half a sen")
    stage.sees("#unkept")
    yield "cannot keep what is being written"
    stage.again()
    stage.tap("#acts [data-act=not-shared]")
    stage.at("#review-on").evaluate("(field) => { field.value = '12030-01-15'; }")
    stage.press()
    stage.sees("#review-on-problem")
    stage.sees("#problems")
    yield "decided not to share"
    stage.again()
    stage.tap("#acts [data-act=refused]")
    stage.press()
    stage.sees("#problems")
    yield "asked and refused"


def after_saving(stage: Stage) -> Iterator[str]:
    """Saved, and what is added to it later."""
    stage.phone(added=False)
    stage.sees("#demo")
    stage.log()
    yield "saved, on a phone that is not added"
    stage.phone()
    stage.signal(False)
    stage.log()
    yield "saved"
    stage.tap("#fix-this")
    stage.tap("#fix-save")
    stage.sees("#fix-problem:not(:empty)")
    yield "fix"
    empty = stage.at("#fix-problem").inner_text()
    stage.write(fix_text="It was on Tuesday.")
    stage.page.evaluate(FAILS_TO_SAVE)
    stage.tap("#fix-save")
    expect(stage.at("#fix-problem")).not_to_have_text(empty)
    yield "fix not saved"
    stage.tap("#fix-save")
    stage.sees(".entries__added")
    yield "fixed"
    stage.tap(".entries__fix")
    stage.tap("#fix-mistake")
    stage.sees("#fix-sure")
    yield "asked whether it was a mistake"
    stage.page.evaluate(FAILS_TO_SAVE)
    stage.tap("#fix-sure-yes")
    stage.sees("#fix-sure-problem:not(:empty)")
    yield "mistake not saved"
    stage.tap("#fix-sure-yes")
    expect(stage.at("#fix")).to_be_hidden()
    yield "logged by mistake"


def the_list(stage: Stage) -> Iterator[str]:
    """Entries in every state an entry can be in."""
    stage.phone()
    stage.signal(False)
    for _ in range(len(STATES) + 1):
        stage.log()
        stage.tap("#another")
    for n, state in enumerate(STATES, start=1):
        row = {"n": n, "state": state, "why": "", "changedAt": 0, "receipt": None, "opened": None}
        stage.store("states", row)
    stage.again()
    expect(stage.at("#entries-list > li")).to_have_count(len(STATES) + 1)
    yield "entries in every state"
    stage.page.evaluate(MANY_MORE)
    stage.again()
    stage.sees("#entries-more")
    yield "more entries than are shown"
