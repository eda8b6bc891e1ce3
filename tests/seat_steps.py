"""Steps at a special seat's page (专席页面步骤), for the story of any seat.

page = open_seat(open_page, "promises", role="dispatcher")
choose_item(page, item_id)
do(page, "EndPromise", {"how": "kept", "note": "已回电"}, sure=True)
assert told_no(page, "EndPromise", {"how": "kept"}) == "没有事项 W1，或已办结"
"""

from __future__ import annotations

WAIT_MS = 10_000


def open_seat(open_page, seat_id, *, role, me="王值班", **options):
    """The page of a seat in a role, ready to work; me: who acts."""
    page = open_page(f"/seats/{seat_id}?as={role}", **options)
    page.wait_for_selector("[data-testid=seat][data-ready=true]")
    page.fill("[data-testid=me]", me)
    return page


def choose_item(page, item_id):
    """Choose an item of the list, once it is there."""
    page.click(f"[data-item={item_id}]")
    page.wait_for_selector(f"[data-item={item_id}][aria-selected=true]")


def choose_row(page, table, row_id):
    """Choose a row of a table, once it is there."""
    row = f"[data-testid=table-{table}] [data-row='{row_id}'] .pick"
    page.click(row)
    page.wait_for_selector(f"{row}[aria-pressed=true]")


def begin(page, command, fields=None):
    """Open the form of an action, once it is offered, and fill it; see `fill`."""
    page.locator(f"[data-command={command}]:is(button)").first.click()
    page.wait_for_selector(f"form[data-command={command}]")
    for name, value in (fields or {}).items():
        fill(page, name, value)


def fill(page, name, value):
    """Fill a field: a text, a code to choose, a list of codes to tick, or True and False."""
    place = page.locator(f"[data-field='{name}']")
    tag = place.evaluate("field => field.tagName")
    if isinstance(value, bool):
        place.set_checked(value)
    elif tag == "FIELDSET":
        for code in value:
            place.locator(f"input[value='{code}']").check()
    elif tag == "SELECT":
        place.select_option(value)
    else:
        place.fill(str(value))


def submit(page, *, sure=False):
    """Hand a form in; sure: it is asked once more, and pressed once more."""
    # A form without a field is the question itself, and asks no second time.
    asks_twice = sure and page.get_attribute("[data-testid=submit]", "data-sure") != "true"
    page.click("[data-testid=submit]")
    if asks_twice:
        page.click("[data-testid=submit][data-sure=true]")


def do(page, command, fields=None, *, sure=False):
    """Do something that must be accepted; its form is gone afterwards."""
    button = page.locator(f"[data-command={command}]:is(button)").first
    if button.get_attribute("data-once"):
        # It asks for nothing: one key, or one press, and it is done.
        button.click()
    else:
        begin(page, command, fields)
        submit(page, sure=sure)
    page.wait_for_selector(f"form[data-command={command}]", state="detached")
    page.wait_for_selector("[data-testid=said]:not(:empty)")


def told_no(page, command, fields=None, *, sure=False):
    """Do something that must be refused by the rules; the words that the page shows."""
    page.watch.allow(409)
    button = page.locator(f"[data-command={command}]:is(button)").first
    if button.get_attribute("data-once"):
        button.click()
    else:
        begin(page, command, fields)
        submit(page, sure=sure)
    return page.wait_for_selector("[data-testid=refused]").inner_text()


def faults(page):
    """What stands under the fields of the form, by field."""
    page.wait_for_selector("[data-testid=fault]")
    rows = page.locator(".row.wrong").all()
    return {
        row.locator("[data-field]").get_attribute("data-field"): row.locator(
            "[data-testid=fault]"
        ).inner_text()
        for row in rows
    }


def wait_gone(page, item_id):
    """Until an item is no longer owed."""
    page.wait_for_selector(f"[data-item={item_id}]", state="detached")


def figure(page, name):
    """The line of a figure, as text."""
    return page.locator(f"[data-figure={name}]").inner_text()
