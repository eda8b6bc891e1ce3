/** The desk's tones, made by Web Audio: no sound file, and each event its own pattern. */

export type Tone = "level1" | "emergency" | "ring" | "alarm" | "done";

interface Pulse {
  hz: number;
  n: number;
  onS: number;
  gapS: number;
}

const PATTERNS: Record<Tone, Pulse> = {
  level1: { hz: 880, n: 3, onS: 0.16, gapS: 0.12 },
  emergency: { hz: 1040, n: 6, onS: 0.2, gapS: 0.08 },
  ring: { hz: 520, n: 2, onS: 0.28, gapS: 0.14 },
  alarm: { hz: 660, n: 2, onS: 0.1, gapS: 0.1 },
  done: { hz: 440, n: 1, onS: 0.06, gapS: 0 },
};

let audio: AudioContext | null = null;

/** A browser plays nothing before a person has touched the page: called on the first touch. */
export function unlockAudio(): void {
  if (typeof AudioContext === "undefined") return;
  audio ??= new AudioContext();
  if (audio.state === "suspended") void audio.resume();
}

export function play(tone: Tone): void {
  if (!audio || audio.state !== "running") return;
  const { hz, n, onS, gapS } = PATTERNS[tone];
  for (let i = 0; i < n; i += 1) pulse(audio, hz, audio.currentTime + i * (onS + gapS), onS);
}

function pulse(context: AudioContext, hz: number, atS: number, onS: number): void {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = hz;
  // A soft edge of 10 ms: a hard one clicks.
  gain.gain.setValueAtTime(0, atS);
  gain.gain.linearRampToValueAtTime(0.18, atS + 0.01);
  gain.gain.setValueAtTime(0.18, atS + onS - 0.02);
  gain.gain.linearRampToValueAtTime(0, atS + onS);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(atS);
  oscillator.stop(atS + onS);
}
