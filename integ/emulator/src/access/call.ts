import { randomUUID } from 'node:crypto';
import { answer, awaitAnswer } from './answers';
import type { Outcome } from './answers';
import { Asked } from './asked';
import { authorize, authorizeAction, isLetIn } from './authorize';
import type { Asked as Question, AskedEndpoint, Authorization, Decided, Desk } from './authorize';
import { organizationId, overAccount } from './organization';
import type { Organization } from './organization';
import { Reach, Unreachable, hostOfService } from './reach';
import type { Way } from './reach';
import { toldOf } from './told';
import { GrantUse } from './use';
import type { Fault, Kernel, EventSpec, Range, Table } from '../kernel';
import { hasModel, loadModel } from '../wire/model';
import { Held, Later, ServiceError } from '../wire/operation';
import type { Caller, Context, MadeCall, Output, Service } from '../wire/operation';
import { inputProblem } from '../wire/validate';

/** One call as it was decided and carried out. */
export interface CallRecord {
  /** Emulated milliseconds. */
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  readonly principal: string;
  readonly position: string;
  /** The statements that let it through, or why none was asked for. */
  readonly allowedBy: string;
  /** The decision that refused it. */
  readonly denied?: Decided;
  readonly requestId: string;
  /** What it passed on its way from inside a VPC. */
  readonly hops?: readonly string[];
  readonly error?: string;
  /** What the caller was told. */
  readonly message?: string;
}

/** The operation was carried out, but its answer is to be lost on the way. */
export class LostAnswer extends Error {}

/** What a call has passed, or has not. */
interface Passed {
  readonly authorization: Authorization;
  readonly way?: Way;
}

/** Where a call goes: service and place. */
export interface Target {
  readonly service: string;
  readonly account: string;
  readonly region: string;
}

const READ = /^(Get|Describe|List|Head|BatchGet|Filter|Lookup|Simulate|Validate)/;

/** How many call records are kept for the report. */
const KEPT_CALLS = 100_000;

/**
 * The one path of every call, from the wire and from service to service:
 * validate, authorize, reach, operate, record.
 */
export class Calls {
  public readonly records: CallRecord[] = [];
  public readonly reach = new Reach((place, question, caller) => this.look({ service: 'ec2', ...place }, 'EmulatedServicePath', question, caller));
  public readonly asked = new Asked();
  /** How many calls were made, also those of which no record is kept any more. */
  public made = 0;
  /** Which statements were what decisions needed. */
  public readonly use = new GrantUse();
  /** What decisions did not know about, once each. */
  public readonly unknown = new Set<string>();
  private readonly services = new Map<string, Service>();
  private readonly watchers: Array<{ readonly name: string; readonly watch: NonNullable<Service['watch']> }> = [];

  private readonly desk: Desk;

  /** @param organization that the accounts are in */
  public constructor(private readonly kernel: Kernel, organization?: Organization) {
    const rows = new Map<string, unknown>();
    this.desk = {
      row: <T>(id: string): T => {
        if (!rows.has(id)) rows.set(id, kernel.tables.value<T>('access', id));
        return rows.get(id) as T;
      },
      look: <O>(service: string, operation: string, input: object, place: { readonly account: string; readonly region: string }): O | undefined => (
        this.quietly(() => this.look({ service, ...place }, operation, input, serviceCaller('iam', place.account)) as O)),
      organization: (account) => overAccount(organization, account),
      hostTime: (e) => this.kernel.hostTime(e),
      organizationId: organization && organizationId(organization),
      unknown: (what) => this.unknown.add(what),
    };
  }

  public register(service: Service): void {
    this.services.set(service.name, service);
    if (service.watch) this.watchers.push({ name: service.name, watch: service.watch });
    for (const [name, handler] of Object.entries(service.events ?? {})) {
      this.kernel.on(`${service.name}.${name}`, (args) => {
        const place = args as unknown as { account: string; region: string };
        handler(this.context({ service: service.name, ...place }, serviceCaller(service.name, place.account)), args as never);
      });
    }
  }

  public all(): Service[] {
    return [...this.services.values()];
  }

  /** The value of a row, `<table>/<row>`. */
  public row<T>(id: string): T {
    const [table, row] = id.split('/');
    return this.kernel.tables.value<T>(table, row);
  }

