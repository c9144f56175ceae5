import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';

/** What a function's process says. Errors have Lambda's shape. */
export type Message =
  | { readonly type: 'log'; readonly at: number; readonly text: string }
  | { readonly type: 'outside'; readonly what: string }
  | { readonly type: 'ready' }
  | { readonly type: 'init-failed'; readonly error: ErrorDocument; readonly fatal: true }
  | { readonly type: 'park'; readonly until: number }
  | { readonly type: 'waiting'; readonly calls: readonly string[]; readonly until?: number }
  | { readonly type: 'done'; readonly payload: string; readonly memoryMb: number }
  | { readonly type: 'failed'; readonly error: ErrorDocument; readonly fatal?: boolean; readonly memoryMb?: number };

export interface ErrorDocument {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export interface ProcessOptions {
  /** Of this environment alone: its clock and its temporary files. */
  readonly folder: string;
  readonly script: string;
  readonly arguments: readonly string[];
  readonly cwd: string;
  readonly variables: { readonly [name: string]: string };
  /** Called for each message, in order. */
  readonly hear: (message: Message) => void;
  /** Raw output of the process or of programs it started. */
  readonly spill: (text: string) => void;
  readonly ended: (how: { readonly code: number | null; readonly signal: string | null }) => void;
}

/** The file with the emulated time that a function's process reads. */
export function clockFile(folder: string): string {
  return join(folder, 'clock');
}

/** Makes the folder of an environment: its clock and an empty temporary folder. */
export function makeFolder(folder: string, now: number): string {
  rmSync(folder, { recursive: true, force: true });
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const descriptor = openSync(clockFile(folder), 'w');
  writeTime(descriptor, now);
  closeSync(descriptor);
  return temporary;
}

function writeTime(descriptor: number, now: number): void {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(now);
  writeSync(descriptor, bytes, 0, 8, 0);
}

/** The process of one environment, seen from outside. */
export class FunctionProcess {
  private readonly child: ChildProcess;
  private readonly channel: Duplex;
  private readonly clock: number;
  private rest = '';
  private over = false;

  public constructor(private readonly options: ProcessOptions) {
    this.clock = openSync(clockFile(options.folder), 'r+');
    this.child = spawn(process.execPath, [...options.arguments, options.script], {
      cwd: options.cwd,
      env: options.variables,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    this.channel = this.child.stdio[3] as Duplex;
    this.channel.setEncoding('utf8');
    this.channel.on('data', (text: string) => this.read(text));
    // The process may be gone while something is being said to it; its end is told by itself.
    this.channel.on('error', () => undefined);
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => options.spill(text.trimEnd()));
    }
    this.watchEnd();
  }

  public get alive(): boolean {
    return !this.over;
  }

  /** Tells it what time it is; it may read that at any moment. */
  public setTime(now: number): void {
    if (!this.over) writeTime(this.clock, now);
  }

  public say(message: object): void {
    if (!this.over) this.channel.write(`${JSON.stringify(message)}\n`);
  }

  /** Lets it look at its timers although it waits for an answer. */
  public wake(): void {
    if (!this.over) this.child.kill('SIGUSR2');
  }

  /** Ends it at once; nothing more is heard of it. */
  public kill(): void {
    if (this.over) return;
    this.close();
    this.child.kill('SIGKILL');
  }

  private read(text: string): void {
    this.rest += text;
    for (let end = this.rest.indexOf('\n'); end >= 0 && !this.over; end = this.rest.indexOf('\n')) {
      const line = this.rest.slice(0, end);
      this.rest = this.rest.slice(end + 1);
      this.options.hear(JSON.parse(line) as Message);
    }
  }

  /** Over is when it has exited and everything it said was heard; programs it left behind may keep its output open. */
  private watchEnd(): void {
    let how: { code: number | null; signal: string | null } | undefined;
    let silent = false;
    const check = (): void => {
      if (!how || !silent || this.over) return;
      this.close();
      this.options.ended(how);
    };
    this.channel.on('close', () => {
      silent = true;
      check();
    });
    this.child.on('error', (error) => {
      this.options.spill(error.message);
      how = { code: 1, signal: null };
      silent = true;
      check();
    });
    this.child.on('exit', (code, signal) => {
      how = { code, signal };
      // What it wrote before it died is still in the pipe; the close of the channel follows.
      check();
    });
  }

  private close(): void {
    this.over = true;
    closeSync(this.clock);
    // A killed process may have left programs behind that still hold the pipes.
    for (const stream of [this.channel, this.child.stdout, this.child.stderr]) setImmediate(() => stream?.destroy());
    rmSync(this.options.folder, { recursive: true, force: true });
  }
}
