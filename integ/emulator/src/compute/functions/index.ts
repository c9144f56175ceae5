export { Functions } from './driver';
export type { FunctionsOptions } from './driver';
