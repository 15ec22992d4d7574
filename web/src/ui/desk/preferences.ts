/** What a person chose for this device; kept in the browser, forgotten quietly where it cannot be. */
import type { ExportFormat, Quality, Session, Settings } from "../../session.ts";
import { Store } from "./store.ts";

export type Theme = "system" | "light" | "dark";

/** `ask` gives the small network's cutout and then says what a finer one costs. */
export type QualityChoice = "ask" | "full" | "small";

export interface Preferences {
  readonly theme: Theme;
  readonly quality: QualityChoice;
  readonly provider: Settings["provider"];
  readonly format: ExportFormat;
  /** 1 to 100, of the formats that lose something. */
  readonly export_quality: number;
}

const KEY = "feathercut.preferences";
const FIRST: Preferences = { theme: "system", quality: "ask", provider: "auto", format: "png", export_quality: 90 };

/** Only what is known counts, so that a value of another version does no harm. */
export function readPreferences(text: string | null): Preferences {
  const kept = parsed(text);
  return {
    theme: among(["system", "light", "dark"] as const, kept.theme) ?? FIRST.theme,
    quality: among(["ask", "full", "small"] as const, kept.quality) ?? FIRST.quality,
    provider: among(["auto", "wasm", "webgpu"] as const, kept.provider) ?? FIRST.provider,
    format:
      among(["png", "webp", "jpeg", "avif", "matte", "psd", "ora", "zip-layers"] as const, kept.format) ?? FIRST.format,
    export_quality: typeof kept.export_quality === "number" ? clamp(kept.export_quality) : FIRST.export_quality,
  };
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function among<T extends string>(choices: readonly T[], value: unknown): T | undefined {
  return choices.find((choice) => choice === value);
}

function clamp(quality: number): number {
  return Math.min(100, Math.max(1, Math.round(quality)));
}

/** Without a choice, the small network first: what the other costs is said when there is something to look at. */
export async function firstQuality(session: Session, choice: QualityChoice): Promise<Quality> {
  if (choice !== "ask") return choice;
  return (await session.cost("full")) > (await session.cost("small")) ? "small" : "full";
}

/** The preferences of this browser, written back when they change. */
export function keptPreferences(): Store<Preferences> {
  const store = new Store(readPreferences(stored()));
  store.subscribe(() => {
    try {
      localStorage.setItem(KEY, JSON.stringify(store.value));
    } catch {
      // A private window or a full disk: the choice lasts as long as the page.
    }
  });
  return store;
}

/** Asks the browser not to clear what was fetched when it is short of room, once a person wanted the large network. */
export function staysOnceWanted(preferences: Store<Preferences>): void {
  let before = preferences.value.quality;
  preferences.subscribe(() => {
    const { quality } = preferences.value;
    // Some browsers ask the person: by then they know what for. A refusal changes nothing today.
    if (quality === "full" && before !== "full") navigator.storage?.persist?.().catch(() => {});
    before = quality;
  });
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
