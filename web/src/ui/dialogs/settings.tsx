import type { Machine } from "../../session.ts";
import { words } from "../../strings/words.ts";
import { usePage } from "../context.ts";
import { Choices } from "../controls/choices.tsx";
import { Dialog } from "../controls/dialog.tsx";
import { useWatched } from "../desk/store.ts";

export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const { desk, preferences } = usePage();
  const chosen = useWatched(preferences, (value) => value);
  return (
    <Dialog title={words.settings.title} onClose={onClose}>
      <Choices
        label={words.settings.theme}
        value={chosen.theme}
        choices={(["system", "light", "dark"] as const).map((value) => ({
          value,
          label: words.settings.themes[value],
        }))}
        onChoose={(theme) => preferences.change({ theme })}
      />
      <Choices
        label={words.settings.quality}
        value={chosen.quality}
        choices={(["ask", "full", "small"] as const).map((value) => ({ value, label: words.quality[value] }))}
        onChoose={(quality) => {
          preferences.change({ quality });
          if (quality === "full") desk.refine();
        }}
      />
      <Choices
        label={words.settings.provider}
        value={chosen.provider}
        choices={(["auto", "wasm", "webgpu"] as const).map((value) => ({
          value,
          label: words.settings.providers[value],
        }))}
        onChoose={(provider) => preferences.change({ provider })}
      />
      <p class="quiet">{words.settings.provider_says}</p>
      <section class="machine">
        <h3>{words.settings.machine}</h3>
        <MachineText machine={desk.session.machine} />
      </section>
    </Dialog>
  );
}

/** What runs the networks, and why. */
export function MachineText({ machine }: { machine: Machine | null }) {
  const { settings } = words;
  const isIsolated = machine?.is_isolated ?? crossOriginIsolated;
  return (
    <>
      <p>
        {machine
          ? `${machine.provider === "webgpu" ? settings.webgpu : settings.wasm(machine.threads)} · ${settings.precision(machine.precision)}`
          : settings.machine_unknown}
      </p>
      {machine && <p class="quiet">{machine.why}</p>}
      {!isIsolated && <p class="quiet">{settings.not_isolated}</p>}
    </>
  );
}
