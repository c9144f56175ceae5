import { ONE, Station } from './station';
import type { FakeInstance } from './station';
import { commandWords, parseTimeSpan, parseUnitFile } from '../../src/compute/instances/unit-file';
import type { Service } from '../../src/wire/operation';

const MINUTE = 60_000;

/** A service whose answer a script can look at; it counts how often it was asked. */
class Parameters {
  public value = 'one';
  /** When it was asked, in milliseconds. */
  public readonly times: number[] = [];
  public readonly service: Service = {
    name: 'cloudhsmv2',
    operations: {
      DescribeClusters: (context) => {
        this.times.push(context.now);
        return { Clusters: [{ ClusterId: this.value }] };
      },
    },
  };

  public get calls(): number {
    return this.times.length;
  }
}

const unit = (name: string, text: string) => `cat > /etc/systemd/system/${name} <<'END'\n${text}\nEND`;

/** Writes the units of a timer that runs `script` every five minutes, and starts it. */
function withTimer(script: string, timer: string = 'OnActiveSec=30\nOnUnitActiveSec=5min'): string {
  return `cat > /root/work.sh <<'END'
#!/bin/bash
${script}
END
chmod 755 /root/work.sh
${unit('work.service', '[Service]\nType=oneshot\nEnvironment=WHAT=work\nExecStart=/root/work.sh now')}
${unit('work.timer', `[Timer]\n${timer}\n[Install]\nWantedBy=timers.target`)}
systemctl daemon-reload && systemctl enable --now work.timer`;
}

const ASK = `found=$(aws cloudhsmv2 describe-clusters --query 'Clusters[0].ClusterId' --output text)
[ "$found" = "$(cat /root/found 2>/dev/null)" ] || echo "$found" > /root/found`;

let station: Station;
let parameters: Parameters;

beforeEach(async () => {
  parameters = new Parameters();
  station = await Station.open({ services: [parameters.service] });
});
afterEach(() => station.close());

const advance = async (milliseconds: number) => {
  await station.world.kernel.advance(milliseconds);
  await station.idle();
};
const output = async (script: string) => (await station.run(script)).StandardOutputContent;
/** Scripts that the host has begun for the timer. */
const processes = () => {
  const begun = jest.spyOn(station.world.kernel, 'begin');
  return () => begun.mock.calls.filter(([id]) => id.startsWith('unit ')).length;
};

describe('a timer of an instance', () => {
  test('starts its service when it has been told to, and again and again', async () => {
    await station.run(withTimer('echo "$WHAT $1 $HOME" >> /root/log'));
    expect(await output('cat /root/log 2>/dev/null | wc -l')).toBe('0\n');

    await advance(MINUTE);
    expect(await output('cat /root/log')).toBe('work now /root\n');

    await advance(10 * MINUTE);
    expect(await output('wc -l < /root/log')).toBe('3\n');
  });

  test('does so no more when it is stopped, and not before it is started', async () => {
    await station.run(withTimer('echo x >> /root/log').replace('enable --now', 'enable'));
    await advance(10 * MINUTE);
    expect(await output('systemctl is-active work.timer; systemctl is-enabled work.timer; ls /root/log 2>/dev/null')).toBe('inactive\nenabled\n');

    await station.run('systemctl start work.timer');
    await advance(MINUTE);
    await station.run('systemctl disable --now work.timer');
    await advance(10 * MINUTE);

    expect(await output('systemctl is-active work.timer; systemctl is-enabled work.timer; wc -l < /root/log')).toBe('inactive\ndisabled\n1\n');
  });

  test('says how its service ended', async () => {
    await station.run(withTimer('echo "nothing found" >&2; exit 3'));
    await advance(MINUTE);

    expect(await output('systemctl status work.service; systemctl is-failed work.service')).toBe('● work.service\n     Active: failed (status=3)\n\nnothing found\nfailed\n');
    expect(station.world.kernel.timeline.entries()).toContainEqual(expect.objectContaining({ event: 'work.service ended with 3', resource: ONE }));
  });

  test('rests while its instance is stopped, goes on when that runs again, and is gone with it', async () => {
    await station.close();
    const instance: FakeInstance = { id: ONE };
    station = await Station.open({ services: [parameters.service], instances: [instance] });
    await station.run(withTimer(ASK));
    await advance(30 * MINUTE);
    const counts = [parameters.calls];

    for (const state of ['stopped', 'running', 'terminated', 'running']) {
      instance.state = state;
      await advance(30 * MINUTE);
      counts.push(parameters.calls);
    }

    expect(counts).toEqual([6, 6, 12, 12, 12]);
  });

  test('is spread when it says so', async () => {
    await station.run(withTimer(ASK, 'OnActiveSec=0\nOnUnitActiveSec=10min\nRandomizedDelaySec=5min'));
    await advance(120 * MINUTE);

    const { times } = parameters;
    const minutes = times.slice(1).map((time, at) => Math.floor((time - times[at]) / MINUTE));
    expect(new Set(minutes).size).toBeGreaterThan(1);
    expect([Math.min(...minutes) >= 9, Math.max(...minutes) <= 15]).toEqual([true, true]);
  });

  test.each([
    ['a time that is not built', withTimer('true', 'OnCalendar=daily'), 'OnCalendar of work.timer is not built'],
    ['a time that is none', withTimer('true', 'OnActiveSec=soon'), 'OnActiveSec=soon of work.timer is no time span'],
    ['no service', withTimer('true').replace('systemctl daemon-reload', 'rm /etc/systemd/system/work.service; systemctl daemon-reload'), 'Unit work.service not found'],
    ['another user', withTimer('true').replace('Type=oneshot', 'User=nobody'), 'User=nobody of work.service is not built'],
    ['two commands', withTimer('true').replace('Type=oneshot', 'ExecStart=/bin/true'), 'work.service has 2 commands'],
  ])('is refused with %s', async (_, script, text) => {
    const { StandardErrorContent, Status } = await station.run(script);

    expect([Status, StandardErrorContent]).toEqual(['Failed', expect.stringContaining(text)]);
  });
});

