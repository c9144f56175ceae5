import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../kernel/package-folder';

export const USAGE = `cloudhsm-emulator: an AWS on 127.0.0.1 for CloudHSM stacks

  start [options]                     until Ctrl-C; prints the environment to export
  run   [options] -- command …        for one command; exits as it does
  clock advance 90s                   of the emulator at AWS_ENDPOINT_URL, or at --port N
  clock until cluster=ACTIVE
  fault add --service S --operation O --kind K [--nth N] [--times N] [--resource TEXT] [--caller TEXT] [--param name=value]
  fault clear
  image publish [x86_64|arm64]                a newer image of Amazon's
  snapshot save FOLDER
  inspect --json                      what there is now, as a report
  explain REQUEST-ID                  who made that call, from where, what let it through or refused it
  reset                               forget everything, begin anew
  help, --version

options: --port N  --state DIR  --from SNAPSHOT  --clock warp|manual|real|xN  --seed N  --quota hsms=28  --variants default|other|row=variant
         --bootstrap QUALIFIER|none  --fault "--service … --operation … --kind …"  --organization FILE  --report FILE  --key-reserve DIR
         --allow-scripts
`;

export function version(): string {
  return (JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as { version: string }).version;
}
