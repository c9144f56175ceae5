import { filled, plainText } from '../kernel';
import type { Values, EventSpec, Fault, Kernel, Table } from '../kernel';

/** Who makes a call. */
export interface Principal {
  /**
   * `user` is a caller from outside with plain keys; `service` an AWS service, by its service-linked role or on a caller's behalf; `anonymous` one
   * who has not signed, of no account.
   */
  readonly kind: 'user' | 'role' | 'service' | 'anonymous';
  readonly account: string;
  /** For a role session `arn:<partition>:sts::<account>:assumed-role/<role>/<session>`. */
  readonly arn: string;
  /** ARN of the role behind a session. */
  readonly roleArn?: string;
  readonly sessionName?: string;
  /** For a service: `cloudhsm.amazonaws.com`. */
  readonly service?: string;
  /** For a service: ARN of the thing it acts for, where it has one. */
  readonly source?: string;
  /** Policies and tags that a session was made with. */
  readonly sessionPolicies?: readonly string[];
  readonly sessionTags?: Readonly<Record<string, string>>;
  /** Of temporary keys: emulated time, in milliseconds, at which they were given. */
  readonly issuedAt?: number;
}

/** From where a call is made: what decides whether it can get there. */
export type Position =
  | { readonly kind: 'outside' }
  | { readonly kind: 'service'; readonly service: string }
  /** A function that is not attached to a VPC. */
  | { readonly kind: 'lambda'; readonly functionArn: string }
  | {
    readonly kind: 'vpc';
    readonly vpcId: string;
    readonly subnetId: string;
    readonly securityGroupIds: readonly string[];
    readonly address?: string;
    readonly instanceId?: string;
    readonly functionArn?: string;
    /** Where the VPC is: a session may be of another account and may call another Region. */
    readonly home?: { readonly account: string; readonly region: string };
  };

/** The session behind a call: identity, position and, for foreign code, the activity whose turn it is. */
export interface Caller {
  readonly principal: Principal;
  readonly position: Position;
  readonly activityId?: string;
  /** What the client says it is. */
  readonly userAgent?: string;
}

/**
 * What an operation and an event handler of a service work with. Everything is bound to one account and region.
 *
 * All of it is synchronous and inside one transaction: throw, and nothing happened.
 */
export interface Context {
  readonly kernel: Kernel;
  /** The service's own name, as in `models/`. */
  readonly service: string;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly caller: Caller;
  readonly requestId: string;
  /** Emulated milliseconds. */
  readonly now: number;
  /** Records of this account and region. `name` is unique in the emulator: `<service>/<things>`. */
  table<T>(name: string): Table<T>;
  /** Records of this account, for services without regions. */
  globalTable<T>(name: string): Table<T>;
  /** The same context elsewhere. */
  at(place: { account?: string; region?: string }): Context;
  /** `arn:<partition>:<service>:<region>:<account>:<resource>`. */
  arn(service: string, resource: string, place?: { region?: string; account?: string }): string;
  /** 32 bytes for the next id of this type under this parent; spell them with `idFormat`. */
  id(type: string, parent?: string): Buffer;
  /** The value of a row of `tables/<service>.json` (or of another table, `<table>/<row>`). */
  row<T>(id: string): T;
  /** A delay in milliseconds, drawn from a row that holds `[min, max]` seconds, for this resource alone. */
  delay(row: string, resource: string): number;
  /** Schedules an event of this service (kind `<service>.<name>`) with account and region in its arguments. */
  after(milliseconds: number, spec: EventSpec): void;
  cancel(eventId: string): void;
  /** One line of the timeline. Account and region are left out; the resource is an id or a name. */
  emit(event: string, resource: string): void;
  /** Says that the service itself is at work on a resource for so long: what the critical path's floor is made of. */
  busy(what: string, resource: string, milliseconds: number): void;
  /** Passes a named point where a fault may have been asked for. */
  fault(point: string, resource?: string): Fault | undefined;
  /** Calls another service: as the present caller, or as somebody else. Throws that service's `ServiceError`. */
  call<O = Record<string, unknown>>(service: string, operation: string, input: object, as?: Partial<Caller>): O;
  /**
   * Asks leave for an action that no call of the emulator stands for: what an agent does, or what a service checks of a role before it takes it.
   * As the present caller, or as somebody else. Throws this service's refusal.
   */
  demand(action: string, resource: string, as?: Partial<Caller>): void;
  /** Whether a thing with this policy would let the present caller do this, his own policies aside. */
  isLetIn(policy: string, action: string, resource: string): boolean;
  /** As `call`, when the answer may come later: `then` is scheduled with `{ ...args, output }` or `{ ...args, error: { code, message } }`. */
  callLater(service: string, operation: string, input: object, then: EventSpec, as?: Partial<Caller>): void;
  /** Gives the answer that `Later` promised under this key. */
  answer(key: string, outcome: { readonly output: Output } | { readonly error: { readonly code: string; readonly message: string } }): void;
}

