import type { Caller } from '../../wire/operation';
import type { Policy } from '../evaluate';

/** A call that asks for leave. */
export interface Asked {
  /** As in `models/`. */
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly place: AskedPlace;
  /** The VPC endpoint that the call came through. */
  readonly endpoint?: AskedEndpoint;
}

export interface AskedEndpoint {
  readonly id: string;
  readonly vpcId: string;
  readonly policy: string;
}

export interface AskedPlace {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** What the emulator's tables say. */
export type Row = <T>(id: string) => T;

/** A quiet question to a service, in whatever place; undefined when it has no answer. */
export type Look = <O>(service: string, operation: string, input: object, place: Omit<AskedPlace, 'partition'>) => O | undefined;

/** What decisions are made with. */
export interface Desk {
  readonly row: Row;
  readonly look: Look;
  /** Service control policies over an account, level by level from the organization's root down. */
  readonly organization: (account: string) => ReadonlyArray<readonly Policy[]>;
  /** Host time at which an instant of emulated time appears. */
  readonly hostTime: (e: number) => number;
  /** Of the organization that all accounts are in. */
  readonly organizationId?: string;
  /** Says what the decision does not know about. */
  readonly unknown: (what: string) => void;
}
