export { Compute } from './compute';
export type { ComputeParts } from './compute';
export { copyInstanceFolders } from './instances';
