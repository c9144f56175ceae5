import type { FunctionProcess } from './process';
import type { FunctionJob, LogLine } from '../../wire/function-job';

/** How much of an invocation's log its caller may see. */
const TAIL_BYTES = 4096;

/**
 * An environment as the host knows it: the process and what it is at. Never part of the state; when the emulator ends, so do
 * all environments.
 */
export class Environment {
  /** `init`: the module is being loaded; `invoke`: the handler is at work; `idle`: frozen between two invocations. */
  public phase: 'init' | 'invoke' | 'idle' = 'init';
  public process: FunctionProcess | undefined;
  /** Frozen until it is told that time has moved. */
  public parked = false;
  /** What it was waiting for when it last came to rest with calls in flight. */
  public waiting: { readonly calls: readonly string[]; readonly until?: number } | undefined;
  /** The first start took too long: the next turn begins with another one, inside the invocation. */
  public restart = false;
  public initFrom = 0;
  /** Emulated milliseconds that the start took; only until the invocation that it was for is over. */
  public initMs: number | undefined;
  public invokedAt = 0;
  public memoryMb = 0;

  private lines: LogLine[] = [];
  private tail = '';

  public constructor(public readonly id: string, public job: FunctionJob) {}

  public print(at: number, text: string): void {
    if (text === '') return;
    this.lines.push({ at, text });
    this.tail = `${this.tail}${text}\n`.slice(-TAIL_BYTES);
  }

  /** The lines since the last time it was asked. */
  public takeLines(): LogLine[] {
    const { lines } = this;
    this.lines = [];
    return lines;
  }

  public logTail(): string {
    return Buffer.from(this.tail).subarray(-TAIL_BYTES).toString('base64');
  }

  public begin(job: FunctionJob): void {
    this.job = job;
    this.tail = '';
    this.parked = false;
    this.waiting = undefined;
    this.initMs = undefined;
  }
}