describe('a service that a timer starts', () => {
  test('is spared the host as long as it is told the same, and asks all the same', async () => {
    await station.run(withTimer(ASK));
    const begun = processes();

    await advance(24 * 60 * MINUTE);

    // The first writes the file, the second changes nothing, and so would all others.
    expect(begun()).toBe(2);
    expect(parameters.calls).toBe(288);
  });

  test('runs when it is told something else, which it then asks once', async () => {
    await station.run(withTimer(ASK));
    await advance(60 * MINUTE);
    const [before, begun] = [parameters.calls, processes()];

    parameters.value = 'two';
    await advance(5 * MINUTE);

    expect([begun(), parameters.calls - before]).toEqual([1, 1]);
    expect(await output('cat /root/found')).toBe('two\n');
  });

  test('runs when another script may have changed what it finds', async () => {
    await station.run(withTimer(ASK));
    await advance(60 * MINUTE);

    await station.run('echo three > /root/found');
    await advance(5 * MINUTE);

    expect(await output('cat /root/found')).toBe('one\n');
  });

  test.each([
    ['counts', 'echo x >> /root/log'],
    ['goes by the clock', 'date +%s > /dev/null'],
    ['never asks the same', 'aws cloudhsmv2 describe-clusters --filters "clusterIds=$(mktemp -u XXXX)" > /dev/null; rm -f /tmp/x'],
  ])('is never spared when it %s', async (_, script) => {
    await station.run(withTimer(script));
    const begun = processes();

    await advance(30 * MINUTE);

    expect(begun()).toBe(6);
  });
});

describe('unit files', () => {
  test('have sections, comments, lists that are taken back, and long lines', () => {
    const file = parseUnitFile('# x\n[Service]\nExecStart=/bin/a\nExecStart=\nExecStart=/bin/b \\\n  c\n; y\n[Install]\nWantedBy=timers.target\n');

    expect([file.get('Service')!.get('ExecStart'), file.get('Install')!.get('WantedBy')]).toEqual([['/bin/b    c'], ['timers.target']]);
  });

  test.each<[string, number | undefined]>([
    ['30', 30_000], ['5min', 300_000], ['1h 30min', 5_400_000], ['1.5 s', 1500], ['2d', 172_800_000], ['100ms', 100], ['soon', undefined], ['5 parsecs', undefined], ['', undefined],
  ])('say %s', (text, milliseconds) => {
    expect(parseTimeSpan(text)).toBe(milliseconds);
  });

  test('part words by blanks outside quotes', () => {
    expect(commandWords('/bin/echo "a b" c \'d e\'')).toEqual(['/bin/echo', 'a b', 'c', 'd e']);
  });
});
