/** Making a shot's picture again: the price first, and a yes from the person where it costs. */
import type { Action, Line } from "../protocol";
import { dollars } from "../strip/time";
import type { StripView } from "../strip/view";

export async function askToMakeAgain(view: StripView, clip: string, prompt?: string): Promise<void> {
  const info = view.studio.shots.peek().get(clip);
  if (view.studio.film.peek()?.recipe === "flow" && SEGMENT.test(clip)) return askToRemake(view, clip, prompt);
  if (info && !info.can_make_again) return view.note(info.why_not || "This shot cannot be made again.");
  await ask(view, prompt === undefined ? { do: "make_again", clip } : { do: "make_again", clip, prompt }, "Make again");
}

export async function askToRetry(view: StripView, clip: string): Promise<void> {
  await ask(view, { do: "retry", clip }, "Retry");
}

/** What a line costs is asked first; resolves when it is spoken, or when nobody wants it. */
export async function askToSay(view: StripView, line: Line, how: { voice: string; speed: number }): Promise<void> {
  await ask(view, { do: "say_again", ...line, ...how }, "Speak again", "The new line", "Undo brings the old one back.");
}

/** A flow's segment: what comes after it no longer begins where it ends, so the person says what becomes of that. */
export async function askToRemake(view: StripView, clip: string, happens?: string): Promise<void> {
  const { studio } = view, clips = studio.timeline.peek()!.clips.filter(({ id }) => SEGMENT.test(id)), at = clips.findIndex(({ id }) => id === clip);
  const changed: Action = happens === undefined ? { do: "remake_segment", clip } : { do: "remake_segment", clip, happens };
  if (at === clips.length - 1) return ask(view, changed, "Make again", "The new segment", "");
  const numbers = clips.slice(at + 1).map(({ id }) => Number(id.slice(1))), [first, last] = [numbers[0]!, numbers.at(-1)!];
  try {
    const [own, all] = await Promise.all([studio.price(changed), studio.price({ ...changed, later: true })]);
    const does = (action: Action, price: number | null) => () => void studio.act(action, price ?? left(view)).catch((error: unknown) => fail(view, error));
    const named = (price: number | null): string => (price ? ` ${dollars(price)}` : "");
    const later = first === last ? `Segment ${first}` : `Segments ${first} to ${last}`;
    view.question.value = {
      title: `Make segment ${Number(clip.slice(1))} again`,
      text: `It will end on another picture. ${later} will not begin there: the shot jumps until ${first === last ? "it is" : "they are"} made again too.`,
      yes: `Only this one${named(own)}`, does: does(changed, own),
      also: { yes: `With what follows${named(all)}`, does: does({ ...changed, later: true }, all) },
    };
  } catch (error) {
    fail(view, error);
  }
}

export const SEGMENT = /^f\d{3,}$/;

function left(view: StripView): number {
  const film = view.studio.film.peek();
  return film?.budget_usd == null ? 0 : Math.max(0, film.budget_usd - film.cost_usd);
}

async function ask(view: StripView, action: Exclude<Action, { do: "render" }>, yes: string, what = "The new picture", after = "The one you have stays among the takes."): Promise<void> {
  const { studio } = view, number = "clip" in action ? studio.shots.peek().get(action.clip)?.number ?? 0 : 0;
  const title = number ? `${yes}, shot ${number}` : yes;
  try {
    const price_usd = await studio.price(action);
    const act = (agreed_usd: number): Promise<void> => studio.act(action, agreed_usd).catch((error: unknown) => fail(view, error));
    if (price_usd === 0) return await act(0);
    const rest = left(view);
    if (price_usd === null && rest <= 0) return view.note("Nobody knows what this costs. Set a limit for the film first.");
    const agreed = price_usd ?? rest;
    await new Promise<void>((done) => {
      view.question.value = {
        title, yes: price_usd === null ? yes : `${yes} ${dollars(price_usd)}`, does: () => void act(agreed).finally(done), dropped: done,
        text: price_usd === null
          ? `Nobody knows beforehand what this costs. It stops before the film's limit, which leaves ${dollars(rest)}.`
          : `${what} costs at most ${dollars(price_usd)}. ${after}`,
      };
    });
  } catch (error) {
    fail(view, error);
  }
}

function fail(view: StripView, error: unknown): void {
  view.note(error instanceof Error ? error.message : String(error), "error");
}
