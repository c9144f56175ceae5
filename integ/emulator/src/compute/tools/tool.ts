import type { InstanceTimers } from './timer';
import type { Outcome } from '../../access/answers';
import type { Way } from '../../access/reach';
import type { Credentials } from '../../access/sessions';
import type { Caller, Output } from '../../wire/operation';
import type { InstanceFacts } from '../instances/facts';

/** One run of a tool that a script found on its PATH, as the stub sent it. */
export interface ToolCall {
  readonly tool: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  /** `AWS_*`, `CLOUDHSM_*`, `HOME` and their like. */
  readonly env: Readonly<Record<string, string>>;
  /** Contents of the files asked for, by the path they were asked under; null when there is no such file. `-` is standard input. */
  readonly files: ReadonlyMap<string, Buffer | null>;
  /** What was typed at prompts so far; null when there was nobody to type. */
  readonly answers: ReadonlyArray<string | null>;
}

export interface ToolFile {
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer | string;
}

export interface ToolAnswer {
  readonly exitCode: number;
  /** Emulated milliseconds that pass between the effect and the answer, when only the run itself could tell. */
  readonly chargeMs?: number;
  readonly stdout?: Buffer | string;
  readonly stderr?: Buffer | string;
  readonly files?: readonly ToolFile[];
  readonly directories?: readonly string[];
  readonly removals?: readonly string[];
}

/** Something to ask on the terminal; the tool is called again with what was typed. */
export interface Prompt {
  readonly prompt: string;
  readonly echo: boolean;
  /** What the tool says before it asks. */
  readonly stdout?: string;
}

/** Runs the host's own program of this name in the tool's place. */
export interface HostProgram {
  readonly program: string;
  readonly argv: readonly string[];
}

/** The answer comes when a call is answered later. */
export interface AnswerLater {
  readonly key: string;
  readonly then: (outcome: Outcome) => ToolAnswer;
}

export type ToolResult = ToolAnswer | Prompt | HostProgram | AnswerLater;

/** Where a call goes and who has signed it; by default the instance's Region, its role, and the service's usual name. */
export interface CallPlace {
  readonly region?: string;
  readonly as?: Caller;
  readonly host?: string;
}

/** What a tool works with. */
export interface ToolContext {
  readonly caller: Caller;
  readonly account: string;
  readonly region: string;
  readonly instance: InstanceFacts;
  /** Emulated time as the script sees it. */
  readonly now: number;
  /** The instance's wall clock, in milliseconds. */
  readonly wallTime: number;
  /** systemd's timers on the instance. */
  readonly timers: InstanceTimers;
  /** A row of `tables/instances.json`. */
  row<T>(id: string): T;
  /** A call as the instance. @throws ServiceError, and Unreachable when the network lets it not through */
  call<O = Output>(service: string, operation: string, input: object, place?: CallPlace): O | { readonly later: string };
  /** Somebody else's session, from the keys in a request. */
  session(accessKeyId: string, sessionToken: string | undefined): Caller | undefined;
  /** Whether it was one, and has had its time. */
  isExpired(sessionToken: string | undefined): boolean;
  /** The keys that the instance metadata service hands out. */
  credentials(): Credentials;
  /** What keeps the instance from reaching a host; undefined when nothing does. */
  unreachable(host: string): Way | undefined;
}

export interface Tool {
  /** Files that it wants to see and has not got yet. Asked again until there are none. */
  readonly needs?: (call: ToolCall) => readonly string[];
  /** Emulated milliseconds that the run takes; by default the row `charge-<tool>`. */
  readonly charge?: (context: ToolContext, call: ToolCall) => number;
  /** Runs after the charge has passed. */
  readonly run: (context: ToolContext, call: ToolCall) => ToolResult;
}

export type ToolRegistry = ReadonlyMap<string, Tool>;

export function fileText(call: ToolCall, path: string): string | undefined {
  return call.files.get(path)?.toString('utf8');
}

/** Those of `paths` that have not been sent yet. */
export function missing(call: ToolCall, ...paths: readonly string[]): string[] {
  return paths.filter((path) => !call.files.has(path));
}
