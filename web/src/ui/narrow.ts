import { useEffect, useState } from "preact/hooks";

/** Where panels are sheets over the picture and seldom things are in the menu; the style sheets have the same number. */
export const NARROW = "(max-width: 799px)";

export function useNarrow(): boolean {
  const [isNarrow, become] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const heard = (): void => become(query.matches);
    query.addEventListener("change", heard);
    return () => query.removeEventListener("change", heard);
  }, []);
  return isNarrow;
}
