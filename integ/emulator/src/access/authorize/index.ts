export { authorize, decideOn } from './authorize';
export type { Authorization, Decided } from './authorize';
export type { Asked, Desk } from './asked';
export { standingOf } from './standing';
