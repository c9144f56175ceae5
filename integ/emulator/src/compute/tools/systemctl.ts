import type { Tool } from './tool';

const QUIET = ['start', 'stop', 'restart', 'reload', 'enable', 'disable', 'daemon-reload', 'mask', 'unmask', 'try-restart', 'reset-failed'];

/** There is no init system: units are there and do as they are told, as far as a script can see. */
export const systemctl: Tool = {
  run: (_, { argv }) => {
    const [verb, ...units] = argv.filter((argument) => !argument.startsWith('-'));
    const [unit = ''] = units;
    if (verb === undefined || QUIET.includes(verb)) return { exitCode: 0 };
    switch (verb) {
      case 'is-active': return { exitCode: 0, stdout: argv.includes('--quiet') || argv.includes('-q') ? '' : 'active\n' };
      case 'is-enabled': return { exitCode: 0, stdout: argv.includes('--quiet') ? '' : 'enabled\n' };
      case 'is-failed': return { exitCode: 1, stdout: 'active\n' };
      case 'status': return { exitCode: 0, stdout: `● ${unit.replace(/(\.service)?$/, '.service')}\n     Loaded: loaded\n     Active: active (running)\n` };
      case 'show': return { exitCode: 0, stdout: 'ActiveState=active\nSubState=running\n' };
      case 'list-units':
      case 'list-unit-files': return { exitCode: 0, stdout: '' };
      default: return { exitCode: 1, stderr: `[emulator] systemctl ${verb} is not built\n` };
    }
  },
};
