import type { Aws } from '../../../src/handlers/aws';
import type { ParameterApi } from '../../../src/handlers/aws/parameters';

type Apis = { [K in keyof Aws]?: Partial<Aws[K]> };

export interface Call {
  /** Such as `cloudHsm.createHsm`. */
  readonly name: string;
  readonly input: readonly unknown[];
}

/** All of AWS as recordings: what a test does not give answers with an error that names the call. */
export interface FakeAws extends Aws {
  readonly calls: Call[];
  readonly parameters: FakeParameters;
  /** Calls of one name, their inputs only. */
  inputs(name: string): ReadonlyArray<readonly unknown[]>;
}

export function fakeAws(apis: Apis = {}, parameters = new FakeParameters()): FakeAws {
  const calls: Call[] = [];
  const recorded = <K extends keyof Aws>(api: K, methods: Partial<Aws[K]>): Aws[K] => new Proxy(methods, {
    get: (target, method: string) => (...input: unknown[]): unknown => {
      calls.push({ name: `${api}.${method}`, input });
      const answer = (target as Record<string, unknown>)[method];
      if (typeof answer !== 'function') throw new Error(`unexpected call ${api}.${method}(${JSON.stringify(input)})`);
      return (answer as (...args: unknown[]) => unknown).apply(target, input);
    },
  }) as Aws[K];
  return {
    calls,
    inputs: (name) => calls.filter((call) => call.name === name).map(({ input }) => input),
    backups: recorded('backups', apis.backups ?? {}),
    cloudHsm: recorded('cloudHsm', apis.cloudHsm ?? {}),
    commands: recorded('commands', apis.commands ?? {}),
    ec2: recorded('ec2', apis.ec2 ?? {}),
    keyStores: recorded('keyStores', apis.keyStores ?? {}),
    keys: recorded('keys', apis.keys ?? {}),
    logs: recorded('logs', apis.logs ?? {}),
    machine: recorded('machine', apis.machine ?? {}),
    privateCas: recorded('privateCas', apis.privateCas ?? {}),
    quotas: recorded('quotas', apis.quotas ?? {}),
    restoredClusters: recorded('restoredClusters', apis.restoredClusters ?? {}),
    secretVersions: recorded('secretVersions', apis.secretVersions ?? {}),
    secrets: recorded('secrets', apis.secrets ?? {}),
    stacks: recorded('stacks', apis.stacks ?? {}),
    storeKeys: recorded('storeKeys', apis.storeKeys ?? {}),
    parameters: apis.parameters ? Object.assign(parameters, apis.parameters) : parameters,
  };
}

/** Parameter Store in memory. */
export class FakeParameters implements ParameterApi {
  public readonly values = new Map<string, string>();

  public constructor(values: Readonly<Record<string, string>> = {}) {
    Object.entries(values).forEach(([name, value]) => this.values.set(name, value));
  }

  public async get(name: string): Promise<string | undefined> {
    return this.values.get(name);
  }

  public async all(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return new Map([...this.values].filter(([name]) => names.includes(name)));
  }

  public async under(path: string): Promise<ReadonlyMap<string, string>> {
    const prefix = path.endsWith('/') ? path : `${path}/`;
    return new Map([...this.values].filter(([name]) => name.startsWith(prefix)));
  }

  public async create(name: string, value: string): Promise<boolean> {
    if (this.values.has(name)) return false;
    this.values.set(name, value);
    return true;
  }

  public async overwrite(name: string, value: string): Promise<void> {
    this.values.set(name, value);
  }

  public async delete(names: readonly string[]): Promise<void> {
    names.forEach((name) => this.values.delete(name));
  }
}

/** An error as an SDK client throws it. */
export function serviceError(name: string, message: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

/** The answer never came: the call may have been carried out. */
export function lostAnswer(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'TimeoutError', $metadata: {} });
}
