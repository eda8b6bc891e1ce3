/** Who is logged on at this page, and whether the server no longer knows: then the page asks again. */

import { askConsent } from "../api/client";
import { readDoor, type Person } from "../api/session";

export class Me {
  /** Null where nobody is asked: the demo's door stands open. */
  person = $state.raw<Person | null>(null);
  /** The session is over in mid-work: what is typed stays, and somebody logs on over it. */
  isOut = $state(false);

  /** The server has said so; a page that has nothing to lose yet goes to the door. */
  loggedOff(code: string, hasWork: boolean): void {
    if (hasWork && code === "logged_off") this.isOut = true;
    else if (!this.isOut) this.#toDoor(code);
  }

  async read(): Promise<void> {
    const door = await readDoor().catch(() => null);
    if (!door) return;
    this.person = door.person;
    askConsent(door.person !== null && !door.person.rights.includes("approve"));
  }

  /** Whether it is only the line, or the session that is over. */
  async check(): Promise<void> {
    if (!this.person || this.isOut) return;
    const door = await readDoor().catch(() => null);
    if (door?.door === "login" && !door.person) this.isOut = true;
  }

  /** Somebody has logged on; the page's own timers try again by themselves. */
  async isBack(person: Person): Promise<void> {
    // Somebody else begins with a page of its own.
    if (this.person && this.person.name !== person.name) location.reload();
    await this.read();
    this.isOut = false;
  }

  #toDoor(code: string): void {
    const next = encodeURIComponent(location.pathname + location.search);
    // Whoever is known, and not for this page, would be sent here and there for ever.
    location.replace(code === "logged_off" ? `/login?next=${next}` : `/login?why=${code}`);
  }
}

export const me = new Me();
