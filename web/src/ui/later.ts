import { useEffect, useState } from "preact/hooks";

/** `value` once the browser has drawn what else came with it, null before: a page that is drawn in two parts answers in between. */
export function useLater<T>(value: T | null): T | null {
  const [late, come] = useState<T | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => come(() => value));
    return () => clearTimeout(timer);
  }, [value]);
  return late === value ? late : null;
}
