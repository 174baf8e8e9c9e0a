/** Landscapes for films that have no pictures: a sky, a sun, hills. The same name gives the same picture. */
import { chance } from "./films";

export async function paint(name: string, height: number): Promise<Blob> {
  const seed = [...name].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7), draw = chance(seed);
  const width = Math.round((height * 16) / 9), canvas = new OffscreenCanvas(width, height), pen = canvas.getContext("2d")!;
  const hue = [205, 25, 265, 32, 215, 12][Math.floor(draw() * 6)]!, sky = pen.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, `hsl(${hue + 30} 40% 16%)`);
  sky.addColorStop(0.7, `hsl(${hue} 55% 50%)`);
  pen.fillStyle = sky;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = `hsl(${hue + 15} 90% 80%)`;
  pen.beginPath();
  pen.arc(width * (0.2 + draw() * 0.6), height * (0.35 + draw() * 0.25), height * 0.11, 0, 7);
  pen.fill();
  for (let layer = 0; layer < 3; layer += 1) {
    pen.fillStyle = `hsl(${hue} 40% ${28 - layer * 9}%)`;
    const base = height * (0.6 + layer * 0.13), swing = height * 0.07, turn = draw() * 6;
    pen.beginPath();
    pen.moveTo(0, height);
    for (let x = 0; x <= width; x += 6) pen.lineTo(x, base + swing * Math.sin((x / width) * (4 + layer) + turn));
    pen.lineTo(width, height);
    pen.fill();
  }
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
}
