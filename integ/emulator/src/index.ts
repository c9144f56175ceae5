export { Emulator } from './emulator';
export type { EmulatorOptions } from './emulator';
export { clientEnvironment } from './environment';
export type { ClockMode, FaultSpec } from './kernel';
export type { Report } from './report/schema';
export { summary } from './report/summary';