  /** Whether an operation leaves everything as it is, as far as the order of events goes. */
  public isQuiet(service: string, operation: string): boolean {
    const { reads = [], aside = [] } = this.services.get(service) ?? {};
    return READ.test(operation) || reads.includes(operation) || aside.includes(operation);
  }

  /**
   * A call that comes from where its caller is, and not from inside a service. @param host that the client named
   *
   * @throws Unreachable when it does not get here, and what `make` throws
   */
  public arrive(
    target: Target, operation: string, input: object, caller: Caller, requestId: string = randomUUID(), host?: string,
  ): Output | Later | Held {
    const way = this.reach.toService(caller, target, operation, host);
    if (way?.allowed === false) {
      const error = new Unreachable(host ?? hostOfService(target.service, target.region) ?? target.service, way);
      this.record(target, operation, caller, requestId, { authorization: { decided: [], unasked: 'it never came' }, way }, error);
      throw error;
    }
    return this.make(target, operation, input, caller, requestId, way);
  }

  /** A service calls another. */
  public between(from: string, target: Target, operation: string, input: object, caller: Caller): Output | Later | Held {
    if (!this.services.get(from)?.runsWithCaller) return this.make(target, operation, input, caller);
    try {
      return this.arrive(target, operation, input, caller);
    } catch (error) {
      throw error instanceof Unreachable ? new ServiceError(error.name, error.message) : error;
    }
  }

  /** @throws ServiceError, or LostAnswer after the operation took effect */
  public make(target: Target, operation: string, input: object, caller: Caller, requestId: string = randomUUID(), way?: Way): Output | Later | Held {
    let authorization: Authorization = { decided: [], unasked: 'refused before anything was asked' };
    try {
      const service = this.services.get(target.service);
      const operate = service?.operations[operation];
      if (!operate) {
        throw new ServiceError('NotImplemented', `[emulator] ${target.service} ${operation} is not built yet`, { status: 501 });
      }
      const problem = inputProblem(target.service, operation, input);
      if (problem) throw problem;
      authorization = this.authorize(target, operation, input, caller, way);
      if (authorization.refusal) throw authorization.refusal;
      const fault = this.kernel.faults.pass(target.service, operation, JSON.stringify(input), caller.principal.arn);
      if (fault?.kind === 'error') throw faultError(fault);
      const result = this.kernel.transaction(() => {
        const made = operate(this.context(target, caller, requestId), input as never) ?? {};
        this.show(target, { operation, caller, requestId, input, output: made instanceof Later ? {} : made instanceof Held ? made.output : made });
        return made;
      });
      if (fault?.kind === 'lost-answer') throw new LostAnswer(`${target.service} ${operation}`);
      this.record(target, operation, caller, requestId, { authorization, way });
      return result;
    } catch (error) {
      this.asked.note(requestId, target.service, operation, input);
      this.record(target, operation, caller, requestId, { authorization, way }, error as Error);
      if (error instanceof ServiceError && error.options.status !== 501) {
        const { code, message } = error;
        this.kernel.transaction(() => this.show(target, { operation, caller, requestId, input, output: {}, error: { code, message } }));
      }
      throw error;
    }
  }

  /** What the emulator's own parts ask each other is no call of AWS. */
  private authorize(target: Target, operation: string, input: object, caller: Caller, way?: Way): Authorization {
    if (!hasModel(target.service) || !loadModel(target.service).operations.has(operation)) return { decided: [], unasked: 'within the emulator' };
    const question = { ...this.question(target, operation, input, caller), endpoint: this.endpointOf(target, caller, way) };
    const authorization = authorize(question, this.desk, this.kernel.hostTime());
    this.use.given(caller.principal, authorization.identity ?? []);
    this.use.note(caller.principal, authorization.decided);
    return authorization;
  }

  /** Leave for an action without a call. @throws ServiceError */
  public demand(target: Target, action: string, resource: string, caller: Caller): void {
    const authorization = authorizeAction(this.question(target, action.split(':')[1], {}, caller), { action, resource }, this.desk, this.kernel.hostTime());
    this.use.given(caller.principal, authorization.identity ?? []);
    this.use.note(caller.principal, authorization.decided);
    if (!authorization.refusal) return;
    this.record(target, action.split(':')[1], caller, randomUUID(), { authorization }, authorization.refusal);
    throw authorization.refusal;
  }

