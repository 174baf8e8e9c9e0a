/** Frames as people read them. */
import type { Rate } from "../protocol";

export const framesPerSecond = (rate: Rate): number => rate.num / rate.den;
export const seconds = (frames: number, rate: Rate): number => (frames * rate.den) / rate.num;
/** The nearest whole frame. */
export const frames = (seconds: number, rate: Rate): number => Math.round((seconds * rate.num) / rate.den);

/** "2:47.3"; "1:02:47" with no digits after the point, "0:07" below a minute. */
export function clock(seconds: number, digits = 0): string {
  const unit = 10 ** digits;
  const whole = Math.max(0, Math.floor(seconds * unit + 1e-6));
  const rest = (whole % (60 * unit)) / unit;
  const minutes = Math.floor(whole / unit / 60);
  const tail = rest.toFixed(digits).padStart(digits ? digits + 3 : 2, "0");
  if (minutes < 60) return `${minutes}:${tail}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${tail}`;
}

/** A length on a badge: "33 s" from ten seconds on, "4.2 s" below. */
export function shortLength(seconds: number): string {
  return seconds >= 9.95 ? `${Math.round(seconds)} s` : `${seconds.toFixed(1)} s`;
}

/** A length typed by a person, in seconds: "32.9", "32,9 s", "1:05", "1:05.5"; null if it is none. */
export function parseLength(text: string): number | null {
  const clean = text.trim().replace(",", ".").replace(/\s*s(ec(onds?)?)?\.?$/i, "");
  const match = /^(?:(\d+):)?(\d+(?:\.\d*)?|\.\d+)$/.exec(clean);
  if (!match) return null;
  const value = Number(match[1] ?? 0) * 60 + Number(match[2]);
  return value > 0 && value < 36_000 ? value : null;
}

/** A price as it is said: "$0.04", "$1.20"; below a cent with as many digits as tell something. */
export function dollars(usd: number): string {
  if (usd > 0 && usd < 0.01) return `$${usd.toFixed(4).replace(/0+$/, "")}`;
  return `$${usd.toFixed(2)}`;
}
