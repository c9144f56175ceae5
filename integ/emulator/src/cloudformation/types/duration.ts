import type { Value } from '../template/template';

/** `PT15M`, `PT1H30M10S` in milliseconds. */
export function isoDuration(value: Value | undefined): number {
  const match = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(String(value));
  if (!match) return 300_000;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