  public isLetIn(target: Target, policy: string, action: string, resource: string, caller: Caller): boolean {
    return isLetIn(this.question(target, action.split(':')[1], {}, caller), { action, resource }, policy);
  }

  private endpointOf(target: Target, caller: Caller, way?: Way): AskedEndpoint | undefined {
    if (way?.endpointId === undefined) return undefined;
    const home = caller.position.kind === 'vpc' && caller.position.home || target;
    return this.look({ ...home, service: 'ec2' }, 'EmulatedEndpoint', { VpcEndpointId: way.endpointId }, caller) as unknown as AskedEndpoint;
  }

  private question({ service, account, region }: Target, operation: string, input: object, caller: Caller): Question {
    return { service, operation, input: input as Question['input'], caller, place: { account, region, partition: partitionOf(region) } };
  }

  private quietly<T>(question: () => T): T | undefined {
    try {
      return question();
    } catch (error) {
      if (error instanceof ServiceError) return undefined;
      throw error;
    }
  }

  /** To those who look on. Reads are not shown. */
  private show(target: Target, { operation, input, output, ...call }: Omit<MadeCall, 'service' | 'told'> & { readonly input: object; readonly output: object }): void {
    const { reads = [] } = this.services.get(target.service) ?? {};
    if (this.watchers.length === 0 || READ.test(operation) || reads.includes(operation)) return;
    const made: MadeCall = { ...call, operation, service: target.service, told: () => toldOf(target.service, operation, input, output) };
    for (const { name, watch } of this.watchers) {
      watch(this.context({ ...target, service: name }, serviceCaller(name, target.account)), made);
    }
  }

  /** A call that is not one of the run's: for reports. Leaves no record and no trace. */
  public look(target: Target, operation: string, input: object, caller: Caller): Output {
    const operate = this.services.get(target.service)?.operations[operation];
    if (!operate) throw new ServiceError('NotImplemented', `[emulator] ${target.service} ${operation} is not built yet`, { status: 501 });
    const result = this.kernel.store.transaction(() => operate(this.context(target, caller), input as never)) ?? {};
    if (result instanceof Later || result instanceof Held) throw new Error(`${target.service} ${operation} is no question`);
    return result;
  }

  public context(target: Target, caller: Caller, requestId: string = randomUUID()): Context {
    return new BoundContext(this, this.kernel, target, caller, requestId);
  }

  private record(target: Target, operation: string, caller: Caller, requestId: string, { authorization, way }: Passed, error?: Error): void {
    if (this.records.length >= KEPT_CALLS) this.records.splice(0, KEPT_CALLS / 10);
    this.made += 1;
    this.records.push({
      at: this.kernel.now,
      service: target.service,
      operation,
      principal: caller.principal.arn,
      position: caller.position.kind,
      allowedBy: allowedBy(authorization),
      requestId,
      ...(way ? { hops: way.hops } : {}),
      ...(authorization.refusal ? { denied: authorization.decided.at(-1) } : {}),
      ...(error ? { error: error instanceof ServiceError ? error.code : error.name, message: error.message } : {}),
    });
  }
}

/** Who and what let a call through: policy, statement and action of each decision. */
function allowedBy({ decided, unasked, refusal }: Authorization): string {
  if (refusal) return 'nothing';
  if (unasked !== undefined) return unasked;
  const supports = decided.flatMap(({ decision }) => decision.by.slice(0, 1));
  return [...new Set(supports.map(({ kind, policy, statement, action }) => `${kind} policy ${policy}, statement ${statement}: ${action}`))].join('; ');
}

/** The caller that a service is when it acts by itself. */
export function serviceCaller(service: string, account: string): Caller {
  const host = `${service}.amazonaws.com`;
  return {
    principal: { kind: 'service', account, arn: `arn:aws:iam::${account}:role/aws-service-role/${host}`, service: host },
    position: { kind: 'service', service },
  };
}

function faultError(fault: Fault): ServiceError {
  const { code = 'InternalFailure', message = '[emulator] asked for by a fault', status } = fault.params as {
    code?: string; message?: string; status?: number;
  };
  return new ServiceError(code, message, { status });
}

