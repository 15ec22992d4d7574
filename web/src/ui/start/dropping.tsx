import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { words } from "../../strings/words.ts";
import { usePage } from "../context.ts";
import { filesOf } from "../desk/intake.ts";

/** Takes what is dropped anywhere on the page, or pasted. */
export function Dropping({ children }: { children: ComponentChildren }) {
  const { takeFiles } = usePage();
  const [isOver, over] = useState(false);
  useEffect(() => {
    let depth = 0;
    const hasFiles = (event: DragEvent): boolean => Boolean(event.dataTransfer?.types.includes("Files"));
    const listeners = {
      dragenter: (event: DragEvent) => {
        if (hasFiles(event) && ++depth === 1) over(true);
      },
      dragleave: (event: DragEvent) => {
        if (hasFiles(event) && --depth <= 0) over(false);
      },
      dragover: (event: DragEvent) => {
        if (hasFiles(event)) event.preventDefault();
      },
      drop: (event: DragEvent) => {
        depth = 0;
        over(false);
        if (!hasFiles(event)) return;
        event.preventDefault();
        void takeFiles(filesOf(event.dataTransfer, words.start.pasted));
      },
      paste: (event: ClipboardEvent) => {
        const files = filesOf(event.clipboardData, words.start.pasted);
        if (!files.length) return;
        event.preventDefault();
        void takeFiles(files);
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
