import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Calls } from '../../src/access/call';
import { DEFAULT_ACCOUNT } from '../../src/access/sessions';
import { Kernel, Tables } from '../../src/kernel';
import type { ClockMode } from '../../src/kernel';
import { Held, Later, ServiceError } from '../../src/wire/operation';
import type { Caller, Context, Host, Output, Service } from '../../src/wire/operation';

export interface WorldOptions {
  readonly services: readonly Service[];
  readonly clock?: ClockMode;
  readonly seed?: number;
  readonly account?: string;
  readonly region?: string;
  readonly variants?: readonly string[];
  readonly overrides?: ReadonlyMap<string, unknown>;
  /** RSA keys that no other world has. */
  readonly ownKeys?: boolean;
  /** A folder that outlives this world, to open the state again; temporary if absent. */
  readonly folder?: string;
}

const TABLES = join(__dirname, '..', '..', 'tables');

/** An outside caller with plain keys. */
export function outside(account: string = DEFAULT_ACCOUNT): Caller {
  return { principal: { kind: 'user', account, arn: `arn:aws:iam::${account}:user/outside` }, position: { kind: 'outside' } };
}

/** A session of a role. */
export function roleSession(role: string, session: string = 'session', account: string = DEFAULT_ACCOUNT): Caller {
  return {
    principal: {
      kind: 'role', account, sessionName: session, arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`, roleArn: `arn:aws:iam::${account}:role/${role}`,
    },
    position: { kind: 'outside' },
  };
}

const EVERYTHING = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } });

/** Where IAM is not part of a world, or only played, its roles may do everything: what is tested there is not permissions. */
export function openTo(iam: Service = { name: 'iam', operations: {} }): Service {
  return {
    ...iam,
    operations: {
      EmulatedPolicies: () => ({ Policies: [{ Name: 'everything', Document: EVERYTHING }] }),
      // Every role that is there trusts everybody.
      EmulatedGuard: (context, { Arn }: { Arn: string }) => {
        iam.operations.GetRole?.(context, { RoleName: Arn.split('/').at(-1) } as never);
        return { policy: EVERYTHING.replace('"Effect"', '"Principal":"*","Effect"'), isGate: true };
      },
      ...iam.operations,
    },
  };
}

/** What a thing says that lets a service in: as an attribute of a queue or topic, or from a service that is played. */
export function letsIn(service: string): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` }, Action: '*', Resource: '*' } });
}

/** How long changes in IAM take to be obeyed, and how long CloudFormation waits for that, is the concern of few tests: they say so. */
function settled(variants: readonly string[] = []): string[] {
  const chosen = ['iam/spread=at-once', 'cloudformation/consistency-checks=none'];
  return [...variants, ...chosen.filter((choice) => !variants.some((variant) => variant.startsWith(choice.replace(/=.*/, '='))))];
}

/** A kernel in a temporary folder with some services, called without the wire. Time moves only by `advance` unless a clock is given. */
export class World {
  public readonly kernel: Kernel;
  public readonly calls: Calls;
  public readonly account: string;
  public readonly region: string;
  public readonly folder: string;
  /** Defects that event handlers ran into; `stop` throws the first. */
  public readonly internalErrors: Error[] = [];

  public constructor(private readonly options: WorldOptions) {
    this.account = options.account ?? DEFAULT_ACCOUNT;
    this.region = options.region ?? 'us-east-1';
    this.folder = options.folder ?? mkdtempSync(join(tmpdir(), 'emulator-world-'));
    this.kernel = new Kernel({
      folder: this.folder,
      seed: options.seed ?? 1,
      clock: options.clock ?? { kind: 'manual' },
      keyReserve: options.ownKeys ? undefined : process.env.KEY_RESERVE_FOLDER,
      tables: new Tables(TABLES, settled(options.variants), options.overrides),
    });
    this.kernel.onInternalError = (error) => this.internalErrors.push(error);
    this.calls = new Calls(this.kernel);
    const services = [...options.services.filter(({ name }) => name !== 'iam'), openTo(options.services.find(({ name }) => name === 'iam'))];
    services.forEach((service) => this.calls.register(service));
    options.services.forEach((service) => service.start?.(this.kernel, this.host()));
    this.kernel.start();
  }

  /** An operation's answer. @throws ServiceError */
  public call<O = Output>(service: string, operation: string, input: object = {}, caller: Caller = outside(this.account)): O {
    const result = this.calls.make({ service, account: this.account, region: this.region }, operation, input, caller);
    if (result instanceof Later) throw new Error(`${service} ${operation} answers later`);
    return (result instanceof Held ? result.output : result) as O;
  }

  /** Makes a role that may do everything, or what the statements say; whoever is in the account, and Lambda, may take it on. */
  public empower(RoleName: string, ...statements: readonly object[]): void {
    const trust = { Effect: 'Allow', Principal: { AWS: this.account, Service: ['lambda.amazonaws.com', 'states.amazonaws.com', 'ec2.amazonaws.com'] }, Action: 'sts:AssumeRole' };
    this.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: trust }) });
    const PolicyDocument = statements.length === 0 ? EVERYTHING : JSON.stringify({ Version: '2012-10-17', Statement: statements });
    this.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'may', PolicyDocument });
  }

  /** The refusal of an operation that must not succeed. */
  public refusal(service: string, operation: string, input: object = {}, caller: Caller = outside(this.account)): ServiceError {
    try {
      this.call(service, operation, input, caller);
    } catch (error) {
      if (error instanceof ServiceError) return error;
      throw error;
    }
    throw new Error(`${service} ${operation} was not refused`);
  }

  public context(service: string, caller: Caller = outside(this.account)): Context {
    return this.calls.context({ service, account: this.account, region: this.region }, caller);
  }

  public async advance(milliseconds: number): Promise<void> {
    await this.kernel.advance(milliseconds);
    if (this.internalErrors.length > 0) throw this.internalErrors[0];
  }

  public stop(): void {
    this.kernel.stop();
    if (!this.options.folder) rmSync(this.folder, { recursive: true, force: true });
    if (this.internalErrors.length > 0) throw this.internalErrors[0];
  }

  private host(): Host {
    return {
      endpoint: () => 'http://127.0.0.1:4566',
      context: ({ caller, ...place }) => this.calls.context(place, caller ?? outside(place.account)),
      credentials: () => ({ accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' }),
      notBuilt: () => undefined,
    };
  }
}
