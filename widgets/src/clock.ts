/** Frames and seconds, as exactly as storyreel/clock.py has them. */
import type { Rate } from "./protocol";

/** How long so many frames last, in seconds. */
export function secondsOf(rate: Rate, frames: number): number {
  return (frames * rate.den) / rate.num;
}

/** The frame count nearest to so many seconds; halves go up. */
export function framesOf(rate: Rate, seconds: number): number {
  // A float is a whole number over a power of two: counted so, no half is lost to rounding.
  let scale = 1n;
  while (!Number.isInteger(seconds)) {
    seconds *= 2;
    scale *= 2n;
  }
  const over = 2n * BigInt(rate.den) * scale;
  const doubled = 2n * BigInt(seconds) * BigInt(rate.num) + BigInt(rate.den) * scale;
  return Number(doubled >= 0n ? doubled / over : -((-doubled + over - 1n) / over));
}

/** A time as people read it: 2:47.3, or 1:02:47.3 past an hour. */
export function timeText(rate: Rate, frame: number, tenths = true): string {
  const all = Math.floor((frame * rate.den * 10) / rate.num);
  const [hours, minutes, seconds] = [Math.floor(all / 36000), Math.floor(all / 600) % 60, Math.floor(all / 10) % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds)}${tenths ? `.${all % 10}` : ""}`;
}
