import type { Answer, HsmLink } from './link';

/** What came of a command that a client sent to all HSMs it is connected to. */
export type Outcome =
  | { readonly kind: 'ok' }
  /** The same refusal everywhere. */
  | { readonly kind: 'refused'; readonly answer: Exclude<Answer, 'ok'> }
  /** Done on some HSMs only: from now on they differ. */
  | { readonly kind: 'partial'; readonly failed: number; readonly total: number };

export function toAll(links: readonly HsmLink[], command: (link: HsmLink) => Answer): Outcome {
  return outcomeOf(links.map(command));
}

function outcomeOf(answers: readonly Answer[]): Outcome {
  const bad = answers.filter((answer): answer is Exclude<Answer, 'ok'> => answer !== 'ok');
  if (bad.length === 0) return { kind: 'ok' };
  if (bad.length === answers.length && bad.every((answer) => answer === bad[0])) return { kind: 'refused', answer: bad[0] };
  return { kind: 'partial', failed: bad.length, total: answers.length };
}
