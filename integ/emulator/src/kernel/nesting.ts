/** Deeper than any document that means something, and shallow enough for what reads it by recursion. */
const DEEPEST = 300;

/** Whether lists and objects stand in each other too deeply to be looked at. Looks without recursion. */
export function isNestedTooDeeply(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}
