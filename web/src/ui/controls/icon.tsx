/** Icons, drawn here on a grid of 20 with a line of 1.5. They are decoration: names are given by what holds them. */

const PATHS = {
  feather: "M4 16.5c.8-5.6 3.6-11 12.5-13-.2 5.2-2.4 9.6-7.5 10.4l-3.2.4M4 16.5c2-3.6 4.2-5.8 7.5-7.8",
  add: "M10 4v12M4 10h12",
  undo: "M7.5 4.5 4 8l3.5 3.5M4 8h7.5a4.25 4.25 0 0 1 0 8.5H8",
  redo: "M12.5 4.5 16 8l-3.5 3.5M16 8H8.5a4.25 4.25 0 0 0 0 8.5H12",
  download: "M10 3.5v9M6.25 9 10 12.75 13.75 9M4 16.5h12",
  settings: "M3.5 6h7M14.5 6h2M3.5 14h2M9.5 14h7M12.5 4v4M7.5 12v4",
  keyboard: "M3 5.5h14v9H3zM6 8.5h.01M9 8.5h.01M12 8.5h.01M15 8.5h-.5M7 11.5h6",
  explain: "M10 3.25a5 5 0 0 0-2.75 9.2V14.5h5.5v-2.05A5 5 0 0 0 10 3.25ZM8 17h4",
  more: "M4 10a1 1 0 1 0 2 0 1 1 0 1 0-2 0M9 10a1 1 0 1 0 2 0 1 1 0 1 0-2 0M14 10a1 1 0 1 0 2 0 1 1 0 1 0-2 0",
  close: "M5 5l10 10M15 5 5 15",
  check: "M4 10.5 8.25 14.5 16 6",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9M10 12v1.5",
  offline: "M10 16.5v-5M7.5 14 10 16.5 12.5 14M6 12.5a3.25 3.25 0 0 1 .2-6.5A4.5 4.5 0 0 1 14.8 7a2.8 2.8 0 0 1-.3 5.5",
  brush: "M16.5 3.5 9 11.5M9 11.5c-1.4-.8-3.2-.1-3.6 1.6-.3 1.3-.9 2.2-2.1 2.9 2.6 1 5.9.5 6.5-2 .2-1-.1-1.9-.8-2.5Z",
  restore:
    "M16.5 3.5 9 11.5M9 11.5c-1.4-.8-3.2-.1-3.6 1.6-.3 1.3-.9 2.2-2.1 2.9 2.6 1 5.9.5 6.5-2 .2-1-.1-1.9-.8-2.5ZM13 15h4M15 13v4",
  erase: "M11 4.5 16 9.5 10 15.5H7L4 12.5a1 1 0 0 1 0-1.5ZM7.5 8 12.5 13M10 15.5h6.5",
  "smart-restore":
    "M14 6 5 15M11.5 8.5l1.5 1.5M5.5 3v3M4 4.5h3M15 11.5v3.5M13.25 13.25h3.5M12 3v1.5M16.5 6.5H18M15.5 4.5l1-1",
  "smart-erase": "M14 6 5 15M11.5 8.5l1.5 1.5M4 4.5h3M13.25 13.25h3.5M12 3v1.5M16.5 6.5H18M15.5 4.5l1-1",
  lasso:
    "M10 4c4 0 7 1.8 7 4.25S14 12.5 10 12.5 3 10.7 3 8.25 6 4 10 4ZM6 12a1.75 1.75 0 1 0 1.5 2.5c.4 1-.2 2-1.5 2.5",
  rectangle: "M4 5.5h12v9H4z",
  hand: "M7 10.5V5a1.15 1.15 0 0 1 2.3 0v4M9.3 9V3.9a1.15 1.15 0 0 1 2.3 0V9M11.6 9V5a1.15 1.15 0 0 1 2.3 0v6.5c0 3-1.6 5-4.2 5-2 0-3.1-.9-4-2.6L4 10.7c-.6-1.2 1-2.1 1.8-1L7 11.5",
  edge: "M4 16.5c0-5 2-6 4-7.5s1.5-4.5 4-5.5M9 16.5c0-3.5 1.5-4.5 3-5.5s2-3 4-4",
  background: "M3.5 4h13v12h-13zM3.5 13l4-4 3.5 3.5 2-2 3.5 3.5M13 7.5h.01",
  canvas: "M6 3v11h11M3 6h11v11",
  shadow: "M8.5 3.5a5 5 0 1 0 0 10 5 5 0 0 0 0-10ZM13.4 8A5 5 0 1 1 8 13.5",
  view: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5ZM10 7.75a2.25 2.25 0 1 0 0 4.5 2.25 2.25 0 0 0 0-4.5Z",
  compare: "M10 3v14M4 5.5h6v9H4zM12 5.5h4v9h-4",
  fit: "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4",
  minus: "M4.5 10h11",
  reset: "M5.5 6.5A6 6 0 1 1 4 10M5.5 3v3.5H9",
  copy: "M7 7h9v9H7zM4 13V4h9",
  recipe: "M5 3.5h7l3 3v10H5zM8 9h4M8 12h4",
  retry: "M14.5 6.5A6 6 0 1 0 16 10M14.5 3v3.5H11",
  stop: "M6 6h8v8H6z",
  warning: "M10 4 17 16H3ZM10 8.5v3.5M10 14h.01",
  share: "M4 4.5h5v5H4zM11 4.5h5v5h-5zM4 11.5h5v4H4zM11 11.5h5v4h-5z",
  back: "M11.5 4.5 6 10l5.5 5.5",
  tools: "M4 16 12.5 7.5M11 6l3-2.5L16.5 6 14 9ZM4 4l4 4",
} as const;

export type IconName = keyof typeof PATHS;

export function isIcon(name: string): name is IconName {
  return name in PATHS;
}

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
