import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** For what is open beside the page: a click or a focus elsewhere, or Escape, calls `leave`. */
export function useOutside(leave: () => void): RefObject<HTMLDivElement | null> {
  const inside = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const heard = (event: Event): void => {
      const isKey = event instanceof KeyboardEvent;
      if (isKey ? event.key === "Escape" : !inside.current?.contains(event.target as Node)) leave();
    };
    for (const kind of ["pointerdown", "focusin", "keydown"]) document.addEventListener(kind, heard);
    return () => {
      for (const kind of ["pointerdown", "focusin", "keydown"]) document.removeEventListener(kind, heard);
    };
  }, []);
  return inside;
}
