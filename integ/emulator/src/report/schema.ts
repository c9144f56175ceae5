/**
 * The report of a run. Times are seconds of emulated time since the state folder was made.
 *
 * Versioned: members are added freely, none is renamed or removed without another `version`.
 */
export interface Report {
  readonly version: 1;
  readonly deterministic: boolean;
  /** Outside writes that fell between events, when `deterministic` is false. */
  readonly overlapping: readonly string[];
  readonly seed: number;
  readonly emulatedSeconds: number;
  readonly stacks: readonly ReportedStack[];
  readonly clusters: readonly ReportedCluster[];
  readonly keyStores: readonly ReportedKeyStore[];
  readonly keys: readonly ReportedKey[];
  readonly timeline: readonly ReportedEvent[];
  /** SHA-256 over the timeline: equal for equal runs. */
  readonly timelineHash: string;
  readonly criticalPath: CriticalPath;
  readonly denied: readonly ReportedRefusal[];
  readonly unreachable: readonly ReportedUnreachable[];
  /** Rules, routes and endpoints that were the only thing that held up a way. */
  readonly supports: readonly ReportedSupport[];
  /** Actions that roles of the account were given and never used: `<role> | <policy> | <statement> | <action>`. */
  readonly unusedGrants: readonly string[];
  /** How much of what roles were given some decision needed. */
  readonly tightness: ReportedTightness;
  readonly notBuilt: readonly string[];
  readonly assumptions: ReadonlyArray<{ readonly row: string; readonly basis: string; readonly variant: string; readonly source: string }>;
  /** Dollars an hour for the HSMs there are. */
  readonly hourlyCost: number;
}

export interface ReportedStack {
  readonly name: string;
  readonly status: string;
  readonly region: string;
  readonly statusReason?: string;
}

export interface ReportedCluster {
  readonly clusterId: string;
  readonly state: string;
  readonly hsmType: string;
  readonly mode: string;
  readonly region: string;
  readonly hsms: ReadonlyArray<{
    readonly hsmId: string; readonly availabilityZone: string; readonly eniId?: string; readonly eniIp?: string; readonly state: string;
  }>;
  readonly users: ReadonlyArray<{ readonly username: string; readonly role: string; readonly coverage: string }>;
  readonly backups: ReadonlyArray<{ readonly backupId: string; readonly state: string }>;
}

export interface ReportedKeyStore {
  readonly keyStoreId: string;
  readonly name: string;
  readonly clusterId?: string;
  readonly connectionState: string;
  readonly connectionErrorCode?: string;
}

export interface ReportedKey {
  readonly keyId: string;
  readonly state: string;
  readonly origin: string;
  /** The custom key store that it is in. */
  readonly keyStoreId?: string;
}

export interface ReportedEvent {
  readonly at: number;
  readonly service: string;
  readonly event: string;
  readonly resource: string;
}

/** The time that the service itself needs on the way to the last cluster, and the time it took. */
export interface CriticalPath {
  readonly floorSeconds: number;
  readonly actualSeconds: number;
  /** 0.03 is 3 %. */
  readonly overhead: number;
}

export interface ReportedRefusal {
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  readonly principal: string;
  readonly error: string;
  /** What leave was missing for: absent where the service refused by itself. */
  readonly action?: string;
  readonly resource?: string;
  /** What IAM says. */
  readonly text?: string;
  /** The statement that would allow it; absent after an explicit deny. */
  readonly add?: { readonly Effect: 'Allow'; readonly Action: string; readonly Resource: string };
  /** Statements that name the action, and what they missed. */
  readonly tried?: readonly string[];
}

/** Pairs of a statement and an action in it, of the roles that the account has. */
export interface ReportedTightness {
  readonly granted: number;
  /** Those that allowed something. */
  readonly used: number;
  /** Those without which some decision would have been no. */
  readonly needed: number;
}

/** A security-group rule (by its id), a route (`<table> <destination>`) or an endpoint, and the ways that there would not be without it. */
export interface ReportedSupport {
  readonly support: string;
  readonly region: string;
  readonly ways: ReadonlyArray<{ readonly principal: string; readonly subnetId: string; readonly to: string }>;
}

/** A connection that did not come about; reported once, however often it was tried. */
export interface ReportedUnreachable extends ReportedRefusal {
  readonly region: string;
  /** Host or address, and port. */
  readonly to: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  readonly instanceId?: string;
  readonly functionArn?: string;
  /** What it got past. */
  readonly hops: readonly string[];
  /** The hop that is not there. */
  readonly missing: string;
  /** What would be one. */
  readonly remedy?: string;
}
