import { fakeAws, FakeParameters, lostAnswer, serviceError } from './aws';
import type { FakeAws } from './aws';
import { A, B, cluster, hsm } from './cluster';
import { CLUSTER_ID, MINUTE, NOW, SECOND } from './request';
import type { Cluster } from '../../../src/handlers/aws/cloudhsm';
import type { KeyStore } from '../../../src/handlers/aws/key-stores';
import type { StoreKey } from '../../../src/handlers/aws/store-keys';

/** What becomes of one call that changes something. */
export type CallFate = 'done' | 'done, answer lost' | 'not done, answer lost' | 'throttled';

/** What becomes of a script that sets the password. */
export type ScriptFate = 'well' | 'failed' | 'set, then failed';

export interface ConnectFate {
  /** Milliseconds until it ends; `undefined`: never. */
  readonly takes: number | undefined;
  /** Why it fails; else it depends on the password. */
  readonly error?: string;
}

export interface KeyStoreWorldOptions {
  readonly clusters?: Readonly<Record<string, Cluster>>;
  readonly stores?: readonly KeyStore[];
  readonly keys?: readonly StoreKey[];
  readonly stackStatus?: string;
  /** What becomes of calls, in their order; then everything goes well. */
  readonly calls?: readonly CallFate[];
  readonly connects?: readonly ConnectFate[];
  /** How long a change takes to show, in milliseconds. */
  readonly lag?: number;
  /** What the script says; by default it sets the password. */
  readonly scriptError?: string;
  /** What becomes of scripts, in their order; then everything goes well. */
  readonly scripts?: readonly ScriptFate[];
  readonly parameters?: Readonly<Record<string, string>>;
}

interface Version { readonly at: number; readonly store: KeyStore | undefined }

/**
 * A small model of KMS custom key stores, the user `kmsuser` on the HSMs, Secrets Manager and Run Command.
 *
 * - What has changed shows `lag` later. Answers may be lost, with the change made or not.
 * - A connect tries the password that KMS was given; a right one is replaced by one that only KMS knows, a wrong one is counted and makes it fail.
 * - The script sets the secret's password on the HSMs half a minute after it was sent.
 */
export class KeyStoreWorld {
  public now = NOW;
  public readonly parameters: FakeParameters;
  public readonly aws: FakeAws;
  /** Passwords that were tried by KMS, in their order; a plain reconnect tries KMS's own. */
  public readonly tried: string[] = [];
  public wrongLogins = 0;
  public readonly secrets = new Map<string, string>();
  /** Every name a secret ever had. */
  public readonly secretNames: string[] = [];
  public created = 0;
  /** Where `kmsuser` has which password. */
  public readonly passwords = new Map<string, string>();
  private readonly history = new Map<string, Version[]>();
  private readonly given = new Map<string, string>();
  private readonly commands = new Map<string, { at: number; token: string; run: () => void; done: boolean; error?: string }>();
  private readonly calls: CallFate[];
  private readonly connects: ConnectFate[];
  private readonly scripts: ScriptFate[];
  private pending: Array<{ at: number; storeId: string; run: () => void }> = [];
  private count = 0;

  public constructor(private readonly options: KeyStoreWorldOptions = {}) {
    this.calls = [...options.calls ?? []];
    this.connects = [...options.connects ?? []];
    this.scripts = [...options.scripts ?? []];
    this.parameters = new FakeParameters({ [`/cdk-cloudhsm/${CLUSTER_ID}/trust-anchor`]: 'PEM', ...options.parameters });
    for (const store of options.stores ?? []) {
      this.history.set(store.storeId, [{ at: -Infinity, store }]);
      this.given.set(store.storeId, 'KMS');
      this.passwords.set(store.clusterId, 'KMS');
    }
    const clusters = options.clusters ?? { [CLUSTER_ID]: cluster('ACTIVE', [hsm('1', A), hsm('2', B)]) };
    this.aws = fakeAws({
      cloudHsm: { describe: async (clusterId) => (clusters[clusterId] ? { cluster: clusters[clusterId], certificates: {} } : undefined) },
      stacks: { status: async () => options.stackStatus ?? 'DELETE_IN_PROGRESS' },
      storeKeys: { inStore: async () => options.keys ?? [] },
      keyStores: {
        all: async () => this.shown(),
        create: async ({ name, clusterId, password }) => this.call(() => this.create(name, clusterId, password)),
        connect: async (storeId) => this.call(() => this.connect(storeId)),
        disconnect: async (storeId) => this.call(() => this.disconnect(storeId)),
        rename: async (storeId, name) => this.call(() => {
          this.need(storeId, ['CONNECTED', 'DISCONNECTED']);
          this.change(storeId, { name });
        }),
        give: async (storeId, clusterId, password) => this.call(() => {
          this.need(storeId, ['DISCONNECTED']);
          this.given.set(storeId, password);
          this.change(storeId, { clusterId });
        }),
        delete: async (storeId) => this.call(() => {
          this.need(storeId, ['DISCONNECTED']);
          if ((options.keys ?? []).length > 0) throw serviceError('CustomKeyStoreHasCMKsException', 'The store has keys');
          this.put(storeId, undefined);
        }),
      },
      secrets: {
        makeTemporary: async ({ name }) => {
          if (!this.secretNames.includes(name)) this.secretNames.push(name);
          this.secrets.set(name, `password ${this.next()}`);
          return `arn:${name}`;
        },
        temporaryPassword: async (name) => this.secrets.get(name)!,
        destroyTemporary: async (name) => {
          this.secrets.delete(name);
        },
      },
      commands: {
        adminClient: async () => ({ instanceId: 'i-1', agentStatus: 'Online' }),
        send: async ({ token, parameters }) => this.call(() => this.send(token, parameters)),
        find: async (_instanceId, token) => [...this.commands].find(([, command]) => command.token === token)?.[0],
        result: async (commandId) => this.result(commandId),
      },
    }, this.parameters);
  }

