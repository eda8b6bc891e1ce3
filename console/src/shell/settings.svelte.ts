/** What a person set on this machine: language, theme, sound, seat number. Kept in the browser. */

export type Lang = "zh" | "en";
export type Theme = "dark" | "light";

function read(key: string): string | null {
  // A browser that forbids storage still works, it only forgets.
  try {
    return localStorage.getItem(`kuaifan.${key}`);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`kuaifan.${key}`, value);
  } catch {
    // Nothing to do: the setting holds until the page is left.
  }
}

class Settings {
  #lang = $state<Lang>(read("lang") === "en" ? "en" : "zh");
  #theme = $state<Theme>(read("theme") === "light" ? "light" : "dark");
  #hasSound = $state(read("sound") !== "off");
  #seatNumber = $state(Math.max(1, Math.min(99, Number(read("seat")) || 1)));

  get lang(): Lang {
    return this.#lang;
  }
  set lang(lang: Lang) {
    this.#lang = lang;
    write("lang", lang);
  }

  get theme(): Theme {
    return this.#theme;
  }
  set theme(theme: Theme) {
    this.#theme = theme;
    write("theme", theme);
  }

  get hasSound(): boolean {
    return this.#hasSound;
  }
  set hasSound(hasSound: boolean) {
    this.#hasSound = hasSound;
    write("sound", hasSound ? "on" : "off");
  }

  get seatNumber(): number {
    return this.#seatNumber;
  }
  set seatNumber(seatNumber: number) {
    this.#seatNumber = Math.max(1, Math.min(99, Math.trunc(seatNumber) || 1));
    write("seat", String(this.#seatNumber));
  }
}

export const settings = new Settings();
