/** One line of output: what was measured, in which units, and what it should be. */
export interface Figure {
  readonly figure: string;
  readonly [value: string]: unknown;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** To so many places; what is measured is not known better. */
export function rounded(value: number, places: number = 3): number {
  return Number(value.toFixed(places));
}
