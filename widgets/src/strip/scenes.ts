/** Chapter and scene headings, and what the strip's own heading counts. */
import type { ChapterInfo, Clip, FilmInfo, Rate, ShotInfo, ShotStatus } from "../protocol";
import { clock, seconds } from "./time";
import { tileAt, type Stretch } from "./visible";

/** A heading over shots that follow each other in one scene; a scene that was torn apart has several. */
export interface Heading extends Stretch { scene: number; title: string; clips: string[] }

/** A shot of no scene belongs with those before it. */
export function headings(clips: readonly Clip[], film: FilmInfo): Heading[] {
  const titles = new Map(film.scenes.map((scene) => [scene.number, scene.title]));
  const listed = new Map(film.scenes.flatMap((scene) => scene.clips.map((id) => [id, scene.number] as const)));
  const found: Heading[] = [];
  for (const clip of clips) {
    const last = found[found.length - 1];
    const scene = listed.get(clip.id) ?? (clip.scene || last?.scene || 0);
    if (last && last.scene === scene) {
      last.length_frames += clip.length_frames;
      last.clips.push(clip.id);
    } else {
      const { start_frame, length_frames } = clip;
      found.push({ scene, title: titles.get(scene) ?? "", clips: [clip.id], start_frame, length_frames });
    }
  }
  return found;
}

/** One heading over the shots that begin in each chapter. */
export function chapterHeadings(clips: readonly Clip[], chapters: readonly ChapterInfo[]): Heading[] {
  const found = chapters.map(({ number, title }) => ({ scene: number, title, clips: [] as string[], start_frame: 0, length_frames: 0 }));
  for (const clip of clips) {
    const heading = found[tileAt(chapters, clip.start_frame)];
    if (!heading) continue;
    if (!heading.clips.length) heading.start_frame = clip.start_frame;
    heading.clips.push(clip.id);
    heading.length_frames += clip.length_frames;
  }
  return found.filter((heading) => heading.clips.length);
}

export function chapterAt(chapters: readonly ChapterInfo[], frame: number): ChapterInfo | null {
  return chapters[tileAt(chapters, frame)] ?? null;
}

export type Counts = Record<ShotStatus, number>;

export function counts(shots: Iterable<ShotInfo>): Counts {
  const found: Counts = { done: 0, waiting: 0, running: 0, changed: 0, failed: 0 };
  for (const shot of shots) found[shot.status] += 1;
  return found;
}

export const STATUS_WORDS: Record<ShotStatus, string> = {
  done: "Done", waiting: "Waiting", running: "Being made", changed: "Changed", failed: "Failed",
};

/** "12 shots, 4:56" */
export function sizeOf(shots: number, length_frames: number, rate: Rate): string {
  return `${shots} ${shots === 1 ? "shot" : "shots"}, ${clock(seconds(length_frames, rate))}`;
}
