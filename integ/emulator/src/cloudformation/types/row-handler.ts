import { alreadyExists } from './already-exists';
import { done } from './handler';
import type { Handler, Progress, Work } from './handler';
import { recorded } from './recorded';
import { idFormat } from '../../kernel';
import { ServiceError } from '../../wire/operation';
import { reportNotBuilt } from '../hosts';
import { equal } from '../plan/equal';
import { specOf } from '../spec';
import { resources } from '../state';
import { physicalName } from './physical-name';
import { fitInput } from './shape';
import type { Value, ValueMap } from '../template/template';
import { isObject } from '../template/template';

export interface TagPair {
  readonly Key: string;
  readonly Value: string;
}

/** What a row works with: properties in a form to be used, and calls as the stack's principal. */
export class Request {
  private hasWritten = false;

  public constructor(public readonly work: Work, private readonly service: string, private readonly withSystemTags: boolean) {}

  public get id(): string {
    return this.work.physicalId!;
  }

  public get properties(): ValueMap {
    return this.work.properties;
  }

  public value(name: string): Value | undefined {
    return this.work.properties[name];
  }

  public text(name: string): string | undefined {
    const value = this.work.properties[name];
    return value === undefined || value === null ? undefined : typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  public number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(text);
  }

  public flag(name: string): boolean | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : text.toLowerCase() === 'true';
  }

  public map(name: string): ValueMap {
    const value = this.work.properties[name];
    return isObject(value) ? value : {};
  }

  public list<T = string>(name: string): readonly T[] {
    const value = this.work.properties[name];
    return (Array.isArray(value) ? value : value === undefined ? [] : [value]) as unknown as readonly T[];
  }

  /** As it was before the change. */
  public before(name: string): Value | undefined {
    return this.work.previous?.[name];
  }

  public changed(...names: string[]): boolean {
    return this.work.previous === undefined || names.some((name) => !equal(this.work.previous![name], this.work.properties[name]));
  }

  /** Capitals and digits that belong to this version of the resource. */
  public random(length: number): string {
    const { context, stackId, logicalId, uid } = this.work;
    return idFormat.upperAlphanumeric(context.kernel.ids.named('cloudformation-random', stackId, logicalId, uid), length);
  }

  public attribute(name: string): string {
    return String(this.work.attributes[name] ?? '');
  }

  /** The given name, or one as CloudFormation makes them. */
  public name(property: string): string {
    return this.text(property) ?? physicalName(this.work);
  }

  public call<O = Record<string, unknown>>(operation: string, input: object = {}): O {
    return this.callOther<O>(this.service, operation, input);
  }

  public callOther<O = Record<string, unknown>>(service: string, operation: string, input: object): O {
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    try {
      const output = this.work.context.call<O>(service, operation, given, this.work.caller);
      this.hasWritten ||= !/^(Get|Describe|List|Head)/.test(operation);
      return output;
    } catch (error) {
      // What is there stays there: a part of it that is not built is left out, and said.
      if (!this.hasWritten || !isNotBuilt(error)) throw error;
      this.notBuilt((error as Error).message);
      return {} as O;
    }
  }

  /** Properties cut to an operation's input, with some members set by hand. */
  public fitted(
    operation: string, extra: { readonly [name: string]: unknown } = {}, properties: ValueMap = this.properties,
  ): { [name: string]: unknown } {
    return { ...fitInput(this.service, operation, properties), ...extra };
  }

  /** Calls with the properties cut to the operation's input. */
  public send<O = Record<string, unknown>>(operation: string, extra: { readonly [name: string]: unknown } = {}, properties?: ValueMap): O {
    return this.call<O>(operation, this.fitted(operation, extra, properties));
  }

  /** Tags of the stack, of CloudFormation and of the resource, the later ones winning. */
  public tags(property: string = specOf(this.work.type)?.tags?.[0] ?? 'Tags'): TagPair[] {
    const own = this.work.properties[property];
    const pairs = isObject(own)
      ? Object.entries(own)
      : (Array.isArray(own) ? own as readonly Value[] : []).filter(isObject).map(({ Key, Value: value }) => [String(Key), value] as const);
    const all = new Map<string, string>();
    const system = this.withSystemTags ? Object.entries(this.work.systemTags) : [];
    for (const [key, value] of [...Object.entries(this.work.stackTags), ...system, ...pairs]) {
      all.set(key, String(value ?? ''));
    }
    return [...all].map(([Key, value]) => ({ Key, Value: value }));
  }

  public tagMap(property?: string): { [key: string]: string } {
    return Object.fromEntries(this.tags(property).map(({ Key, Value: value }) => [Key, value]));
  }

  /** Keys that were set before and are not any more. */
  public removedTags(property: string = specOf(this.work.type)?.tags?.[0] ?? 'Tags'): string[] {
    const own = this.work.previous?.[property];
    const list = (Array.isArray(own) ? own as readonly Value[] : []).filter(isObject);
    const before = isObject(own) ? Object.keys(own) : list.map(({ Key }) => String(Key));
    const now = new Set(this.tags(property).map(({ Key }) => Key));
    return before.filter((key) => !now.has(key));
  }

  /** Whether a physical id belongs to another resource of the same stack. */
  public isOfStack(physicalId: string): boolean {
    return resources(this.work.context, this.work.stackId).values().some((record) => record.physicalId === physicalId);
  }

  public arn(service: string, resource: string, place?: { region?: string; account?: string }): string {
    return this.work.context.arn(service, resource, place);
  }

  public notBuilt(what: string): void {
    reportNotBuilt(this.work.context, `${this.work.type}: ${what}`);
  }
}

