/** Making a shot's picture again: the price first, and a yes from the person where it costs. */
import type { Action } from "../protocol";
import { dollars } from "../strip/time";
import type { StripView } from "../strip/view";

export async function askToMakeAgain(view: StripView, clip: string, prompt?: string): Promise<void> {
  const info = view.studio.shots.peek().get(clip);
  if (info && !info.can_make_again) return view.note(info.why_not || "This shot cannot be made again.");
  await ask(view, prompt === undefined ? { do: "make_again", clip } : { do: "make_again", clip, prompt }, "Make again");
}

export async function askToRetry(view: StripView, clip: string): Promise<void> {
  await ask(view, { do: "retry", clip }, "Retry");
}

async function ask(view: StripView, action: Exclude<Action, { do: "render" }>, yes: string): Promise<void> {
  const { studio } = view, number = (studio.shots.peek().get(action.clip)?.number ?? 0);
  try {
    const price_usd = await studio.price(action);
    const act = (agreed_usd: number): void => void studio.act(action, agreed_usd).catch((error: unknown) => fail(view, error));
    if (price_usd === 0) return act(0);
    if (price_usd !== null) {
      view.question.value = {
        title: `${yes}, shot ${number}`, yes: `${yes} ${dollars(price_usd)}`, does: () => act(price_usd),
        text: `The new picture costs at most ${dollars(price_usd)}. The one you have stays among the takes.`,
      };
      return;
    }
    const film = studio.film.peek(), left = film?.budget_usd == null ? 0 : film.budget_usd - film.cost_usd;
    if (left <= 0) return view.note("Nobody knows what this picture costs. Set a limit for the film first.");
    view.question.value = {
      title: `${yes}, shot ${number}`, yes: `${yes}`, does: () => act(left),
      text: `Nobody knows beforehand what this picture costs. It stops before the film's limit, which leaves ${dollars(left)}.`,
    };
  } catch (error) {
    fail(view, error);
  }
}

function fail(view: StripView, error: unknown): void {
  view.note(error instanceof Error ? error.message : String(error), "error");
}
