import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { words } from "../../strings/words.ts";
import { usePage } from "../context.ts";
import { named } from "../desk/intake.ts";
import { carriesFiles, receiveArrivals } from "./arrivals.ts";

/** Takes what is dropped anywhere on the page, or pasted, and shows that it would. */
export function Dropping({ children }: { children: ComponentChildren }) {
  const { takeFiles } = usePage();
  const [isOver, over] = useState(false);
  useEffect(() => receiveArrivals((files) => void takeFiles(named(files, words.start.pasted))), []);
  useEffect(() => {
    let depth = 0;
    const listeners = {
      dragenter: (event: DragEvent) => {
        if (carriesFiles(event) && ++depth === 1) over(true);
      },
      dragleave: (event: DragEvent) => {
        if (carriesFiles(event) && --depth <= 0) over(false);
      },
      drop: () => {
        depth = 0;
        over(false);
      },
    };
    for (const [kind, heard] of Object.entries(listeners)) document.addEventListener(kind, heard as EventListener);
    return () => {
      for (const [kind, heard] of Object.entries(listeners)) document.removeEventListener(kind, heard as EventListener);
    };
  }, []);
  return (
    <>
      {children}
      {isOver && (
        <div class="dropping" aria-hidden="true">
          <p>{words.start.dropping}</p>
        </div>
      )}
    </>
  );
}
