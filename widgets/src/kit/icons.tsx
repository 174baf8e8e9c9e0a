/** Icons of 16 x 16, drawn in the text's colour. */
const PATHS = {
  film: "M2.5 3h11v10h-11zM5.5 3v10M10.5 3v10M2.5 6.3h3M2.5 9.7h3M10.5 6.3h3M10.5 9.7h3",
  picture: "M2.5 3h11v10h-11zM2.8 11.5l3.4-3.8 2.6 2.6 1.6-1.6 2.9 2.8M10.3 6.2h.01",
  voice: "M8 2.2a1.8 1.8 0 0 1 1.8 1.8v3.6a1.8 1.8 0 0 1-3.6 0V4A1.8 1.8 0 0 1 8 2.2zM3.8 7.4a4.2 4.2 0 0 0 8.4 0M8 11.6v2.2",
  music: "M6 12V3.6l7-1.4v8.4M6 12a1.7 1.7 0 1 1-3.4 0A1.7 1.7 0 0 1 6 12zM13 10.6a1.7 1.7 0 1 1-3.4 0 1.7 1.7 0 0 1 3.4 0z",
  effects: "M1.5 8h2.7l1.9-4.6 3 9.2 2-4.6h3.4",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  magnet: "M3.5 2.5v5a4.5 4.5 0 0 0 9 0v-5h-3v5a1.5 1.5 0 0 1-3 0v-5zM3.5 5h3M9.5 5h3",
  ripple: "M2.5 3v10M6 8h7.5M10.5 5l3 3-3 3",
  check: "M3 8.5l3.2 3.2L13 4.8",
  pen: "M3 13l.7-3L10.6 3.1l2.3 2.3L6 12.3zM9.3 4.4l2.3 2.3",
  ring: "M8 2.6A5.4 5.4 0 1 0 13.4 8",
  clock: "M8 2.4a5.6 5.6 0 1 1 0 11.2A5.6 5.6 0 0 1 8 2.4zM8 5v3.2l2 1.4",
  alert: "M8 2.6v7M8 12.8v.01",
  warning: "M8 2.4l6.2 11H1.8zM8 6.4v3.4M8 11.6v.01",
  dissolve: "M3 3.8v8.4l10-8.4v8.4z",
  undo: "M5.6 3L2.6 6l3 3M2.8 6h6.4a3.6 3.6 0 0 1 0 7.2H6.4",
  redo: "M10.4 3l3 3-3 3M13.2 6H6.8a3.6 3.6 0 0 0 0 7.2h2.8",
  previous: "M3.5 3.2v9.6M12.8 3.4v9.2L6 8z",
  next: "M12.5 3.2v9.6M3.2 3.4v9.2L10 8z",
  loop: "M3 8V6.4a2 2 0 0 1 2-2h7.6M10.6 2.2l2.2 2.2-2.2 2.2M13 8v1.6a2 2 0 0 1-2 2H3.4M5.4 9.4l-2.2 2.2 2.2 2.2",
  captions: "M2 3.5h12v9H2zM7 6.7c-1.6-.9-2.8 0-2.8 1.3S5.4 10.2 7 9.3M11.8 6.7C10.2 5.8 9 6.7 9 8s1.2 2.2 2.8 1.3",
  safe: "M2 3h12v10H2zM4.6 5.5h6.8v5H4.6z",
  sound: "M2.5 6v4h2.3L8 12.8V3.2L4.8 6zM10.2 5.8a3 3 0 0 1 0 4.4M12.1 4a5.6 5.6 0 0 1 0 8",
  silent: "M2.5 6v4h2.3L8 12.8V3.2L4.8 6zM10.5 6.2l3.6 3.6M14.1 6.2l-3.6 3.6",
  full: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  swap: "M2.6 5.4h10M10.2 3l2.4 2.4-2.4 2.4M13.4 10.6h-10M5.8 8.2l-2.4 2.4L5.8 13",
  upload: "M8 10V3M5.2 5.6L8 2.8l2.8 2.8M2.8 10.5v2.7h10.4v-2.7",
  down: "M4 6.2l4 4 4-4",
  left: "M9.8 3.5L5.3 8l4.5 4.5",
  right: "M6.2 3.5L10.7 8l-4.5 4.5",
  dots: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  again: "M3.2 8.6A4.9 4.9 0 1 0 4.8 4.4L3 6M3 2.8V6h3.2",
  close: "M4 4l8 8M12 4l-8 8",
  help: "M5.9 6.2a2.1 2.1 0 1 1 3.2 1.8c-.8.500-1.1.900-1.1 1.7M8 11.9v.01M8 1.9a6.1 6.1 0 1 1 0 12.2A6.1 6.1 0 0 1 8 1.9z",
  history: "M2.6 8A5.4 5.4 0 1 0 4.3 4.1L2.6 5.6M2.6 2.6v3h3M8 5.2V8l2 1.3",
  split: "M8 2v12M5.5 5H2.5v6h3M10.5 5h3v6h-3",
  bin: "M3 4.5h10M6.3 4.5V3h3.4v1.5M4.3 4.5l.6 9h6.2l.6-9M6.8 7v4M9.2 7v4",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  join: "M2.5 8h11M5.5 5l-3 3 3 3M10.5 5l3 3-3 3",
  sheet: "M3 4.5h10M3 8h10M3 11.5h6",
} as const;

export type IconName = keyof typeof PATHS | "play" | "pause";

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  if (name === "play" || name === "pause") {
    const path = name === "play" ? "M4.6 2.9v10.2L13 8z" : "M4.2 3h2.6v10H4.2zM9.2 3h2.6v10H9.2z";
    return <svg class="sr-icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true"><path d={path} fill="currentColor" /></svg>;
  }
  const width = name === "dots" ? 2 : name === "check" || name === "alert" ? 1.8 : 1.4;
  return (
    <svg class="sr-icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} fill={name === "dissolve" ? "currentColor" : "none"} fill-opacity={name === "dissolve" ? 0.25 : 1}
        stroke="currentColor" stroke-width={width} stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