/** A resource that will not become what it should be. */
export function neverStable(message: string): ServiceError {
  return new ServiceError('NotStabilized', message);
}

/** How an ordinary type is dealt with: which operations, in which order, with which members. */
export interface Row {
  /** Name of the service whose operations are called. */
  readonly service: string;
  /** What stands already under the name that was given: for types whose creation would silently take it over. */
  readonly taken?: (request: Request) => string | undefined;
  /** Gives the physical id. */
  readonly create: (request: Request) => string;
  /** Absent: nothing of it can change in place, or changes have no effect on what is emulated. */
  readonly update?: (request: Request) => void;
  readonly delete: (request: Request) => void;
  /** What it still waits for; `undefined` when it is as it should be. Throws when it never will be. */
  readonly waits?: (request: Request, action: 'create' | 'update') => string | undefined;
  /** Whether it has gone; without this a deletion is over when the call is. */
  readonly gone?: (request: Request) => boolean;
  readonly attributes?: (request: Request) => ValueMap;
  /** The resource as it is, in the words of its properties, for drift; `undefined` when it is gone. */
  readonly read?: (request: Request) => ValueMap | undefined;
  readonly replaces?: (request: Request) => boolean;
  /** Work that goes on after an update, as in a rolling update. */
  readonly roll?: (request: Request, data: Value | undefined) => { readonly forWhat: string; readonly data: Value } | undefined;
}

const NOT_THERE = /NotFound|NoSuch|NonExistent|DoesNotExist|InvalidParameterValue.*does not exist/i;

export function isNotThere(error: unknown): boolean {
  return error instanceof ServiceError && (NOT_THERE.test(error.code) || /does not exist|not found|non-existent/i.test(error.message) && /Invalid|Validation/.test(error.code));
}

function isNotBuilt(error: unknown): boolean {
  return error instanceof ServiceError && (error.code === 'NotImplemented' || error.message.startsWith('[emulator]') && /not built/.test(error.message));
}

const RECORDED = 'recorded';

