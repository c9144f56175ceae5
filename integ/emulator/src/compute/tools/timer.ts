/** An instance. */
export interface InstancePlace {
  readonly account: string;
  readonly region: string;
  readonly instanceId: string;
}

/** What a timer's unit files say. Times in milliseconds. */
export interface TimerSettings {
  /** Name of the timer, with its ending. */
  readonly name: string;
  /** Name of the service that it starts. */
  readonly service: string;
  /** Words of the service's command. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** From its start until it elapses for the first time; never, if nothing says so. */
  readonly first?: number;
  /** From one time to the next; once only, if nothing says so. */
  readonly every?: number;
  readonly randomDelay: number;
}

export interface UnitEnd {
  readonly exitCode: number;
  /** The end of what it said. */
  readonly output: string;
}

/** A timer on an instance. */
export interface Timer extends TimerSettings, InstancePlace {
  /** Starts again when the instance does. */
  readonly enabled: boolean;
  readonly active: boolean;
  readonly elapsed: number;
  /** How the service ended last. */
  readonly last?: UnitEnd;
}

/** The timers of one instance, for its tools. */
export interface InstanceTimers {
  find(name: string): Timer | undefined;
  all(): readonly Timer[];
  enable(settings: TimerSettings): void;
  disable(name: string): void;
  start(settings: TimerSettings): void;
  stop(name: string): void;
}

/** The timers of all instances. */
export interface TimerDesk {
  on(place: InstancePlace): InstanceTimers;
}
