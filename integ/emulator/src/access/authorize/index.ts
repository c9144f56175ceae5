export { authorize, authorizeAction, isLetIn } from './authorize';
export type { Authorization, Decided } from './authorize';
export type { Asked, AskedEndpoint, Desk } from './asked';
