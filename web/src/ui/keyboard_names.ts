/** `Control+O`; Command counts as Control. A sign that needs Shift stands for itself. */
export function written(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const isLong = event.key.length > 1;
  const parts = [
    event.ctrlKey || event.metaKey ? "Control" : "",
    event.altKey ? "Alt" : "",
    event.shiftKey && (isLong || /[a-z]/i.test(event.key)) ? "Shift" : "",
    /^[a-z]$/.test(event.key) ? event.key.toUpperCase() : event.key,
  ];
  return parts.filter(Boolean).join("+");
}