export type Input = Readonly<Record<string, unknown>>;
export type Output = Record<string, unknown>;

/**
 * An operation's answer that is given by a later event: see `Kernel` waits. `key` names it; whoever has the answer
 * calls `context.answer(key, …)`.
 */
export class Later {
  public constructor(public readonly key: string) {}
}

/** An answer that is held back until a signal of the kernel, but never longer than `hostMs` of host time. */
export class Held {
  public constructor(public readonly output: Output, public readonly signal: string, public readonly hostMs: number) {}
}

export type Operation = (context: Context, input: never) => Output | Later | Held | void;

/** Handles a stored event of the service; the context is that of the account and region in the event's arguments. */
export type ServiceEvent = (context: Context, args: never) => void;

/** A call that was made, as those see it who look on. */
export interface MadeCall {
  readonly service: string;
  readonly operation: string;
  readonly requestId: string;
  readonly caller: Caller;
  /** The service's answer to a call that it refused. */
  readonly error?: { readonly code: string; readonly message: string };
  /** What was asked and answered, as plain JSON: names in lower camel case, and nothing that the model calls sensitive. */
  readonly told: () => { readonly input: Output; readonly output: Output };
}

export interface Service {
  /** Name as in `models/<name>.json`. */
  readonly name: string;
  readonly operations: { readonly [operation: string]: Operation };
  /** By name without the service; scheduled as `<service>.<name>`. */
  readonly events?: { readonly [name: string]: ServiceEvent };
  /**
   * Operations that only read: never a reason to call a run not repeatable. Names that begin with Get, Describe, List,
   * Head, Batch Get, Filter, Lookup and Simulate are taken for reads by themselves.
   */
  readonly reads?: readonly string[];
  /**
   * Operations whose effect no event sees, so that their place among events does not matter (object uploads).
   */
  readonly aside?: readonly string[];
  /** It is no service of AWS but a program where its caller is: what it calls leaves from there, and may not get through. */
  readonly runsWithCaller?: boolean;
  /** Looks on at calls to any service that may change something, each in its transaction; of refused ones in one of its own. */
  readonly watch?: (context: Context, call: MadeCall) => void;
  /** Called once per emulator, when everything is registered, before time moves: drivers, seeds. */
  start?(kernel: Kernel, host: Host): void;
}

/** What a service may ask of the process it lives in. */
export interface Host {
  /** The emulator's port for plain HTTP, for instance for URLs in answers; known once it listens. */
  endpoint(): string;
  context(place: { service: string; account: string; region: string; caller?: Caller }): Context;
  /** Credentials for a session of this caller; for so many milliseconds, where they are not renewed by themselves. */
  credentials(caller: Caller, lifetimeMs?: number): { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  /** Says something on the report's list of what was not emulated. */
  notBuilt(what: string): void;
}

/** A service's refusal, with the code and text that AWS sends. Texts AWS would not send start with `[emulator]`. */
export class ServiceError extends Error {
  public constructor(
    public readonly code: string,
    message: string,
    public readonly options: {
      readonly status?: number;
      /** Further members of the modelled error. */
      readonly fields?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(message);
    this.name = code;
  }
}

/**
 * A refusal by the row of its text. Texts are an interface: tools match on them, and how well each is known stands beside it. Where nobody knows
 * which answers the run has chosen to what AWS does not document, the text is the table's own until `speaking` puts it into the words of the run.
 */
export class Refusal extends ServiceError {
  public constructor(public readonly row: string, public readonly values: Values = {}, code = 'ValidationError', status = 400) {
    super(code, plainText(row, values), { status });
  }
}

/** Text of `<table>/<row>` with its `{names}` filled in, in the words of this run. */
export function textOf(context: Context, row: string, values: Values = {}): string {
  return filled(context.row<string>(row), values);
}

/** What an error says, in the words of this run. */
export function wordsOf(context: Context, error: ServiceError): string {
  return error instanceof Refusal ? textOf(context, error.row, error.values) : error.message;
}

/** Operations that refuse in the words of the run. */
export function speaking<O extends { readonly [operation: string]: Operation }>(operations: O): O {
  return Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, inWords(operation)])) as O;
}

function inWords(operation: Operation): Operation {
  return (context, input) => {
    try {
      return operation(context, input);
    } catch (error) {
      throw error instanceof Refusal ? new ServiceError(error.code, wordsOf(context, error), error.options) : error;
    }
  };
}
