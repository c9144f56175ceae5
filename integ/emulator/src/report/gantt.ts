import type { TimelineEntry } from '../kernel';

/** A stretch of time in which something went on, in seconds of emulated time. */
export interface Bar {
  readonly stack: string;
  /** Logical id; absent for the operation on the stack itself. */
  readonly resource?: string;
  /** `CREATE`, `UPDATE`, `DELETE`, … */
  readonly action: string;
  readonly from: number;
  /** Absent while it goes on. */
  readonly to?: number;
  readonly outcome: 'running' | 'complete' | 'failed';
  /** Whether the operation would have ended earlier without it. */
  readonly critical: boolean;
}

type OpenBar = { -readonly [member in keyof Bar]: Bar[member] };

/** Statuses that follow each other without an end between: still the same stretch. */
const ENDED = /^(?<action>.+?)_(?<outcome>COMPLETE|FAILED)$/;
const BEGUN = /^(?<action>.+)_IN_PROGRESS$/;

/** What CloudFormation did to stacks and their resources, as stretches, with those marked that decided when each operation was over. */
export function bars(entries: readonly TimelineEntry[], now: number): Bar[] {
  const found: OpenBar[] = [];
  const open = new Map<string, OpenBar>();
  for (const { at, service, event, resource: place } of entries) {
    if (service !== 'cloudformation') continue;
    const [stack, resource] = split(place);
    const begun = BEGUN.exec(event)?.groups;
    const ended = ENDED.exec(event)?.groups;
    const running = open.get(place);
    if (begun && !running) {
      const bar: OpenBar = { stack, resource, action: begun.action, from: at / 1000, outcome: 'running', critical: false };
      open.set(place, bar);
      found.push(bar);
    } else if (ended && running) {
      running.to = at / 1000;
      running.outcome = ended.outcome === 'FAILED' ? 'failed' : 'complete';
      open.delete(place);
    }
  }
  found.filter(({ resource }) => resource === undefined).forEach((operation) => markCritical(operation, found, now / 1000));
  return found;
}

/**
 * From the end of the operation back to its start: what ended last, then what ended last before that began, and so on. Who depends on whom is not
 * in the timeline, but CloudFormation begins a resource as soon as the last thing that it waits for has ended.
 */
function markCritical(operation: Bar, all: readonly OpenBar[], now: number): void {
  const end = ({ to }: Bar): number => to ?? now;
  const inIt = (bar: Bar): boolean => bar.stack === operation.stack && bar.from >= operation.from && end(bar) <= end(operation);
  const own = all.filter((bar) => bar.resource !== undefined && inIt(bar));
  let limit = end(operation);
  for (let left = own; left.length > 0;) {
    const before = left.filter((bar) => end(bar) <= limit);
    const last = before.reduce<OpenBar | undefined>((latest, bar) => (latest === undefined || end(bar) > end(latest) ? bar : latest), undefined);
    if (!last) return;
    last.critical = true;
    limit = last.from;
    left = before.filter((bar) => bar !== last);
  }
}

/** `Stack/Resource`, or the stack alone. */
function split(place: string): [string, string | undefined] {
  const slash = place.indexOf('/');
  return slash < 0 ? [place, undefined] : [place.slice(0, slash), place.slice(slash + 1)];
}