class BoundContext implements Context {
  public constructor(
    private readonly calls: Calls,
    public readonly kernel: Kernel,
    private readonly target: Target,
    public readonly caller: Caller,
    public readonly requestId: string,
  ) {}

  public get service(): string {
    return this.target.service;
  }

  public get account(): string {
    return this.target.account;
  }

  public get region(): string {
    return this.target.region;
  }

  public get partition(): string {
    return partitionOf(this.region);
  }

  public get now(): number {
    return this.kernel.now;
  }

  public table<T>(name: string): Table<T> {
    return this.kernel.store.table(`${name}@${this.account}/${this.region}`);
  }

  public globalTable<T>(name: string): Table<T> {
    return this.kernel.store.table(`${name}@${this.account}`);
  }

  public at(place: { account?: string; region?: string }): Context {
    return new BoundContext(this.calls, this.kernel, { ...this.target, ...place }, this.caller, this.requestId);
  }

  public arn(service: string, resource: string, place: { region?: string; account?: string } = {}): string {
    return `arn:${this.partition}:${service}:${place.region ?? this.region}:${place.account ?? this.account}:${resource}`;
  }

  public id(type: string, parent?: string): Buffer {
    return this.kernel.ids.next(this.account, this.region, `${this.service}/${type}`, parent);
  }

  public row<T>(id: string): T {
    const [table, row] = id.includes('/') ? id.split('/') : [this.service, id];
    return this.kernel.tables.value<T>(table, row);
  }

  public delay(row: string, resource: string): number {
    const [min, max] = this.row<Range>(row);
    return Math.round((min + (max - min) * this.kernel.ids.draw(this.service, row, resource)) * 1000);
  }

  public after(milliseconds: number, spec: EventSpec): void {
    this.kernel.after(milliseconds, this.placed(spec));
  }

  public cancel(eventId: string): void {
    this.kernel.cancel(eventId);
  }

  public emit(event: string, resource: string): void {
    this.kernel.timeline.add(this.service, event, resource);
  }

  public busy(what: string, resource: string, milliseconds: number): void {
    this.kernel.timeline.addServiceTime(what, resource, this.now + milliseconds);
  }

  public fault(point: string, resource?: string): Fault | undefined {
    return this.kernel.faults.pass(this.service, point, resource);
  }

  public call<O>(service: string, operation: string, input: object, as: Partial<Caller> = {}): O {
    const result = this.calls.between(this.target.service, { ...this.target, service }, operation, input, { ...this.caller, ...as });
    if (result instanceof Later) throw new Error(`${service} ${operation} answers later: use callLater`);
    return (result instanceof Held ? result.output : result) as O;
  }

  public demand(action: string, resource: string, as: Partial<Caller> = {}): void {
    this.calls.demand(this.target, action, resource, { ...this.caller, ...as });
  }

  public isLetIn(policy: string, action: string, resource: string): boolean {
    return this.calls.isLetIn(this.target, policy, action, resource, this.caller);
  }

  public callLater(service: string, operation: string, input: object, then: EventSpec, as: Partial<Caller> = {}): void {
    const placed = this.placed(then);
    try {
      const result = this.calls.make({ ...this.target, service }, operation, input, { ...this.caller, activityId: undefined, ...as });
      if (result instanceof Later) {
        awaitAnswer(this.kernel, result.key, placed);
        return;
      }
      const output = result instanceof Held ? result.output : result;
      this.kernel.after(0, { ...placed, args: { ...placed.args, output: JSON.parse(JSON.stringify(output)) } });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.kernel.after(0, { ...placed, args: { ...placed.args, error: { code: error.code, message: error.message } } });
    }
  }

  public answer(key: string, outcome: Outcome): void {
    answer(this.kernel, key, outcome);
  }

  private placed(spec: EventSpec): EventSpec {
    return {
      ...spec,
      kind: spec.kind.includes('.') ? spec.kind : `${this.service}.${spec.kind}`,
      args: { ...spec.args, account: this.account, region: this.region },
    };
  }
}

export function partitionOf(region: string): string {
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return region.startsWith('cn-') ? 'aws-cn' : 'aws';
}