/** A row as a handler: waits, retries without system tags, and recording what a service does not have. */
export function rowHandler(row: Row): Handler {
  const ask = <T>(work: Work, use: (request: Request) => T): T => {
    const wanted = work.context.row<string[]>('system-tag-types').includes(work.type);
    if (!wanted) return use(new Request(work, row.service, false));
    try {
      return work.context.kernel.store.transaction(() => use(new Request(work, row.service, true)));
    } catch (error) {
      // A service that keeps `aws:` to itself does not let us set such tags.
      if (error instanceof ServiceError && /aws:/.test(error.message)) return use(new Request(work, row.service, false));
      throw error;
    }
  };
  const attributes = (work: Work): ValueMap => ask(work, (request) => row.attributes?.(request)) ?? {};
  const stable = (work: Work, action: 'create' | 'update'): Progress => {
    const check = consistencyCheck(work);
    if (check > 0 && work.data === undefined) {
      work.context.busy(`check of ${work.type}`, 'iam', check);
      return { kind: 'wait', physicalId: work.physicalId, forWhat: 'its eventual consistency check', data: CHECKED, ms: check, memory: work.memory };
    }
    const waits = ask(work, (request) => row.waits?.(request, action));
    if (waits === undefined) return done(work.physicalId!, attributes(work), work.memory);
    return { kind: 'wait', physicalId: work.physicalId, forWhat: waits, ms: interval(work), memory: work.memory };
  };
  const rolled = (work: Work): Progress => {
    const rolling = ask(work, (request) => row.roll?.(request, work.data));
    if (!rolling) return stable(work, 'update');
    return { kind: 'wait', physicalId: work.physicalId, forWhat: rolling.forWhat, data: rolling.data as never, ms: interval(work) };
  };
  const gone = (work: Work): Progress => {
    try {
      if (!row.gone || ask(work, row.gone)) return done(work.physicalId!);
    } catch (error) {
      if (isNotThere(error)) return done(work.physicalId!);
      throw error;
    }
    return { kind: 'wait', forWhat: `${work.physicalId} to be gone`, ms: interval(work) };
  };
  const isRecorded = ({ memory }: Work): boolean => memory === RECORDED;
  const taken = (work: Work): string | undefined => {
    try {
      return row.taken && ask(work, row.taken);
    } catch (error) {
      // What is not there, or cannot be looked for, is free.
      if (isNotThere(error) || isNotBuilt(error)) return undefined;
      throw error;
    }
  };

  return {
    create: (work) => {
      const existing = taken(work);
      if (existing !== undefined) return alreadyExists(work, existing);
      let physicalId: string;
      try {
        physicalId = work.context.kernel.store.transaction(() => ask(work, row.create));
      } catch (error) {
        if (!isNotBuilt(error)) throw error;
        reportNotBuilt(work.context, `${work.type}: ${(error as Error).message}`);
        const made = recorded.create(work);
        return { ...made, memory: RECORDED } as Progress;
      }
      return stable({ ...work, physicalId }, 'create');
    },
    update: (work) => {
      if (isRecorded(work)) return recorded.update(work);
      try {
        work.context.kernel.store.transaction(() => ask(work, (request) => row.update?.(request)));
      } catch (error) {
        if (!isNotBuilt(error)) throw error;
        reportNotBuilt(work.context, `${work.type}: update: ${(error as Error).message}`);
        return done(work.physicalId!, work.attributes, work.memory);
      }
      return rolled({ ...work, data: undefined });
    },
    delete: (work) => {
      if (isRecorded(work)) return recorded.delete(work);
      try {
        work.context.kernel.store.transaction(() => ask(work, row.delete));
      } catch (error) {
        if (isNotThere(error)) return done(work.physicalId!);
        throw error;
      }
      return gone(work);
    },
    resume: (work, action) => {
      if (action === 'delete') return gone(work);
      return action === 'update' ? rolled(work) : stable(work, action);
    },
    adopt: (work) => {
      try {
        if (row.read && ask(work, row.read) === undefined) return { kind: 'failed', reason: `Resource ${work.physicalId} does not exist` };
      } catch (error) {
        if (isNotThere(error)) return { kind: 'failed', reason: `Resource ${work.physicalId} does not exist` };
        throw error;
      }
      return done(work.physicalId!, attributes(work));
    },
    read: row.read && ((work) => {
      if (isRecorded(work)) return work.properties;
      try {
        return ask(work, row.read!);
      } catch (error) {
        if (isNotThere(error)) return undefined;
        throw error;
      }
    }),
    replaces: row.replaces && ((work) => ask(work, row.replaces!)),
  };
}

/** What a resource has with it that has been waited for. */
const CHECKED = { checked: true };

/** How long a new or changed resource is given to be seen everywhere. */
function consistencyCheck({ context, type }: Work): number {
  return (context.row<{ readonly [type: string]: number }>('consistency-checks')[type] ?? 0) * 1000;
}

function interval({ context, type }: Work): number {
  const rows = context.row<{ readonly [type: string]: number }>('callback-delays');
  return (rows[type] ?? rows.default) * 1000;
}
