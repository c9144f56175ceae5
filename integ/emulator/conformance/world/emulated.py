import json
import os
import re
import secrets
import subprocess
import urllib.request
from pathlib import Path

import boto3

from .world import World

BIN = Path(__file__).resolve().parents[2] / 'bin' / 'cloudhsm-emulator.js'
TOKEN = 'CLOUDHSM_EMULATOR_TOKEN'


class Emulated(World):
    """An emulator of our own on the manual clock: time moves only here, and failures can be asked for."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith('AWS_')}
        command = ['node', str(BIN), 'start', '--clock', 'manual', '--allow-scripts']
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**environment, TOKEN: secrets.token_hex(16)})
        told: dict = {}
        while 'AWS_SECRET_ACCESS_KEY' not in told or 'AWS_ENDPOINT_URL' not in told:
            line = self._process.stdout.readline()
            if not line:
                raise RuntimeError('the emulator did not start')
            name, value = re.match(r'export (\w+)=(.*)', line).groups()
            told[name] = value
        self._token = environment.get(TOKEN) or told.get(TOKEN, '')
        self._endpoint = told['AWS_ENDPOINT_URL']
        self._keys = (told['AWS_ACCESS_KEY_ID'], told['AWS_SECRET_ACCESS_KEY'])
        self._environment = {**environment, **told, 'AWS_CONFIG_FILE': '/dev/null', 'AWS_SHARED_CREDENTIALS_FILE': '/dev/null', 'AWS_REGION': self.regions[0],
                             'AWS_DEFAULT_REGION': self.regions[0], 'AWS_EC2_METADATA_DISABLED': 'true'}

    @property
    def environment(self) -> dict:
        return self._environment

    def sleep(self, seconds: float) -> None:
        self._command('advance', {'milliseconds': round(seconds * 1000)})

    def ask_for(self, service: str, operation: str, error: str, status: int) -> None:
        self._command('fault-clear', {})
        params = {'code': error, 'message': 'asked for', 'status': status}
        self._command('fault-add', {'service': service, 'operation': operation, 'kind': 'error', 'params': params})

    def close(self) -> str:
        kilobytes = subprocess.run(['ps', '-o', 'rss=', '-p', str(self._process.pid)], capture_output=True, text=True).stdout.strip()
        self._process.terminate()
        self._process.wait(20)
        return f'memory of the emulator after the suite: {int(kilobytes) // 1024} MB' if kilobytes else ''

    def _session(self):
        key, secret = self._keys
        return boto3.session.Session(aws_access_key_id=key, aws_secret_access_key=secret)

    def _target(self) -> dict:
        return {'endpoint_url': self._endpoint}

    def _command(self, name: str, what: dict) -> dict:
        request = urllib.request.Request(f'{self._endpoint}/_emulator/{name}', json.dumps(what).encode(), {'x-emulator-token': self._token})
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.load(answer)
