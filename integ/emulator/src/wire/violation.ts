import type { Member, Shape } from './model';

export type ViolationKind =
  | 'required' | 'pattern' | 'enum' | 'min-length' | 'max-length' | 'min-value' | 'max-value'
  /** An item, key or value of a list or map breaks the rules of its shape. */
  | 'items' | 'keys' | 'values'
  /** Only a call from inside the emulator can be so. */
  | 'type' | 'unknown';

/** One way in which an input breaks its model. */
export interface Violation {
  readonly kind: ViolationKind;
  /** From the input: names of members, numbers from 0 for items, keys of maps. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  /** The shape that is broken; for `items`, `keys` and `values` the shape of those. */
  readonly shape: Shape;
  /** Where the outermost member travels; undefined for the body. */
  readonly location?: Member['location'];
}

export interface ValidationOptions {
  readonly enums?: boolean;
  readonly patterns?: boolean;
  /** Lengths, sizes and ranges. */
  readonly limits?: boolean;
}