  /** As they are, whatever shows. */
  public get stores(): readonly KeyStore[] {
    this.settle();
    return [...this.history.values()].flatMap((versions) => versions[versions.length - 1].store ?? []);
  }

  public pass(milliseconds: number): void {
    this.now += milliseconds;
    this.settle();
  }

  private settle(): void {
    const due = this.pending.filter(({ at }) => at <= this.now).sort((a, b) => a.at - b.at);
    this.pending = this.pending.filter(({ at }) => at > this.now);
    due.forEach(({ run }) => run());
    for (const command of this.commands.values()) {
      if (command.done || command.at + 30 * SECOND > this.now) continue;
      command.done = true;
      command.run();
    }
  }

  private async call<T>(carryOut: () => T): Promise<T> {
    const fate = this.calls.shift() ?? 'done';
    if (fate === 'throttled') throw serviceError('ThrottlingException', 'slow down');
    if (fate === 'not done, answer lost') throw lostAnswer();
    this.settle();
    const result = carryOut();
    if (fate === 'done, answer lost') throw lostAnswer();
    return result;
  }

  private create(name: string, clusterId: string, password: string): string {
    const existing = this.stores.find((store) => store.clusterId === clusterId);
    if (existing) {
      if (existing.name === name && this.given.get(existing.storeId) === password && existing.state === 'DISCONNECTED') return existing.storeId;
      throw serviceError('CloudHsmClusterInUseException', 'in use');
    }
    const storeId = `cks-${this.next()}`;
    this.created += 1;
    this.given.set(storeId, password);
    this.put(storeId, { storeId, name, clusterId, state: 'DISCONNECTED' });
    return storeId;
  }

  private connect(storeId: string): void {
    const store = this.need(storeId, ['DISCONNECTED', 'CONNECTING', 'CONNECTED']);
    if (store.state !== 'DISCONNECTED') return;
    const { takes, error } = this.connects.shift() ?? { takes: 5 * MINUTE };
    this.change(storeId, { state: 'CONNECTING' });
    const password = this.given.get(storeId)!;
    this.tried.push(password);
    if (takes === undefined) return;
    this.pending.push({
      storeId, at: this.now + takes, run: () => {
        const isRight = this.passwords.get(store.clusterId) === password;
        if (error === undefined && !isRight) this.wrongLogins += 1;
        if (error === undefined && isRight) {
          const own = `KMS ${this.next()}`;
          this.passwords.set(store.clusterId, own);
          this.given.set(storeId, own);
          this.change(storeId, { state: 'CONNECTED' });
        } else {
          this.change(storeId, { state: 'FAILED', errorCode: error ?? 'INVALID_CREDENTIALS' });
        }
      },
    });
  }

  private disconnect(storeId: string): void {
    this.need(storeId, ['CONNECTING', 'CONNECTED', 'FAILED']);
    this.pending = this.pending.filter((other) => other.storeId !== storeId);
    this.change(storeId, { state: 'DISCONNECTING', errorCode: undefined });
    this.pending.push({ storeId, at: this.now + MINUTE, run: () => this.change(storeId, { state: 'DISCONNECTED' }) });
  }

  private send(token: string, parameters: Readonly<Record<string, string>>): string {
    const commandId = `command-${this.next()}`;
    const fate = this.scripts.shift() ?? (this.options.scriptError ? 'failed' : 'well');
    this.commands.set(commandId, {
      token, at: this.now, done: false, error: fate === 'well' ? undefined : this.options.scriptError ?? 'ScriptFailed', run: () => {
        const password = this.secrets.get(parameters.UserSecretArn.slice('arn:'.length));
        if (password !== undefined && fate !== 'failed') this.passwords.set(parameters.ClusterId, password);
      },
    });
    return commandId;
  }

  private async result(commandId: string) {
    const { done, error } = this.commands.get(commandId)!;
    if (!done) return { commandId, status: 'InProgress', output: '', errorOutput: '' };
    if (error) return { commandId, status: 'Failed', output: '', errorOutput: `cloudhsm-error ${error} no\n` };
    return { commandId, status: 'Success', output: '{"result":"created"}\n', errorOutput: '' };
  }

  private need(storeId: string, states: readonly string[]): KeyStore {
    const store = this.stores.find((other) => other.storeId === storeId);
    if (!store) throw serviceError('CustomKeyStoreNotFoundException', storeId);
    if (!states.includes(store.state)) throw serviceError('CustomKeyStoreInvalidStateException', store.state);
    return store;
  }

  private change(storeId: string, changes: Partial<KeyStore>): void {
    const versions = this.history.get(storeId)!;
    this.put(storeId, { ...versions[versions.length - 1].store!, ...changes });
  }

  private put(storeId: string, store: KeyStore | undefined): void {
    this.history.set(storeId, [...this.history.get(storeId) ?? [], { at: this.now, store }]);
  }

  private shown(): KeyStore[] {
    const { lag = 0 } = this.options;
    return [...this.history.values()].flatMap((versions) => versions.filter(({ at }) => at + lag <= this.now).pop()?.store ?? []);
  }

  private next(): number {
    this.count += 1;
    return this.count;
  }
}
