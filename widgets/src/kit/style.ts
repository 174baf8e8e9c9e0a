/** Places and lengths as CSS wants them. */

export const px = (length: number): string => `${length}px`;

/** Something that lies along the strip, at `x` and `width` wide; moved by the compositor, not by layout. */
export function across(x: number, width?: number): { transform: string; width?: string } {
  return width === undefined ? { transform: `translateX(${x}px)` } : { transform: `translateX(${x}px)`, width: px(width) };
}
