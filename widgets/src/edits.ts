import type { Edit, Timeline } from "./protocol";

export class EditError extends Error {}

export function applyAll(timeline: Timeline, edits: readonly Edit[]): Timeline {
  return edits.reduce(applyOne, timeline);
}

function applyOne(timeline: Timeline, _edit: Edit): Timeline {
  return timeline;
}
