import type { Leftover } from '../state';

/** A physical resource is left over once: its latest version stands for it. */
export function addedTo(leftovers: readonly Leftover[], added: Leftover): readonly Leftover[] {
  const { physicalId } = added.version;
  if (physicalId === undefined) return [...leftovers, added];
  const others = leftovers.filter(({ version }) => version.physicalId !== physicalId);
  // Newest first: of a change in place the pending version is added first.
  return others.length < leftovers.length ? leftovers : [...others, added];
}
